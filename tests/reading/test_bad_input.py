"""Files that are broken or hostile: what can still be read is read, the rest says why; nothing is run, expanded or hung on."""

import io
import re
import zipfile
from pathlib import PurePosixPath

import openpyxl
import pytest
from pptx import Presentation

from assistant.errors import ReadingError
from assistant.reading import deck, pdf, quality, reader, workbook
from tests.reading.offices import rewritten, saved
from tests.reading.pdfs import pdf as made
from tests.reading.pdfs import words

SENTENCE = "Momenta came to Graz in 2025."
NO_UNICODE_MAP = (
    b"/Font << /F << /Type /Font /Subtype /Type0 /BaseFont /Unknown /Encoding /Identity-H /DescendantFonts"
    b" [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Unknown /DW 1000"
    b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >>"
    b" /FontDescriptor << /Type /FontDescriptor /FontName /Unknown /Flags 4 /FontBBox [0 0 1000 1000]"
    b" /ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >> >>] >> >>"
)


def chained(name: str, blob: bytes, part: str) -> bytes:
    """A part with entities that expand to gigabytes where its first text stands."""
    if name != part:
        return blob
    chain = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    body = blob.split(b"?>", 1)[-1] if blob.startswith(b"<?xml") else blob
    return f'<!DOCTYPE d [<!ENTITY e0 "ha">{chain}]>'.encode() + body.replace(b"Words", b"&e11;")


@pytest.mark.parametrize("offset", [b"0", b"99", b"99999999"])
def test_a_pdf_with_a_broken_table_of_objects_is_read_all_the_same(offset: bytes) -> None:
    data = re.sub(rb"startxref\n\d+", b"startxref\n" + offset, made([words(50, 80, SENTENCE)]))
    assert pdf.extract(data, "a.pdf").text == SENTENCE


def test_a_font_without_a_unicode_map_is_told_and_never_guessed() -> None:
    codes = "".join(f"{code:04x}" for code in range(0x21, 0x41)).encode()
    page = b"BT /F 10 Tf 50 700 Td <%s> Tj ET\n" % codes
    data = made([page]).replace(re.search(rb"/Font << /F.*?>> >>\] >> >>", made([page]), re.DOTALL)[0], NO_UNICODE_MAP)  # type: ignore[index]
    report = reader.read(data, PurePosixPath("a.pdf"))
    assert report.text.replace("-", "\ufffd") == 32 * "\ufffd"
    assert "quality_broken" in {code for code, _ in quality.notes(report)}


def test_entities_of_a_deck_are_not_expanded() -> None:
    presentation = Presentation()
    title = presentation.slides.add_slide(presentation.slide_layouts[5]).shapes.title
    assert title is not None
    title.text = "Words and more"
    data = rewritten(saved(presentation), lambda name, blob: chained(name, blob, "ppt/slides/slide1.xml"))
    try:
        assert len(deck.extract(data, "a.pptx").text) < 1_000
    except ReadingError as error:
        assert error.code == "office_damaged"


@pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_entities_of_a_workbook_are_not_expanded(part: str) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].append(["Words", "and more"])
    data = rewritten(saved(book), lambda name, blob: chained(name, blob, part))
    try:
        assert len(workbook.extract(data, "a.xlsx").text) < 1_000
    except ReadingError as error:
        assert error.code == "office_damaged"


@pytest.mark.parametrize("extract", [deck.extract, workbook.extract])
def test_a_little_container_that_would_unpack_to_hundreds_of_times_its_size_is_refused(extract) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr("xl/workbook.xml", bytes(40 * 2**20))
    with pytest.raises(ReadingError) as raised:
        extract(out.getvalue(), "bomb")
    assert (raised.value.code, raised.value.values["megabytes"]) == ("office_too_large", "40")
