"""Passages cover a report once, in order, verbatim, and never cut a sentence, a row or a number."""

import re
from itertools import pairwise
from pathlib import PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.indexing.passages import split
from assistant.language.sentences import sentence_spans
from assistant.language.text import join_wrapped
from assistant.reading import reader
from assistant.reading.builder import ReportBuilder
from assistant.types import BlockKind, Language, Passage, Report, Source, Unit

NUMBER = re.compile(r"\d[\d,.]*\d|\d")
JAPANESE = (
    "最大41億ユーロを投じる。",
    "2025年7月15日、BMWはモメンタと提携した(表1の1-2)。",
    "割合は62.6%だった！",
    "規模は5,784億元、企業は3.6万社である。",
    "電池の工場を建てる",
)
ENGLISH = (
    "Stellantis invests up to 4.1 billion euros. ",
    "Mr. Li spoke on July 15, 2025 (see Table 3.2). ",
    "The share was 62.6% of 1,992,498,902 records! ",
    "No. 5 of the U.S. list grew ",
)


def report(builder: ReportBuilder, title: str = "架空の報告") -> Report:
    extracted = builder.build(Source(title=title))
    return Report(
        "0123456789ab",
        PurePosixPath("a.md"),
        "0" * 64,
        "text/markdown",
        extracted.source,
        extracted.text,
        extracted.blocks,
        extracted.pages,
    )


def markdown(text: str) -> Report:
    return reader.read(text.encode(), PurePosixPath("a.md"))


def sentences() -> st.SearchStrategy[str]:
    japanese = st.lists(st.sampled_from(JAPANESE), min_size=1, max_size=60).map("".join)
    english = st.lists(st.sampled_from(ENGLISH), min_size=1, max_size=60).map("".join)
    mixed = st.lists(st.sampled_from(JAPANESE + ENGLISH), min_size=1, max_size=60).map("".join)
    wrapped = mixed.map(lambda text: "\n".join(re.findall(r"(?s).{1,40}", text)))
    return st.one_of(japanese, english, mixed, wrapped, st.text(min_size=1, max_size=80))


@st.composite
def reports(draw: st.DrawFn) -> Report:
    builder = ReportBuilder()
    paged = draw(st.booleans())
    for page in range(1, draw(st.integers(1, 3)) + 1):
        if paged:
            builder.start_page(page, 595, 842)
        for _ in range(draw(st.integers(0, 6))):
            kind = draw(st.sampled_from([*BlockKind, None]))
            text = draw(sentences())
            if kind is None:
                builder.furniture(text)
            elif kind is BlockKind.HEADING:
                builder.heading(draw(st.integers(1, 3)), text[:40])
            elif kind is BlockKind.CAPTION:
                builder.caption(text[:60])
            elif kind is BlockKind.TABLE_ROW:
                builder.row([("No.", draw(st.sampled_from(["1-1", "1-2", ""]))), ("概要", text)])
            else:
                builder.block(kind, text)
    return report(builder)


@settings(max_examples=30, deadline=None)
@given(reports())
def test_passages_cover_every_block_once_in_order_and_nothing_else(report: Report) -> None:
    passages = split(report)
    spans = [(passage.anchor.start, passage.anchor.end) for passage in passages]
    assert spans == sorted(spans)
    assert all(one[1] <= after[0] for one, after in pairwise(spans))
    covered = {at for start, end in spans for at in range(start, end)}
    in_blocks = {at for block in report.blocks for at in range(block.start, block.end)}
    words = {at for at, character in enumerate(report.text) if not character.isspace()}
    assert covered & words == in_blocks & words
    of_passages = [block for passage in passages for block in passage.blocks]
    assert list(dict.fromkeys(of_passages)) == list(report.blocks)


@settings(max_examples=30, deadline=None)
@given(reports())
def test_an_anchor_marks_the_passage_s_words_verbatim(report: Report) -> None:
    for passage in split(report):
        assert passage.text == report.text[passage.anchor.start : passage.anchor.end] != ""
        assert passage.anchor.report_id == report.report_id
        assert passage.passage_id == f"0123456789ab:{passage.anchor.start}-{passage.anchor.end}"


@settings(max_examples=30, deadline=None)
@given(reports())
def test_no_sentence_row_or_number_is_cut(report: Report) -> None:
    bounds = {bound for passage in split(report) for bound in (passage.anchor.start, passage.anchor.end)}
    for block in report.blocks:
        inside = {bound for bound in bounds if block.start < bound < block.end}
        if block.kind is BlockKind.TABLE_ROW:
            assert not inside
        for start, end in sentence_spans(report.text[block.start : block.end]):
            assert not [bound for bound in inside if block.start + start < bound < block.start + end]
        for number in NUMBER.finditer(report.text, block.start, block.end):
            assert not [bound for bound in inside if number.start() < bound < number.end()]


@settings(max_examples=30, deadline=None)
@given(reports())
def test_units_lie_inside_in_order_and_hold_every_word(report: Report) -> None:
    for passage in split(report):
        start, end = passage.anchor.start, passage.anchor.end
        assert all(start <= unit.start < unit.end <= end for unit in passage.units)
        assert all(a.end <= b.start for a, b in pairwise(passage.units))
        shown = "".join(passage.words(unit.start, unit.end) for unit in passage.units)
        own = "".join(
            passage.words(max(start, block.start), min(end, block.end)) for block in dict.fromkeys(passage.blocks)
        )
        assert "".join(shown.split()) == "".join(own.split())


@settings(max_examples=25, deadline=None)
@given(reports())
def test_a_passage_has_one_page_and_one_heading_path(report: Report) -> None:
    for passage in split(report):
        assert {block.page for block in passage.blocks} == {passage.page}
        assert {block.heading_path for block in passage.blocks} == {passage.heading_path}


def words_of(text: str) -> str:
    return "".join(join_wrapped(text).split())


@settings(max_examples=25, deadline=None)
@given(reports())
def test_search_text_carries_title_headings_caption_header_and_words(report: Report) -> None:
    for passage in split(report):
        read = words_of(passage.search_text)
        heads = [head for block in passage.blocks for head in (*block.heading_path, block.caption or "")]
        headers = [cell.header for block in passage.blocks for cell in block.cells]
        units = [passage.words(unit.start, unit.end) for unit in passage.units]
        missing = [text for text in (report.ref.title, *heads, *headers, *units) if words_of(text) not in read]
        assert missing == []


def paragraphs(*texts: str) -> tuple[Passage, ...]:
    return split(markdown("# 題\n\n" + "\n\n".join(texts)))


def test_short_paragraphs_under_one_heading_share_a_passage() -> None:
    (passage,) = paragraphs("電池の工場を建てる。", "量産は2026年に始まる。")
    assert passage.text.split() == ["題", "電池の工場を建てる。", "量産は2026年に始まる。"]


@pytest.mark.parametrize(
    ("sentence", "shortest", "longest"),
    [("規模は5,784億元、企業は3.6万社である。", 200, 420), ("The share was 62.6% of all 1,300 cars sold. ", 600, 1300)],
    ids=["japanese", "english"],
)
def test_a_long_paragraph_is_cut_between_sentences_near_the_target(sentence: str, shortest: int, longest: int) -> None:
    *most, last = paragraphs(sentence * 100)
    assert all(shortest <= len(passage.text) <= longest for passage in most)
    assert all(passage.text.endswith((".", "。")) for passage in (*most, last))
    assert sum(passage.text.count(sentence.strip()) for passage in (*most, last)) == 100


def test_a_sentence_longer_than_any_passage_stays_whole() -> None:
    sentence = "電池" * 800 + "。"
    passages = paragraphs("短い文である。" + sentence + "終わり。")
    assert [passage for passage in passages if sentence in passage.text]


def test_a_row_is_never_split_and_a_long_one_stands_alone() -> None:
    long = "共同で開発する。" * 100
    passages = split(markdown(f"# 題\n\n表1: 協業\n\n| No. | 概要 |\n|---|---|\n| 1-1 | {long} |\n| 1-2 | 短い。 |\n"))
    row = next(passage for passage in passages if passage.row == "1-1")
    assert row.text == f"1-1\t{long}"
    assert row.units == (Unit(row.anchor.start, row.anchor.end, BlockKind.TABLE_ROW),)


def test_a_row_is_found_through_title_heading_caption_and_header_but_quoted_as_it_stands() -> None:
    long = "共同で開発する。" * 10
    text = f"---\ntitle: 架空の報告\n---\n\n# 第1章\n\n## 協業\n\n表1: 一覧\n\n| No. | 概要 |\n|---|---|\n| 1-1 | {long} |\n"
    row = split(markdown(text))[-1]
    assert row.search_text.split("\n")[:5] == ["架空の報告", "第1章", "協業", "表1: 一覧", "No. 概要"]
    assert row.text == f"1-1\t{long}"
    assert row.section == "第1章 › 協業"


def test_search_text_joins_wrapped_lines_where_the_quote_keeps_them() -> None:
    builder = ReportBuilder()
    builder.block(BlockKind.PARAGRAPH, "最大41億\nユーロを投じる。")
    (passage,) = split(report(builder))
    assert passage.text == "最大41億\nユーロを投じる。"
    assert "最大41億ユーロを投じる。" in passage.search_text


def test_sections_and_pages_are_never_mixed() -> None:
    builder = ReportBuilder()
    for page in (1, 2):
        builder.start_page(page, 595, 842)
        builder.block(BlockKind.PARAGRAPH, f"{page}ページの文である。")
    assert [passage.page for passage in split(report(builder))] == [1, 2]
    sections = split(markdown("# 一\n\n短い。\n\n# 二\n\n短い。\n"))
    assert [passage.section for passage in sections] == ["一", "二"]


def test_furniture_is_in_no_passage() -> None:
    builder = ReportBuilder()
    builder.block(BlockKind.PARAGRAPH, "前の文である。")
    builder.furniture("Copyright 12")
    builder.block(BlockKind.PARAGRAPH, "後の文である。")
    made = report(builder)
    assert "Copyright 12" in made.text
    assert [passage.text for passage in split(made)] == ["前の文である。", "後の文である。"]


def test_a_passage_knows_its_language() -> None:
    japanese, english = split(markdown("# 一\n\n電池の工場。\n\n# Two\n\nThe plant in Zaragoza.\n"))
    assert (japanese.language, english.language) == (Language.JA, Language.EN)


def test_a_report_without_blocks_has_no_passages() -> None:
    assert split(report(ReportBuilder())) == ()


def noted(text: str, note: str) -> str:
    """The search text of a note at the end of a report."""
    builder = ReportBuilder()
    builder.block(BlockKind.PARAGRAPH, text)
    builder.heading(2, "注釈")
    builder.block(BlockKind.NOTE, note)
    return split(report(builder))[-1].search_text


@pytest.mark.parametrize(
    ("text", "note", "words"),
    [
        ("電池が増えた。送電網への給電(V2G、注4)も始まる。", "注4:蓄電池から充放電する技術。", "送電網への給電(V2G"),
        ("Sales rose. Vehicle-to-grid (V2G; Note 2) is tested.", "Note 2: charging both ways.", "Vehicle-to-grid (V2G"),
        ("合意した※1。", "※1 発表日は現地時間。", "合意した"),
    ],
)
def test_a_note_is_found_by_the_words_that_refer_to_it(text: str, note: str, words: str) -> None:
    assert f"\n{words}\n" in noted(text, note)


@pytest.mark.parametrize("note", ["注:数字は概算。", "注14:別の注。", "出所:架空研究所"])
def test_a_note_that_nothing_refers_to_stands_as_it_is(note: str) -> None:
    assert noted("送電網への給電(V2G、注4)も始まる。", note) == f"架空の報告\n注釈\n{note}"
