"""Agreement of quantities whose sign or year is not said in both texts."""

import pytest

from assistant.language.agreement import agrees, bound_at, computed, counted, is_left_out, rate, same_counted
from assistant.language.polarity import direction_of
from assistant.language.quantities import quantities


@pytest.mark.parametrize(
    ("claim", "source", "agreed"),
    [
        ("5%減", "▲5%", True),
        ("down 5%", "前年比−5%", True),
        ("−5%", "−5%", True),
        ("6%減", "▲5%", False),
        ("5月に", "2025年5月", True),
        ("5月に", "2025年6月", False),
        ("2023年", "2021-2023年", True),
        ("3万5,000台", "35,000 units", True),
        ("35%", "3割5分", True),
        ("$500k", "50万ドル", True),
        ("5 percentage points", "5ポイント", True),
        ("5 percentage points", "5%", False),
    ],
)
def test_a_claim_agrees_with_what_the_source_says_in_other_notation(claim, source, agreed):
    (wanted,) = quantities(claim)
    assert any(agrees(wanted, one) for one in quantities(source)) is agreed


@pytest.mark.parametrize("text", ["前年比▲5%", "△3%", "売上は-5.2%", "Sales: −5 %"])
def test_a_minus_points_down(text):
    assert direction_of(text) == "down"


@pytest.mark.parametrize("text", ["3-5%", "GPT-5", "2025-03-05"])
def test_a_dash_points_nowhere(text):
    assert direction_of(text) is None


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("76秒", "second"),
        ("76 seconds", "second"),
        ("1日", "day"),
        ("3年後", "year"),
        ("a 3-year plan", "year"),
        ("36,000 companies", "company"),
        ("3.6万社", "company"),
        ("8 categories", ""),
        ("8つ", ""),
    ],
)
def test_what_a_number_counts_has_a_word_in_both_languages(text, what):
    assert counted(text, quantities(text)[0]) == what


def test_a_span_of_time_is_no_count_of_anything_else():
    assert same_counted("", "") and same_counted("company", "") and same_counted("day", "day")
    assert not same_counted("day", "") and not same_counted("second", "minute") and not same_counted("company", "city")


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("月4,000元", "month"),
        ("4,000 yuan a month", "month"),
        ("$5/month", "month"),
        ("1日に約32,000両", "day"),
        ("32,000 cars a day", "day"),
        ("年間100万台", "year"),
        ("2024年4,000元", ""),
        ("4,000元", ""),
    ],
)
def test_the_span_that_an_amount_is_for_is_read(text, span):
    assert rate(text, quantities(text)[-1]) == span


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("最大で50GWh", "at most"),
        ("up to 50 GWh", "at most"),
        ("高度1000メートル以下", "at most"),
        ("発表数の50%に届かない", "at most"),
        ("(128 and above) 50 GWh", None),
        ("50%をやや上回る", "at least"),
        ("50社以上", "at least"),
    ],
)
def test_the_bound_around_a_number_is_read(text, bound):
    one = quantities(text)[-1]
    assert bound_at(text, one.start, one.end) == bound


@pytest.mark.parametrize(
    ("claim", "sources", "operation"),
    [
        ("4.9 points", "27.0%から22.1%へ", "-"),
        ("46%", "305個のうち140個", "/"),
        ("約5.0ドル", "36.2元。1米ドル＝7.2457元", "/"),
        ("77個", "305個のうち140個", None),
    ],
)
def test_what_was_worked_out_is_recognised(claim, sources, operation):
    found = computed(quantities(claim)[0], quantities(sources))
    assert (found and found[0]) == operation


@pytest.mark.parametrize(
    "text", ["fell by 5% year on year", "up 5 percent day-to-day", "5% month-over-month", "20 year on year"]
)
def test_a_change_from_year_to_year_counts_no_years(text):
    (one,) = quantities(text)
    assert counted(text, one) == ""


def test_years_are_counted():
    (one,) = quantities("over 5 years")
    assert counted("over 5 years", one) == "year"


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("no more than 4 billion euros", "at most"),
        ("not more than 4 billion euros", "at most"),
        ("more than 4 billion euros", "at least"),
        ("no less than 4 billion euros", "at least"),
        ("not less than 4 billion euros", "at least"),
        ("less than 4 billion euros", "at most"),
    ],
)
def test_a_denied_bound_points_the_other_way(text, bound):
    (one,) = quantities(text)
    assert bound_at(text, one.start, one.end) == bound


def test_no_more_than_leaves_the_number_in():
    assert not is_left_out("no more than 4 billion", 13, 22)
    assert is_left_out("more than 4 billion", 10, 19)
