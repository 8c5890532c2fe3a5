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
