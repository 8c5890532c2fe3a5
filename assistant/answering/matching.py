"""Which sentences and rows of the found passages answer a question: each with how likely it is the best of all.

A unit is judged by how much of the question it covers, in words (rare ones count more) and in meaning word by word, by
its passage, and by whether it holds the kind of fact that is asked for. The weights were fitted on questions with known
evidence (listwise softmax), apart for reports in the question's language and in the other one. Pure.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from sys import intern

import numpy as np
from numpy.typing import NDArray

from assistant.answering.asked import Asked
from assistant.answering.mentioned import Names, mentioned
from assistant.indexing.terms import plain_terms
from assistant.language.orders import is_an_order
from assistant.language.text import join_wrapped
from assistant.language.tokens import ENGLISH_STOPWORDS
from assistant.retrieval.query import weigh
from assistant.types import BlockKind, Hit, Language, Passage, Query, Unit

PASSAGES = 12
FEATURES = ("covered", "beside", "meant", "meant_beside", "meant_around", "near", "found", "kind", "length", "fewer")
AT_HOME = (2.6, 2.7, 1.2, 1.2, 2.4, 1.8, 4.5, 1.2, 0.3, 0.5)
ABROAD = (1.4, -0.2, 4.1, 2.4, 4.8, 3.2, 3.4, 1.5, 0.4, 1.6)
_CONTEXT_SHARE = 0.4
_ABSENT = 3.0
_COMMON_WORD = 0.7
_SHORT_UNIT = 8
_SHORT_PIECES = 40
_READ_KEPT = 1024
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


@dataclass(frozen=True, slots=True)
class _Read:
    """A passage as every question is matched with it: its units' texts and which of them are quotable; the terms and the
    distinct words of each unit and, at the end, of the whole passage."""

    texts: tuple[str, ...]
    quotable: tuple[bool, ...]
    terms: tuple[frozenset[str], ...]
    words: tuple[tuple[str, ...], ...]


def match(
    query: Query,
    hits: Sequence[Hit],
    wanted: Asked,
    *,
    rarity: Rarity,
    nearness: Nearness,
    embed: Embed,
    names: Names = (),
) -> list[Candidate]:
    """The units of the best passages that can stand as statements, best first. `rarity(field, terms)` gives each
    term's inverse frequency, 0 where it occurs nowhere; `nearness(passage id)` each of its units' cosine with the
    question; `embed(words)` their vectors."""
    hits = hits[:PASSAGES]
    weights = _weights(query, hits, rarity)
    read = [_read(hit.passage) for hit in hits]
    reach = iter(_reaches(_question_words(query, rarity, embed), [words for one in read for words in one.words], embed))
    judge = _Judge(query.language, wanted, weights, nearness, hits[0].score if hits else 0.0)
    named = [mentioned(hit.passage.search_text, names) for hit in hits]
    most = max(named, default=0)
    found = [
        one
        for hit, text, count in zip(hits, read, named, strict=True)
        for one in judge.judged(hit, text, [next(reach) for _ in text.words], fewer=most > 1 and count < most)
    ]
    top = max((one[3] for one in found), default=0.0)
    total = sum(math.exp(one[3] - top) for one in found)
    shared = [Candidate(*one, round(math.exp(one[3] - top) / total, 6)) for one in found]
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
    """What the units of one question's passages are judged by; `best` is the first hit's score."""

    language: Language
    wanted: Asked
    weights: Mapping[str, float]
    nearness: Nearness
    best: float

    def judged(
        self, hit: Hit, read: _Read, reach: Sequence[Vectors], *, fewer: bool
    ) -> Iterator[tuple[Hit, Unit, tuple[float, ...], float, Vectors]]:
        """The quotable units of a passage with their features, score and reach, given as far as each text of it reaches;
        `fewer`: another passage has more of the question's names, at least two of them."""
        passage = hit.passage
        covered = [_coverage(terms, read.terms[-1], self.weights) for terms in read.terms[:-1]]
        *meant, around = [float(one.sum()) for one in reach]
        near = self.nearness(passage.passage_id)
        coefficients = AT_HOME if passage.language == self.language else ABROAD
        for at, (unit, text) in enumerate(zip(passage.units, read.texts, strict=True)):
            if not read.quotable[at]:
                continue
            beside = slice(max(0, at - 1), at + 2)
            features = (
                covered[at],
                max(covered[beside]),
                meant[at],
                max(meant[beside]),
                around,
                max(0.0, float(near[at])) if at < len(near) else 0.0,
                hit.score / self.best if self.best else 0.0,
                self.wanted.held_by(text),
                math.log(1 + len(text)),
                -float(fewer),
            )
            score = sum(weight * feature for weight, feature in zip(coefficients, features, strict=True))
            yield hit, unit, features, round(score, 6), reach[at]


def _reaches(asked: _Words, texts: Sequence[Sequence[str]], embed: Embed) -> Vectors:
    """How far each word of the question is meant in each text, given by its words (texts x words of the question): the
    cosine of its nearest word, times its share."""
    reach = np.zeros((len(texts), len(asked.shares)), dtype=np.float32)
    filled = [at for at, words in enumerate(texts) if words]
    if filled and len(asked.shares):
        places = {word: at for at, word in enumerate(dict.fromkeys(chain.from_iterable(texts)))}
        cosines = asked.vectors @ embed(list(places)).T
        columns = cosines[:, [places[word] for at in filled for word in texts[at]]]
        firsts = np.cumsum([0, *(len(texts[at]) for at in filled[:-1])])
        reach[filled] = asked.shares * np.maximum(np.maximum.reduceat(columns, firsts, axis=1), 0.0).T
    return reach


@lru_cache(maxsize=_READ_KEPT)  # one question after the other finds the same
def _read(passage: Passage) -> _Read:
    said = [passage.said(unit) for unit in passage.units]
    texts = tuple(map(join_wrapped, said))
    terms = [plain_terms(text) for text in (*texts, passage.search_text)]
    return _Read(
        texts,
        tuple(is_quotable(words, unit.kind) for words, unit in zip(said, passage.units, strict=True)),
        tuple(frozenset(_by_field(*one)) for one in terms),
        tuple(tuple(dict.fromkeys(words)) for words, _, _ in terms),
    )


def _by_field(*fields: Sequence[str]) -> Iterator[str]:
    """Terms as a question's weights name them; the same string for the same term, wherever it stands."""
    named = zip(("words", "names", "quantities"), fields, strict=True)
    return (intern(f"{field}:{term}") for field, terms in named for term in terms)


def _coverage(own: frozenset[str], context: frozenset[str], weights: Mapping[str, float]) -> float:
    """The share of the question's weight that a unit covers; what only its heading or passage says counts in part."""
    return sum(w * (1.0 if term in own else _CONTEXT_SHARE if term in context else 0.0) for term, w in weights.items())
