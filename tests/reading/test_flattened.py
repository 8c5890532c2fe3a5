"""Tables of slides whose columns were written one after the other: kept whole, joined into rows where lengths agree."""

from pathlib import PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answering.verify import Verifier
from assistant.indexing.passages import split
from assistant.language.aliases import AliasTable
from assistant.reading import reader
from assistant.stores.codec import pack_passage, pack_report, unpack_passage, unpack_report
from assistant.types import Block, Passage, Report, Verdict

NAMES = ["コウ社", "Otsu-2", "ヘイ電機", "Tei 4 Pro", "ボ重工", "Ki Lite"]
VALUES = ["12.5", "1,300円", "8%", "約40", "無償", "0.9"]
SLIDES = "".join(f" 話題その{n}を述べる\n第{n}章│話題{n}\n\n本文はここに{n}つある。\n\n" for n in range(1, 4))


def read(*lines: str) -> Report:
    """A deck of which the last slide holds these lines."""
    text = SLIDES + " 価格を比べる\n第4章│価格の比較\n\n" + "\n".join(lines) + "\n\n出所：架空の資料\n"
    return reader.read(text.encode(), PurePosixPath("deck.txt"))


def tables(report: Report) -> list[Block]:
    return [block for block in report.blocks if block.inferred]


def rows(report: Report) -> list[str]:
    return [passage.said(unit) for passage in split(report) for unit in passage.units if unit.cells]


def test_two_columns_of_one_length_become_rows() -> None:
    report = read(*NAMES, "", *VALUES)
    assert rows(report) == [f"{name} / {value}" for name, value in zip(NAMES, VALUES, strict=True)]
    (block,) = tables(report)
    assert report.text[block.start : block.end] == "\n".join([*NAMES, "", *VALUES])


@pytest.mark.parametrize("axis", ["0 10 20 30 40", "0% 20% 40%", "-5 0 5 10"])
def test_a_charts_axis_parts_columns(axis: str) -> None:
    values = ["12.5", "", "1,300円", "8%", "", "無料", "無料", "0.9"]
    report = read(*values, "", axis, "", *NAMES[:2], "", *NAMES[2:])
    found = [value for value in values if value]
    assert rows(report) == [f"{value} / {name}" for value, name in zip(found, NAMES, strict=True)]


def test_a_name_over_values_is_their_header() -> None:
    values = ["12.5", "1,300", "8", "40", "0.9", "7"]
    report = read("機種", *NAMES, "価格（円）", *values)
    assert rows(report)[0] == "機種: コウ社 / 価格（円）: 12.5"
    assert len(rows(report)) == 6


@pytest.mark.parametrize(
    "lines",
    [
        [*NAMES, *VALUES[:5]],
        [*NAMES[:4], *VALUES[:4]],
        [*NAMES, *NAMES],
        [*VALUES, *VALUES],
        ["26%7%", "5%", "4%", "28%", "米国", "中国", "英国", "ドイツ", "3.0%", "カナダ", "その他", "57%", "12%", "計"],
        [f"これは{n}番目の文である。" for n in range(12)],
        [f"• 項目{n}" for n in range(12)],
        [*NAMES, "", "", *VALUES],
    ],
)
def test_nothing_is_inferred_where_lengths_or_kinds_do_not_agree(lines: list[str]) -> None:
    assert tables(read(*lines)) == []


def test_columns_of_unlike_length_are_kept_together_all_the_same() -> None:
    lines = [*NAMES, "", "0 10 20 30", "", *VALUES[:5]]
    report = read(*lines)
    assert tables(report) == []
    assert any("\n".join(lines) in report.text[block.start : block.end] for block in report.blocks)


def test_a_table_stays_in_one_passage_however_long_it_is() -> None:
    names = [f"架空の会社その{n}番の長い名前" for n in range(40)]
    report = read(*names, *(f"{n}.5%" for n in range(40)))
    whole = [passage for passage in split(report) if any(unit.cells for unit in passage.units)]
    assert len(whole) == 1 and len(whole[0].text) > 700
    assert f"{names[39]} / 39.5%" in whole[0].search_text


def test_an_article_without_slides_has_no_such_tables() -> None:
    text = "題名\n\n" + "\n".join([*NAMES, *VALUES]) + "\n"
    assert tables(reader.read(text.encode(), PurePosixPath("article.txt"))) == []


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from([*NAMES, *VALUES, "", "0 10 20 30"]), max_size=30))
def test_rows_lie_in_their_block_and_outlive_the_catalog(lines: list[str]) -> None:
    report = read(*lines, "終わりの文はここにある。")
    for block in tables(report):
        for cell in (cell for row in block.inferred for cell in row):
            assert block.start <= cell.start < cell.end <= block.end
    again = unpack_report(report.report_id, str(report.path), report.sha256, pack_report(report))
    assert again == report
    for passage in split(report):
        assert unpack_passage(pack_passage(passage)) == passage
        assert all(passage.anchor.start <= unit.start < unit.end <= passage.anchor.end for unit in passage.units)


def passage() -> Passage:
    return next(one for one in split(read(*NAMES, *VALUES)) if any(unit.cells for unit in one.units))


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("ヘイ電機は8%である。", Verdict.PARTIAL),
        ("ヘイ電機は9%である。", Verdict.UNSUPPORTED),
        ("コウ社\nOtsu-2", Verdict.SUPPORTED),
    ],
)
def test_what_an_inferred_row_says_is_never_wholly_supported(claim: str, verdict: Verdict) -> None:
    verified = Verifier(AliasTable([]), lambda key: False).verify(claim, [passage()])
    assert verified.verdict is verdict
    if verdict is Verdict.PARTIAL:
        check = verified.checks[-1]
        assert (check.kind, check.ok, check.source) == ("inferred", None, "ヘイ電機 / 8%")
        assert passage().words(verified.unit.start, verified.unit.end).startswith("ヘイ電機")
