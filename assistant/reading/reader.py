"""The door of reading: a file of the corpus -> `Report`. Touches the file once; a table says which module reads what."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from assistant.errors import ReadingError
from assistant.reading.builder import Extracted
from assistant.types import Report


def _plain(data: bytes, name: str) -> Extracted:
    from assistant.reading import encodings, plain

    return plain.extract(encodings.decode(data, name), name)


def _markdown(data: bytes, name: str) -> Extracted:
    from assistant.reading import encodings, markdown

    return markdown.extract(encodings.decode(data, name), name)


def _html(data: bytes, name: str) -> Extracted:
    from assistant.reading import html

    return html.extract(data, name)


def _pdf(data: bytes, name: str) -> Extracted:
    from assistant.reading import pdf

    return pdf.extract(data, name)


def _word(data: bytes, name: str) -> Extracted:
    from assistant.reading import word

    return word.extract(data, name)


def _deck(data: bytes, name: str) -> Extracted:
    from assistant.reading import deck

    return deck.extract(data, name)


def _workbook(data: bytes, name: str) -> Extracted:
    from assistant.reading import workbook

    return workbook.extract(data, name)


def _csv(data: bytes, name: str) -> Extracted:
    from assistant.reading import workbook

    return workbook.extract_csv(data, name)


_OFFICE = "application/vnd.openxmlformats-officedocument"
READERS: dict[str, tuple[str, Callable[[bytes, str], Extracted]]] = {
    ".txt": ("text/plain", _plain),
    ".text": ("text/plain", _plain),
    ".md": ("text/markdown", _markdown),
    ".markdown": ("text/markdown", _markdown),
    ".html": ("text/html", _html),
    ".htm": ("text/html", _html),
    ".pdf": ("application/pdf", _pdf),
    ".docx": (f"{_OFFICE}.wordprocessingml.document", _word),
    ".pptx": (f"{_OFFICE}.presentationml.presentation", _deck),
    ".xlsx": (f"{_OFFICE}.spreadsheetml.sheet", _workbook),
    ".xlsm": ("application/vnd.ms-excel.sheet.macroEnabled.12", _workbook),
    ".csv": ("text/csv", _csv),
    ".tsv": ("text/tab-separated-values", _csv),
}
REPORT_ID_DIGITS = 12


def is_readable(path: PurePosixPath | Path) -> bool:
    """Whether a file's suffix is one that a reader knows."""
    return path.suffix.lower() in READERS


def corpus_path(path: Path, corpus: Path) -> PurePosixPath:
    """A file's path relative to the corpus, POSIX, NFC: the form in which every path is stored and shown.

    Bytes of a name that are no Unicode become U+FFFD.
    """
    name = os.fsencode(path.relative_to(corpus).as_posix()).decode("utf-8", "replace")
    return PurePosixPath(unicodedata.normalize("NFC", name))


def digest(data: bytes) -> str:
    """The sha256 of a file's bytes in hex: a report's identity."""
    return hashlib.sha256(data).hexdigest()


def read_bytes(path: Path) -> bytes:
    """A file's bytes, or a ReadingError that names what the system said."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise ReadingError("file_unreadable", reason=error.strerror or error) from error


def read(data: bytes, path: PurePosixPath) -> Report:
    """Read one report. Raises ReadingError with the reason when nothing can be got out of it."""
    media_type, extract = READERS[path.suffix.lower()]
    if not data.strip():
        raise ReadingError("file_empty")
    extracted = extract(data, path.name)
    if not extracted.blocks:
        raise ReadingError("file_no_text")
    sha256 = digest(data)
    return Report(
        sha256[:REPORT_ID_DIGITS],
        path,
        sha256,
        media_type,
        extracted.source,
        extracted.text,
        extracted.blocks,
        extracted.pages,
    )
