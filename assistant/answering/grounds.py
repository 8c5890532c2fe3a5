"""What answers are made and checked with, taken from one index and its embedder: names, rarity, nearness, spellings.

Reads the stores and loads models.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache, lru_cache

import numpy as np

from assistant.answering.extract import Ground
from assistant.answering.facts import Reader
from assistant.answering.matching import Rarity, inverse_frequency
from assistant.answering.verify import Verifier
from assistant.indexing.terms import CERTAIN, MAKER
from assistant.language.entities import named_entities
from assistant.language.names import LATIN_WORD, name_key
from assistant.models.embedders import Embedder, bundled
from assistant.models.words import Glosses, WordVectors
from assistant.retrieval.query import carried
from assistant.stores.index import Index
from assistant.stores.sparse import SparseIndex
from assistant.types import Language, Passage, Query, ReportRef

_SPELLED_IN = 20
_VECTORS_KEPT = 4096  # the sentences of a passage are compared with each claim that cites it


class Grounds:
    """`reports`: all that are searched; a question is put to the `chosen` ones of them."""

    def __init__(self, index: Index, embedder: Embedder, reports: Callable[[], Sequence[ReportRef]]) -> None:
        self._index = index
        self._embedder = embedder
        self._reports = reports
        self._vector = lru_cache(maxsize=_VECTORS_KEPT)(lambda text: embedder.embed_passages([text])[0])

    def of(self, query: Query, chosen: Callable[[], Sequence[ReportRef]]) -> Ground:
        """What an answer without a language model may ask of the index and the models."""
        sparse = self._index.generation.sparse
        return Ground(
            rarity=_rarity(sparse),
            rarest=inverse_frequency(len(sparse), 1),
            nearness=self._nearness(query),
            embed=_word_vectors(self._embedder),
            verifier=self.verifier(),
            reader=self._reader,
            passages=self.passages,
            reports=chosen,
        )

    def passages(self, report_id: str) -> list[Passage]:
        """The passages of a report, in order."""
        with self._index.lock:
            return self._index.catalog.passages_of(report_id)

    def verifier(self) -> Verifier:
        """What checks claims against passages, with the names that the reports know and equate."""
        generation, publishers = self._index.generation, self._publishers()

        def is_known(key: str) -> bool:
            return generation.sparse.document_frequencies("entities", [CERTAIN + key])[0] > 0

        def is_publisher(key: str) -> bool:
            return key in publishers or generation.sparse.document_frequencies("entities", [MAKER + key])[0] > 0

        def similar(claim: str, texts: Sequence[str]) -> list[float]:
            return (np.stack([self._vector(text) for text in texts]) @ self._vector(claim)).tolist() if texts else []

        return Verifier(generation.aliases, is_known, similar, is_publisher)

    def _publishers(self) -> frozenset[str]:
        sources = [ref.source for ref in self._reports()]
        words = " ".join(part for source in sources for part in (source.publisher, source.author, source.title) if part)
        return _named_in(words)

    def _reader(self, language: Language, question: str) -> Reader:
        return Reader(language, question, self._index.generation.aliases, self._spelling, glosses())

    def _spelling(self, name: str) -> str | None:
        """How the reports spell a katakana name in Latin letters, most of them, if one passage does."""
        key = name_key(name)
        if not key:
            return None
        with self._index.lock:
            found = self._index.generation.sparse.search({"names": {key: 1.0}}, _SPELLED_IN)
            passages = self._index.catalog.passages([passage_id for passage_id, _ in found])
        words = (word for passage in passages.values() for word in LATIN_WORD.findall(passage.text))
        spelled = Counter(word for word in words if word[0].isupper() and name_key(word) == key)
        return spelled.most_common(1)[0][0] if spelled else None

    def _nearness(self, query: Query) -> Callable[[str], Sequence[float]]:
        leant_on = reversed(carried(query.text, query.history))
        vector = self._embedder.embed_queries([" ".join((*leant_on, query.text))])[0]
        units = self._index.generation.units
        return lambda passage_id: units.similarities(passage_id, vector).tolist()


def _rarity(sparse: SparseIndex) -> Rarity:
    return lambda field, terms: [
        inverse_frequency(len(sparse), frequency) for frequency in sparse.document_frequencies(field, terms)
    ]


@lru_cache(maxsize=1)  # the reports' bylines are the same at every question
def _named_in(words: str) -> frozenset[str]:
    return frozenset(entity.key for entity in named_entities(words))


@cache
def _word_vectors(embedder: Embedder) -> WordVectors:
    return WordVectors(embedder)


@cache
def glosses() -> Glosses:
    """Words of the model in the box, whatever embedder searches."""
    return Glosses(bundled())
