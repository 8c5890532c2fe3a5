"""Passages without what was planted in them to tell a language model what to say: it bears nothing out. Pure."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from assistant.language.orders import is_an_order
from assistant.language.text import join_wrapped
from assistant.types import Passage, Unit


@lru_cache(maxsize=1024)
def without_orders(passage: Passage) -> tuple[Passage, tuple[Unit, ...]]:
    """A passage without the units that give a language model an order, and without the rest of their blocks; and these
    units. Offsets stay."""
    orders: list[Unit] = []
    ordering = set()
    for unit in passage.units:
        block = passage.block_at(unit.start)
        if block in ordering or is_an_order(passage.words(unit.start, unit.end)):
            orders.append(unit)
            ordering.add(block)
    if not orders:
        return passage, ()
    text, search_text, begin = passage.text, passage.search_text, passage.anchor.start
    for unit in orders:
        text = f"{text[: unit.start - begin]}{' ' * (unit.end - unit.start)}{text[unit.end - begin :]}"
        search_text = search_text.replace(join_wrapped(passage.words(unit.start, unit.end)), " ")
    search_text = "\n".join(line for line in search_text.split("\n") if not is_an_order(line))
    units = tuple(unit for unit in passage.units if unit not in orders)
    return replace(passage, text=text, search_text=search_text, units=units), tuple(orders)
