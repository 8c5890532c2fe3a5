"""Page pictures: the page drawn, the boxes marked, and what is said of a page that is not there."""

import io
from pathlib import PurePosixPath

import pytest
from PIL import Image

from assistant.errors import ReadingError
from assistant.reading import reader
from assistant.reading.pictures import page_picture, picture, quoted_boxes
from assistant.types import Box, Report
from tests.reading.marks import printed_inside, squeezed
from tests.reading.pdfs import lines, pdf, words

DATA = pdf([words(72, 100, "First"), words(72, 100, "Second")])


def test_a_page_is_as_wide_as_asked():
    picture = Image.open(io.BytesIO(page_picture(DATA, 2, width=595)))
    assert (picture.format, picture.size) == ("PNG", (595, 842))


def test_a_box_is_marked_yellow_with_a_darker_border_and_nothing_else_is():
    picture = Image.open(io.BytesIO(page_picture(DATA, 1, [Box(0.5, 0.5, 0.75, 0.75)], width=595)))
    assert picture.getpixel((10, 10)) == (255, 255, 255)
    red, green, blue = picture.getpixel((370, 520))
    assert (red, blue < green) == (255, True)
    assert picture.getpixel((int(0.5 * 595), 500)) == (176, 128, 0)


@pytest.mark.parametrize("page", [0, 3, -1])
def test_a_page_that_is_not_there_is_named(page):
    with pytest.raises(ReadingError, match=rf"page_missing \(page={page}, pages=2\)"):
        page_picture(DATA, page)


PRINTED = pdf(
    [words(72, 100, "Moment") + lines(72, 130, ["The venture costs 4.1 billion euros.", "It opens in Graz."])]
)


def printed() -> Report:
    return reader.read(PRINTED, PurePosixPath("a.pdf"))


@pytest.mark.parametrize("quote", ["4.1 billion", "venture costs 4.1 billion euros.\nIt opens", "Moment", "euros."])
def test_the_first_and_last_line_of_a_quote_are_boxed_from_and_to_its_words(quote):
    report = printed()
    start = report.text.index(quote)
    marked = [
        line for block in report.blocks for line in block.boxes if line.start < start + len(quote) and start < line.end
    ]
    boxes = quoted_boxes(PRINTED, 1, marked, report.text, start, start + len(quote))
    assert printed_inside(PRINTED, 1, boxes) == squeezed(quote)


def test_the_picture_of_a_quote_in_a_pdf_is_its_page():
    report = printed()
    data, kind = picture(report, 0, 6, lambda: PRINTED)
    assert (kind, data[:4]) == ("image/png", b"\x89PNG")
    assert data != picture(report, 0, 3, lambda: PRINTED)[0]


def test_a_file_that_is_no_longer_what_was_read_is_not_shown():
    with pytest.raises(ReadingError, match="file_changed"):
        picture(printed(), 0, 6, lambda: DATA)
