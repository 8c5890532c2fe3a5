"""Currencies, units and numbers as they are written beside other letters."""

from decimal import Decimal

import pytest

from assistant.language.formatting import format_quantity
from assistant.language.quantities import quantities, shares
from assistant.types import Language


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("NT$30 billion", "30000000000", "TWD"),
        ("300億台湾ドル", "30000000000", "TWD"),
        ("HK$3bn", "3000000000", "HKD"),
        ("A$2.1 billion", "2100000000", "AUD"),
        ("S$5m", "5000000", "SGD"),
        ("₩1.5 trillion", "1500000000000", "KRW"),
        ("1兆5,000億ウォン", "1500000000000", "KRW"),
        ("15億ルピー", "1500000000", "INR"),
        ("₹1,500", "1500", "INR"),
        ("US$4.1bn", "4100000000", "USD"),
        ("EUR4.1bn", "4100000000", "EUR"),
        ("RMB578.4 billion", "578400000000", "CNY"),
        ("五億ユーロ", "500000000", "EUR"),
        ("five billion euros", "5000000000", "EUR"),
        ("two million", "2000000", ""),
        ("one trillion yen", "1000000000000", "JPY"),
        ("0.6pt", "0.6", "pt"),
        ("5.6ギガワット", "5.6", "GW"),
        ("300 gigawatt-hours", "300", "GWh"),
        ("12ヘクタール", "12", "ha"),
        ("1,200 metric tons", "1200", "t"),
    ],
)
def test_an_amount_is_read_with_its_unit(text, value, unit):
    (one,) = quantities(text)
    assert (one.value, one.unit, text[one.start : one.end]) == (Decimal(value), unit, text)


@pytest.mark.parametrize("text", ["四十一億ユーロ", "thirty-six thousand", "EU27", "xEUR5", "CAD"])
def test_a_part_of_a_number_or_name_is_no_amount(text):
    assert quantities(text) == []


def test_dollars_of_a_country_that_is_not_known_are_no_us_dollars():
    (one,) = quantities("MX$30 billion")
    assert one.unit == ""


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("April 2024に完成した", (2024, 4, None)),
        ("発効は15 July 2025です", (2025, 7, 15)),
        ("July 15, 2025に", (2025, 7, 15)),
        ("FY2024の売上高", (2024, None, None)),
        ("R6年3月", (2024, 3, None)),
        ("H30年度", (2018, None, None)),
    ],
)
def test_a_date_is_read_beside_japanese_and_by_its_era_letter(text, date):
    assert [one.date for one in quantities(text)] == [date]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("JPY 3.92 trillion", "3兆9,200億円"),
        ("€4.1 billion", "41億ユーロ"),
        ("¥8,139.5 billion", "8兆1,395億円"),
        ("₩1.5 trillion", "1.5兆ウォン"),
        ("NT$30 billion", "300億台湾ドル"),
        ("12,345万人", "1億2,345万人"),
    ],
)
def test_japanese_writes_large_numbers_by_their_scales(text, written):
    (one,) = quantities(text)
    assert format_quantity(one, Language.JA) == written
    (again,) = quantities(written)
    assert (again.value, again.unit) == (one.value, one.unit)


@pytest.mark.parametrize(
    ("text", "percent"),
    [
        ("Three in ten respondents", [30]),
        ("one out of every four", [25]),
        ("2 in 5 firms", [40]),
        ("3 in 10 years", []),
        ("one in 2024", []),
    ],
)
def test_so_many_in_so_many_is_a_share(text, percent):
    assert [one.value for one in shares(text)] == percent
