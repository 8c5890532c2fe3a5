"""Two runs compared: which questions changed, and tests whose p is worked out by hand or by another program."""

from __future__ import annotations

import itertools
import random

import pytest

from assistant.evaluation.aggregate import Scored
from assistant.evaluation.compare import Comparison, Difference, compare, mcnemar, sign_flip
from assistant.evaluation.tables import meaning
from assistant.types import Language
from tests.evaluation.samples import scored


def run(values: dict[str, float]) -> list[Scored]:
    return [scored(name, correct=(value, 1)) for name, value in values.items()]


def difference(comparison: Comparison, measure: str = "correct") -> Difference:
    return next(one for one in comparison.differences if one.measure == measure)


@pytest.mark.parametrize(
    ("better", "worse", "p"),
    [(0, 0, 1.0), (1, 1, 1.0), (5, 0, 2 / 32), (6, 0, 2 / 64), (8, 1, 2 * (1 + 9) / 512), (10, 10, 1.0)],
)
def test_mcnemar_by_hand(better: int, worse: int, p: float) -> None:
    """Twice the binomial tail: six changes all one way have 2 · (1/2)^6; eight to one 2 · (1 + 9) / 2^9."""
    assert mcnemar(better, worse) == mcnemar(worse, better) == pytest.approx(p)


def test_the_sign_flip_test_agrees_with_all_flips_counted() -> None:
    generator = random.Random(3)
    for _ in range(5):
        gains = [generator.uniform(-0.4, 1) for _ in range(9)]
        sums = [
            abs(sum(s * g for s, g in zip(signs, gains, strict=True))) for signs in itertools.product((1, -1), repeat=9)
        ]
        exact = sum(one >= abs(sum(gains)) - 1e-9 for one in sums) / len(sums)
        assert sign_flip(gains) == pytest.approx(exact, abs=0.015)
    assert sign_flip([0.0, 0.0]) == 1.0


def test_the_questions_that_changed_are_named_and_a_large_difference_means_something() -> None:
    names = [f"q{n:02}" for n in range(40)]
    before = run({name: float(n >= 20) for n, name in enumerate(names)})
    after = run({name: float(n != 39) for n, name in enumerate(names)})
    found = difference(compare(before, after))
    assert [one.id for one in found.better] == names[:20]
    assert [one.id for one in found.worse] == ["q39"]
    assert (found.before, found.after, found.questions, found.test) == (0.5, 39 / 40, 40, "mcnemar")
    assert found.p == pytest.approx(mcnemar(20, 1))
    assert found.is_meaningful
    assert "良くなった" in meaning(found, Language.JA)
    assert meaning(found, Language.EN).startswith("better, and chance would rarely do this")


def test_a_small_difference_may_be_chance_and_none_is_no_change() -> None:
    before, after = run({"a": 0, "b": 0, "c": 1}), run({"a": 1, "b": 1, "c": 1})
    assert meaning(difference(compare(before, after)), Language.EN).startswith("chance alone could do this")
    assert meaning(difference(compare(after, after)), Language.EN) == "no change"


def test_failures_are_worse_when_there_are_more() -> None:
    before = [scored(str(n)) for n in range(20)]
    after = [scored(str(n), failed=(1.0, 1)) for n in range(20)]
    found = difference(compare(before, after), "failed")
    assert (found.direction, len(found.worse), found.is_meaningful) == ("worse", 20, True)


def test_means_are_compared_by_sign_flips() -> None:
    before = [scored(str(n), chrf=(0.30, 1)) for n in range(30)]
    after = [scored(str(n), chrf=(0.35 if n % 3 else 0.31, 1)) for n in range(30)]
    found = difference(compare(before, after), "chrf")
    assert (found.test, len(found.better), found.is_meaningful) == ("sign-flip", 30, True)


def test_many_measures_are_corrected_for_their_number() -> None:
    """Five of five better is p = 1/16 for one measure; of two alike, Holm's correction makes 1/8 of both."""
    before = [scored(str(n), **{"correct": (0.0, 1), "success@5": (0.0, 1)}) for n in range(5)]
    after = [scored(str(n), **{"correct": (1.0, 1), "success@5": (1.0, 1)}) for n in range(5)]
    found = compare(before, after)
    assert difference(found).p == pytest.approx(1 / 16)
    assert difference(found).adjusted == pytest.approx(3 / 16)  # `failed` is the third measure that both runs have


def test_questions_of_one_run_only_or_asked_differently_are_named_and_not_compared() -> None:
    before = [*run({"a": 1, "b": 1}), Scored("c", Language.JA, None, None, {"failed": (0, 1)}, 1.0, "old words")]
    after = [*run({"b": 1, "d": 1}), Scored("c", Language.JA, None, None, {"failed": (0, 1)}, 1.0, "new words")]
    found = compare(before, after)
    assert (found.only_before, found.only_after, found.changed) == (("a",), ("d",), ("c",))
    assert difference(found).questions == 1
