"""The tables that the scorecard and its Markdown both show: thresholds, comparison, measures, types, reports. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.evaluation.aggregate import ALL, Value
from assistant.evaluation.compare import Change, Difference
from assistant.evaluation.measures import MEASURES, PERCENTILES, Unit
from assistant.evaluation.summary import Summary
from assistant.evaluation.words import convention, measure_name, named, say
from assistant.types import Language

HEADLINES = ("correct", "success@5", "evidence_in_prompt", "answer_precision", "citation_precision", "seconds_p95")
NAMES = (*(measure.name for measure in MEASURES), *PERCENTILES)
_UNITS = {**{measure.name: measure.unit for measure in MEASURES}, **dict.fromkeys(PERCENTILES, Unit.SECONDS)}
_FORMATS = {Unit.SHARE: ".2f", Unit.SECONDS: ".3f", Unit.TOKENS: ".0f"}
_MOST_IDS, _MOST_GROUPS = 12, 40


@dataclass(frozen=True, slots=True)
class Cell:
    """What is read first, what is read beside it, and the class of a coloured mark ("met", "worse")."""

    text: str
    detail: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A heading, a note below it, and rows of cells under their heads; `numbers` are the columns set flush right."""

    heading: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    numbers: frozenset[int] = frozenset()
    kind: str = ""


def thresholds(summary: Summary, language: Language) -> Table | None:
    """The thresholds with what was measured."""
    rows = tuple(
        (
            Cell(one.threshold.name),
            Cell(one.threshold.told),
            Cell(shown(one.threshold.measure, one.value)),
            Cell(say("met" if one.is_met else "missed", language), mark="met" if one.is_met else "missed"),
        )
        for one in summary.outcomes
    )
    return Table(say("thresholds", language), _heads("measure threshold value meaning", language), rows, numbers=frozenset((1, 2))) if rows else None  # fmt: skip


def comparison(summary: Summary, language: Language) -> Table | None:
    """What got better and worse since the earlier run, question by question, and what is not compared."""
    found = summary.comparison
    if found is None:
        return None
    rows = tuple(
        (
            Cell(measure_name(one.measure, language)),
            Cell(shown(one.measure, one.before)),
            Cell(shown(one.measure, one.after)),
            _changed(one.better, "better"),
            _changed(one.worse, "worse"),
            Cell(str(one.questions)),
            Cell(meaning(one, language)),
        )
        for one in found.differences
    )
    left_out = (("only_before", found.only_before), ("only_after", found.only_after), ("changed_text", found.changed))
    notes = [say("compared_with", language, path=summary.earlier), say("tests_note", language)]
    notes += [f"{say(name, language)}: {_ids(ids)}" for name, ids in left_out if ids]
    notes += [] if rows else [say("nothing_shared", language)]
    heads = _heads("measure before after better worse counted meaning", language)
    return Table(say("comparison", language), heads, rows, "\n".join(notes), frozenset((1, 2, 5)), "long")


def measures(summary: Summary, language: Language) -> Table:
    """Every measure with its convention, over all questions and by language."""
    groups = [ALL, *summary.languages]
    rows = tuple(
        (
            Cell(measure_name(name, language), convention(name, language)),
            *(_value(summary.value(name, group)) for group in groups),
        )
        for name in NAMES
    )
    heads = (say("measure", language), *(named(group.label or "all", language) for group in groups))
    note = say("measures_note", language)
    return Table(say("measures", language), heads, rows, note, frozenset(range(1, len(heads))), "long")


def by(part: str, summary: Summary, language: Language) -> Table | None:
    """The main measures by "type" or by "doc"."""
    groups = [group for group in summary.groups if group.depth == 1 and getattr(group, part)]
    rows = tuple(
        (Cell(named(group.label, language)), *(_value(summary.value(name, group)) for name in HEADLINES))
        for group in groups[:_MOST_GROUPS]
    )
    heads = ("", *(measure_name(name, language) for name in HEADLINES))
    note = f"… {len(groups) - _MOST_GROUPS}: scorecard.csv" if len(groups) > _MOST_GROUPS else ""
    heading = say("by_type" if part == "type" else "by_report", language)
    return Table(heading, heads, rows, note, frozenset(range(1, len(heads)))) if rows else None


def _heads(names: str, language: Language) -> tuple[str, ...]:
    return tuple(say(name, language) for name in names.split())


def _value(one: Value | None) -> Cell:
    if one is None or one.value is None:
        return Cell("–")
    return Cell(shown(one.measure, one.value), f"{interval(one)} n={one.counted}".strip())


def _changed(changes: Sequence[Change], mark: str) -> Cell:
    return Cell(str(len(changes)), _ids([change.id for change in changes]), mark if changes else "")


def _ids(ids: Sequence[str]) -> str:
    return ", ".join(ids[:_MOST_IDS]) + (", …" if len(ids) > _MOST_IDS else "")


def meaning(one: Difference, language: Language) -> str:
    """Whether a difference means anything, in words."""
    if one.direction == "same" and not (one.better or one.worse):
        return say("verdict_same", language)
    name = f"verdict_{one.direction}" if one.is_meaningful and one.direction != "same" else "verdict_chance"
    return say(name, language, p=f"= {one.adjusted:.2g}" if one.adjusted >= 0.001 else "< 0.001")


def shown(measure: str, value: float | None) -> str:
    """A value as it is read: shares with two decimals, seconds with three, tokens whole, "–" where nothing counts."""
    return "–" if value is None else f"{value:{_FORMATS[_UNITS[measure]]}}"


def interval(one: Value) -> str:
    """A value's interval in brackets; empty where there is none."""
    return "" if one.low is None else f"[{shown(one.measure, one.low)}, {shown(one.measure, one.high)}]"


# As Markdown


def markdown(summary: Summary, language: Language) -> str:
    """A run as Markdown: the measures by language, the main ones by type and report, thresholds, comparison."""
    found = (
        measures(summary, language),
        by("type", summary, language),
        by("doc", summary, language),
        thresholds(summary, language),
        comparison(summary, language),
    )
    title, run = summary.title(language)
    parts = [f"# {plain(title)}", plain(run), *(as_markdown(table) for table in found if table)]
    return "\n\n".join(parts) + "\n"


def as_markdown(table: Table) -> str:
    """A heading and the table, a row's name without its explanation."""
    rows = ([row[0].text, *(_md_cell(cell) for cell in row[1:])] for row in table.rows)
    lines: Iterable[Sequence[str]] = (table.head, ["---"] * len(table.head), *rows)
    told = "\n".join("| " + " | ".join(plain(cell) for cell in line) + " |" for line in lines)
    return "\n\n".join((f"## {plain(table.heading)}", *map(plain, table.note.splitlines()), told))


def _md_cell(cell: Cell) -> str:
    return f"{cell.text} ({cell.detail})" if cell.mark and cell.detail else f"{cell.text} {cell.detail}"


def plain(text: str) -> str:
    """Text that Markdown leaves alone."""
    return " ".join(text.replace("|", "\\|").replace("<", "&lt;").split())
