"""Which rows of a report's tables a question asks for: those that meet its dates and amounts and have most of its names. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.answering.asked import Asked, Kind
from assistant.answering.mentioned import mentioned, names_of
from assistant.language.aliases import AliasTable
from assistant.language.conditions import Condition, amount_conditions, date_conditions
from assistant.language.entities import entity_key
from assistant.language.measures import cell_quantities
from assistant.language.places import PLACES
from assistant.language.quantities import quantities
from assistant.types import Block, BlockKind, Passage, Quantity, Query

LONGEST_CELL = 40
LISTED = (Kind.LIST, Kind.COMPARE)
_MOST_ROWS = 20
_PLACES = frozenset(entity_key(name) for pair in PLACES for name in pair)


@dataclass(frozen=True, slots=True)
class Row:
    """A table row and the passage that holds it."""

    passage: Passage
    block: Block

    def words(self, at: int) -> str:
        """The verbatim words of one cell."""
        return self.passage.words(self.block.cells[at].start, self.block.cells[at].end)

    @property
    def short(self) -> str:
        """The words of its short cells."""
        at = range(len(self.block.cells))
        return " | ".join(self.words(one) for one in at if len(self.words(one)) <= LONGEST_CELL)

    def quantities(self, at: int) -> list[Quantity]:
        """What one cell states in figures, a bare number as its header or the caption measures it."""
        words = self.words(at)
        return [*quantities(words), *cell_quantities(words, self.block.cells[at].header, self.block.caption)]

    @property
    def headers(self) -> tuple[str, ...]:
        """What the cells stand under."""
        return tuple(cell.header for cell in self.block.cells)


def rows_wanted(
    query: Query, wanted: Asked, passages: Callable[[], Sequence[Passage]], aliases: AliasTable
) -> list[Row] | None:
    """The rows of a report, given its passages, that a question means, in reading order: those that have most of its names
    (all, where a row has all) and meet its dates and amounts. None where it is no question about rows: one that lists or
    compares sets a condition that some row meets, any other names a month or an amount and who, or a day and nobody."""
    days, amounts = date_conditions(query.text), amount_conditions(query.text)
    is_list, is_exact = wanted.kind in LISTED, bool(days or amounts)
    names = names_of(query.text, aliases)
    if not (is_list or (is_exact and _is_pointed(query, names))):
        return None
    rows = [Row(p, b) for p in passages() for b in p.blocks if b.kind is BlockKind.TABLE_ROW and len(b.cells) > 1]
    met = [mentioned(row.short, names) for row in rows]
    most = max(met, default=0)
    named = [row for row, count in zip(rows, met, strict=True) if count == most]
    chosen = [row for row in named if _meets(row, days, amounts)]
    if is_exact and (most or is_list or not names):
        is_dated = bool(days) and most > 0 and all(any(one.date for one in quantities(row.short)) for row in named)
        least = 1 if most or not is_list else 2
        return chosen if least <= len(chosen) <= _MOST_ROWS or (is_list and is_dated and not chosen) else None
    return chosen if most and is_list and 1 < len(chosen) <= _MOST_ROWS else None


def _is_pointed(query: Query, names: Sequence[frozenset[str]]) -> bool:
    """Whether a question points at rows without asking for a list: by a month or an amount and who, by a day and nobody."""
    dates = [one.date for one in query.quantities if one.date is not None]
    who = [one for one in names if not one & _PLACES]
    return all(date[1] for date in dates) if who else not names and bool(dates) and all(date[2] for date in dates)


def _meets(row: Row, days: Sequence[Condition], amounts: Sequence[Condition]) -> bool:
    """Whether a short cell says one of the dates, and for every amount some cell one that meets it."""
    if days and not any(holds(one) for holds in days for one in quantities(row.short)):
        return False
    said = [one for at in range(len(row.block.cells)) for one in row.quantities(at)] if amounts else []
    return all(any(holds(one) for one in said) for holds in amounts)
