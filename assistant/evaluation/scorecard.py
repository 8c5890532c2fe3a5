"""The scorecard: one HTML file that needs nothing else, in Japanese or English. `scorecard.html` says how it looks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from assistant.evaluation import tables
from assistant.evaluation.aggregate import Group, Value
from assistant.evaluation.charts import Point, histogram, interval_plot
from assistant.evaluation.measures import limit_of
from assistant.evaluation.results import write_whole
from assistant.evaluation.summary import Summary
from assistant.evaluation.texts import includes
from assistant.evaluation.words import convention, measure_name, named, say
from assistant.types import Language, Verdict

SHOWN_QUESTIONS = 300
_TILES = ("correct", "success@5", "evidence_in_prompt", "answer_precision", "citation_precision", "abstention_recall", "seconds_p95", "failed")  # fmt: skip
_PLOTTED = ("success@1", "success@5", "r@10", "evidence_in_prompt", "correct", "correct_first_200", "correct_own_script", "answer_precision", "citation_recall", "citation_precision", "abstention_recall")  # fmt: skip
_SCORES = ("success@5", "r@10", "rr@10", "evidence_in_prompt", "correct", "correct_first_200", "correct_own_script", "chrf", "answer_precision", "citation_recall", "citation_precision")  # fmt: skip

Rows = Callable[[], Iterable[dict[str, Any]]]


def write_scorecard(path: Path, summary: Summary, rows: Rows, language: Language) -> None:
    """Write the scorecard; `rows` reads the run's results, one at a time. Errors: StoreError file_unwritable."""
    write_whole(path, scorecard(summary, rows, language))


def scorecard(summary: Summary, rows: Rows, language: Language, most: int = SHOWN_QUESTIONS) -> str:
    """The page: at a glance, thresholds, comparison, plots, every measure, and of the questions the worst `most`."""
    title, run = summary.title(language)
    spoken = {one.__name__: partial(one, language=language) for one in (say, named, measure_name, convention)}
    found = ((name, summary.value(name)) for name in _TILES)
    return _template().render(
        spoken,
        summary=summary,
        language=language,
        title=title,
        run=run,
        tiles=[(name, value) for name, value in found if value and value.value is not None],
        plots=_plots(summary, language),
        questions=_worst(summary, rows, most),
        questions_note=_questions_note(summary, language, most),
    )


@cache
def _template() -> Template:
    loader = PackageLoader("assistant.evaluation", "")
    environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)
    environment.globals.update(tables=tables, includes=includes, limit_of=limit_of, doubtful=_doubtful, scores=_SCORES)
    return environment.get_template("scorecard.html")


def _doubtful(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The claims that are not simply supported; where all are, one line that says how many, unless claims outnumber quotes."""
    claims, supported = answer["claims"], Verdict.SUPPORTED
    told = [one for one in claims if one["verdict"] != supported or len(claims) > len(answer["citations"])]
    whole = {"verdict": supported, "text": f"{len(claims)} / {len(claims)}", "checks": []}
    return told or ([whole] if claims else [])


def _worst(summary: Summary, rows: Rows, most: int) -> list[dict[str, Any]]:
    """The worst questions' rows; only theirs are held in memory, however long the run was."""
    wanted = summary.worst_first[:most]
    found = {row["id"]: row for row in rows() if row["id"] in set(wanted)}
    return [found[one] for one in wanted]


def _questions_note(summary: Summary, language: Language, most: int) -> str:
    count, note = len(summary.scored), say("questions_note", language)
    return note if count <= most else f"{note} · {say('questions_left_out', language, count=count, shown=most)}"


def _plots(summary: Summary, language: Language) -> dict[str, Markup]:
    """Intervals by language and by type, and how long answers took; no plot where there is nothing to show."""
    names = [name for name in _PLOTTED if (one := summary.value(name)) and one.counted]
    types = [group for group in summary.groups if group.depth == 1 and group.type]
    by_language = [(measure_name(name, language), _points(summary, [name], summary.languages)) for name in names]
    by_type = [(named(group.label, language), _points(summary, ["correct", "success@5"], [group])) for group in types]
    found = ((name.removeprefix("seconds_"), summary.value(name)) for name in ("seconds_p50", "seconds_p95"))
    lines = [(f"{name} {one.value:.2f} s", one.value) for name, one in found if one and one.value is not None]
    series = [measure_name(name, language) for name in ("correct", "success@5")]
    drawn = {
        "by_language": interval_plot(
            say("by_language", language), [named(group.label, language) for group in summary.languages], by_language
        ),
        "by_type": interval_plot(say("by_type", language), series, by_type) if types else "",
        "latency": histogram(say("latency", language), [one.seconds for one in summary.scored], lines),
    }
    return {name: Markup(svg) for name, svg in drawn.items()}


def _points(summary: Summary, names: Sequence[str], groups: Sequence[Group]) -> list[Point]:
    return [_point(summary.value(name, group)) for name in names for group in groups]


def _point(value: Value | None) -> Point:
    return Point(value.value, value.low, value.high, f"n={value.counted}") if value else Point(None)
