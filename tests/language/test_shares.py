"""Fractions and multiples in words, and the numbers of a series: "two thirds", 3割, "the second", 第2。"""

from decimal import Decimal

import pytest

from assistant.language.quantities import ordinals, shares


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("半分", 50, "%"),
        ("発表数の半数", 50, "%"),
        ("half of the models", 50, "%"),
        ("3分の1", "33.3", "%"),
        ("三分の二", "66.7", "%"),
        ("a third of the cars", "33.3", "%"),
        ("two-thirds of them", "66.7", "%"),
        ("one quarter.", 25, "%"),
        ("半減した", 50, "%"),
        ("sales doubled", 2, "x"),
        ("売上が倍増した", 2, "x"),
        ("it tripled", 3, "x"),
    ],
)
def test_a_fraction_or_multiple_in_words_is_a_share(text, value, unit):
    (found,) = shares(text)
    assert (round(found.value, 1), found.unit, found.kind) == (round(Decimal(value), 1), unit, "share")


@pytest.mark.parametrize(
    "text", ["半年", "半導体", "first half of 2024", "half a year", "the third quarter", "A third party", "倍率", ""]
)
def test_what_only_looks_like_a_fraction_is_none(text):
    assert shares(text) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("第6世代", 6),
        ("第六世代", 6),
        ("第十二回", 12),
        ("第二十一回", 21),
        ("the sixth generation", 6),
        ("the 6th generation", 6),
        ("第3四半期", 3),
        ("Q3 2024", 3),
        ("3Q", 3),
        ("世界2位", 2),
        ("21世紀", 21),
        ("第378回", 378),
    ],
)
def test_a_number_of_a_series_is_read_in_both_languages(text, number):
    assert [found for found, _, _ in ordinals(text)] == [number]


@pytest.mark.parametrize("text", ["seconds", "10 per second", "a third", "two thirds", "first", "3rdparty", "第", ""])
def test_what_only_looks_like_a_number_of_a_series_is_none(text):
    assert ordinals(text) == []
