"""What a person should know of how a report could be read is named by page; an ordinary report has nothing to be told."""

from pathlib import PurePosixPath

import pytest

from assistant.reading.builder import ReportBuilder
from assistant.reading.quality import notes
from assistant.types import BlockKind, Report, Source

PROSE = "電池の生産は前年より増え、各社は新しい工場の計画を公表した。"


def report(pages: list[str], width: float = 595) -> Report:
    builder = ReportBuilder()
    for number, text in enumerate(pages, 1):
        builder.start_page(number, width, 842)
        builder.block(BlockKind.PARAGRAPH, text)
    return built(builder)


def built(builder: ReportBuilder) -> Report:
    read = builder.build(Source())
    return Report(
        "0" * 12, PurePosixPath("a.pdf"), "0" * 64, "application/pdf", read.source, read.text, read.blocks, read.pages
    )


def test_an_ordinary_report_has_nothing_to_be_told():
    assert notes(report([f"{number}章 {PROSE * 4}" for number in range(4)])) == ()


def test_pages_without_text_are_listed_as_one_writes_them():
    assert notes(report([PROSE * 2, "", "", "", PROSE * 3, ""])) == (("quality_no_text", "2-4, 6"),)


def test_pages_with_hardly_any_text_are_listed_and_sheets_are_not():
    pages = [PROSE * 2, "図1 工場", PROSE * 3]
    assert notes(report(pages)) == (("quality_little_text", "2"),)
    assert notes(report(pages, width=0)) == ()


@pytest.mark.parametrize("broken", ["\ufffd", "(cid:12)", "/g12 ", "/G3F ", "\ue012\ue013 "])
def test_pages_with_characters_that_nobody_can_read_are_listed(broken: str):
    assert notes(report([PROSE * 2, PROSE + broken * 3 + PROSE])) == (("quality_broken", "2"),)
    assert notes(report([PROSE * 2, PROSE + broken + PROSE])) == ()


@pytest.mark.parametrize("ordinary", ["-- --- ----", "/gdb /games /Good /usr/lib", "\ue000項目 \ue000項目 \ue000項目"])
def test_dashes_paths_and_bullets_are_no_broken_characters(ordinary: str):
    assert notes(report([PROSE + ordinary * 3 + PROSE])) == ()


def test_a_text_without_pages_is_told_of_its_broken_characters():
    builder = ReportBuilder()
    builder.block(BlockKind.PARAGRAPH, f"{PROSE}\ufffd\ufffd\ufffd")
    assert notes(built(builder)) == (("quality_broken", "-"),)


def test_a_table_without_rows_is_named_and_one_with_rows_or_a_figure_is_not():
    builder = ReportBuilder()
    builder.start_page(1, 595, 842)
    builder.block(BlockKind.PARAGRAPH, PROSE * 2)
    builder.caption("表1 生産台数")
    builder.row([("国", "日本"), ("台数", "12")])
    builder.block(BlockKind.PARAGRAPH, PROSE)
    builder.caption("図1 工場の所在地")
    builder.block(BlockKind.PARAGRAPH, PROSE)
    builder.caption("Table 2 Production")
    builder.block(BlockKind.PARAGRAPH, "Japan 12 China 30")
    builder.block(BlockKind.PARAGRAPH, PROSE)
    assert notes(built(builder)) == (("quality_tables", "Table 2 Production (p. 1)"),)


def test_a_page_that_stands_twice_is_named_with_the_first():
    assert notes(report([PROSE * 4, PROSE * 5, PROSE * 4])) == (("quality_twice", "3 = 1"),)
