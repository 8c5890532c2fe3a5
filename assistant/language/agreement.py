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
_NEAR_A_FRACTION = Decimal("0.5")  # "a third" is 33 %


class Bound(StrEnum):
    """Which way a number is open."""

    AT_LEAST = "at least"
    AT_MOST = "at most"


_AT_LEAST_BEFORE = re.compile(
    r"(?:少なくとも|(?:最低|最小|下限)(?:でも|で|は)?[^\w]{0,2}|\b(?:at least|(?<!no )(?<!not )more than|over|above|exceed\w*|upwards of|no fewer than|no less than|not less than))[\s\"'“‘(€$¥£約]*$",
    re.I,
)
_AT_LEAST_AFTER = re.compile(
    r"(?:メートル)?\W{0,2}(?:以上|を?超え|を(?:やや|わずかに|大きく)?上回|余り)|超(?!え)|\+|\s*(?:or more|and above|or above)\b",
    re.I,
)
_AT_MOST_BEFORE = re.compile(
    r"(?:最大|最高|上限)で?[^\w]{0,2}$|\b(?:at most|up to|less than|fewer than|below|under|no more than|not more than|maximum of)[\s\"'“‘(€$¥£約]*$",
    re.I,
)
_AT_MOST_AFTER = re.compile(
    r"(?:メートル)?\W{0,2}(?:以下|以内|未満|足らず|を(?:やや|わずかに|大きく)?下回|まで(?!に)|に(?:届か|満た)ない)|\s*(?:or less|or fewer|or below|and below|and under)\b",
    re.I,
)
_OPEN_BEFORE = re.compile(
    r"(?<!no )(?<!not )\b(?:more than|over|above|exceed\w*|less than|fewer than|below|under)[\s\"'“‘(€$¥£約]*$", re.I
)
_OPEN_AFTER = re.compile(
    r"(?:メートル)?\W{0,2}(?:を?超え|超(?!え)|を(?:やや|わずかに|大きく)?(?:上回|下回)|未満|足らず|に(?:届か|満た)ない)"
)
_COUNTED = {
    word: counted
    for counted, words in {
        "second": "秒 second seconds", "minute": "分 minute minutes", "hour": "時間 hour hours",
        "day": "日 日間 day days", "week": "週間 week weeks", "month": "カ月 か月 ヵ月 ヶ月 month months",
        "year": "年 年間 年前 year years", "person": "人 名 people persons person employees staff",
        "company": "社 company companies firms", "country": "カ国 か国 ヵ国 ヶ国 country countries",
        "city": "都市 city cities",
    }.items()
    for word in words.split()
}  # fmt: skip
SPANS_OF_TIME = frozenset({"second", "minute", "hour", "day", "week", "month", "year"})
_RATES = {"日": "day", "週": "week", "月": "month", "年": "year"}
_RATE_AFTER = re.compile(
    r"(?:[ -][a-z]+)?(?:\s+(?:a|an|per|each|every)\s+|/\s?)(second|minute|hour|day|week|month|year)\b", re.I
)
_RATE_BEFORE = re.compile(r"(?:(?<![\d.])1|毎|(?<!\d))(日|週|月|年)(?:額|間|当たり|あたり|に|で)?(?:約)?$")
_NEXT_WORD = re.compile(r"[\s-]?([a-z]+|日)(?![a-z]|[ -](?:on|over|to)[ -])", re.I)  # not "year on year"
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
    if "share" in (claim.kind, source.kind):
        return abs(claim.value - source.value) <= _NEAR_A_FRACTION
    if _is_a_plain_count(claim) and source.precision < 0:
        return claim.value.copy_abs() == source.value.copy_abs()  # 6年 is not 6.3 rounded
    # by size: ▲5% is 5%減; which way a number goes is polarity's to tell
    return _rounded(source.value, _precision(claim)).copy_abs() == claim.value.copy_abs()


def counted(text: str, quantity: Quantity) -> str:
    """What a quantity counts, where that has a word in both languages (秒, seconds -> "second"), else "": what is
    measured or paid counts nothing."""
    if quantity.unit in CANONICAL_UNITS:
        return ""
    after = _NEXT_WORD.match(text, quantity.end)
    return _COUNTED.get(quantity.unit) or _COUNTED.get(after[1].lower() if after else "", "")


def rate(text: str, quantity: Quantity) -> str:
    """The span of time that an amount is for ("a month", 月4,000元, 1日に32,000両), else ""."""
    after = _RATE_AFTER.match(text, quantity.end)
    before = _RATE_BEFORE.search(text, max(0, quantity.start - _BEFORE_CHARS), quantity.start)
    return _COUNTED[after[1].lower()] if after else _RATES[before[1]] if before else ""


def same_counted(one: str, other: str) -> bool:
    """Whether two things counted may be one: unknown ones may be anything but a span of time."""
    if one and other:
        return one == other
    return not {one, other} & SPANS_OF_TIME


def bound_at(text: str, start: int, end: int) -> Bound | None:
    """The bound that stands around the number at [start, end) of a text, if one does."""
    before = _CLAUSE.split(text[max(0, start - _BEFORE_CHARS) : start])[-1]
    after = _CLAUSE.split(text[end : end + _AFTER_CHARS])[0]
    if _AT_LEAST_BEFORE.search(before) or _AT_LEAST_AFTER.match(after):
        return Bound.AT_LEAST
    if _AT_MOST_BEFORE.search(before) or _AT_MOST_AFTER.match(after):
        return Bound.AT_MOST
    return None


def is_left_out(text: str, start: int, end: int) -> bool:
    """Whether the bound around the number at [start, end) leaves the number itself out (未満, more than; not 以下, at least)."""
    before, after = text[max(0, start - _BEFORE_CHARS) : start], text[end : end + _AFTER_CHARS]
    return bool(_OPEN_BEFORE.search(before) or _OPEN_AFTER.match(after))


def computed(claim: Quantity, sources: Sequence[Quantity]) -> tuple[str, Quantity, Quantity] | None:
    """(operation, a, b) when the claim's value is a sum, difference, ratio or change in percent of two quantities."""
    if claim.value is None or claim.kind in ("date", "vague"):
        return None
    numbers = [source for source in sources if source.value is not None and source.kind not in ("date", "vague")]
    has_a_rate = any(one.value == 1 and one.unit == claim.unit and one.kind == "money" for one in numbers)
    for a, b in combinations(numbers[:_MOST_OPERANDS], 2):
        for operation, value, unit in (*_results(a, b), *(_converted(a, b, claim.unit) if has_a_rate else ())):
            if _units_agree(claim.unit, unit) and value != 0 and _is_the_result(claim, value):
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
        yield "%", (1 - low / high) * 100, "%"
        if a.unit == b.unit == "%":
            yield "-", high - low, "pt"
        yield "/", low / high * 100, "%"


def _converted(a: Quantity, b: Quantity, unit: str) -> Iterator[tuple[str, Decimal, str]]:
    """One amount over the other, in the money that a rate is given for ("1 dollar = 7.2 yuan")."""
    for one, rate in ((a, b), (b, a)):
        if one.value is not None and rate.value and unit not in (one.unit, rate.unit):
            yield "/", one.value / rate.value, unit


def _is_the_result(claim: Quantity, value: Decimal) -> bool:
    if claim.kind == "share" and claim.value is not None:
        return abs(value - claim.value) <= _NEAR_A_FRACTION
    return _rounded(value, _precision(claim)) == claim.value


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
