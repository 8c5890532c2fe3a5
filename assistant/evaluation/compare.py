"""Two runs side by side: what got better and worse, question by question, and whether it means anything. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.evaluation.aggregate import Scored
from assistant.evaluation.measures import MEASURES, Measure

COMPARED = tuple(
    "success@1 success@5 r@10 rr@10 ndcg@10 evidence_in_prompt correct correct_first_200 "
    "correct_own_script chrf answer_precision citation_recall citation_precision abstention_recall failed".split()
)
SIGNIFICANCE = 0.05
_FLIPS = 10_000
_SEED = 20260101
_TOLERANCE = 1e-9


@dataclass(frozen=True, slots=True)
class Change:
    """One question that got better or worse by a measure."""

    id: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Difference:
    """A measure in two runs, over the `questions` that it counts in both.

    `p` is two-sided: McNemar's exact test where every question is 0 or 1, else the paired sign-flip permutation test of
    the mean (10,000 flips, fixed seed). `adjusted` is `p` after Holm's correction for the number of measures compared.
    """

    measure: str
    before: float
    after: float
    questions: int
    better: tuple[Change, ...]
    worse: tuple[Change, ...]
    test: str
    p: float
    adjusted: float = 1.0

    @property
    def is_meaningful(self) -> bool:
        """Whether chance alone would rarely (below 5 %, after correction) give a difference like this."""
        return self.adjusted < SIGNIFICANCE

    @property
    def direction(self) -> str:
        """ "better", "worse" or "same", by the mean and by which way the measure is good."""
        change = _gain(_BY_NAME[self.measure], self.before, self.after)
        return "same" if abs(change) < _TOLERANCE else "better" if change > 0 else "worse"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs: the measures' differences, and what is not compared: the questions that stand in one of them only, and
    those whose text changed under the same id."""

    differences: tuple[Difference, ...]
    only_before: tuple[str, ...] = ()
    only_after: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


_BY_NAME: Mapping[str, Measure] = {measure.name: measure for measure in MEASURES}


def compare(before: Sequence[Scored], after: Sequence[Scored]) -> Comparison:
    """The later run against the earlier one, paired by question id."""
    earlier, later = ({one.id: one for one in run} for run in (before, after))
    both = [one.id for one in after if one.id in earlier]
    shared = [one for one in both if earlier[one].text == later[one].text]
    found = [_difference(_BY_NAME[name], [(earlier[i], later[i]) for i in shared]) for name in COMPARED]
    return Comparison(
        _holm([difference for difference in found if difference is not None]),
        tuple(one.id for one in before if one.id not in later),
        tuple(one.id for one in after if one.id not in earlier),
        tuple(one for one in both if earlier[one].text != later[one].text),
    )


def _difference(measure: Measure, pairs: Sequence[tuple[Scored, Scored]]) -> Difference | None:
    both = [pair for pair in pairs if all(measure.name in one.pairs for one in pair)]
    if not both:
        return None
    changes = [Change(old.id, _value(old, measure.name), _value(new, measure.name)) for old, new in both]
    gains = [_gain(measure, change.before, change.after) for change in changes]
    better = [change for change, gain in zip(changes, gains, strict=True) if gain > _TOLERANCE]
    worse = [change for change, gain in zip(changes, gains, strict=True) if gain < -_TOLERANCE]
    binary = all(value in (0.0, 1.0) for change in changes for value in (change.before, change.after))
    return Difference(
        measure.name,
        sum(change.before for change in changes) / len(changes),
        sum(change.after for change in changes) / len(changes),
        len(changes),
        tuple(sorted(better, key=lambda one: -abs(one.after - one.before))),
        tuple(sorted(worse, key=lambda one: -abs(one.after - one.before))),
        "mcnemar" if binary else "sign-flip",
        mcnemar(len(better), len(worse)) if binary else sign_flip(gains),
    )


def _value(one: Scored, name: str) -> float:
    total, count = one.pairs[name]
    return total / count if count else 0.0


def _gain(measure: Measure, before: float, after: float) -> float:
    return before - after if measure.lower_is_better else after - before


def mcnemar(better: int, worse: int) -> float:
    """McNemar's exact test, two-sided: the chance of a split at least this uneven when each changed question was as
    likely to become right as to become wrong (a binomial test with 1/2). 1 when nothing changed."""
    changed = better + worse
    tail = sum(math.comb(changed, count) for count in range(min(better, worse) + 1))
    return min(1.0, 2 * tail / 2**changed)


def sign_flip(gains: Sequence[float]) -> float:
    """The paired permutation test of a mean, two-sided: the share of random flips of the differences' signs whose mean
    is at least as far from 0 as the real one (the real one counts as a flip, so it is never 0)."""
    changed = np.array([gain for gain in gains if abs(gain) > _TOLERANCE])
    if not len(changed):
        return 1.0
    random = np.random.default_rng(_SEED)
    rows = max(1, 2_000_000 // len(changed))
    as_far = 0
    for start in range(0, _FLIPS, rows):
        signs = random.integers(0, 2, (min(rows, _FLIPS - start), len(changed))) * 2 - 1
        as_far += int((np.abs(signs @ changed) >= abs(changed.sum()) - _TOLERANCE).sum())
    return (as_far + 1) / (_FLIPS + 1)


def _holm(differences: Sequence[Difference]) -> tuple[Difference, ...]:
    """Each p times the number of measures that are not yet settled, smallest first, never falling (Holm 1979)."""
    adjusted: dict[str, float] = {}
    highest = 0.0
    for settled, one in enumerate(sorted(differences, key=lambda difference: difference.p)):
        highest = max(highest, min(1.0, one.p * (len(differences) - settled)))
        adjusted[one.measure] = highest
    return tuple(replace(one, adjusted=adjusted[one.measure]) for one in differences)
