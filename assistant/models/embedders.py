"""Text -> unit vectors. "bilingual" is the model in the box; any sentence-transformers name or local path works too.

Reads model files. The bundled model is a static one (a table of token vectors) that joins Japanese and English; it is
read with numpy and `tokenizers` alone, because importing sentence-transformers costs ten seconds. A fingerprint tells
models apart, so that an index made with one is never searched with another.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ModelError
from assistant.language.text import canonical_newlines
from assistant.models.pieces import tokens_of

Vectors = NDArray[np.float32]
BUNDLED = "bilingual"
BUNDLED_FOLDER = Path(__file__).parent / "bilingual"


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


class StaticEmbedder:
    """A static model (one table of token vectors, 8-bit), read without torch: the mean of a text's rows, at unit length.

    The folder is model2vec's format; a text is cut after `max_length` tokens, as model2vec does.
    """

    def __init__(self, folder: Path = BUNDLED_FOLDER, name: str = BUNDLED) -> None:
        self.name = name
        self.folder = folder
        weights = folder / "model.safetensors"
        self.dimensions = _width(weights)
        checksums = (zlib.crc32(file.read_bytes()) for file in (weights, folder / "tokenizer.json"))
        self.fingerprint = ":".join([name, *(f"{checksum:08x}" for checksum in checksums)])

    @cached_property
    def _table(self) -> NDArray[np.int8]:
        from safetensors.numpy import load_file

        return load_file(self.folder / "model.safetensors")["embeddings"]

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        return Tokenizer.from_file(str(self.folder / "tokenizer.json"))

    @cached_property
    def _token_ids(self) -> Callable[[str], list[int]]:
        return tokens_of(self._tokenizer)

    @property
    def vocabulary(self) -> dict[str, int]:
        """The pieces that texts are cut into, with their rows; commoner ones first within one script."""
        return self._tokenizer.get_vocab()

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder`; questions and passages are treated alike."""
        vectors = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            if ids := self._token_ids(canonical_newlines(text))[: self._longest]:
                vectors[row] = self._table[ids].sum(axis=0, dtype=np.float32)
        return unit_length(vectors)

    def embed_pieces(self, rows: Sequence[int]) -> Vectors:
        """The vectors of pieces of the vocabulary, by their rows: what `embed_passages` gives for their words."""
        return unit_length(self._table[rows].astype(np.float32))

    @cached_property
    def _longest(self) -> int:
        return int(json.loads((self.folder / "config.json").read_text())["max_length"])

    embed_queries = embed_passages


def _width(weights: Path) -> int:
    """The number of columns of a safetensors file's table, from its header alone."""
    with weights.open("rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
    return int(header["embeddings"]["shape"][1])


class SentenceTransformerEmbedder:
    """Any sentence-transformers model by name or path, with the query and passage prompts of its own configuration."""

    def __init__(self, name: str) -> None:
        self.name = name
        try:
            self._model: Any = opened("SentenceTransformer", name)
        except ModelError:
            raise
        except Exception as error:  # whatever a damaged or absent model makes the library raise
            raise ModelError("embedder_missing", name=name, reason=first_line(error)) from error
        self.dimensions = int(self._model.get_embedding_dimension())
        self.fingerprint = f"sentence-transformers:{name}:{self.dimensions}:{files_digest(name)}"

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder`; uses the model's document prompt where it has one."""
        return self._encode(self._model.encode_document, texts)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """See `Embedder`; uses the model's query prompt where it has one."""
        return self._encode(self._model.encode_query, texts)

    def _encode(self, encode: Callable[..., Any], texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        return unit_length(
            encode([canonical_newlines(text) for text in texts], convert_to_numpy=True, show_progress_bar=False)
        )


def opened(kind: str, name: str) -> Any:
    """A model of sentence-transformers (`kind`: the class's name) by name or folder. Errors: ModelError
    sentence_transformers_missing; whatever the library raises where there is no such model."""
    try:
        import sentence_transformers
    except ImportError as error:
        raise ModelError("sentence_transformers_missing", name=name) from error
    local = Path(name).exists()
    return getattr(sentence_transformers, kind)(
        name, device="cpu" if local else None, local_files_only=local or not _hub_answers(name)
    )


def _hub_answers(name: str) -> bool:
    """Whether the hub says anything of a model, asked once: the library tries each file for 23 seconds where it is away."""
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError

    try:
        HfApi().model_info(name, timeout=10)
    except HfHubHTTPError:
        return True
    except Exception:  # no network, or told to be offline; a name that can be none is told by the library
        return False
    return True


def first_line(error: Exception) -> str:
    """What an error says, in one line."""
    return (str(error).splitlines() or [type(error).__name__])[0]


def files_digest(name: str) -> str:
    """A short digest of a local model's files; a hub model is told by its name."""
    folder = Path(name)
    if not folder.is_dir():
        return "hub"
    digest = hashlib.sha256()
    for file in sorted(file for file in folder.rglob("*") if file.is_file()):
        digest.update(file.relative_to(folder).as_posix().encode())
        with file.open("rb") as handle:
            digest.update(hashlib.file_digest(handle, "sha256").digest())
    return digest.hexdigest()[:12]


def unit_length(vectors: Any) -> Vectors:
    """Rows scaled to length 1; a zero row stays zero."""
    vectors = np.asarray(vectors, dtype=np.float32)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)


@cache
def bundled() -> StaticEmbedder:
    """The model in the box; loaded once."""
    return StaticEmbedder()


@cache
def load(model: str) -> Embedder:
    """The embedder of a setting's name; loaded once."""
    return bundled() if model == BUNDLED else SentenceTransformerEmbedder(model)


def embed(texts: Sequence[str]) -> Vectors:
    """Vectors of the bundled model: n x d, unit length."""
    return load(BUNDLED).embed_passages(texts)
