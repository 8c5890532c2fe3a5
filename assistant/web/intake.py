"""Files that come into the corpus through the web app, and go out of it. Touches files, in the corpus only.

A file is received under a hidden name beside its place and put there when it is whole; none is ever replaced.
"""

from __future__ import annotations

import os
import secrets
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from threading import Lock
from urllib.parse import urlsplit

from assistant.config import with_values
from assistant.errors import AssistantError, ReadingError
from assistant.indexing.sync import scan
from assistant.reading import encodings, metadata
from assistant.reading.reader import is_readable, read_bytes
from assistant.stores.generations import write_atomically
from assistant.types import Source

DESCRIBED = ("title", "author", "publisher", "issued", "url", "language")
_LONGEST_NAME = 200
_LONGEST_FACT = 500
_LEFT_ALONE = ("readme.md", "readme.txt")
_PLACING = Lock()


class RefusedError(AssistantError):
    """A file that is not taken in, or not removed; `code` names the words for it in the page's table."""


class Incoming:
    """One file on its way in: `write` its bytes as they come, then `keep` or `discard` it."""

    def __init__(self, corpus: Path, name: str, most_mb: int) -> None:
        """Errors: `RefusedError` for a name or a type that cannot be taken, or a folder that cannot be written to."""
        self._corpus = corpus
        self._name = _checked(name)
        self._most_mb = most_mb
        self._size = 0
        self._part = corpus / f".incoming-{secrets.token_hex(8)}"
        _refuse_taken(corpus, self._name)
        try:
            corpus.mkdir(parents=True, exist_ok=True)
            self._file = self._part.open("xb")
        except OSError as error:
            raise _disk(error) from error

    def write(self, data: bytes) -> None:
        """Take in some bytes; `RefusedError` when there are too many or the disk does not take them."""
        self._size += len(data)
        if self._size > self._most_mb * 1_000_000:
            raise RefusedError("refused_size", most=self._most_mb)
        try:
            self._file.write(data)
        except OSError as error:
            raise _disk(error) from error

    def keep(self) -> str:
        """Put the whole file in its place; returns its name."""
        if not self._size:
            raise RefusedError("refused_empty")
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            with _PLACING:
                _refuse_taken(self._corpus, self._name)
                self._part.replace(self._corpus / self._name)
        except OSError as error:
            raise _disk(error) from error
        return self._name

    def discard(self) -> None:
        """Leave nothing of a file that was not kept."""
        with suppress(OSError):  # what could not be flushed is thrown away with the rest
            self._file.close()
        self._part.unlink(missing_ok=True)


def remove(corpus: Path, path: str) -> None:
    """Delete a file of the corpus, named as the library names it; `RefusedError` when there is none."""
    file = scan(corpus).get(path)
    if file is None:
        raise RefusedError("refused_gone")
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        raise _disk(error) from error


def describe(corpus: Path, path: str, known: Source, facts: Mapping[str, str]) -> None:
    """Write what differs from what is `known` of a report into the side-car beside it, where the next sync finds it.

    What else the side-car says stays as it is. `RefusedError` for a fact that is none, a side-car that cannot be read
    (it is left alone), and where it cannot be written.
    """
    file = scan(corpus).get(path)
    if file is None:
        raise RefusedError("refused_gone")
    said = {name: " ".join(facts.get(name, "").split()) for name in DESCRIBED}
    changed = {name: value for name, value in said.items() if value != (getattr(known, name) or "")}
    for name, value in changed.items():
        _check_fact(name, value)
    places = [file.with_name(Path(name).name) for name in metadata.names(file.name)]
    standing = next((place for place in places if place.exists()), None)
    try:
        data = read_bytes(standing) if standing else b""
        metadata.parse(data, places[0].name)
        text = with_values(encodings.decode(data, places[0].name) if data.strip() else "", changed)
        write_atomically(places[0], text.encode())
    except (ReadingError, ValueError) as error:
        raise RefusedError("refused_sidecar", file=standing and standing.name) from error
    except OSError as error:
        raise _disk(error) from error


def _check_fact(name: str, value: str) -> None:
    if len(value) > _LONGEST_FACT or any(unicodedata.category(character) == "Cc" for character in value):
        raise RefusedError("refused_fact", fact=name)
    if name == "issued" and value and not _is_date(value):
        raise RefusedError("refused_date", value=value)
    if name == "url" and value and not _is_address(value):
        raise RefusedError("refused_url", value=value)


def _is_date(value: str) -> bool:
    try:
        return metadata.ISO_DATE.fullmatch(value) is not None and date.fromisoformat(f"{value}-01-01"[:10]) is not None
    except ValueError:  # 30 February
        return False


def _is_address(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not any(map(str.isspace, value))
    except ValueError:
        return False


def _checked(name: str) -> str:
    name = unicodedata.normalize("NFC", name)
    is_plain = all(unicodedata.category(character)[0] != "C" for character in name)
    if set(name) & set("/\\:") or not is_plain or len(name.encode("utf-8", "replace")) > _LONGEST_NAME:
        raise RefusedError("refused_name")
    if name.startswith((".", "~$")) or name.lower() in _LEFT_ALONE or not is_readable(Path(name)):
        raise RefusedError("refused_type")
    return name


def _refuse_taken(corpus: Path, name: str) -> None:
    key = unicodedata.normalize("NFC", name).casefold()
    try:
        taken = any(unicodedata.normalize("NFC", other.name).casefold() == key for other in corpus.iterdir())
    except FileNotFoundError:
        return
    except OSError as error:
        raise _disk(error) from error
    if taken:
        raise RefusedError("refused_taken")


def _disk(error: OSError) -> RefusedError:
    return RefusedError("refused_disk", reason=error.strerror or error)
