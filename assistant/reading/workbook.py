"""Reads Excel files with openpyxl and CSV: a sheet is a page, and its tables are what stands between empty rows.

Numbers are shown as their cells show them; hidden sheets are left out. A line with one cell above a table is its
caption, a unit (単位：億円) included; one that stands alone is a paragraph.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from itertools import groupby

import openpyxl

from assistant.reading import tables
from assistant.reading.builder import Extracted, ReportBuilder, says_note
from assistant.reading.encodings import decode
from assistant.reading.numerals import shown
from assistant.reading.office import container, source
from assistant.reading.tables import Grid, Slot
from assistant.types import BlockKind, Source

_LARGE = 3 * 2**20  # above this many bytes a workbook is read as a stream, which does not tell its merged cells
_DELIMITERS = ",\t;|"
_SAMPLE = 10_000


def extract(data: bytes, name: str) -> Extracted:
    """The text, blocks and pages of a workbook. Errors: those of `office.container`."""
    with container(data, name) as file:
        workbook = openpyxl.load_workbook(file, data_only=True, read_only=len(data) > _LARGE, keep_links=False)
        builder = ReportBuilder()
        for number, sheet in enumerate(workbook.worksheets, 1):
            if sheet.sheet_state == "visible":
                builder.start_page(number, 0, 0)
                builder.end_section()
                builder.heading(1, sheet.title)
                _write(builder, _grid(sheet))
        workbook.close()
        return builder.build(source(workbook.properties, None))


def extract_csv(data: bytes, name: str) -> Extracted:
    """The text and blocks of a file of separated values, whatever the separator. Errors: those of `encodings.decode`."""
    text = decode(data, name)
    try:
        dialect = csv.Sniffer().sniff(text[:_SAMPLE], _DELIMITERS)
    except csv.Error:
        dialect = csv.excel_tab if name.lower().endswith(".tsv") else csv.excel
    builder = ReportBuilder()
    _write(builder, [[Slot(cell.strip()) for cell in line] for line in csv.reader(text.splitlines(), dialect)])
    return builder.build(Source())


def _grid(sheet) -> Grid:
    grid = [[Slot(shown(cell.value, cell.number_format or "General")) for cell in row] for row in sheet.iter_rows()]
    merged = getattr(sheet, "merged_cells", None)
    for area in merged.ranges if merged else ():
        text = grid[area.min_row - 1][area.min_col - 1].text
        for row in range(area.min_row - 1, min(area.max_row, len(grid))):
            for column in range(area.min_col - 1, min(area.max_col, len(grid[row]))):
                grid[row][column] = Slot(text, column >= area.min_col)
    return grid


def _write(builder: ReportBuilder, grid: Grid) -> None:
    for is_filled, rows in groupby(grid, key=lambda line: any(slot.text.strip() for slot in line)):
        if is_filled:
            _region(builder, _without_empty_columns(list(rows)))


def _without_empty_columns(grid: Grid) -> Grid:
    filled = [
        at for at in range(tables.columns(grid)) if any(at < len(line) and line[at].text.strip() for line in grid)
    ]
    return [[line[at] if at < len(line) else Slot() for at in filled] for line in grid]


def _region(builder: ReportBuilder, grid: Grid) -> None:
    """A table with the lines above it, or lines alone."""
    top = next((number for number, line in enumerate(grid) if len(_texts(line)) > 1), len(grid))
    above = [text for line in grid[:top] for text in _texts(line)]
    notes = [text for text in above if says_note(text)]
    lines = [text for text in above if not says_note(text)]
    if top == len(grid):
        for text in above:
            builder.block(BlockKind.NOTE if says_note(text) else BlockKind.PARAGRAPH, text)
        return
    for note in notes:
        builder.block(BlockKind.NOTE, note)
    if lines:
        builder.caption("\n".join(lines))
    tables.write(builder, grid[top:], tables.head_rows(grid[top:]))


def _texts(line: Sequence[Slot]) -> list[str]:
    return [slot.text for slot in line if slot.text.strip() and not slot.repeated]
