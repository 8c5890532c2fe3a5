"""The quantities, dates and numbers of a claim against those of the passages that it cites. Pure.

A quantity that no passage has is wrong, unless the claim counts what it lists, worked it out or only bounds it. One that
a passage has of something else than the claim speaks of is doubtful: check kind "binding", `ok` None.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.answering.sources import (
    CONTEXT,
    Fact,
    Source,
    bare,
    clauses,
    digit_tokens,
    facts_of,
    features,
    labelled,
    sources_of,
)
from assistant.language.agreement import (
    SPANS_OF_TIME,
    Bound,
    agrees,
    bound_at,
    computed,
    counted,
    is_left_out,
    rate,
    same_counted,
)
from assistant.language.entities import named_entities, spellings
from assistant.language.polarity import denied_spans
from assistant.language.quantities import CANONICAL_UNITS, ordinals
from assistant.language.text import language_of
from assistant.language.tokens import ENGLISH_STOPWORDS
from assistant.types import Check, Passage, Quantity

BOUND_ELSEWHERE = 0.25
_FEWEST_FEATURES = 2
_SMALL = 12
_LONGEST_LIST, _LONGEST_NAME = 100, 40
_NAME_BEFORE = re.compile(r"(?:[A-Za-z][\w.'’-]*|[ァ-ヺー]{2,})[ \u3000-]?$")
_PER = re.compile(r"(?:日|[ァ-ヺー]{1,8}|[一-鿿]{1,3})?(?:当たり|当り|あたり|につき)")  # 1人当たり, 1kWh当たり

Near = Callable[[str, Sequence[tuple[Source, Fact]]], list[float]]


@dataclass(frozen=True, slots=True)
class Cited:
    """A claim with what it cites: spans of its clauses, the passages analysed, and every quantity that they hold."""

    claim: str
    clauses: tuple[tuple[int, int], ...]
    denied: tuple[tuple[int, int], ...]
    sources: Sequence[Source]
    facts: Sequence[tuple[Source, Fact]]

    def clause_at(self, start: int) -> str:
        """The clause that the offset `start` lies in; where that says hardly anything, with the one before it."""
        at = next((n for n, (_, end) in enumerate(self.clauses) if start < end), len(self.clauses) - 1)
        first = at
        while first > 0 and len(features(self.claim[self.clauses[first][0] : self.clauses[at][1]])) < _FEWEST_FEATURES:
            first -= 1
        return self.claim[self.clauses[first][0] : self.clauses[at][1]]

    def units_of(self, clause: str, said: Sequence[Quantity]) -> set[tuple[str, int]]:
        """The sentences and rows that hold the quantities of a clause."""
        return {
            source.stretches[fact.stretch].unit
            for source, fact in self.facts
            if fact.stretch != CONTEXT and _agree_any(clause, said, fact)
        }

    def is_denied(self, start: int) -> bool:
        """Whether the claim itself denies what stands at `start` ("not X but Y")."""
        return any(first <= start < last for first, last in self.denied)


def cited_by(claim: str, passages: Sequence[Passage]) -> Cited:
    """A claim laid out beside the passages that it cites."""
    sources = sources_of(passages)
    named: dict[tuple[str, ...], frozenset[str]] = {}
    for source in sources:
        named[source.section] = named.get(source.section, frozenset()) | source.named_units
    facts = [
        (source, replace(fact, named_units=fact.named_units | named[source.section]) if fact.named_units else fact)
        for source in sources
        for fact in source.facts
    ]
    return Cited(claim, tuple(clauses(claim)), tuple(denied_spans(claim)), sources, facts)


def quantity_checks(cited: Cited, near: Near) -> list[Check]:
    """A check of every quantity and date of a claim, numbers of a series and words with digits included."""
    counted_by = [one for one in facts_of(cited.claim) if not _numbers_an_item(cited.claim, one)]
    said = [one for one in counted_by if not (one.value == 1 and _PER.match(cited.claim, one.end))]
    return [*(_quantity(cited, one, said, near) for one in said), *_numbered(cited)]


def _quantity(cited: Cited, wanted: Quantity, said: Sequence[Quantity], near: Near) -> Check:
    words, kind = cited.claim[wanted.start : wanted.end], "date" if wanted.kind == "date" else "quantity"
    if cited.is_denied(wanted.start):
        return Check(kind, None, words, "")
    label = _label_check(cited, wanted)
    if label is not None:
        other = _label_of_something_else(cited, wanted, near) if label.ok else None
        return label if other is None else Check("binding", None, label.claim, other)
    agreeing = [(source, fact) for source, fact in cited.facts if agree(cited.claim, wanted, fact)]
    if agreeing and _is_a_point(wanted, said):
        agreeing = []
    if not agreeing:
        return _range_without_unit(cited, wanted, words) or _not_written(cited, wanted, said, kind)
    bound = None if kind == "date" else bound_at(cited.claim, wanted.start, wanted.end)
    theirs = [(fact, bound_at(fact.text, fact.quantity.start, fact.quantity.end)) for _, fact in agreeing]
    if bound is not None and not any(one in (None, bound) for _, one in theirs):
        fact = theirs[0][0]
        around = fact.text[max(0, fact.quantity.start - 4) : fact.quantity.end + 4].strip()
        return Check("direction", False, f"{bound} {words}", around)
    if bound is not None and not any(_is_as_open(cited.claim, wanted, bound, fact, one) for fact, one in theirs):
        return Check("bound", None, f"{bound} {words}", theirs[0][0].words)
    column = None if kind == "date" else _column_of_another_date(cited, wanted, agreeing)
    if column is not None:
        return Check("binding", None, words, column)
    is_its_list = _counts_what_it_lists(cited.claim, wanted)
    if not is_its_list and _is_small(wanted) and max(listed(cited.claim, wanted) or (), default=0) > 1:
        return Check("count", None, words, agreeing[0][1].words)  # it lists three and counts two
    other = None if is_its_list else _said_of_something_else(cited, wanted, said, agreeing, near)
    if other is not None:
        return Check("binding", None, words, other)
    return Check(kind, True, words, agreeing[0][1].words)


def _is_as_open(claim: str, wanted: Quantity, bound: Bound, fact: Fact, theirs: Bound | None) -> bool:
    """Whether a fact is as open as the claim says: 未満 is not 以下. Upwards "more than 30" is how 30以上 is put in English,
    and what is more than a number is at least that."""
    mine = is_left_out(claim, wanted.start, wanted.end)
    leaves_out = is_left_out(fact.text, fact.quantity.start, fact.quantity.end)
    if theirs is None or mine == leaves_out:
        return theirs is not None
    return bound is Bound.AT_LEAST and (leaves_out or language_of(claim) != language_of(fact.text))


def _not_written(cited: Cited, wanted: Quantity, said: Sequence[Quantity], kind: str) -> Check:
    """What can be said of a quantity that no cited passage has."""
    words = cited.claim[wanted.start : wanted.end]
    if _counts_what_it_lists(cited.claim, wanted):
        return Check("list", None, words, "")
    alike = [
        (fact.quantity, fact) for _, fact in cited.facts if same_counted(counted(cited.claim, wanted), fact.counted)
    ]
    beyond = _beyond(cited.claim, wanted, [fact for _, fact in alike])
    if beyond is not None:
        return Check("bound", None, words, beyond)
    worked_out = _computed(wanted, words, {one: fact.words for one, fact in reversed(alike)})
    if worked_out is not None:
        return worked_out
    if wanted.kind in ("word", "share"):
        return Check("count", None, words, _nearest(wanted, cited.facts))
    units = {fact.quantity.unit for _, fact in cited.facts if fact.quantity.kind == wanted.kind}
    measured = {(id(source), fact.stretch, fact.quantity.start) for source, fact in cited.facts if fact.quantity.unit}
    bare = ((source, fact) for source, fact in cited.facts if _stands_without_a_unit(wanted, fact))
    unmeasured = next((f for source, f in bare if (id(source), f.stretch, f.quantity.start) not in measured), None)
    if unmeasured is not None and (not units or wanted.unit in units):
        return Check("binding", None, words, unmeasured.words)
    own = {one: cited.claim[one.start : one.end] for one in said[:_SMALL] if one != wanted and _is_written(cited, one)}
    return _computed(wanted, words, own) or Check(kind, False, words, _nearest(wanted, cited.facts))


def _is_written(cited: Cited, one: Quantity) -> bool:
    """Whether a passage has a quantity of the claim, or its number without a unit."""
    return any(agree(cited.claim, one, fact) or _stands_without_a_unit(one, fact) for _, fact in cited.facts)


def _computed(wanted: Quantity, words: str, written: Mapping[Quantity, str]) -> Check | None:
    """What a quantity was worked out from, among those written so."""
    result = computed(wanted, list(written)[::-1])
    return Check("computed", None, words, f"{written[result[1]]} {result[0]} {written[result[2]]}") if result else None


def _said_of_something_else(
    cited: Cited, wanted: Quantity, said: Sequence[Quantity], agreeing: Sequence[tuple[Source, Fact]], near: Near
) -> str | None:
    """The quantity that the passages give for what the claim speaks of, where that is clearly another one."""
    others = [
        (source, fact)
        for source, fact in cited.facts
        if fact.stretch != CONTEXT and _competes(cited.claim, wanted, fact)
    ]
    if not others or all(fact.stretch == CONTEXT for _, fact in agreeing):
        return None
    again = [one for one in said if (one.value, one.unit, one.date) == (wanted.value, wanted.unit, wanted.date)]
    if len(again) > len(agreeing) and not any(_agree_any(cited.claim, said, fact) for _, fact in others):
        return others[0][1].words
    clause = cited.clause_at(wanted.start)
    beside = facts_of(clause)
    others = [(source, fact) for source, fact in others if not _agree_any(clause, beside, fact)]
    telling = [one for one in beside if not _is_small(one) and (one.value, one.date) != (wanted.value, wanted.date)]
    beside_it = cited.units_of(clause, telling)
    if beside_it:
        held = [one for one in others if _unit(*one) in beside_it]
        if any(_unit(*one) in beside_it for one in agreeing):
            others = held
        elif held:
            return held[0][1].words
    if not others:
        return None
    here, there = near(clause, agreeing), near(clause, others)
    best = max(range(len(others)), key=there.__getitem__)
    return others[best][1].words if there[best] - max(here) > BOUND_ELSEWHERE else None


def _range_without_unit(cited: Cited, wanted: Quantity, words: str) -> Check | None:
    """A range of things counted (25～34歳) that a table writes as a label: 25-34; doubtful where the rest of the clause
    stands in another row."""
    ends = re.findall(r"\d+", words)
    if len(ends) != 2 or wanted.unit in CANONICAL_UNITS or wanted.kind == "date":
        return None
    written = re.compile(rf"(?<![\d.,]){ends[0]}[-–—~]{ends[1]}(?![\d,%])")
    stretches = (stretch for source in cited.sources for stretch in source.stretches)
    rows = {stretch.unit for stretch in stretches if written.search(bare(stretch.words))}
    clause = cited.clause_at(wanted.start)
    beside = cited.units_of(clause, [one for one in facts_of(clause) if one.value != wanted.value])
    if not rows:
        return None
    return Check("binding", None, words, "") if beside and not rows & beside else Check("quantity", True, words, words)


def _column_of_another_date(cited: Cited, wanted: Quantity, agreeing: Sequence[tuple[Source, Fact]]) -> str | None:
    """The date over the column that has a quantity, where the claim's clause gives it another one."""
    mine = [one for one in facts_of(cited.clause_at(wanted.start)) if one.kind == "date"]
    heads = [
        [
            head
            for head in source.facts
            if head.quantity.date and head.stretch == fact.stretch and head.text != fact.text
        ]
        for source, fact in agreeing
    ]
    if not mine or not all(heads):
        return None
    theirs = [head for one in heads for head in one]
    same = any(agrees(one, head.quantity) or agrees(head.quantity, one) for one in mine for head in theirs)
    return None if same else theirs[0].words


def _unit(source: Source, fact: Fact) -> tuple[str, int] | None:
    """The sentence or row that a fact stands in."""
    return source.stretches[fact.stretch].unit if fact.stretch != CONTEXT else None


def _label_of_something_else(cited: Cited, wanted: Quantity, near: Near) -> str | None:
    """The number that the passages give a label where they speak of what the claim speaks of (Level 2, not Level 3)."""
    mine = _label_keys(cited.claim, wanted)
    alike = [
        (source, fact)
        for source, fact in cited.facts
        if fact.stretch != CONTEXT and mine & _label_keys(fact.text, fact.quantity)
    ]
    here = [one for one in alike if one[1].quantity.value == wanted.value]
    there = [one for one in alike if one[1].quantity.value != wanted.value]
    if not here or not there:
        return None
    clause = cited.clause_at(wanted.start)
    right, wrong = near(clause, here), near(clause, there)
    best = max(range(len(there)), key=wrong.__getitem__)
    return there[best][1].words if wrong[best] - max(right) > BOUND_ELSEWHERE else None


def agree(claim: str, wanted: Quantity, fact: Fact) -> bool:
    """Whether a fact of a source bears out a quantity of a claim."""
    if wanted.unit and wanted.kind != "date" and _is_labelled(fact):
        return False
    if not same_counted(counted(claim, wanted), fact.counted) and not fact.named_units:
        return False
    mine = rate(claim, wanted)
    if mine and mine != (rate(fact.text, fact.quantity) or mine):
        return False
    return agrees(wanted, fact.quantity) or _unit_is_named(wanted, fact)


def _is_small(one: Quantity) -> bool:
    """Whether a quantity is a small count, which stands in every other sentence."""
    return one.value is not None and one.unit not in CANONICAL_UNITS and one.value <= _SMALL


def _is_labelled(fact: Fact) -> bool:
    """Whether a bare number belongs to the name or label before it: レベル2, "Gemini 1.5"."""
    one = fact.quantity
    before = _NAME_BEFORE.search(fact.text[: one.start]) if not one.unit and one.kind == "number" else None
    return before is not None and not before[0].islower() and before[0].strip().lower() not in ENGLISH_STOPWORDS


def _agree_any(claim: str, said: Sequence[Quantity], fact: Fact) -> bool:
    return any(agree(claim, one, fact) for one in said)


def _unit_is_named(wanted: Quantity, fact: Fact) -> bool:
    """Whether a bare number of a table is meant in the claim's unit, because header or caption name that unit."""
    if not wanted.unit or fact.quantity.unit or wanted.unit not in fact.named_units:
        return False
    return wanted.precision >= fact.quantity.precision and agrees(
        replace(wanted, unit="", kind="number"), fact.quantity
    )


def _stands_without_a_unit(wanted: Quantity, fact: Fact) -> bool:
    """Whether a table or slide has the number of a claim, digit for digit, and names no unit at all that it is meant in."""
    bare = replace(wanted, unit="", kind="number")
    exact = wanted.precision == fact.quantity.precision and (wanted.precision < 0 or not _is_small(bare))
    return bool(wanted.unit) and fact.named_units == {""} and exact and agrees(bare, fact.quantity)


def _competes(claim: str, wanted: Quantity, fact: Fact) -> bool:
    """Whether a fact could have stood where the claim has another quantity: the same kind, unit and thing counted."""
    one = fact.quantity
    if agree(claim, wanted, fact) or (one.kind == "date") != (wanted.kind == "date"):
        return False
    if _is_labelled(fact):
        return False
    if one.kind == "date":
        return True
    mine, theirs = counted(claim, wanted), fact.counted
    same_unit = one.unit == wanted.unit or (not one.unit and wanted.unit in fact.named_units)
    loose = {one.unit, wanted.unit}.isdisjoint(CANONICAL_UNITS) and "" in (one.unit, wanted.unit)
    return (same_unit or loose) and (mine == theirs or not (mine and theirs)) and same_counted(mine, theirs)


def _is_a_point(wanted: Quantity, said: Sequence[Quantity]) -> bool:
    """Whether both ends of a range are one and the same: nobody writes 1~1月."""
    spans = [one for one in said if (one.start, one.end) == (wanted.start, wanted.end)]
    return len(spans) > 1 and len({(one.value, one.date) for one in spans}) == 1


def _beyond(claim: str, wanted: Quantity, facts: Sequence[Fact]) -> str | None:
    """The quantity that is a little more or less than the one that the claim says so of ("over 60%" for 62.6%)."""
    bound = bound_at(claim, wanted.start, wanted.end)
    if bound is None or wanted.value is None or wanted.unit not in CANONICAL_UNITS:
        return None
    for fact in facts:
        one = fact.quantity
        if one.value is None or one.unit != wanted.unit or not wanted.value:
            continue
        step = one.value - wanted.value if bound is Bound.AT_LEAST else wanted.value - one.value
        if 0 < step <= abs(one.value) / 4 and bound_at(fact.text, one.start, one.end) in (None, _OTHER[bound]):
            return fact.words
    return None


_OTHER = {Bound.AT_LEAST: Bound.AT_MOST, Bound.AT_MOST: Bound.AT_LEAST}


def _label_check(cited: Cited, wanted: Quantity) -> Check | None:
    """A number right after a name or label (Level 3, Gemini 1.5) against the numbers that the passages give it."""
    if wanted.unit or wanted.kind != "number":
        return None
    before = _NAME_BEFORE.search(cited.claim, max(0, wanted.start - _LONGEST_NAME), wanted.start)
    if before is None:
        return None
    mine = list(labelled(cited.claim[before.start() :][: len(before[0]) + wanted.end - wanted.start + 12]))[:1]
    for key, number in mine:
        theirs = sorted({other for source in cited.sources for name, other in source.labelled if name == key})
        if theirs:
            words = cited.claim[before.start() : wanted.end]
            return Check("quantity", number in theirs, words, ", ".join(theirs[:3]))
    return None


def _label_keys(text: str, quantity: Quantity) -> set[str]:
    """The keys of the label right before a bare number."""
    before = _NAME_BEFORE.search(text[: quantity.start]) if not quantity.unit else None
    return set(spellings(before[0])) if before else set()


def _numbered(cited: Cited) -> list[Check]:
    """Numbers of a series and words with digits in them (2-1, 128k): the passages have them as they stand."""
    taken = [(one.start, one.end) for one in facts_of(cited.claim)]
    checks = []
    for number, start, end in ordinals(cited.claim):
        if any(first < end and start < last for first, last in taken) or _is_an_enumerator(cited.claim, start, end):
            continue
        taken.append((start, end))
        held = any(number in source.ordinals for source in cited.sources)
        held = held or any(one.quantity.value == number and not one.quantity.unit for _, one in cited.facts)
        checks.append(Check("quantity", held or cited.is_denied(start), cited.claim[start:end], ""))
    words = [token for token, _, _ in digit_tokens(cited.claim)]
    for token, start, end in digit_tokens(cited.claim):
        if any(first < end and start < last for first, last in taken) or _is_bracketed_number(cited.claim, start, end):
            continue
        held = any(_holds_token(token, source) for source in cited.sources)
        ok = None if cited.is_denied(start) else held
        if ok and _bound_differs(cited, token, start, end):
            ok = False
        if ok and (_is_another_row(cited, token, start) or (words.count(token) > 1 and len(words) > 2)):
            checks.append(Check("binding", None, cited.claim[start:end], ""))
            continue
        checks.append(Check("quantity", ok, cited.claim[start:end], ""))
    return checks


def _is_another_row(cited: Cited, token: str, start: int) -> bool:
    """Whether a token is the label of a row that has none of the names that the claim gives it to."""
    row = frozenset().union(*(source.rows.get(token, ()) for source in cited.sources))
    names = {entity.key for entity in named_entities(cited.clause_at(start))}
    held = {key for source in cited.sources for key in source.spellings}
    return bool(row) and bool(names & held) and not names & row


def _holds_token(token: str, source: Source) -> bool:
    decade = re.fullmatch(r"((?:19|20)\d0)s", token)
    return token in source.tokens or (decade is not None and f"{decade[1]}年代" in source.bare)


def _bound_differs(cited: Cited, token: str, start: int, end: int) -> bool:
    mine = bound_at(cited.claim, start, end)
    found = [
        bound_at(source.bare, match.start(), match.end())
        for source in cited.sources
        for match in re.finditer(rf"(?<![a-z0-9]){re.escape(token)}", source.bare)
    ]
    return mine is not None and mine not in found and any(found)


def _is_an_enumerator(claim: str, start: int, end: int) -> bool:
    """Whether an ordinal only numbers what is said ("Second, …", 第二に)."""
    return bool(re.match(r"に[、，]|,", claim[end:])) and not claim[:start].strip()


def _is_bracketed_number(claim: str, start: int, end: int) -> bool:
    return bool(re.fullmatch(r"[(（]\d{1,2}[)）]|\d{1,2}[.)．、]", claim[max(0, start - 1) : end + 1].strip()))


def _numbers_an_item(claim: str, quantity: Quantity) -> bool:
    """Whether a number only numbers an item: in brackets anywhere, or "1. …" at the start of the claim."""
    around = claim[max(0, quantity.start - 1) : quantity.end + 1]
    if re.fullmatch(r"[(（]\d{1,2}[)）]", around):
        return True
    return quantity.start <= 2 and bool(re.match(r"[(（]?\d{1,2}[.)）．]\s?\D", claim))


_LISTED_BEFORE = re.compile(r"(?:[^。.:：;；はがもを]*(?:、|,\s|・|/|と|\band\b))[^。.:：;；はがもを]*?の?$")
_LISTED_AFTER = re.compile(r"[^.:：;；。]{0,40}?(?:[:：(（—-]|namely|are)\s*([^.;；。)）]+)")
_OPEN_LIST = re.compile(r"といった|など|ほか|\b(?:such as|including|among|e\.g)\b", re.I)
_AND = re.compile(r"、|,\s(?:and\s)?|(?<=[^\s])と(?=[^い])|\s(?:and|&)\s|・|/")


_COMMA = re.compile(r"、|,\s(?:and\s)?")


def _counts_what_it_lists(claim: str, quantity: Quantity) -> bool:
    """Whether a small number counts the things listed right before it (A、B、Cの3社) or after it ("three: A, B and C")."""
    lengths = listed(claim, quantity)
    in_brackets = lengths is not None and re.search(rf"[(（]{quantity.value:f}[)）]", claim)
    return bool(in_brackets) or quantity.value in (lengths or ())


def listed(claim: str, quantity: Quantity) -> set[int] | None:
    """How many things may be listed right before or after a small number of things: none at all, or none that could be
    counted (など); None where a number counts no things."""
    small = quantity.value is not None and 1 <= quantity.value <= _SMALL and quantity.unit not in CANONICAL_UNITS
    if not small or counted(claim, quantity) in SPANS_OF_TIME:
        return None
    before, after = (
        _LISTED_BEFORE.search(claim[max(0, quantity.start - _LONGEST_LIST) : quantity.start]),
        _LISTED_AFTER.match(claim[quantity.end : quantity.end + _LONGEST_LIST]),
    )
    lists = [before[0] if before else "", after[1] if after else ""]
    return {length for one in lists if one and not _OPEN_LIST.search(one) for length in _lengths(one)}


def _lengths(listed: str) -> set[int]:
    """How many things a list may name: commas part them, and an "and" after the last; without commas anything does."""
    *before, last = _COMMA.split(listed)
    if before:
        return {len(before) + 1, len(before) + 1 + bool(_AND.search(last))}
    return {len(_AND.findall(listed)) + 1, len(_AND.findall(listed.replace("・", ""))) + 1}


def _nearest(wanted: Quantity, facts: Sequence[tuple[Source, Fact]]) -> str:
    """What the source says of the same kind and unit, to be shown beside the claim's; empty where it says nothing."""
    alike = [fact.words for _, fact in facts if (fact.quantity.kind, fact.quantity.unit) == (wanted.kind, wanted.unit)]
    return ", ".join(dict.fromkeys(alike[:3]))
