"""What else a question's words could be called in the reports: the nearest words of the corpus's own vocabulary. Pure.

A word, and a pair of adjacent words, reaches the words of the other script that are near it in the embedder's space;
numbers do not. A word that nobody knows is taken for the one of the vocabulary that is spelled like it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from assistant.language.tokens import is_dictionary_word, terms
from assistant.retrieval.query import CARRIED, Weights, carried
from assistant.stores.vocabulary import Vocabulary, is_japanese
from assistant.types import Query

MOST_NEAR = 8
LEAST_NEAR = 0.3
PAIR_SHARE = 0.8
SLIP_SHARE = 0.7
SURE_OF_MEANING = 0.45

_LATIN = re.compile(r"[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ0-9]*(?:['’&+./-][A-Za-zÀ-ɏ0-9]+)*")
_PIECES = re.compile(rf"{_LATIN.pattern}|[぀-ヿ㐀-鿿々]+|\S")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a question, or a pair of adjacent ones: as written, the search terms that it is itself, its weight."""

    written: str
    terms: tuple[str, ...]
    weight: float = 1.0
    is_pair: bool = False


def asked(query: Query) -> list[Word]:
    """The words of a question, and those of earlier ones that it leans on, which weigh less."""
    earlier = [word for turn in carried(query.text, query.history) for word in words(turn)]
    found = [*words(query.text), *(replace(word, weight=word.weight * CARRIED) for word in earlier)]
    return list({word.terms: word for word in reversed(found)}.values())[::-1]


def words(text: str) -> list[Word]:
    """The words and adjacent pairs of a text that say something, in order."""
    found: list[Word] = []
    for run in _runs(unicodedata.normalize("NFKC", text)):
        joint = "" if is_japanese(run[0].written) else " "
        found += run
        found += [
            Word(f"{one.written}{joint}{other.written}", (*one.terms, *other.terms), PAIR_SHARE, is_pair=True)
            for one, other in pairwise(run)
        ]
    return found


def _runs(text: str) -> Iterator[list[Word]]:
    """Stretches of words of one script with nothing between them but white space."""
    run: list[Word] = []
    for piece in _PIECES.findall(text):
        own = tuple(terms(piece))
        if own and is_japanese(piece):
            yield from _japanese_runs(piece, own)
        elif own and _LATIN.fullmatch(piece):
            run.append(Word(piece, own))
            continue
        if run:
            yield run
        run = []
    if run:
        yield run


def _japanese_runs(piece: str, own: Sequence[str]) -> Iterator[list[Word]]:
    """Terms that stand side by side in a piece of Japanese text; inflected ones stand alone."""
    run: list[Word] = []
    for term in own:
        if run and run[-1].written + term not in piece:
            yield run
            run = []
        run.append(Word(term, (term,)))
    yield run


def broadened(
    weights: Weights,
    found: Sequence[Word],
    vectors: NDArray[np.float32],
    vocabulary: Vocabulary,
    unknown: Collection[str] = (),
) -> Weights:
    """The weights of a question with what its words, given with their unit vectors (n x d), could be called as well.

    A word that has other names becomes a group with them; each of them weighs as much as it is near. A word whose terms
    are `unknown` to the reports, and that has no meaning either, stands for the one that is spelled like it.
    """
    own = dict(weights.words)
    near = _near(vocabulary, found, vectors)
    slips = {place: word for place, word in enumerate(found) if _is_slip(word, near[place], unknown)}
    meant = {place: like for place, word in slips.items() if (like := vocabulary.spelled_like(word.written))}
    groups: list[Mapping[str, float]] = []
    for place, word in enumerate(found):
        others = {term: cosine * word.weight for term, cosine in near[place]}
        if place in meant:
            term, at = meant[place]
            others = {
                other: cosine * SLIP_SHARE
                for other, cosine in _near(vocabulary, [word], vocabulary.vector(at)[None])[0]
            }
            others[term] = SLIP_SHARE
        if others:
            itself = {} if word.is_pair or word.terms[0] not in own else {word.terms[0]: own.pop(word.terms[0])}
            groups.append({**{term: round(weight, 4) for term, weight in others.items()}, **itself})
    return replace(weights, words=own, groups=tuple(groups))


def _near(vocabulary: Vocabulary, found: Sequence[Word], vectors: NDArray[np.float32]) -> list[list[tuple[str, float]]]:
    other_script = [not is_japanese(word.written) for word in found]
    return vocabulary.nearest(vectors, other_script, MOST_NEAR, LEAST_NEAR)


def _is_slip(word: Word, near: Sequence[tuple[str, float]], unknown: Collection[str]) -> bool:
    """Whether a word could be mistyped: neither the reports nor the dictionary have it, and nothing is near it."""
    if word.is_pair or not all(term in unknown for term in word.terms):
        return False
    means_something = bool(near) and near[0][1] >= SURE_OF_MEANING
    return not means_something and (word.written.isascii() or not is_dictionary_word(word.written))
