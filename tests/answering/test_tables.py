"""Lists over tables: the rows that fit the question's dates exactly and most of its names, no others."""

from pathlib import PurePosixPath

import pytest

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


def rows(question: str) -> list[str | None]:
    query = understand(question)
    passages = split(reader.read(TABLE.encode(), PurePosixPath("a.md")))
    return [row.block.row for row in rows_wanted(query, asked(question), lambda: passages, AliasTable(()))]


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
