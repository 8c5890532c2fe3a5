"""Derived indexes on disk: each generation is built beside the old one and becomes current by one atomic rename.

A generation carries a manifest with the catalog state it was made from and a checksum a file. A folder without a
manifest is half-written and is never opened.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from assistant.errors import StoreError
from assistant.language.aliases import AliasTable
from assistant.language.places import ABBREVIATIONS, PLACES
from assistant.stores.catalog import Catalog
from assistant.stores.codec import Terms
from assistant.stores.dense import DenseIndex, UnitVectors
from assistant.stores.sparse import SparseIndex
from assistant.stores.vocabulary import Vocabulary, WordEmbedder

FORMAT = "generation/5"
CURRENT = "current"
FOLDER = "generations"
_MANIFEST = "manifest.json"
_SPARSE = "sparse"
_ALIASES = "aliases.json"
_MOST_READ = 5_000
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Generation:
    """The two searches over one state of the catalog, its vocabulary, and the names that its reports equate."""

    state: str
    dense: DenseIndex
    units: UnitVectors
    sparse: SparseIndex
    aliases: AliasTable
    vocabulary: Vocabulary


def build(catalog: Catalog, folder: Path, embedder: WordEmbedder) -> Generation:
    """Derive a generation from the catalog into `folder`/generations and make it current.

    No passage is embedded, and no word that the generation before has a vector of.
    """
    state = catalog.state()
    name = f"{state[:16]}-{os.getpid()}"
    building = folder / FOLDER / f"building-{name}"
    shutil.rmtree(building, ignore_errors=True)
    (building / _SPARSE).mkdir(parents=True)
    dense, units, words = DenseIndex(embedder.dimensions), UnitVectors(embedder.dimensions), Counter[str]()
    SparseIndex.build(_fed(catalog, dense, units, words), building / _SPARSE)
    dense.save(building)
    units.save(building)
    vocabulary = Vocabulary.build(words, _sample(catalog, dense), embedder, _vocabulary_before(folder))
    vocabulary.save(building)
    pairs = _pairs(catalog)
    (building / _ALIASES).write_text(json.dumps(pairs, ensure_ascii=False), encoding="utf-8")
    _write_manifest(building, state)
    final = folder / FOLDER / name
    shutil.rmtree(final, ignore_errors=True)
    building.replace(final)
    write_atomically(folder / CURRENT, name.encode())
    _remove_others(folder / FOLDER, name)
    return Generation(state, dense, units, SparseIndex.load(final / _SPARSE), AliasTable(*pairs), vocabulary)


def build_in_memory(catalog: Catalog, embedder: WordEmbedder) -> Generation:
    """The same without a trace on disk, for a reader while somebody else writes."""
    dense, units, words = DenseIndex(embedder.dimensions), UnitVectors(embedder.dimensions), Counter[str]()
    sparse = SparseIndex.build(_fed(catalog, dense, units, words))
    vocabulary = Vocabulary.build(words, _sample(catalog, dense), embedder)
    return Generation(catalog.state(), dense, units, sparse, AliasTable(*_pairs(catalog)), vocabulary)


def load(folder: Path) -> Generation:
    """The current generation; StoreError when there is none, or when it is half-written, damaged or of another version."""
    try:
        place = folder / FOLDER / (folder / CURRENT).read_text(encoding="utf-8").strip()
        manifest = json.loads((place / _MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StoreError("derived_missing", path=folder, reason=error) from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise StoreError("derived_version", path=place, expected=FORMAT)
    if not isinstance(manifest.get("state"), str):
        raise StoreError("derived_damaged", path=place, reason=_MANIFEST)
    if _checksums(place) != manifest.get("files"):
        raise StoreError("derived_damaged", path=place, reason="checksum")
    pairs = json.loads((place / _ALIASES).read_text(encoding="utf-8"))
    return Generation(
        str(manifest["state"]),
        DenseIndex.load(place),
        UnitVectors.load(place),
        SparseIndex.load(place / _SPARSE),
        AliasTable(*pairs),
        Vocabulary.load(place),
    )


def current_name(folder: Path) -> str | None:
    """The name of the current generation: cheap, so that a long-lived reader can see when to reopen."""
    try:
        return (folder / CURRENT).read_text(encoding="utf-8").strip()
    except (OSError, ValueError):
        return None


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file so that it is seen whole or not at all, also after a power cut; nothing is left of what failed."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, temporary)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def _pairs(catalog: Catalog) -> list[list[tuple[str, str]]]:
    """The names that mean the same, by common knowledge, the reports and the glossary; and those kept apart."""
    mined = [(alias.name, alias.other) for alias, _ in catalog.aliases()]
    glossary = catalog.glossary()
    same = [(entry.name, entry.other) for entry in glossary if entry.is_same]
    apart = [(entry.name, entry.other) for entry in glossary if not entry.is_same]
    return [list(dict.fromkeys([*PLACES, *ABBREVIATIONS, *mined, *same])), apart]


def _vocabulary_before(folder: Path) -> Vocabulary | None:
    try:
        return load(folder).vocabulary
    except StoreError:
        return None


def _sample(catalog: Catalog, dense: DenseIndex) -> Iterator[str]:
    """The texts of so many passages, evenly spread: enough to see how common words are written."""
    passage_ids = dense.passage_ids[:: 1 + len(dense) // _MOST_READ]
    for start in range(0, len(passage_ids), 500):
        yield from (passage.text for passage in catalog.passages(passage_ids[start : start + 500]).values())


def _fed(catalog: Catalog, dense: DenseIndex, units: UnitVectors, words: Counter[str]) -> Iterator[tuple[str, Terms]]:
    """Every passage's id and terms; on the way its vectors go into `dense` and `units`, and its words are counted.

    A batch of passages is held at a time.
    """
    entries = catalog.entries()
    while batch := list(islice(entries, _BATCH)):
        passage_ids = [entry.passage_id for entry in batch]
        dense.add(passage_ids, np.stack([entry.vector for entry in batch]))
        for entry in batch:
            units.add(entry.passage_id, entry.units)
            words.update(set(entry.terms.words))
            yield entry.passage_id, entry.terms


def _write_manifest(place: Path, state: str) -> None:
    for file in place.rglob("*"):
        if file.is_file():
            _flush(file)
    manifest = {"format": FORMAT, "state": state, "files": _checksums(place)}
    write_atomically(place / _MANIFEST, json.dumps(manifest, indent=1, sort_keys=True).encode())


def _flush(file: Path) -> None:
    with file.open("rb+") as handle:
        os.fsync(handle.fileno())


def _checksums(place: Path) -> dict[str, str]:
    files = (file for file in place.rglob("*") if file.is_file() and _is_checked(file))
    return {file.relative_to(place).as_posix(): _file_checksum(file) for file in sorted(files)}


def _is_checked(file: Path) -> bool:
    return file.name != _MANIFEST and not file.name.endswith((".lock", ".tmp"))


def _file_checksum(file: Path) -> str:
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def _remove_others(folder: Path, keep: str) -> None:
    """Old generations go; one that another process still reads (Windows) goes next time."""
    for place in folder.iterdir():
        if place.name != keep:
            shutil.rmtree(place, ignore_errors=True)
