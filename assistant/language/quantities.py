"""Numbers, amounts, shares and dates in Japanese and English text, each as one canonical value.

41億ユーロ, "4.1 billion euros" and "€4,100 million" are the same `Quantity`; so are 2025年7月15日, 令和7年7月15日,
"15 July 2025" and 2025-07-15. Digits are read, never guessed: what is part of a version, a label or a name (GPT-4,
3.2.1, 1-2, Table 3, an address) is no quantity. A minus is read only right before digits that have a unit.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date as calendar_date
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from functools import lru_cache
from itertools import zip_longest

from assistant.language.text import PLAIN, fold
from assistant.types import Quantity

_SCALES = {
    "兆": 12, "億": 8, "万": 4, "千": 3, "百": 2, "trillion": 12, "tn": 12, "billion": 9, "bn": 9, "million": 6,
    "mn": 6, "thousand": 3,
}  # fmt: skip
_SUFFIXES = {"k": 3, "m": 6, "b": 9, "t": 12}  # $500k; without a currency only "4.1B" is told from a name (4K, 5T)
_UNITS = {
    spelling: unit
    for unit, spellings in {
        "EUR": "ユーロ|euros|euro|eur|€",
        "USD": "米ドル|ドル|us dollars|u.s. dollars|dollars|dollar|usd|us$|$",
        "CNY": "人民元|元|yuan|rmb|cny|renminbi",
        "JPY": "円|yen|jpy|¥",
        "GBP": "ポンド|pounds|£|gbp",
        "KRW": "ウォン|korean won|krw|₩",
        "TWD": "台湾ドル|台湾元|taiwan dollars|taiwanese dollars|twd|nt$",
        "HKD": "香港ドル|hong kong dollars|hkd|hk$",
        "SGD": "シンガポールドル|singapore dollars|sgd|s$",
        "AUD": "豪ドル|オーストラリアドル|australian dollars|aud|a$|au$",
        "CAD": "カナダドル|加ドル|canadian dollars|c$|ca$",
        "INR": "インドルピー|ルピー|indian rupees|rupees|inr|₹",
        "CHF": "スイスフラン|swiss francs|chf",
        "THB": "バーツ|baht|thb",
        "IDR": "ルピア|rupiah|idr",
        "VND": "ベトナムドン|ドン|dong|vnd",
        "%": "%|パーセント|percent|per cent",
        "pt": "ポイント|%ポイント|パーセントポイント|percentage points|percentage point|points|pt|pts|ppt",
        "bp": "ベーシスポイント|basis points|bps",
        "km/h": "km/h|kph",
        "TWh": "twh|テラワット時|terawatt-hours|terawatt hours",
        "GWh": "gwh|ギガワット時|gigawatt-hours|gigawatt hours",
        "MWh": "mwh|メガワット時|megawatt-hours|megawatt hours",
        "kWh": "kwh|キロワット時|kilowatt-hours|kilowatt hours",
        "GW": "gw|ギガワット|gigawatts|gigawatt",
        "MW": "mw|メガワット|megawatts|megawatt",
        "kW": "kw|キロワット|kilowatts|kilowatt",
        "km": "km|キロメートル|kilometers|kilometres|kilometer|kilometre",
        "kg": "kg|キログラム|kilograms|kilogram",
        "t": "トン|tons|tonnes|metric tons|ton|tonne",
        "ha": "ha|ヘクタール|hectares|hectare",
        "m2": "m2|平方メートル|square meters|square metres",
        "km2": "km2|平方キロメートル|square kilometers|square kilometres",
        "L": "リットル|liters|litres",
        "bbl": "バレル|barrels",
        "x": "倍|times|x",
    }.items()
    for spelling in spellings.split("|")
}
_COUNTERS = (
    "社 両 台 件 個 人 名 種類 種 カ国 か国 ヵ国 ヶ国 都市 店舗 店 本 枚 項目 機関 部門 科目 問 体 基 棟 校 年間 年前 年 カ月 か月 ヵ月 ヶ月 日間 週間"
    " 時間 分 秒 歳 回 カ所 か所 つ 割 拠点 ブース 産業 トークン"
).split()
UNIT_WORDS = _UNITS
CANONICAL_UNITS = frozenset(_UNITS.values())
_WORDS = {
    word: number
    for number, word in enumerate("two three four five six seven eight nine ten eleven twelve".split(), start=2)
} | {
    "twice": 2,
    "thrice": 3,
    "twenties": 20,
    "thirties": 30,
    "forties": 40,
    "fifties": 50,
    "sixties": 60,
    "seventies": 70,
}  # "one" is a pronoun too often to be a number
_VAGUE_SCALES = {
    "十": 1, "百": 2, "千": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7, "億": 8, "十億": 9, "百億": 10, "兆": 12,
    "hundred": 2, "thousand": 3, "million": 6, "billion": 9, "trillion": 12,
}  # fmt: skip
ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867, "r": 2018, "h": 1988, "s": 1925}
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
_SCALE_WORD = _alternatives(_SCALES)
_UNIT_WORD = rf"(?:{_alternatives({*_UNITS, *_COUNTERS} - {'x'})}|(?<=\d)x)(?!(?<=[a-z])[a-z0-9])"
_WORD_STARTS, _WORD_ENDS = r"(?<![a-z0-9_])", r"(?![a-z0-9_])"  # \b sees no border between 2024 and に
_DATES = (
    re.compile(rf"(?<![a-z])(?P<era>{_alternatives(ERAS)})\s?(?P<y>\d{{1,2}}|元)年(?:\s?(?P<m>\d{{1,2}})月(?:\s?(?P<d>\d{{1,2}})日)?)?"),
    re.compile(r"(?<![\d.])(?P<y>(?:19|20)\d\d|(?<!\d)\d\d(?=年\s?\d{1,2}月))年度?(?:\s?(?P<m>\d{1,2})月(?:\s?(?P<d>\d{1,2})日)?)?"),
    re.compile(
        r"(?<![\d./-])(?P<y>(?:19|20)\d\d)[-/.](?P<m>0?[1-9]|1[0-2])(?:[-/.](?P<d>0?[1-9]|[12]\d|3[01]))?"
        rf"(?![\d/-]|\.\d|\s?(?:{_UNIT_WORD}|{_SCALE_WORD}))"
    ),
    re.compile(rf"{_WORD_STARTS}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+(?P<m>{_MONTH})\b\.?,?\s+(?P<y>(?:19|20)\d\d){_WORD_ENDS}"),
    re.compile(rf"{_WORD_STARTS}(?P<m>{_MONTH})\b\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>(?:19|20)\d\d){_WORD_ENDS}"),
    re.compile(rf"{_WORD_STARTS}(?P<m>{_MONTH})\b\.?,?\s+(?P<y>(?:19|20)\d\d){_WORD_ENDS}"),
    re.compile(rf"{_WORD_STARTS}(?P<m>{_MONTH})\b\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s*(?:{_UNIT_WORD}|{_SCALE_WORD})|,\d)"),
    re.compile(rf"{_WORD_STARTS}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s+(?P<m>{_MONTH})\b"),
    re.compile(r"(?<![\d.])(?P<m>\d{1,2})月\s?(?P<d>\d{1,2})日"),
    re.compile(r"(?<![\d.])(?P<m>1[0-2]|0?[1-9])月(?!\s?\d{1,2}日|間)"),
    re.compile(r"(?<![\d.,/-])(?P<m>1[0-2]|[1-9])/(?P<d>3[01]|[12]\d|[1-9])/(?P<y>(?:19|20)\d\d)(?![\d/])"),
    re.compile(rf"{_WORD_STARTS}(?:fy|fiscal(?: year)?)[ -]?(?P<y>(?:19|20)\d\d){_WORD_ENDS}"),
    re.compile(rf"{_WORD_STARTS}(?:in|since|before|after|by|of|from|until|during|late|early|mid|end of)[ -](?P<y>(?:19|20)\d\d){_WORD_ENDS}"),
)  # fmt: skip
_DASH = r"\s?(?:[-–—~〜～]|から|to|and)\s?"
_DATE_RANGES = (
    re.compile(rf"(?:(?P<y>(?:19|20)\d\d)年)?\s?(?P<m>\d{{1,2}})月\s?(?P<d>\d{{1,2}})日?{_DASH}(?P<d2>\d{{1,2}})日"),
    re.compile(
        rf"{_WORD_STARTS}(?P<d>\d{{1,2}}){_DASH}(?P<d2>\d{{1,2}})\s+(?P<m>{_MONTH})\b\.?,?(?:\s+(?P<y>(?:19|20)\d\d){_WORD_ENDS})?"
    ),
    re.compile(
        rf"{_WORD_STARTS}(?P<m>{_MONTH})\b\.?\s+(?P<d>\d{{1,2}}){_DASH}(?P<d2>\d{{1,2}})\b,?(?:\s+(?P<y>(?:19|20)\d\d){_WORD_ENDS})?"
    ),
)
_MONTH_RANGES = (
    re.compile(rf"(?:(?P<y>(?:19|20)\d\d)年)?\s?(?P<m>\d{{1,2}})月?{_DASH}(?P<m2>\d{{1,2}})月(?!\s?\d{{1,2}}日)"),
    re.compile(
        rf"{_WORD_STARTS}(?P<m>{_MONTH})\b\.?{_DASH}(?P<m2>{_MONTH})\b\.?,?(?:\s+(?P<y>(?:19|20)\d\d){_WORD_ENDS})?"
    ),
)
_YEAR_RANGE = re.compile(
    rf"(?<![\d.,$€£¥-])(?P<y>(?:19|20)\d\d)年?度?{_DASH}(?P<y2>(?:19|20)\d\d)"
    rf"(?:年度?(?!\s?\d{{1,2}}月)|(?![\da-z,/-]|\.\d|\s?(?:{_UNIT_WORD}|{_SCALE_WORD})))"
)
_CURRENCY_BEFORE = _alternatives(
    one for one, unit in _UNITS.items() if len(unit) == 3 and (one in ("rmb", unit.lower()) or one[-1] in "€$¥£₩₹")
)
_MONEY_BEFORE = rf"(?:(?<![a-z])(?P<before>{_CURRENCY_BEFORE})\s?)?"
_ABOUT = r"(?P<about>約|およそ|およ|ほぼ|about |around |roughly |approximately |some |nearly |almost )?"
_NO_LABEL_BEFORE = r"(?<![a-z0-9_.,第#-])"
# ▲ and △ anywhere; a dash where nothing stands before it that could begin a range or a name: 前年比-5%, "fell (−5%)"
_MINUS = r"(?:[▲△]|(?:(?<![\w%)\]])|(?<=[比ぁ-ちて-ゖ]))[-−])(?=[\d€$¥£])"
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_REST = r"(?:(?<=[兆億万千])(?:\d,\d{3}|\d{1,4})(?!\d|[,.]\d|\s?[年兆億万千百]))?"  # the 5,000 of 3万5,000
_TAIL = (
    rf"(?:(?:\s?(?:{_SCALE_WORD})(?![a-z])(?:\s?\d[\d,]*(?:\.\d+)?\s?[兆億万千]){{0,4}}){{1,4}}{_REST}"
    r"|(?(before)[kmbt]|b)(?![a-z0-9])|)"
)
_NUMBER = re.compile(
    rf"{_ABOUT}(?P<minus>{_MINUS})?{_MONEY_BEFORE}(?(minus)|(?(before)|{_NO_LABEL_BEFORE}))"
    rf"(?P<digits>{_DIGITS}|(?<![〇一二三四五六七八九十百千])[一二三四五六七八九](?=[つ割倍社名人件億万兆]))(?P<tail>{_TAIL})(?:\s?(?P<unit>{_UNIT_WORD}))?"
)
_RANGE = re.compile(
    rf"{_MONEY_BEFORE}(?(before)|{_NO_LABEL_BEFORE})(?P<low>{_DIGITS})"
    rf"(?P<low_tail>(?:{_SCALE_WORD}){{1,2}}|[kmbt]|)(?P<low_unit>(?:{_UNIT_WORD})?)"
    rf"[-–—~〜～](?:{_CURRENCY_BEFORE})?(?P<high>{_DIGITS})"
    rf"(?P<tail>\s?(?:{_SCALE_WORD}){{1,2}}(?![a-z])|(?(before)[kmbt]|b)(?![a-z0-9])|)(?:\s?(?P<unit>{_UNIT_WORD}))?"
)
_TENTHS = re.compile(
    rf"{_ABOUT}(?<![\d.,])(?P<wari>[\d一二三四五六七八九])割(?P<bu>[\d一二三四五六七八九])分(?:(?P<rin>[\d一二三四五六七八九])厘)?"
)
_JOINED = re.compile(r"\s?(?:[-–—~〜～]|から|to|and|or|or even)\s?")
_VAGUE_SCALE = _alternatives(_VAGUE_SCALES)
_VAGUE = re.compile(
    rf"数(?P<ja>{_VAGUE_SCALE})|\b(?:several|a few|some|many|tens of|hundreds of)\s+(?P<en>{_VAGUE_SCALE})s?\b|\b(?P<plural>{_VAGUE_SCALE})s\b"
)
_WORD = re.compile(
    rf"\b(?:(?P<word>{_alternatives(_WORDS)})\b(?P<times>\s+times\b|-fold\b)?"
    rf"(?![ -](?:thousand|million|billion|trillion)\b)"
    rf"|(?<!-)(?P<scaled>{_alternatives({*_WORDS, 'one'} - {'twice', 'thrice'})})(?P<tail>[ -](?:thousand|million|billion|trillion)\b)(?:\s(?P<unit>{_UNIT_WORD}))?)"
)
_COUNTS = (
    {digit: value for value, digit in enumerate("一二三四五六七八九十", start=1)}
    | _WORDS
    | {"a": 1, "one": 1}
    | {
        word: number
        for number, words in enumerate(
            "second/third thirds/fourth fourths quarter quarters/fifth fifths/sixth sixths/seventh/eighth/ninth/tenth/"
            "eleventh/twelfth".split("/"),
            start=2,
        )
        for word in words.split()
    }
)
_MULTIPLES = {
    word: number
    for number, words in {2: "doubled doubles doubling double twofold 倍増", 3: "tripled triples tripling triple threefold", 4: "quadrupled quadruple"}.items()
    for word in words.split()
}  # fmt: skip
_MULTIPLE_WORDS = re.compile(rf"(?<![a-z])(?P<times>{_alternatives(_MULTIPLES)})(?![a-z])")
_FRACTION_WORDS = re.compile(
    r"(?P<half>半分|半数|半減|過半|\bhalv(?:ed|es|ing)\b|(?<!first )(?<!second )(?<!latter )(?<!other )\bhalf\b(?![ -](?:a |an )?(?:year|day|hour|month|of 20)))"
    r"|(?P<under>\d{1,2}|[二三四五六七八九十])分の(?P<over>\d{1,2}|[一二三四五六七八九])"
    r"|\b(?P<some>one|two|three|four|five|six|seven|eight|nine|[1-9]) (?:in|out of)(?: every)? (?P<every>two|three|four|five|six|eight|ten|[3458]|10|100)\b(?! (?:years?|months?|weeks?|days?|hours?|minutes?)\b)"
    r"|\b(?P<many>a|one|two|three|four)[ -](?P<part>thirds?|fourths?|quarters?|fifths?|sixths?)\b(?=\s+(?:of|as|the)\b|[.,;)]|\s*$)"
)
_ORDINAL = re.compile(
    r"第\s?(\d{1,4}(?!\d)|[二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九](?!十))|(?<![\w.])(\d{1,4})(?:st|nd|rd|th)\b"
    r"|(?<!a )(?<!per )(?<!one )(?<!one-)(?<!two )(?<!two-)\b(second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth)\b(?!-part)"
    r"|(?<![\d.,])(\d{1,3}|[一二三四五六七八九十])(?:位|番目|世代|世紀|つ目)|\bq([1-4])\b|(?<!\w)([1-4])q\b"
)
_SCALE = re.compile(rf"(\d[\d,]*(?:\.\d+)?)?\s?({_alternatives(_SCALES | _SUFFIXES)}|$)")
_NOT_A_NUMBER_AFTER = re.compile(r"(?!-(?:year|month|week|day|hour|minute|second)s?\b)(?:[a-z_]|\.\d|-\d|[-‐]?[a-z])")
_LABEL_BEFORE = re.compile(r"(?:第|(?<![一-鿿])(?:図表|表|図|注)|\b(?:table|figure|note|fig\.|no\.))\s?$")
_LONGEST_LABEL = 8
ADDRESS = re.compile(r"(?:https?://|\bwww\.)[!-~]+")
_FRACTION = "⁄"
_UNUSUAL = re.compile(f"[^{PLAIN}]")
_MOST_DIGITS = 400
_EXACT = Context(prec=2 * _MOST_DIGITS, Emax=MAX_EMAX, Emin=MIN_EMIN)


def quantities(text: str) -> list[Quantity]:
    """Every quantity of a text in order of appearance, without overlaps; offsets count in `text`."""
    return list(_quantities(text))


@lru_cache(maxsize=4096)  # an answer reads the same sentences several times
def _quantities(text: str) -> tuple[Quantity, ...]:
    folded = fold(_without_marks(text))
    words = ADDRESS.sub(lambda address: "_" * len(address[0]), folded.text)
    found: list[Quantity] = []
    taken = [False] * (len(words) + 1)
    for reader in (_date_ranges, _dates, _ranges, _vague, _tenths, _numbers, _words):
        spans: set[tuple[int, int]] = set()  # both ends of a range stand at one span
        for one in reader(words):
            if (one.start, one.end) in spans or not any(taken[one.start : one.end]):
                found.append(one)
                spans.add((one.start, one.end))
                taken[one.start : one.end] = [True] * (one.end - one.start)
    found = _share_units(words, sorted(found, key=lambda one: (one.start, one.end)))
    spanned = [(one, *folded.verbatim_span(one.start, one.end)) for one in found]
    return tuple(replace(one, start=start, end=end) for one, start, end in spanned)


def _without_marks(text: str) -> str:
    """The text without circled and raised digits (they mark notes and items); a fraction ends its number (3½)."""
    return _UNUSUAL.sub(lambda character: _mark(character[0]), text)


def _mark(character: str) -> str:
    if unicodedata.category(character) != "No":
        return character
    return "_" if _FRACTION in unicodedata.normalize("NFKC", character) else " "


def _share_units(text: str, found: list[Quantity]) -> list[Quantity]:
    """The first number of a range has the unit of the second: "two to three times"."""
    shared: list[Quantity] = []
    for one, after in zip_longest(found, found[1:]):
        joined = after is not None and bool(_JOINED.fullmatch(text[one.end : after.start]))
        if joined and after is not None and not one.unit and one.kind != "date" and after.kind != "date":
            one = replace(one, unit=after.unit)
        shared.append(one)
    return shared


def shares(text: str) -> list[Quantity]:
    """Fractions and multiples in words, in percent or times: 半分, "a third", "doubled", 倍増; kind "share"."""
    folded = fold(text)
    found: list[Quantity] = []
    for pattern, unit in ((_FRACTION_WORDS, "%"), (_MULTIPLE_WORDS, "x")):
        for match in pattern.finditer(folded.text):
            value = _fraction(match.groupdict()) if unit == "%" else Decimal(_MULTIPLES[match["times"]])
            if value is not None:
                span = folded.verbatim_span(*match.span())
                found.append(Quantity("share", value, unit, 0, False, *span))
    return sorted(found, key=lambda one: one.start)


def _fraction(parts: Mapping[str, str | None]) -> Decimal | None:
    """The percentage of the fraction that matched; None for a part of nothing."""
    if parts["half"]:
        return Decimal(50)
    over, under = (
        _count(parts[one] or parts[other] or parts[third] or "")
        for one, other, third in (("over", "many", "some"), ("under", "part", "every"))
    )
    return Decimal(100) * over / under if under else None


def _count(word: str) -> int:
    if len(word) > 1 and "十" in word:
        tens, _, ones = word.partition("十")
        return 10 * _COUNTS.get(tens, 1) + _COUNTS.get(ones, 0)
    return int(word) if word.isdecimal() else _COUNTS[word]


def ordinals(text: str) -> list[tuple[int, int, int]]:
    """(number, start, end) of every number of a series: 第6世代, "6th", "sixth", Q3, 2位; "first" is too many things."""
    folded = fold(text)
    return [
        (_ordinal(match), *folded.verbatim_span(*match.span()))
        for match in _ORDINAL.finditer(folded.text)
        if _ordinal(match)
    ]


def _ordinal(match: re.Match[str]) -> int:
    return _count(next(group for group in match.groups() if group))


def quantity_terms(text: str) -> list[str]:
    """Search terms for the quantities of a text: `=EUR:4100000000`, and for dates each precision that is said."""
    found: list[str] = []
    for quantity in quantities(text):
        found += canonical_terms(quantity)
    return found


def canonical_terms(quantity: Quantity) -> list[str]:
    """The canonical spellings of one quantity: equal quantities share the first, the most precise one.

    Counters (社, 台, companies) are left out: each language counts with words of its own. So is the sign: ▲5% is 5%減.
    """
    if quantity.kind in ("vague", "word"):
        return []
    if quantity.date is None:
        unit = "" if quantity.unit in _COUNTERS else quantity.unit
        return [f"={unit}:{_plain(quantity.value or Decimal(0)).removeprefix('-')}"]
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
    return format(value.normalize(_EXACT), "f")


def _date_ranges(text: str) -> Iterator[Quantity]:
    """Both ends of 7月4日～6日, "July 4-6, 2024", 1~7月 and "January to July 2025"; the year may be missing. And 2021-2023年."""
    for match in _YEAR_RANGE.finditer(text):
        for year in (match["y"], match["y2"]):
            yield from _date(match, (int(year), None, None))
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
    if _is_in_calendar(*date):
        yield Quantity("date", None, "date", 0, False, match.start(), match.end(), date)


def _is_in_calendar(year: int | None, month: int | None, day: int | None) -> bool:
    try:
        calendar_date(year or 2000, month if month is not None else 1, day if day is not None else 1)
    except ValueError:
        return False
    return True


def _ranges(text: str) -> Iterator[Quantity]:
    """Both ends of 2-3倍 and of "5-7 billion yuan": a range has to have a unit, or it could be a label."""
    for match in _RANGE.finditer(text):
        unit = _UNITS.get(match["before"] or "") or _UNITS.get(match["unit"] or "", match["unit"] or "")
        low_unit = _UNITS.get(match["low_unit"], match["low_unit"])
        if not unit or low_unit not in ("", unit) or len(match["low"] + match["high"]) > _MOST_DIGITS:
            continue
        for digits, tail in ((match["low"], match["low_tail"] or match["tail"]), (match["high"], match["tail"])):
            value, precision = _value(digits, tail)
            yield _number(value, unit, precision, False, match.start(), match.end())


def _tenths(text: str) -> Iterator[Quantity]:
    """3割5分 and 2割5分3厘 in percent."""
    for match in _TENTHS.finditer(text):
        digits = [_KANJI_DIGITS.get(digit, digit) for digit in match.group("wari", "bu", "rin") if digit]
        value = Decimal("".join(map(str, digits))).scaleb(2 - len(digits))
        yield Quantity("percent", value, "%", 2 - len(digits), bool(match["about"]), match.start(), match.end())


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
        return ERAS[parts["era"] or ""] + (1 if year == "元" else int(year))
    return int(year) + (2000 if len(year) == 2 else 0)


def _month(month: str | None) -> int | None:
    if month is None:
        return None
    return int(month) if month.isdigit() else _MONTHS[month]


def _numbers(text: str) -> Iterator[Quantity]:
    for match in _NUMBER.finditer(text):
        unit = _UNITS.get(match["before"] or "") or _UNITS.get(match["unit"] or "", match["unit"] or "")
        if len(match["digits"]) > _MOST_DIGITS or (not match["unit"] and _is_no_number(text, match)):
            continue
        value, precision = _value(match["digits"], match["tail"])
        if match["minus"] and (unit or match["tail"]):
            value = value.copy_negate()
        yield _number(value, unit, precision, bool(match["about"]), match.start(), match.end())


def _is_no_number(text: str, match: re.Match[str]) -> bool:
    """Whether digits without a unit go on as a name or version, or are the number of a table, figure or note."""
    if match["minus"] == "-" and not (match["before"] or match["tail"]):
        return True
    before = text[max(0, match.start() - _LONGEST_LABEL) : match.start()]
    return bool(_NOT_A_NUMBER_AFTER.match(text, match.end()) or _LABEL_BEFORE.search(before))


def _number(value: Decimal, unit: str, precision: int, approximate: bool, start: int, end: int) -> Quantity:
    if unit == "割":
        value, precision, unit = _EXACT.multiply(value, 10), precision + 1, "%"
    kind = "percent" if unit == "%" else "money" if len(unit) == 3 and unit.isupper() else "number"
    return Quantity(kind, value, unit, precision, approximate, start, end)


def _vague(text: str) -> Iterator[Quantity]:
    """数百万, "several million", "millions": a scale without digits. Value is the scale."""
    for match in _VAGUE.finditer(text):
        scale = _VAGUE_SCALES[match["ja"] or match["en"] or match["plural"]]
        scale += 1 if match[0].startswith("tens") else 2 if match[0].startswith("hundreds of") else 0
        yield Quantity("vague", Decimal(10) ** scale, "", scale, True, match.start(), match.end())


def _words(text: str) -> Iterator[Quantity]:
    """English number words up to twelve; "two times" and "twice" are multiples, "two million" is a number."""
    for match in _WORD.finditer(text):
        if match["scaled"]:
            value, precision = _value(str(_COUNTS[match["scaled"]]), match["tail"].replace("-", " "))
            unit = _UNITS.get(match["unit"] or "", match["unit"] or "")
            yield _number(value, unit, precision, False, match.start(), match.end())
            continue
        unit = "x" if match["times"] or match["word"] in ("twice", "thrice") else ""
        yield Quantity("word", Decimal(_WORDS[match["word"]]), unit, 0, False, match.start(), match.end())


def _value(digits: str, tail: str) -> tuple[Decimal, int]:
    """The value of digits and scale words, and the power of ten of the last digit: scales in a row multiply (百万)."""
    total, (pending, precision) = Decimal(0), _decimal(digits)
    for number, scale in _SCALE.findall(tail):
        if number:
            total = _EXACT.add(total, pending)
            pending, precision = _decimal(number)
        power = _SCALES.get(scale) or _SUFFIXES.get(scale, 0)
        pending, precision = pending.scaleb(power, _EXACT), precision + power
    return _EXACT.add(total, pending), precision


def _decimal(digits: str) -> tuple[Decimal, int]:
    plain = "".join(str(_KANJI_DIGITS.get(digit, digit)) for digit in digits if digit != ",")
    return Decimal(plain), -len(plain.partition(".")[2])
