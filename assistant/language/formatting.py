"""Quantities and dates written out in either language: 41億ユーロ -> €4.1 billion, 2025年7月15日 -> 15 July 2025. Pure.

What is written reads back as the same quantity (`quantities` of it gives the same value, unit and date), but for what
only one language can say: a counter (社, 台) becomes a plain count in English, a bare year reads back as a number.
"""

from __future__ import annotations

from decimal import Decimal

from assistant.language.agreement import Bound
from assistant.types import Language, Quantity

_MONTHS = (
    "January February March April May June July August September October November December".split()
)  # fmt: skip
_SCALES = {
    Language.EN: ((12, " trillion"), (9, " billion"), (6, " million")),
    Language.JA: ((12, "兆"), (8, "億"), (4, "万")),
}
_HIGHER = {"億": "兆", "万": "億"}  # 3兆9,200億, not 39,200億
_MOST_DECIMALS = {Language.EN: 3, Language.JA: 1}
_VAGUE = {
    Language.EN: {
        1: "several tens", 2: "several hundred", 3: "several thousand", 4: "tens of thousands",
        5: "hundreds of thousands", 6: "several million", 7: "tens of millions", 8: "hundreds of millions",
        9: "several billion", 10: "tens of billions", 11: "hundreds of billions", 12: "several trillion",
    },
    Language.JA: {
        1: "数十", 2: "数百", 3: "数千", 4: "数万", 5: "数十万", 6: "数百万", 7: "数千万", 8: "数億", 9: "数十億",
        10: "数百億", 12: "数兆",
    },
}  # fmt: skip
_UNITS: dict[Language, dict[str, str]] = {
    Language.EN: {
        "EUR": "€{}", "USD": "${}", "JPY": "¥{}", "GBP": "£{}", "CNY": "{} yuan", "KRW": "₩{}", "TWD": "NT${}",
        "HKD": "HK${}", "SGD": "S${}", "AUD": "A${}", "CAD": "C${}", "INR": "₹{}", "%": "{}%", "x": "{} times",
        "pt": "{} percentage points", "t": "{} tonnes", "社": "{} companies", "都市": "{} cities", "名": "{} people",
        "人": "{} people", "種": "{} types", "種類": "{} types", "カ国": "{} countries", "か国": "{} countries",
        "ヵ国": "{} countries", "ヶ国": "{} countries", "店": "{} shops", "店舗": "{} shops", "項目": "{} items",
        "機関": "{} institutions", "部門": "{} departments", "科目": "{} subjects", "問": "{} questions",
        "年": "{} years", "年間": "{} years", "年前": "{} years ago", "カ月": "{} months", "か月": "{} months", "ヵ月": "{} months",
        "ヶ月": "{} months", "日間": "{} days", "週間": "{} weeks", "時間": "{} hours", "分": "{} minutes",
        "秒": "{} seconds", "歳": "{} years old", "カ所": "{} places", "か所": "{} places", "拠点": "{} sites",
        "ブース": "{} booths", "産業": "{} industries", "トークン": "{} tokens", "両": "{} carriages", "校": "{} schools",
    },
    Language.JA: {
        "EUR": "{}ユーロ", "USD": "{}ドル", "JPY": "{}円", "GBP": "{}ポンド", "CNY": "{}元", "KRW": "{}ウォン",
        "TWD": "{}台湾ドル", "HKD": "{}香港ドル", "SGD": "{}シンガポールドル", "AUD": "{}豪ドル", "CAD": "{}カナダドル",
        "INR": "{}ルピー", "CHF": "{}スイスフラン", "THB": "{}バーツ", "IDR": "{}ルピア", "VND": "{}ドン", "ha": "{}ヘクタール",
        "%": "{}%", "x": "{}倍",
        "pt": "{}ポイント", "t": "{}トン",
    },
}  # fmt: skip
_ABOUT = {Language.EN: "about {}", Language.JA: "約{}"}
_BOUNDS = {
    Language.EN: {Bound.AT_LEAST: "at least {}", Bound.AT_MOST: "up to {}"},
    Language.JA: {Bound.AT_LEAST: "{}以上", Bound.AT_MOST: "最大{}"},
}


def format_quantity(quantity: Quantity, language: Language, bound: Bound | None = None) -> str:
    """A quantity in words of a language, with "about" and its bound; empty for what cannot be said (number words)."""
    if quantity.date is not None:
        return format_date(quantity.date, language)
    if quantity.value is None or quantity.kind == "word":
        return ""
    if quantity.kind == "vague":
        return _VAGUE[language].get(quantity.value.adjusted(), "")
    written = _with_unit(_number(quantity.value.copy_abs(), quantity.precision, language), quantity.unit, language)
    if quantity.value < 0:
        written = f"-{written}"
    if quantity.approximate:
        written = _ABOUT[language].format(written)
    return _BOUNDS[language][bound].format(written) if bound else written


def format_date(date: tuple[int | None, int | None, int | None], language: Language) -> str:
    """A date as precisely as it is known: 15 July 2025, July 2025, 2025, 15 July."""
    year, month, day = date
    if language is Language.JA:
        return "".join(f"{part}{mark}" for part, mark in zip(date, "年月日", strict=True) if part is not None)
    words = [str(day) if day else "", _MONTHS[month - 1] if month else "", str(year) if year else ""]
    return " ".join(word for word in words if word)


def format_range(low: Quantity, high: Quantity, language: Language) -> str:
    """Both ends of a range that is written as one: 4–6 July 2024, January–July 2025, 2–3 times."""
    if low.date is None or high.date is None:
        first = _number(low.value or Decimal(0), low.precision, language)
        last = _number(high.value or Decimal(0), high.precision, language)
        return _with_unit(f"{first}–{last}", high.unit, language)
    (year, month, day), (other_year, other_month, other_day) = low.date, high.date
    if language is Language.JA:
        end = (other_year if other_year != year else None, other_month if other_month != month else None, other_day)
        return f"{format_date(low.date, language)}～{format_date(end, language)}"
    same_year = year == other_year
    if same_year and month == other_month and day and other_day:
        return f"{day}–{format_date(high.date, language)}"
    start = (None if same_year and month else year, month, day)
    return f"{format_date(start, language)}–{format_date(high.date, language)}"


def _number(value: Decimal, precision: int, language: Language) -> str:
    """The digits with the largest scale word that leaves few decimals; without one, thousands set apart."""
    for power, word in _SCALES[language]:
        scaled = value.scaleb(-power).normalize()
        decimals = max(0, -int(scaled.as_tuple().exponent))
        if scaled >= 1 and decimals <= _MOST_DECIMALS[language]:
            above, below = divmod(scaled, 10_000)
            if above and word in _HIGHER:
                return f"{above:,.0f}{_HIGHER[word]}{below:,.{decimals}f}{word}"
            return f"{scaled:,.{decimals}f}{word}"
    return f"{value:,.{max(0, -precision)}f}"


def _with_unit(number: str, unit: str, language: Language) -> str:
    known = _UNITS[language].get(unit)
    if known:
        return known.format(number)
    if not unit.isascii():
        return number if language is Language.EN else f"{number}{unit}"
    return f"{number} {unit}".strip() if language is Language.EN else f"{number}{unit}"
