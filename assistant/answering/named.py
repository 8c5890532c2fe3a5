"""The names of a claim against those of the passages that it cites: held, another one, or in another's place. Pure.

A name that no cited passage has is wrong when it is another one that the reports know. One that they have may still stand
in the place of another: where the words around it stand around another name of the passages and not around it, in the
same words (wrong) or, across two languages, in words that mean the same (doubtful). Names of one list have no places.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.answering.figures import Cited
from assistant.answering.sources import Source, bare, clauses
from assistant.language.aliases import AliasTable
from assistant.language.entities import Entity, entity_key, is_distinctive, named_entities, spellings
from assistant.language.names import KATAKANA_RUN
from assistant.language.readings import reading_keys, sought_readings
from assistant.language.text import fold_text, join_wrapped, language_of
from assistant.language.tokens import ENGLISH_STOPWORDS, is_description, surfaces
from assistant.types import Check, Language, Passage

# by weight: a Japanese character or a digit 1, a Latin word 2, the same name 3
DOUBTFUL, WRONG = 4, 6
NEARER, NEAR = 0.3, 0.35
_AROUND, _FEWEST_AROUND = 4, 3
_NAME, _END = "\0", "。"
_TOKEN = re.compile(r"[a-z]+|\d[\d.,]*|\S")
_LISTED = re.compile(r"[\s、，,・/／&＆×＋+]*(?:(?:と|や|および|及び|並びに|and|or)[\s、，,]*)?")
_TELLING = re.compile(r"[㐀-鿿々ァ-ヺA-Za-z]")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")

Similar = Callable[[str, Sequence[str]], Sequence[float]]


@dataclass(frozen=True, slots=True)
class Spot:
    """A name where it stands: `who` it is in any spelling, the keys that it has and those `sought` in another that is the
    same, the tokens before it (nearest first) and after it, the content words of its clause around it, and `who` else is
    listed with it."""

    entity: Entity
    who: str
    keys: frozenset[str]
    sought: frozenset[str]
    before: tuple[str, ...]
    after: tuple[str, ...]
    around: tuple[str, ...]
    listed: frozenset[str]
    language: Language


def spots(text: str, named: Sequence[Entity], aliases: AliasTable) -> list[Spot]:
    """The names of a text where they stand."""
    named = _apart(named)
    tokens: list[str] = []
    places: list[int] = []
    lists: list[set[str]] = []
    of: list[set[str]] = []
    at = 0
    for entity in named:
        between = text[at : entity.start]
        who = min(aliases.same(entity.key))
        if not lists or not _LISTED.fullmatch(between):
            lists.append(set())
        lists[-1].add(who)
        of.append(lists[-1])
        tokens += _TOKEN.findall(fold_text(between))
        places.append(len(tokens))
        tokens.append(_NAME + who)
        at = entity.end
    tokens += _TOKEN.findall(fold_text(text[at:]))
    language = language_of(text)
    return [
        Spot(
            entity,
            tokens[place][1:],
            *_keys(entity, aliases),
            tuple(reversed(tokens[:place])),
            tuple(tokens[place + 1 :]),
            _words_around(text, entity, language),
            frozenset(one),
            language,
        )
        for entity, place, one in zip(named, places, of, strict=True)
    ]


def _keys(entity: Entity, aliases: AliasTable) -> tuple[frozenset[str], frozenset[str]]:
    has = {*spellings(entity.surface), *reading_keys(entity.surface)}
    return frozenset(has), aliases.same(entity.key).union(sought_readings(entity.surface))


def _apart(named: Sequence[Entity]) -> list[Entity]:
    """The names without those that begin inside another."""
    found: list[Entity] = []
    for entity in sorted(named, key=lambda one: (one.start, -one.end)):
        if not found or entity.start >= found[-1].end:
            found.append(entity)
    return found


def _words_around(text: str, entity: Entity, language: Language) -> tuple[str, ...]:
    start, end = next(((a, b) for a, b in clauses(text) if a <= entity.start < b), (0, len(text)))
    return (
        *content_words(text[start : entity.start], language)[-_AROUND:],
        *content_words(text[entity.end : end], language)[:_AROUND],
    )


def content_words(text: str, language: Language) -> list[str]:
    """The words of a text that say something by themselves, as they are written, without its figures."""
    if language is Language.JA:
        return [word for word in surfaces(text) if _TELLING.search(word)]
    return [word for word in _WORD.findall(text) if word.lower() not in ENGLISH_STOPWORDS]


def shared(one: Spot, other: Spot) -> int:
    """The weight of the unbroken words that stand around both; whose names stand in between does not matter.

    English tells who does what by the place alone, so that there the next words on both sides must be the same.
    """
    sides = _shared(one.before, other.before), _shared(one.after, other.after)
    if None in sides and one.language is Language.EN:
        return 0
    return sum(filter(None, sides))


def _shared(one: Sequence[str], other: Sequence[str]) -> int | None:
    """None where already the next words differ."""
    weight = None
    for mine, theirs in zip((*one, _END), (*other, _END), strict=False):
        if mine != theirs and not mine[0] == theirs[0] == _NAME:
            break
        weight = (weight or 0) + (_weight(mine) if mine == theirs else 0)
    return weight


def _weight(token: str) -> int:
    if not token[0].isalnum():
        return 3 if token[0] == _NAME else 0
    return 2 if token[0].isascii() and token.isalpha() else 1


@lru_cache(maxsize=512)
def _spots_of(passage: Passage, aliases: AliasTable) -> tuple[Spot, ...]:
    """The names of a passage's units where they stand, katakana words among them."""
    found: list[Spot] = []
    for unit in passage.units:
        text = join_wrapped(passage.said(unit))
        found += spots(text, names_in(text, aliases, lambda word: not is_description(word)), aliases)
    return tuple(found)


def names_in(text: str, aliases: AliasTable, is_name: Callable[[str], bool]) -> list[Entity]:
    """The names of a text, katakana words that are names, and what the reports use as another name of something."""
    found = named_entities(text)
    taken = {at for entity in found for at in range(entity.start, entity.end)}
    for match in KATAKANA_RUN.finditer(text):
        key = entity_key(match[0])
        if match.start() not in taken and (key in aliases or is_name(match[0])):
            found.append(Entity(match[0], key, *match.span()))
    for key in aliases.found_in(text):
        name = aliases.surface(key)
        at = text.find(name)
        if at >= 0 and at not in taken and not is_description(name):
            found.append(Entity(name, key, at, at + len(name)))
        elif at >= 0 and " " in name:  # its words are one name together
            found = [entity for entity in found if not at <= entity.start < at + len(name)]
            found.append(Entity(name, key, at, at + len(name)))
    return found


@dataclass(frozen=True, slots=True)
class Names:
    """What is known of names: `is_known(key)` whether the reports have one at all, `is_publisher(key)` whether it wrote,
    published or made what they show, which a statement may always name; `similar` as the verifier has it."""

    aliases: AliasTable
    is_known: Callable[[str], bool]
    is_publisher: Callable[[str], bool]
    similar: Similar | None

    def checks(self, cited: Cited, passages: Sequence[Passage]) -> list[Check]:
        """A check of every name of a claim, and of what clauses put together that the passages keep apart."""
        named = names_in(cited.claim, self.aliases, lambda word: self.is_known(entity_key(word)))
        text = "\n".join(source.bare for source in cited.sources)
        found = {entity: self._held(entity, cited, text) for entity in named}
        affirmed = {entity: check for entity, check in found.items() if not cited.is_denied(entity.start)}
        found |= self._in_anothers_place(cited.claim, affirmed, passages)
        return [*found.values(), *self._named_apart(cited, [one for one, check in affirmed.items() if check.ok])]

    def _held(self, entity: Entity, cited: Cited, text: str) -> Check:
        """Held by the passages, or wrong because it is another that is known, or the same with other digits."""
        keys = self.aliases.same(entity.key)
        if any(_is_spelled(entity.surface, key, source) for source in cited.sources for key in keys):
            return Check("name", True, entity.surface, entity.surface)
        if any(source.readings.intersection(sought_readings(entity.surface)) for source in cited.sources):
            return Check("name", True, entity.surface, entity.surface)
        if _stands_in(bare(entity.surface), text) or any(not key.isascii() and key in text for key in keys):
            return Check("name", True, entity.surface, entity.surface)
        if self._may_be_named(entity) or cited.is_denied(entity.start) or not any(map(self.is_known, keys)):
            return Check("name", None, entity.surface, "")
        gloss = None if entity.key in self.aliases else _gloss(cited.claim, entity, text)
        return Check("binding", None, entity.surface, gloss) if gloss else Check("name", False, entity.surface, "")

    def _may_be_named(self, entity: Entity) -> bool:
        """Whether it is who wrote, published or made what the reports show."""
        return any(map(self.is_publisher, self.aliases.same(entity.key)))

    def _named_apart(self, cited: Cited, held: Sequence[Entity]) -> list[Check]:
        """Names of one clause that no row and no passage has together, though each has a row of its own."""
        windows = {one.window for source in cited.sources for one in source.stretches}
        checks = []
        for start, end in cited.clauses:
            own = [one for one in held if start <= one.start < end and self.is_known(one.key)]
            groups = [self.aliases.same(one.key) for one in own]
            told = [keys for keys in groups if any(keys & window for window in windows)]
            if len(told) > 1 and not any(all(keys & window for keys in told) for window in windows):
                checks.append(Check("binding", None, cited.claim[start:end].strip(), ""))
        return checks

    def _in_anothers_place(
        self, claim: str, named: Mapping[Entity, Check], passages: Sequence[Passage]
    ) -> dict[Entity, Check]:
        """The names that the passages have elsewhere, or not at all, while another name stands where the claim has them."""
        theirs = [spot for passage in passages for spot in _spots_of(passage, self.aliases)]
        mine = spots(claim, list(named), self.aliases)
        found: dict[Entity, Check] = {}
        for spot in mine:
            check = named[spot.entity]
            if check.ok is False or check.kind != "name" or (not check.ok and self._may_be_named(spot.entity)):
                continue
            own = [one for one in theirs if _is_same(spot, one)]
            listed = spot.listed.union(*(one.listed for one in own))
            others = [one for one in theirs if one not in own and one.who not in listed]
            if not check.ok:  # it may be spelled otherwise there
                others = [one for one in others if one.entity.surface.isascii() == spot.entity.surface.isascii()]
            other = self._by_words(spot, own, others) or self._by_meaning(spot, own, others, mine)
            if other and not check.ok:
                other = replace(other, kind="binding", ok=None)
            if other:
                found[spot.entity] = other
        return found

    def _by_words(self, spot: Spot, own: Sequence[Spot], others: Sequence[Spot]) -> Check | None:
        best = max(others, key=lambda one: shared(spot, one), default=None)
        if best is None:
            return None
        more = shared(spot, best) - max((shared(spot, one) for one in own), default=0)
        if more < DOUBTFUL:
            return None
        mine, theirs = spot.entity.surface, best.entity.surface
        return Check("name", False, mine, theirs) if more >= WRONG else Check("binding", None, mine, theirs)

    def _by_meaning(
        self, spot: Spot, own: Sequence[Spot], others: Sequence[Spot], mine: Sequence[Spot]
    ) -> Check | None:
        """Across languages the words mean the same, in no order; a name that the claim has too may be meant by them."""
        others = [one for one in others if one.language != spot.language and is_distinctive(one.entity.surface)]
        others = [one for one in others if not any(_is_same(said, one) for said in mine)]
        if self.similar is None or not own or not others or len(spot.around) < _FEWEST_AROUND:
            return None
        near = self.similar(" ".join(spot.around), [" ".join(one.around) for one in (*own, *others)])
        best = max(range(len(others)), key=lambda at: near[len(own) + at])
        nearest = near[len(own) + best]
        if nearest >= NEAR and nearest - max(near[: len(own)]) >= NEARER:
            return Check("binding", None, spot.entity.surface, others[best].entity.surface)
        return None


def _is_same(one: Spot, other: Spot) -> bool:
    """Whether two spots name the same, or one a part of the other (Uber, ウーバーアプリ)."""
    if one.who == other.who or not one.sought.isdisjoint(other.keys):
        return True
    short, long = sorted((bare(one.entity.surface), bare(other.entity.surface)), key=len)
    return short in long


def _is_spelled(surface: str, key: str, source: Source) -> bool:
    """Whether a source spells a name: in the same letters the same word, in others one that sounds alike."""
    for other in source.spellings.get(key, ()):
        if surface.isascii() != other.isascii() or not surface.isascii() or entity_key(surface) != key:
            return True
        one, two = (re.sub(r"[^a-z0-9]", "", word.lower()).removesuffix("s") for word in (surface, other))
        if one == two:
            return True
    return False


def _stands_in(name: str, text: str) -> bool:
    """Whether a folded name stands in a folded text, and not as a part of a longer Latin word."""
    if not name.isascii():
        return name in text
    return bool(name) and re.search(rf"(?<![a-z0-9]){re.escape(name)}(?![a-z0-9])", text) is not None


def _gloss(claim: str, entity: Entity, text: str) -> str | None:
    """The name of the passages that the claim gives in brackets right after a name of its own."""
    gloss = re.match(r"[A-Za-z .'’-]{0,40}[(（]([^()（）]{2,40})[)）]", claim[entity.end :])
    return gloss[1] if gloss and not gloss[1].isascii() and bare(gloss[1]) in text else None
