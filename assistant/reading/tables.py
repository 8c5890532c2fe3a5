"""Tables as grids: which rows are heads, and a grid with its spans resolved -> rows of a report. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.reading.builder import ReportBuilder, says_note
from assistant.types import BlockKind, Box

_NUMBER = re.compile(r"[(（△▲+\-−–]?\s*[¥$€£￥＄]?\s*\d[\d,.，．]*\s*(?:[%％]|[^\W\d]{1,4})?\s*[)）]?$")
_YEAR = re.compile(r"(?:FY\s?|Q[1-4]\s?)?(?:19|20)\d\d(?:年度?|/\d\d?|-\d\d?)?(?:\s?Q[1-4])?[EFA予実]?$")


@dataclass(frozen=True, slots=True)
class Slot:
    """One column of one row: its text; `repeated` where it is a further column of a cell that spans columns; `boxes`:
    (printed line, its box) where they are known."""

    text: str = ""
    repeated: bool = False
    boxes: tuple[tuple[str, Box], ...] = ()


Grid = list[list[Slot]]


def place(rows: Iterable[Iterable[tuple[str, int, int]]]) -> Grid:
    """Rows of (text, columns spanned, rows spanned) as a grid: a cell that spans rows stands in each of them."""
    grid: Grid = []
    above: dict[int, tuple[int, Slot]] = {}
    for row in rows:
        line = {column: slot for column, (_, slot) in above.items()}
        below = {column: (down - 1, slot) for column, (down, slot) in above.items() if down > 1}
        column = 0
        for text, across, down in row:
            while column in line:
                column += 1
            for number in range(across):
                line[column + number] = slot = Slot(text, number > 0)
                if down > 1:
                    below[column + number] = (down - 1, slot)
            column += across
        grid.append([line.get(at, Slot()) for at in range(max(line, default=-1) + 1)])
        above = below
    return grid


def head_rows(grid: Grid) -> int:
    """How many rows head a table that does not say so: one without numbers, and those under its merged cells."""
    heads = 0
    while heads < len(grid) - 1 and not any(_is_number(slot.text) for slot in grid[heads]):
        heads += 1
        if not any(slot.repeated for slot in grid[heads - 1]) and not _parts_heads(grid[heads : heads + 2]):
            break
    return heads


def likely_head_rows(grid: Grid) -> int:
    """The same where a format could say so and did not: of two columns the first is as likely to be the head."""
    is_certain = columns(grid) > 2 or any(slot.repeated for line in grid[:1] for slot in line)
    return head_rows(grid) if is_certain else 0


def _parts_heads(rows: Grid) -> bool:
    """Whether the first of two rows names parts of the columns above it: nothing under the first head, numbers below."""
    if len(rows) < 2 or not rows[0] or rows[0][0].text.strip():
        return False
    named = [at for at, slot in enumerate(rows[0]) if slot.text.strip()]
    below = [at < len(rows[1]) and _is_number(rows[1][at].text) for at in named]
    return any(below) and not any(_is_number(rows[0][at].text) for at in named)


def write(builder: ReportBuilder, grid: Grid, heads: int, boxes: Sequence[Box] = ()) -> None:
    """Write a table: its first `heads` rows, joined column by column, are furniture and head the cells of the others.

    `boxes`, where given, are one for each row of the grid. A note below the table is no row of it.
    """
    top = _filled(grid[:heads])
    headers = [" ".join(_distinct(line[at].text for line in top if at < len(line))) for at in range(columns(grid))]
    builder.furniture("\t".join(headers).strip("\t"))
    for number, line in enumerate(grid[heads:], heads):
        texts = ["" if slot.repeated else " ".join(slot.text.split()) for slot in line]
        words = "\t".join(texts).strip("\t")
        own = [pair for slot in line if not slot.repeated for pair in slot.boxes]
        box = [(words, boxes[number])] if boxes else own
        if says_note(words) and "\t" not in words:
            builder.block(BlockKind.NOTE, words, box)
        else:
            builder.row(zip(headers, texts, strict=False), box)


def _filled(heads: Grid) -> Grid:
    """Heads that lost their spans (CSV): one that is empty over a named part is the one to its left."""
    if any(slot.repeated for line in heads for slot in line):
        return heads
    filled = [list(line) for line in heads]
    for line, below in pairwise(filled):
        for at in range(1, min(len(line), len(below))):
            if below[at].text.strip() and not line[at].text.strip():
                line[at] = line[at - 1]
    return filled


def _distinct(texts: Iterable[str]) -> Iterator[str]:
    return (" ".join(text.split()) for text in dict.fromkeys(texts) if text.strip())


def _is_number(text: str) -> bool:
    text = text.strip()
    return bool(_NUMBER.match(text)) and not _YEAR.match(text)


def columns(grid: Sequence[Sequence[Slot]]) -> int:
    """The widest row's number of columns."""
    return max(map(len, grid), default=0)
