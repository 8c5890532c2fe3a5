"""What a report is about, without a language model: the leading sentence of each of its sections. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answering.matching import is_quotable
from assistant.types import BlockKind, Passage, Source, Unit

_SHORTEST, _LONGEST = 20, 160
_BODY = (BlockKind.PARAGRAPH, BlockKind.LIST)


def leading(passages: Sequence[Passage], most: int) -> list[tuple[Passage, Unit]]:
    """At most `most` leading sentences, one a section, spread evenly over the report, in reading order."""
    found: dict[tuple[str, ...], tuple[Passage, Unit]] = {}
    for passage in passages:
        for unit in passage.units:
            block = passage.block_at(unit.start)
            place = block.heading_path if block else passage.heading_path
            if place not in found and _leads(passage, unit):
                found[place] = (passage, unit)
    sections = list(found.values())
    if len(sections) <= most:
        return sections
    return [sections[at * len(sections) // most] for at in range(most)]


def _leads(passage: Passage, unit: Unit) -> bool:
    words = passage.words(unit.start, unit.end)
    return unit.kind in _BODY and _SHORTEST <= len(words) <= _LONGEST and is_quotable(words, unit.kind)


def byline(title: str, source: Source) -> str:
    """Title, author, publisher and date as one line."""
    return " · ".join(part for part in (title, source.author, source.publisher, source.issued) if part)
