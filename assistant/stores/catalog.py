"""The catalog: one SQLite file that is the truth about the corpus. The search indexes are derived from it.

One transaction a report, so that a kill loses one report at most. SQLite does not notice flipped bytes in what it
stores, so every report and every passage carries a checksum of its own. What is gone leaves its id, its path and the
day; while it was only replaced, and not too long ago, also its text, in which quoted words can be looked up.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from assistant.errors import StoreError
from assistant.language.aliases import Alias
from assistant.language.glossary import Entry as GlossaryEntry
from assistant.stores.codec import (
    PackedReport,
    Terms,
    checksum,
    pack,
    unpack,
    unpack_passage,
    unpack_report,
    unpack_terms,
)
from assistant.types import Passage, Report, ReportRef, Source

SCHEMA_VERSION = 2
FILE_NAME = "catalog.db"
_GLOSSARY = "glossary"
_T = TypeVar("_T")
_ENVIRONMENT = ("unable to open", "readonly", "read-only", "locked", "full", "disk I/O", "permission")
_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE files (
    path TEXT PRIMARY KEY, sha256 TEXT NOT NULL, state TEXT NOT NULL, report_id TEXT, code TEXT, details BLOB, reader TEXT
);
CREATE TABLE reports (
    report_id TEXT PRIMARY KEY, path TEXT NOT NULL, sha256 TEXT NOT NULL, source BLOB NOT NULL, payload BLOB NOT NULL,
    passages INTEGER NOT NULL, active INTEGER NOT NULL, checksum TEXT NOT NULL
);
CREATE TABLE passages (
    passage_id TEXT PRIMARY KEY, report_id TEXT NOT NULL REFERENCES reports ON DELETE CASCADE, ordinal INTEGER NOT NULL,
    payload BLOB NOT NULL, terms BLOB NOT NULL, vector BLOB NOT NULL, units BLOB NOT NULL, checksum TEXT NOT NULL
);
CREATE TABLE aliases (
    report_id TEXT NOT NULL REFERENCES reports ON DELETE CASCADE, name TEXT NOT NULL, other TEXT NOT NULL,
    start INTEGER NOT NULL, end INTEGER NOT NULL
);
CREATE INDEX aliases_by_report ON aliases (report_id);
CREATE INDEX passages_by_report ON passages (report_id, ordinal);
CREATE INDEX reports_by_path ON reports (path);
"""
_MOST_TEXTS = 200  # of replaced reports
_FOLLOWED = "UPDATE gone SET successor = new.report_id WHERE path = new.path AND successor IS NULL"
_GONE = f"""
CREATE TABLE IF NOT EXISTS gone (report_id TEXT PRIMARY KEY, path TEXT NOT NULL, day TEXT NOT NULL, successor TEXT, payload BLOB);
CREATE TRIGGER IF NOT EXISTS report_goes AFTER DELETE ON reports BEGIN
    INSERT OR REPLACE INTO gone VALUES (old.report_id, old.path, date('now', 'localtime'), NULL, old.payload);
    UPDATE gone SET payload = NULL WHERE rowid <= (SELECT MAX(rowid) FROM gone) - {_MOST_TEXTS};
END;
CREATE TRIGGER IF NOT EXISTS report_comes AFTER INSERT ON reports BEGIN
    DELETE FROM gone WHERE report_id = new.report_id; {_FOLLOWED};
END;
CREATE TRIGGER IF NOT EXISTS report_moves AFTER UPDATE OF path ON reports BEGIN {_FOLLOWED}; END;
"""
_REMOVED = """
UPDATE gone SET payload = NULL WHERE payload IS NOT NULL AND (successor IS NULL OR successor NOT IN
    (SELECT report_id FROM reports UNION SELECT report_id FROM gone WHERE payload IS NOT NULL))
"""


@dataclass(frozen=True, slots=True)
class FileRow:
    """What is known of one file of the corpus. `state`: report | duplicate | failed.

    `values` are those of a failed file's message `code`; of a report they are notes on its quality, (message, where).
    """

    path: str
    sha256: str
    state: str
    report_id: str | None = None
    code: str | None = None
    values: tuple[tuple[str, str], ...] = ()
    reader: str | None = None


@dataclass(frozen=True, slots=True)
class Gone:
    """A report that was removed, or replaced by another at its path (`successor`: its id), and when (ISO 8601, local)."""

    report_id: str
    path: str
    day: str
    successor: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One passage as the derived indexes need it; `units` are its units' vectors in 8 bits (u x d)."""

    passage_id: str
    terms: Terms
    vector: NDArray[np.float32]
    units: NDArray[np.int8]


def _report_checksum(path: str, sha256: str, payload: bytes, source: bytes) -> str:
    return checksum(path.encode(), sha256.encode(), payload, source)


class Catalog:
    """Open with `open_for_reading` or `open_for_writing`; both check version and fingerprint."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._db = connection
        self._path = path
        self._is_still = False
        self._refs: dict[bool, dict[str, ReportRef]] = {}

    @classmethod
    def open_for_reading(cls, folder: Path, fingerprint: Mapping[str, str]) -> Catalog:
        """The catalog of an index folder as it stands now; later writes are not seen.

        StoreError says whether it is missing, half-written, damaged or of another kind.
        """
        path = folder / FILE_NAME
        if not path.is_file():
            raise StoreError("index_missing", path=folder)
        catalog = cls(_connect(path, read_only=True), path)
        try:
            catalog._check(fingerprint)
            catalog._db.execute("BEGIN")  # from here on a reader sees one state, whatever is written meanwhile
            catalog.counts()
            catalog._is_still = True
        except StoreError:
            catalog.close()
            raise
        return catalog

    @classmethod
    def open_for_writing(cls, folder: Path, fingerprint: Mapping[str, str]) -> Catalog:
        """The same, made when it is not there. The caller holds the writer's lock."""
        path = folder / FILE_NAME
        is_new = not path.exists()
        catalog = cls(_connect(path, read_only=False), path)
        try:
            if is_new:
                catalog._create(fingerprint)
            catalog._check(fingerprint)
            with catalog._translated():
                catalog._db.executescript(_GONE)
        except StoreError:
            catalog.close()
            raise
        return catalog

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _create(self, fingerprint: Mapping[str, str]) -> None:
        with self._transaction():
            for statement in _SCHEMA.split(";"):
                self._db.execute(statement)
            rows = {"schema": str(SCHEMA_VERSION), **fingerprint}
            self._db.executemany("INSERT INTO meta VALUES (?, ?)", rows.items())

    def _check(self, fingerprint: Mapping[str, str]) -> None:
        with self._translated():
            tables = {name for (name,) in self._db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if not {"meta", "files", "reports", "passages", "aliases"} <= tables:
                raise StoreError("index_half_written", path=self._path)
            meta = dict(self._db.execute("SELECT key, value FROM meta"))
        if meta.get("schema") != str(SCHEMA_VERSION):
            raise StoreError("index_version", path=self._path, found=meta.get("schema", "?"), expected=SCHEMA_VERSION)
        for key, expected in fingerprint.items():
            if meta.get(key) != expected:
                raise StoreError(
                    "index_fingerprint", path=self._path, part=key, found=meta.get(key, "?"), expected=expected
                )

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.OperationalError as error:
            if "no such table" in str(error) or "no such column" in str(error):
                raise StoreError("index_half_written", path=self._path) from error
            code = "index_unusable" if any(word in str(error) for word in _ENVIRONMENT) else "index_damaged"
            raise StoreError(code, path=self._path, reason=error) from error
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            raise StoreError("index_damaged", path=self._path, reason=error) from error

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._translated():
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                self._db.execute("ROLLBACK")
                raise

    def _all(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        with self._translated():
            return self._db.execute(query, values).fetchall()

    def _one(self, query: str, *values: object) -> tuple[Any, ...] | None:
        with self._translated():
            return self._db.execute(query, values).fetchone()

    # What is in it

    def files(self) -> dict[str, FileRow]:
        """Every file of the corpus that was seen, by path."""
        rows = self._all("SELECT path, sha256, state, report_id, code, details, reader FROM files ORDER BY path")
        return {
            path: FileRow(path, sha256, state, report_id, code, self._guard(_values, details), reader)
            for path, sha256, state, report_id, code, details, reader in rows
        }

    def refs(self, active_only: bool = True) -> Mapping[str, ReportRef]:
        """The reports by id, without their texts; read once where the catalog is open for reading."""
        if active_only not in self._refs or not self._is_still:
            self._refs[active_only] = self._read_refs(active_only)
        return self._refs[active_only]

    def _read_refs(self, active_only: bool) -> dict[str, ReportRef]:
        where = "WHERE active" if active_only else ""
        rows = self._all(f"SELECT report_id, path, source FROM reports {where} ORDER BY path")
        return {row[0]: ReportRef(row[0], PurePosixPath(row[1]), Source(**self._guard(unpack, row[2]))) for row in rows}

    def report(self, report_id: str) -> Report | None:
        """One report whole, or None; StoreError when its checksum does not fit."""
        row = self._one("SELECT path, sha256, payload, source, checksum FROM reports WHERE report_id = ?", report_id)
        if row is None:
            return None
        path, sha256, payload, source, expected = row
        if _report_checksum(path, sha256, payload, source) != expected:
            raise StoreError("index_damaged", path=self._path, reason=f"checksum of {path}")
        report = self._guard(lambda data: unpack_report(report_id, path, sha256, data), payload)
        return replace(report, source=Source(**self._guard(unpack, source)))

    def passages(self, passage_ids: Sequence[str]) -> dict[str, Passage]:
        """Passages by id; ids that are not there (any more) are left out."""
        rows = self._verified(f"passage_id IN ({','.join('?' * len(passage_ids))})", *passage_ids)
        return {row[0]: self._guard(unpack_passage, row[1]) for row in rows}

    def passages_of(self, report_id: str) -> list[Passage]:
        """The passages of a report in reading order."""
        rows = self._all("SELECT payload FROM passages WHERE report_id = ? ORDER BY ordinal", report_id)
        return [self._guard(unpack_passage, payload) for (payload,) in rows]

    def entries(self) -> Iterator[Entry]:
        """Every passage that is to be searched, by id."""
        with self._translated():
            rows = self._db.execute(
                "SELECT passage_id, p.payload, terms, vector, units, p.checksum FROM passages p JOIN reports r USING (report_id) "
                "WHERE r.active ORDER BY passage_id"
            )
            for row in rows:
                self._verify_passage(row)
                vector = np.frombuffer(row[3], dtype=np.float16).astype(np.float32)
                units = np.frombuffer(row[4], dtype=np.int8).reshape(-1, len(vector))
                yield Entry(row[0], self._guard(unpack_terms, row[2]), vector, units)

    def aliases(self) -> list[tuple[Alias, str]]:
        """The aliases that the searched reports give, each with its report's id."""
        rows = self._all(
            "SELECT name, other, start, end, report_id FROM aliases JOIN reports USING (report_id) WHERE active "
            "ORDER BY name, other, report_id, start"
        )
        return [(Alias(*row[:4]), row[4]) for row in rows]

    def glossary(self) -> tuple[GlossaryEntry, ...]:
        """The glossary as it was at the last sync."""
        row = self._one("SELECT value FROM meta WHERE key = ?", _GLOSSARY)
        return self._guard(_glossary, row[0].encode()) if row else ()

    def gone(self) -> dict[str, Gone]:
        """The reports that were here once and are not now, by id, the latest last; without texts."""
        if not self._one("SELECT 1 FROM sqlite_master WHERE name = 'gone'"):
            return {}  # written before there were any
        rows = self._all("SELECT report_id, path, day, successor FROM gone ORDER BY rowid")
        return {row[0]: Gone(*row) for row in rows}

    def gone_text(self, report_id: str) -> str | None:
        """The text of a report that was replaced, where it is still known."""
        row = self._one("SELECT payload FROM gone WHERE report_id = ?", report_id)
        return None if row is None or row[0] is None else self._guard(lambda data: unpack(data)[2], row[0])

    def counts(self) -> tuple[int, int]:
        """(reports, passages) that are searched."""
        [(reports, passages)] = self._all("SELECT COUNT(*), COALESCE(SUM(passages), 0) FROM reports WHERE active")
        return int(reports), int(passages)

    def state(self) -> str:
        """A digest of what is searched: derived indexes that carry the same are up to date."""
        rows = self._all("SELECT report_id, checksum FROM reports WHERE active ORDER BY report_id")
        meta = self._all("SELECT key, value FROM meta ORDER BY key")
        return hashlib.blake2b(repr((rows, meta)).encode(), digest_size=16).hexdigest()

    def damaged(self) -> list[str]:
        """Paths of reports that are not whole: a checksum does not fit, or something of them is missing or astray."""
        (problem,) = self._all("PRAGMA quick_check")[0]
        if problem != "ok":
            raise StoreError("index_damaged", path=self._path, reason=problem)
        reports = self._all("SELECT report_id, path, passages FROM reports ORDER BY path")
        [(strays,)] = self._all("SELECT COUNT(*) FROM passages WHERE report_id NOT IN (SELECT report_id FROM reports)")
        if strays:
            raise StoreError("index_damaged", path=self._path, reason=f"{strays} stray passages")
        files = self.files()
        listed = {row.report_id: path for path, row in files.items() if row.state == "report"}
        broken = {str(path) for report_id, path, count in reports if not self._is_whole(report_id, count)}
        broken |= {path for report_id, path in listed.items() if report_id not in {row[0] for row in reports}}
        astray = {(str(path), listed.get(report_id)) for report_id, path, _ in reports if listed.get(report_id) != path}
        return sorted(broken | {path for pair in astray for path in pair if path is not None})

    def _is_whole(self, report_id: str, count: int) -> bool:
        try:
            self.report(report_id)
            return len(self._verified("report_id = ?", report_id)) == count
        except StoreError:
            return False

    def _verified(self, where: str, *values: object) -> list[tuple[Any, ...]]:
        """(id, payload, terms, vector, units, checksum) of passages; StoreError when a checksum does not fit."""
        query = f"SELECT passage_id, payload, terms, vector, units, checksum FROM passages WHERE {where}"
        rows = self._all(query, *values)
        for row in rows:
            self._verify_passage(row)
        return rows

    def _verify_passage(self, row: Sequence[Any]) -> None:
        if checksum(*row[1:5]) != row[5]:
            raise StoreError("index_damaged", path=self._path, reason=f"checksum of {row[0]}")

    def _guard(self, decode: Callable[[bytes], _T], data: bytes) -> _T:
        try:
            return decode(data)
        except (zlib.error, ValueError, TypeError) as error:
            raise StoreError("index_damaged", path=self._path, reason=error) from error

    # Changes, one transaction each

    def put_report(self, report: PackedReport, reader: str) -> None:
        """Store a report with everything made from it, in place of what stood at its path."""
        whole = _report_checksum(report.path, report.sha256, report.payload, report.source)
        report_id = report.report_id
        with self._transaction():
            self._forget(report.path)
            self._db.execute("DELETE FROM reports WHERE report_id = ?", (report_id,))
            strays = (f"{report_id}:", f"{report_id};")
            self._db.execute("DELETE FROM passages WHERE passage_id > ? AND passage_id < ?", strays)
            self._db.execute(
                "INSERT INTO reports VALUES (?, ?, ?, ?, ?, ?, 1, ?)",
                (report_id, report.path, report.sha256, report.source, report.payload, len(report.passages), whole),
            )
            self._db.executemany(
                "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [(row[0], report_id, ordinal, *row[1:]) for ordinal, row in enumerate(report.passages)],
            )
            self._db.executemany(
                "INSERT INTO aliases VALUES (?, ?, ?, ?, ?)",
                [(report_id, alias.name, alias.other, alias.start, alias.end) for alias in report.aliases],
            )
            self._put_file(FileRow(report.path, report.sha256, "report", report_id, None, report.notes, reader))

    def put_file(self, row: FileRow) -> None:
        """Record a file that is no report of its own: a duplicate, or one that could not be read."""
        with self._transaction():
            self._forget(row.path)
            self._put_file(row)
            self._forget_texts()

    def rename(self, paths: Mapping[str, str]) -> None:
        """Reports whose files have moved ({old path: new path}): same bytes, nothing is made again. Swaps are fine."""
        with self._transaction():
            rows = [(new, *self._moved(old)) for old, new in sorted(paths.items())]
            for path in {*paths, *paths.values()}:
                self._db.execute("DELETE FROM files WHERE path = ?", (path,))
            staying = {report_id for _, report_id, *_ in rows}
            for path in paths.values():
                marks = ",".join("?" * len(staying))
                self._db.execute(f"DELETE FROM reports WHERE path = ? AND report_id NOT IN ({marks})", (path, *staying))
            for new, report_id, sha256, payload, source, reader, details in rows:
                whole = _report_checksum(new, sha256, payload, source)
                self._db.execute(
                    "UPDATE reports SET path = ?, checksum = ? WHERE report_id = ?", (new, whole, report_id)
                )
                notes = self._guard(_values, details)
                self._put_file(FileRow(new, sha256, "report", report_id, None, notes, reader))

    def _moved(self, path: str) -> tuple[str, str, bytes, bytes, str, bytes]:
        query = (
            "SELECT r.report_id, r.sha256, r.payload, r.source, f.reader, f.details FROM reports r JOIN files f USING (report_id) "
            "WHERE f.path = ?"
        )
        return self._db.execute(query, (path,)).fetchone()

    def remove(self, path: str) -> None:
        """Forget a file and, where it is one, its report."""
        with self._transaction():
            self._forget(path)
            self._forget_texts()

    def bury(self, others: Iterable[Gone]) -> None:
        """Remember what another catalog said is gone."""
        with self._transaction():
            rows = [(one.report_id, one.path, one.day, one.successor) for one in others]
            self._db.executemany("INSERT OR IGNORE INTO gone VALUES (?, ?, ?, ?, NULL)", rows)

    def set_active(self, active: Mapping[str, bool]) -> None:
        """Say which reports are searched ({report id: whether})."""
        with self._transaction():
            self._db.executemany(
                "UPDATE reports SET active = ? WHERE report_id = ?", [(a, r) for r, a in active.items()]
            )

    def set_glossary(self, entries: Sequence[GlossaryEntry]) -> None:
        """Keep the glossary; the state changes with it, so that what is derived is made anew."""
        value = json.dumps([astuple(entry) for entry in entries], ensure_ascii=False)
        with self._transaction():
            self._db.execute("DELETE FROM meta WHERE key = ?", (_GLOSSARY,))
            if entries:
                self._db.execute("INSERT INTO meta VALUES (?, ?)", (_GLOSSARY, value))

    def _forget(self, path: str) -> None:
        named = "SELECT report_id FROM files WHERE path = ? AND report_id IS NOT NULL"
        self._db.execute(f"DELETE FROM reports WHERE path = ? OR report_id IN ({named})", (path, path))
        self._db.execute("DELETE FROM files WHERE path = ?", (path,))

    def _forget_texts(self) -> None:
        """Of what was removed nothing is kept but that it was; nor of what it had replaced."""
        while self._db.execute(_REMOVED).rowcount:
            pass

    def _put_file(self, row: FileRow) -> None:
        details = pack(list(row.values))
        self._db.execute(
            "INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?)",
            (row.path, row.sha256, row.state, row.report_id, row.code, details, row.reader),
        )


def _connect(path: Path, *, read_only: bool) -> sqlite3.Connection:
    mode = "ro" if read_only else "rwc"
    try:
        uri = f"{path.resolve().as_uri()}?mode={mode}"
        connection = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=30, check_same_thread=False)
        connection.execute("PRAGMA foreign_keys = ON")
        if not read_only:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
    except sqlite3.OperationalError as error:
        raise StoreError("index_unusable", path=path, reason=error) from error
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        raise StoreError("index_damaged", path=path, reason=error) from error
    return connection


def _values(details: bytes | None) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in unpack(details)) if details else ()


def _glossary(value: bytes) -> tuple[GlossaryEntry, ...]:
    return tuple(GlossaryEntry(*row) for row in json.loads(value))
