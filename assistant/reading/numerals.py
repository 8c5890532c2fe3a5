"""A cell's value as its program shows it: 0.256 under "0.0%" is "25.6%". Pure."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

_LITERAL = re.compile(r'"([^"]*)"|\\(.)|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]|_.|\*.')
_PLACES = re.compile(r"[#0?](?:[#0?,]*[#0?])?(?:\.([#0?]+))?(,*)")
_LARGEST = 1e15  # Excel keeps 15 digits
_HOLD = "\ue000"


def shown(value: object, code: str = "General") -> str:
    """The text of a value under a number format of Excel's; formats beyond digits, percent, literals and dates show
    the plain value. Dates are ISO 8601, or 2025年12月4日 where the format is Japanese."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, (date, time)):
        return _moment(value, code)
    if isinstance(value, timedelta):
        return str(value)
    if isinstance(value, (int, float)):
        return _number(value, code)
    return str(value)


def _moment(value: date | time, code: str) -> str:
    if isinstance(value, time):
        return value.isoformat("minutes")
    wants_day = "d" in re.sub(_LITERAL, "", code.lower()) or code == "General"
    if "年" in code:
        return f"{value.year}年{value.month}月" + (f"{value.day}日" if wants_day else "")
    day = value.strftime("%Y-%m-%d" if wants_day else "%Y-%m")
    has_time = isinstance(value, datetime) and (value.hour or value.minute)
    return f"{day} {value:%H:%M}" if has_time else day


def _number(value: float, code: str) -> str:
    parts = code.split(";")
    section = parts[1] if value < 0 and len(parts) > 1 else parts[2] if value == 0 and len(parts) > 2 else parts[0]
    literals: list[str] = []

    def hold(match: re.Match[str]) -> str:
        literals.append(match[1] or match[2] or match[3] or "")
        return _HOLD

    pattern = _LITERAL.sub(hold, section)
    filled = iter(literals)
    places = _PLACES.search(pattern)
    if (
        not abs(value) < _LARGEST
        or re.search(r"[Ee][+-]|/|general", pattern, re.IGNORECASE)
        or (places is None and not literals)
    ):
        return _plain(value)
    if places is None:
        return "".join(literals)
    scaled = Decimal(str(value)) * (100 if "%" in pattern else 1) / 1000 ** len(places[2])
    if value < 0 and len(parts) > 1:
        scaled = -scaled
    decimals = places[1] or ""
    scaled = scaled.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP)
    digits = f"{scaled:,f}" if "," in places[0].rstrip(",") else f"{scaled:f}"
    if decimals.endswith(("#", "?")):
        digits = digits.rstrip("0").rstrip(".")
    return re.sub(_HOLD, lambda _: next(filled), pattern[: places.start()] + digits + pattern[places.end() :]).strip()


def _plain(value: float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.10g}"
