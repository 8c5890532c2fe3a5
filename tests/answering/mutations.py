"""Correct statements made wrong in one place: a digit, unit, date, name or direction; or two right words exchanged."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence

from assistant.answering.sources import facts_of
from assistant.language.entities import named_entities
from assistant.language.polarity import denied_spans, is_negated

Mutant = tuple[str, str]
UNITS = (
    "億 兆", "万 億", "billion million", "billion trillion", "thousand million", "% ポイント", "% 倍", "percent times",
    "ユーロ ドル", "ユーロ 円", "元 円", "元 ドル", "euros dollars", "euros yen", "yuan dollars", "yuan yen", "GWh MWh", "秒 分",
    "seconds minutes", "か月 年", "years months", "年後 か月後", "トン kg",
)  # fmt: skip
DIRECTIONS = (
    ("増", "減"), ("上昇", "低下"), ("上が", "下が"), ("拡大", "縮小"), ("高ま", "低下し"), ("以上", "未満"), ("以下", "以上"), ("最大", "少なくとも"),
    ("上回", "下回"), ("下が", "上が"), ("減", "増"), ("rose", "fell"), ("fell", "rose"), ("rise", "fall"), ("increase", "decrease"),
    ("cutting", "raising"), ("more than", "fewer than"), ("over", "under"), ("up to", "at least"), ("below", "above"),
    ("exceed", "stay below"), ("or more", "or less"), ("and above", "and below"),
)  # fmt: skip
_OF_A_NUMBER = frozenset({"over", "below", "up to", "more than", "以上", "以下", "最大"})
_MONTHS = "January February March April May June July August September October November December".split()


def mutants(claim: str, names: Sequence[str], rng: random.Random) -> Iterator[Mutant]:
    """(kind, statement) for every place of a claim that can be made wrong; `names` are known and not in the source."""
    yield from _digits(claim, rng)
    yield from _units(claim)
    yield from _dates(claim, rng)
    yield from _names(claim, names, rng)
    if not is_negated(claim):
        yield from _directions(claim)


def exchanged(claim: str, others: Sequence[str], rng: random.Random) -> Iterator[Mutant]:
    """A claim with a number or name in the place of another one that the source holds too."""
    numbers = [one for one in facts_of(claim) if one.kind not in ("word", "vague", "share")]
    for one in numbers:
        words = claim[one.start : one.end]
        alike = [other for other in others if other != words and _frame(other) == _frame(words)]
        if alike:
            yield "number", claim[: one.start] + rng.choice(alike) + claim[one.end :]
    entities = [one for one in named_entities(claim) if len(one.surface) > 2]
    for one in entities:
        alike = [other for other in others if _script(other) == _script(one.surface) and other not in claim]
        if alike:
            yield "held name", claim[: one.start] + rng.choice(alike) + claim[one.end :]


def _digits(claim: str, rng: random.Random) -> Iterator[Mutant]:
    for match in re.finditer(r"\d", claim):
        digit = str((int(match[0]) + rng.randint(1, 9)) % 10)
        leads = not re.search(r"[\d.]$", claim[: match.start()])
        if not (digit == "0" and leads):
            yield "digit", claim[: match.start()] + digit + claim[match.end() :]


def _units(claim: str) -> Iterator[Mutant]:
    for pair in UNITS:
        one, other = pair.split()
        for unit, instead in ((one, other), (other, one)):
            match = re.search(rf"(?<=\d){re.escape(unit)}|(?<=\d ){re.escape(unit)}(?![a-z])", claim)
            if match:
                yield "unit", claim[: match.start()] + instead + claim[match.end() :]


def _dates(claim: str, rng: random.Random) -> Iterator[Mutant]:
    places = ((r"(?:19|20)\d\d(?=年|\b)", 1), (r"\d{1,2}(?=月)", 12), (r"(?<=月)\d{1,2}(?=日)", 28))
    for pattern, size in places:
        for match in re.finditer(pattern, claim):
            now, step = int(match[0]), rng.randint(1, max(3, size - 1))
            then = now + step if size == 1 else (now + step - 1) % size + 1
            if then != now:
                yield "date", f"{claim[: match.start()]}{then}{claim[match.end() :]}"
    for match in re.finditer(rf"\b(?:{'|'.join(_MONTHS)})\b", claim):
        month = rng.choice([month for month in _MONTHS if month != match[0]])
        yield "date", claim[: match.start()] + month + claim[match.end() :]


def _names(claim: str, names: Sequence[str], rng: random.Random) -> Iterator[Mutant]:
    denied = denied_spans(claim)  # what is said not to be may be anything
    for entity in named_entities(claim):
        if any(start <= entity.start < end for start, end in denied):
            continue
        alike = [name for name in names if name.isascii() == entity.surface.isascii()]
        if alike:
            yield "name", claim[: entity.start] + rng.choice(alike) + claim[entity.end :]


def _directions(claim: str) -> Iterator[Mutant]:
    for word, instead in DIRECTIONS:
        beside = r"(?=[ \d約€$])|(?<=\d)" if word in _OF_A_NUMBER else ""
        pattern = (
            rf"{re.escape(word)}(?=\s?[\d€$約])|(?<=[\d億万台社本種名個%])(?:メートル)?{re.escape(word)}"
            if beside
            else re.escape(word)
        )
        match = re.search(pattern, claim)
        if match:
            yield "direction", claim[: match.start()] + match[0].replace(word, instead) + claim[match.end() :]


def _frame(words: str) -> str:
    return re.sub(r"[\d.,]+", "#", words)


def _script(name: str) -> str:
    return (
        "latin" if name.isascii() and name[:1].isupper() else "kana" if re.fullmatch(r"[ァ-ヺー・]+", name) else "other"
    )
