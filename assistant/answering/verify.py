"""A statement against the words it cites: quantities, dates, directions and names first, wording and meaning last. Pure.

Digits are never matched fuzzily. A quantity, date or direction that does not agree fails hard; a name fails only when
it is another one that the reports know; what cannot be compared is said to be so (`ok` is None). A verbatim quote is
supported by construction. What agrees with a word of the passage that is about something else, was worked out, or
goes beyond what is written, is `partial`: nobody has said that it is wrong, and nothing says that it is right.

The thresholds of wording and meaning were set with `tools/calibrate.py` on the sentences of reference answers: 152 of
the shipped questions and 106 over other reports, right ones with the passages of their evidence, wrong ones with three
others. Lowest of the right ones, highest of the wrong ones: wording alone 0.86, 0.40; with one name 0.80, 0.50; with more
0.40, 0.43; meaning alone 0.21 (the rest above 0.30), 0.37; with one name 0.31, 0.50; with more 0.23, 0.32. Where more agrees, wrong
ones have failed by their facts before: what the last limits keep out is a sentence about something else altogether.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.answering.figures import Cited, agree, cited_by, quantity_checks
from assistant.answering.named import Names, Similar
from assistant.answering.orders import without_orders
from assistant.answering.sources import CONTEXT, Fact, Source, bare, facts_of, features, sources_of
from assistant.language.aliases import AliasTable
from assistant.language.entities import spellings
from assistant.language.polarity import direction_of, ends_in_denial, is_negated, result_of, without_answer_word
from assistant.language.text import is_content, join_wrapped, language_of, readable
from assistant.language.tokens import terms
from assistant.types import Check, Passage, Unit, Verdict

_ORDER = tuple(Verdict)
# by what agrees: nothing, one name, a quantity or two names
WORDING = (0.5, 0.4, 0.2)
MEANING = (0.30, 0.25, 0.12)
_SAME_SENTENCE = 0.6
_FEWEST_TERMS = 2
_ENOUGH = 6
_LONGEST_CLAIM = 2_000  # nobody states one thing at such length, and what is not compared is not supported
_DOUBTS = frozenset({"computed", "binding", "count", "bound"})
_MOVES = re.compile(r"\bfrom\b.*\d.*\bto\b|\d\D{0,6}から.*\d\D{0,6}(?:へ|に|まで)")
_CUT_BEFORE, _CUT_AFTER = re.compile(r"\d[.,]?$"), re.compile(r"[.,]?\d|[兆億万千百%割倍]")


@dataclass(frozen=True, slots=True)
class Verified:
    """What became of a claim: its verdict and checks, and the unit of the cited passages that speaks for it best."""

    verdict: Verdict
    checks: tuple[Check, ...]
    passage: Passage
    unit: Unit


@dataclass(frozen=True, slots=True)
class Closeness:
    """How close a claim is: by "wording" (share of its terms that are held) or "meaning" (cosine), None where it cannot be
    told or need not be; `weight` says how much agrees (2 for a quantity or date, 1 for a name)."""

    kind: str
    weight: int
    value: float | None

    @property
    def is_enough(self) -> bool | None:
        """Whether it is close enough, given what agrees."""
        limits = WORDING if self.kind == "wording" else MEANING
        return None if self.value is None else self.value >= limits[min(self.weight, 2)]


@dataclass(frozen=True, slots=True)
class Verifier:
    """Checks claims against passages.

    `is_known(key)` says whether the reports name an entity at all; `similar(claim, texts)` gives cosines in a space
    that both languages share, or is None where there is no such space; `is_publisher(key)` says whether an
    entity wrote, published or made what the reports show: a statement may always name it.
    """

    aliases: AliasTable
    is_known: Callable[[str], bool]
    similar: Similar | None = None
    is_publisher: Callable[[str], bool] = lambda key: False

    def verify(self, claim: str, passages: Sequence[Passage]) -> Verified:
        """The verdict on a claim that cites these passages (at least one); orders to a model that stand in them count for
        nothing."""
        cleared = {passage: without_orders(passage) for passage in passages}
        ordered = [(passage, unit) for passage, (_, orders) in cleared.items() for unit in orders]
        plain = {rest: passage for passage, (rest, _) in cleared.items() if rest.units or not passage.units}
        found = self._verified(claim, list(plain)) if plain else None
        with_orders = self._verified(claim, passages).verdict if ordered else None
        if found and (with_orders is None or worst([found.verdict, with_orders]) is with_orders):
            return replace(found, passage=plain[found.passage])
        passage, unit = ordered[0]
        check = Check("order", False, claim, join_wrapped(passage.words(unit.start, unit.end)))
        return Verified(Verdict.UNSUPPORTED, (*(found.checks if found else ()), check), passage, unit)

    def _verified(self, claim: str, passages: Sequence[Passage]) -> Verified:
        passage, unit, overlap = self._best_unit(claim, passages)
        words = passage.said(unit)
        if any(_quotes(claim, passage) for passage in passages):
            return Verified(Verdict.SUPPORTED, (Check("quote", True, claim, join_wrapped(words)),), passage, unit)
        if len(claim) > _LONGEST_CLAIM:
            return Verified(Verdict.PARTIAL, (Check("wording", None, claim, join_wrapped(words)),), passage, unit)
        facts = self._facts(claim, words, passages, overlap)
        close = self._closeness(claim, words, passages, _weight(facts))
        checks = (*facts, Check(close.kind, close.is_enough, claim, join_wrapped(words)))
        verdict = _verdict(checks)
        if unit.cells and verdict is Verdict.SUPPORTED:  # a guess supports nothing wholly
            return Verified(Verdict.PARTIAL, (*checks, inferred_check(claim, words)), passage, unit)
        return Verified(verdict, checks, passage, unit)

    def _facts(self, claim: str, words: str, passages: Sequence[Passage], overlap: float) -> list[Check]:
        cited = cited_by(claim, passages)
        names = Names(self.aliases, self.is_known, self.is_publisher, self.similar)
        facts = [*quantity_checks(cited, self._nearness), *names.checks(cited, passages)]
        return [*facts, *self._directions(cited, words, passages, overlap)]

    def _best_unit(self, claim: str, passages: Sequence[Passage]) -> tuple[Passage, Unit, float]:
        units = [(passage, unit) for passage in passages for unit in passage.units]
        texts = [join_wrapped(passage.said(unit)) for passage, unit in units]
        wanted = _matter(claim)
        overlaps = [len(wanted & _matter(text)) / max(1, len(wanted)) for text in texts]
        near = self.similar(claim, texts) if self.similar else [0.0] * len(texts)
        best = max(range(len(units)), key=lambda at: (round(overlaps[at] + near[at], 6), -at))
        return *units[best], overlaps[best]

    # Quantities and dates

    def _nearness(self, clause: str, facts: Sequence[tuple[Source, Fact]]) -> list[float]:
        """How near each fact's stretch is to a clause: the share of its words and names, and the cosine."""
        stretches = [source.stretches[fact.stretch] if fact.stretch != CONTEXT else None for source, fact in facts]
        wanted = features(clause)
        named = set(spellings(clause))
        cosines = iter(
            self.similar(_wordless(clause), [_wordless(one.words) for one in stretches if one])
            if self.similar and any(stretches)
            else [0.0] * len(stretches)
        )
        found = []
        for one in stretches:
            if one is None:
                found.append(0.0)
                continue
            share = len(wanted & one.features) / max(1, len(wanted))
            around = sum(any(key in one.window for key in self.aliases.same(name)) for name in named) / max(
                1, len(named)
            )
            found.append(share + around + next(cosines))
        return found

    # Directions and denials

    def _directions(self, cited: Cited, words: str, passages: Sequence[Passage], overlap: float) -> list[Check]:
        """Rise against fall, and a plain statement against a denied one, where both can be told."""
        checks, results = (
            [check for start, end in cited.clauses for check in _direction(cited, cited.claim[start:end], way)]
            for way in (direction_of, result_of)
        )
        mine, theirs = direction_of(cited.claim), direction_of(words)
        if not checks and mine is not None and theirs is not None:
            checks.append(Check("direction", mine == theirs, mine, theirs))
        denied = is_negated(_without(cited.claim, cited.denied))
        denied_alone = denied and not any(is_negated(passage.text) for passage in passages)
        affirmed_alone = not is_negated(cited.claim) and ends_in_denial(words) and overlap >= _SAME_SENTENCE
        says_no = denied and ends_in_denial(cited.claim) and not is_negated(words) and overlap >= _SAME_SENTENCE
        if denied_alone or affirmed_alone or says_no:
            checks.append(Check("negation", False, cited.claim, join_wrapped(words)))
        return [*checks, *results]

    # Wording and meaning

    def closeness(self, claim: str, passages: Sequence[Passage]) -> Closeness:
        """How close a claim is to what it cites, apart from what agrees: what the thresholds are set on."""
        passage, unit, overlap = self._best_unit(claim, passages)
        words = passage.said(unit)
        return self._closeness(claim, words, passages, _weight(self._facts(claim, words, passages, overlap)))

    def _closeness(self, claim: str, words: str, passages: Sequence[Passage], weight: int) -> Closeness:
        claim = without_answer_word(claim)
        if not is_content(claim):
            return Closeness("wording", weight, None)
        if language_of(claim) == language_of(words):
            held = set(terms(" ".join(passage.search_text for passage in passages)))
            wanted = set(terms(claim))
            if len(wanted) < _FEWEST_TERMS and not weight:
                return Closeness("wording", weight, None)
            return Closeness("wording", weight, len(wanted & held) / max(1, len(wanted)))
        if self.similar is None or weight >= _ENOUGH or (weight > 1 and len(set(terms(_plain(claim)))) < _FEWEST_TERMS):
            return Closeness("meaning", weight, None)
        texts = [join_wrapped(words), *(readable(passage) for passage in passages)]
        if weight:
            texts += [one.words for source in sources_of(passages) for one in source.stretches]
        return Closeness("meaning", weight, max(self.similar(claim, texts)))


def quote_check(claim: str, quote: str) -> Check:
    """Whether a claim's words are the quote's words, compared after NFKC, case folding and removal of white space."""
    return Check("quote", bare(claim) == bare(quote), claim, quote)


def inferred_check(claim: str, row: str) -> Check:
    """What is to be looked up on the slide: the row was inferred from the order in which a table's cells were written."""
    return Check("inferred", None, claim, row)


def verdict_of(checks: Iterable[Check]) -> Verdict:
    """Supported when every check that could be made holds, else unsupported."""
    results = [check.ok for check in checks if check.ok is not None]
    return Verdict.SUPPORTED if results and all(results) else Verdict.UNSUPPORTED


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of several verdicts: what a quote shows that serves several claims."""
    return max(verdicts, key=_ORDER.index)


def _verdict(checks: Sequence[Check]) -> Verdict:
    if any(check.ok is False for check in checks):
        return Verdict.UNSUPPORTED
    if any(check.kind in _DOUBTS for check in checks):
        return Verdict.PARTIAL
    return Verdict.SUPPORTED if any(check.ok for check in checks) else Verdict.PARTIAL


def _weight(facts: Sequence[Check]) -> int:
    """How much agrees: 2 for a quantity or date, also one worked out, 1 for a name."""
    return sum(1 if check.kind == "name" else 2 for check in facts if check.ok or check.kind == "computed")


def _quotes(claim: str, passage: Passage) -> bool:
    """Whether a claim stands in a passage word for word; a number is not a part of a longer one."""
    wanted, text = bare(claim), bare(passage.text)
    at = text.find(wanted) if wanted else -1
    while at >= 0:
        before, after = text[max(0, at - 2) : at], text[at + len(wanted) :][:2]
        if not (
            (_CUT_BEFORE.search(before) and wanted[0].isdecimal())
            or (_CUT_AFTER.match(after) and wanted[-1].isdecimal())
        ):
            return True
        at = text.find(wanted, at + 1)
    return False


def _direction(cited: Cited, clause: str, way: Callable[[str], str | None]) -> list[Check]:
    """A clause with a direction (or a profit or loss) and a quantity against the stretches that hold that quantity."""
    mine = way(clause)
    said = facts_of(clause) if mine else ()
    said = [one for one in said if one.kind != "date"] or said
    theirs = [
        way(source.stretches[fact.stretch].words)
        for one in said
        for source, fact in cited.facts
        if fact.stretch != CONTEXT and agree(clause, one, fact)
    ]
    known = [one for one in theirs if one is not None]
    steps = _MOVES.search(clause) if way is direction_of else None
    if steps and mine and len(said) == 2 and said[0].unit == said[1].unit:
        first, last = (one.value for one in said)
        if first is not None and last is not None and first != last and mine != ("up" if last > first else "down"):
            return [Check("direction", False, mine, f"{first} → {last}")]
    return [Check("direction", mine in known, mine or "", known[0])] if mine and known else []


def _without(text: str, spans: Sequence[tuple[int, int]]) -> str:
    for start, end in reversed(spans):
        text = f"{text[:start]} {text[end:]}"
    return text


def _plain(claim: str) -> str:
    """What a claim says beside its quantities."""
    return _without(claim, list(dict.fromkeys((one.start, one.end) for one in facts_of(claim))))


def _wordless(text: str) -> str:
    """A text without its digits: what is said of a number, whatever the number."""
    return re.sub(r"\d[\d.,]*", "", text)


def _matter(text: str) -> set[str]:
    values = (one for one in facts_of(text) if one.kind not in ("word", "vague"))
    return {*features(text), *(f"{one.value}{one.date}" for one in values)}
