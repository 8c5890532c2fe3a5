"""An answer without a language model: the sentences and rows that answer best, verbatim, each with its citation.

Units of the found passages are scored by how much of the question they cover (rare terms count more), by whether they
hold the kind of fact asked for, and by how well their passage was found. Nothing that is not in a report is said.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant import messages
from assistant.answering.asked import Asked, Kind, asked, has_kind
from assistant.answering.verify import inferred_check, quote_check, verdict_of
from assistant.indexing.terms import search_terms
from assistant.language.text import join_wrapped, widen_brackets
from assistant.retrieval.query import weigh
from assistant.types import Anchor, BlockKind, Citation, Claim, Hit, Language, Query, Status, Unit, Verdict

VERSION = "extract/2"
_PASSAGES = 12
_CONTEXT_SHARE = 0.4
_ABSENT = 3.0
_NEIGHBOUR_SHARE = 0.25
_KIND_BONUS = 0.15
_RANK_BONUS = 0.5
_NEAR_AT_HOME, _NEAR_ABROAD = 0.3, 1.0
_SHORT_UNIT = 8
_KEEP_ABOVE = 0.55
_MOST_UNITS = 8
_CLAUSE = re.compile(r"[はがを、]|\b(?:is|are|was|were|has|have|will|can)\b")
_SOURCE_LINE = re.compile(r"\s*(?:写真)?(?:出所|出典|資料)\s*[:：]|\s*Sources?:|\s*https?://", re.I)
_COVERAGE_SHARE, _MOST_COVERAGE = 0.3, 0.7
# Set on 132 answerable questions with known evidence and 240 foreign ones: at most 5 % of the former lie below.
ABSTAIN_BELOW = {Language.JA: 0.385, Language.EN: 0.37}

Rarity = Callable[[str, Sequence[str]], list[float]]
Nearness = Callable[[str], Sequence[float]]


@dataclass(frozen=True, slots=True)
class Extract:
    """What an extracted answer consists of; `text` carries its citations as [1], [2]."""

    status: Status
    text: str
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class _Candidate:
    hit: Hit
    unit: Unit
    score: float
    coverage: float
    cosine: float

    @property
    def quote(self) -> str:
        return self.hit.passage.words(self.unit.start, self.unit.end)


def extract(query: Query, hits: Sequence[Hit], rarity: Rarity, nearness: Nearness) -> Extract:
    """The answer to a question from what was found. `rarity(field, terms)` gives each term's inverse
    frequency, 0 where it occurs nowhere; `nearness(passage id)` each of its units' cosine with the question."""
    wanted = asked(query.text)
    weights = _weights(query, hits[:_PASSAGES], rarity)
    candidates = _candidates(hits[:_PASSAGES], weights, wanted, nearness, query.language)
    chosen = _choose(candidates, wanted)
    if not chosen or _trust(candidates) < ABSTAIN_BELOW[query.language]:
        return Extract(Status.ABSTAINED, "", (), ())
    return _compose(chosen, query.language)


def _trust(candidates: Sequence[_Candidate]) -> float:
    """How likely it is that the answer was found at all: the nearest unit and the best coverage."""
    coverage = max(candidate.coverage for candidate in candidates)
    return max(one.cosine for one in candidates) + _COVERAGE_SHARE * min(coverage, _MOST_COVERAGE)


def inverse_frequency(documents: int, frequency: int) -> float:
    """BM25's idf, ln(1 + (N - n + 0.5) / (n + 0.5)); 0 for a term that occurs nowhere."""
    if frequency == 0:
        return 0.0
    return math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5))


def _weights(query: Query, hits: Sequence[Hit], rarity: Rarity) -> dict[str, float]:
    """Each term of the question with its share of the whole (weights add up to 1).

    Over passages in the other language, a word that stands in no report says nothing about whether the answer does;
    names and numbers still do.
    """
    across = sum(hit.passage.language != query.language for hit in hits) > len(hits) / 2
    weights: dict[str, float] = {}
    for field, terms in weigh(query).by_field().items():
        for (term, weight), rare in zip(terms.items(), rarity(field, list(terms)), strict=True):
            absent = rare == 0.0
            if absent and across and (field == "words" or weight < 1.0):
                continue
            weights[f"{field}:{term}"] = weight * (_ABSENT if absent else rare)
    total = sum(weights.values()) or 1.0
    return {term: weight / total for term, weight in weights.items()}


def _candidates(
    hits: Sequence[Hit], weights: Mapping[str, float], wanted: Asked, nearness: Nearness, language: Language
) -> list[_Candidate]:
    best = hits[0].score if hits else 1.0
    found: list[_Candidate] = []
    for hit in hits:
        own = [_terms(hit.passage.said(unit)) for unit in hit.passage.units]
        context = _terms(hit.passage.search_text)
        covers = [_coverage(terms, context, weights) for terms in own]
        near = nearness(hit.passage.passage_id)
        share = _NEAR_AT_HOME if hit.passage.language == language else _NEAR_ABROAD
        for position, unit in enumerate(hit.passage.units):
            beside = max(covers[max(0, position - 1) : position + 2])
            coverage = covers[position] + _NEIGHBOUR_SHARE * (beside - covers[position])
            cosine = max(0.0, float(near[position])) if position < len(near) else 0.0
            score = coverage + _RANK_BONUS * hit.score / best + share * cosine
            if has_kind(hit.passage.said(unit), wanted.kind):
                score += _KIND_BONUS if wanted.kind is not Kind.OTHER else 0.0
            if _is_quotable(hit, unit):
                found.append(_Candidate(hit, unit, round(score, 6), coverage, cosine))
    return sorted(found, key=lambda one: (-one.score, one.hit.rank, one.unit.start))


@lru_cache(maxsize=20_000)
def _terms(text: str) -> frozenset[str]:
    terms = search_terms(text)
    fields = {"words": terms.words, "names": terms.names, "quantities": terms.quantities}
    return frozenset(f"{field}:{term}" for field, values in fields.items() for term in values)


def _coverage(own: frozenset[str], context: frozenset[str], weights: Mapping[str, float]) -> float:
    """The share of the question's weight that a unit covers; what only its heading or passage says counts in part."""
    return sum(w * (1.0 if term in own else _CONTEXT_SHARE if term in context else 0.0) for term, w in weights.items())


def _is_quotable(hit: Hit, unit: Unit) -> bool:
    """Whether a unit can stand as a statement: not a caption, a bare title or a line that only names a source."""
    words = hit.passage.words(unit.start, unit.end)
    if unit.kind is BlockKind.CAPTION or len(words) < _SHORT_UNIT:
        return False
    if unit.kind is BlockKind.HEADING:
        return bool(_CLAUSE.search(words))
    return not _SOURCE_LINE.match(words)


def _choose(candidates: Sequence[_Candidate], wanted: Asked) -> list[_Candidate]:
    """The best units within the answer's length, in order of their score; nothing twice."""
    chosen: list[_Candidate] = []
    length = 0
    seen: set[str] = set()
    for candidate in candidates:
        words = _shown(candidate)
        bare = "".join(words.split())
        if chosen and candidate.score < _KEEP_ABOVE * chosen[0].score:
            break
        if bare in seen or (chosen and length + len(words) + 8 > wanted.length):
            continue
        chosen.append(candidate)
        seen.add(bare)
        length += len(words) + 8
        if len(chosen) == _MOST_UNITS:
            break
    return chosen


def _compose(chosen: Sequence[_Candidate], language: Language) -> Extract:
    text, claims, citations = "", [], []
    for number, candidate in enumerate(chosen, start=1):
        quote, words = candidate.quote, _shown(candidate)
        check = quote_check(_unlabelled(candidate), quote)
        verdict = verdict_of([check])
        if candidate.unit.cells:
            check, verdict = inferred_check(words, quote), Verdict.PARTIAL
            words += messages.say("inferred_row", language)
        text += "\n" if text else ""
        start = len(text) + 2
        text += f"- {words} [{number}]"
        claims.append(Claim(words, start, start + len(words), (number,), verdict, (check,)))
        anchor = Anchor(candidate.hit.passage.anchor.report_id, candidate.unit.start, candidate.unit.end)
        citations.append(Citation(number, anchor, quote, verdict, candidate.hit.passage, candidate.hit.report))
    stands = all(claim.verdict is Verdict.SUPPORTED for claim in claims)
    return Extract(Status.ANSWERED if stands else Status.PARTIAL, text, tuple(claims), tuple(citations))


def _shown(candidate: _Candidate) -> str:
    """The words to show: a row as labelled facts where its cells are known, anything else as it stands."""
    passage = candidate.hit.passage
    block = passage.block_at(candidate.unit.start)
    if candidate.unit.kind is BlockKind.TABLE_ROW and block is not None and block.cells:
        facts = [(cell.header, join_wrapped(passage.words(cell.start, cell.end))) for cell in block.cells]
        return widen_brackets(" / ".join(f"{header}: {words}" if header else words for header, words in facts))
    return widen_brackets(join_wrapped(passage.said(candidate.unit)))


def _unlabelled(candidate: _Candidate) -> str:
    """What the shown words say without the headers: the cells one after the other."""
    passage = candidate.hit.passage
    block = passage.block_at(candidate.unit.start)
    if candidate.unit.kind is BlockKind.TABLE_ROW and block is not None and block.cells:
        return " ".join(passage.words(cell.start, cell.end) for cell in block.cells)
    return candidate.quote
