"""An index folder as readers see it: the catalog and the current generation, reopened when a writer has moved on.

A reader embeds no passage. Missing, stale or damaged derived indexes are rebuilt from the catalog's stored vectors; while
somebody else writes, the old generation serves on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import RLock

from filelock import FileLock, Timeout

from assistant.errors import StoreError
from assistant.stores import generations
from assistant.stores.catalog import FILE_NAME, Catalog
from assistant.stores.generations import Generation
from assistant.stores.vocabulary import WordEmbedder

_LOCK = "writer.lock"
_MOST_IN_MEMORY = 20_000


@contextmanager
def writer_lock(folder: Path, seconds: float) -> Iterator[None]:
    """Hold the folder's writer lock; StoreError when another process still has it after `seconds`."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / _LOCK, timeout=seconds):
            yield
    except Timeout as error:
        raise StoreError("index_locked", path=folder) from error


class Index:
    """Opens lazily. `catalog` and `generation` belong together as far as a reader can tell.

    Threads share one; hold `lock` while using what it gave, so that it is not reopened underneath.
    """

    def __init__(self, folder: Path, *, fingerprint: Mapping[str, str], embedder: WordEmbedder) -> None:
        """`embedder` embeds the words of the vocabulary where the derived indexes have to be made anew."""
        self.folder = folder
        self._fingerprint = fingerprint
        self._embedder = embedder
        self.lock = RLock()
        self._catalog: Catalog | None = None
        self._generation: Generation | None = None
        self._seen: tuple[object, ...] = ()

    @property
    def catalog(self) -> Catalog:
        """The catalog, open for reading."""
        with self.lock:
            self._refresh()
            assert self._catalog is not None
            return self._catalog

    @property
    def generation(self) -> Generation:
        """The derived indexes to search."""
        with self.lock:
            self._refresh()
            if self._generation is None:
                self._generation = self._open_generation()
                self._seen = self._signature()
            return self._generation

    def close(self) -> None:
        """Let go of the files; the next use opens them again."""
        if self._catalog is not None:
            self._catalog.close()
        self._catalog = self._generation = None

    def _signature(self) -> tuple[object, ...]:
        try:
            catalog = (self.folder / FILE_NAME).stat().st_ino
        except OSError:
            catalog = None
        return (catalog, generations.current_name(self.folder))

    def _refresh(self) -> None:
        if self._catalog is not None and self._signature() == self._seen:
            return
        self.close()
        self._catalog = Catalog.open_for_reading(self.folder, self._fingerprint)
        self._seen = self._signature()

    def _open_generation(self) -> Generation:
        assert self._catalog is not None
        found: Generation | None = None
        try:
            found = generations.load(self.folder)
            if found.state == self._catalog.state():
                return found
        except StoreError:
            pass
        try:
            with writer_lock(self.folder, 0):
                return generations.build(self._catalog, self.folder, self._embedder)
        except (StoreError, OSError):  # somebody writes, or we may not
            _, passages = self._catalog.counts()
            if found is not None and passages > _MOST_IN_MEMORY:
                return found
            return generations.build_in_memory(self._catalog, self._embedder)
