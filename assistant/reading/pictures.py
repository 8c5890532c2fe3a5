"""Draws a page of a PDF with marked boxes as PNG, so that a reader sees where a quote stands."""

from __future__ import annotations

import io
from collections.abc import Sequence

from assistant.errors import ReadingError
from assistant.reading.pdf import PDFIUM, opened
from assistant.types import Box

_FILL = (255, 221, 0, 96)
_BORDER = (176, 128, 0, 255)
_WIDEST = 4000
_TALLEST = 8000


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
    picture.save(out, format="PNG")
    return out.getvalue()
