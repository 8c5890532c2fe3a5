"""The sparse index: BM25 (tantivy) over words, name keys and canonical quantities; also who is named where. Only here is tantivy imported."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import tantivy

from assistant.errors import StoreError
from assistant.stores.codec import Terms

FIELDS = ("words", "names", "quantities", "entities")
Scored = list[tuple[str, float]]
_ID, _REPORT = "passage_id", "report_id"
_ANALYZER = "as_given"
_TIE_BREAKER = 0.1
_HEAP_BYTES = 128_000_000
_SPACE = str.maketrans({" ": "_", "\t": "_", "\n": "_", "　": "_"})


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(_ID, stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field(_REPORT, stored=False, tokenizer_name="raw", index_option="basic")
    for field in FIELDS:
        builder.add_text_field(field, stored=False, tokenizer_name=_ANALYZER, index_option="freq")
    return builder.build()


class SparseIndex:
    """BM25 with a weight for every query term; a passage that scores zero is not found at all."""

    def __init__(self, index: Any) -> None:
        index.register_tokenizer(_ANALYZER, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
        self._index = index
        self._schema = index.schema

    @classmethod
    def build(cls, entries: Iterable[tuple[str, Terms]], folder: Path | None = None) -> SparseIndex:
        """Index (passage id, terms) pairs, in memory or in an existing empty folder."""
        schema = _schema()
        index = tantivy.Index(schema, path=str(folder)) if folder else tantivy.Index(schema)
        built = cls(index)
        writer = index.writer(heap_size=_HEAP_BYTES, num_threads=1)
        for passage_id, terms in entries:
            document = tantivy.Document()
            document.add_text(_ID, passage_id)
            document.add_text(_REPORT, passage_id.partition(":")[0])
            for field in FIELDS:
                document.add_text(field, " ".join(term.translate(_SPACE) for term in getattr(terms, field)))
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        return built

    @classmethod
    def load(cls, folder: Path) -> SparseIndex:
        """Open a folder that `build` filled; StoreError when it cannot be read."""
        try:
            return cls(tantivy.Index.open(str(folder)))
        except (ValueError, OSError) as error:
            raise StoreError("derived_damaged", path=folder, reason=error) from error

    def __len__(self) -> int:
        return int(self._index.searcher().num_docs)

    def search(
        self,
        weights: Mapping[str, Mapping[str, float]],
        k: int,
        groups: Sequence[Mapping[str, float]] = (),
        reports: Collection[str] | None = None,
    ) -> Scored:
        """The k best passages for {field: {term: weight}}, ties by passage id; of these `reports` (ids) alone where they
        are given: how rare a term is, is reckoned over the whole index all the same.

        A group is one word of the question under several names ({term: weight} in the field of words): a passage gains by
        the best of them alone, and they are as rare as all of them together (Pirkola 1998), lest a foreign word count
        for much because hardly any passage is in its language.
        """
        query = self._query(weights, groups)
        if query is None or k <= 0:
            return []
        if reports is not None:
            only = tantivy.Query.term_set_query(self._schema, _REPORT, sorted(reports))
            unscored = tantivy.Query.const_score_query(only, 0.0)
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.Must, unscored)])
        searcher = self._index.searcher()
        limit = k
        while True:
            hits = searcher.search(query, limit=limit).hits
            complete = len(hits) < limit or round(hits[-1][0], 4) < round(hits[k - 1][0], 4)
            if complete:
                break
            limit *= 2
        scored = [(searcher.doc(address)[_ID][0], round(score, 4)) for score, address in hits]
        found = [(passage_id, score) for passage_id, score in scored if score > 0]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:k]

    def document_frequencies(self, field: str, terms: Sequence[str]) -> list[int]:
        """In how many passages each term occurs."""
        searcher = self._index.searcher()
        return [int(searcher.doc_freq(field, term.translate(_SPACE))) for term in terms]

    def _query(self, weights: Mapping[str, Mapping[str, float]], groups: Sequence[Mapping[str, float]]) -> Any:
        queries = [
            tantivy.Query.boost_query(self._term(field, term), weight)
            for field, terms in weights.items()
            for term, weight in terms.items()
            if weight > 0
        ]
        queries += [self._any_of(group) for group in groups if group]
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, one) for one in queries]) if queries else None

    def _any_of(self, group: Mapping[str, float]) -> Any:
        frequencies = dict(zip(group, self.document_frequencies("words", list(group)), strict=True))
        together = self._rarity(sum(weight * frequencies[term] for term, weight in group.items()))
        boosts = {term: weight * min(1.0, together / self._rarity(frequencies[term])) for term, weight in group.items()}
        names = [tantivy.Query.boost_query(self._term("words", term), boost) for term, boost in boosts.items()]
        return tantivy.Query.disjunction_max_query(names, _TIE_BREAKER)

    def _rarity(self, frequency: float) -> float:
        """BM25's inverse document frequency, as tantivy reckons it."""
        count = len(self)
        return math.log(1 + (count - min(frequency, count) + 0.5) / (min(frequency, count) + 0.5))

    def _term(self, field: str, term: str) -> Any:
        return tantivy.Query.term_query(self._schema, field, term.translate(_SPACE), index_option="freq")
