"""Text -> unit vectors. "bilingual" is the model in the box; any sentence-transformers name or local path works too.

Until the bundled bilingual model ships, "bilingual" is a hashed space of character n-grams, name keys and quantities:
it needs no download and no torch, and joins the languages only through names, loanwords and numbers. Its fingerprint
says so, so that an index made with it is never searched with another model.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ModelError
from assistant.language.names import name_keys
from assistant.language.quantities import quantity_terms
from assistant.language.text import fold_text

Vectors = NDArray[np.float32]
BUNDLED = "bilingual"


class Embedder(Protocol):
    """What turns texts into vectors. All vectors are n x `dimensions`, float32, of unit length (or zero if empty)."""

    name: str
    fingerprint: str
    dimensions: int

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts that are to be found."""
        ...

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions."""
        ...


class HashedEmbedder:
    """Signed feature hashing of character 2- and 3-grams, name keys and canonical quantities."""

    name = BUNDLED
    dimensions = 512
    fingerprint = "hashed-ngrams-512/1"

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder`; questions and passages are treated alike."""
        return unit_length(np.stack([self._one(text) for text in texts]) if texts else np.zeros((0, self.dimensions)))

    embed_queries = embed_passages

    def _one(self, text: str) -> Vectors:
        hashes = np.fromiter((zlib.crc32(feature) for feature in _features(text)), dtype=np.uint32)
        buckets = (hashes >> 1) % self.dimensions
        signs = np.where(hashes & 1, 1.0, -1.0)
        counts = np.bincount(buckets, weights=signs, minlength=self.dimensions)
        return (np.sign(counts) * np.sqrt(np.abs(counts))).astype(np.float32)


def _features(text: str) -> Iterator[bytes]:
    folded = "".join(character if character.isalnum() else " " for character in fold_text(text))
    for run in folded.split():
        for size in (2, 3):
            for at in range(len(run) - size + 1):
                yield run[at : at + size].encode()
    for term in [*name_keys(text), *quantity_terms(text)]:
        yield from (f"{term}#{copy}".encode() for copy in range(3))


class SentenceTransformerEmbedder:
    """Any sentence-transformers model by name or path, with the query and passage prompts of its own configuration."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._model = _load_sentence_transformer(name)
        self.dimensions = int(self._model.get_embedding_dimension())
        self.fingerprint = f"sentence-transformers:{name}:{self.dimensions}:{_files_digest(name)}"

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder`; uses the model's document prompt where it has one."""
        return unit_length(self._model.encode_document(list(texts), convert_to_numpy=True, show_progress_bar=False))

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder`; uses the model's query prompt where it has one."""
        return unit_length(self._model.encode_query(list(texts), convert_to_numpy=True, show_progress_bar=False))


def _load_sentence_transformer(name: str) -> Any:
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise ModelError("sentence_transformers_missing", name=name) from error
    try:
        return SentenceTransformer(name, device="cpu" if Path(name).exists() else None)
    except (OSError, ValueError, RuntimeError) as error:
        raise ModelError("embedder_missing", name=name, reason=str(error).splitlines()[0]) from error


def _files_digest(name: str) -> str:
    """A short digest of a local model's file names and sizes; a hub model is told by its name."""
    folder = Path(name)
    if not folder.is_dir():
        return "hub"
    listing = sorted(
        (file.relative_to(folder).as_posix(), file.stat().st_size) for file in folder.rglob("*") if file.is_file()
    )
    return hashlib.sha256(repr(listing).encode()).hexdigest()[:12]


def unit_length(vectors: Any) -> Vectors:
    """Rows scaled to length 1; a zero row stays zero."""
    vectors = np.asarray(vectors, dtype=np.float32)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)


@cache
def load(model: str = BUNDLED) -> Embedder:
    """The embedder of a setting's name; loaded once."""
    return HashedEmbedder() if model == BUNDLED else SentenceTransformerEmbedder(model)


def embed(texts: Sequence[str]) -> Vectors:
    """Vectors of the bundled model: n x d, unit length."""
    return load().embed_passages(texts)
