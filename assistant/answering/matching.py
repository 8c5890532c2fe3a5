"""Which sentences and rows of the found passages answer a question: each with how likely it is the best of all.

A unit is judged by how much of the question it covers, in words (rare ones count more) and in meaning word by word, by
its passage, and by whether it holds the kind of fact that is asked for. The weights were fitted on questions with known
evidence (listwise softmax), apart for reports in the question's language and in the other one. Pure.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.answering.asked import Asked
from assistant.indexing.terms import search_terms
from assistant.language.orders import is_an_order
from assistant.language.text import join_wrapped
from assistant.language.tokens import ENGLISH_STOPWORDS, terms
from assistant.retrieval.query import weigh
from assistant.types import BlockKind, Hit, Language, Passage, Query, Unit

PASSAGES = 12
FEATURES = ("covered", "beside", "meant", "meant_beside", "meant_around", "near", "found", "kind", "length")
AT_HOME = (2.6, 2.7, 1.2, 1.2, 2.4, 1.8, 4.5, 1.2, 0.3)
ABROAD = (1.2, 0.0, 3.6, 3.4, 5.0, 3.6, 3.4, 1.3, 0.95)
_CONTEXT_SHARE = 0.4
_ABSENT = 3.0
_COMMON_WORD = 0.7
_SHORT_UNIT = 8
_SHORT_PIECES = 40
_ENDED = re.compile(r"[。．.!?！？][」』）)]?\s*$")
_CLAUSE = re.compile(r"[はがを、]|\b(?:is|are|was|were|has|have|will|can)\b")
_SOURCE_LINE = re.compile(r"\s*(?:写真)?(?:出所|出典|資料)\s*[:：]|\s*Sources?:|\s*https?://", re.I)
_ENGLISH_WORD = re.compile(r"[A-Za-z][A-Za-z0-9.&-]+")

Vectors = NDArray[np.float32]
Rarity = Callable[[str, Sequence[str]], list[float]]
Nearness = Callable[[str], Sequence[float]]
Embed = Callable[[Sequence[str]], Vectors]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit with its features (by `FEATURES`), its score, how far it reaches each word of the question (times
    the word's share of it), and its own share: how likely it is the best of all found."""

    hit: Hit
    unit: Unit
    features: tuple[float, ...]
    score: float
    reach: Vectors = dataclasses.field(compare=False, repr=False)
    share: float = 0.0

    @property
    def quote(self) -> str:
        """The unit's verbatim words."""
        return self.hit.passage.words(self.unit.start, self.unit.end)

    @property
    def covered(self) -> float:
        """How much of the question the unit covers, 0 to 1."""
        return self.features[0]

    @property
    def near(self) -> float:
        """Its cosine with the question."""
        return self.features[5]


@dataclass(frozen=True, slots=True)
class _Words:
    """The question's words with a share each (together 1) and their vectors (n x d)."""

    shares: Vectors
    vectors: Vectors


def match(
    query: Query, hits: Sequence[Hit], wanted: Asked, *, rarity: Rarity, nearness: Nearness, embed: Embed
) -> list[Candidate]:
    """The units of the best passages that can stand as statements, best first. `rarity(field, terms)` gives each
    term's inverse frequency, 0 where it occurs nowhere; `nearness(passage id)` each of its units' cosine with the
    question; `embed(words)` their vectors."""
    hits = hits[:PASSAGES]
    weights = _weights(query, hits, rarity)
    words = _question_words(query, rarity, embed)
    judge = _Judge(query.language, wanted, weights, words, nearness, embed)
    found = [one for hit in hits for one in judge.candidates(hit, hits[0].score)]
    top = max((one.score for one in found), default=0.0)
    total = sum(math.exp(one.score - top) for one in found)
    shared = [replace(one, share=round(math.exp(one.score - top) / total, 6)) for one in found]
    return sorted(shared, key=lambda one: (-one.share, one.hit.rank, one.unit.start))


def inverse_frequency(documents: int, frequency: int) -> float:
    """BM25's idf, ln(1 + (N - n + 0.5) / (n + 0.5)); 0 for a term that occurs nowhere."""
    if frequency == 0:
        return 0.0
    return math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5))


def is_quotable(words: str, kind: BlockKind) -> bool:
    """Whether a unit can stand as a statement: not a caption, a bare title, a line that only names a source, or an order
    to a language model."""
    if kind is BlockKind.CAPTION or len(words) < _SHORT_UNIT or is_an_order(words):
        return False
    if kind is BlockKind.HEADING:
        return bool(_CLAUSE.search(words))
    return not names_a_source(words)


def is_ended(words: str) -> bool:
    """Whether words end as a sentence does; the pieces of a slide do not."""
    return bool(_ENDED.search(words))


@lru_cache(maxsize=20_000)
def is_flat(passage: Passage) -> bool:
    """Whether a passage is made of short pieces that are no sentences (a slide, a flattened table): only together they say
    something."""
    pieces = [passage.words(unit.start, unit.end) for unit in passage.units]
    ended = sum(map(is_ended, pieces))
    return sum(map(len, pieces)) / len(pieces) < _SHORT_PIECES and 2 * ended < len(pieces)


def names_a_source(words: str) -> bool:
    """Whether a line only says where something is from."""
    return bool(_SOURCE_LINE.match(words))


def _weights(query: Query, hits: Sequence[Hit], rarity: Rarity) -> dict[str, float]:
    """Each term of the question with its share of the whole (weights add up to 1).

    Over passages in the other language, a word that stands in no report says nothing about whether the answer does;
    names and numbers still do.
    """
    across = sum(hit.passage.language != query.language for hit in hits) > len(hits) / 2
    weights: dict[str, float] = {}
    for field, weighted in weigh(query).by_field().items():
        for (term, weight), rare in zip(weighted.items(), rarity(field, list(weighted)), strict=True):
            absent = rare == 0.0
            if absent and across and (field == "words" or weight < 1.0):
                continue
            weights[f"{field}:{term}"] = weight * (_ABSENT if absent else rare)
    total = sum(weights.values()) or 1.0
    return {term: weight / total for term, weight in weights.items()}


def _question_words(query: Query, rarity: Rarity, embed: Embed) -> _Words:
    """English words as they are written (the embedder knows no stems), Japanese ones by their rarity."""
    plain: dict[str, float] = {}
    if query.language is Language.EN:
        written = (word for word in _ENGLISH_WORD.findall(query.text) if word.lower() not in ENGLISH_STOPWORDS)
        plain = dict.fromkeys(written, 1.0)
    if not plain:
        own = [term for term in query.terms if term.weight == 1.0]
        rare = rarity("words", [term.text for term in own])
        usual = _COMMON_WORD * max([*rare, 1.0])
        plain = {term.text: share or usual for term, share in zip(own, rare, strict=True)}
    mean = sum(plain.values()) / max(1, len(plain))
    plain |= {term.text: term.weight * mean for term in query.terms if term.weight < 1.0}
    shares = np.array(list(plain.values()), dtype=np.float32)
    return _Words(shares / max(float(shares.sum()), 1e-9), embed(list(plain)))


@dataclass(frozen=True, slots=True)
class _Judge:
    """What the units of one question's passages are judged by."""

    language: Language
    wanted: Asked
    weights: Mapping[str, float]
    words: _Words
    nearness: Nearness
    embed: Embed

    def candidates(self, hit: Hit, best: float) -> list[Candidate]:
        """The quotable units of a passage with their features and score; `best` is the first hit's score."""
        passage = hit.passage
        texts = [join_wrapped(passage.said(unit)) for unit in passage.units]
        context = _terms(passage.search_text)
        covered = [_coverage(_terms(text), context, self.weights) for text in texts]
        reach = [self._reach(text) for text in texts]
        meant = [float(one.sum()) for one in reach]
        around = float(self._reach(passage.search_text).sum())
        near = self.nearness(passage.passage_id)
        coefficients = AT_HOME if passage.language == self.language else ABROAD
        found: list[Candidate] = []
        for at, (unit, text) in enumerate(zip(passage.units, texts, strict=True)):
            if not is_quotable(passage.said(unit), unit.kind):
                continue
            beside = slice(max(0, at - 1), at + 2)
            features = (
                covered[at],
                max(covered[beside]),
                meant[at],
                max(meant[beside]),
                around,
                max(0.0, float(near[at])) if at < len(near) else 0.0,
                hit.score / best if best else 0.0,
                self.wanted.held_by(text),
                math.log(1 + len(text)),
            )
            score = sum(weight * feature for weight, feature in zip(coefficients, features, strict=True))
            found.append(Candidate(hit, unit, features, round(score, 6), reach[at]))
        return found

    def _reach(self, text: str) -> Vectors:
        """How far each word of the question is meant in a text (the cosine of its nearest word), times its share."""
        words = _unit_words(text)
        if not words or not len(self.words.shares):
            return np.zeros_like(self.words.shares)
        nearest = (self.words.vectors @ self.embed(words).T).max(axis=1)
        return self.words.shares * np.maximum(nearest, 0.0)


@lru_cache(maxsize=20_000)
def _terms(text: str) -> frozenset[str]:
    found = search_terms(text)
    fields = {"words": found.words, "names": found.names, "quantities": found.quantities}
    return frozenset(f"{field}:{term}" for field, values in fields.items() for term in values)


@lru_cache(maxsize=20_000)
def _unit_words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(terms(text)))


def _coverage(own: frozenset[str], context: frozenset[str], weights: Mapping[str, float]) -> float:
    """The share of the question's weight that a unit covers; what only its heading or passage says counts in part."""
    return sum(w * (1.0 if term in own else _CONTEXT_SHARE if term in context else 0.0) for term, w in weights.items())
