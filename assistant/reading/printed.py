"""Pure: printed lines with their places on the page become running heads, headings, paragraphs, lists and table rows.

Nothing here knows of PDF: `pdf.py` brings the lines.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from statistics import median

from assistant.language.text import is_content
from assistant.reading import tables
from assistant.reading.builder import ReportBuilder, says_caption, says_note
from assistant.reading.typeset import Fragment, Line, Sheet, line_of
from assistant.types import BlockKind, Box

_MARGIN = 0.12  # the share of the page's height at its top and bottom where running heads stand
_HEAD_SIZE = 1.12  # a heading's type is so much larger than the body's
_LONGEST_HEADING = 120
_DEEPEST_HEADING = 6
_TABLE_ROWS = 3
_LONGEST_CELL = 60
_COLUMN_LINES = 4
_CONTENTS_LINES = 5
_COLUMN_FILL = 0.6
_WIDE = "\u2e80"  # from here on, Japanese is written without spaces

_DIGITS = re.compile(r"[0-9０-９]+|\b[ivxlcdm]+\b", re.IGNORECASE)
_PAGE_NUMBER = re.compile(
    r"(?:p(?:age|\.)?)?\s*[-–—(]?\s*(?:[0-9０-９]{1,4}|[ivxlc]{1,7})\s*(?:(?:/|of|／)\s*[0-9０-９]{1,4})?\s*[-–—)]?\s*(?:頁|ページ)?",
    re.IGNORECASE,
)
_DOT = re.compile(r"[・•‣▪●○◆◇■□➢✓◦⁃\ue000-\uf8ff]")
_BULLET = re.compile(
    rf"{_DOT.pattern}|[-–—*]\s|[(（]?[0-9０-９]{1, 2}[.)．）]\s?(?![0-9０-９])|[①-⑳]|[(（][ァ-ンa-z][)）]"
)
_SENTENCE_END = re.compile(r"[。．！？!?.:：」』)）]$")
_NUMBER = re.compile(r"[0-9０-９]")
_LEADERS = re.compile(r"(?:[.．・·…‥]\s?){4,}\s*(?:[0-9]{1,3}|[ivxlc]{1,6})$")
_ENTRY = re.compile(r"\s(?:[0-9]{1,3}|[ivxlc]{1,6})$")


@dataclass(frozen=True, slots=True)
class Typography:
    """What a report's type says: the body's size, whether the body is bold, and the headings' sizes, largest first."""

    body: float
    bold: bool
    heads: tuple[float, ...]


def write(sheets: Sequence[Sheet], builder: ReportBuilder) -> None:
    """All pages into the builder, each in reading order, running heads and page numbers as furniture."""
    type_ = typography(sheets)
    furniture = running_lines(sheets, type_.body)
    for sheet in sheets:
        builder.start_page(sheet.number, sheet.width, sheet.height)
        running = [line for index, line in enumerate(sheet.lines) if (sheet.number, index) in furniture]
        body = [line for index, line in enumerate(sheet.lines) if (sheet.number, index) not in furniture]
        for line in running:
            if line.y0 < sheet.height / 2:
                builder.furniture(line.text)
        writer = _Writer(builder, sheet, type_)
        for table, part in groupby(reading_order(body, sheet), _table_of):
            if table is not None:
                writer.ruled(table, body)
                continue
            for is_contents, lines in _contents(list(part)):
                for group in [] if is_contents else _groups(lines):
                    writer.group(group)
                for line in lines if is_contents else []:
                    builder.furniture(line.text)
        for line in running:
            if line.y0 >= sheet.height / 2:
                builder.furniture(line.text)


def _table_of(line: Line) -> int | None:
    cell = line.fragments[0].cell
    return None if cell is None else cell[0]


def typography(sheets: Sequence[Sheet]) -> Typography:
    """The body's type is the one that most characters have; larger sizes head, by rank."""
    sizes: Counter[float] = Counter()
    bolds: Counter[bool] = Counter()
    for line in (line for sheet in sheets for line in sheet.lines):
        sizes[_rounded(line.size)] += len(line.text)
        bolds[line.bold] += len(line.text)
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    heads = sorted((size for size in sizes if size >= body * _HEAD_SIZE), reverse=True)
    return Typography(body, bolds[True] > bolds[False], tuple(heads))


# Running heads, feet and page numbers -------------------------------------------------------------------------------


def running_lines(sheets: Sequence[Sheet], body: float) -> set[tuple[int, int]]:
    """(page, index of the line) of what repeats at the top or bottom of pages.

    Same place and same text up to digits on three pages or on half of them; or the outermost line, set apart from the
    rest, at the same place on half of the pages (heads that change with the chapter); or a lone page number.
    """
    found: set[tuple[int, int]] = set()
    for key in (_by_text, lambda sheet, index: _by_place(sheet, index, body)):
        places: dict[object, list[tuple[int, int]]] = {}
        for sheet in sheets:
            for index, line in enumerate(sheet.lines):
                if _in_margin(line, sheet) and (value := key(sheet, index)) is not None:
                    places.setdefault(value, []).append((sheet.number, index))
        least = min(3, max(2, (len(sheets) + 1) // 2)) if key is _by_text else max(3, (len(sheets) + 1) // 2)
        found.update(place for group in places.values() if len({page for page, _ in group}) >= least for place in group)
    found.update((sheet.number, index) for sheet in sheets for index in _page_numbers(sheet))
    return {(sheet.number, at) for sheet in sheets for at in _outermost(sheet, found)}


def _outermost(sheet: Sheet, found: set[tuple[int, int]]) -> Iterator[int]:
    """The lines that were found on a page, without those that have text of the page between them and its edge."""
    body = [line for index, line in enumerate(sheet.lines) if (sheet.number, index) not in found]
    for index, line in enumerate(sheet.lines):
        is_top = line.y1 < sheet.height / 2
        outer = (other.y1 <= line.y0 if is_top else other.y0 >= line.y1 for other in body)
        if (sheet.number, index) in found and not any(outer):
            yield index


def _by_text(sheet: Sheet, index: int) -> object:
    line = sheet.lines[index]
    return _DIGITS.sub("#", line.text), round(line.y0 / sheet.height * 50)


def _by_place(sheet: Sheet, index: int, body: float) -> object | None:
    line = sheet.lines[index]
    others = [other for number, other in enumerate(sheet.lines) if number != index and not _beside(other, line)]
    gap = min((max(other.y0 - line.y1, line.y0 - other.y1) for other in others), default=0.0)
    outermost = all(other.y0 > line.y0 for other in others) or all(other.y1 < line.y1 for other in others)
    apart = outermost and gap > line.size and line.size <= body * _HEAD_SIZE
    return round(line.y1 / sheet.height * 100) if apart else None


def _page_numbers(sheet: Sheet) -> Iterator[int]:
    if len(sheet.lines) < 2:
        return
    top, bottom = min(line.y0 for line in sheet.lines), max(line.y1 for line in sheet.lines)
    for index, line in enumerate(sheet.lines):
        outermost = line.y0 - top < line.size or bottom - line.y1 < line.size
        if outermost and _in_margin(line, sheet) and _PAGE_NUMBER.fullmatch(line.text.strip()):
            yield index


def _in_margin(line: Line, sheet: Sheet) -> bool:
    return line.y1 < sheet.height * _MARGIN or line.y0 > sheet.height * (1 - _MARGIN)


def _beside(one: Line, other: Line) -> bool:
    return min(one.y1, other.y1) - max(one.y0, other.y0) > 0.5 * min(one.y1 - one.y0, other.y1 - other.y0)


def _contents(lines: Sequence[Line]) -> Iterator[tuple[bool, list[Line]]]:
    """Lines in runs, each with whether it belongs to a table of contents: what says where, never what."""
    has_contents = sum(_LEADERS.search(line.text) is not None for line in lines) >= _CONTENTS_LINES
    for is_entry, run in groupby(lines, lambda line: has_contents and _ENTRY.search(line.text) is not None):
        yield is_entry, list(run)


# Reading order ------------------------------------------------------------------------------------------------------


def reading_order(lines: Sequence[Line], sheet: Sheet) -> list[Line]:
    """Two columns of prose one after the other; everything else as the file has it, unless the file jumps about."""
    gutter = _gutter(lines, sheet)
    if gutter is not None:
        return _column_order([half for line in lines for half in _cut(line, gutter)], gutter)
    groups = _groups(lines)
    upward = sum(after[0].y1 < before[0].y0 for before, after in pairwise(groups))
    if upward * 3 > len(groups):
        groups = sorted(groups, key=lambda group: (round(group[0].y0), group[0].x0))
    return [line for group in groups for line in group]


def _gutter(lines: Sequence[Line], sheet: Sheet) -> float | None:
    """Where the right one of two columns begins: a left edge that lines share, full lines on both sides."""
    fragments = [fragment for line in lines for fragment in line.fragments]
    edges = Counter(round(f.x0 / 2) * 2 for f in fragments if 0.35 < f.x0 / sheet.width < 0.65)
    for edge, count in edges.most_common(3):
        left = [f for f in fragments if f.x1 < edge - 2]
        right = [f for f in fragments if f.x0 > edge - 3]
        full = min(_fill(left), _fill(right)) >= _COLUMN_FILL
        if count >= _COLUMN_LINES and min(len(left), len(right)) >= _COLUMN_LINES and full:
            return edge - 3
    return None


def _fill(fragments: Sequence[Fragment]) -> float:
    if not fragments:
        return 0.0
    width = max(f.x1 for f in fragments) - min(f.x0 for f in fragments)
    return median(f.x1 - f.x0 for f in fragments) / width if width else 0.0


def _cut(line: Line, gutter: float) -> list[Line]:
    left = [fragment for fragment in line.fragments if fragment.x0 <= gutter]
    right = [fragment for fragment in line.fragments if fragment.x0 > gutter]
    if left and right and max(fragment.x1 for fragment in left) <= gutter:
        return [line_of(left), line_of(right)]
    return [line]


def _column_order(lines: Sequence[Line], gutter: float) -> list[Line]:
    """Lines across both columns part the page; between two of them the left column is read before the right one."""
    across = sorted(line.y0 for line in lines if line.x0 <= gutter < line.x1)

    def place(line: Line) -> tuple[float, int, float, float]:
        above = sum(y < line.y0 for y in across)
        if line.x0 <= gutter < line.x1:
            return above + 0.5, 0, line.y0, line.x0
        return above, int(line.x0 > gutter), line.y0, line.x0

    return sorted(lines, key=place)


def _groups(lines: Iterable[Line]) -> list[list[Line]]:
    """Lines that follow each other down the page without a gap, in type of one size."""
    groups: list[list[Line]] = []
    for line in lines:
        if groups and _goes_on(groups[-1], line):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _goes_on(group: Sequence[Line], line: Line) -> bool:
    before = group[-1]
    size = max(before.size, line.size)
    leading = line.base - before.base
    usual = before.base - group[-2].base if len(group) > 1 else 2.0 * size
    below = 0.5 * min(before.size, line.size) < leading <= max(min(usual * 1.2, 2.2 * size), 1.25 * size)
    overlap = min(before.x1, line.x1) > max(before.x0, line.x0)
    return below and overlap and abs(before.size - line.size) <= 0.1 * size


# Blocks -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes the groups of one page as blocks."""

    builder: ReportBuilder
    sheet: Sheet
    type: Typography
    ruled_done: set[int] = field(default_factory=set)

    def ruled(self, number: int, lines: Sequence[Line]) -> None:
        """A table by its ruling lines, whole where it is first met."""
        if number in self.ruled_done:
            return
        self.ruled_done.add(number)
        table, cells = self.sheet.tables[number], dict[tuple[int, int], list[Line]]()
        for line in lines:
            for cell, part in groupby(line.fragments, lambda fragment: fragment.cell):
                if cell is not None and cell[0] == number:
                    cells.setdefault(cell[1:], []).append(line_of(list(part)))
        grid = [
            [self._slot(cells.get(table.owners[row, column], []), column > table.owners[row, column][1])
             for column in range(len(table.xs) - 1)]
            for row in range(len(table.ys) - 1)
        ]  # fmt: skip
        grid = [line for line in grid if any(slot.text for slot in line)]
        tables.write(self.builder, grid, tables.likely_head_rows(grid))

    def _slot(self, lines: Sequence[Line], repeated: bool) -> tables.Slot:
        boxes = tuple((" ".join(line.text.split()), self._box(line)) for line in lines)
        words = ""
        for text, _ in boxes:
            goes_on = words[-1:] == "-" or max(words[-1:], text[:1]) >= _WIDE
            words += text if goes_on or not words else f" {text}"
        return tables.Slot(words, repeated, boxes)

    def group(self, lines: Sequence[Line]) -> None:
        for is_table, part in _tables(lines):
            if is_table:
                self._table(part)
            else:
                for block in _blocks(part, self._is_bold_head):
                    self._block(block)

    def _block(self, lines: Sequence[Line]) -> None:
        text, boxes = "\n".join(line.text for line in lines), self._boxes(lines)
        level = self._level(lines, text)
        kind = _kind(text)
        if kind is BlockKind.CAPTION:
            self.builder.caption(text, boxes)
        elif level and kind is not BlockKind.NOTE:
            self.builder.heading(level, text, boxes)
        else:
            self.builder.block(kind, text, boxes)

    def _level(self, lines: Sequence[Line], text: str) -> int | None:
        if len(text) > _LONGEST_HEADING or not is_content(text) or text.rstrip().endswith(("。", ",", "、", ";")):
            return None
        size = _rounded(max(line.size for line in lines))
        if size in self.type.heads and not _DOT.match(text.lstrip()):
            return min(self.type.heads.index(size) + 1, _DEEPEST_HEADING)
        is_item = _kind(text) is BlockKind.LIST and not _NUMBER.match(text.lstrip())
        if len(lines) <= 2 and all(self._is_bold_head(line) for line in lines) and not is_item:
            return min(len(self.type.heads) + 1, _DEEPEST_HEADING)
        return None

    def _is_bold_head(self, line: Line) -> bool:
        return line.bold and not self.type.bold and line.size >= 0.95 * self.type.body

    def _table(self, rows: Sequence[Line]) -> None:
        columns = _columns(rows) or []
        grid = [_cells(row, columns) or [] for row in rows]
        headers = [""] * len(columns)
        if _is_header(grid) or (rows[0].bold and not any(row.bold for row in rows[1:])):
            headers = grid[0]
            self.builder.furniture("\t".join(headers).strip("\t"))
            rows, grid = rows[1:], grid[1:]
        for line, cells in zip(rows, grid, strict=True):
            text = "\t".join(cells).strip("\t")
            self.builder.row(zip(headers, cells, strict=True), [(text, self._box(line))])

    def _boxes(self, lines: Sequence[Line]) -> list[tuple[str, Box]]:
        return [(line.text, self._box(line)) for line in lines]

    def _box(self, line: Line) -> Box:
        width, height = self.sheet.width, self.sheet.height
        corners = line.x0 / width, line.y0 / height, line.x1 / width, line.y1 / height
        return Box(*(round(min(max(value, 0.0), 1.0), 4) for value in corners))


def _kind(text: str) -> BlockKind:
    if says_note(text):
        return BlockKind.NOTE
    if says_caption(text):
        return BlockKind.CAPTION
    return BlockKind.LIST if _BULLET.match(text.lstrip()) else BlockKind.PARAGRAPH


def _blocks(lines: Sequence[Line], is_bold_head: Callable[[Line], bool]) -> list[list[Line]]:
    """A group of lines cut into paragraphs, list items, captions and notes."""
    left, right = min(line.x0 for line in lines), max(line.x1 for line in lines)
    blocks: list[list[Line]] = []
    for line in lines:
        if blocks and not _begins(blocks[-1], line, left, right) and is_bold_head(blocks[-1][-1]) == is_bold_head(line):
            blocks[-1].append(line)
        else:
            blocks.append([line])
    return blocks


def _begins(block: Sequence[Line], line: Line, left: float, right: float) -> bool:
    """Whether a line opens a new block rather than going on with the one before it."""
    first, before = block[0], block[-1]
    kind, em = _kind(first.text), line.size
    if _kind(line.text) is not BlockKind.PARAGRAPH or line.text.startswith("　"):
        return True
    if kind is BlockKind.LIST and line.x0 > first.x0 + 0.4 * em:
        return False
    if kind is BlockKind.LIST:
        return line.x0 < first.x0 - 0.4 * em or right - before.x1 > 2 * em
    is_centred = before.x1 > right - 0.4 * em and abs(line.x0 + line.x1 - before.x0 - before.x1) < em
    if line.x0 > before.x0 + 0.8 * em and before.x0 < left + 0.4 * em and not is_centred:
        return kind is BlockKind.PARAGRAPH
    short = right - before.x1
    return short > 0.4 * (right - left) or _stops_short(before, right, 2 * em)


def _stops_short(line: Line, right: float, least: float) -> bool:
    return right - line.x1 > least and _SENTENCE_END.search(line.text.rstrip()) is not None


# Tables -------------------------------------------------------------------------------------------------------------


def _tables(lines: Sequence[Line]) -> Iterator[tuple[bool, Sequence[Line]]]:
    """Runs of lines, each with whether it is a table that is certain: the cells of three or more rows align."""
    start = plain = 0
    while start < len(lines):
        end = _table_end(lines, start)
        if end - start < _TABLE_ROWS:
            start += 1
            continue
        if plain < start:
            yield False, lines[plain:start]
        yield True, lines[start:end]
        start = plain = end
    if plain < len(lines):
        yield False, lines[plain:]


def _table_end(lines: Sequence[Line], start: int) -> int:
    end = start
    while end < len(lines) and len(lines[end].fragments) > 1:
        end += 1
    while end - start >= _TABLE_ROWS and _columns(lines[start:end]) is None:
        end -= 1
    return end


def _columns(rows: Sequence[Line]) -> list[tuple[float, float]] | None:
    """The columns as [x0, x1], or None where they are not certain."""
    count = Counter(len(row.fragments) for row in rows).most_common(1)[0][0]
    full = [row for row in rows if len(row.fragments) == count]
    columns = [
        (min(row.fragments[at].x0 for row in full), max(row.fragments[at].x1 for row in full)) for at in range(count)
    ]
    apart = all(before[1] < after[0] for before, after in pairwise(columns))
    short = all(len(fragment.text) <= _LONGEST_CELL for row in rows for fragment in row.fragments)
    certain = count > 1 and len(full) >= _TABLE_ROWS - 1 and apart and short
    return columns if certain and all(_cells(row, columns) for row in rows) else None


def _cells(row: Line, columns: Sequence[tuple[float, float]]) -> list[str] | None:
    cells = [""] * len(columns)
    for fragment in row.fragments:
        at = [index for index, (x0, x1) in enumerate(columns) if fragment.x0 < x1 and x0 < fragment.x1]
        if len(at) != 1 or cells[at[0]]:
            return None
        cells[at[0]] = " ".join(fragment.text.split())
    return cells


def _is_header(grid: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names the columns: some column has numbers below a name without one."""
    first, rest = grid[0], grid[1:]
    return any(
        bool(first[at])
        and not _NUMBER.search(first[at])
        and all(_NUMBER.match(row[at].lstrip("-+▲△¥$€ ")) for row in rest)
        for at in range(len(first))
    )


def _rounded(size: float) -> float:
    return round(size * 2) / 2
