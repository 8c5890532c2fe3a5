"""Whether the reports answer a question at all, told without a language model: a calibrated yes or no.

What speaks for it is how well the best units cover the question and whether both searches agree; against it, names and
figures that no report knows, and a kind of fact asked for (an amount, a number of people, a person) that none of the best
units holds. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant import messages
from assistant.answering.matching import Candidate, Rarity, is_ended
from assistant.language.aliases import AliasTable
from assistant.language.entities import entity_key, named_entities
from assistant.language.names import name_key
from assistant.language.quantities import quantities
from assistant.language.text import widen_brackets
from assistant.language.tokens import terms
from assistant.types import Language, Query

SIGNS = ("score", "covered", "near", "agreed", "unknown_names", "other_years", "lacking", "unknown_words")
# A constant, then one for each sign: begun with tools/calibrate_abstaining.py over 66 answerable, 47 unanswerable and 300
# foreign questions a language, then set by hand on the same. Abstained: Japanese 8 %, 60 % and 96 %, English 6 %, 60 %, 87 %.
COEFFICIENTS: dict[Language, tuple[float, ...]] = {
    Language.JA: (-2.65, 1.9, 0.55, 5.0, 0.24, -1.42, -2.1, -3.0, -3.08),
    Language.EN: (-3.0, 2.2, 1.0, 5.0, 0.3, -0.65, -1.6, -4.8, -1.5),
}
_LEAST_SHARE = 0.15
_MOST_READ = 6
_SHORT_PIECES = 40
_Holds = Callable[[str], bool]


def _with_unit(*units: str) -> _Holds:
    return lambda text: any(one.unit in units for one in quantities(text))


def _of_kind(*kinds: str) -> _Holds:
    return lambda text: any(one.kind in kinds for one in quantities(text))


_PERSON = re.compile(
    r"氏(?!名)|さん|社長|会長|CEO|役員|創業者|(?<![A-Za-z])(?:Mr|Ms|Dr|Prof)\.|\b(?:president|chair\w*|director|founder)\b",
    re.I,
)
_YEAR = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?![\d,.]*\d)")
_NEEDS: tuple[tuple[re.Pattern[str], _Holds], ...] = (
    (re.compile(r"いくら|価格|料金|運賃|予算|金額|投資額|売上|年収|給与|何(?:億|兆|万)?(?:円|元|ドル|ユーロ)|\bhow much\b|\b(?:fares?|fees?|salar\w+|revenues?)\b|"
                r"\bwhat(?:'s| is| was)? (?:the )?(?:\w+ ){0,2}(?:prices?|budgets?|fines?)\b|\bwhat (?:does|do|did|would|will) .{1,60}\bcost\b", re.I),
     _of_kind("money", "vague", "percent")),
    (re.compile(r"何[%％]|何パーセント|何割|割合|シェア|(?<!効)率(?![一-鿿い])|\b(?:percent\w*|what share|proportion|rate)\b", re.I), _with_unit("%", "x")),
    (re.compile(r"何人|何名|人数|利用者数|会員数|\bhow many (?:\w+ )?(?:people|workers|employees|students|users|members|engineers|customers|developers)\b", re.I),
     _with_unit("人", "名", "億人", "万人")),
    (re.compile(r"何台|台数|何両|\bhow many (?:\w+ ){0,3}(?:vehicles|cars|robots|units|trucks|vans)\b", re.I), lambda text: bool(re.search(r"[\d数]\S{0,3}\s?[台両体]", text))),
    (re.compile(r"何社|\bhow many (?:\w+ ){0,2}(?:companies|firms)\b", re.I), _with_unit("社")),
    (re.compile(r"何年間|何カ月|何か月|有効期間|\bhow many years\b", re.I), _with_unit("年間", "年", "カ月", "か月", "ヵ月", "週間", "日間", "時間", "分", "秒")),
    (re.compile(r"何kwh|何kw|何kg|何km|kWh|重さ|出力|航続|\bin kwh\b|\bweigh|power output|\brange\b", re.I), _with_unit("kWh", "kW", "kg", "km", "t", "MW", "GW", "GWh")),
    (re.compile(r"何(?:冊|部|件|個|本|カ所|か所|箇所|校|店)|いくつ|\bhow many\b", re.I), _of_kind("number", "vague", "word")),
    (re.compile(r"いつ|何年(?!間)|何月|時期|\b(?:when|what year|which year|what date)\b", re.I), _of_kind("date")),
    (re.compile(r"役員|社長|会長|創業者|責任者|\b(?:executive|chairs?|chairman|founded|founder|ceo|spokes\w+)\b", re.I),
     lambda text: bool(_PERSON.search(text))),
)  # fmt: skip


def signs(query: Query, found: Sequence[Candidate], aliases: AliasTable, rarity: Rarity) -> tuple[float, ...]:
    """What tells answerable questions from others, by `SIGNS`; `found` holds the candidates, best first, at least one."""
    best, read = found[0], _read(found)
    sources = {contribution.source for contribution in best.hit.contributions if contribution.rank <= 3}
    return (
        best.score / 10,
        max(one.covered for one in found),
        max(one.near for one in found),
        float(len(sources) > 1),
        _unknown_names(query, aliases, rarity),
        _other_years(query, read),
        _lacking(query, read),
        _unknown_words(query, rarity),
    )


def answers(values: Sequence[float], language: Language) -> bool:
    """Whether it is likelier than not that the reports answer, from the signs."""
    constant, *weights = COEFFICIENTS[language]
    return constant + sum(weight * value for weight, value in zip(weights, values, strict=True)) >= 0


def why_not(query: Query, found: Sequence[Candidate], aliases: AliasTable, rarity: Rarity, language: Language) -> str:
    """What to tell a reader whose question is not answered: what no report names, and what was found wanting."""
    unknown = sorted(name for name in _named(query) if not _is_known(name, aliases, rarity))
    lines = [messages.say("abstained", language)]
    if unknown:
        lines.append(messages.say("abstained_names", language, names=", ".join(unknown)))
    if found and _lacking(query, _read(found)):
        lines.append(messages.say("abstained_kind", language))
    return widen_brackets("\n".join(lines))


def _read(found: Sequence[Candidate]) -> list[Candidate]:
    """The few best units, that an answer would be made of."""
    return [one for one in found[:_MOST_READ] if one.share >= _LEAST_SHARE * found[0].share]


def _lacking(query: Query, read: Sequence[Candidate]) -> float:
    """The share of the kinds of fact asked for that none of the best units (or their passage) holds."""
    needs = [holds for pattern, holds in _NEEDS if pattern.search(query.text)]
    flat = [one.hit.passage.text for one in read if _is_flat(one)]
    texts = [*(one.quote for one in read), *flat]
    if any(_of_kind("number")(text) for text in flat):  # the unit of a flattened table stands elsewhere
        return 0.0
    return sum(not any(holds(text) for text in texts) for holds in needs) / len(needs) if needs else 0.0


def _unknown_names(query: Query, aliases: AliasTable, rarity: Rarity) -> float:
    """How many names of the question no report knows, neither as written nor by another spelling."""
    return float(sum(not _is_known(name, aliases, rarity) for name in _named(query)))


def _named(query: Query) -> set[str]:
    return {entity.surface for entity in named_entities(query.text)}


def _is_known(name: str, aliases: AliasTable, rarity: Rarity) -> bool:
    spellings = [name, *aliases.names(entity_key(name))]
    fields = [(field, key) for one in spellings for field, key in _keys(one)]
    return any(rarity(field, [key])[0] > 0 for field, key in fields if key)


def _keys(name: str) -> list[tuple[str, str]]:
    return [
        ("names", name_key(name)),
        ("entities", entity_key(name)),
        ("entities", name),
        *(("words", term) for term in terms(name)),
    ]


def _other_years(query: Query, read: Sequence[Candidate]) -> float:
    """How many years of the question stand nowhere in the best passages."""
    texts = [one.hit.passage.search_text for one in read]
    return float(sum(not any(year in text for text in texts) for year in set(_YEAR.findall(query.text))))


def _is_flat(one: Candidate) -> bool:
    """Whether a passage is made of short pieces that are no sentences (a slide, a flattened table): only together they say
    something."""
    passage = one.hit.passage
    pieces = [passage.words(unit.start, unit.end) for unit in passage.units]
    ended = sum(map(is_ended, pieces))
    return sum(map(len, pieces)) / len(pieces) < _SHORT_PIECES and 2 * ended < len(pieces)


def _unknown_words(query: Query, rarity: Rarity) -> float:
    """The share of the question's own words that no report uses."""
    own = [term.text for term in query.terms if term.weight == 1.0]
    return sum(value == 0 for value in rarity("words", own)) / len(own) if own else 0.0
