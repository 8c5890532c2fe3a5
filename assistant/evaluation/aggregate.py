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
    names = [measure.name for measure in MEASURES]
    pairs = np.array([[one.pairs.get(name, (0.0, 0.0)) for name in names] for one in members], dtype=float)
    pairs = pairs.reshape(len(members), len(names), 2)
    sums, counts = pairs[:, :, 0], pairs[:, :, 1]
    resampled = _resampled(group, sums, counts)
    counted = [sum(name in one.pairs for one in members) for name in names]
    for column, name in enumerate(names):
        value = sums[:, column].sum() / counts[:, column].sum() if counts[:, column].sum() else None
        yield _value(name, group, value, resampled[:, column], counted[column], len(members))
    yield from _percentiles(group, members)


def _resampled(group: Group, sums: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The ratio of the sums to the counts, resample by resample (resamples x measures); NaN where nothing counts."""
    size = len(sums)
    found = [np.empty((0, sums.shape[1]))]
    for indices in _resamples(group, size) if size > 1 else ():
        times = np.apply_along_axis(np.bincount, 1, indices, None, size).astype(float)
        with np.errstate(invalid="ignore", divide="ignore"):
            found.append((times @ sums) / (times @ counts))
    return np.concatenate(found)


def _percentiles(group: Group, members: Sequence[Scored]) -> Iterator[Value]:
    seconds = np.array([one.seconds for one in members])
    wanted = list(PERCENTILES.values())
    if not len(seconds):
        values, resampled = [None] * len(wanted), np.empty((0, len(wanted)))
    else:
        values = [float(value) for value in _nearest_rank(seconds, wanted, 0)]
        parts = [_nearest_rank(seconds[indices], wanted, 1).T for indices in _resamples(group, len(seconds))]
        resampled = np.concatenate(parts) if len(seconds) > 1 else np.empty((0, len(wanted)))
    for column, (name, value) in enumerate(zip(PERCENTILES, values, strict=True)):
        yield _value(name, group, value, resampled[:, column], len(members), len(members))


def _nearest_rank(seconds: np.ndarray, percents: Sequence[float], axis: int) -> np.ndarray:
    return np.percentile(seconds, percents, axis=axis, method="inverted_cdf")


def _resamples(group: Group, size: int) -> Iterator[np.ndarray]:
    """Indices of questions drawn with replacement (resamples x size), in pieces that stay small in memory."""
    random = np.random.default_rng([_SEED, zlib.crc32(group.label.encode())])
    rows = max(1, min(RESAMPLES, _AT_ONCE // max(1, size)))
    for start in range(0, RESAMPLES, rows):
        yield random.integers(0, size, (min(rows, RESAMPLES - start), size))


def _value(name: str, group: Group, value: float | None, resampled: np.ndarray, counted: int, questions: int) -> Value:
    known = resampled[~np.isnan(resampled)]
    if value is None or counted < 2 or not len(known):
        return Value(name, group, None if value is None else float(value), None, None, counted, questions)
    tail = 50 * (1 - CONFIDENCE)
    low, high = np.percentile(known, [tail, 100 - tail])
    return Value(name, group, float(value), float(low), float(high), counted, questions)
