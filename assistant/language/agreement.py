"""Whether one quantity says what another says: precision, "about", bounds, vague numbers, and sums worked out. Pure.

The last digit that is written counts, zeros included; with a scale word it counts in that scale (4 billion for 4.1
billion: yes, 40億 for 41億: no). "About" frees trailing zeros.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from enum import StrEnum
from itertools import combinations

from assistant.language.quantities import CANONICAL_UNITS
from assistant.types import Quantity

_MOST_OPERANDS = 24


class Bound(StrEnum):
    """Which way a number is open."""

    AT_LEAST = "at least"
    AT_MOST = "at most"


_AT_LEAST_BEFORE = re.compile(
    r"(?:少なくとも|\b(?:at least|more than|over|above|exceed\w*|upwards of|no fewer than|no less than))\W*$", re.I
)
_AT_LEAST_AFTER = re.compile(
    r"\W{0,2}(?:以上|を?超え|を上回|余り)|超(?!え)|\+|\s*(?:or more|and above|or above)\b", re.I
)
_AT_MOST_BEFORE = re.compile(
    r"(?:最大|最高|上限)[^\w]{0,2}$|\b(?:at most|up to|less than|fewer than|below|under|no more than|maximum of)\W*$",
    re.I,
)
_AT_MOST_AFTER = re.compile(r"\W{0,2}(?:以下|以内|未満|足らず|を下回)|\s*(?:or less|or fewer|or below)\b", re.I)
_CLAUSE = re.compile(r"[、。,;.](?!\d)")
_BEFORE_CHARS, _AFTER_CHARS = 16, 12


def agrees(claim: Quantity, source: Quantity) -> bool:
    """Whether the source's quantity supports the claim's (equal up to the precision that the claim writes)."""
    if claim.kind == "date" or source.kind == "date":
        return _dates_agree(claim, source)
    if not _units_agree(claim.unit, source.unit) or claim.value is None or source.value is None:
        return False
    if "vague" in (claim.kind, source.kind):
        return _vaguely_agrees(claim, source)
    if _is_a_plain_count(claim) and source.precision < 0:
        return claim.value.copy_abs() == source.value.copy_abs()  # 6年 is not 6.3 rounded
    # by size: ▲5% is 5%減; which way a number goes is polarity's to tell
    return _rounded(source.value, _precision(claim)).copy_abs() == claim.value.copy_abs()


def bound_at(text: str, quantity: Quantity) -> Bound | None:
    """The bound that stands around a quantity in its text, if one does."""
    before = _CLAUSE.split(text[max(0, quantity.start - _BEFORE_CHARS) : quantity.start])[-1]
    after = _CLAUSE.split(text[quantity.end : quantity.end + _AFTER_CHARS])[0]
    if _AT_LEAST_BEFORE.search(before) or _AT_LEAST_AFTER.match(after):
        return Bound.AT_LEAST
    if _AT_MOST_BEFORE.search(before) or _AT_MOST_AFTER.match(after):
        return Bound.AT_MOST
    return None


def computed(claim: Quantity, sources: Sequence[Quantity]) -> tuple[str, Quantity, Quantity] | None:
    """(operation, a, b) when the claim's value is a sum, difference, ratio or change in percent of two quantities."""
    if claim.value is None or claim.kind in ("date", "vague"):
        return None
    numbers = [source for source in sources if source.value is not None and source.kind not in ("date", "vague")]
    for a, b in combinations(numbers[:_MOST_OPERANDS], 2):
        for operation, value, unit in _results(a, b):
            if _units_agree(claim.unit, unit) and value != 0 and _rounded(value, _precision(claim)) == claim.value:
                return operation, a, b
    return None


def _results(a: Quantity, b: Quantity) -> Iterator[tuple[str, Decimal, str]]:
    if a.value is None or b.value is None or not _units_agree(a.unit, b.unit):
        return
    yield "+", a.value + b.value, a.unit or b.unit
    yield "-", abs(a.value - b.value), a.unit or b.unit
    high, low = max(a.value, b.value), min(a.value, b.value)
    if low > 0:
        yield "/", high / low, "x"
        yield "%", (high / low - 1) * 100, "%"


def _units_agree(one: str, other: str) -> bool:
    """Units agree when they are the same; a counter agrees with none at all (languages count with words of their own)."""
    return one == other or (one not in CANONICAL_UNITS and other not in CANONICAL_UNITS and "" in (one, other))


def _is_a_plain_count(claim: Quantity) -> bool:
    """Whether a number counts things one by one: whole, without a scale word, a unit of measure or "about"."""
    return claim.precision == 0 and not claim.approximate and claim.unit not in CANONICAL_UNITS


def _precision(quantity: Quantity) -> int:
    """The power of ten that counts: the last digit written, or with "about" the last digit that is not zero."""
    if not quantity.approximate or not quantity.value:
        return quantity.precision
    return max(quantity.precision, int(quantity.value.normalize().as_tuple().exponent))


def _rounded(value: Decimal, precision: int) -> Decimal:
    try:
        return value.quantize(Decimal(1).scaleb(precision), rounding=ROUND_HALF_UP)
    except InvalidOperation:
        return value


def _vaguely_agrees(claim: Quantity, source: Quantity) -> bool:
    """A number "in the millions": another vague one of the same scale, or (for the claim) a number of that size."""
    if claim.value is None or source.value is None or claim.kind != "vague":
        return False
    if source.kind == "vague":
        return claim.value == source.value
    return claim.value <= source.value < claim.value * 1000


def _dates_agree(claim: Quantity, source: Quantity) -> bool:
    if claim.date is None or source.date is None:
        return _year_agrees(claim, source)
    said = [(mine, theirs) for mine, theirs in zip(claim.date, source.date, strict=True) if mine is not None]
    return all(mine == theirs for mine, theirs in said)


def _year_agrees(claim: Quantity, source: Quantity) -> bool:
    """A bare number between 1900 and 2099 may be a year."""
    date, number = (claim.date, source) if claim.date else (source.date, claim)
    if date is None or number.value is None or number.unit not in ("", "年"):
        return False
    return date[0] is not None and number.value == date[0] and (claim.date is None or claim.date[1] is None)
