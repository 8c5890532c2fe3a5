"""Both searches, fused: each hit says what found it. Reads the index, never writes or embeds passages."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

import numpy as np

from assistant.language.quantities import canonical_terms
from assistant.language.tokens import terms
from assistant.models.embedders import Embedder, Vectors
from assistant.retrieval.expansion import asked, broadened
from assistant.retrieval.query import Weights, weigh
from assistant.retrieval.scope import within
from assistant.stores.generations import Generation
from assistant.stores.index import Index
from assistant.types import Contribution, Hit, Query

DEPTH = 100
PASSAGE_SHARE = 0.3
NEAR_THE_BEST = 0.4
DENSE_AT_HOME, DENSE_ABROAD = 0.35, 1.05

Ranking = list[tuple[str, float]]


class Searcher:
    """Dense and sparse search over one index, by a weighted sum of their scores."""

    def __init__(self, index: Index, embedder: Embedder) -> None:
        self._index = index
        self._embedder = embedder

    def search(self, query: Query, k: int = 10) -> list[Hit]:
        """The k best passages for a question, best first; a passage that no search scored is no hit.

        In a scope both searches look at its reports alone, so that none of their passages is crowded out; what a word
        weighs and could be called as well is taken from the whole index.
        """
        words = asked(query)
        vector, *_ = vectors = self._embedder.embed_queries([query.text, *(word.written for word in words)])
        with self._index.lock:
            generation, catalog = self._index.generation, self._index.catalog
            refs = catalog.refs()
            reports = within(query.scope, refs)
            weights = weigh(query, generation.aliases)
            unknown = _unknown(generation, weights, query)
            broad = broadened(weights, words, vectors[1:], generation.vocabulary, unknown)
            sparse = generation.sparse.search(broad.by_field(), max(k, DEPTH), broad.groups, reports)
            dense = generation.dense.search(vector, max(k, DEPTH), _in(reports))
            rankings = {"sparse": sparse, "dense": _rescored(generation, vector, [*sparse, *dense])}
            fused = fuse(rankings, _shares(weights, unknown), k)
            passages = catalog.passages([passage_id for passage_id, _, _ in fused])
        found = [(passages[i], refs[passages[i].anchor.report_id], s, c) for i, s, c in fused if i in passages]
        return [Hit(passage, ref, rank, score, by) for rank, (passage, ref, score, by) in enumerate(found, start=1)]


def _in(reports: Collection[str] | None) -> Callable[[str], bool] | None:
    return None if reports is None else lambda passage_id: passage_id.partition(":")[0] in reports


def until_scores_drop(hits: Sequence[Hit], least: int) -> list[Hit]:
    """The first hits, and as many more as score near the best: what a question that wants everything is answered from."""
    near = sum(hit.score >= NEAR_THE_BEST * hits[0].score for hit in hits)
    return list(hits[: max(least, near)])


def _rescored(generation: Generation, vector: Vectors, candidates: Ranking) -> Ranking:
    """Candidates of both searches by their own cosine and that of their best unit, best first; none at or below zero."""
    passage_ids = list(dict.fromkeys(passage_id for passage_id, _ in candidates))
    if not vector.any() or not passage_ids:
        return []
    own = generation.dense.vectors(passage_ids) @ vector
    best = generation.units.best(passage_ids, vector)
    best = np.where(best < 0, own, best)
    scores = np.round((PASSAGE_SHARE * own + (1 - PASSAGE_SHARE) * best).astype(np.float64), 6).tolist()
    found = [(passage_id, score) for passage_id, score in zip(passage_ids, scores, strict=True) if score > 0]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def _unknown(generation: Generation, weights: Weights, query: Query) -> frozenset[str]:
    """The words of a question that no passage has; those that write an amount or date which a passage has are known."""
    frequencies = generation.sparse.document_frequencies("words", list(weights.words))
    unknown = {term for term, frequency in zip(weights.words, frequencies, strict=True) if not frequency}
    for one in query.quantities if unknown else ():
        if any(generation.sparse.document_frequencies("quantities", canonical_terms(one))):
            unknown -= set(terms(query.text[one.start : one.end]))
    return frozenset(unknown)


def _shares(weights: Weights, unknown: frozenset[str]) -> dict[str, float]:
    """How much each search counts: the less of a question's words stand in the reports, the more the meaning counts."""
    reach = 1 - len(unknown) / len(weights.words) if weights.words else 0.0
    return {"sparse": 1.0, "dense": DENSE_AT_HOME * reach + DENSE_ABROAD * (1 - reach)}


def fuse(
    rankings: Mapping[str, Ranking], share: Mapping[str, float], k: int | None = None
) -> list[tuple[str, float, tuple[Contribution, ...]]]:
    """The k best (default: all) by the weighted sum of scores, each ranking's best being 1 (a convex combination but for its scale: Bruch et al. 2023).

    Ties go by passage id; the order of the inputs does not matter.
    """
    scores: dict[str, float] = {}
    by: dict[str, list[tuple[str, int, float]]] = {}
    for source, ranking in sorted(rankings.items()):
        for rank, (passage_id, score) in enumerate(ranking, start=1):
            by.setdefault(passage_id, []).append((source, rank, score))
            scores[passage_id] = scores.get(passage_id, 0.0) + share[source] * score / ranking[0][1]
    best = sorted((-round(score, 6), passage_id) for passage_id, score in scores.items())[:k]
    return [(passage_id, -score, tuple(Contribution(*one) for one in by[passage_id])) for score, passage_id in best]
