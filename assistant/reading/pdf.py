"""Reads PDF with pypdfium2 (the only library that touches PDF files): characters with their boxes -> printed lines.

pdfium is not thread-safe: every use of it, here and in `pictures.py`, holds `PDFIUM`, one page at a time.
"""

from __future__ import annotations

import ctypes
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from statistics import median
from threading import Lock

import pypdfium2
import pypdfium2.raw as pdfium

from assistant.errors import ReadingError
from assistant.language.text import canonical_newlines, join_wrapped
from assistant.reading.builder import Extracted, ReportBuilder, says_title
from assistant.reading.printed import typography, write
from assistant.reading.ruled import Rule, Ruled, find_tables
from assistant.reading.typeset import CELL_GAP, Fragment, Line, Sheet, lines_of
from assistant.types import Box, Source

PDFIUM = Lock()

Placement = Callable[[float, float], tuple[float, float]]
Corners = tuple[float, float, float, float]
Character = tuple[int, str, Corners | None]

_TAIL = 4096  # the end of a whole PDF file, `startxref … %%EOF`, lies in its last bytes; junk may follow
_PAGELESS = re.compile(rb"/Type\s*/Pages\b[^>]*/Count\s+0\b")
_CODES = {
    pdfium.FPDF_ERR_PASSWORD: "pdf_encrypted",
    pdfium.FPDF_ERR_SECURITY: "pdf_encrypted",
}
_HYPHENS = {0xFFFE: "-", 0x02: "-"}  # how pdfium marks a hyphen at the end of a line
_BREAKS = (0x0A, 0x0D)
_MOST_SEGMENTS, _MOST_RULES = 400, 10_000
_LONGEST_CELL = 1000
_AUTOSPACE, _OVERFLOW = 0.35, 0.05  # ems
_BOLD_WEIGHT = 600
_BOLD_NAME = re.compile(rb"bold|black|heavy|-w[6-9]", re.IGNORECASE)
_CREATED = re.compile(r"(?:D:)?(\d{4})(\d\d)?(\d\d)?")


def extract(data: bytes, name: str, most_pages: int | None = None) -> Extracted:
    """The text, blocks and pages of a PDF.

    Errors: `ReadingError` with code file_empty, pdf_encrypted (it needs a password), pdf_damaged (reason),
    pdf_no_pages, too_many_pages (pages, most), or pdf_no_text (pages: it is a scan).
    """
    with opened(data, name) as document:
        if most_pages is not None and len(document) > most_pages:
            raise ReadingError("too_many_pages", pages=len(document), most=most_pages)
        sheets = [_sheet(document, number, name) for number in range(1, len(document) + 1)]
        facts = document.get_metadata_dict()
    if not any(sheet.lines for sheet in sheets):
        raise ReadingError("pdf_no_text", file=name, pages=len(sheets))
    builder = ReportBuilder()
    write(sheets, builder)
    return builder.build(_source(facts, sheets))


@contextmanager
def opened(data: bytes, name: str) -> Iterator[pypdfium2.PdfDocument]:
    """The document, closed afterwards; pdfium's errors are translated. Hold `PDFIUM` for every call on it."""
    if not data:
        raise ReadingError("file_empty", file=name)
    tail = data[-_TAIL:]
    if b"startxref" not in tail and b"%%EOF" not in tail:
        raise ReadingError("pdf_damaged", file=name, reason="the end of the file is missing")
    with PDFIUM:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            if _PAGELESS.search(data):  # pdfium takes it for a damaged file
                raise ReadingError("pdf_no_pages", file=name) from error
            raise ReadingError(_CODES.get(error.err_code or 0, "pdf_damaged"), file=name, reason=str(error)) from error
    try:
        if len(document) == 0:
            raise ReadingError("pdf_no_pages", file=name)
        yield document
    finally:
        with PDFIUM:
            document.close()


def _sheet(document: pypdfium2.PdfDocument, number: int, name: str) -> Sheet:
    with PDFIUM:
        try:
            page = document[number - 1]
            text = page.get_textpage()
        except pypdfium2.PdfiumError as error:
            raise ReadingError("pdf_damaged", file=name, page=number, reason=str(error)) from error
        try:
            width, height = page.get_size()
            place = _placement(page)
            characters = list(_characters(text, place))
            tables = _tables(characters, find_tables(_rules(page, place), width, height))
            return Sheet(number, width, height, lines_of(_fragments(characters, text, place, tables)), tables)
        finally:
            text.close()
            page.close()


def character_boxes(document: pypdfium2.PdfDocument, number: int) -> list[tuple[str, Box]]:
    """The printed characters of a page (1-based), white space left out, with their boxes, in the order of the file."""
    with PDFIUM:
        page = document[number - 1]
        text = page.get_textpage()
        try:
            width, height = page.get_size()
            return [
                (character, Box(x0 / width, y0 / height, x1 / width, y1 / height))
                for _, character, corners in _characters(text, _placement(page))
                if corners is not None
                for x0, y0, x1, y1 in [corners]
            ]
        finally:
            text.close()
            page.close()


def _characters(text: pypdfium2.PdfTextPage, place: Placement) -> Iterator[Character]:
    """(index, character, its corners) in the order of the file; white space has no corners, a line's end is a newline."""
    box, raw = pdfium.FS_RECTF(), text.raw
    for index in range(text.count_chars()):
        code = pdfium.FPDFText_GetUnicode(raw, index)
        character = _HYPHENS.get(code) or chr(code)
        if code in _BREAKS:
            yield index, "\n", None
        elif character.isspace():
            yield index, character, None
        elif code >= 0x20 or code in _HYPHENS:
            if character != "-" and pdfium.FPDFText_HasUnicodeMapError(raw, index) == 1:
                character = "\ufffd"  # the font does not say which character it is: a guess would be quoted as a fact
            pdfium.FPDFText_GetLooseCharBox(raw, index, box)
            yield index, character, _corners(box, place)


def _rules(page: pypdfium2.PdfPage, place: Placement) -> list[Rule]:
    """The straight lines of a page's drawings, edges of rectangles included; none where there are too many to be a table's."""
    rules: list[Rule] = []
    matrix, x, y = pdfium.FS_MATRIX(), ctypes.c_float(), ctypes.c_float()
    for index in range(pdfium.FPDFPage_CountObjects(page.raw)):
        shape = pdfium.FPDFPage_GetObject(page.raw, index)
        if pdfium.FPDFPageObj_GetType(shape) != pdfium.FPDF_PAGEOBJ_PATH:
            continue
        count = pdfium.FPDFPath_CountSegments(shape)
        if count > _MOST_SEGMENTS or len(rules) > _MOST_RULES:
            continue
        pdfium.FPDFPageObj_GetMatrix(shape, matrix)
        at = start = (0.0, 0.0)
        for number in range(count):
            segment = pdfium.FPDFPath_GetPathSegment(shape, number)
            pdfium.FPDFPathSegment_GetPoint(segment, x, y)
            across = matrix.a * x.value + matrix.c * y.value + matrix.e
            point = place(across, matrix.b * x.value + matrix.d * y.value + matrix.f)
            kind = pdfium.FPDFPathSegment_GetType(segment)
            start = point if kind == pdfium.FPDF_SEGMENT_MOVETO else start
            ends = [(at, point)] if kind == pdfium.FPDF_SEGMENT_LINETO else []
            if pdfium.FPDFPathSegment_GetClose(segment):
                ends.append((point, start))
            rules += [(min(a, c), min(b, d), max(a, c), max(b, d)) for (a, b), (c, d) in ends]
            at = point
    return rules


def _tables(characters: Sequence[Character], found: Sequence[Ruled]) -> tuple[Ruled, ...]:
    """The grids that are filled like tables: half of the cells or more, in two columns and rows, none with a whole text."""
    tables: list[Ruled] = []
    for table in found:
        cells = Counter(_cell(corners, [table]) for _, _, corners in characters if corners is not None)
        cells.pop(None, None)
        rows, columns = {cell[1] for cell in cells if cell}, {cell[2] for cell in cells if cell}
        filled = 2 * len(cells) >= len(set(table.owners.values())) and min(len(rows), len(columns)) > 1
        if filled and max(cells.values()) <= _LONGEST_CELL:
            tables.append(table)
    return tuple(tables)


def _cell(corners: Corners, tables: Sequence[Ruled]) -> tuple[int, int, int] | None:
    """(table, row, column) of the cell in which a character stands."""
    x, y = (corners[0] + corners[2]) / 2, (corners[1] + corners[3]) / 2
    return next(((at, *unit) for at, table in enumerate(tables) if (unit := table.cell_at(x, y)) is not None), None)


def _fragments(
    characters: Sequence[Character], text: pypdfium2.PdfTextPage, place: Placement, tables: Sequence[Ruled]
) -> Iterator[Fragment]:
    """Characters in the order of the file, put together until the line, or the table's cell, ends or a wide gap follows."""
    run, space, is_made = _Run(), "", False
    for index, character, corners in characters:
        if corners is None:
            space = "" if character == "\n" else space + character
            run.ended |= character == "\n"
            is_made = pdfium.FPDFText_IsGenerated(text, index) == 1
            continue
        if space and is_made and run.only_set_apart(character, corners):
            space = ""
        overflows = run.cell and run.takes(corners) and run.gap_before(corners) < _OVERFLOW
        cell = run.cell if overflows else _cell(corners, tables) if tables else None
        if not run.takes(corners) or cell != run.cell:
            if run.indices:
                yield run.fragment(text, place)
            run = _Run(space, cell)
            space = ""
        run.add(index, space + character, corners)
        space = ""
    if run.indices:
        yield run.fragment(text, place)


class _Run:
    """Characters of one fragment while it grows; `ended` once the file says that the line ends."""

    def __init__(self, space: str = "", cell: tuple[int, int, int] | None = None) -> None:
        self.space = space
        self.cell = cell
        self.ended = False
        self.indices: list[int] = []
        self._characters: list[str] = []
        self._box = (0.0, 0.0, 0.0, 0.0)

    def takes(self, corners: Corners) -> bool:
        """Whether a character at these corners goes on with the run."""
        if not self.indices or self.ended:
            return False
        _, y0, x1, y1 = self._box
        height = min(y1 - y0, corners[3] - corners[1])
        overlap = min(y1, corners[3]) - max(y0, corners[1])
        gap = corners[0] - x1
        return overlap >= 0.5 * height and -height <= gap <= CELL_GAP * max(y1 - y0, 1.0)

    def only_set_apart(self, character: str, corners: Corners) -> bool:
        """Whether a gap in which the file has no space is what typesetters put between Japanese and Latin characters."""
        beside_wide = self._characters and max(self._characters[-1], character) >= "\u2e80"
        return bool(beside_wide) and self.gap_before(corners) < _AUTOSPACE

    def gap_before(self, corners: Corners) -> float:
        """The white space before a character, in ems."""
        _, y0, x1, y1 = self._box
        return (corners[0] - x1) / max(y1 - y0, 1.0)

    def add(self, index: int, characters: str, corners: Corners) -> None:
        """One more character, with the white space before it."""
        if self.indices:
            x0, y0, x1, y1 = self._box
            corners = min(x0, corners[0]), min(y0, corners[1]), max(x1, corners[2]), max(y1, corners[3])
        self._box = corners
        self.indices.append(index)
        self._characters.append(characters)

    def fragment(self, text: pypdfium2.PdfTextPage, place: Placement) -> Fragment:
        """The finished fragment; size and weight are told by a few of its characters."""
        last = len(self.indices) - 1
        samples = [self.indices[last * part // 4] for part in range(5)]
        words = canonical_newlines("".join(self._characters))
        size = median(_size(text, index) for index in samples) or self._box[3] - self._box[1]
        bold = all(_is_bold(text, index) for index in dict.fromkeys(samples))
        return Fragment(words, *self._box, _base(text, samples[2], place), round(size, 2), bold, self.space, self.cell)


def _placement(page: pypdfium2.PdfPage) -> Placement:
    """From a point of the file to points from the top left of the page as it is shown: cropped and rotated."""
    scale = 1000
    width, height = (round(side * scale) for side in page.get_size())
    x, y = ctypes.c_int(), ctypes.c_int()

    def device(user_x: float, user_y: float) -> tuple[float, float]:
        pdfium.FPDF_PageToDevice(page, 0, 0, width, height, 0, user_x, user_y, x, y)
        return x.value / scale, y.value / scale

    e, f = device(0, 0)
    a, b = ((value - origin) / 1000 for value, origin in zip(device(1000, 0), (e, f), strict=True))
    c, d = ((value - origin) / 1000 for value, origin in zip(device(0, 1000), (e, f), strict=True))
    return lambda user_x, user_y: (a * user_x + c * user_y + e, b * user_x + d * user_y + f)


def _corners(box: pdfium.FS_RECTF, place: Placement) -> Corners:
    (x0, y0), (x1, y1) = place(box.left, box.top), place(box.right, box.bottom)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _base(text: pypdfium2.PdfTextPage, index: int, place: Placement) -> float:
    x, y = ctypes.c_double(), ctypes.c_double()
    pdfium.FPDFText_GetCharOrigin(text, index, x, y)
    return place(x.value, y.value)[1]


def _size(text: pypdfium2.PdfTextPage, index: int) -> float:
    """The type's size on paper: the font's size scaled by the text matrix."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(text, index, matrix)
    return pdfium.FPDFText_GetFontSize(text, index) * (matrix.c**2 + matrix.d**2) ** 0.5


def _is_bold(text: pypdfium2.PdfTextPage, index: int) -> bool:
    """By weight, by the font's name, or as Word makes up a weight that a font lacks: filled and stroked."""
    if pdfium.FPDFText_GetFontWeight(text, index) >= _BOLD_WEIGHT:
        return True
    shown = pdfium.FPDFText_GetTextObject(text, index)
    if shown and pdfium.FPDFTextObj_GetTextRenderMode(shown) == pdfium.FPDF_TEXTRENDERMODE_FILL_STROKE:
        return True
    name = ctypes.create_string_buffer(128)
    pdfium.FPDFText_GetFontInfo(text, index, name, 128, ctypes.c_int())
    return _BOLD_NAME.search(name.value) is not None


def _source(facts: dict[str, str], sheets: list[Sheet]) -> Source:
    title = " ".join(facts.get("Title", "").split())
    created = _CREATED.match(facts.get("CreationDate", ""))
    return Source(
        title=title if says_title(title) else _biggest(sheets[0].lines, typography(sheets).body),
        author=" ".join(facts.get("Author", "").split()) or None,
        issued="-".join(part for part in created.groups() if part) if created else None,
    )


def _biggest(lines: tuple[Line, ...], body: float) -> str | None:
    size = max((line.size for line in lines), default=0.0)
    words = [line.text for line in lines if line.size >= 0.95 * size]
    return " ".join(join_wrapped("\n".join(words)).split()) if size > body and len(words) <= 4 else None
