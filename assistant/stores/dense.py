"""The dense index: FAISS inner product over unit vectors, under ids made from passage ids. Only here is faiss imported."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from assistant.errors import StoreError

Scored = list[tuple[str, float]]
_TIES = 16
_SCALE = 127.0
faiss.omp_set_num_threads(1)  # for one question over 100,000 vectors, threads cost more in waiting than they save


def vector_id(passage_id: str) -> int:
    """A stable positive 63-bit id for a passage id."""
    return int.from_bytes(hashlib.blake2b(passage_id.encode(), digest_size=8).digest(), "big") >> 1


class DenseIndex:
    """Exact search over unit vectors; adding an id again replaces it, deleting really deletes."""

    INDEX_FILE = "dense.faiss"
    IDS_FILE = "dense.ids.json"

    def __init__(self, dimensions: int) -> None:
        self._index = faiss.IndexIDMap2(faiss.IndexFlatIP(dimensions))
        self._passage_ids: dict[int, str] = {}

    def __len__(self) -> int:
        return len(self._passage_ids)

    @property
    def passage_ids(self) -> list[str]:
        """The ids that are in the index, sorted."""
        return sorted(self._passage_ids.values())

    def add(self, passage_ids: Sequence[str], vectors: NDArray[np.float32]) -> None:
        """Add or replace vectors (n x dimensions, unit length)."""
        self.remove(passage_ids)
        ids = np.array([vector_id(passage_id) for passage_id in passage_ids], dtype=np.int64)
        if len(ids):
            self._index.add_with_ids(np.ascontiguousarray(vectors, dtype=np.float32), ids)
            self._passage_ids.update(zip(ids.tolist(), passage_ids, strict=True))

    def remove(self, passage_ids: Iterable[str]) -> None:
        """Delete vectors; ids that are not there are passed over."""
        known = [number for passage_id in passage_ids if (number := vector_id(passage_id)) in self._passage_ids]
        if known:
            self._index.remove_ids(faiss.IDSelectorBatch(np.array(known, dtype=np.int64)))
            for number in known:
                del self._passage_ids[number]

    def search(self, vector: NDArray[np.float32], k: int, is_wanted: Callable[[str], bool] | None = None) -> Scored:
        """The k passages of the highest positive cosine, ties by passage id; only those wanted (by id), exactly."""
        count, only = len(self), None
        if is_wanted is not None:
            wanted = [number for number, passage_id in self._passage_ids.items() if is_wanted(passage_id)]
            count, only = len(wanted), faiss.IDSelectorBatch(np.array(wanted, dtype=np.int64))
        limit = k + _TIES
        while k > 0 and vector.any() and count:
            found = self._nearest(vector, min(limit, count), only)
            if limit >= count or len(found) < limit or found[-1][1] < found[k - 1][1]:
                return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:k]
            limit *= 2  # the k-th is tied with the last: more could be
        return []

    def _nearest(self, vector: NDArray[np.float32], limit: int, only: faiss.IDSelector | None) -> Scored:
        how = faiss.SearchParameters()
        how.sel = only
        scores, ids = self._index.search(vector.reshape(1, -1).astype(np.float32), limit, params=how)
        pairs = [(number, round(score, 6)) for number, score in zip(ids[0].tolist(), scores[0].tolist(), strict=True)]
        return [(self._passage_ids[number], score) for number, score in pairs if number >= 0 and score > 0]

    def vectors(self, passage_ids: Sequence[str]) -> NDArray[np.float32]:
        """The stored vectors of passages that are in the index (n x dimensions)."""
        return self._index.reconstruct_batch(np.array([*map(vector_id, passage_ids)], dtype=np.int64))

    def save(self, folder: Path) -> None:
        """Write the index and its ids into a folder of the caller's."""
        faiss.serialize_index(self._index).tofile(folder / self.INDEX_FILE)
        (folder / self.IDS_FILE).write_text(json.dumps(self.passage_ids), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> DenseIndex:
        """Open what `save` wrote; StoreError when it cannot be read or does not agree with its ids."""
        try:
            passage_ids = json.loads((folder / cls.IDS_FILE).read_text(encoding="utf-8"))
            index = faiss.deserialize_index(np.fromfile(folder / cls.INDEX_FILE, dtype=np.uint8))
        except (OSError, ValueError, RuntimeError) as error:
            raise StoreError("derived_damaged", path=folder / cls.INDEX_FILE, reason=error) from error
        loaded = cls.__new__(cls)
        loaded._index = index
        loaded._passage_ids = {vector_id(passage_id): passage_id for passage_id in passage_ids}
        if index.ntotal != len(loaded._passage_ids):
            raise StoreError("derived_damaged", path=folder / cls.INDEX_FILE, reason="counts differ")
        return loaded


def eight_bit(vectors: NDArray[np.float32]) -> NDArray[np.int8]:
    """Unit vectors in 8 bits; the range is fixed (-1..1), so that it never depends on what else is stored."""
    return np.clip(np.rint(vectors * _SCALE), -127, 127).astype(np.int8)


class UnitVectors:
    """The vectors of every passage's sentences and rows, compact: they re-score what was found and need no index."""

    VECTORS_FILE = "units.i8"
    SPANS_FILE = "units.json"

    def __init__(self, dimensions: int) -> None:
        self._dimensions = dimensions
        self._spans: dict[str, tuple[int, int]] = {}
        self._rows = bytearray()
        self._vectors: NDArray[np.int8] | None = None

    def add(self, passage_id: str, vectors: NDArray[np.int8]) -> None:
        """The 8-bit vectors of one more passage's units, in order; not after something was looked up."""
        at = len(self._rows) // self._dimensions
        self._spans[passage_id] = (at, at + len(vectors))
        self._rows += vectors.tobytes()

    def similarities(self, passage_id: str, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """The cosine of each unit of a passage with a unit vector, in order."""
        start, end = self._spans.get(passage_id, (0, 0))
        return (self._all()[start:end].astype(np.float32) @ vector) / _SCALE

    def best(self, passage_ids: Sequence[str], vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """The cosine of each passage's nearest unit with a unit vector; -1 where a passage has no units."""
        spans = [self._spans.get(passage_id, (0, 0)) for passage_id in passage_ids]
        found = np.full(len(spans), -1.0, dtype=np.float32)
        filled = [at for at, (start, end) in enumerate(spans) if end > start]
        if filled:
            rows = np.concatenate([self._all()[slice(*spans[at])] for at in filled])
            firsts = np.cumsum([0, *(spans[at][1] - spans[at][0] for at in filled[:-1])])
            found[filled] = np.maximum.reduceat(rows.astype(np.float32) @ vector, firsts) / _SCALE
        return found

    def _all(self) -> NDArray[np.int8]:
        if self._vectors is None:
            self._vectors = np.frombuffer(self._rows, dtype=np.int8).reshape(-1, self._dimensions)
        return self._vectors

    def save(self, folder: Path) -> None:
        """Write vectors and spans into a folder of the caller's."""
        (folder / self.VECTORS_FILE).write_bytes(self._rows)
        (folder / self.SPANS_FILE).write_text(json.dumps([self._dimensions, self._spans]), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> UnitVectors:
        """Open what `save` wrote, mapped into memory; StoreError when it cannot be read."""
        try:
            dimensions, spans = json.loads((folder / cls.SPANS_FILE).read_text(encoding="utf-8"))
            loaded = cls(dimensions)
            loaded._spans = spans
            if (folder / cls.VECTORS_FILE).stat().st_size:
                mapped = np.memmap(folder / cls.VECTORS_FILE, dtype=np.int8, mode="r")
                loaded._vectors = np.asarray(mapped).reshape(-1, dimensions)
        except (OSError, ValueError, TypeError) as error:
            raise StoreError("derived_damaged", path=folder / cls.VECTORS_FILE, reason=error) from error
        return loaded
