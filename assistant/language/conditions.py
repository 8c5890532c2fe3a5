"""What a question demands of dates and amounts: on a day, in a month, since, until, between; at least, at most. Pure.

A month lies in a range that holds all its days. "after" and より後 leave the date itself out, "since" and 以降 do not.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from assistant.language.agreement import Bound, agrees, bound_at, is_left_out
from assistant.language.quantities import CANONICAL_UNITS, quantities
from assistant.types import Quantity

Condition = Callable[[Quantity], bool]
_Day = tuple[int, int, int]

_EVER, _NEVER = (0, 0, 0), (9999, 12, 31)
_TO = re.compile(r"\s*(?:から|より|[-–—~〜～]|to|until|till|through)\s*(?:the\s)?", re.I)
_AND, _BETWEEN = re.compile(r"\s*(?:and|と)\s*(?:the\s)?", re.I), re.compile(r"\bbetween\s+(?:the\s)?$", re.I)
_PREPOSITION = re.compile(r"(?:in|since|before|after|by|of|from|until|during|late|early|mid|end of)[ -]", re.I)
# what stands before a date or after it, whether it begins there (or ends), and how many days later or earlier
_OPEN: tuple[tuple[str, str, bool, int], ...] = (
    (r"\bafter\s+(?:the\s)?$", r"より(?:も)?後", True, 1),
    (r"\b(?:since|from|starting(?: in| on| from)?)\s+(?:the\s)?$", r"\s?(?:以降|以後|から|onwards?\b|(?:or|and) (?:later|after)\b)", True, 0),
    (r"\b(?:before|prior to|earlier than)\s+(?:the\s)?$", r"より(?:も)?(?:以)?前", False, 1),
    (r"\b(?:until|till|by|up to|no later than)\s+(?:the\s)?(?:end of\s)?$", r"\s?(?:以前|まで|(?:or|and) (?:earlier|before)\b)", False, 0),
)  # fmt: skip
# parts of a year: what says so after the year or before it, and the months
_PARTS: tuple[tuple[str, tuple[int, int]], ...] = (
    (r"上半期|上期|前半|first half|H1", (1, 6)), (r"下半期|下期|後半|second half|H2", (7, 12)),
    *((rf"第{n}四半期|Q{n}|{word} quarter", (3 * at + 1, 3 * at + 3)) for at, (n, word) in enumerate(
        (("[1１一]", "first"), ("[2２二]", "second"), ("[3３三]", "third"), ("[4４四]", "fourth")))),
)  # fmt: skip
_BEFORE = 24


def date_conditions(text: str) -> list[Condition]:
    """The dates and ranges of dates that a question names; what they are said of meets one of them."""
    dates = [one for one in quantities(text) if one.date is not None]
    found: list[Condition] = []
    while dates:
        one, *rest = dates
        is_range = bool(rest) and _is_range(text, one, rest[0])
        found.append(_within(_first(one), _last(rest[0])) if is_range else _one_date(text, one))
        dates = rest[1:] if is_range else rest
    return found


def amount_conditions(text: str) -> list[Condition]:
    """The amounts of money, shares and measures that a question names: at least and at most of one unit together, others
    each by itself."""
    found: list[Condition] = []
    for one in quantities(text):
        if one.date is None and one.value is not None and one.unit in CANONICAL_UNITS:
            found.append(_amount(one, bound_at(text, one.start, one.end), is_left_out(text, one.start, one.end)))
    return found


def _amount(asked: Quantity, bound: Bound | None, is_open: bool) -> Condition:
    def holds(one: Quantity) -> bool:
        if bound is None:
            return agrees(asked, one)
        if one.unit != asked.unit or one.value is None or asked.value is None:
            return False
        if one.value == asked.value:
            return not is_open
        return (one.value > asked.value) is (bound is Bound.AT_LEAST)

    return holds


def _is_range(text: str, one: Quantity, after: Quantity) -> bool:
    if (one.start, one.end) == (after.start, after.end):
        return " and " not in text[one.start : one.end] or bool(_BETWEEN.search(text[: one.start]))
    between = text[one.end : after.start + _preposition(text, after)]
    return bool(_TO.fullmatch(between) or (_AND.fullmatch(between) and _BETWEEN.search(text[: one.start])))


def _preposition(text: str, one: Quantity) -> int:
    """How long the preposition is that a date was read with ("since 2025")."""
    found = _PREPOSITION.match(text, one.start, one.end)
    return len(found[0]) if found else 0


def _one_date(text: str, one: Quantity) -> Condition:
    start = one.start + _preposition(text, one)
    before, after = text[max(0, start - _BEFORE) : start], text[one.end :]
    for ahead, behind, begins, apart in _OPEN:
        if re.search(ahead, before, re.I) or re.match(behind, after):
            year, month, day = (_last if begins == bool(apart) else _first)(one)
            return _within((year, month, day + apart), _NEVER) if begins else _within(_EVER, (year, month, day - apart))
    year = one.date[0] if one.date else None
    for words, (first, last) in _PARTS:
        if year and (re.match(rf"の?(?:{words})", after) or re.search(rf"(?:{words})(?: of)?\s*$", before, re.I)):
            return _within((year, first, 1), (year, last, 31))
    return lambda other: agrees(one, other)


def _within(low: _Day, high: _Day) -> Condition:
    return lambda one: one.date is not None and one.date[0] is not None and low <= _first(one) and _last(one) <= high


def _first(one: Quantity) -> _Day:
    year, month, day = one.date or (None, None, None)
    return year or 0, month or 1, day or 1


def _last(one: Quantity) -> _Day:
    year, month, day = one.date or (None, None, None)
    return year or 0, month or 12, day or 31
