"""Lists over tables: the rows that fit the question's dates exactly and most of its names, no others."""

from collections.abc import Callable
from datetime import date
from pathlib import PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answering.asked import asked
from assistant.answering.tables import rows_wanted
from assistant.indexing.passages import split
from assistant.language.aliases import AliasTable
from assistant.reading import reader
from assistant.retrieval.query import understand
from tests.conftest import Shipped

TABLE = """# 提携

| No. | 発表日 | 企業 | 相手 | 概要 |
|---|---|---|---|---|
| 1-1 | 2025年7月15日 | BMW | モメンタ | 運転支援システムを開発する。 |
| 1-2 | 2025年8月18日 | アウディ | モメンタ | 運転支援システムを量産車に載せる。BMWとの取り組みとは別のもので、対象とする車種も異なると説明している。 |
| 2-1 | 2024年12月2日 | 日産 | 電享科技 | エネルギー管理を広める。 |
| 2-2 | 2024年12月10日 | ステランティス | CATL | 電池工場を建てる。 |
"""


def rows(question: str, table: str = TABLE) -> list[str | None]:
    query = understand(question)
    passages = split(reader.read(table.encode(), PurePosixPath("a.md")))
    return [row.block.row for row in rows_wanted(query, asked(question), lambda: passages, AliasTable(())) or ()]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("2024年12月に発表された提携をすべて挙げてください", ["2-1", "2-2"]),
        ("List everything that was announced in December 2024", ["2-1", "2-2"]),
        ("Everything announced in December 2024", ["2-1", "2-2"]),
        ("モメンタと組んだ企業をすべて教えてください", ["1-1", "1-2"]),
        ("Name all the companies that teamed up with Momenta", ["1-1", "1-2"]),
        ("BMWの提携をすべて挙げてください", []),  # one row: a quote says it better
        ("2023年に発表された提携をすべて挙げてください", []),
        ("Name everything that Qatar signed", []),  # CATL sounds like it, and is another
        ("BMWの2024年12月と2025年7月15日の提携", ["1-1"]),
        ("BMWの2024年12月の提携をすべて挙げてください", []),
        ("BMWとアウディが2025年に発表した提携を比較してください", ["1-1", "1-2"]),
        ("What did BMW announce in July 2025?", ["1-1"]),
        ("2025年8月18日の発表は", ["1-2"]),
        ("中国では2025年7月に何が発表されましたか", []),
        ("提携をすべて挙げてください", []),
        ("モメンタは何を開発しますか", []),
    ],
)
def test_rows_are_filtered_by_dates_and_names(question: str, expected: list[str]) -> None:
    assert rows(question) == expected


def test_a_list_over_rows_is_a_table_with_a_citation_a_row(shipped: Shipped) -> None:
    answer = shipped.assistant.ask("BMWの提携をすべて挙げてください")
    head, rule, *lines = answer.text.splitlines()
    assert head == "| 発表日 | 外資系企業 | 協業相手 | 概要 |"
    assert set(rule) == {"|", "-"}
    assert [citation.row for citation in answer.citations] == ["1-2", "2-4", "2-5", "2-6"]
    assert [line.endswith(f" [{number}] |") for number, line in enumerate(lines, start=1)] == [True] * 4
    for claim in answer.claims:
        assert answer.text[claim.start : claim.end] == claim.text


def test_a_reader_of_the_other_language_gets_the_short_cells_in_it(shipped: Shipped) -> None:
    answer = shipped.assistant.ask("List everything that was announced in December 2024")
    assert answer.text.startswith("| Announced | Foreign company | Partner | Summary |")
    assert "| 10 December 2024 |" in answer.text
    assert {claim.verdict for claim in answer.claims} == {"supported"}


@pytest.mark.parametrize(
    "question",
    ["When did BMW team up with Momenta?", "BMWはいつモメンタと組みましたか", "モメンタとBMWの提携の発表日は?"],
)
def test_of_rows_about_one_name_the_row_with_both_comes_first(question: str, shipped: Shipped) -> None:
    first = shipped.assistant.ask(question).citations[0].quote
    assert "BMW" in first and "モメンタ" in first


FIRMS = ("BMW", "Audi", "Nissan", "Toyota")
DEALS = st.tuples(st.sampled_from(FIRMS), st.dates(date(2024, 1, 1), date(2026, 12, 28)), st.integers(1, 99))
MONTHS = "January February March April May June July August September October November December".split()
A, B = date(2025, 3, 10), date(2025, 9, 20)
# what is asked of firm, day and hundred million euros, and which deals that means
SPANS: tuple[tuple[str, Callable[[str, date, int], bool]], ...] = (
    ("List everything announced since 2025", lambda firm, day, amount: day.year >= 2025),
    ("2025年以降に発表されたものをすべて挙げて", lambda firm, day, amount: day.year >= 2025),
    ("List everything announced before 2025", lambda firm, day, amount: day.year < 2025),
    ("List everything announced after March 10, 2025", lambda firm, day, amount: day > A),
    ("2025年3月10日以降の一覧", lambda firm, day, amount: day >= A),
    ("2025年3月10日より前の一覧", lambda firm, day, amount: day < A),
    ("2025年9月までの一覧", lambda firm, day, amount: day <= date(2025, 9, 30)),
    ("List everything between March and July 2025", lambda firm, day, amount: day.year == 2025 and 3 <= day.month <= 7),
    ("List everything in March and July 2025", lambda firm, day, amount: day.year == 2025 and day.month in (3, 7)),
    ("2025年3月10日から2025年9月20日までの一覧", lambda firm, day, amount: A <= day <= B),
    ("List everything from 10 March 2025 to 20 September 2025", lambda firm, day, amount: A <= day <= B),
    ("2025年上半期の一覧", lambda firm, day, amount: day.year == 2025 and day.month <= 6),
    ("List everything over 1 billion euros", lambda firm, day, amount: amount > 10),
    ("10億ユーロ以上のものをすべて", lambda firm, day, amount: amount >= 10),
    ("10億ユーロ以上50億ユーロ未満の一覧", lambda firm, day, amount: 10 <= amount < 50),
    ("List what Audi announced since 2025 for less than 5 billion euros",
     lambda firm, day, amount: firm == "Audi" and day.year >= 2025 and amount < 50),
    ("BMWの2025年3月から7月までの一覧", lambda firm, day, amount: firm == "BMW" and day.year == 2025 and 3 <= day.month <= 7),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(DEALS, min_size=1, max_size=12), st.sampled_from(SPANS), st.booleans())
def test_a_condition_holds_of_exactly_the_rows_that_are_listed(
    deals: list[tuple[str, date, int]], span: tuple[str, Callable[[str, date, int], bool]], japanese: bool
) -> None:
    question, fits = span
    table = "| No. | Announced | Company | Amount |\n|---|---|---|---|\n"
    for number, (firm, day, amount) in enumerate(deals):
        said = (f"{day.year}年{day.month}月{day.day}日", f"{amount}億ユーロ")
        if not japanese:
            said = (f"{day.day} {MONTHS[day.month - 1]} {day.year}", f"{amount / 10} billion euros")
        table += f"| {number + 1}-9 | {said[0]} | {firm} | {said[1]} |\n"
    expected = [f"{number + 1}-9" for number, deal in enumerate(deals) if fits(*deal)]
    named = any(firm in question for firm, _, _ in deals)
    least = 1 if named else 2  # a lone row that no name leads to is left to the quotes
    if named or not any(firm in question for firm in FIRMS):
        assert rows(question, table) == (expected if len(expected) >= least else [])
