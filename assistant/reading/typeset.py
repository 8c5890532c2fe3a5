"""What stands on a printed page: fragments of lines, lines, sheets. Pure; lengths are points, origin at the top left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.reading.ruled import Ruled

CELL_GAP = 1.2  # white space of so many ems lies between cells or columns, not between words


@dataclass(frozen=True, slots=True)
class Printed:
    """Words in one line with their box, the line they stand on, and their type."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    base: float
    size: float
    bold: bool


@dataclass(frozen=True, slots=True)
class Fragment(Printed):
    """Words printed close together on one line; `space` is the white space that the file has before them, `cell` the
    (table, row, column) in which they stand on a sheet with ruled tables."""

    space: str = ""
    cell: tuple[int, int, int] | None = None


@dataclass(frozen=True, slots=True)
class Line(Printed):
    """Fragments on one base line, from left to right."""

    fragments: tuple[Fragment, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of lines, in the order of the file until `write` puts them in reading order."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]
    tables: tuple[Ruled, ...] = ()


def line_of(fragments: Sequence[Fragment]) -> Line:
    """The line that these fragments make."""
    longest = max(fragments, key=lambda fragment: len(fragment.text))
    return Line(
        _joined(fragments),
        min(fragment.x0 for fragment in fragments),
        min(fragment.y0 for fragment in fragments),
        max(fragment.x1 for fragment in fragments),
        max(fragment.y1 for fragment in fragments),
        longest.base,
        longest.size,
        all(fragment.bold for fragment in fragments),
        tuple(fragments),
    )


def lines_of(fragments: Iterable[Fragment]) -> tuple[Line, ...]:
    """Fragments in the order of the file as lines: what stands on the same base line and further right goes on."""
    lines: list[list[Fragment]] = []
    for fragment in fragments:
        if lines and _same_line(lines[-1][-1], fragment):
            lines[-1].append(fragment)
        else:
            lines.append([fragment])
    return tuple(line_of(line) for line in lines)


def _same_line(before: Fragment, fragment: Fragment) -> bool:
    height = min(before.y1 - before.y0, fragment.y1 - fragment.y0)
    overlap = min(before.y1, fragment.y1) - max(before.y0, fragment.y0)
    in_one = (before.cell and before.cell[:2]) == (fragment.cell and fragment.cell[:2])
    return (
        in_one and overlap > 0.5 * height and fragment.x0 > max(before.x0, before.x1 - fragment.size)
    )  # 、 may be squeezed


def _joined(fragments: Sequence[Fragment]) -> str:
    pieces = [fragments[0].text]
    for before, fragment in pairwise(fragments):
        gap = fragment.x0 - before.x1
        pieces.append(fragment.space or (" " if gap > 0.2 * fragment.size else ""))
        pieces.append(fragment.text)
    return "".join(pieces)
