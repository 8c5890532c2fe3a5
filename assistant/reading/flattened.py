"""Tables of slides whose columns were written one after the other: found as runs of short lines, joined where lengths agree.

What stands beside what is inferred from the order alone, so that rows made here are marked as such wherever they go.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.reading.lines import SENTENCE_END, Line, is_bullet
from assistant.types import Cell

_LONGEST_CELL = 30
_FEWEST_ROWS = 5
_MOST_COLUMNS = 4
_LONGEST_WHOLE = 420
_VALUE = re.compile(r"[▲△+\-−±約<>≒]?\s?[$€¥￥£]?\s?\d[\d,.]*\s?[^\s\d]{0,8}(?:\d{1,2}[^\s\d]{1,2}){0,2}$")
_AXIS = re.compile(r"(?:[▲△\-−]?\d[\d,.]*[%％]?\s+){2,}[▲△\-−]?\d[\d,.]*[%％]?$")
_MOSTLY, _NEARLY_ALL = 0.6, 0.9


@dataclass(frozen=True, slots=True)
class Flattened:
    """Lines [first, end) that seem to be one table; `rows` are inferred, and empty where lengths do not agree."""

    end: int
    rows: tuple[tuple[Cell, ...], ...]


def find_flattened(lines: Sequence[Line], first: int, stops: Callable[[int], bool]) -> Flattened | None:
    """The flattened table that begins at a line, or None. `stops(number)`: something else begins at that line."""
    columns, end = _columns(lines, first, stops)
    cells = [line for column in columns for line in column]
    divided = columns if _may_be_columns(columns, _MOSTLY) else _divided(cells)
    if divided:
        return Flattened(end, _rows(divided))
    is_table = len(columns) > 1 and all(len(column) >= _FEWEST_ROWS for column in columns)
    is_table = is_table and len({_is_of_values(column, _MOSTLY) for column in columns}) > 1
    is_small = bool(cells) and cells[-1].end - cells[0].start <= _LONGEST_WHOLE
    return Flattened(end, ()) if is_table and is_small else None


def _columns(lines: Sequence[Line], first: int, stops: Callable[[int], bool]) -> tuple[list[list[Line]], int]:
    """Short lines from `first` on, parted where a chart's axis stands, and the number of the line after them.

    A single empty line is passed over.
    """
    columns: list[list[Line]] = [[]]
    number = end = first
    while number < len(lines):
        line = lines[number]
        if line.is_blank and number > first and not lines[number - 1].is_blank:
            number += 1
            continue
        if line.is_blank or (number > first and stops(number)):
            break
        text = line.text.strip()
        if _AXIS.match(text):
            columns.append([])
        elif len(text) <= _LONGEST_CELL and not SENTENCE_END.search(text) and not is_bullet(line.text):
            columns[-1].append(line)
            end = number + 1
        else:
            break
        number += 1
    return [column for column in columns if column], end


def _divided(cells: Sequence[Line]) -> list[list[Line]]:
    """The cells cut into columns of one length, where that gives columns of nothing but names and values in turn."""
    for count in range(2, _MOST_COLUMNS + 1):
        length, rest = divmod(len(cells), count)
        columns = [list(cells[at : at + length]) for at in range(0, len(cells), length or 1)]
        if not rest and _may_be_columns(columns, _NEARLY_ALL):
            return columns
    return []


def _may_be_columns(columns: Sequence[Sequence[Line]], share: float) -> bool:
    """Whether runs have one length, five or more, and each is of names beside one of values."""
    if not 2 <= len(columns) <= _MOST_COLUMNS or len({len(column) for column in columns}) != 1:
        return False
    kinds = [_is_of_values(column, share) for column in columns]
    return len(columns[0]) >= _FEWEST_ROWS and None not in kinds and all(a != b for a, b in pairwise(kinds))


def _is_of_values(column: Sequence[Line], share: float) -> bool | None:
    """Whether such a share of a run, its head left out, is values (True), or hardly any is (False); None for neither."""
    values = sum(map(_is_value, column))
    return True if values >= share * (len(column) - 1) else False if values <= (1 - share) / 2 * len(column) else None


def _is_value(line: Line) -> bool:
    return bool(_VALUE.match(line.text.strip()))


def _rows(columns: Sequence[Sequence[Line]]) -> tuple[tuple[Cell, ...], ...]:
    """The first of each run beside the first of the others, and so on; a name that heads values is their header."""
    of_values = [column for column in columns if _is_of_values(column, _MOSTLY)]
    headed = all(not _is_value(column[0]) and all(map(_is_value, column[1:])) for column in of_values)
    headers = [column[0].text.strip() if headed else "" for column in columns]
    below = [column[1:] if headed else column for column in columns]
    return tuple(
        tuple(_cell(header, line) for header, line in zip(headers, row, strict=True))
        for row in zip(*below, strict=True)
    )


def _cell(header: str, line: Line) -> Cell:
    start = line.start + len(line.text) - len(line.text.lstrip())
    return Cell(header, start, line.start + len(line.text.rstrip()))
