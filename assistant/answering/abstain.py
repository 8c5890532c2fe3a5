"""Whether the reports answer a question at all, told without a language model: a calibrated yes or no.

Two things are asked apart. Are the reports about it: how well the best unit fits, how near it is in meaning, how many rare
words of the question a passage has, and how many of its names no report knows. And is what it asks for there: the kind of fact
(an amount, a number of people, a person) and the year in one of the best units. One sum of all signs did worse: a near miss
is near. Pure.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence

from assistant import messages
from assistant.answering.matching import Candidate, Rarity, is_flat
from assistant.answering.refusals import is_other_language, refusal
from assistant.language.agreement import counted
from assistant.language.aliases import AliasTable
from assistant.language.entities import Entity, entity_key, named_entities
from assistant.language.names import name_key
from assistant.language.quantities import quantities
from assistant.language.readings import sought_readings
from assistant.language.text import widen_brackets
from assistant.language.tokens import terms
from assistant.types import Language, Query

SIGNS = ("score", "near", "words", "unknown")
# A constant, then one for each sign, for the best unit in the question's language and in the other one: logistic fits over
# what tools/calibrate_abstaining.py gathers, 192 answerable questions over two corpora against 800 of other subjects
# (JaQuAD's training questions, question sentences of parallel corpora; C = 1). The constants were set by hand, where 1 to
# 3 % of these answerable ones are lost.
AT_HOME = (-13.9, 5.9, 20.5, 2.3, -3.9)
ABROAD = (-12.6, 3.5, 15.5, 5.5, -3.2)
_MOST_LACKING = 0.5
_LEAST_SHARE = 0.5
_MOST_READ = 6
_Holds = Callable[[str], bool]


def _with_unit(*units: str) -> _Holds:
    return lambda text: any(one.unit in units for one in quantities(text))


def _of_kind(*kinds: str) -> _Holds:
    return lambda text: any(one.kind in kinds for one in quantities(text))


def _counting(thing: str) -> _Holds:
    return lambda text: any(counted(text, one) == thing for one in quantities(text))


def _saying(pattern: str) -> _Holds:
    found = re.compile(pattern, re.I)
    return lambda text: bool(found.search(text))


_YEAR = re.compile(r"(?<![A-Za-z\d.,])(?:19|20)\d\d(?![\d,.]*\d)")
_OF_A_PLACE = re.compile(r"\w+(?:ese|ish|ian)|Thai|Dutch|Swiss|Mexican|African|Arab|Israeli")
_IS_ASKED = r"(?:は|って|を教え)[^、。]{0,14}(?:いくら|何|どれ|どの|[?？]|教え|$)"
_THINGS = r"(?:vehicles|cars|robots|units|trucks|vans)"
# How a kind of fact is asked for, and what a text that holds one has.
_NEEDS: tuple[tuple[re.Pattern[str], _Holds], ...] = tuple(
    (re.compile(asking, re.I), holds)
    for asking, holds in (
        (r"いくら(?:で|に|の|か|$|[?？])|何(?:億|兆|万)?(?:円|元|ドル|ユーロ)|(?:価格|料金|運賃|予算|金額|投資額|売上高?|年収|給与)" + _IS_ASKED +
         r"|\bhow much (?:money|(?:is|are|was|were|does|do|did|has|have|will|would)\b.{0,80}\b(?:cost|costs|pay|paid|invest\w*|charg\w*|spen[dt]\w*|worth|raise\w*))\b"
         r"|\bwhat (?:\w+ ){0,4}(?:fares?|fees?|salar(?:y|ies)|revenues?|prices?|budgets?|fines?)\b|\bwhat (?:does|do|did|would|will) .{1,60}\bcost\b",
         _of_kind("money", "vague", "percent")),
        (r"何[%％]|何パーセント|何割|(?:割合|シェア|比率|[^効能確]率)" + _IS_ASKED +
         r"|\bwhat (?:percent\w*|share|proportion)\b|\bwhat (?:is|was|were|are) the (?:\w+ ){0,3}(?:rate|share|percentage|proportion)\b", _with_unit("%", "x")),
        (r"何人|何名|(?:人数|利用者数|会員数)" + _IS_ASKED + r"|\bhow many (?:\w+ )?(?:people|workers|employees|students|users|members|engineers|customers|developers)\b",
         _counting("person")),
        (r"何[台両]|台数" + _IS_ASKED + rf"|\bhow many (?:\w+ ){{0,3}}{_THINGS}\b", _saying(rf"[\d数]\S{{0,3}}\s?[台両体]|\d (?:\w+ ){{0,2}}{_THINGS}\b")),
        (r"何社|\bhow many (?:\w+ ){0,2}(?:companies|firms)\b", _counting("company")),
        (r"何年間|何[カか]月|有効期間|\bhow many years\b", _saying(r"(?<!\d)\d{1,2}\s?(?:年|[カかヵ]月|週間|日間|時間|分|秒)|\b(?:year|month|week|day)s?\b")),
        (r"何k(?:wh|w|g|m)|kWh|重さ|出力は|\bin kwh\b|\bweigh\b|\bpower output\b", _with_unit("kWh", "kW", "kg", "km", "t", "MW", "GW", "GWh")),
        (r"何(?:冊|部|件|個|本|カ所|か所|箇所|校|店)|いくつ|\bhow many\b", _of_kind("number", "vague", "word", "money")),
        (r"いつ|何年(?![間も])|何月|(?:^|[,;:]\s*|\b(?:and|or)\s+)(?:when\b|what year|which year|what date)", _saying(r"\d\s?[年月日]|世紀|年代|\b\d{4}\b|\bcentur|\b(?:BC|AD|BP)\b|\d (?:years|days)|[昭平令大明][和成治正]")),
        (r"(?:役員|社長|会長|創業者|責任者)は(?:誰|だれ|どなた)|た役員|\b(?:which (?:\w+ )?(?:executive|chairman|director)|who (?:chairs|founded))\b", _saying(
            r"氏(?!名)|さん|社長|会長|CEO|役員|創業者|(?<![A-Za-z])(?:Mr|Ms|Dr|Prof)\.|\b(?:president|chair\w*|director|found\w+)\b")),
    )
)  # fmt: skip


def signs(
    query: Query, found: Sequence[Candidate], aliases: AliasTable, rarity: Rarity, rarest: float
) -> tuple[float, ...]:
    """How near the reports come to a question, by `SIGNS`; `found` holds the candidates, best first, at least one.

    BM25 grows with the reports, so that it is told in words that stand in one passage alone, which weigh `rarest`.
    """
    words = (by.score for one in found for by in one.hit.contributions if by.source == "sparse")
    named = _named(query)
    unknown = sum(not _is_known(name, aliases, rarity) for name in named)
    return (
        found[0].score / 10,
        max(one.near for one in found),
        math.log1p(max(words, default=0.0) / rarest),
        unknown / max(1, len(named)),
    )


def is_wanting(query: Query, found: Sequence[Candidate]) -> bool:
    """Whether no report could answer, or the best units lack what is asked for: its kind of fact, or a year that it names."""
    read = _read(found)
    return refusal(query) is not None or _lacking(query, read) >= _MOST_LACKING or _is_another_year(query, read)


def answers(query: Query, found: Sequence[Candidate], aliases: AliasTable, rarity: Rarity, rarest: float) -> bool:
    """Whether it is likelier than not that the reports answer: they are about it, and nothing that it asks for is wanting."""
    is_home = found[0].hit.passage.language == query.language
    constant, *weights = AT_HOME if is_home else ABROAD
    values = signs(query, found, aliases, rarity, rarest)
    is_near = constant + sum(weight * value for weight, value in zip(weights, values, strict=True)) >= 0
    return is_near and not is_wanting(query, found)


def why_not(query: Query, found: Sequence[Candidate], aliases: AliasTable, rarity: Rarity, language: Language) -> str:
    """What to tell a reader whose question is not answered: what no report names, and what was found wanting."""
    lines = [messages.say("abstained", language)]
    if (refused := refusal(query)) or is_other_language(query.text):
        return "\n".join([*lines, messages.say(refused or "refused_language", language)])
    if unknown := sorted(name for name in _named(query) if not _is_known(name, aliases, rarity)):
        lines.append(messages.say("abstained_names", language, names=", ".join(unknown)))
    if found and is_wanting(query, found):
        lines.append(messages.say("abstained_kind", language))
    return widen_brackets("\n".join(lines))


def _read(found: Sequence[Candidate]) -> list[Candidate]:
    """The few best units, that an answer would be made of."""
    return [one for one in found[:_MOST_READ] if one.share >= _LEAST_SHARE * found[0].share]


def _lacking(query: Query, read: Sequence[Candidate]) -> float:
    """The share of the kinds of fact asked for that none of the best units (or their passage) holds."""
    needs = [holds for pattern, holds in _NEEDS if pattern.search(query.text)]
    flat = [one.hit.passage.text for one in read if one.unit.cells or is_flat(one.hit.passage)]
    texts = [*(one.quote for one in read), *flat]
    if any(_of_kind("number")(text) for text in flat):  # the unit of a flattened table stands elsewhere
        return 0.0
    return sum(not any(holds(text) for text in texts) for holds in needs) / len(needs) if needs else 0.0


def _named(query: Query) -> set[str]:
    """The names of a question; not a sentence's first word, which has its capital anyway, nor words made of a place's name."""
    found = {entity.surface for entity in named_entities(query.text) if not _is_first(query.text, entity)}
    return {name for name in found if not _OF_A_PLACE.fullmatch(name)}


def _is_first(text: str, entity: Entity) -> bool:
    before = text[: entity.start].rstrip()
    is_plain = entity.surface.isascii() and entity.surface[1:].islower()
    return is_plain and (not before or before[-1] in ".?!:")


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
        *(("entities", sound) for sound in sought_readings(name)),
    ]


def _is_another_year(query: Query, read: Sequence[Candidate]) -> bool:
    """Whether the question names years, and none of them stands in the best passages."""
    texts, years = [one.hit.passage.search_text for one in read], set(_YEAR.findall(query.text))
    return bool(years) and not any(year in text for year in years for text in texts)
