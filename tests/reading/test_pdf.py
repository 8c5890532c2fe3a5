"""PDF: printed lines become blocks with boxes; running heads and page numbers belong to none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import ReadingError
from assistant.reading.builder import Extracted
from assistant.reading.pdf import extract
from assistant.types import Box
from tests.reading.pdfs import HEIGHT, lines, pdf, words


def read(*pages: bytes, **facts: str) -> Extracted:
    return extract(pdf(pages, **facts), "report.pdf")


def blocks(report: Extracted) -> list[tuple[str, str]]:
    return [(block.kind.value, report.text[block.start : block.end]) for block in report.blocks]


def code_of(data: bytes) -> str:
    with pytest.raises(ReadingError) as error:
        extract(data, "report.pdf")
    return error.value.code


JAPANESE = (
    words(72, 100, "電気自動車の市場", 20)
    + lines(
        72, 140, ["売上は最大41億ユーロに達し、前年の水準を大きく", "上回った。", "・一つ目の項目", "・二つ目の項目"]
    )
    + words(72, 300, "1. Overview", 10, bold=True)
    + words(72, 314, "The firm grew.")
    + words(72, 500, "注: 推計値。")
)


def test_a_japanese_page_becomes_headings_paragraphs_items_and_notes():
    assert blocks(read(JAPANESE)) == [
        ("heading", "電気自動車の市場"),
        ("paragraph", "売上は最大41億ユーロに達し、前年の水準を大きく\n上回った。"),
        ("list", "・一つ目の項目"),
        ("list", "・二つ目の項目"),
        ("heading", "1. Overview"),
        ("paragraph", "The firm grew."),
        ("note", "注: 推計値。"),
    ]


def test_larger_type_is_the_higher_heading():
    report = read(JAPANESE)
    assert report.blocks[1].heading_path == ("電気自動車の市場",)
    assert report.blocks[5].heading_path == ("電気自動車の市場", "1. Overview")


def test_every_printed_line_has_its_box():
    report = read(words(72, 100, "Six inches", 10) + words(72, 114, "and more.", 10))
    (block,) = report.blocks
    assert [report.text[line.start : line.end] for line in block.boxes] == ["Six inches", "and more."]
    first, second = (line.box for line in block.boxes)
    assert first.x0 == pytest.approx(72 / 595, abs=0.002)
    assert first.y0 < 100 / HEIGHT < first.y1 < second.y1
    assert first.y1 - first.y0 == pytest.approx(11.7 / HEIGHT, abs=0.002)
    assert [line.page for line in block.boxes] == [1, 1]


def test_boxes_are_fractions_of_the_page_as_it_is_cropped():
    report = read(words(72, 200, "Words"), page_facts="/CropBox [50 50 545 792]")
    box = report.blocks[0].boxes[0].box
    assert box.x0 == pytest.approx((72 - 50) / 495, abs=0.002)
    assert box.y0 < (200 - 50) / 742 < box.y1


def test_boxes_are_fractions_of_the_page_as_it_is_turned():
    sideways = b"BT /F 10 Tf 0 1 -1 0 100 200 Tm (Upright once turned) Tj ET"
    report = read(sideways, page_facts="/Rotate 90")
    assert report.text == "Upright once turned"
    assert (report.pages[0].width, report.pages[0].height) == (842, 595)
    box = report.blocks[0].boxes[0].box
    assert box.x0 == pytest.approx(200 / 842, abs=0.002)
    assert box.y0 < 100 / 595 < box.y1


def test_two_columns_are_read_one_after_the_other():
    left = [f"Left column line {number} runs to the gutter" for number in range(6)]
    right = [f"Right column line {number} goes to the margin" for number in range(6)]
    rows = (words(72, 200 + 14 * at, left[at]) + words(320, 200 + 14 * at, right[at]) for at in range(6))
    report = read(words(72, 150, "A title across both of the columns of this page", 16) + b"".join(rows))
    assert blocks(report)[1:] == [("paragraph", "\n".join(left)), ("paragraph", "\n".join(right))]


def test_running_heads_and_page_numbers_stay_in_the_text_but_in_no_block():
    report = read(
        *(
            words(72, 40, f"Annual report 2025, part {number}")
            + lines(72, 200, [f"Body {word} begins here.", "It goes on."])
            + words(290, 815, f"- {number} -")
            for number, word in enumerate(("one", "two", "three", "four"), 1)
        )
    )
    assert report.text.startswith(
        "Annual report 2025, part 1\nBody one begins here.\nIt goes on.\n- 1 -\n\nAnnual report"
    )
    assert blocks(report) == [
        ("paragraph", f"Body {word} begins here.\nIt goes on.") for word in ("one", "two", "three", "four")
    ]
    assert [(page.number, report.text[page.start : page.end][-5:]) for page in report.pages] == [
        (number, f"- {number} -") for number in range(1, 5)
    ]


def test_a_line_that_recurs_at_the_foot_of_the_text_is_text():
    report = read(
        *(
            lines(
                72, 700, [f"Step {word} is done by hand:", "... and so on ...", f"Then comes {word} again."], leading=40
            )
            + words(290, 815, f"- {number} -")
            for number, word in enumerate(("one", "two", "three", "four"), 1)
        )
    )
    assert [words for _, words in blocks(report)].count("... and so on ...") == 4
    assert not any("- 1 -" in words for _, words in blocks(report))


def test_running_heads_that_change_with_the_chapter_are_in_no_block():
    heads = ["Chapter one", "Markets", "Rivals", "Outlook"]
    report = read(
        *(words(72, 40, head) + lines(72, 200, [f"Body of {head.lower()} here.", "It goes on."]) for head in heads)
    )
    assert [text for _, text in blocks(report)] == [f"Body of {head.lower()} here.\nIt goes on." for head in heads]


def test_a_lone_page_number_is_in_no_block():
    assert blocks(read(words(72, 200, "Only words.") + words(290, 815, "Page 3 of 12"))) == [
        ("paragraph", "Only words.")
    ]


def test_a_table_of_contents_is_in_no_block():
    entries = [f"{number}.1 Section name . . . . . . . . . . {number}" for number in range(1, 7)]
    report = read(lines(72, 200, entries) + words(72, 400, "Words follow."))
    assert blocks(report) == [("paragraph", "Words follow.")]
    assert report.text == "\n".join([*entries, "Words follow."])


def test_rows_that_align_are_a_table_under_its_caption_and_header():
    rows = [["Country", "Sales", "Share"], ["Japan", "120", "12%"], ["Germany", "95", "9%"], ["France", "80", "8%"]]
    cells = (
        words(x, 420 + 14 * at, text)
        for at, row in enumerate(rows)
        for x, text in zip((72, 200, 300), row, strict=True)
    )
    report = read(words(72, 400, "Table 1: Sales by country") + b"".join(cells))
    assert (
        report.text
        == "Table 1: Sales by country\nCountry\tSales\tShare\nJapan\t120\t12%\nGermany\t95\t9%\nFrance\t80\t8%"
    )
    caption, *table = report.blocks
    assert caption.kind == "caption"
    assert [block.row for block in table] == ["Japan", "Germany", "France"]
    assert {block.caption for block in table} == {"Table 1: Sales by country"}
    assert [(cell.header, report.text[cell.start : cell.end]) for cell in table[1].cells] == [
        ("Country", "Germany"),
        ("Sales", "95"),
        ("Share", "9%"),
    ]
    assert [report.text[line.start : line.end] for line in table[1].boxes] == ["Germany\t95\t9%"]


def test_two_aligned_lines_are_no_table():
    report = read(words(72, 400, "Name") + words(200, 400, "Jane") + words(72, 414, "Role") + words(200, 414, "Chair"))
    assert blocks(report) == [("paragraph", "Name Jane\nRole Chair")]


def test_metadata_is_the_source_where_it_is_plausible():
    report = read(JAPANESE, info="/Title (EV market) /Author (Jane Roe) /CreationDate (D:20250715093000+09'00')")
    assert (report.source.title, report.source.author, report.source.issued) == ("EV market", "Jane Roe", "2025-07-15")


@pytest.mark.parametrize("title", ["", "untitled", "report_v3.docx", "Microsoft Word - final.doc", "C:/tmp/x"])
def test_a_title_that_says_nothing_gives_way_to_the_biggest_words(title):
    assert read(JAPANESE, info=f"/Title ({title})").source.title == "電気自動車の市場"


def test_files_that_cannot_be_read_say_why():
    sound = pdf([words(72, 200, "Words")])
    assert code_of(b"") == "file_empty"
    assert code_of(b"%PDF-1.5\n") == "pdf_damaged"
    assert code_of(sound[: len(sound) // 2]) == "pdf_damaged"
    assert code_of(b"%PDF-1.5 nothing startxref 0 %%EOF") == "pdf_damaged"
    assert code_of(pdf([])) == "pdf_no_pages"
    assert code_of(pdf([words(72, 200, "Words")], password="secret")) == "pdf_encrypted"


def test_a_scan_says_how_many_pages_have_no_text():
    with pytest.raises(ReadingError, match=r"pdf_no_text \(file=report.pdf, pages=2\)"):
        read(b"", b"0 0 100 100 re f")


PLACED = st.tuples(
    st.integers(0, 590),
    st.integers(0, 840),
    st.text(alphabet="ab1. 日本・。", min_size=1, max_size=12),
    st.integers(4, 30),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(PLACED, max_size=12), min_size=1, max_size=3))
def test_blocks_are_disjoint_in_order_on_one_page_and_hold_their_lines_and_cells(pages):
    try:
        report = read(*(b"".join(words(*placed) for placed in page) for page in pages))
    except ReadingError as error:
        assert error.code == "pdf_no_text"
        return
    end = 0
    for block in report.blocks:
        page = report.pages[block.page - 1]
        assert end <= block.start < block.end
        assert page.start <= block.start < block.end <= page.end
        end = block.end
        assert all(block.start <= part.start < part.end <= block.end for part in (*block.cells, *block.boxes))
        assert (
            "\n".join(report.text[line.start : line.end] for line in block.boxes)
            == report.text[block.start : block.end]
        )
        assert all(_is_inside(line.box) for line in block.boxes)


def _is_inside(box: Box) -> bool:
    return 0 <= box.x0 <= box.x1 <= 1 and 0 <= box.y0 <= box.y1 <= 1
