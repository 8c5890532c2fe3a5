"""A run as a whole, and its numbers as JSON and CSV: the same as the scorecard shows. Pure."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from assistant.evaluation.aggregate import ALL, Group, Scored, Value
from assistant.evaluation.compare import Comparison
from assistant.evaluation.measures import MEASURES
from assistant.evaluation.questions import Unheld
from assistant.evaluation.results import Header
from assistant.evaluation.thresholds import Outcome
from assistant.evaluation.words import say
from assistant.types import Language

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

    def title(self, language: Language) -> tuple[str, str]:
        """What was evaluated, and how many questions by which program when."""
        header = self.header
        run = say("run_of", language, count=len(self.scored), program=header.program, started=header.started)
        return f"{say('title', language)}: {header.questions}", run

    @property
    def languages(self) -> tuple[Group, ...]:
        """Japanese, then English, as far as there are questions in them."""
        return tuple(group for one in Language if (group := Group(language=one)) in self.groups)

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
        known = {name: getattr(one, name) for name in ("value", "low", "high", "counted", "questions")}
        measures.setdefault(one.measure, {})[one.group.label or "all"] = known
    found = {
        **{
            name: getattr(summary.header, name) for name in ("questions", "sha256", "program", "fingerprint", "started")
        },
        "count": len(summary.scored),
        "failed": list(summary.failed),
        "unheld": [{"id": one.question.id, "evidence": one.evidence} for one in summary.unheld],
        "measures": measures,
        "thresholds": [_outcome(outcome) for outcome in summary.outcomes],
        "comparison": _comparison(summary.comparison, summary.earlier) if summary.comparison else None,
        "worst": list(summary.worst_first[:20]),
    }
    return _rounded(found)


def _outcome(one: Outcome) -> dict[str, Any]:
    bound = one.threshold
    return {
        "measure": bound.name,
        "bound": bound.bound,
        "at_most": bound.is_upper,
        "value": one.value,
        "met": one.is_met,
    }


def _comparison(comparison: Comparison, earlier: str) -> dict[str, Any]:
    found = asdict(comparison)
    for one, told in zip(comparison.differences, found["differences"], strict=True):
        told |= {"counted": told.pop("questions"), "meaningful": one.is_meaningful, "direction": one.direction}
    return {"earlier": earlier, **found}


def _rounded(value: Any) -> Any:
    """Every number in a value with four decimals."""
    if isinstance(value, dict):
        return {name: _rounded(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(one) for one in value]
    return round(value, 4) if isinstance(value, float) else value


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
