"""Sentence spans in Japanese and English text; never cuts inside a number or a bracket, and loses no character."""

from __future__ import annotations

import re
from collections import Counter

Span = tuple[int, int]

_OPEN = "([{（［｛「『【〔《〈“"
_CLOSE = ")]}）］｝」』】〕》〉”"
_PAIRS = dict(zip(_OPEN, _CLOSE, strict=True))
_LONGEST_BRACKET = 400
_ENDERS = "。．！？!?."
_ABBREVIATIONS = frozenset(
    (
        "mr mrs ms dr prof inc ltd co corp jr sr st no nos fig figs vol pp p ed eds al approx ca cf vs etc "
        "e.g i.e u.s u.k a.m p.m jan feb mar apr jun jul aug sep sept oct nov dec"
    ).split()
)
_ENDER = re.compile(f"[{re.escape(_ENDERS)}]")
_BRACKET = re.compile(f"[{re.escape(_OPEN + _CLOSE)}]")
_CLOSING = re.compile(rf"[{re.escape(_CLOSE + _ENDERS)}\"'’]*")
_LAST_WORD = re.compile(r"[A-Za-z][A-Za-z.]*$")
_INITIALS = re.compile(r"[A-Z](?:\.[A-Z])*")
_JAPANESE = re.compile(r"[぀-ヿ㐀-鿿\U00020000-\U0003ffff「『（【〔]")
_QUOTES_AFTER = re.compile(r"[\"'’”)]*")
_LIST_NUMBER = re.compile(r"(?:^|\n)\s*\d{1,3}$")
_NOTHING_MORE = re.compile(r"\s*$")
_LOWER_AFTER = re.compile(r"\s+[a-z]")
_ENDS_A_QUOTE = re.compile(r"”\s+(?![a-z])")  # what stands before it may be a full stop: “Stop.” Then
_LONGEST_WORD = 12


def sentence_spans(text: str) -> list[Span]:
    """Spans [start, end) of the sentences of one block, trimmed of white space at both ends, in order.

    Every character that is not white space lies in exactly one span. Newlines are wrapped lines, not sentence ends. A
    bracket that is never closed (or not within 400 characters) does not hold anything together.
    """
    spans: list[Span] = []
    start = 0
    for end in _ends(text):
        spans += _trimmed(text, start, end)
        start = end
    return spans + _trimmed(text, start, len(text))


def _ends(text: str) -> list[int]:
    ends: list[int] = []
    end = 0
    brackets = _bracketed(text)
    for ender in _ENDER.finditer(text):
        index = ender.start()
        inside = any(opened <= index < closed for opened, closed in brackets)
        if index < end or inside or not _ends_here(text, index):
            continue
        end = _CLOSING.match(text, index + 1).end()  # type: ignore[union-attr]
        ends.append(end)
    return ends


def _ends_here(text: str, index: int) -> bool:
    character, after = text[index], text[index + 1 : index + 2]
    if character == "。":
        return True
    if character in "．.":
        return _is_full_stop(text, index)
    return not (after.isascii() and after.isalnum())


def _is_full_stop(text: str, index: int) -> bool:
    after = _QUOTES_AFTER.match(text, index + 1).end()  # type: ignore[union-attr]
    if _NOTHING_MORE.match(text, after):
        return True
    if not text[after].isspace():
        return bool(_JAPANESE.match(text, after)) and not text[index - 1 : index].isdigit()
    if _LOWER_AFTER.match(text, after):
        return False
    before = text[max(0, index - _LONGEST_WORD) : index]
    word = _LAST_WORD.search(before)
    if word and (word[0].lower() in _ABBREVIATIONS or _INITIALS.fullmatch(word[0])):
        return False
    return not _LIST_NUMBER.search(before)


def _bracketed(text: str) -> list[Span]:
    """The spans that brackets hold together."""
    spans: list[Span] = []
    stack: list[tuple[str, int]] = []
    awaited: Counter[str] = Counter()
    for bracket in _BRACKET.finditer(text):
        index, character = bracket.start(), bracket[0]
        if character in _PAIRS:
            stack.append((_PAIRS[character], index))
            awaited[_PAIRS[character]] += 1
        elif awaited[character]:
            opened = _close(stack, awaited, character)
            if index - opened <= _LONGEST_BRACKET:
                end = index - 1 if _ENDS_A_QUOTE.match(text, index) else index + 1
                while spans and spans[-1][0] >= opened:
                    spans.pop()
                spans.append((opened, end))
    return spans


def _close(stack: list[tuple[str, int]], awaited: Counter[str], character: str) -> int:
    """Take brackets off the stack until the one that `character` closes; where it was opened."""
    while True:
        closer, opened = stack.pop()
        awaited[closer] -= 1
        if closer == character:
            return opened


def _trimmed(text: str, start: int, end: int) -> list[Span]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return [(start, end)] if start < end else []
