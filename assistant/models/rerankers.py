"""The best hits put into a better order by a model that reads question and passage together: off unless it is set.

Reads model files. Any sentence-transformers CrossEncoder with one output, by name or local path; importing it costs ten
seconds, so that nothing is loaded before the first search. A model that cannot be used is an error, never a silent way
back to the order that the searches gave.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Protocol

from assistant.errors import ModelError
from assistant.language.text import canonical_newlines
from assistant.models.embedders import files_digest, first_line, opened
from assistant.types import Contribution, Hit

NONE = "none"
DEPTH = 50
_BATCH = 16


class Reranker(Protocol):
    """What scores passages for a question; higher is better, the scale is its own."""

    name: str
    fingerprint: str

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """One finite score for each text; ModelError when there is none."""
        ...


class CrossEncoderReranker:
    """A sentence-transformers CrossEncoder by name or local path."""

    def __init__(self, name: str) -> None:
        self.name = name
        try:
            self._model = opened("CrossEncoder", name)
        except ModelError:
            raise
        except Exception as error:  # whatever a damaged or absent model makes the library raise
            raise ModelError("reranker_missing", name=name, reason=first_line(error)) from error
        self.fingerprint = f"cross-encoder:{name}:{files_digest(name)}"

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """See `Reranker`; texts longer than the model reads are cut by it."""
        pairs = [(canonical_newlines(question), canonical_newlines(text)) for text in texts]
        try:
            found = self._model.predict(pairs, batch_size=_BATCH, show_progress_bar=False) if pairs else []
            scores = [float(score) for score in found]
        except Exception as error:  # whatever a model makes the library raise, several outputs a pair included
            raise ModelError("reranker_failed", name=self.name, reason=first_line(error)) from error
        if len(scores) != len(pairs) or not all(map(math.isfinite, scores)):
            raise ModelError("reranker_failed", name=self.name, reason="NaN")
        return scores


@cache
def load(model: str) -> Reranker | None:
    """The reranker of a setting's name, loaded once; None where the setting is "none"."""
    return None if model == NONE else CrossEncoderReranker(model)


def rerank(question: str, hits: Sequence[Hit], reranker: Reranker) -> list[Hit]:
    """The hits with the first 50 in the reranker's order, ties as they were; each of these says what it scored.

    The hits' own scores are handed out in the new order, so that they still fall with the rank.
    """
    head, tail = hits[:DEPTH], hits[DEPTH:]
    scored = zip(reranker.scores(question, [hit.passage.search_text for hit in head]), head, strict=True)
    ordered = sorted(((round(score, 6), hit) for score, hit in scored), key=lambda pair: (-pair[0], pair[1].rank))
    found = [
        replace(
            hit, rank=rank, score=place.score, contributions=(*hit.contributions, Contribution("reranker", rank, score))
        )
        for rank, ((score, hit), place) in enumerate(zip(ordered, head, strict=True), start=1)
    ]
    return [*found, *tail]
