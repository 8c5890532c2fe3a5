"""The builder: offsets that cannot disagree with the text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.reading.builder import ReportBuilder, says_caption, says_note
from assistant.types import BlockKind, Box, Source

BOX = Box(0.1, 0.2, 0.3, 0.4)


def test_blocks_are_joined_by_a_newline_and_pages_by_an_empty_line():
    builder = ReportBuilder()
    builder.start_page(1, 595, 842)
    builder.furniture("Head")
    builder.block(BlockKind.PARAGRAPH, "一\r\n二", [("一", BOX), ("二", BOX)])
    builder.start_page(2, 595, 842)
    builder.block(BlockKind.PARAGRAPH, "三")
    report = builder.build(Source())
    assert report.text == "Head\n一\n二\n\n三"
    assert [(page.number, page.start, page.end) for page in report.pages] == [(1, 0, 8), (2, 10, 11)]
    assert [(line.start, line.end, line.page) for line in report.blocks[0].boxes] == [(5, 6, 1), (7, 8, 1)]
    assert [block.page for block in report.blocks] == [1, 2]


def test_a_heading_heads_until_one_of_its_level_or_higher():
    builder = ReportBuilder()
    for level, title in ((1, "A"), (2, "B"), (3, "C"), (2, "D"), (1, "E")):
        builder.heading(level, title)
    paths = [block.heading_path for block in builder.build(Source()).blocks]
    assert paths == [("A",), ("A", "B"), ("A", "B", "C"), ("A", "D"), ("E",)]


def test_a_caption_heads_rows_and_notes_until_something_else_comes():
    builder = ReportBuilder()
    builder.caption("表1")
    builder.furniture("国\t数")
    builder.row([("国", "日本"), ("数", "1")])
    builder.block(BlockKind.NOTE, "注: x")
    builder.block(BlockKind.PARAGRAPH, "p")
    builder.row([("", "a")])
    assert [block.caption for block in builder.build(Source()).blocks] == [None, "表1", "表1", None, None]


def test_a_row_without_words_is_not_written():
    builder = ReportBuilder()
    builder.row([("a", " "), ("b", "")])
    builder.furniture(" \n")
    assert builder.build(Source()).text == ""


@pytest.mark.parametrize("text", ["図表1-2 売上", "表3：輸出", "Table 4. Sales", "Figure 12", "図１　推移"])
def test_captions_are_seen(text):
    assert says_caption(text)


@pytest.mark.parametrize(
    "text", ["図1に示すとおり", "表2は減少した。", "table of contents", "表示10", "Table 3, like Table 4, shows"]
)
def test_sentences_about_figures_are_no_captions(text):
    assert not says_caption(text)


@pytest.mark.parametrize(
    ("text", "is_note"), [("注1：概算", True), ("（注）概算", True), ("注目する", False), ("Notes on", False)]
)
def test_notes_are_seen(text, is_note):
    assert says_note(text) is is_note


CELL = st.tuples(st.text(max_size=3), st.text(alphabet="a 日\t\n\r\ud800", max_size=6))


@given(st.lists(st.one_of(st.text(max_size=8), st.lists(CELL, max_size=4)), max_size=8))
def test_every_cell_is_where_it_says(parts):
    builder = ReportBuilder()
    for part in parts:
        if isinstance(part, str):
            builder.block(BlockKind.PARAGRAPH, part)
        else:
            builder.row(part)
    report = builder.build(Source())
    written = [part for part in parts if not isinstance(part, str) and any(text.split() for _, text in part)]
    rows = [block for block in report.blocks if block.kind is BlockKind.TABLE_ROW]
    for block, cells in zip(rows, written, strict=True):
        words = [" ".join(text.replace("\ud800", "\ufffd").split()) for _, text in cells]
        assert [report.text[cell.start : cell.end] for cell in block.cells] == [word for word in words if word]
        assert report.text[block.start : block.end].split() == " ".join(words).split()


def test_what_a_table_is_measured_in_goes_with_its_caption() -> None:
    builder = ReportBuilder()
    builder.caption("表1 売上高")
    builder.block(BlockKind.PARAGRAPH, "（単位：億円）")
    builder.row([("地域", "欧州"), ("売上高", "1,234")])
    builder.block(BlockKind.NOTE, "単位：百万ドル")
    builder.row([("地域", "北米"), ("売上高", "2,345")])
    blocks = builder.build(Source()).blocks
    rows = [block for block in blocks if block.kind is BlockKind.TABLE_ROW]
    assert [row.caption for row in rows] == ["表1 売上高 （単位：億円）", "単位：百万ドル"]
    assert [block.kind for block in blocks].count(BlockKind.CAPTION) == 3
