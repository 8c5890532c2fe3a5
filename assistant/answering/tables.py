"""Which rows of a report's tables a question asks for: those that fit its dates exactly and most of its names. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.answering.asked import Asked, Kind
from assistant.answering.mentioned import mentioned, names_of
from assistant.language.agreement import agrees
from assistant.language.aliases import AliasTable
from assistant.language.quantities import quantities
from assistant.types import Block, BlockKind, Passage, Quantity, Query

LONGEST_CELL = 40
_FEWEST_ROWS, _MOST_ROWS = 2, 20


@dataclass(frozen=True, slots=True)
class Row:
    """A table row and the passage that holds it."""

    passage: Passage
    block: Block

    def words(self, at: int) -> str:
        """The verbatim words of one cell."""
        return self.passage.words(self.block.cells[at].start, self.block.cells[at].end)

    @property
    def headers(self) -> tuple[str, ...]:
        """What the cells stand under."""
        return tuple(cell.header for cell in self.block.cells)


def rows_wanted(
    query: Query, wanted: Asked, passages: Callable[[], Sequence[Passage]], aliases: AliasTable
) -> list[Row]:
    """The rows of a report, given its passages, that a listing or comparing question means, in reading order; none where it sets no condition
    that a row meets, or where only one row or far too many do."""
    if wanted.kind not in (Kind.LIST, Kind.COMPARE):
        return []
    rows = [Row(p, b) for p in passages() for b in p.blocks if b.kind is BlockKind.TABLE_ROW and len(b.cells) > 1]
    dates = [one for one in query.quantities if one.date is not None]
    rows = [row for row in rows if _fits(row, dates)]
    names = names_of(query.text, aliases)
    met = [mentioned(" ".join(row.words(at) for at in _short(row)), names) for row in rows]
    most = max(met, default=0)
    if not (dates or most):
        return []
    chosen = [row for row, count in zip(rows, met, strict=True) if count == most]
    return chosen if _FEWEST_ROWS <= len(chosen) <= _MOST_ROWS else []


def _fits(row: Row, dates: Sequence[Quantity]) -> bool:
    """Whether every date of the question is one that a short cell says."""
    said = [one for at in _short(row) for one in quantities(row.words(at))]
    return all(any(agrees(date, one) for one in said) for date in dates)


def _short(row: Row) -> list[int]:
    return [at for at, cell in enumerate(row.block.cells) if cell.end - cell.start <= LONGEST_CELL]
