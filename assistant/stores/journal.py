"""The local journal: every answer with what made it, in one SQLite file of the state folder. Touches files and the clock.

It lies apart from the index, which may be deleted at any time. One transaction an answer, so that a kill loses none that
was written; several processes write at once. `conversations` keeps its tables in the same file; a file of an earlier
version runs the scripts of _SCHEMA that it lacks.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from assistant.errors import StoreError, masked

FILE_NAME = "journal.db"
_SCHEMA = (
    """
    CREATE TABLE answers (
        answer_id INTEGER PRIMARY KEY, at TEXT NOT NULL, question TEXT NOT NULL, status TEXT NOT NULL, payload TEXT NOT NULL
    );
    CREATE INDEX answers_by_time ON answers (at);
    """,
    """
    CREATE TABLE conversations (
        conversation_id TEXT PRIMARY KEY, reader TEXT NOT NULL, title TEXT NOT NULL, at TEXT NOT NULL
    );
    CREATE INDEX conversations_by_reader ON conversations (reader, at);
    CREATE TABLE exchanges (
        conversation_id TEXT NOT NULL, number INTEGER NOT NULL, question TEXT NOT NULL, answer TEXT NOT NULL DEFAULT '',
        verdict TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '', PRIMARY KEY (conversation_id, number)
    );
    """,
)
_WAIT_SECONDS = 5.0
_LEAST_FREE = 1_000_000
_SHORTEST_SECRET = 6


def _now() -> datetime:
    return datetime.now(UTC)


class Journal:
    """Opened for each answer, so that nothing is held and a folder that went away comes back. Times are UTC.

    `secrets` are strings that are never written, wherever in an answer they stand.
    """

    def __init__(
        self, folder: Path, *, keep_days: int, secrets: Sequence[str] = (), now: Callable[[], datetime] = _now
    ) -> None:
        self.keep_days = keep_days
        self.path = folder / FILE_NAME
        self._secrets = tuple(secret for secret in secrets if len(secret) >= _SHORTEST_SECRET)
        self._now = now

    def record(self, answer: Mapping[str, Any]) -> None:
        """Keep an answer as JSON (`payloads.journal_payload`), and forget those older than `keep_days`.

        StoreError where it cannot be written.
        """
        with self.writing() as db:
            db.execute("DELETE FROM answers WHERE at < ?", (self.now(-self.keep_days),))
            row = (self.now(), self.fit(answer["question"]), str(answer["status"]), self.as_json(answer))
            db.execute("INSERT INTO answers (at, question, status, payload) VALUES (?, ?, ?, ?)", row)

    def count(self) -> int:
        """How many answers it holds; changes nothing. StoreError where it cannot be read or written."""
        folder = next(place for place in (self.path.parent, *self.path.absolute().parents) if place.exists())
        for place in (folder, self.path):
            if place.exists() and not os.access(place, os.W_OK):
                raise StoreError("journal_unusable", path=self.path, reason=f"{place}: read-only")
        if not folder.is_dir():
            raise StoreError("journal_unusable", path=self.path, reason=f"{folder}: not a folder")
        if (free := shutil.disk_usage(folder).free) < _LEAST_FREE:
            raise StoreError("journal_unusable", path=self.path, reason=f"{free} bytes free")
        if not self.path.exists():
            return 0
        with self._open() as db:
            if self._version(db) == 0:
                return 0
            return int(db.execute("SELECT count(*) FROM answers").fetchone()[0])

    # What its tables are kept by

    def now(self, days: float = 0) -> str:
        """The time, or that so many days from it, as it is stored."""
        return (self._now() + timedelta(days=days)).astimezone(UTC).isoformat(timespec="milliseconds")

    def fit(self, text: str) -> str:
        """A text as it may be written: without secrets, and without what UTF-8 does not hold."""
        return str(self._without_secrets(text)).encode("utf-8", "replace").decode()

    def as_json(self, payload: Mapping[str, Any]) -> str:
        """Plain values as JSON that may be written."""
        return json.dumps(self._without_secrets(dict(payload)), ensure_ascii=False).encode("utf-8", "replace").decode()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """The file, brought up to date, for one transaction: all of it or nothing. StoreError where it cannot be used."""
        with self._open() as db, _transaction(db):
            self._bring_up_to_date(db)
            yield db

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.path, timeout=_WAIT_SECONDS, isolation_level=None)) as db:
                db.execute("PRAGMA journal_mode = WAL")
                yield db
        except (OSError, sqlite3.Error) as error:
            raise StoreError("journal_unusable", path=self.path, reason=error) from error

    def _version(self, db: sqlite3.Connection) -> int:
        version = int(db.execute("PRAGMA user_version").fetchone()[0])
        if version > len(_SCHEMA):
            raise StoreError("journal_version", path=self.path, found=version, expected=len(_SCHEMA))
        return version

    def _bring_up_to_date(self, db: sqlite3.Connection) -> None:
        for script in _SCHEMA[self._version(db) :]:
            for statement in filter(str.strip, script.split(";")):
                db.execute(statement)
        db.execute(f"PRAGMA user_version = {len(_SCHEMA)}")

    def _without_secrets(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {key: self._without_secrets(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._without_secrets(inner) for inner in value]
        if not isinstance(value, str):
            return value
        for secret in self._secrets:
            value = value.replace(secret, "***")
        return masked(value)


@contextmanager
def _transaction(db: sqlite3.Connection) -> Iterator[None]:
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise
