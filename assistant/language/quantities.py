"""Numbers, amounts, shares and dates in Japanese and English text, each as one canonical value.

41億ユーロ, "4.1 billion euros" and "€4,100 million" are the same `Quantity`; so are 2025年7月15日, 令和7年7月15日,
"15 July 2025" and 2025-07-15. Digits are read, never guessed: what is part of a version, a label or a name (GPT-4,
3.2.1, 1-2) is no quantity.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import zip_longest

from assistant.language.text import fold
from assistant.types import Quantity

_SCALES = {
    "兆": 12, "億": 8, "万": 4, "千": 3, "百": 2, "trillion": 12, "tn": 12, "billion": 9, "bn": 9, "million": 6,
    "mn": 6, "thousand": 3,
}  # fmt: skip
_UNITS = {
    "ユーロ": "EUR", "euros": "EUR", "euro": "EUR", "eur": "EUR", "€": "EUR", "米ドル": "USD", "ドル": "USD",
    "us dollars": "USD", "u.s. dollars": "USD", "dollars": "USD", "dollar": "USD", "usd": "USD", "us$": "USD",
    "$": "USD", "人民元": "CNY", "元": "CNY", "yuan": "CNY", "rmb": "CNY", "cny": "CNY", "renminbi": "CNY",
    "円": "JPY", "yen": "JPY", "jpy": "JPY", "¥": "JPY", "ポンド": "GBP", "pounds": "GBP", "£": "GBP", "gbp": "GBP",
    "ウォン": "KRW", "%": "%", "パーセント": "%", "percent": "%", "per cent": "%", "ポイント": "pt",
    "gwh": "GWh", "mwh": "MWh", "kwh": "kWh", "gw": "GW", "mw": "MW", "kw": "kW", "km": "km", "kg": "kg",
    "トン": "t", "tons": "t", "tonnes": "t", "倍": "x", "times": "x",
}  # fmt: skip
_COUNTERS = (
    "社 両 台 件 個 人 名 種類 種 カ国 か国 ヵ国 ヶ国 都市 店舗 店 本 枚 項目 機関 部門 科目 問 体 基 棟 校 年間 年前 年 カ月 か月 ヵ月 ヶ月 日間 週間"
    " 時間 分 秒 歳 回 カ所 か所 つ 割 拠点 ブース 産業 トークン"
).split()
CANONICAL_UNITS = frozenset(_UNITS.values())
_WORDS = {
    word: number
    for number, word in enumerate("two three four five six seven eight nine ten eleven twelve".split(), start=2)
} | {"twice": 2, "thrice": 3}  # "one" is a pronoun too often to be a number
_VAGUE_SCALES = {
    "十": 1, "百": 2, "千": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7, "億": 8, "十億": 9, "百億": 10, "兆": 12,
    "hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12,
}  # fmt: skip
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867}
_MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ],
        start=1,
    )
    for name in names.split()
}
_KANJI_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")}


def _alternatives(words: object) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))  # type: ignore[call-overload]


_MONTH = _alternatives(_MONTHS)
_DATES = (
    re.compile(rf"(?P<era>{_alternatives(_ERAS)})\s?(?P<y>\d{{1,2}}|元)年(?:\s?(?P<m>\d{{1,2}})月(?:\s?(?P<d>\d{{1,2}})日)?)?"),
    re.compile(r"(?<![\d.])(?P<y>(?:19|20)\d\d|(?<!\d)\d\d(?=年\s?\d{1,2}月))年度?(?:\s?(?P<m>\d{1,2})月(?:\s?(?P<d>\d{1,2})日)?)?"),
    re.compile(r"(?<![\d./-])(?P<y>(?:19|20)\d\d)[-/.](?P<m>0?[1-9]|1[0-2])(?:[-/.](?P<d>0?[1-9]|[12]\d|3[01]))?(?![\d/-]|\.\d)"),
    re.compile(rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+(?P<m>{_MONTH})\b\.?,?\s+(?P<y>(?:19|20)\d\d)\b"),
    re.compile(rf"\b(?P<m>{_MONTH})\b\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>(?:19|20)\d\d)\b"),
    re.compile(rf"\b(?P<m>{_MONTH})\b\.?,?\s+(?P<y>(?:19|20)\d\d)\b"),
    re.compile(rf"\b(?P<m>{_MONTH})\b\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s*%|,\d)"),
    re.compile(rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<m>{_MONTH})\b"),
    re.compile(r"(?<![\d.])(?P<m>\d{1,2})月\s?(?P<d>\d{1,2})日"),
    re.compile(r"(?<![\d.,/-])(?P<m>1[0-2]|[1-9])/(?P<d>3[01]|[12]\d|[1-9])/(?P<y>(?:19|20)\d\d)(?![\d/])"),
    re.compile(r"\b(?:in|since|by|of|from|until|during|late|early|mid|end of)[ -](?P<y>(?:19|20)\d\d)\b"),
)  # fmt: skip
_DASH = r"\s?(?:[-–—~〜～]|から|to|and)\s?"
_DATE_RANGES = (
    re.compile(rf"(?:(?P<y>(?:19|20)\d\d)年)?\s?(?P<m>\d{{1,2}})月\s?(?P<d>\d{{1,2}})日?{_DASH}(?P<d2>\d{{1,2}})日"),
    re.compile(rf"\b(?P<d>\d{{1,2}}){_DASH}(?P<d2>\d{{1,2}})\s+(?P<m>{_MONTH})\b\.?,?(?:\s+(?P<y>(?:19|20)\d\d)\b)?"),
    re.compile(rf"\b(?P<m>{_MONTH})\b\.?\s+(?P<d>\d{{1,2}}){_DASH}(?P<d2>\d{{1,2}})\b,?(?:\s+(?P<y>(?:19|20)\d\d)\b)?"),
)
_MONTH_RANGES = (
    re.compile(rf"(?:(?P<y>(?:19|20)\d\d)年)?\s?(?P<m>\d{{1,2}})月?{_DASH}(?P<m2>\d{{1,2}})月(?!\s?\d{{1,2}}日)"),
    re.compile(rf"\b(?P<m>{_MONTH})\b\.?{_DASH}(?P<m2>{_MONTH})\b\.?,?(?:\s+(?P<y>(?:19|20)\d\d)\b)?"),
)
_CURRENCY_BEFORE = _alternatives(["€", "us$", "$", "¥", "£", "rmb", "eur", "usd", "cny", "jpy", "gbp"])
_NUMBER = re.compile(
    rf"(?P<about>約|およそ|およ|ほぼ|about |around |roughly |approximately |some |nearly |almost )?"
    rf"(?:(?P<before>{_CURRENCY_BEFORE})\s?)?"
    r"(?<![a-z0-9_.,第-])(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|[一二三四五六七八九](?=[つ割倍社名人件億万兆]))"
    rf"(?P<tail>(?:\s?(?:{_alternatives(_SCALES)})(?![a-z])(?:\s?\d[\d,]*(?:\.\d+)?\s?(?:[兆億万千]))*)*)"
    rf"(?:\s?(?P<unit>{_alternatives([*_UNITS, *_COUNTERS])})(?![a-z]))?"
)
_RANGE = re.compile(
    rf"(?<![a-z0-9_.,第-])(?P<low>\d+(?:\.\d+)?)[-–—~〜～](?P<high>\d+(?:\.\d+)?)\s?"
    rf"(?P<tail>(?:{_alternatives(_SCALES)})?)\s?(?P<unit>{_alternatives([*_UNITS, *_COUNTERS])})(?![a-z])"
)
_JOINED = re.compile(r"\s?(?:[-–—~〜～]|から|to|and|or|or even)\s?")
_VAGUE_SCALE = _alternatives(_VAGUE_SCALES)
_VAGUE = re.compile(
    rf"数(?P<ja>{_VAGUE_SCALE})|\b(?:several|a few|some|many|tens of|hundreds of)\s+(?P<en>{_VAGUE_SCALE})s?\b|\b(?P<plural>{_VAGUE_SCALE})s\b"
)
_WORD = re.compile(rf"\b(?P<word>{_alternatives(_WORDS)})\b(?P<times>\s+times\b|-fold\b)?")
_SCALE = re.compile(rf"(\d[\d,]*(?:\.\d+)?)?\s?({_alternatives(_SCALES)})")
_NOT_A_NUMBER_AFTER = re.compile(r"[a-z_]|\.\d|-\d|[-‐]?[a-z]")


def quantities(text: str) -> list[Quantity]:
    """Every quantity of a text in order of appearance, without overlaps; offsets count in `text`."""
    folded = fold(text)
    found: list[Quantity] = []
    taken = [False] * (len(folded.text) + 1)
    for reader in (_date_ranges, _dates, _ranges, _vague, _numbers, _words):
        spans: set[tuple[int, int]] = set()  # both ends of a range stand at one span
        for one in reader(folded.text):
            if (one.start, one.end) in spans or not any(taken[one.start : one.end]):
                found.append(one)
                spans.add((one.start, one.end))
                taken[one.start : one.end] = [True] * (one.end - one.start)
    found = _share_units(folded.text, sorted(found, key=lambda one: (one.start, one.end)))
    return [
        replace(one, start=start, end=end) for one in found for start, end in [folded.verbatim_span(one.start, one.end)]
    ]


def _share_units(text: str, found: list[Quantity]) -> list[Quantity]:
    """The first number of a range has the unit of the second: "two to three times"."""
    shared: list[Quantity] = []
    for one, after in zip_longest(found, found[1:]):
        joined = after is not None and bool(_JOINED.fullmatch(text[one.end : after.start]))
        if joined and after is not None and not one.unit and one.kind != "date" and after.kind != "date":
            one = replace(one, unit=after.unit)
        shared.append(one)
    return shared


def quantity_terms(text: str) -> list[str]:
    """Search terms for the quantities of a text: `=EUR:4100000000`, and for dates each precision that is said."""
    found: list[str] = []
    for quantity in quantities(text):
        found += canonical_terms(quantity)
    return found


def canonical_terms(quantity: Quantity) -> list[str]:
    """The canonical spellings of one quantity: equal quantities share the first, the most precise one.

    Counters (社, 台, companies) are left out: each language counts with words of its own.
    """
    if quantity.kind in ("vague", "word"):
        return []
    if quantity.date is None:
        unit = "" if quantity.unit in _COUNTERS else quantity.unit
        return [f"={unit}:{_plain(quantity.value or Decimal(0))}"]
    year, month, day = quantity.date
    if year is None:
        return [f"@-{month:02}-{day:02}"] if month and day else []
    found = [f"@{year}"]
    if month:
        found.insert(0, f"@{year}-{month:02}")
        if day:
            found.insert(0, f"@{year}-{month:02}-{day:02}")
            found.append(f"@-{month:02}-{day:02}")
    return found


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")


def _date_ranges(text: str) -> Iterator[Quantity]:
    """Both ends of 7月4日～6日, "July 4-6, 2024", 1~7月 and "January to July 2025"; the year may be missing."""
    for pattern in _DATE_RANGES:
        for match in pattern.finditer(text):
            parts = match.groupdict()
            for day in (parts["d"], parts["d2"]):
                yield from _date(match, (_year(parts), _month(parts["m"]), int(day)))
    for pattern in _MONTH_RANGES:
        for match in pattern.finditer(text):
            for month in (match["m"], match["m2"]):
                yield from _date(match, (_year(match.groupdict()), _month(month), None))


def _date(match: re.Match[str], date: tuple[int | None, int | None, int | None]) -> Iterator[Quantity]:
    _, month, day = date
    if (month is None or 1 <= month <= 12) and (day is None or 1 <= day <= 31):
        yield Quantity("date", None, "date", 0, False, match.start(), match.end(), date)


def _ranges(text: str) -> Iterator[Quantity]:
    """Both ends of 2-3倍 and of "5-7 billion yuan": a range has to have a unit, or it could be a label."""
    for match in _RANGE.finditer(text):
        unit = _UNITS.get(match["unit"], match["unit"])
        for digits in (match["low"], match["high"]):
            value, precision = _value(digits, match["tail"])
            yield _number(value, unit, precision, False, match.start(), match.end())


def _dates(text: str) -> Iterator[Quantity]:
    for pattern in _DATES:
        for match in pattern.finditer(text):
            parts = match.groupdict()
            year, month, day = _year(parts), _month(parts.get("m")), parts.get("d")
            yield from _date(match, (year, month, int(day) if day else None))


def _year(parts: dict[str, str | None]) -> int | None:
    year = parts.get("y")
    if year is None:
        return None
    if parts.get("era"):
        return _ERAS[parts["era"] or ""] + (1 if year == "元" else int(year))
    return int(year) + (2000 if len(year) == 2 else 0)


def _month(month: str | None) -> int | None:
    if month is None:
        return None
    return int(month) if month.isdigit() else _MONTHS[month]


def _numbers(text: str) -> Iterator[Quantity]:
    for match in _NUMBER.finditer(text):
        if not match["unit"] and _NOT_A_NUMBER_AFTER.match(text, match.end()):
            continue
        value, precision = _value(match["digits"], match["tail"] or "")
        unit = _UNITS.get(match["before"] or "") or _UNITS.get(match["unit"] or "", match["unit"] or "")
        yield _number(value, unit, precision, bool(match["about"]), match.start(), match.end())


def _number(value: Decimal, unit: str, precision: int, approximate: bool, start: int, end: int) -> Quantity:
    if unit == "割":
        value, precision, unit = value * 10, precision + 1, "%"
    kind = "percent" if unit == "%" else "money" if len(unit) == 3 and unit.isupper() else "number"
    return Quantity(kind, value, unit, precision, approximate, start, end)


def _vague(text: str) -> Iterator[Quantity]:
    """数百万, "several million", "millions": a scale without digits. Value is the scale."""
    for match in _VAGUE.finditer(text):
        scale = _VAGUE_SCALES[match["ja"] or match["en"] or match["plural"]]
        yield Quantity("vague", Decimal(10) ** scale, "", scale, True, match.start(), match.end())


def _words(text: str) -> Iterator[Quantity]:
    """English number words up to twelve; "two times" and "twice" are multiples."""
    for match in _WORD.finditer(text):
        unit = "x" if match["times"] or match["word"] in ("twice", "thrice") else ""
        yield Quantity("word", Decimal(_WORDS[match["word"]]), unit, 0, False, match.start(), match.end())


def _value(digits: str, tail: str) -> tuple[Decimal, int]:
    digits = "".join(str(_KANJI_DIGITS[digit]) if digit in _KANJI_DIGITS else digit for digit in digits).replace(
        ",", ""
    )
    decimals = len(digits.partition(".")[2])
    total, exponent, pending = Decimal(0), 0, Decimal(digits)
    for number, scale in _SCALE.findall(tail):
        if number:
            number = number.replace(",", "")
            total, pending, decimals = total + pending, Decimal(number), len(number.partition(".")[2])
        pending, exponent = pending.scaleb(_SCALES[scale]), _SCALES[scale]
    return total + pending, exponent - decimals
