"""Reads PowerPoint files with python-pptx: a slide is a page; its title, texts, tables, charts' data and notes.

Shapes are read from top to bottom and left to right; every block carries its shape's box, a table row its row's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE, PP_PLACEHOLDER
from pptx.oxml.ns import qn

from assistant.reading import tables
from assistant.reading.builder import Extracted, ReportBuilder, says_caption, says_note
from assistant.reading.numerals import shown
from assistant.reading.office import container, source
from assistant.types import BlockKind, Box

_POINT = 12_700  # EMU
_BAND = 0.04  # shapes whose tops differ by less than this share of the slide's height stand side by side
_TITLES = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE, PP_PLACEHOLDER.VERTICAL_TITLE)
_FURNITURE = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.HEADER)
_LISTED = (PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.OBJECT, PP_PLACEHOLDER.VERTICAL_BODY)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A shape that is no group, with its box on the slide and the kind of its placeholder, if it is one."""

    shape: Any
    box: Box
    placeholder: Any = None


def extract(data: bytes, name: str) -> Extracted:
    """The text, blocks and pages of a deck. Errors: those of `office.container`."""
    with container(data, name) as file:
        deck = Presentation(file)
        width, height = int(deck.slide_width or 1), int(deck.slide_height or 1)
        builder, title = ReportBuilder(), None
        for number, slide in enumerate(deck.slides, 1):
            builder.start_page(number, width / _POINT, height / _POINT)
            title = _slide(builder, slide, width, height, title)
        return builder.build(source(deck.core_properties, title))


def _slide(builder: ReportBuilder, slide, width: int, height: int, title: str | None) -> str | None:
    """Write one slide; returns the deck's title: the first that a slide shows."""
    placed = sorted(_flatten(slide.shapes, (0.0, 0.0, 1 / width, 1 / height)), key=_reading_order)
    heads = [one for one in placed if one.placeholder in _TITLES]
    builder.end_section()
    for one in heads:
        words = _text(one.shape.text_frame.paragraphs)
        title = title or " ".join(words.split()) or None
        builder.heading(1, words, [(words, one.box)])
    for one in placed:
        if one not in heads:
            _shape(builder, one)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        for paragraph in slide.notes_slide.notes_text_frame.paragraphs:
            builder.block(BlockKind.NOTE, _text([paragraph]).strip())
    return title


def _reading_order(placed: _Placed) -> tuple[int, float, float]:
    return (round(placed.box.y0 / _BAND), placed.box.x0, placed.box.y0)


def _flatten(shapes: Iterable, frame: tuple[float, float, float, float]) -> Iterator[_Placed]:
    """The shapes of a slide or group, inner groups opened. `frame`: how x and y become shares of the slide."""
    left, top, across, down = frame
    for shape in shapes:
        x, y = left + (shape.left or 0) * across, top + (shape.top or 0) * down
        wide, high = (shape.width or 0) * across, (shape.height or 0) * down
        if shape.shape_type == MSO_SHAPE_TYPE.GROUP:
            inner = shape._element.grpSpPr.find(qn("a:xfrm"))
            yield from _flatten(shape.shapes, _inner_frame(inner, (x, y, wide, high), frame))
        else:
            kind = shape.placeholder_format.type if shape.is_placeholder else None
            yield _Placed(shape, _clipped(x, y, x + wide, y + high), kind)


def _inner_frame(transform, box: tuple[float, float, float, float], frame: tuple[float, float, float, float]):
    """How a group's own coordinates become shares of the slide."""
    offset = None if transform is None else transform.find(qn("a:chOff"))
    extent = None if transform is None else transform.find(qn("a:chExt"))
    if offset is None or extent is None or not int(extent.get("cx")) or not int(extent.get("cy")):
        return frame
    across, down = box[2] / int(extent.get("cx")), box[3] / int(extent.get("cy"))
    return (box[0] - int(offset.get("x")) * across, box[1] - int(offset.get("y")) * down, across, down)


def _clipped(*corners: float) -> Box:
    return Box(*(min(max(corner, 0.0), 1.0) for corner in corners))


def _shape(builder: ReportBuilder, placed: _Placed) -> None:
    shape = placed.shape
    if getattr(shape, "has_table", False):
        _table(builder, shape.table, placed.box)
    elif getattr(shape, "has_chart", False):
        _chart(builder, shape.chart, placed.box)
    elif getattr(shape, "has_text_frame", False):
        _texts(builder, placed)


def _texts(builder: ReportBuilder, placed: _Placed) -> None:
    for paragraph in placed.shape.text_frame.paragraphs:
        words = _text([paragraph]).strip()
        boxes = [(words, placed.box)]
        if placed.placeholder in _FURNITURE:
            builder.furniture(words)
        elif words and says_caption(words):
            builder.caption(words, boxes)
        else:
            builder.block(_kind(paragraph, words, placed.placeholder), words, boxes)


def _kind(paragraph, words: str, placeholder) -> BlockKind:
    if says_note(words):
        return BlockKind.NOTE
    properties = paragraph._p.pPr
    marks = set() if properties is None else {child.tag for child in properties}
    bulleted = marks & {qn("a:buChar"), qn("a:buAutoNum"), qn("a:buBlip")}
    listed = placeholder in _LISTED and qn("a:buNone") not in marks
    return BlockKind.LIST if bulleted or listed else BlockKind.PARAGRAPH


def _text(paragraphs: Iterable) -> str:
    """Paragraphs' words; line breaks inside one (vertical tabs in python-pptx) become newlines."""
    return "\n".join(paragraph.text.replace("\v", "\n") for paragraph in paragraphs).strip()


def _table(builder: ReportBuilder, table, box: Box) -> None:
    grid = tables.place(
        [
            [
                (_text(cell.text_frame.paragraphs), cell.span_width, cell.span_height)
                for cell in row.cells
                if not cell.is_spanned
            ]
            for row in table.rows
        ]
    )
    heads = tables.head_rows(grid) if table.first_row else tables.likely_head_rows(grid)
    tables.write(builder, grid, heads, _bands([row.height or 0 for row in table.rows], box))


def _bands(heights: list[int], box: Box) -> list[Box]:
    """A table's box, cut into its rows."""
    whole = sum(heights) or 1
    edges = [box.y0 + (box.y1 - box.y0) * sum(heights[:at]) / whole for at in range(len(heights) + 1)]
    return [Box(box.x0, top, box.x1, bottom) for top, bottom in pairwise(edges)]


def _chart(builder: ReportBuilder, chart, box: Box) -> None:
    """A chart's data as a table: a row a category, a column a series."""
    if chart.has_title and chart.chart_title.has_text_frame:
        builder.caption(_text(chart.chart_title.text_frame.paragraphs))
    for plot in chart.plots:
        series = list(plot.series)
        formats = [_number_format(one) for one in series]
        names = [tables.Slot("")] + [tables.Slot(one.name or "") for one in series]
        rows = [
            [tables.Slot(str(category))]
            + [tables.Slot(shown(_at(one.values, at), code)) for one, code in zip(series, formats, strict=True)]
            for at, category in enumerate(plot.categories)
        ]
        tables.write(builder, [names, *rows], 1, [box] * (len(rows) + 1))


def _number_format(series) -> str:
    code = series._element.find(f".//{qn('c:val')}//{qn('c:formatCode')}")
    return "General" if code is None else code.text or "General"


def _at(values, at: int):
    return values[at] if at < len(values) else None
