"""Page pictures: the page drawn, the boxes marked, and what is said of a page that is not there."""

import io

import pytest
from PIL import Image

from assistant.errors import ReadingError
from assistant.reading.pictures import page_picture
from assistant.types import Box
from tests.reading.pdfs import pdf, words

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
