"""What a person should know of how a report could be read: pages without text, broken characters, tables that fell
apart. Pure; notes, not errors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from assistant.types import Block, BlockKind, Page, Report

_LITTLE = 40  # characters: a running head and a page number
_ALIKE = 100  # characters from which on two pages that are the same are no accident
_BROKEN = re.compile(
    r"\ufffd|\(cid:\d+\)|/(?:g\d{1,5}|G[0-9A-F]{2,4}|uni[0-9A-F]{4})(?![\w./])|[\ue000-\uf8ff\U000f0000-\U0010fffd]{2,}"
)
_FEWEST_BROKEN = 3
_TABLE = re.compile(r"(?:表|table)\s?[0-9０-９]", re.IGNORECASE)
_LABEL = 24
_MOST_NAMED = 5


def notes(report: Report) -> tuple[tuple[str, str], ...]:
    """(code of a message, where) of everything that is worth a look; "where" lists pages, or captions with theirs.

    Only pages with a printed size can hold too little text: a sheet has none.
    """
    sizes = {page.number: len("".join(report.text[page.start : page.end].split())) for page in report.pages}
    printed = [page.number for page in report.pages if page.width]
    found = {
        "quality_no_text": _listed(number for number, size in sizes.items() if not size),
        "quality_little_text": _listed(number for number in printed if 0 < sizes[number] < _LITTLE),
        "quality_broken": _broken(report),
        "quality_tables": _named(_fallen_apart(report)),
        "quality_twice": _twice(report.text, report.pages),
    }
    return tuple((code, where) for code, where in found.items() if where)


def _listed(numbers: Iterable[int]) -> str:
    """Page numbers as one writes them: 3, 5-7."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


def _broken(report: Report) -> str:
    """The pages with characters that no font or encoding could name; "-" in a report without pages."""
    if not report.pages:
        return "-" if len(_BROKEN.findall(report.text)) >= _FEWEST_BROKEN else ""
    pages = (page for page in report.pages if page.end > page.start)
    return _listed(
        page.number for page in pages if len(_BROKEN.findall(report.text, page.start, page.end)) >= _FEWEST_BROKEN
    )


def _fallen_apart(report: Report) -> Iterator[str]:
    """The captions of tables beside which no row stands."""
    blocks = report.blocks
    for at, block in enumerate(blocks):
        words = " ".join(report.text[block.start : block.end].split())
        beside = [*blocks[max(0, at - 1) : at], *blocks[at + 1 : at + 3]]
        if block.kind is BlockKind.CAPTION and _TABLE.match(words) and not any(map(_holds_rows, beside)):
            yield f"{words[:_LABEL]}{f' (p. {block.page})' if block.page else ''}"


def _holds_rows(block: Block) -> bool:
    return block.kind is BlockKind.TABLE_ROW or bool(block.inferred)


def _named(captions: Iterable[str]) -> str:
    every = list(captions)
    return "; ".join([*every[:_MOST_NAMED], *(["…"] if len(every) > _MOST_NAMED else [])])


def _twice(text: str, pages: Sequence[Page]) -> str:
    """Pages whose text another page before them has: 7 = 3."""
    first: dict[str, int] = {}
    found: list[str] = []
    for page in pages:
        words = "".join(text[page.start : page.end].split())
        before = first.setdefault(words, page.number)
        if before != page.number and len(words) >= _ALIKE:
            found.append(f"{page.number} = {before}")
    return ", ".join(found)
