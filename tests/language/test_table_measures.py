"""A table's bare numbers are read in what its header or caption measures them in."""

from decimal import Decimal

import pytest

from assistant.language.measures import cell_quantities, unscaled


@pytest.mark.parametrize(
    ("measure", "value", "unit"),
    [
        ("（単位：億円）", "123400000000", "JPY"),
        ("表2 売上高の推移（単位：億元）", "123400000000", "CNY"),
        ("単位 百万円", "1234000000", "JPY"),
        ("(十億円)", "1234000000000", "JPY"),
        ("売上高（億ドル）", "123400000000", "USD"),
        ("販売台数（千台）", "1234000", "台"),
        ("前年比(%)", "1234", "%"),
        ("単位:%", "1234", "%"),
        ("Revenue (in millions of USD)", "1234000000", "USD"),
        ("Revenue, USD million", "1234000000", "USD"),
        ("Sales ($m)", "1234000000", "USD"),
        ("Sales (EUR m)", "1234000000", "EUR"),
        ("Table 3 Revenue in JPY billion", "1234000000000", "JPY"),
        ("Vehicles (thousand units)", "1234000", ""),
    ],
)
def test_a_measure_is_joined_to_a_bare_number(measure: str, value: str, unit: str) -> None:
    (one,) = cell_quantities("1,234", measure, None)
    assert (one.value, one.unit, one.start, one.end) == (Decimal(value), unit, 0, 5)
    assert cell_quantities("1,234", "欧州", measure) == [one]


def test_precision_is_that_of_the_digits_in_the_measure() -> None:
    assert [one.precision for one in cell_quantities("12.5", "(億円)", None)] == [7]


def test_the_header_goes_before_the_caption_and_a_number_s_own_unit_before_both() -> None:
    assert [one.unit for one in cell_quantities("12.5", "前年比(%)", "（単位：億円）")] == ["%"]
    assert cell_quantities("12.5%", "欧州", "（単位：億円）") == []
    assert [one.unit for one in cell_quantities("12", "欧州", "（単位：億円、%）")] == ["JPY", "%"]


@pytest.mark.parametrize(
    "header",
    ["売上高", "発表日", "(注1)", "概要(2024年)", "Figure 2 Company", "(A)", "価格（元/百万tokens）", "Q1", ""],
)
def test_what_names_no_measure_joins_nothing(header: str) -> None:
    assert cell_quantities("1,234", header, None) == []


def test_a_year_is_not_measured_by_a_caption() -> None:
    assert cell_quantities("2024", "年度", "（単位：億円）") == []


def test_where_a_measure_scales_its_unit_alone_is_not_named() -> None:
    assert "jpy" not in unscaled("Revenue (JPY million)")
    assert unscaled("価格（元/百万tokens）") == "価格(元/百万tokens)"
