"""A statement against the words it cites: quantities, dates, directions and names first, wording and meaning last. Pure.

Digits are never matched fuzzily. A quantity, date or direction that does not agree fails hard; a name fails only when
it is another one that the reports know; what cannot be compared is said to be so (`ok` is None). A verbatim quote is
supported by construction. Thresholds were set on questions with known evidence (see the README's table).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.language.agreement import agrees, bound_at, computed
from assistant.language.aliases import AliasTable
from assistant.language.entities import Entity, entity_key, named_entities
from assistant.language.names import KATAKANA_RUN, name_keys
from assistant.language.polarity import direction_of, ends_in_denial, is_negated
from assistant.language.quantities import CANONICAL_UNITS, UNIT_WORDS, quantities
from assistant.language.readings import reading_keys, sought_readings
from assistant.language.text import fold_text, join_wrapped, language_of, readable
from assistant.language.tokens import is_description, terms
from assistant.types import Check, Passage, Quantity, Unit, Verdict

_ORDER = tuple(Verdict)
WORDING_ALONE = 0.5
WORDING_WITH_FACTS = 0.2
MEANING_ALONE = 0.30
MEANING_WITH_FACTS = 0.10
_SAME_SENTENCE = 0.6
_FEWEST_TERMS = 2
_NUMBERED_NAME = re.compile(r"[A-Za-z][A-Za-z.-]*\d[A-Za-z0-9.-]*")

Similar = Callable[[str, Sequence[str]], Sequence[float]]


@dataclass(frozen=True, slots=True)
class Verified:
    """What became of a claim: its verdict and checks, and the unit of the cited passages that speaks for it best."""

    verdict: Verdict
    checks: tuple[Check, ...]
    passage: Passage
    unit: Unit


@dataclass(frozen=True, slots=True)
class Verifier:
    """Checks claims against passages.

    `is_known(key)` says whether the reports name an entity at all; `similar(claim, texts)` gives cosines in a space
    that both languages share, or is None where there is no such space; `publishers` are keys of who wrote and published
    the reports: a statement may always name them.
    """

    aliases: AliasTable
    is_known: Callable[[str], bool]
    similar: Similar | None = None
    publishers: frozenset[str] = frozenset()

    def verify(self, claim: str, passages: Sequence[Passage]) -> Verified:
        """The verdict on a claim that cites these passages (at least one)."""
        passage, unit, overlap = self._best_unit(claim, passages)
        words = passage.words(unit.start, unit.end)
        if _bare(claim) and any(_bare(claim) in _bare(passage.text) for passage in passages):
            return Verified(Verdict.SUPPORTED, (Check("quote", True, claim, join_wrapped(words)),), passage, unit)
        facts = [*self._quantities(claim, passages), *self._names(claim, passages)]
        facts += _directions(claim, words, passages, overlap)
        has_facts = any(check.ok for check in facts)
        checks = (*facts, self._wording(claim, words, passages, overlap, has_facts))
        return Verified(_verdict(checks, has_facts), checks, passage, unit)

    def _best_unit(self, claim: str, passages: Sequence[Passage]) -> tuple[Passage, Unit, float]:
        units = [(passage, unit) for passage in passages for unit in passage.units]
        texts = [join_wrapped(passage.words(unit.start, unit.end)) for passage, unit in units]
        wanted = _features(claim)
        overlaps = [len(wanted & _features(text)) / max(1, len(wanted)) for text in texts]
        near = self.similar(claim, texts) if self.similar else [0.0] * len(texts)
        best = max(range(len(units)), key=lambda at: (round(overlaps[at] + near[at], 6), -at))
        return *units[best], overlaps[best]

    def _quantities(self, claim: str, passages: Sequence[Passage]) -> list[Check]:
        sources = [(text, one) for p in passages for text in (readable(p), p.search_text) for one in quantities(text)]
        wanted = [one for one in quantities(claim) if not _numbers_an_item(claim, one)]
        context = _bare(" ".join(passage.search_text for passage in passages))
        return [self._quantity(claim, one, sources, passages, context) for one in wanted]

    def _quantity(
        self,
        claim: str,
        wanted: Quantity,
        sources: Sequence[tuple[str, Quantity]],
        passages: Sequence[Passage],
        context: str,
    ) -> Check:
        words, kind = claim[wanted.start : wanted.end], "date" if wanted.kind == "date" else "quantity"
        agreeing = [(text, one) for text, one in sources if agrees(wanted, one) or _unit_is_near(wanted, one, context)]
        bound = bound_at(claim, wanted)
        for text, one in agreeing:
            theirs = bound_at(text, one)
            if bound is None or theirs is None or bound == theirs:
                return Check(kind, True, words, text[one.start : one.end])
        if agreeing:
            text, one = agreeing[0]
            return Check("direction", False, f"{bound} {words}", text[max(0, one.start - 4) : one.end + 4].strip())
        if _counts_what_it_lists(claim, wanted):
            return Check("count", None, words, "")
        if _is_part_of_a_name(claim, wanted, passages):
            return Check("name", True, words, words)
        result = computed(wanted, list(dict.fromkeys(one for _, one in sources)))
        if result:
            operation, a, b = result
            return Check("computed", None, words, f"{_written(a, sources)} {operation} {_written(b, sources)}")
        return Check(kind, None if wanted.kind == "word" else False, words, _nearest(wanted, sources))

    def _names(self, claim: str, passages: Sequence[Passage]) -> list[Check]:
        held = {key for p in passages for key in _name_keys(p.search_text)}
        text = _bare(" ".join(passage.search_text for passage in passages))
        shapes = {_shape(word): word for p in passages for word in _NUMBERED_NAME.findall(p.search_text)}
        return [self._name(entity, held, text, shapes) for entity in self._named(claim)]

    def _named(self, claim: str) -> list[Entity]:
        """The names of a claim, and what the reports use as another name of something."""
        found = named_entities(claim)
        runs = [Entity(m[0], entity_key(m[0]), *m.span()) for m in KATAKANA_RUN.finditer(claim)]
        taken = {entity.start for entity in found}
        found += [run for run in runs if run.key in self.aliases and run.start not in taken]
        for key in self.aliases.found_in(claim):
            name = self.aliases.surface(key)
            at = claim.find(name)
            if at >= 0 and at not in taken and not is_description(name):
                found.append(Entity(name, key, at, at + len(name)))
            elif at >= 0 and " " in name:  # its words are one name together
                found = [entity for entity in found if not at <= entity.start < at + len(name)]
                found.append(Entity(name, key, at, at + len(name)))
        return found

    def _name(self, entity: Entity, held: set[str], text: str, shapes: Mapping[str, str]) -> Check:
        """Held by the passages, or wrong because it is another that is known, or the same with other digits."""
        keys = {*self.aliases.same(entity.key), *sought_readings(entity.surface)}
        if _bare(entity.surface) in text or any(key in held or key in text for key in keys):
            return Check("name", True, entity.surface, entity.surface)
        if entity.key in self.publishers:
            return Check("name", None, entity.surface, "")
        like = shapes.get(_shape(entity.surface)) if any(c.isdigit() for c in entity.surface) else None
        return Check("name", False if like or self._is_other(keys) else None, entity.surface, like or "")

    def _is_other(self, keys: Iterable[str]) -> bool:
        return any(self.is_known(key) for key in keys)

    def _wording(self, claim: str, words: str, passages: Sequence[Passage], overlap: float, has_facts: bool) -> Check:
        if language_of(claim) == language_of(words):
            held = set(terms(" ".join(passage.search_text for passage in passages)))
            wanted = set(terms(claim))
            if len(wanted) < _FEWEST_TERMS and not has_facts:
                return Check("wording", None, claim, join_wrapped(words))
            share = len(wanted & held) / max(1, len(wanted))
            enough = share >= (WORDING_WITH_FACTS if has_facts else WORDING_ALONE)
            return Check("wording", enough, claim, join_wrapped(words))
        if self.similar is None:
            return Check("meaning", None, claim, join_wrapped(words))
        near = max(self.similar(claim, [join_wrapped(words), *(readable(passage) for passage in passages)]))
        return Check(
            "meaning", near >= (MEANING_WITH_FACTS if has_facts else MEANING_ALONE), claim, join_wrapped(words)
        )


def quote_check(claim: str, quote: str) -> Check:
    """Whether a claim's words are the quote's words, compared after NFKC, case folding and removal of white space."""
    return Check("quote", _bare(claim) == _bare(quote), claim, quote)


def verdict_of(checks: Iterable[Check]) -> Verdict:
    """Supported when every check that could be made holds, else unsupported."""
    results = [check.ok for check in checks if check.ok is not None]
    return Verdict.SUPPORTED if results and all(results) else Verdict.UNSUPPORTED


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of several verdicts: what a quote shows that serves several claims."""
    return max(verdicts, key=_ORDER.index)


def _verdict(checks: Sequence[Check], has_facts: bool) -> Verdict:
    if any(check.ok is False for check in checks):
        return Verdict.UNSUPPORTED
    if any(check.kind == "computed" for check in checks):
        return Verdict.PARTIAL
    compared = has_facts or any(check.ok for check in checks)
    return Verdict.SUPPORTED if compared else Verdict.PARTIAL


def _directions(claim: str, words: str, passages: Sequence[Passage], overlap: float) -> list[Check]:
    """Rise against fall, and a plain statement against a denied one, where both can be told."""
    mine, theirs = direction_of(claim), direction_of(words)
    checks = []
    if mine is not None and theirs is not None:
        checks.append(Check("direction", mine == theirs, mine, theirs))
    denied = is_negated(claim)
    denied_alone = denied and not any(is_negated(passage.text) for passage in passages)
    affirmed_alone = not denied and ends_in_denial(words) and overlap >= _SAME_SENTENCE
    if denied_alone or affirmed_alone:
        checks.append(Check("negation", False, claim, join_wrapped(words)))
    return checks


def _features(text: str) -> set[str]:
    values = (one for one in quantities(text) if one.kind not in ("word", "vague"))
    return {*terms(text), *name_keys(text), *(f"{one.value}{one.date}" for one in values)}


def _name_keys(text: str) -> list[str]:
    return [*name_keys(text), *(entity.key for entity in named_entities(text)), *reading_keys(text)]


def _numbers_an_item(claim: str, quantity: Quantity) -> bool:
    """Whether a number only numbers an item: in brackets anywhere, or "1. …" at the start of the claim."""
    around = claim[max(0, quantity.start - 1) : quantity.end + 1]
    if re.fullmatch(r"[(（]\d{1,2}[)）]", around):
        return True
    return quantity.start <= 2 and bool(re.match(r"[(（]?\d{1,2}[.)）．]\s?\D", claim))


def _counts_what_it_lists(claim: str, quantity: Quantity) -> bool:
    """Whether a small number counts the things that the claim itself lists ("… four cities: A, B, C and D")."""
    if quantity.value is None or not 2 <= quantity.value <= 12 or quantity.unit in CANONICAL_UNITS:
        return False
    listed = len(re.findall(r"、|,\s|と(?=[^い])|\band\b|・|/", claim)) + 1
    return listed == quantity.value or listed - 1 == quantity.value


def _unit_is_near(wanted: Quantity, one: Quantity, context: str) -> bool:
    """Whether a bare number of a table is meant in the claim's unit, because header or caption name that unit."""
    if one.unit or one.kind != "number" or wanted.kind == "date" or wanted.unit not in CANONICAL_UNITS:
        return False
    named = any(word in context for word, unit in UNIT_WORDS.items() if unit == wanted.unit)
    return named and agrees(replace(wanted, unit=""), one)


def _is_part_of_a_name(claim: str, quantity: Quantity, passages: Sequence[Passage]) -> bool:
    """Whether a bare number belongs to a name that the passage has (WAIC 2024, LLaMA 3): the words before it too."""
    before = re.search(r"[A-Za-z][\w.-]*[\s-]?$", claim[: quantity.start])
    if before is None or quantity.unit:
        return False
    name = _bare(before[0] + claim[quantity.start : quantity.end])
    pattern = re.compile(re.escape(name) + r"(?![\d.,]*\d)")
    return any(pattern.search(_bare(passage.search_text)) for passage in passages)


def _written(quantity: Quantity, sources: Sequence[tuple[str, Quantity]]) -> str:
    return next(text[one.start : one.end] for text, one in sources if one == quantity)


def _nearest(wanted: Quantity, sources: Sequence[tuple[str, Quantity]]) -> str:
    """What the source says of the same kind and unit, to be shown beside the claim's; empty where it says nothing."""
    alike = [(text, one) for text, one in sources if (one.kind, one.unit) == (wanted.kind, wanted.unit)]
    return ", ".join(dict.fromkeys(text[one.start : one.end] for text, one in alike[:3]))


def _shape(name: str) -> str:
    """A name with its digits made alike: GPT-4 and GPT-5 have one shape."""
    return re.sub(r"\d+", "#", _bare(name))


def _bare(text: str) -> str:
    return "".join(fold_text(text).split())
