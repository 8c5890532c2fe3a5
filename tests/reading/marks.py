"""What the boxes of a picture hold, told by each format's own positions: pdfium's for a page, the drawing's for the rest."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree

import pypdfium2

from assistant.types import Box

SVG = "{http://www.w3.org/2000/svg}"


def squeezed(text: str) -> str:
    """A text without its white space."""
    return "".join(text.split())


def printed_inside(data: bytes, page: int, boxes: Sequence[Box]) -> str:
    """The characters of a PDF's page (1-based) whose middle lies in the first box, in the next one, and so on."""
    sheet = pypdfium2.PdfDocument(data)[page - 1]
    text, (width, height) = sheet.get_textpage(), sheet.get_size()
    found = [""] * len(boxes)
    for index in range(text.count_chars()):
        left, bottom, right, top = text.get_charbox(index, loose=True)
        x, y = (left + right) / 2 / width, 1 - (bottom + top) / 2 / height
        for number, box in enumerate(boxes):
            if box.x0 < x < box.x1 and box.y0 < y < box.y1:
                found[number] += text.get_text_range(index, 1)
    return squeezed("".join(found))


def drawn_inside(picture: ElementTree.Element) -> str:
    """The words of a drawing's boxed runs, in order; AssertionError where a run does not fill its box."""
    runs = [run for run in picture.iter(f"{SVG}text") if "quoted" in (run.get("class") or "").split()]
    boxes = [box for box in picture.iter(f"{SVG}rect") if box.get("class") == "box"]
    assert [(run.get("x"), run.get("textLength")) for run in runs] == [(b.get("x"), b.get("width")) for b in boxes]
    for run, box in zip(runs, boxes, strict=True):
        top, height = float(box.get("y", 0)), float(box.get("height", 0))
        assert top < float(run.get("y", 0)) < top + height
    return "".join(run.text or "" for run in runs)
