"""The two forms in which words are written down, and how they are read. Pure."""

from __future__ import annotations

Pair = tuple[str, str]
Error = tuple[Pair, Pair]


def words(table: str) -> dict[str, tuple[str, ...]]:
    """A line each: its name, then its cells, with ` | ` between them; by name."""
    rows = (line.split(" | ") for line in table.strip().splitlines())
    return {name: tuple(cells) for name, *cells in rows}


def pairs(table: str) -> dict[str, Pair]:
    """Such a table of two cells, the Japanese and the English words."""
    return {name: (japanese, english) for name, (japanese, english) in words(table).items()}


def errors(table: str) -> dict[str, Error]:
    """Five lines each: its code, then what went wrong and what to do about it, in Japanese and in English; by code."""
    lines = [line.strip() for line in table.strip().splitlines()]
    return {
        code: ((what, in_english), (hint, hint_in_english))
        for code, what, in_english, hint, hint_in_english in zip(*(lines[at::5] for at in range(5)), strict=True)
    }
