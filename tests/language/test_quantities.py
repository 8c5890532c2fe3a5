"""Quantities and dates: the contract's table of what is the same in both languages, and what is no quantity."""

import time
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.language.quantities import canonical_terms, quantities, quantity_terms
from assistant.types import Quantity


def canonical(text: str) -> list[str]:
    """The most precise canonical term of every quantity of a text that has any."""
    return [terms[0] for quantity in quantities(text) if (terms := canonical_terms(quantity))]


@pytest.mark.parametrize(
    ("report", "answers", "term"),
    [
        (
            "最大41億ユーロ",
            [
                "up to 4.1 billion euros",
                "€4.1bn",
                "4,100 million EUR",
                "EUR 4.1 billion",
                "４１億€",
                "€4.1 billion in all",
            ],
            "=EUR:4100000000",
        ),
        ("5,784億元", ["578.4 billion yuan", "RMB 578.4bn", "CNY 578.4 billion", "5784億人民元"], "=CNY:578400000000"),
        ("1,992,498,902個", ["1,992,498,902", "１，９９２，４９８，９０２個"], "=:1992498902"),
        ("約20億", ["about 2.0 billion", "20億", "2 billion"], "=:2000000000"),
        ("62.6%", ["62.6 percent", "６２．６％", "62.6パーセント", "62.6 per cent", "62.6 %"], "=%:62.6"),
        ("3割", ["30%", "３割", "三割", "30 percent"], "=%:30"),
        ("3倍", ["3 times", "三倍", "3.0倍"], "=x:3"),
        ("1兆2,345億円", ["1.2345兆円", "1,234.5 billion yen", "JPY 1,234.5bn"], "=JPY:1234500000000"),
        ("1億2,000万円", ["120 million yen", "1.2億円", "１億２０００万円", "￥120,000,000"], "=JPY:120000000"),
        (
            "5百万ドル",
            ["US$5 million", "$5 million", "5 million US dollars", "500万ドル", "$5,000,000"],
            "=USD:5000000",
        ),
        ("3.6万社", ["3万6千社", "36,000社", "36,000", "36,000 companies", "全世界で計3.6万社"], "=:36000"),
        ("3.5GWh", ["3.5 GWh", "３．５ＧＷｈ"], "=GWh:3.5"),
        ("1,000トン", ["1,000 tonnes", "1000 tons"], "=t:1000"),
        ("500㌔", ["500キロ", "500"], "=:500"),
        (
            "2025年7月15日",
            ["15 July 2025", "July 15, 2025", "2025-07-15", "7/15/2025", "15th of July 2025"],
            "@2025-07-15",
        ),
        ("令和7年7月15日", ["２０２５年７月１５日", "2025/7/15", "2025.07.15", "Jul. 15, 2025"], "@2025-07-15"),
        ("令和6年3月", ["March 2024", "2024年3月", "24年3月", "Mar 2024", "2024/03"], "@2024-03"),
        ("令和元年5月", ["May 2019", "2019年5月"], "@2019-05"),
        ("平成元年", ["1989年", "in 1989"], "@1989"),
        ("昭和64年1月7日", ["7 January 1989", "January 7th, 1989"], "@1989-01-07"),
        ("2024年度", ["2024年", "since 2024", "令和6年"], "@2024"),
        ("7月15日", ["July 15", "15 July", "15th July"], "@-07-15"),
    ],
)
def test_the_same_quantity_in_other_words_has_the_same_term(report, answers, term):
    assert canonical(report) == [term]
    assert {answer: canonical(answer) for answer in answers} == {answer: [term] for answer in answers}


@pytest.mark.parametrize(
    ("report", "answers"),
    [
        ("最大41億ユーロ", ["€41 billion", "€410 million", "$4.1 billion", "41億円", "40億ユーロ"]),
        ("5,784億元", ["57.84 billion yuan", "5,784億円", "578.4 million yuan"]),
        ("3.6万社", ["360万社", "3,600社", "3.6 million companies"]),
        ("1,992,498,902個", ["190万", "1,992,498,903"]),
        ("62.6%", ["62.9%", "6.26%", "62.6ポイント", "62.6"]),
        ("2025年7月15日", ["2025年7月5日", "2024年7月15日", "15 June 2025", "2025年7月"]),
        ("令和6年3月", ["March 2023", "平成6年3月", "2024年4月"]),
        ("3割", ["3%", "13%", "3倍"]),
        ("2倍", ["3倍", "23 times", "2割"]),
    ],
)
def test_another_quantity_has_another_term(report, answers):
    term = canonical(report)[0]
    for answer in answers:
        assert canonical(answer) and term not in canonical(answer), answer


@pytest.mark.parametrize("text", ["2倍から3倍", "2-3倍", "2〜3倍", "two to three times", "2 to 3 times"])
def test_a_range_is_both_of_its_ends(text):
    assert [(found.value, found.unit) for found in quantities(text)] == [(Decimal(2), "x"), (Decimal(3), "x")]


def test_a_range_is_not_its_digits_in_a_row():
    assert [(found.value, found.unit) for found in quantities("23 times")] == [(Decimal(23), "x")]


@pytest.mark.parametrize("text", ["数百万", "several million", "millions of cars"])
def test_a_scale_without_digits_is_vague(text):
    (found,) = quantities(text)
    assert (found.kind, found.value, found.approximate) == ("vague", Decimal(10) ** 6, True)
    assert canonical_terms(found) == []


@pytest.mark.parametrize(
    "text",
    [
        "version 3.2.1",
        "バージョン3.2.1を公開",
        "GPT-4",
        "GPT-4oは",
        "5G",
        "5Gを使う",
        "L4",
        "CO2",
        "ISO9001",
        "第3章",
        "第12回",
        "1-2",
        "図表1-2",
        "Table 1-2",
        "COVID-19",
        "the 1990s",
        "1990-2000s",
        "売上は増えた。",
        "Sales rose.",
        "",
    ],
)
def test_versions_labels_and_names_are_no_quantities(text):
    assert quantities(text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("投資額は最大41億ユーロに達し、前年比3割増", ["41億ユーロ", "3割"]),
        ("It rose by 62.6 percent, to €4.1bn, on 15 July 2025.", ["62.6 percent", "€4.1bn", "15 July 2025"]),
        ("２０２５年７月１５日に約３．６万社が", ["２０２５年７月１５日", "約３．６万社"]),
        ("走行５００㌔、電池80kWhのEV", ["５００", "80kWh"]),
        ("ﾊﾞｯﾃﾘｰは20kg、価格は1億2,000万円", ["20kg", "1億2,000万円"]),
        ("BYD said 36% of 41億元", ["36%", "41億元"]),
    ],
)
def test_offsets_point_at_the_words(text, words):
    assert [text[found.start : found.end] for found in quantities(text)] == words


def test_a_quantity_has_its_kind_value_unit_and_precision():
    assert quantities("最大41億ユーロ") == [Quantity("money", Decimal("4100000000"), "EUR", 8, False, 2, 8)]
    assert quantities("about 2.0 billion") == [Quantity("number", Decimal("2000000000"), "", 8, True, 0, 17)]
    assert quantities("62.60%") == [Quantity("percent", Decimal("62.60"), "%", -2, False, 0, 6)]
    assert quantities("3割") == [Quantity("percent", Decimal(30), "%", 1, False, 0, 2)]
    assert quantities("15 July 2025") == [Quantity("date", None, "date", 0, False, 0, 12, (2025, 7, 15))]
    assert quantities("24年4月") == [Quantity("date", None, "date", 0, False, 0, 5, (2024, 4, None))]


@pytest.mark.parametrize(
    ("text", "precision"),
    [
        ("41億", 8),
        ("4.1 billion", 8),
        ("4.10 billion", 7),
        ("4,100 million", 6),
        ("36,000", 0),
        ("3万6千", 3),
        ("5.0%", -1),
    ],
)
def test_the_precision_is_the_last_digit_that_is_written(text, precision):
    assert quantities(text)[0].precision == precision


@pytest.mark.parametrize("text", ["約3割", "およそ30社", "ほぼ2倍", "about 30%", "Roughly 2 billion", "nearly 5 GWh"])
def test_an_approximate_quantity_says_so(text):
    assert [found.approximate for found in quantities(text)] == [True]


@pytest.mark.parametrize("text", ["3割", "30社", "exactly 30%"])
def test_an_exact_quantity_is_not_approximate(text):
    assert [found.approximate for found in quantities(text)] == [False]


def test_a_date_is_found_at_every_precision_that_it_says():
    assert quantity_terms("令和7年7月15日") == ["@2025-07-15", "@2025-07", "@2025", "@-07-15"]
    assert quantity_terms("July 2025") == ["@2025-07", "@2025"]
    assert quantity_terms("in 2025") == ["@2025"]
    assert quantity_terms("7月15日に3社") == ["@-07-15", "=:3"]


@pytest.mark.parametrize("text", ["2025年13月", "2025-13-40", "13/45/2025", "99月99日", "45 July"])
def test_an_impossible_day_or_month_is_no_such_date(text):
    assert all(found.date is None or found.date[1:] == (None, None) for found in quantities(text))


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("9" * 28, "=:" + "9" * 28),
        ("1" + "0" * 60 + "円", "=JPY:1" + "0" * 60),
        ("1" + ",000" * 40, "=:1" + "000" * 40),
        ("1兆億", "=:1" + "0" * 20),
        ("0.000000000001%", "=%:0.000000000001"),
        ("0%", "=%:0"),
        ("00", "=:0"),
    ],
)
def test_absurd_magnitudes_are_written_out(text, term):
    assert canonical(text) == [term]


@pytest.mark.parametrize("text", ["1" + "兆" * 5000, "5" + " billion" * 5000, "9" * 5000, "1." + "0" * 5000 + "1%"])
def test_no_magnitude_is_too_absurd_to_be_read(text):
    assert all(term[0] == "=" for term in quantity_terms(text))


def test_no_digit_of_a_long_number_is_rounded_away():
    assert canonical("9" * 40 + "割") == ["=%:" + "9" * 40 + "0"]
    assert canonical("1" + "0" * 27 + "3億") == ["=:1" + "0" * 27 + "3" + "0" * 8]


@pytest.mark.parametrize(
    ("text", "value", "unit", "precision"),
    [
        ("3万5,000台", "35000", "台", 0),
        ("12万3456台", "123456", "台", 0),
        ("19億9,249万8,902個", "1992498902", "個", 0),
        ("１２万３４５６円", "123456", "JPY", 0),
        ("3割5分", "35", "%", 0),
        ("三割五分", "35", "%", 0),
        ("2割5分3厘", "25.3", "%", -1),
        ("5百万円", "5000000", "JPY", 6),
        ("1,234百万円", "1234000000", "JPY", 6),
        ("500千円", "500000", "JPY", 3),
        ("5 percentage points", "5", "pt", 0),
        ("5%ポイント", "5", "pt", 0),
        ("5ポイント", "5", "pt", 0),
        ("100 km/h", "100", "km/h", 0),
        ("100 km", "100", "km", 0),
        ("1900.01 million yen", "1900010000", "JPY", 4),
        ("2010.5 km", "2010.5", "km", -1),
        ("4.1B", "4100000000", "", 8),
        ("$4.1B", "4100000000", "USD", 8),
        ("$500k", "500000", "USD", 3),
        ("€5M", "5000000", "EUR", 6),
        ("10x", "10", "x", 0),
        ("レベル4", "4", "", 0),
        ("Level 4", "4", "", 0),
        ("3.2%¹", "3.2", "%", -1),
        ("①3社", "3", "社", 0),
        ("5²", "5", "", 0),
    ],
)
def test_one_notation_is_one_quantity(text, value, unit, precision):
    (found,) = quantities(text)
    assert (found.value, found.unit, found.precision) == (Decimal(value), unit, precision)


@pytest.mark.parametrize(
    "text",
    [
        "https://example.com/2024/05?p=12%",
        "www.example.com/3/5",
        "表3",
        "図3は",
        "図表 3に示す",
        "注1",
        "第 3",
        "see Table 3",
        "Figure 3 shows",
        "Fig. 3",
        "No. 3",
        "Note 2",
        "①",
        "½",
        "3½",
        "1080x720",
        "4K",
        "-5",
        "march",
    ],
)
def test_addresses_labels_and_marks_are_no_quantities(text):
    assert quantities(text) == []


def test_an_address_ends_where_japanese_goes_on():
    assert [found.unit for found in quantities("https://example.com/12によると3社")] == ["社"]


@pytest.mark.parametrize("text", ["発表3日後", "代表3", "a figure 3 times as high", "図3枚"])
def test_a_number_that_counts_after_a_word_like_a_label_is_a_quantity(text):
    assert [found.value for found in quantities(text)] == [3]


@pytest.mark.parametrize("text", ["▲5%", "△5%", "−5%", "-5%", "－５％", "前年比▲5%", "前年比-5%", "fell (-5%)", "△5円"])
def test_a_minus_right_before_the_digits_is_read(text):
    assert [found.value for found in quantities(text)] == [-5]


@pytest.mark.parametrize("text", ["3-5%", "3%-5%", "3–5%", "2 - 5%", "2%–5%", "GPT-5", "A-5%", "2倍-5倍"])
def test_a_dash_between_numbers_or_after_a_name_is_no_minus(text):
    assert all(found.value and found.value > 0 for found in quantities(text))


def test_a_fall_has_the_same_term_with_and_without_a_minus():
    assert canonical("▲5%") == canonical("5%減") == ["=%:5"]


@pytest.mark.parametrize(
    ("text", "ends", "unit"),
    [
        ("$1.5-2 billion", ["1500000000", "2000000000"], "USD"),
        ("$500k-600k", ["500000", "600000"], "USD"),
        ("10%-15%", ["10", "15"], "%"),
        ("1,500-2,000台", ["1500", "2000"], "台"),
        ("2億-3億円", ["200000000", "300000000"], "JPY"),
        ("5百万-6百万円", ["5000000", "6000000"], "JPY"),
        ("9千-1万円", ["9000", "10000"], "JPY"),
    ],
)
def test_a_range_has_both_ends_in_one_unit(text, ends, unit):
    assert [(str(found.value.to_integral()), found.unit) for found in quantities(text)] == [(end, unit) for end in ends]


def test_a_dash_between_two_units_is_no_range():
    assert [(found.value, found.unit) for found in quantities("3台-5%")] == [(3, "台")]


def test_cells_of_a_row_keep_their_minus():
    assert [found.value for found in quantities("売上 3.2% -5.1% −2億円")] == [
        Decimal("3.2"),
        Decimal("-5.1"),
        -2 * 10**8,
    ]


@pytest.mark.parametrize(
    "text", ["2021-2023年", "2021～2023年度", "2021年から2023年", "from 2021 to 2023", "2021–2023"]
)
def test_a_range_of_years_is_both_years(text):
    assert [found.date for found in quantities(text)] == [(2021, None, None), (2023, None, None)]


@pytest.mark.parametrize("text", ["5月に", "５月末", "同年5月期"])
def test_a_month_alone_is_a_date_without_a_year(text):
    assert [found.date for found in quantities(text)] == [(None, 5, None)]


@pytest.mark.parametrize("text", ["2025年2月30日", "30 February 2025", "4月31日", "2025-02-29"])
def test_a_day_that_no_calendar_has_is_no_date(text):
    assert all(found.date is None or found.date[2] is None for found in quantities(text))


@pytest.mark.parametrize("text", ["march 3 times", "may 5 billion", "may 5%"])
def test_a_count_after_a_verb_that_is_also_a_month_is_no_date(text):
    assert "date" not in [found.kind for found in quantities(text)]


def test_twenty_thousand_sentences_are_read_in_seconds():
    started = time.process_time()
    assert len(quantities("売上は3.2%増えた。" * 20_000)) == 20_000
    assert time.process_time() - started < 40


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.text(alphabet=st.characters(exclude_categories=["No", "So"]), max_size=40),
        st.text(alphabet="0123456789０５,.．-/年月日令和元億万千百兆円€$%％約第abillionmJuly15倍割社 \n", max_size=40),
    )
)
def test_quantities_of_any_text_stand_apart_in_order_and_inside_it(text):
    end, span = 0, (0, 0)
    for found in quantities(text):
        same = (found.start, found.end) == span  # the two ends of a range are written as one
        assert same or end <= found.start < found.end <= len(text)
        end, span = found.end, (found.start, found.end)
        assert all(term[0] in "=@" for term in canonical_terms(found))
    assert all(term.split(":")[-1] for term in quantity_terms(text))


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 9999), st.integers(1, 9999))
def test_an_amount_in_japanese_and_in_english_is_the_same(oku, man):
    value = oku * 10**8 + man * 10**4
    assert canonical(f"{oku}億{man}万円") == [f"=JPY:{value}"]
    assert canonical(f"JPY {value:,}") == [f"=JPY:{value}"]
    assert canonical(f"{Decimal(value) / 10**6} million yen") == [f"=JPY:{value}"]


@settings(max_examples=100, deadline=None)
@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_a_date_in_every_notation_is_the_same(day):
    english = f"{day:%B} {day.day}, {day.year}"
    notations = [
        f"{day.year}年{day.month}月{day.day}日",
        english,
        f"{day:%Y-%m-%d}",
        f"{day.month}/{day.day}/{day.year}",
    ]
    assert [canonical(text) for text in notations] == [[f"@{day:%Y-%m-%d}"]] * 4


@pytest.mark.parametrize("text", ["FY2024", "fiscal 2024", "fiscal year 2024", "2024年度"])
def test_a_fiscal_year_is_that_year(text):
    assert [found.date for found in quantities(text)] == [(2024, None, None)]


UNITS = [
    ("ユーロ", " euros", "EUR"),
    ("円", " yen", "JPY"),
    ("%", " percent", "%"),
    ("倍", " times", "x"),
    ("GWh", " GWh", "GWh"),
]


@settings(max_examples=150, deadline=None)
@given(st.integers(1, 10**9), st.integers(0, 3), st.sampled_from(UNITS))
def test_what_is_written_is_read_back_in_both_languages(digits, decimals, unit):
    value = Decimal(digits).scaleb(-decimals)
    for written in (f"{value:f}{unit[0]}", f"{value:,f}{unit[0]}", f"{value:f}{unit[1]}", f"{value:,f}{unit[1]}"):
        (found,) = quantities(written)
        assert (found.value, found.unit, found.precision) == (value, unit[2], -decimals), written


def full_width(text):
    return "".join(chr(ord(one) + 0xFEE0) if one.isascii() and one.isalnum() else one for one in text)


NOTATIONS = [
    "41億ユーロ", "4.1 billion euros", "3.6万社", "62.6%", "2025年7月15日", "令和7年7月15日", "3割5分", "約20億", "数百万", "2-3倍",
    "July 15, 2025", "1,234円", "▲5%", "version 3.2.1", "03-1234-5678", "3D", "5G", "第3章", "2-1", "10-K", "https://a.example/3",
    "9" * 60, "1兆億", "昭和99年", "明治元年", "0.0000001%", "GPT-4", "3.6 million", "",
]  # fmt: skip


@pytest.mark.parametrize("text", NOTATIONS)
def test_full_width_says_what_half_width_says(text):
    if "http" in text:
        return
    assert [canonical_terms(one) for one in quantities(full_width(text))] == [
        canonical_terms(one) for one in quantities(text)
    ]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(NOTATIONS), min_size=3, max_size=3))
def test_to_be_equal_is_an_equivalence(texts):
    one, two, three = (tuple(canonical(text)) for text in texts)
    assert one == one
    assert (one == two) == (two == one)
    assert not (one == two and two == three) or one == three


@pytest.mark.parametrize(
    "text", ["version 3.2.1", "3D", "5G", "第3章", "2-1", "10-K", "03-1234-5678", "+81-3-1234-5678", "192.168.0.1"]
)
def test_labels_and_numbers_of_other_kinds_equal_no_amount(text):
    amounts = {term for amount in ("3%", "5円", "2.1", "10", "3.2", "1234", "81") for term in quantity_terms(amount)}
    assert not amounts & set(quantity_terms(text))
