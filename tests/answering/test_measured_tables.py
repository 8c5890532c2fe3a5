"""A claim gives a table's number in the unit of its header or caption, and in no other."""

from pathlib import PurePosixPath

import pytest

from assistant.answering.verify import Verifier
from assistant.indexing.passages import split
from assistant.indexing.terms import passage_terms
from assistant.language.aliases import AliasTable
from assistant.reading.reader import read
from assistant.types import Passage, Verdict

CAPTIONED = """# 決算

表1 地域別の売上高

（単位：億円）

| 地域 | 売上高 | 前年比(%) |
|---|---|---|
| 欧州 | 1,234 | 5.6 |
| 北米 | 2,345 | 7.8 |
"""
HEADED = """# Results

Table 1 Revenue by region

| Region | Revenue (USD million) | Staff |
|---|---|---|
| Europe | 1,234 | 5,600 |
| Asia | 2,345 | 7,800 |
"""

DATED = """# 訪日客

| 国 | 2019年(人) | 2024年(人) | 2025年予測(人) |
|---|---|---|---|
| 韓国 | 5,584,597 | 8,817,800 | 9,100,000 |
| 中国 | 9,594,394 | 6,981,200 | 8,300,000 |
"""
AGES = """# Survey

| Age group | Monthly spending (JPY) | Result (2024) |
|---|---|---|
| 18-24 | 4,850 | loss of 1.2 million yen |
| 25-34 | 6,720 | profit of 3.4 million yen |
"""


def passages(text: str) -> tuple[Passage, ...]:
    found = split(read(text.encode(), PurePosixPath("a.md")))
    return tuple(passage for passage in found if any(block.cells for block in passage.blocks))


@pytest.fixture(scope="module")
def verifier() -> Verifier:
    return Verifier(AliasTable([]), lambda key: False)


@pytest.mark.parametrize(
    ("text", "claim", "is_borne_out"),
    [
        (CAPTIONED, "欧州の売上高は1,234億円である。", True),
        (CAPTIONED, "欧州の売上高は約1,230億円である。", True),
        (CAPTIONED, "Revenue in Europe was 123.4 billion yen.", True),
        (CAPTIONED, "欧州の売上高の前年比は5.6%である。", True),
        (CAPTIONED, "欧州の売上高は1,234万円である。", False),
        (CAPTIONED, "欧州の売上高は1,234円である。", False),
        (CAPTIONED, "欧州の売上高は1,234億ドルである。", False),
        (CAPTIONED, "欧州の売上高は1,235億円である。", False),
        (HEADED, "Revenue in Europe was $1,234 million.", True),
        (HEADED, "Revenue in Europe was 1.234 billion dollars.", True),
        (HEADED, "Revenue in Europe was 1,234 dollars.", False),
        (HEADED, "Revenue in Europe was $1,234 billion.", False),
        (HEADED, "Europe has a staff of 5,600.", True),
    ],
)
def test_a_number_is_borne_out_in_its_table_s_measure_only(
    verifier: Verifier, text: str, claim: str, is_borne_out: bool
) -> None:
    verdict = verifier.verify(claim, passages(text)).verdict
    assert (verdict is Verdict.SUPPORTED) == is_borne_out
    assert is_borne_out or verdict is Verdict.UNSUPPORTED


def test_a_number_is_found_in_its_table_s_measure() -> None:
    (passage,) = passages(CAPTIONED)
    assert {"=JPY:123400000000", "=JPY:234500000000", "=%:5.6"} <= set(passage_terms(passage).quantities)


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("韓国からの訪日客は2024年に8,817,800人だった。", Verdict.SUPPORTED),
        ("2024年の韓国からの訪日客は約882万人だった。", Verdict.SUPPORTED),
        ("韓国からの訪日客は2019年の558万人から2024年の882万人に増えた。", Verdict.SUPPORTED),
        ("韓国からの訪日客は2019年に8,817,800人だった。", Verdict.PARTIAL),
        ("韓国からの訪日客は2024年に5,584,597人だった。", Verdict.PARTIAL),
        ("韓国からの訪日客は2023年に8,817,800人だった。", Verdict.UNSUPPORTED),
    ],
)
def test_a_figure_is_of_the_date_over_its_column(claim: str, verdict: Verdict, verifier: Verifier) -> None:
    assert verifier.verify(claim, passages(DATED)).verdict is verdict


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("25～34歳の月間支出は6,720円である。", Verdict.SUPPORTED),
        ("25～34歳の1人当たりの月間支出は6,720円である。", Verdict.SUPPORTED),
        ("25～34歳の月間支出は4,850円である。", Verdict.PARTIAL),
        ("25～39歳の月間支出は6,720円である。", Verdict.UNSUPPORTED),
        ("The loss was 1.2 million yen.", Verdict.SUPPORTED),
        ("The profit was 1.2 million yen.", Verdict.UNSUPPORTED),
        ("340万円の赤字となった。", Verdict.UNSUPPORTED),
    ],
)
def test_a_range_is_a_row_s_label_and_a_loss_no_profit(claim: str, verdict: Verdict, verifier: Verifier) -> None:
    assert verifier.verify(claim, passages(AGES)).verdict is verdict
