"""A text that someone wrote -> for each sentence, where the reports support it, contradict it or speak of the same.

The stance comes from the verifier: a passage supports a sentence that it verifies; it contradicts one when it speaks of
the same subject and gives another amount, date or direction. What only resembles the sentence is related. Pure, given
the search and the verifier.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from assistant.answering.verify import Verified, Verifier
from assistant.language.quantities import quantities
from assistant.language.sentences import sentence_spans
from assistant.language.tokens import terms
from assistant.types import Anchor, Check, Citation, Hit, Verdict

_HITS = 10
_MOST_MATCHES = 5
_WORDS_ALONE = 0.6
_SAME_SUBJECT = 0.5
_WITH_FACTS = 0.3
_RELATED = 0.3
_FACTS = ("quote", "quantity", "date", "name")
_DIFFERING = ("quantity", "date", "direction", "negation")
_SLIPS = {Decimal(10) ** power for power in range(-4, 5) if power}


class Stance(StrEnum):
    """How a passage stands to a sentence; declared from strongest to weakest."""

    SUPPORTS = "supports"
    CONTRADICTS = "contradicts"
    RELATED = "related"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Match:
    """A quote from the reports and how it stands to the sentence; its checks show the differing values."""

    stance: Stance
    citation: Citation
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class LookedUp:
    """A sentence at [start, end) of the text with its matches, the strongest stance first, as good as found."""

    text: str
    start: int
    end: int
    matches: tuple[Match, ...]

    @property
    def stance(self) -> Stance:
        """The stance of the best match."""
        return self.matches[0].stance if self.matches else Stance.NONE


Find = Callable[[str], Sequence[Hit]]


def look_up(text: str, find: Find, verifier: Verifier) -> tuple[LookedUp, ...]:
    """Every sentence, list item and line of a text with what the reports say of it. `find(sentence)` gives hits."""
    looked_up, number = [], 0
    for start, end in _spans(text):
        sentence = text[start:end]
        matches = sorted(_matches(sentence, find(sentence)[:_HITS], verifier), key=lambda match: _rank(match[0]))
        best = matches[0][0] if matches else Stance.NONE
        kept = [match for match in matches if best is not Stance.SUPPORTS or match[0] is not Stance.RELATED]
        made = []
        for stance, hit, verified in kept[:_MOST_MATCHES]:
            number += 1
            made.append(Match(stance, _citation(number, hit, verified), _with_slip(verified.checks)))
        looked_up.append(LookedUp(sentence, start, end, tuple(made)))
    return tuple(looked_up)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for line in text.splitlines(keepends=True):
        for begin, end in sentence_spans(line):
            if any(character.isalnum() for character in line[begin:end]):
                yield start + begin, start + end
        start += len(line)


def _matches(sentence: str, hits: Sequence[Hit], verifier: Verifier) -> Iterator[tuple[Stance, Hit, Verified]]:
    for hit in hits:
        verified = verifier.verify(sentence, [hit.passage])
        stance = _stance(sentence, verified, verifier)
        if stance is not Stance.NONE:
            yield stance, hit, verified


def _stance(sentence: str, verified: Verified, verifier: Verifier) -> Stance:
    """Stricter than a verdict: nobody chose these passages, so that a sentence of another subject must not pass.

    Facts that agree (an amount, a date, a name) ask for some nearness of the words, a sentence without any for much.
    """
    near = _nearness(sentence, verified.passage.words(verified.unit.start, verified.unit.end), verifier)
    agreeing = sum(check.ok is True and check.kind in _FACTS for check in verified.checks)
    if verified.verdict is Verdict.SUPPORTED and near >= (_WITH_FACTS if agreeing else _WORDS_ALONE):
        return Stance.SUPPORTS
    differs = [check for check in verified.checks if check.ok is False and check.kind in _DIFFERING and check.source]
    is_another = any(check.kind == "name" and check.ok is False for check in verified.checks)
    if differs and not is_another and near >= (_WITH_FACTS if agreeing else _SAME_SUBJECT):
        return Stance.CONTRADICTS
    return Stance.RELATED if near >= _RELATED else Stance.NONE


def _nearness(sentence: str, quote: str, verifier: Verifier) -> float:
    """How much two texts speak of the same, 0..1: shared words within a language, the bilingual space always."""
    words = set(terms(sentence))
    shared = len(words & set(terms(quote))) / len(words) if words else 0.0
    similar = verifier.similar(sentence, [quote])[0] if verifier.similar else 0.0
    return max(shared, similar)


def _rank(stance: Stance) -> int:
    return tuple(Stance).index(stance)


def _citation(number: int, hit: Hit, verified: Verified) -> Citation:
    unit, passage = verified.unit, verified.passage
    anchor = Anchor(passage.anchor.report_id, unit.start, unit.end)
    return Citation(number, anchor, passage.words(unit.start, unit.end), verified.verdict, passage, hit.report)


def _with_slip(checks: Sequence[Check]) -> tuple[Check, ...]:
    """The checks; after a quantity that is off by a power of ten, the likely slip ("×10")."""
    found: list[Check] = []
    for check in checks:
        found.append(check)
        factor = _factor(check) if check.kind == "quantity" and check.ok is False else None
        if factor is not None:
            found.append(Check("slip", False, f"×{factor:f}" if factor > 1 else f"÷{1 / factor:f}", check.source))
    return tuple(found)


def _factor(check: Check) -> Decimal | None:
    mine = [one.value for one in quantities(check.claim) if one.value]
    theirs = [one.value for one in quantities(check.source) if one.value]
    ratios = (a / b for a in mine for b in theirs if b)
    return next((ratio.normalize() for ratio in ratios if ratio in _SLIPS), None)
