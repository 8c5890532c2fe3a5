"""Markdown: what is kept, what becomes which block, and what the front matter says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.reading.builder import Extracted
from assistant.reading.markdown import extract, front_matter
from assistant.types import BlockKind, Source


def blocks(text: str) -> list[tuple[str, str]]:
    report = extract(text, "report.md")
    return [(block.kind.value, report.text[block.start : block.end]) for block in report.blocks]


def rows(report: Extracted) -> list[list[tuple[str, str]]]:
    return [
        [(cell.header, report.text[cell.start : cell.end]) for cell in block.cells]
        for block in report.blocks
        if block.kind is BlockKind.TABLE_ROW
    ]


def test_front_matter_names_the_source_and_is_no_text():
    report = extract(
        "---\ntitle: \"中国の\\\"NEV\\\"市場\"\nauthor: 'O''Brien'\npublisher: JETRO # the office\ndate: 2025-12-04\n"
        "url: https://example.org/a#b\nlang: ja\ndigest_of: https://example.org/full\ntags:\n  - cars\n---\n本文。\n",
        "a.md",
    )
    assert report.source == Source(
        title='中国の"NEV"市場',
        author="O'Brien",
        publisher="JETRO",
        issued="2025-12-04",
        url="https://example.org/a#b",
        language="ja",
        digest_of="https://example.org/full",
    )
    assert report.text == "本文。"


@pytest.mark.parametrize(
    "text", ["---\nnot a field\n---\nbody", "---\ntitle: open\nbody", "---\n\n---\nbody", "--- x\n"]
)
def test_malformed_front_matter_is_text(text):
    assert front_matter(text) == ({}, text)


def test_the_first_heading_of_level_one_is_the_title_when_the_front_matter_has_none():
    assert extract("## Part\n\n# The *true* title\n", "a.md").source.title == "The true title"
    assert extract("---\ntitle: Given\n---\n# Written\n", "a.md").source.title == "Given"
    assert extract("Only words.", "a.md").source.title is None


def test_both_kinds_of_headings_nest():
    report = extract("Report\n======\n\n概要\n----\n\n### Detail ###\n\ntext\n\n## Next\n\nmore", "a.md")
    assert [block.heading_path for block in report.blocks] == [
        ("Report",),
        ("Report", "概要"),
        ("Report", "概要", "Detail"),
        ("Report", "概要", "Detail"),
        ("Report", "Next"),
        ("Report", "Next"),
    ]


def test_wrapped_lines_stay_inside_their_block():
    assert blocks("売上は41億\nユーロ。\n\nSecond.") == [
        ("paragraph", "売上は41億\nユーロ。"),
        ("paragraph", "Second."),
    ]


def test_every_list_item_is_a_block_without_its_marker():
    assert blocks("- 一\n  続き\n  - 二\n    1. three\n- 四\n\n5. five\n") == [
        ("list", "一\n続き"),
        ("list", "二"),
        ("list", "three"),
        ("list", "四"),
        ("list", "five"),
    ]


def test_inline_markup_is_removed():
    text = "**太字** *em* `co*de` [a link](https://x.y) ![図の説明](p.png) 3 \\* 4 &amp; <b>x</b><!-- no --> <https://z.org>"
    assert extract(text, "a.md").text == "太字 em co*de a link 図の説明 3 * 4 & x https://z.org"


def test_strong_next_to_japanese_is_removed_although_commonmark_keeps_it():
    assert (
        extract("これは**「重要」**です。**結論。**次の文。2 ** 3 と 4 ** 5", "a.md").text
        == "これは「重要」です。結論。次の文。2 ** 3 と 4 ** 5"
    )


def test_comments_are_dropped_and_other_html_keeps_its_words():
    assert blocks("<!-- note\nto self -->\n\nwords\n\n<div>\ninside &lt;1%<br>next\n</div>\n") == [
        ("paragraph", "words"),
        ("paragraph", "inside <1%\nnext"),
    ]


def test_quotes_and_code_are_paragraphs():
    assert blocks("> quoted\n> words\n\n```python\nx = 1\n\ny = *2*\n```\n") == [
        ("paragraph", "quoted\nwords"),
        ("paragraph", "x = 1\n\ny = *2*"),
    ]


TABLE = (
    "表1 国別の台数（2024年）\n\n"
    "| 国 | 台数 | **Share** |\n|---|--:|---|\n"
    "| 日本 | 3.6万 | |\n| | 12 | 4 \\| 5% |\n注: 推計。\n"
)


def test_a_table_becomes_rows_with_headers_under_its_caption():
    report = extract(TABLE, "a.md")
    assert report.text == "表1 国別の台数（2024年）\n国\t台数\tShare\n日本\t3.6万\n12\t4 | 5%\n注: 推計。"
    assert rows(report) == [[("国", "日本"), ("台数", "3.6万")], [("台数", "12"), ("Share", "4 | 5%")]]
    assert [(b.kind.value, b.caption, b.row) for b in report.blocks] == [
        ("caption", None, None),
        ("table_row", "表1 国別の台数（2024年）", "日本"),
        ("table_row", "表1 国別の台数（2024年）", "12"),
        ("note", "表1 国別の台数（2024年）", None),
    ]


def test_a_header_row_belongs_to_no_block():
    report = extract(TABLE, "a.md")
    at = report.text.index("国\t台数")
    assert not any(block.start <= at < block.end for block in report.blocks)


def test_a_paragraph_that_is_not_above_a_table_is_no_caption():
    assert blocks("図1 売上の推移\n\n本文。") == [("paragraph", "図1 売上の推移"), ("paragraph", "本文。")]


@pytest.mark.parametrize(
    "line", ["注: 速報値。", "※暦年。", "出所：財務省", "(注1) 概算。", "Source: IEA.", "Note: rounded."]
)
def test_notes_are_told_from_paragraphs(line):
    assert blocks(f"text\n{line}\n") == [("paragraph", "text"), ("note", line)]


def test_a_footnote_keeps_its_words():
    assert blocks("増加した[^1]。\n\n[^1]: 前年比") == [("paragraph", "増加した[^1]。"), ("paragraph", "[^1]: 前年比")]


@given(st.text(alphabet="ab。日|-*_#>`[]()!\\ \n\t\r1.<:~&注\x00\ud800", max_size=120))
def test_blocks_are_disjoint_in_order_and_hold_their_cells(text):
    report = extract(text, "a.md")
    end = 0
    for block in report.blocks:
        assert end <= block.start < block.end <= len(report.text)
        end = block.end
        assert all(block.start <= cell.start < cell.end <= block.end for cell in block.cells)
        joined = [report.text[cell.start : cell.end] for cell in block.cells]
        assert not joined or [cell for cell in report.text[block.start : block.end].split("\t") if cell] == joined
