"""The picture of a quote: its page of a PDF as PNG with the words boxed, of other formats a drawing of what is around."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence

from assistant.errors import ReadingError
from assistant.reading import drawings
from assistant.reading.pdf import PDFIUM, character_boxes, opened
from assistant.reading.reader import digest
from assistant.types import Box, LineBox, Report

_FILL = (255, 221, 0, 96)
_BORDER = (176, 128, 0, 255)
_WIDEST = 4000
_TALLEST = 8000


def picture(report: Report, start: int, end: int, read: Callable[[], bytes]) -> tuple[bytes, str]:
    """The page, or what is around, of [start, end) of a report with exactly these words boxed; and its media type.

    `read` gives the file's bytes; they are needed for a PDF only.

    Errors: of a PDF, `ReadingError` file_changed (the file is no longer what was read) and those of `page_picture`.
    """
    if report.media_type != "application/pdf":
        return drawings.drawing(report, start, end), drawings.MEDIA_TYPE
    data = read()
    if digest(data) != report.sha256:
        raise ReadingError("file_changed", path=report.path)
    page = next((page.number for page in reversed(report.pages) if page.start <= start), 1)
    lines = [
        line
        for block in report.blocks
        for line in block.boxes
        if line.page == page and line.start < end and start < line.end
    ]
    return page_picture(data, page, quoted_boxes(data, page, lines, report.text, start, end)), "image/png"


def quoted_boxes(data: bytes, page: int, lines: Sequence[LineBox], text: str, start: int, end: int) -> list[Box]:
    """Where the words [start, end) of `text` are printed: the boxes of the lines, the first and last cut to the quote.

    A line whose characters the page does not have in the same order keeps its whole box.
    """
    if all(start <= line.start and line.end <= end for line in lines):
        return [line.box for line in lines]
    with opened(data, "") as document:
        printed = character_boxes(document, page)
    return list(_cut(lines, printed, text, start, end))


def _cut(
    lines: Sequence[LineBox], printed: Sequence[tuple[str, Box]], text: str, start: int, end: int
) -> Iterator[Box]:
    for line in lines:
        inside = [(character, box) for character, box in printed if _holds(line.box, box)]
        offsets = [at for at in range(line.start, line.end) if not text[at].isspace()]
        quoted = [at for at in offsets if start <= at < end]
        same = "".join(character for character, _ in inside) == "".join(text[at] for at in offsets)
        if not same or len(quoted) == len(offsets):
            yield line.box
        elif quoted:
            first, last = offsets.index(quoted[0]), offsets.index(quoted[-1])
            boxes = [box for _, box in inside[first : last + 1]]
            yield Box(min(b.x0 for b in boxes), line.box.y0, max(b.x1 for b in boxes), line.box.y1)


def _holds(outer: Box, inner: Box) -> bool:
    x, y = (inner.x0 + inner.x1) / 2, (inner.y0 + inner.y1) / 2
    return outer.x0 <= x <= outer.x1 and outer.y0 <= y <= outer.y1


def page_picture(data: bytes, page: int, boxes: Sequence[Box] = (), width: int = 1000) -> bytes:
    """PNG of page `page` (1-based), `width` pixels wide, with translucent yellow rectangles at `boxes`.

    Errors: `ReadingError` page_missing (page, pages), and what `pdf.extract` says of files that cannot be opened.
    """
    with opened(data, "") as document:
        if not 1 <= page <= len(document):
            raise ReadingError("page_missing", page=page, pages=len(document))
        with PDFIUM:
            sheet = document[page - 1]
            try:
                page_width, page_height = sheet.get_size()
                scale = min(min(width, _WIDEST) / page_width, _TALLEST / page_height)
                bitmap = sheet.render(scale=scale)
                picture = bitmap.to_pil().convert("RGBA")
                bitmap.close()
            finally:
                sheet.close()
    return _png(_marked(picture, boxes))


def _marked(picture, boxes: Sequence[Box]):
    from PIL import Image, ImageDraw

    layer = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    for box in boxes:
        corners = (box.x0 * picture.width, box.y0 * picture.height, box.x1 * picture.width, box.y1 * picture.height)
        draw.rectangle(corners, fill=_FILL, outline=_BORDER)
    return Image.alpha_composite(picture, layer).convert("RGB")


def _png(picture) -> bytes:
    out = io.BytesIO()
    picture.save(out, format="PNG", compress_level=1)
    return out.getvalue()
