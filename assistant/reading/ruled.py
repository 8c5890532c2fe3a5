"""Tables by their ruling lines: the lines of a page -> grids of cells, merged ones known. Pure; lengths are points."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

Rule = tuple[float, float, float, float]
"""x0, y0, x1, y1 of a line that is level (y0 about y1) or upright (x0 about x1), origin at the top left."""
Unit = tuple[int, int]
"""(row, column) of one square of a grid, before cells are merged."""

_NEAR = 3.0  # what lies closer is one line: double rules, the two sides of a thin bar, gaps between shaded cells
_SHORTEST = 8.0
_MOST = 600  # lines on a page from which on it is a drawing
_WHOLE = 0.97  # the share of a page from which on a line is its frame


@dataclass(frozen=True, slots=True)
class Ruled:
    """One table: the edges of its columns and rows, and for each unit the first unit of the cell that it belongs to."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    owners: dict[Unit, Unit]

    def cell_at(self, x: float, y: float) -> Unit | None:
        """The cell that holds a point, as its first unit; None outside."""
        return self.owners.get((bisect_right(self.ys, y) - 1, bisect_right(self.xs, x) - 1))


def find_tables(rules: Iterable[Rule], width: float, height: float) -> list[Ruled]:
    """The grids of two columns and two rows or more that a page's lines make."""
    level = [(y0, x0, x1) for x0, y0, x1, y1 in rules if y1 - y0 <= _NEAR and _SHORTEST <= x1 - x0 < _WHOLE * width]
    upright = [(x0, y0, y1) for x0, y0, x1, y1 in rules if x1 - x0 <= _NEAR and _SHORTEST <= y1 - y0 < _WHOLE * height]
    if max(len(level), len(upright)) > 4 * _MOST:
        return []
    level, upright = _joined(level), _joined(upright)
    if max(len(level), len(upright)) > _MOST:
        return []
    return [table for group in _connected(level, upright) if (table := _grid(*group)) is not None]


def _joined(lines: Sequence[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
    """Lines (place, from, to) of which those in one place that touch are one."""
    joined: list[tuple[float, float, float]] = []
    places = _clustered(place for place, _, _ in lines)
    for place, first, last in sorted((_nearest(places, place), first, last) for place, first, last in lines):
        if joined and joined[-1][0] == place and first <= joined[-1][2] + _NEAR:
            joined[-1] = (place, joined[-1][1], max(joined[-1][2], last))
        else:
            joined.append((place, first, last))
    return joined


def _clustered(values: Iterable[float]) -> list[float]:
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > _NEAR:
            found.append(value)
    return found


def _nearest(places: Sequence[float], value: float) -> float:
    return places[bisect_right(places, value) - 1]


def _connected(level: Sequence[tuple[float, float, float]], upright: Sequence[tuple[float, float, float]]):
    """(level, upright) lines that hang together by crossing or touching."""
    group = {
        line: number for number, line in enumerate([("h", *one) for one in level] + [("v", *one) for one in upright])
    }
    members = {number: [line] for line, number in group.items()}
    for y, x0, x1 in level:
        for x, y0, y1 in upright:
            if x0 - _NEAR <= x <= x1 + _NEAR and y0 - _NEAR <= y <= y1 + _NEAR:
                a, b = group["h", y, x0, x1], group["v", x, y0, y1]
                if a != b:
                    for line in members[b]:
                        group[line] = a
                    members[a] += members.pop(b)
    for lines in members.values():
        yield [line[1:] for line in lines if line[0] == "h"], [line[1:] for line in lines if line[0] == "v"]


def _grid(level: Sequence[tuple[float, float, float]], upright: Sequence[tuple[float, float, float]]) -> Ruled | None:
    xs, ys = _clustered(x for x, _, _ in upright), _clustered(y for y, _, _ in level)
    if len(xs) < 3 or len(ys) < 3:
        return None

    def parted(lines: Sequence[tuple[float, float, float]], place: float, middle: float) -> bool:
        return any(abs(at - place) <= _NEAR and first <= middle <= last for at, first, last in lines)

    columns, rows = [(a + b) / 2 for a, b in pairwise(xs)], [(a + b) / 2 for a, b in pairwise(ys)]
    owners: dict[Unit, Unit] = {}
    for row, y in enumerate(rows):
        for column, x in enumerate(columns):
            if (row, column) in owners:
                continue
            across, down = column + 1, row + 1
            while across < len(columns) and not parted(upright, xs[across], y):
                across += 1
            while down < len(rows) and not parted(level, ys[down], x):
                down += 1
            owners |= {
                (r, c): (row, column) for r in range(row, down) for c in range(column, across) if (r, c) not in owners
            }
    return Ruled(tuple(xs), tuple(ys), owners)
