"""A run's folder: a header line, then one JSON line a question, written as it comes and read back one at a time.

Touches files. A line is whole or it is dropped: what a kill tore is cut off when the run goes on.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from assistant.errors import StoreError, UsageError
from assistant.evaluation.aggregate import Scored
from assistant.types import Language

RESULTS = "results.jsonl"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Header:
    """What a run asks of what: the question file's name and sha256, the answering program's fingerprint and
    name, and when it was started (ISO 8601)."""

    questions: str
    sha256: str
    fingerprint: str
    program: str
    started: str
    format: int = FORMAT

    def other(self, header: Header) -> str | None:
        """The first part in which two runs are not of one kind, or None; where the file lies does not matter."""
        parts = ("format", "sha256", "fingerprint", "program")
        return next((part for part in parts if getattr(self, part) != getattr(header, part)), None)


class Results:
    """The results in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / RESULTS
        self.kept = 0

    def begin(self, header: Header, *, resume: bool = False) -> set[str]:
        """Make the folder, or go on with it; the ids that are done already.

        Errors: UsageError run_exists without `resume`, run_other when the folder's run was another, run_damaged;
        StoreError run_unwritable.
        """
        if self.folder.exists() and not resume:
            raise UsageError("run_exists", path=self.folder)
        if self.path.exists() and self._cut_torn_line():
            found = self.header()
            if part := header.other(found):
                values = {"found": str(getattr(found, part))[:40], "expected": str(getattr(header, part))[:40]}
                raise UsageError("run_other", path=self.folder, part=part, **values)
            done = {row["id"] for row in self.rows()}
            self.kept = len(done)
            return done
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._unwritable(error) from error
        self.append(asdict(header))
        self.kept = 0
        return set()

    def append(self, row: Mapping[str, Any]) -> None:
        """Write one line and hand it to the system. Errors: StoreError run_unwritable; the lines before it are kept."""
        data = memoryview(json.dumps(row, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n")
        try:
            with self.path.open("ab", buffering=0) as file:
                while data:
                    data = data[file.write(data) :]
        except OSError as error:
            raise self._unwritable(error) from error
        self.kept += 1

    def header(self) -> Header:
        """The first line. Errors: UsageError run_missing, run_damaged."""
        try:
            with self.path.open(encoding="utf-8") as file:
                return Header(**json.loads(file.readline()))
        except OSError as error:
            raise UsageError("run_missing", path=self.folder) from error
        except (ValueError, TypeError) as error:
            raise UsageError("run_damaged", path=self.path, line=1, reason=error) from error

    def rows(self) -> Iterator[dict[str, Any]]:
        """The results, one at a time; a torn last line is left out. Errors: UsageError run_missing, run_damaged."""
        self.header()
        with self.path.open(encoding="utf-8", newline="\n") as file:
            for number, line in enumerate(file, start=1):
                if number > 1 and line.endswith("\n"):
                    yield self._row(line, number)

    def scored(self) -> list[Scored]:
        """Every question's measures, without its answer."""
        return [scored(row) for row in self.rows()]

    def _row(self, line: str, number: int) -> dict[str, Any]:
        try:
            row = json.loads(line)
            scored(row)
        except (ValueError, TypeError, KeyError) as error:
            raise UsageError("run_damaged", path=self.path, line=number, reason=error) from error
        return row

    def _cut_torn_line(self) -> bool:
        """Cut off what follows the last whole line; False when there is no whole line at all."""
        try:
            with self.path.open("r+b") as file:
                end = sum(len(line) for line in file if line.endswith(b"\n"))
                file.truncate(end)
        except OSError as error:
            raise self._unwritable(error) from error
        return end > 0

    def _unwritable(self, error: OSError) -> StoreError:
        return StoreError("run_unwritable", path=self.path, reason=error.strerror or error, kept=max(0, self.kept))


def scored(row: Mapping[str, Any]) -> Scored:
    """A result's measures with what it is grouped by."""
    question = row["question"]
    pairs = {name: (float(total), float(count)) for name, (total, count) in row["measures"].items()}
    return Scored(
        row["id"],
        Language(question["lang"]),
        question["type"],
        question["doc"],
        pairs,
        float(row["seconds"]),
        question["text"],
    )


def write_whole(path: Path, text: str) -> None:
    """Write a file beside its place and put it there by one rename. Errors: StoreError run_unwritable."""
    beside = path.with_name(path.name + ".part")
    try:
        with beside.open("w", encoding="utf-8", newline="\n", errors="backslashreplace") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        raise StoreError("file_unwritable", path=path, reason=error.strerror or error) from error
