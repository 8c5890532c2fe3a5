"""Single words in the embedder's space: their vectors, and for a word of one language the nearest one of the other.

The bundled model was taught by dictionaries, so that its vocabulary is one: of 1,500 common Japanese nouns, 62 % are
pieces of their own, and for nine in ten of those the nearest English piece is a translation in JMdict.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

import numpy as np

from assistant.language.tokens import terms
from assistant.models.embedders import Embedder, StaticEmbedder, Vectors
from assistant.types import Language

NEAREST_ABOVE = 0.4
_COMMON = 0.02
_MOST_KEPT = 30_000
_WRITTEN_IN = {
    Language.EN: re.compile(r"[a-z]{3,}"),
    Language.JA: re.compile(r"[㐀-鿿々]{2,}|[ァ-ヺー]{3,}"),
}


class WordVectors:
    """Vectors of single words, kept for the next question. Not bounded by the corpus: it starts anew when full."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, Vectors] = {}

    def __call__(self, words: Sequence[str]) -> Vectors:
        """The words' vectors, n x d, unit length."""
        known = self._known
        new = [word for word in dict.fromkeys(words) if word not in known]
        if new:
            if len(known) + len(new) > _MOST_KEPT:
                self._known = known = {word: known[word] for word in words if word in known}
            known.update(zip(new, self._embedder.embed_queries(new), strict=True))
        if not words:
            return np.zeros((0, self._embedder.dimensions), dtype=np.float32)
        return np.concatenate([known[word] for word in words]).reshape(len(words), -1)


class Glosses:
    """For a word of the bundled model's vocabulary, the nearest word of the other language."""

    def __init__(self, embedder: StaticEmbedder) -> None:
        self._embedder = embedder
        self._known: dict[tuple[str, Language], str | None] = {}

    def __call__(self, words: Sequence[str], language: Language) -> list[str | None]:
        """Each word's nearest word in `language`; None where the vocabulary lacks it or has nothing near that means it."""
        new = [word for word in dict.fromkeys(words) if (word, language) not in self._known]
        pieces = [word for word in new if word.lower() in self._pieces]
        found = {
            word: gloss for word, gloss in self._nearest(pieces, language).items() if self._means(gloss, word, language)
        }
        self._known.update({(word, language): found.get(word) for word in new})
        return [self._known[word, language] for word in words]

    @cached_property
    def _pieces(self) -> dict[str, int]:
        return self._embedder.vocabulary

    @cached_property
    def _tables(self) -> dict[Language, tuple[list[str], Vectors]]:
        tables: dict[Language, tuple[list[str], Vectors]] = {}
        for language, pattern in _WRITTEN_IN.items():
            words = sorted((piece for piece in self._pieces if pattern.fullmatch(piece)), key=self._pieces.__getitem__)
            tables[language] = (words, self._embedder.embed_pieces([self._pieces[word] for word in words]))
        return tables

    def _means(self, gloss: str, word: str, language: Language) -> bool:
        """Whether a Japanese gloss leads back to the English word: what only begins like it does not (fell)."""
        if language is Language.EN:
            return True
        back = self._nearest([gloss], Language.EN).get(gloss, "")
        return terms(back) == terms(word)

    def _nearest(self, words: Sequence[str], language: Language) -> dict[str, str]:
        """Among equals the commoner word: the vocabulary is in the order of frequency."""
        if not words:
            return {}
        targets, vectors = self._tables[language]
        cosines = self._embedder.embed_passages(words) @ vectors.T
        best = (cosines - _COMMON * np.log(np.arange(1, len(targets) + 1))).argmax(axis=1)
        nearest = cosines[np.arange(len(words)), best]
        return {
            word: targets[at]
            for word, at, cosine in zip(words, best, nearest.tolist(), strict=True)
            if cosine >= NEAREST_ABOVE
        }
