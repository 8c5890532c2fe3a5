"""Table rows in plain text: which lines are rows, and which words of a row stand under which header.

Cells are told apart only where that is certain; otherwise a row has no cells and is quoted as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.reading.lines import BRACKETED, ROW_LABEL, SENTENCE_END, Line
from assistant.types import Cell

_SPACE = re.compile(r"[ \t　]+")
_NUMBER = re.compile(r"[\d,.]+(?:[%％円元ドル倍]|億.?|万.?)?$")
_YEAR = re.compile(r"(?:19|20)\d\d$")
_LATIN_ONLY = re.compile(r"[A-Za-z][A-Za-z .&'-]*$")
_WORD = re.compile(r"(?:[（(〔「『][^（）()〔〕「」『』\n]*[）)〕」』]|[^\s])+")
_OPENING = 12
_FEWEST_COLUMNS = 3
_LONG_CELL = 24


def header_cells(text: str) -> tuple[str, ...]:
    """The header cells of a line that could head a table, or nothing; a line of numbers is a row, years may be a head."""
    cells = tuple(cell for cell in _SPACE.split(text.strip()) if cell)
    if sum(bool(_NUMBER.match(cell) and not _YEAR.match(cell)) for cell in cells) >= 2:
        return ()
    if len(cells) < _FEWEST_COLUMNS or SENTENCE_END.search(text) or any(len(cell) > 20 for cell in cells):
        return ()
    return cells


def is_aligned_row(text: str, columns: int) -> bool:
    """Whether a line splits into exactly `columns` short words of which two or more are numbers."""
    words = [word for word in _SPACE.split(text.strip()) if word]
    return len(words) == columns and sum(bool(_NUMBER.match(word)) for word in words) >= 2


def row_cells(lines: Sequence[Line], headers: Sequence[str]) -> tuple[Cell, ...]:
    """The cells of a row that may go on over several lines, or () where the columns cannot be told apart.

    A line wholly in brackets belongs to the cell above it. A short line without an end of sentence is a further line of
    the cell above while a longer text still follows. The last column takes the rest.
    """
    for joins_latin in (False, True):
        cells = _assign(_pieces(lines, len(headers), joins_latin), headers)
        if cells and not _swallowed_a_cell(lines, cells[-1]):
            return cells
    return ()


def _pieces(lines: Sequence[Line], columns: int, joins_latin: bool) -> list[tuple[int, int]]:
    merged = _merge_lines(lines)
    pieces: list[tuple[int, int]] = []
    for index, (text, start, joins) in enumerate(merged):
        limit = columns - len(pieces) if index == len(merged) - 1 else 0
        words = _words(text, start, limit, joins_latin)
        if joins and pieces:
            pieces[-1] = (pieces[-1][0], words[-1][1])
        else:
            pieces += words
    return pieces


def _swallowed_a_cell(lines: Sequence[Line], cell: Cell) -> bool:
    """Whether the last cell seems to begin with the cell before it: a space stands among its first characters."""
    opening = "\n".join(line.text for line in lines)[cell.start - lines[0].start :][:_OPENING]
    return cell.end - cell.start > _OPENING and " " in opening


def _assign(pieces: Sequence[tuple[int, int]], headers: Sequence[str]) -> tuple[Cell, ...]:
    if len(pieces) != len(headers):
        return ()
    return tuple(Cell(header, start, end) for header, (start, end) in zip(headers, pieces, strict=True))


def _merge_lines(lines: Sequence[Line]) -> list[tuple[str, int, bool]]:
    """(text, offset, whether it belongs to the cell above) for each line; the long text at the end is one piece."""
    body = next((n for n, line in enumerate(lines) if _is_prose(line.text)), len(lines) - 1)
    merged = [(line.text, line.start, n > 0 and _belongs_above(lines, n, body)) for n, line in enumerate(lines[:body])]
    first, last = lines[body], lines[-1]
    whole = "\n".join(line.text for line in lines[body:])
    assert first.start + len(whole) == last.end
    return [*merged, (whole, first.start, False)]


def _belongs_above(lines: Sequence[Line], number: int, body: int) -> bool:
    text = lines[number].text
    if BRACKETED.match(text):
        return True
    alone = len([word for word in _SPACE.split(text.strip()) if word]) == 1
    above_is_bracketed = number > 0 and bool(BRACKETED.match(lines[number - 1].text))
    return (
        alone
        and not above_is_bracketed
        and number < body
        and not _SPACE.search(lines[body].text.split("。")[0].strip())
    )


def _is_prose(text: str) -> bool:
    return len(text) > _LONG_CELL and bool(re.search(r"[。、．]", text)) and not BRACKETED.match(text)


def _words(text: str, start: int, limit: int, joins_latin: bool) -> list[tuple[int, int]]:
    """Spans of the words of a line, brackets kept whole; with a limit the last one takes the rest of the line.

    With `joins_latin`, neighbours in Latin letters are one word (UNEX EV).
    """
    spans: list[tuple[int, int]] = []
    for match in _WORD.finditer(text):
        if limit and len(spans) == limit:
            spans[-1] = (spans[-1][0], start + len(text.rstrip()))
            break
        begin, end = start + match.start(), start + match.end()
        both_latin = spans and _LATIN_ONLY.match(text[spans[-1][0] - start : spans[-1][1] - start])
        if joins_latin and both_latin and _LATIN_ONLY.match(match[0]):
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((begin, end))
    return spans


def row_label(text: str) -> str | None:
    """The printed label that a row begins with ("3-2"), or None."""
    match = ROW_LABEL.match(text)
    return match[1] if match else None
