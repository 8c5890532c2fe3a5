"""Brings the index up to date with the corpus folder: incremental by content, safe to kill at any moment.

Touches files. One transaction a report; the derived indexes are swapped in at the end. One bad report never stops the
others: it is listed as failed with its reason, and tried again when its bytes change.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from assistant.errors import AssistantError, CorpusError, ReadingError, StoreError
from assistant.indexing import passages as splitter
from assistant.indexing import terms as term_maker
from assistant.indexing.reports import Failure
from assistant.indexing.workers import all_made
from assistant.language import glossary
from assistant.language.text import fold_text
from assistant.models.embedders import Embedder
from assistant.reading import encodings, metadata, reader
from assistant.reading.reader import Limits
from assistant.stores import generations
from assistant.stores.catalog import FILE_NAME, Catalog, FileRow, Gone
from assistant.stores.codec import PackedReport
from assistant.stores.index import writer_lock
from assistant.types import FailedFile, ReportRef, SyncResult

READER_VERSION = "reading/6"
_NOT_YET = frozenset({".doc", ".ppt", ".xls", ".odt", ".odp", ".ods", ".rtf", ".epub"})
_NOT_REPORTS = frozenset({"readme.md", "readme.txt", glossary.FILE_NAME})
_LOCK_SECONDS = 15.0

Progress = Callable[[int, int, str], None]
Notice = Callable[[AssistantError], None]


def fingerprint(embedder: Embedder) -> dict[str, str]:
    """What an index must have been made with to be searched: embedder, terms and passages."""
    return {"embedder": embedder.fingerprint, "terms": term_maker.FINGERPRINT, "passages": splitter.FINGERPRINT}


@dataclass
class _Changes:
    added: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    duplicates: list[str] = field(default_factory=list)
    failed: list[FailedFile] = field(default_factory=list)
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class _SideCars:
    """What is said beside the reports: fields of their `Source` by the report's path, and why a side-car says nothing."""

    facts: Mapping[str, metadata.Facts]
    failed: Mapping[str, FileRow]

    def stamp(self, path: str) -> str:
        """What a report is read with, beside its bytes: when this changes, it is read again."""
        facts = repr(sorted(self.facts[path].items())) if path in self.facts else ""
        return f"{READER_VERSION}+{reader.digest(facts.encode())[:12]}" if facts else READER_VERSION


def sync(
    corpus: Path,
    folder: Path,
    *,
    embedder: Embedder,
    progress: Progress = lambda done, total, path: None,
    notice: Notice = lambda error: None,
    processes: int | None = None,
    limits: Limits | None = None,
) -> SyncResult:
    """Update the index in `folder` from the reports in `corpus`. Returns what changed; failed files do not raise.

    `progress` hears (files done, files in all, path); `notice` hears why an index had to be rebuilt. `processes`: how
    many read reports; None for what the machine has and the work is worth; `limits`: what one file may cost. CorpusError, before anything is changed, when
    the corpus or its glossary cannot be used.
    """
    started = time.perf_counter()
    files = scan(corpus)
    sidecars = _read_sidecars(corpus, files)
    names = read_glossary(corpus)
    with writer_lock(folder, _LOCK_SECONDS):
        catalog = _open(folder, fingerprint(embedder), notice)
        try:
            changes = _apply(catalog, files, sidecars, embedder, progress, processes, limits or Limits())
            superseded = _supersede(catalog)
            if catalog.glossary() != names:
                catalog.set_glossary(names)
            reports, passages = catalog.counts()
            _derive(catalog, folder, embedder)
        finally:
            catalog.close()
    if not files and not changes.removed:
        raise CorpusError("corpus_empty", path=corpus)
    return SyncResult(
        tuple(changes.added),
        tuple(changes.updated),
        tuple(changes.removed),
        tuple(changes.duplicates),
        tuple(superseded),
        changes.unchanged,
        tuple(changes.failed),
        reports,
        passages,
        time.perf_counter() - started,
    )


def scan(corpus: Path) -> dict[str, Path]:
    """The files of the corpus by stored path, sorted. Hidden files, pipes, and links that lead out are left out."""
    if not corpus.exists():
        raise CorpusError("corpus_missing", path=corpus)
    if not corpus.is_dir():
        raise CorpusError("corpus_not_a_folder", path=corpus)
    return _walk(corpus, _is_report)


def read_glossary(corpus: Path) -> tuple[glossary.Entry, ...]:
    """The entries of the glossary beside the reports, none where there is no such file; CorpusError names the line."""
    path = next((path for path in sorted(corpus.glob("*")) if path.name.lower() == glossary.FILE_NAME), None)
    if path is None:
        return ()
    try:
        data = reader.read_bytes(path)
        return glossary.parse(encodings.decode(data, path.name), path) if data.strip() else ()
    except ReadingError as error:
        raise CorpusError("glossary_unreadable", path=path, reason=error.values.get("reason", error.code)) from error


def _read_sidecars(corpus: Path, files: Iterable[str]) -> _SideCars:
    """The side-cars of the reports at these paths; one that cannot be read leaves its report as it is."""
    found = _walk(corpus, lambda name: name.lower().endswith(metadata.SUFFIX))
    read: dict[str, metadata.Facts] = {}
    failed: dict[str, FileRow] = {}
    for path, file in found.items():
        try:
            read[path] = metadata.parse(reader.read_bytes(file), file.name)
        except ReadingError as error:
            failed[path] = FileRow(path, "", "failed", code=error.code, values=tuple(error.values.items()))
    own = {path: next((name for name in metadata.names(path) if name in found), "") for path in files}
    return _SideCars({path: read[name] for path, name in own.items() if name in read}, failed)


def _is_report(name: str) -> bool:
    suffix = Path(name).suffix.lower()
    return (reader.is_readable(Path(name)) or suffix in _NOT_YET) and name.lower() not in _NOT_REPORTS


def _walk(corpus: Path, is_wanted: Callable[[str], bool]) -> dict[str, Path]:
    root = corpus.resolve()
    found: dict[str, Path] = {}
    for folder, names, files in os.walk(corpus):
        names[:] = sorted(name for name in names if not name.startswith("."))
        for name in sorted(files):
            path = Path(folder, name)
            is_pipe = path.exists() and not path.is_file()  # or a device: reading one may never end
            if (
                is_wanted(name)
                and not name.startswith((".", "~$"))
                and not is_pipe
                and path.resolve().is_relative_to(root)
            ):
                found[str(reader.corpus_path(path, corpus))] = path
    return dict(sorted(found.items()))


def _open(folder: Path, wanted: Mapping[str, str], notice: Notice) -> Catalog:
    """The catalog, made anew when what is there cannot be used."""
    try:
        catalog = Catalog.open_for_writing(folder, wanted)
        for path in catalog.damaged():
            notice(StoreError("report_damaged", path=path))
            catalog.remove(path)
        return catalog
    except StoreError as error:
        if error.code == "index_unusable":
            raise
        notice(error)
    gone = _remembered(folder)
    for name in (FILE_NAME, f"{FILE_NAME}-wal", f"{FILE_NAME}-shm"):
        (folder / name).unlink(missing_ok=True)
    catalog = Catalog.open_for_writing(folder, wanted)
    catalog.bury(gone)
    return catalog


def _remembered(folder: Path) -> list[Gone]:
    """What a catalog that cannot be used any more says is gone, where it can be read at all."""
    try:
        with closing(Catalog.open_for_reading(folder, {})) as catalog:
            return list(catalog.gone().values())
    except StoreError:
        return []


def _apply(
    catalog: Catalog,
    files: Mapping[str, Path],
    sidecars: _SideCars,
    embedder: Embedder,
    progress: Progress,
    processes: int | None,
    limits: Limits,
) -> _Changes:
    changes = _Changes()
    hashes = {path: _sha256_or_none(file, limits) for path, file in files.items()}
    owners = _owners(hashes)
    before = catalog.files()
    moved = _moves(before, owners)
    if moved:
        catalog.rename(moved)
    known = catalog.files()
    for path in sorted(known.keys() - files.keys() - sidecars.failed.keys()):
        catalog.remove(path)
    changes.removed = sorted(
        path
        for path in before.keys() - files.keys()
        if not path.lower().endswith(metadata.SUFFIX) and (path not in moved or moved[path] in before)
    )
    standing = {path for path, sha256 in hashes.items() if sha256 and owners[sha256] != path}
    stamps = {path: sidecars.stamp(path) for path in files}
    new = {
        path: file
        for path, file in files.items()
        if path not in standing and not _is_known(known, path, hashes[path], stamps[path], limits)
    }
    with closing(all_made(new, embedder, processes, sidecars.facts, limits)) as made:
        for number, path in enumerate(files):
            progress(number, len(files), path)
            if path in new:
                made_of_it, is_new = next(made), path not in known
                stamp = _failed_with(stamps[path], limits) if isinstance(made_of_it, Failure) else stamps[path]
                _put(catalog, path, hashes[path], stamp, made_of_it, changes, is_new=is_new)
            elif path in moved.values():
                changes.updated.append(path)
            elif path in standing:
                _record_duplicate(catalog, path, hashes[path] or "", known.get(path), changes)
            elif known[path].state == "failed":
                changes.failed.append(FailedFile(path, known[path].code or "", known[path].values))
            else:
                changes.unchanged += 1
    for path, row in sidecars.failed.items():
        if known.get(path) != row:
            catalog.put_file(row)
        changes.failed.append(FailedFile(path, row.code or "", row.values))
    progress(len(files), len(files), "")
    return changes


def _is_known(known: Mapping[str, FileRow], path: str, sha256: str | None, stamp: str, limits: Limits) -> bool:
    """Whether nothing has to be made of a file: these bytes were read, or could not be read, in the same way."""
    row = known.get(path)
    if row is None or row.state == "duplicate":
        return False
    return (row.sha256, row.reader) == (sha256, _failed_with(stamp, limits) if row.state == "failed" else stamp)


def _failed_with(stamp: str, limits: Limits) -> str:
    """What a file failed under: with other limits it is tried again."""
    return f"{stamp} {limits.megabytes}/{limits.pages}/{limits.seconds:g}"


def _owners(hashes: Mapping[str, str | None]) -> dict[str, str]:
    """Which path stands for the files of the same bytes: the first, whatever happened before."""
    owners: dict[str, str] = {}
    for path in sorted(hashes):
        sha256 = hashes[path]
        if sha256 is not None:
            owners.setdefault(sha256, path)
    return owners


def _moves(known: Mapping[str, FileRow], owners: Mapping[str, str]) -> dict[str, str]:
    """Reports whose bytes stand at another path now ({old: new}): they are renamed before anything else is done."""
    reports = {path: row for path, row in known.items() if row.state == "report"}
    return {path: owners[row.sha256] for path, row in reports.items() if owners.get(row.sha256, path) != path}


def _sha256_or_none(file: Path, limits: Limits) -> str | None:
    try:
        return reader.digest(reader.read_bytes(file, limits))
    except ReadingError:
        return None


def _put(
    catalog: Catalog,
    path: str,
    sha256: str | None,
    stamp: str,
    made: PackedReport | Failure,
    changes: _Changes,
    *,
    is_new: bool,
) -> None:
    if isinstance(made, Failure):
        row = FileRow(path, sha256 or "", "failed", code=made.code, values=made.values, reader=stamp)
        catalog.put_file(row)
        changes.failed.append(FailedFile(path, made.code, made.values))
    else:
        catalog.put_report(made, stamp)
        (changes.added if is_new else changes.updated).append(path)


def _record_duplicate(catalog: Catalog, path: str, sha256: str, before: FileRow | None, changes: _Changes) -> None:
    changes.duplicates.append(path)
    row = FileRow(path, sha256, "duplicate")
    if before != row:
        catalog.put_file(row)


def _supersede(catalog: Catalog) -> list[str]:
    """A digest steps back when the original it was made from is there (same title), so that no fact is cited twice."""
    refs = catalog.refs(active_only=False)
    originals = {_title_key(ref.title) for ref in refs.values() if not ref.source.digest_of}
    active = {report_id: not _is_superseded(ref, originals) for report_id, ref in refs.items()}
    current = catalog.refs()
    if any(now != (report_id in current) for report_id, now in active.items()):
        catalog.set_active(active)
    return sorted(str(refs[report_id].path) for report_id, now in active.items() if not now)


def _is_superseded(ref: ReportRef, originals: set[str]) -> bool:
    return bool(ref.source.digest_of) and _title_key(ref.source.digest_of or "") in originals


def _title_key(title: str) -> str:
    return "".join(character for character in fold_text(title) if character.isalnum())


def _derive(catalog: Catalog, folder: Path, embedder: Embedder) -> None:
    try:
        if generations.load(folder).state == catalog.state():
            return
    except StoreError:
        pass
    generations.build(catalog, folder, embedder)
