"""Sentence spans in Japanese and English text; never cuts inside a number or a bracket, and loses no character."""

from __future__ import annotations

import re

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
_LAST_WORD = re.compile(r"[A-Za-z][A-Za-z.]*$")
_JAPANESE = re.compile(r"[぀-ヿ㐀-鿿「『（【〔]")


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
    inside = _bracketed(text)
    for index, character in enumerate(text):
        if character not in _ENDERS or inside[index] or not _ends_here(text, index):
            continue
        end = index + 1
        while end < len(text) and text[end] in _CLOSE + _ENDERS + "\"'’":
            end += 1
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
    rest = text[index + 1 :].lstrip("\"'’”)")
    if not rest.strip():
        return True
    if not rest[0].isspace():
        return bool(_JAPANESE.match(rest)) and not text[index - 1 : index].isdigit()
    if re.match(r"\s+[a-z]", rest):
        return False
    word = _LAST_WORD.search(text[max(0, index - 12) : index])
    if word and word[0].lower() in _ABBREVIATIONS:
        return False
    if word and len(word[0]) == 1 and word[0].isupper():
        return False
    return not _is_list_number(text, index)


def _is_list_number(text: str, index: int) -> bool:
    return bool(re.fullmatch(r"\s*\d{1,3}", text[max(0, text.rfind("\n", 0, index)) : index]))


def _bracketed(text: str) -> list[bool]:
    inside = [False] * len(text)
    stack: list[tuple[str, int]] = []
    for index, character in enumerate(text):
        if character in _PAIRS:
            stack.append((_PAIRS[character], index))
        elif character in _CLOSE and any(closer == character for closer, _ in stack):
            opened = _close(stack, character)
            if index - opened <= _LONGEST_BRACKET:
                inside[opened : index + 1] = [True] * (index + 1 - opened)
    return inside


def _close(stack: list[tuple[str, int]], character: str) -> int:
    """Take brackets off the stack until the one that `character` closes; where it was opened."""
    while True:
        closer, opened = stack.pop()
        if closer == character:
            return opened


def _trimmed(text: str, start: int, end: int) -> list[Span]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return [(start, end)] if start < end else []
