"""Finds the slides in a plain text that was made from a deck, where page breaks are lost.

A slide opens with its message line; its title (「章│題」) comes after it. Both head the whole slide. Titles are the
lines with a vertical bar, and lines that recur as they stand.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.language.text import join_wrapped
from assistant.reading.lines import SENTENCE_END, Line, is_bullet, is_note

_BAR = re.compile(r"[ \t　]*[^│┃。]{2,40}\s?[│┃][^│┃。]{2,60}$")
_FEWEST_TITLES = 3
_MESSAGE_LINES = 4


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide as line numbers: it begins at `first`; its message is lines `message` and its title is line `title`."""

    first: int
    title: int
    message: range
    heading_path: tuple[str, ...]


def find_slides(lines: Sequence[Line], skipped: frozenset[int]) -> list[Slide]:
    """The slides of a deck in order, or none when the text does not look like one. `skipped`: offsets of footers."""
    titles = _title_lines(lines)
    slides: list[Slide] = []
    bound = 0
    for number in titles:
        first, message = _opening(lines, number, bound, skipped)
        slides.append(Slide(first, number, message, _path(lines, number, message)))
        bound = max(number, message.stop - 1) + 1
    return slides


def _title_lines(lines: Sequence[Line]) -> list[int]:
    barred = [number for number, line in enumerate(lines) if _BAR.match(line.text) and not is_note(line.text)]
    if len(barred) < _FEWEST_TITLES:
        return []
    chapters = {re.split("[│┃]", lines[number].text)[0].strip() for number in barred}
    counts = Counter(line.text.strip() for line in lines)
    recurring = {n for n, line in enumerate(lines) if n > barred[0] and _recurs(line.text.strip(), counts, chapters)}
    return sorted({*barred, *recurring})  # before the first title come the cover and the contents


def _recurs(text: str, counts: Counter[str], chapters: set[str]) -> bool:
    if SENTENCE_END.search(text) or is_note(text) or is_bullet(text) or re.search(r"\d|https?:", text):
        return False
    return text in chapters or (counts[text] >= _FEWEST_TITLES and 12 <= len(text) <= 60)


def _opening(lines: Sequence[Line], title: int, bound: int, skipped: frozenset[int]) -> tuple[int, range]:
    if lines[title].is_indented:
        return title, _message_after(lines, title)
    top = title
    while top > bound and title - top < _MESSAGE_LINES and _is_message(lines[top - 1], skipped):
        top -= 1
        if lines[top].is_indented:
            break
    if top == title and title > bound + 1 and lines[title - 1].is_blank:
        return _opening_above_gap(lines, title, bound, skipped)
    first = next((n for n in range(top, bound - 1, -1) if _breaks(lines, n, skipped)), top)
    return first, range(top, title)


def _opening_above_gap(lines: Sequence[Line], title: int, bound: int, skipped: frozenset[int]) -> tuple[int, range]:
    """A message of which an empty line parts the title."""
    bottom = title - 1
    top = bottom
    while top > bound and bottom - top < _MESSAGE_LINES and _is_message(lines[top - 1], skipped):
        top -= 1
        if lines[top].is_indented or _follows_footer(lines, top, skipped):
            return top, range(top, bottom)
    return title, range(title, title)


def _follows_footer(lines: Sequence[Line], number: int, skipped: frozenset[int]) -> bool:
    above = next((line for line in reversed(lines[:number]) if not line.is_blank), None)
    return above is None or above.start in skipped


def _message_after(lines: Sequence[Line], title: int) -> range:
    after = title + 1
    if after < len(lines) and not lines[after].is_blank and not is_bullet(lines[after].text):
        return range(after, after + 1)
    return range(title, title)


def _is_message(line: Line, skipped: frozenset[int]) -> bool:
    return not (line.is_blank or line.start in skipped or is_note(line.text) or is_bullet(line.text))


def _breaks(lines: Sequence[Line], number: int, skipped: frozenset[int]) -> bool:
    """Whether a page seems to begin at a line: it is set in after lines that are not, or a footer stands above it."""
    line = lines[number]
    if _follows_footer(lines, number, skipped):
        return not line.is_blank
    return line.text[:1] == " " and line.text[1:2] != " " and not is_bullet(line.text)


def _path(lines: Sequence[Line], title: int, message: range) -> tuple[str, ...]:
    words = join_wrapped("\n".join(lines[number].text.strip() for number in message))
    return tuple(part for part in (lines[title].text.strip(), words) if part)
