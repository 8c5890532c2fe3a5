"""A run's numbers as JSON, CSV and Markdown: the same as the scorecard shows. Pure."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.evaluation.aggregate import ALL, Group, Scored, Value
from assistant.evaluation.compare import Comparison, Difference
from assistant.evaluation.measures import MEASURES, PERCENTILES, Unit
from assistant.evaluation.questions import Unheld
from assistant.evaluation.results import Header
from assistant.evaluation.thresholds import Outcome
from assistant.evaluation.words import measure_name, named, say
from assistant.types import Language

HEADLINES = ("correct", "success@5", "evidence_in_prompt", "answer_precision", "citation_precision", "seconds_p95")
_UNITS: Mapping[str, Unit] = {
    **{measure.name: measure.unit for measure in MEASURES},
    **dict.fromkeys(PERCENTILES, Unit.SECONDS),
}
_BADNESS = ("correct", "success@5", "r@10", "evidence_in_prompt", "answer_precision", "citation_precision")


@dataclass(frozen=True, slots=True)
class Summary:
    """All that is said of a run as a whole; `earlier` is the folder it was compared with, `unheld` the evidence that no
    report holds (it counts as missed all the same)."""

    header: Header
    scored: tuple[Scored, ...]
    values: tuple[Value, ...]
    outcomes: tuple[Outcome, ...] = ()
    comparison: Comparison | None = None
    earlier: str = ""
    unheld: tuple[Unheld, ...] = ()

    def value(self, measure: str, group: Group = ALL) -> Value | None:
        """A measure over a group, or None where there is no such group."""
        return next((one for one in self.values if one.measure == measure and one.group == group), None)

    @property
    def groups(self) -> tuple[Group, ...]:
        """The groups that occur, all questions first."""
        return tuple(dict.fromkeys(value.group for value in self.values))

    @property
    def failed(self) -> tuple[str, ...]:
        """The ids of the questions that failed."""
        return tuple(one.id for one in self.scored if one.pairs["failed"][0])

    @property
    def worst_first(self) -> tuple[str, ...]:
        """The ids, worst first: failures, then by how much of what counts was lost; ties as they stand in the file."""
        return tuple(one.id for one in sorted(self.scored, key=lambda one: -badness(one)))


def badness(one: Scored) -> float:
    """How bad a question's result is: the mean of what it lost by the main measures (0..1), half of that for being
    right all the same; 2 for a failure."""
    if one.pairs["failed"][0]:
        return 2.0
    lost = [1 - total / count for total, count in (one.pairs[name] for name in _BADNESS if name in one.pairs)]
    mean = sum(lost) / len(lost) if lost else 0.0
    right = one.pairs.get("correct", (0.0, 1.0))[0] > 0
    return mean / 2 if right else (1 + mean) / 2 if "correct" in one.pairs else mean


def as_json(summary: Summary) -> dict[str, Any]:
    """The numbers as one JSON object: `measures[name][group]`, the group of all questions being "all"."""
    measures: dict[str, dict[str, Any]] = {}
    for one in summary.values:
        measures.setdefault(one.measure, {})[one.group.label or "all"] = {
            "value": _rounded(one.value),
            "low": _rounded(one.low),
            "high": _rounded(one.high),
            "counted": one.counted,
            "questions": one.questions,
        }
    return {
        "questions": summary.header.questions,
        "sha256": summary.header.sha256,
        "program": summary.header.program,
        "fingerprint": summary.header.fingerprint,
        "started": summary.header.started,
        "count": len(summary.scored),
        "failed": list(summary.failed),
        "unheld": [{"id": one.question.id, "evidence": one.evidence} for one in summary.unheld],
        "measures": measures,
        "thresholds": [_outcome(outcome) for outcome in summary.outcomes],
        "comparison": _comparison(summary) if summary.comparison else None,
        "worst": list(summary.worst_first[:20]),
    }


def json_text(summary: Summary) -> str:
    """`as_json` as a file."""
    return json.dumps(as_json(summary), ensure_ascii=False, indent=1) + "\n"


def csv_text(summary: Summary) -> str:
    """A line for every measure and group, with a mark at the front so that Excel reads it as UTF-8."""
    lines = [
        (
            v.measure,
            v.group.language,
            v.group.type,
            v.group.doc,
            *map(_rounded, (v.value, v.low, v.high)),
            v.counted,
            v.questions,
        )
        for v in summary.values
    ]
    names = ("measure", "lang", "type", "doc", "value", "low", "high", "counted", "questions")
    return _csv(names, lines)


def questions_csv(summary: Summary) -> str:
    """A line for every question with its measures, worst first; an empty cell where a measure does not apply."""
    by_id = {one.id: one for one in summary.scored}
    measures = [measure.name for measure in MEASURES]
    names = ("id", "lang", "type", "doc", "question", *measures)
    lines = [_question_line(by_id[one], measures) for one in summary.worst_first]
    return _csv(names, lines)


def _question_line(one: Scored, measures: Sequence[str]) -> tuple[Any, ...]:
    pairs = (one.pairs.get(name) for name in measures)
    values = (_rounded(pair[0] / pair[1] if pair[1] else None) if pair else None for pair in pairs)
    return (one.id, one.language, one.type, one.doc, one.text, *values)


def _csv(names: Sequence[str], lines: Iterable[Sequence[Any]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_cell(value) for value in line] for line in lines)
    return "\ufeff" + out.getvalue()


def _cell(value: Any) -> Any:
    """A cell that a spreadsheet takes for text where it is text: never a formula."""
    return "'" + value if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def markdown(summary: Summary, language: Language) -> str:
    """The measures by language, then the main ones by type and report, then thresholds and comparison."""
    header = summary.header
    title = say("run_of", language, count=len(summary.scored), program=header.program, started=header.started)
    parts = [f"# {say('title', language)}: {_md(header.questions)}\n\n{_md(title)}"]
    groups = [group for group in summary.groups if group.depth == 0 or (group.depth == 1 and group.language)]
    parts.append(_table(summary, groups, [*_UNITS], language))
    for heading, fixed in (("by_type", "type"), ("by_report", "doc")):
        chosen = [group for group in summary.groups if group.depth == 1 and getattr(group, fixed)]
        if chosen:
            parts.append(f"## {say(heading, language)}\n\n" + _turned(summary, chosen, language))
    parts += [outcomes_markdown(summary, language)] if summary.outcomes else []
    parts += [_comparison_markdown(summary.comparison, summary.earlier, language)] if summary.comparison else []
    return "\n\n".join(parts) + "\n"


def _table(summary: Summary, groups: Sequence[Group], names: Sequence[str], language: Language) -> str:
    head = [say("measure", language), *(named(group.label or "all", language) for group in groups)]
    rows = [[measure_name(name, language), *(_with_interval(summary.value(name, g)) for g in groups)] for name in names]
    return _md_table(head, rows)


def _turned(summary: Summary, groups: Sequence[Group], language: Language) -> str:
    head = ["", *(measure_name(name, language) for name in HEADLINES)]
    rows = [
        [named(group.label, language), *(_with_count(summary.value(name, group)) for name in HEADLINES)]
        for group in groups
    ]
    return _md_table(head, rows)


def outcomes_markdown(summary: Summary, language: Language) -> str:
    """The thresholds with what was measured."""
    rows = [
        [
            one.threshold.name,
            ("≤ " if one.threshold.is_upper else "≥ ") + f"{one.threshold.bound:g}",
            shown(one.threshold.measure, one.value),
            say("met" if one.is_met else "missed", language),
        ]
        for one in summary.outcomes
    ]
    head = [say(name, language) for name in ("measure", "threshold", "value", "meaning")]
    return f"## {say('thresholds', language)}\n\n" + _md_table(head, rows)


def _comparison_markdown(comparison: Comparison, earlier: str, language: Language) -> str:
    head = [say(name, language) for name in ("measure", "before", "after", "better", "worse", "counted", "meaning")]
    rows = [
        [
            measure_name(one.measure, language),
            shown(one.measure, one.before),
            shown(one.measure, one.after),
            _ids(one.better),
            _ids(one.worse),
            str(one.questions),
            meaning(one, language),
        ]
        for one in comparison.differences
    ]
    said = f"{say('compared_with', language, path=_md(earlier))}. {say('tests_note', language)}"
    return f"## {say('comparison', language)}\n\n{said}\n\n" + _md_table(head, rows)


def _ids(changes: Sequence[Any], most: int = 5) -> str:
    names = ", ".join(change.id for change in changes[:most])
    return f"{len(changes)}" + (f" ({names}{', …' if len(changes) > most else ''})" if changes else "")


def meaning(one: Difference, language: Language) -> str:
    """Whether a difference means anything, in words."""
    if one.direction == "same" and not (one.better or one.worse):
        return say("verdict_same", language)
    name = f"verdict_{one.direction}" if one.is_meaningful and one.direction != "same" else "verdict_chance"
    return say(name, language, p=f"{one.adjusted:.2g}" if one.adjusted >= 0.001 else "<0.001")


def shown(measure: str, value: float | None) -> str:
    """A value as it is read: shares and seconds with two decimals, tokens whole, "–" where nothing counts."""
    if value is None:
        return "–"
    return (
        f"{value:.0f}"
        if _UNITS[measure] is Unit.TOKENS
        else f"{value:.3f}"
        if _UNITS[measure] is Unit.SECONDS
        else f"{value:.2f}"
    )


def interval(one: Value) -> str:
    """A value's interval in brackets; empty where there is none."""
    return "" if one.low is None else f"[{shown(one.measure, one.low)}, {shown(one.measure, one.high)}]"


def _with_interval(one: Value | None) -> str:
    return (
        "–"
        if one is None
        else " ".join(part for part in (shown(one.measure, one.value), interval(one), f"n={one.counted}") if part)
    )


def _with_count(one: Value | None) -> str:
    return "–" if one is None else f"{shown(one.measure, one.value)} (n={one.counted})"


def _md_table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_md(cell) for cell in line) + " |" for line in lines)


def _md(text: str) -> str:
    return " ".join(text.replace("|", "\\|").replace("<", "&lt;").split())


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _outcome(one: Outcome) -> dict[str, Any]:
    return {
        "measure": one.threshold.name,
        "bound": one.threshold.bound,
        "at_most": one.threshold.is_upper,
        "value": _rounded(one.value),
        "met": one.is_met,
    }


def _comparison(summary: Summary) -> dict[str, Any]:
    comparison = summary.comparison
    assert comparison is not None
    return {
        "earlier": summary.earlier,
        "differences": [_difference(one) for one in comparison.differences],
        "only_before": list(comparison.only_before),
        "only_after": list(comparison.only_after),
        "changed": list(comparison.changed),
    }


def _difference(one: Difference) -> dict[str, Any]:
    return {
        "measure": one.measure,
        "before": _rounded(one.before),
        "after": _rounded(one.after),
        "counted": one.questions,
        "better": [{"id": c.id, "before": _rounded(c.before), "after": _rounded(c.after)} for c in one.better],
        "worse": [{"id": c.id, "before": _rounded(c.before), "after": _rounded(c.after)} for c in one.worse],
        "test": one.test,
        "p": _rounded(one.p),
        "adjusted": _rounded(one.adjusted),
        "meaningful": one.is_meaningful,
        "direction": one.direction,
    }
