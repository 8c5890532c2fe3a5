"""Aggregates by hand: denominators, groups, intervals, percentiles; thresholds over them."""

from __future__ import annotations

import pytest

from assistant.errors import UsageError
from assistant.evaluation.aggregate import ALL, Group, Value, aggregate, groups
from assistant.evaluation.thresholds import Threshold, examine, parse
from tests.evaluation.samples import scored

RUN = [
    scored("a", "ja", "fact", "nri", 1.0, correct=(1.0, 1), claims_supported=(3, 4)),
    scored("b", "ja", "table", "nri", 2.0, correct=(0.0, 1), claims_supported=(0, 1)),
    scored("c", "en", "fact", None, 4.0, correct=(1.0, 1)),
    scored("d", "en", None, "jetro", 9.0, failed=(1.0, 1)),
]


def value(measure: str, label: str = "") -> Value:
    (found,) = [one for one in aggregate(RUN) if (one.measure, one.group.label) == (measure, label)]
    return found


def test_a_mean_counts_each_question_once_and_says_how_many_it_counted() -> None:
    """correct: (1 + 0 + 1) / 3, of four questions; in Japanese 1/2; in English 1/1 of two."""
    whole, ja, en = (value("correct", label) for label in ("", "ja", "en"))
    assert (whole.value, whole.counted, whole.questions) == (pytest.approx(2 / 3), 3, 4)
    assert (ja.value, ja.counted, ja.questions) == (0.5, 2, 2)
    assert (en.value, en.low, en.high, en.counted, en.questions) == (1.0, None, None, 1, 2)


def test_a_pooled_share_counts_each_claim_once() -> None:
    """(3 + 0) of (4 + 1) claims, not the mean of 3/4 and 0/1."""
    assert value("claims_supported").value == pytest.approx(3 / 5)


def test_a_measure_that_applies_to_no_question_has_no_value() -> None:
    nothing = value("abstention_recall")
    assert (nothing.value, nothing.low, nothing.high, nothing.counted, nothing.questions) == (None, None, None, 0, 4)


def test_groups_are_every_combination_that_occurs() -> None:
    labels = [group.label for group, _ in groups(RUN)]
    assert labels[0] == ""
    assert len(labels) == len(set(labels))
    assert set(labels) == {
        *("", "ja", "en", "fact", "table", "nri", "jetro"),
        *("ja.fact", "ja.table", "ja.nri", "en.fact", "en.jetro", "fact.nri", "table.nri"),
        *("ja.fact.nri", "ja.table.nri"),
    }
    assert [one.id for one in dict(groups(RUN))[Group(type="fact")]] == ["a", "c"]


def test_percentiles_are_by_nearest_rank_and_count_failures() -> None:
    """Seconds 1, 2, 4, 9: the 50th percentile is the 2nd value, the 90th and up the 4th."""
    assert [value(f"seconds_p{one}").value for one in (50, 90, 95, 99)] == [2, 9, 9, 9]


def test_intervals_hold_the_value_narrow_with_more_questions_and_are_the_same_every_time() -> None:
    def interval(size: int) -> Value:
        run = [scored(str(n), correct=(float(n % 4 > 0), 1)) for n in range(size)]
        return next(one for one in aggregate(run) if one.measure == "correct" and one.group == ALL)

    small, large = interval(40), interval(400)
    for one in (small, large):
        assert one.low is not None and one.high is not None and one.low < 0.75 < one.high
    assert large.high - large.low < (small.high - small.low) / 2  # type: ignore[operator]
    assert interval(40) == small
    # the normal approximation: 0.75 ± 1.96 · sqrt(0.75 · 0.25 / 400)
    assert (large.low, large.high) == (pytest.approx(0.7076, abs=0.01), pytest.approx(0.7924, abs=0.01))


def test_nothing_to_aggregate_has_no_values() -> None:
    assert {one.value for one in aggregate([])} == {None}


def test_a_threshold_is_read_and_held_against_its_group() -> None:
    known = [group for group, _ in groups(RUN)]
    thresholds = [
        parse(one, known) for one in ("correct=0.6", "correct.ja=0.6", "seconds_p50=2", "abstention_recall=0")
    ]
    assert thresholds[1] == Threshold("correct", "ja", 0.6)
    assert [one.is_met for one in examine(thresholds, aggregate(RUN))] == [True, False, True, False]


def test_what_is_better_when_lower_has_to_stay_at_or_below_its_bound() -> None:
    found = examine([Threshold("seconds_p95", "", 8.9), Threshold("failed", "", 0.25)], aggregate(RUN))
    assert [one.is_met for one in found] == [False, True]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("success@5", "MEASURE=VALUE"),
        ("sucess@5=0.9", "success@5"),
        ("correct.jp=0.9", "ja"),
        ("correct=high", "high"),
        ("correct=nan", "nan"),
    ],
)
def test_a_threshold_that_cannot_be_read_names_what_is_near(text: str, hint: str) -> None:
    with pytest.raises(UsageError, match="threshold_invalid") as caught:
        parse(text, [group for group, _ in groups(RUN)])
    assert hint in caught.value.values["reason"]
