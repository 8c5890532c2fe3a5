"""The scorecard: one HTML file that needs nothing else, in Japanese or English. Everything in it is escaped."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path
from typing import Any

from assistant.evaluation import tables
from assistant.evaluation.aggregate import Value
from assistant.evaluation.charts import Point, histogram, interval_plot
from assistant.evaluation.details import question_html
from assistant.evaluation.measures import PERCENTILES
from assistant.evaluation.results import write_whole
from assistant.evaluation.style import STYLE
from assistant.evaluation.summary import Summary
from assistant.evaluation.tables import Table, interval, shown
from assistant.evaluation.words import convention, measure_name, named, say
from assistant.types import Language

SHOWN_QUESTIONS = 300
_TILES = ("correct", "success@5", "evidence_in_prompt", "answer_precision", "citation_precision", "abstention_recall", "seconds_p95", "failed")  # fmt: skip
_PLOTTED = ("success@1", "success@5", "r@10", "evidence_in_prompt", "correct", "correct_first_200", "correct_own_script", "answer_precision", "citation_recall", "citation_precision", "abstention_recall")  # fmt: skip

Rows = Callable[[], Iterable[dict[str, Any]]]


def write_scorecard(path: Path, summary: Summary, rows: Rows, language: Language) -> None:
    """Write the scorecard; `rows` reads the run's results, one at a time. Errors: StoreError file_unwritable."""
    write_whole(path, scorecard(summary, rows, language))


def scorecard(summary: Summary, rows: Rows, language: Language, most: int = SHOWN_QUESTIONS) -> str:
    """The page: at a glance, thresholds, comparison, plots, every measure, and of the questions the worst `most`."""
    title, run = summary.title(language)
    parts = [
        f'<h1>{escape(title)}</h1><p class="run">{escape(run)}</p>',
        _tiles(summary, language),
        _table(tables.thresholds(summary, language)),
        _table(tables.comparison(summary, language)),
        _plots(summary, language),
        _table(tables.measures(summary, language)),
        _table(tables.by("doc", summary, language)),
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
    said = "".join(f'<p class="note">{escape(line)}</p>' for line in note.splitlines())
    return f'<section class="{kind}"><h2>{escape(heading)}</h2>{said}{body}</section>'


def _table(table: Table | None) -> str:
    return _section(table.heading, table.note, tables.as_html(table), table.kind) if table else ""


# At a glance


def _tiles(summary: Summary, language: Language) -> str:
    found = [(name, summary.value(name)) for name in _TILES]
    tiles = [_tile(summary, name, value, language) for name, value in found if value and value.value is not None]
    return f'<div class="tiles">{"".join(tiles)}</div>'


def _tile(summary: Summary, name: str, value: Value, language: Language) -> str:
    parts = [
        f"<span>{escape(named(group.label, language))} {shown(name, one.value)}</span>"
        for group in summary.languages
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


# Plots


def _plots(summary: Summary, language: Language) -> str:
    left = _by_language(summary, language) + _latency(summary, language)
    return f'<div class="plots"><div>{left}</div><div>{_by_type(summary, language)}</div></div>'


def _by_language(summary: Summary, language: Language) -> str:
    groups = summary.languages
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
