"""The corpus's own vocabulary: its commonest words with their vectors, so that a word of a question reaches those that
are near in meaning in the other script, or in spelling. Touches files in `save` and `load` alone.

Vectors are in 8 bits with a fixed range, so that a word's own never depends on what else is there.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.errors import StoreError
from assistant.language.text import fold_text
from assistant.language.tokens import terms as terms_of

MOST_WORDS = 30_000
Scored = list[tuple[str, float]]
_SCALE = 127.0
_ROUNDED = 1e-4  # no rounding to four digits changes more
_JAPANESE = re.compile(r"[぀-ヿ㐀-鿿々]")
_WORD = re.compile(r"[^\W\d_]{2,}|[㐀-鿿]")
_WRITTEN = re.compile(r"[A-Za-zÀ-ɏ]{2,}")
_TYPED = re.compile(r"[a-zà-ɏ-]+|[ァ-ヺー]+")
_BATCH = 1024
_SHORTEST, _LONG = 5, 8


class WordEmbedder(Protocol):
    """As much of an embedder as is needed here."""

    @property
    def fingerprint(self) -> str:
        """Tells embedders apart."""
        ...

    @property
    def dimensions(self) -> int:
        """The length of its vectors."""
        ...

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors (n x d) of words and questions."""
        ...


class Vocabulary:
    """Search terms, the commonest first, each with the form in which it was embedded and its vector (n x d, 8 bits)."""

    TERMS_FILE = "vocabulary.json"
    VECTORS_FILE = "vocabulary.npy"

    def __init__(self, terms: Sequence[tuple[str, str]], vectors: NDArray[np.int8], embedder: str) -> None:
        self._terms = [term for term, _ in terms]
        self._written = [written for _, written in terms]
        self._vectors = vectors
        self._embedder = embedder

    def __len__(self) -> int:
        return len(self._terms)

    @classmethod
    def build(
        cls,
        frequencies: Mapping[str, int],
        texts: Iterable[str],
        embedder: WordEmbedder,
        before: Vocabulary | None = None,
    ) -> Vocabulary:
        """The words that stand in most passages ({term: passages}), as `texts` write them where a term is a mere stem.

        What an earlier vocabulary embedded in the same form with the same embedder is not embedded again.
        """
        words = [term for term in frequencies if _WORD.fullmatch(term)]
        words = sorted(words, key=lambda term: (-frequencies[term], term))[:MOST_WORDS]
        forms = _written_forms({term for term in words if not is_japanese(term)}, texts)
        terms = [(term, forms.get(term, term)) for term in words]
        known = before._known(embedder) if before else {}
        new = [written for _, written in terms if written not in known]
        for start in range(0, len(new), _BATCH):
            batch = new[start : start + _BATCH]
            vectors = np.clip(np.rint(embedder.embed_queries(batch) * _SCALE), -127, 127).astype(np.int8)
            known.update(zip(batch, vectors, strict=True))
        rows = [known[written] for _, written in terms]
        return cls(
            terms, np.stack(rows) if rows else np.zeros((0, embedder.dimensions), dtype=np.int8), embedder.fingerprint
        )

    def _known(self, embedder: WordEmbedder) -> dict[str, NDArray[np.int8]]:
        same = self._embedder == embedder.fingerprint
        return dict(zip(self._written, self._vectors, strict=True)) if same else {}

    def nearest(self, vectors: NDArray[np.float32], japanese: Sequence[bool], most: int, least: float) -> list[Scored]:
        """For each unit vector (m x d) at most so many terms of the script asked for, of so high a cosine or higher."""
        found: list[Scored] = [[] for _ in japanese]
        for script in (True, False):
            rows = [row for row, wanted in enumerate(japanese) if wanted is script]
            places, table = self._by_script[script]
            if not rows or not len(places):
                continue
            for row, cosines in zip(rows, vectors[rows] @ table.T, strict=True):
                near = np.flatnonzero(cosines >= max(least, _kth_largest(cosines, most)) - _ROUNDED)
                scored = [
                    (self._terms[places[at]], round(float(cosine), 4))
                    for at, cosine in zip(near, np.round(cosines[near], 4), strict=True)
                    if cosine >= least
                ]
                found[row] = sorted(scored, key=lambda pair: (-pair[1], pair[0]))[:most]
        return found

    def vector(self, place: int) -> NDArray[np.float32]:
        """The unit vector of the word at a place of the vocabulary."""
        return self._vectors[place].astype(np.float32) / _SCALE

    def spelled_like(self, word: str) -> tuple[str, int] | None:
        """The commonest word (term and place) that is one slip of the finger away from a word, or two from a long one.

        A slip leaves out, adds, changes or swaps letters, and never the first one. Words of three katakana or four Latin
        letters are too short to be told from others, and Han are not typed letter by letter.
        """
        word = fold_text(word)
        length = len(word) if _TYPED.fullmatch(word) else 0
        most = 0 if length + is_japanese(word) < _SHORTEST else 1 if length < _LONG else 2
        for slips in range(1, most + 1):
            for place, form in self._by_initial.get(word[:1], ()):
                if abs(len(form) - len(word)) <= slips and edit_distance(word, form, slips) == slips:
                    return self._terms[place], place
        return None

    @cached_property
    def _by_initial(self) -> dict[str, list[tuple[int, str]]]:
        """(place, written form) of the words by first letter, the commonest first; made when first needed."""
        found: dict[str, list[tuple[int, str]]] = {}
        for place, form in enumerate(self._written):
            found.setdefault(form[0], []).append((place, form))
        return found

    @cached_property
    def _by_script(self) -> dict[bool, tuple[NDArray[np.int64], NDArray[np.float32]]]:
        """Places and float vectors of the Japanese terms and of the others, made when first needed."""
        is_ja = np.array([is_japanese(term) for term in self._terms], dtype=bool)
        places = {script: np.flatnonzero(is_ja == script) for script in (True, False)}
        return {script: (at, self._vectors[at].astype(np.float32) / _SCALE) for script, at in places.items()}

    def save(self, folder: Path) -> None:
        """Write terms and vectors into a folder of the caller's."""
        np.save(folder / self.VECTORS_FILE, self._vectors)
        terms = list(zip(self._terms, self._written, strict=True))
        content = {"embedder": self._embedder, "terms": terms}
        (folder / self.TERMS_FILE).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Vocabulary:
        """Open what `save` wrote, mapped into memory; StoreError when it cannot be read."""
        try:
            content = json.loads((folder / cls.TERMS_FILE).read_text(encoding="utf-8"))
            vectors = np.load(folder / cls.VECTORS_FILE, mmap_mode="r")
            return cls(content["terms"], vectors, content["embedder"])
        except (OSError, ValueError, KeyError) as error:
            raise StoreError("derived_damaged", path=folder / cls.VECTORS_FILE, reason=error) from error


def is_japanese(text: str) -> bool:
    """Whether a text has kana or Han in it."""
    return bool(_JAPANESE.search(text))


def edit_distance(one: str, other: str, most: int) -> int:
    """How many letters were left out, added, changed or swapped with the next (Damerau); `most` + 1 where it is more."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, wanted in enumerate(other, 1):
            row.append(min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != wanted)))
            if i > 1 and j > 1 and (letter, one[i - 2]) == (other[j - 2], wanted):
                row[j] = min(row[j], before[j - 2] + 1)
        if min(row) > most:
            return most + 1
        before, last = last, row
    return min(last[-1], most + 1)


def _kth_largest(values: NDArray[np.float32], k: int) -> float:
    return float(np.partition(values, -k)[-k]) if len(values) > k else -1.0


def _written_forms(stems: set[str], texts: Iterable[str]) -> dict[str, str]:
    """The commonest way in which texts write each stem; a stem alone is no word that an embedder knows."""
    counts: dict[str, Counter[str]] = {stem: Counter() for stem in stems}
    words = Counter(word for text in texts for word in _WRITTEN.findall(text)) if stems else Counter[str]()
    for word, count in words.items():
        for term in terms_of(word):
            if term in counts:
                counts[term][word.lower()] += count
    return {stem: max(forms, key=lambda form: (forms[form], form)) for stem, forms in counts.items() if forms}
