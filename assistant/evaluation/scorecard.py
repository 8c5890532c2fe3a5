"""The scorecard: one HTML file that needs nothing else, in Japanese or English. Everything in it is escaped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Any

from assistant.evaluation.aggregate import ALL, Group, Value
from assistant.evaluation.charts import Point, histogram, interval_plot
from assistant.evaluation.details import question_html
from assistant.evaluation.measures import MEASURES, PERCENTILES
from assistant.evaluation.results import write_whole
from assistant.evaluation.style import STYLE
from assistant.evaluation.summary import Summary, interval, meaning, shown
from assistant.evaluation.words import convention, measure_name, named, say
from assistant.types import Language

SHOWN_QUESTIONS = 300
_TILES = ("correct", "success@5", "evidence_in_prompt", "answer_precision", "citation_precision", "abstention_recall", "seconds_p95", "failed")  # fmt: skip
_PLOTTED = ("success@1", "success@5", "r@10", "evidence_in_prompt", "correct", "correct_first_200", "correct_own_script", "answer_precision", "citation_recall", "citation_precision", "abstention_recall")  # fmt: skip
_REPORTS = 40

Rows = Callable[[], Iterable[dict[str, Any]]]


def write_scorecard(path: Path, summary: Summary, rows: Rows, language: Language) -> None:
    """Write the scorecard; `rows` reads the run's results, one at a time. Errors: StoreError file_unwritable."""
    write_whole(path, scorecard(summary, rows, language))


def scorecard(summary: Summary, rows: Rows, language: Language, most: int = SHOWN_QUESTIONS) -> str:
    """The page: at a glance, thresholds, comparison, plots, every measure, and of the questions the worst `most`."""
    header = summary.header
    run = say("run_of", language, count=len(summary.scored), program=header.program, started=header.started)
    title = f"{say('title', language)}: {header.questions}"
    parts = [
        f'<h1>{escape(title)}</h1><p class="run">{escape(run)}</p>',
        _tiles(summary, language),
        _thresholds(summary, language),
        _comparison(summary, language),
        _plots(summary, language),
        _measures(summary, language),
        _reports(summary, language),
        _questions(summary, rows, language, most),
    ]
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="referrer" content="no-referrer">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>\n<body><main>\n"
        + "\n".join(part for part in parts if part)
        + "\n</main></body></html>\n"
    )


def _section(heading: str, note: str, body: str, kind: str = "") -> str:
    said = f'<p class="note">{escape(note)}</p>' if note else ""
    return f'<section class="{kind}"><h2>{escape(heading)}</h2>{said}{body}</section>'


def _languages(summary: Summary) -> list[Group]:
    """Japanese, then English, as far as there are questions in them."""
    wanted = [Group(language=language) for language in (Language.JA, Language.EN)]
    return [group for group in wanted if group in summary.groups]


# At a glance


def _tiles(summary: Summary, language: Language) -> str:
    found = [(name, summary.value(name)) for name in _TILES]
    tiles = [_tile(summary, name, value, language) for name, value in found if value and value.value is not None]
    return f'<div class="tiles">{"".join(tiles)}</div>'


def _tile(summary: Summary, name: str, value: Value, language: Language) -> str:
    parts = [
        f"{escape(named(group.label, language))} {shown(name, one.value)}"
        for group in _languages(summary)
        if (one := summary.value(name, group)) and one.value is not None
    ]
    low = f"{escape(interval(value))} n={value.counted}"
    return (
        f'<div class="tile" title="{escape(convention(name, language), quote=True)}">'
        f'<div class="name">{escape(measure_name(name, language))}</div>'
        f'<div class="value">{_valued(name, value.value)}</div>'
        f'<div class="parts">{" · ".join(parts)}<br>{low}</div></div>'
    )


def _valued(name: str, value: float | None) -> str:
    return escape(shown(name, value)) + (" s" if name in PERCENTILES else "")


def _thresholds(summary: Summary, language: Language) -> str:
    if not summary.outcomes:
        return ""
    rows = [
        [
            escape(one.threshold.name),
            f"{'≤' if one.threshold.is_upper else '≥'} {one.threshold.bound:g}",
            shown(one.threshold.measure, one.value),
            _chip("met" if one.is_met else "missed", language),
        ]
        for one in summary.outcomes
    ]
    head = [say("measure", language), say("threshold", language), say("value", language), ""]
    return _section(say("thresholds", language), "", _table(head, rows, numbers={1, 2}))


def _chip(kind: str, language: Language) -> str:
    return f'<span class="chip {kind}">{escape(say(kind, language))}</span>'


def _comparison(summary: Summary, language: Language) -> str:
    comparison = summary.comparison
    if comparison is None:
        return ""
    rows = [
        [
            escape(measure_name(one.measure, language)),
            shown(one.measure, one.before),
            shown(one.measure, one.after),
            _changed("better", [change.id for change in one.better]),
            _changed("worse", [change.id for change in one.worse]),
            str(one.questions),
            escape(meaning(one, language)),
        ]
        for one in comparison.differences
    ]
    head = [say(name, language) for name in ("measure", "before", "after", "better", "worse", "counted", "meaning")]
    missing = [
        f'<p class="note">{escape(say(name, language))}: {escape(_ids(getattr(comparison, kind)))}</p>'
        for name, kind in (("only_before", "only_before"), ("only_after", "only_after"), ("changed_text", "changed"))
        if getattr(comparison, kind)
    ]
    note = f"{say('compared_with', language, path=summary.earlier)} · {say('tests_note', language)}"
    return _section(say("comparison", language), note, _table(head, rows, numbers={1, 2, 5}) + "".join(missing), "long")


def _changed(kind: str, ids: Sequence[str]) -> str:
    return f'<span class="{kind}">{len(ids)}</span><small>{escape(_ids(ids))}</small>' if ids else "0"


def _ids(ids: Sequence[str], most: int = 12) -> str:
    return ", ".join(ids[:most]) + (", …" if len(ids) > most else "")


# Plots


def _plots(summary: Summary, language: Language) -> str:
    left = _by_language(summary, language) + _latency(summary, language)
    return f'<div class="plots"><div>{left}</div><div>{_by_type(summary, language)}</div></div>'


def _by_language(summary: Summary, language: Language) -> str:
    groups = _languages(summary)
    names = [name for name in _PLOTTED if (one := summary.value(name)) and one.counted]
    rows = [(measure_name(name, language), [_point(summary.value(name, group)) for group in groups]) for name in names]
    heading = say("by_language", language)
    plot = interval_plot(heading, [named(group.label, language) for group in groups], rows)
    return _section(heading, say("by_type_note", language), plot)


def _by_type(summary: Summary, language: Language) -> str:
    groups = [group for group in summary.groups if group.depth == 1 and group.type]
    if not groups:
        return ""
    names = ("correct", "success@5")
    rows = [(named(group.type, language), [_point(summary.value(name, group)) for name in names]) for group in groups]
    heading = say("by_type", language)
    plot = interval_plot(heading, [measure_name(name, language) for name in names], rows)
    return _section(heading, say("by_type_note", language), plot)


def _point(value: Value | None) -> Point:
    return Point(value.value, value.low, value.high, f"n={value.counted}") if value else Point(None)


def _latency(summary: Summary, language: Language) -> str:
    found = ((f"{name.removeprefix('seconds_')}", summary.value(name)) for name in ("seconds_p50", "seconds_p95"))
    lines = [(f"{name} {one.value:.2f} s", one.value) for name, one in found if one and one.value is not None]
    heading = say("latency", language)
    plot = histogram(heading, [one.seconds for one in summary.scored], lines)
    return _section(heading, say("latency_note", language), plot)


# Tables


def _measures(summary: Summary, language: Language) -> str:
    groups = [ALL, *_languages(summary)]
    names = [*(measure.name for measure in MEASURES), *PERCENTILES]
    rows = [
        [
            f"{escape(measure_name(name, language))}<small>{escape(convention(name, language))}</small>",
            *(_cell(summary.value(name, group)) for group in groups),
        ]
        for name in names
    ]
    head = [say("measure", language), *(named(group.label or "all", language) for group in groups)]
    body = _table(head, rows, numbers=set(range(1, len(head))))
    return _section(say("measures", language), say("measures_note", language), body, "long")


def _cell(value: Value | None) -> str:
    if value is None or value.value is None:
        return "–"
    return f"{shown(value.measure, value.value)}<small>{escape(interval(value))} n={value.counted}</small>"


def _reports(summary: Summary, language: Language) -> str:
    groups = [group for group in summary.groups if group.depth == 1 and group.doc]
    if not groups:
        return ""
    names = ("correct", "success@5", "evidence_in_prompt", "answer_precision", "citation_precision")
    rows = [[escape(group.doc), *(_cell(summary.value(name, group)) for name in names)] for group in groups[:_REPORTS]]
    head = ["", *(measure_name(name, language) for name in names)]
    body = _table(head, rows, numbers=set(range(1, len(head))))
    if len(groups) > _REPORTS:
        body += f'<p class="note">… {len(groups) - _REPORTS}: scorecard.csv</p>'
    return _section(say("by_report", language), "", body)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], numbers: set[int]) -> str:
    """A table; the heads are text and are escaped here, the cells are HTML."""
    kinds = [' class="number"' if at in numbers else "" for at in range(len(head))]
    top = "".join(f"<th{kind}>{escape(name)}</th>" for kind, name in zip(kinds, head, strict=True))
    body = "".join(
        "<tr>" + "".join(f"<td{kind}>{cell}</td>" for kind, cell in zip(kinds, row, strict=True)) + "</tr>"
        for row in rows
    )
    return f'<div class="scroll"><table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table></div>'


# Questions


def _questions(summary: Summary, rows: Rows, language: Language, most: int) -> str:
    """The worst questions; only theirs are held in memory, however long the run was."""
    wanted = summary.worst_first[:most]
    places = {question_id: place for place, question_id in enumerate(wanted)}
    found = {row["id"]: question_html(row, language, places[row["id"]]) for row in rows() if row["id"] in places}
    note = say("questions_note", language)
    if len(summary.scored) > len(wanted):
        note += " · " + say("questions_left_out", language, count=len(summary.scored), shown=len(wanted))
    return _section(say("questions", language), note, "\n".join(found[one] for one in wanted), "long")
