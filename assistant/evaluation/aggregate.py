"""Measures over groups of questions, with bootstrap intervals. Pure; the same numbers at every run (fixed seed)."""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.evaluation.measures import MEASURES, PERCENTILES, Pair
from assistant.types import Language

RESAMPLES = 1000
CONFIDENCE = 0.95
_SEED = 20260101
_AT_ONCE = 2_000_000


@dataclass(frozen=True, slots=True)
class Scored:
    """One question's measures with what it is grouped by and, to tell that two runs asked the same, its text."""

    id: str
    language: Language
    type: str | None
    doc: str | None
    pairs: Mapping[str, Pair]
    seconds: float
    text: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Group:
    """A part of the questions: those of a language, a type, a report, a combination of these, or ("" each) all."""

    language: str = ""
    type: str = ""
    doc: str = ""

    @property
    def label(self) -> str:
        """`en.table.jetro`; empty for all questions. What follows a measure's name in `--fail-under`."""
        return ".".join(part for part in (self.language, self.type, self.doc) if part)

    @property
    def depth(self) -> int:
        """How many of the three are fixed."""
        return sum(bool(part) for part in (self.language, self.type, self.doc))


ALL = Group()


@dataclass(frozen=True, slots=True)
class Value:
    """A measure over a group: `value` with its interval, None where nothing counts. `counted` of the group's `questions`
    are in the denominator, which is always said beside the value."""

    measure: str
    group: Group
    value: float | None
    low: float | None
    high: float | None
    counted: int
    questions: int


def aggregate(scored: Sequence[Scored]) -> tuple[Value, ...]:
    """Every measure over every group that occurs, all questions first.

    Intervals: 95 %, percentile bootstrap over the group's questions, 1,000 resamples; none below two questions.
    Percentiles of the seconds by nearest rank, every question counting, failures too.
    """
    return tuple(value for group, members in groups(scored) for value in _values(group, members))


def groups(scored: Sequence[Scored]) -> list[tuple[Group, list[Scored]]]:
    """All questions, then by language, type, report and their combinations; questions without a type or a report
    are in no group of these."""
    members: dict[Group, list[Scored]] = {ALL: []}
    for one in scored:
        for group in _groups_of(one):
            members.setdefault(group, []).append(one)
    return sorted(members.items(), key=lambda item: (item[0].depth, item[0]))


def _groups_of(one: Scored) -> Iterator[Group]:
    options = (("", part) if part else ("",) for part in (str(one.language), one.type, one.doc))
    return (Group(*parts) for parts in itertools.product(*options))


def _values(group: Group, members: Sequence[Scored]) -> Iterator[Value]:
    names, size = [measure.name for measure in MEASURES], len(members)
    pairs = np.array([[one.pairs.get(name, (0.0, 0.0)) for name in names] for one in members], dtype=float)
    pairs = pairs.reshape(size, len(names), 2)
    seconds = np.array([one.seconds for one in members])
    found = [_figures(pairs, seconds, drawn) for drawn in _resamples(group, size)] if size > 1 else []
    values = (
        _figures(pairs, seconds, np.arange(size)[None])[0] if size else np.full(len(names) + len(PERCENTILES), np.nan)
    )
    counted = [sum(name in one.pairs for one in members) for name in names] + [size] * len(PERCENTILES)
    resampled = np.concatenate(found) if found else np.empty((0, len(values)))
    for column, name in enumerate([*names, *PERCENTILES]):
        yield _value(name, group, float(values[column]), resampled[:, column], counted[column], size)


def _figures(pairs: np.ndarray, seconds: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """Every measure and percentile over questions as they were drawn (draws x figures); NaN where nothing counts."""
    times = np.apply_along_axis(np.bincount, 1, drawn, None, len(seconds)).astype(float)
    with np.errstate(invalid="ignore", divide="ignore"):
        ratios = (times @ pairs[:, :, 0]) / (times @ pairs[:, :, 1])
    wanted = list(PERCENTILES.values())
    return np.hstack([ratios, np.percentile(seconds[drawn], wanted, axis=1, method="inverted_cdf").T])


def _resamples(group: Group, size: int) -> Iterator[np.ndarray]:
    """Indices of questions drawn with replacement (resamples x size), in pieces that stay small in memory."""
    random = np.random.default_rng([_SEED, zlib.crc32(group.label.encode())])
    rows = max(1, min(RESAMPLES, _AT_ONCE // max(1, size)))
    for start in range(0, RESAMPLES, rows):
        yield random.integers(0, size, (min(rows, RESAMPLES - start), size))


def _value(name: str, group: Group, value: float, resampled: np.ndarray, counted: int, questions: int) -> Value:
    known = resampled[~np.isnan(resampled)]
    if np.isnan(value) or counted < 2 or not len(known):
        return Value(name, group, None if np.isnan(value) else value, None, None, counted, questions)
    tail = 50 * (1 - CONFIDENCE)
    low, high = np.percentile(known, [tail, 100 - tail])
    return Value(name, group, value, float(low), float(high), counted, questions)
