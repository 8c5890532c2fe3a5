"""What is written out reads back: the same value, unit and date in either language."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.language.agreement import Bound, agrees, bound_at
from assistant.language.formatting import format_date, format_quantity, format_range
from assistant.language.quantities import quantities
from assistant.types import Language

AMOUNTS = [
    ("最大41億ユーロ", "up to €4.1 billion", "最大41億ユーロ"),
    ("5,784億元", "578.4 billion yuan", "5,784億元"),
    ("62.6％", "62.6%", "62.6%"),
    ("約20億", "about 2 billion", "約20億"),
    ("50GWh", "50 GWh", "50GWh"),
    ("3.6万社", "36,000 companies", "3.6万社"),
    ("420都市以上", "at least 420 cities", "420都市以上"),
    ("7.2457元", "7.2457 yuan", "7.2457元"),
    ("数千万", "tens of millions", "数千万"),
    ("▲5%", "-5%", "-5%"),
    ("4,100 million EUR", "€4.1 billion", "41億ユーロ"),
]


@pytest.mark.parametrize(("written", "english", "japanese"), AMOUNTS)
def test_an_amount_is_written_in_both_languages(written: str, english: str, japanese: str) -> None:
    (quantity,) = quantities(written)
    bound = bound_at(written, quantity.start, quantity.end)
    assert format_quantity(quantity, Language.JA, bound) == japanese
    assert format_quantity(quantity, Language.EN, bound) == english


@pytest.mark.parametrize(
    ("written", "english", "japanese"),
    [
        ("2024年7月4日～6日", "4–6 July 2024", "2024年7月4日～6日"),
        ("2025年1~7月", "January–July 2025", "2025年1月～7月"),
        ("2021-2023年", "2021–2023", "2021年～2023年"),
        ("2-3倍", "2–3 times", "2–3倍"),
    ],
)
def test_a_range_is_written_as_one(written: str, english: str, japanese: str) -> None:
    low, high = quantities(written)
    assert format_range(low, high, Language.EN) == english
    assert format_range(low, high, Language.JA) == japanese


@given(st.dates(min_value=date(1950, 1, 1), max_value=date(2090, 12, 31)), st.sampled_from(Language))
def test_a_date_reads_back(day: date, language: Language) -> None:
    for parts in ((day.year, day.month, day.day), (day.year, day.month, None), (None, day.month, day.day)):
        (found,) = quantities(format_date(parts, language))
        assert found.date == parts


@given(
    st.decimals(min_value="0.01", max_value="999999999999", allow_nan=False, places=2),
    st.sampled_from(["ユーロ", "ドル", "元", "円", "%", "倍", "km", "GWh", "トン"]),
    st.sampled_from(["", "千", "万", "億"]),
    st.sampled_from(["", "約"]),
    st.sampled_from(Language),
)
def test_an_amount_reads_back(value: object, unit: str, scale: str, about: str, language: Language) -> None:
    (quantity,) = quantities(f"{about}{value}{scale}{unit}")
    written = format_quantity(quantity, language)
    (found,) = quantities(written)
    assert (found.value, found.unit, found.kind) == (quantity.value, quantity.unit, quantity.kind), written
    assert agrees(found, quantity)
    assert found.approximate == quantity.approximate


@given(st.integers(0, 10**13), st.sampled_from(["社", "台", "都市", "名", "件", ""]))
def test_a_count_agrees_with_what_it_was(value: int, counter: str) -> None:
    (quantity,) = quantities(f"{value}{counter}")
    (found,) = quantities(format_quantity(quantity, Language.EN))
    assert agrees(found, quantity)


@pytest.mark.parametrize("bound", list(Bound))
@pytest.mark.parametrize("language", list(Language))
def test_a_bound_reads_back(bound: Bound, language: Language) -> None:
    (quantity,) = quantities("50GWh")
    written = format_quantity(quantity, language, bound)
    (found,) = quantities(written)
    assert bound_at(written, found.start, found.end) == bound


def test_no_english_text_holds_japanese() -> None:
    for text, _, _ in AMOUNTS:
        for quantity in quantities(text):
            assert not re.search(r"[ぁ-んァ-ヶ一-鿿]", format_quantity(quantity, Language.EN))
