"""The door of reading: a file of the corpus -> `Report`. Touches the file once; a table says which module reads what."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path, PurePosixPath

from assistant.errors import ReadingError
from assistant.reading.builder import Extracted
from assistant.reading.metadata import printed_date
from assistant.types import Report


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost: its size in MB, its pages, and the seconds that reading it may take."""

    megabytes: int = 200
    pages: int = 3000
    seconds: float = 300.0


NO_LIMITS = Limits(2**40, 2**40, 2**40)


_OFFICE = "application/vnd.openxmlformats-officedocument"
READERS: dict[str, tuple[str, str, str]] = {
    ".txt": ("text/plain", "plain", "extract"),
    ".text": ("text/plain", "plain", "extract"),
    ".md": ("text/markdown", "markdown", "extract"),
    ".markdown": ("text/markdown", "markdown", "extract"),
    ".html": ("text/html", "html", "extract"),
    ".htm": ("text/html", "html", "extract"),
    ".pdf": ("application/pdf", "pdf", "extract"),
    ".docx": (f"{_OFFICE}.wordprocessingml.document", "word", "extract"),
    ".pptx": (f"{_OFFICE}.presentationml.presentation", "deck", "extract"),
    ".xlsx": (f"{_OFFICE}.spreadsheetml.sheet", "workbook", "extract"),
    ".xlsm": ("application/vnd.ms-excel.sheet.macroEnabled.12", "workbook", "extract"),
    ".csv": ("text/csv", "workbook", "extract_csv"),
    ".tsv": ("text/tab-separated-values", "workbook", "extract_csv"),
}
"""By suffix: the media type, and which function of which module here reads it; that is imported when it is needed."""

_DATED_BY_PROGRAMS = frozenset({".pdf", ".docx", ".pptx", ".xlsx", ".xlsm"})  # by when they were saved or printed
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


def read_bytes(path: Path, limits: Limits = NO_LIMITS) -> bytes:
    """A file's bytes, or a ReadingError: file_too_large, or what the system said."""
    try:
        size = path.stat().st_size
        if size <= limits.megabytes * 2**20:
            return path.read_bytes()
    except OSError as error:
        raise ReadingError("file_unreadable", reason=error.strerror or error) from error
    raise ReadingError("file_too_large", megabytes=-(-size // 2**20), most=limits.megabytes)


def _extracted(data: bytes, path: PurePosixPath, limits: Limits) -> Extracted:
    _, module, function = READERS[path.suffix.lower()]
    extract = getattr(import_module(f"assistant.reading.{module}"), function)
    if module in ("plain", "markdown"):
        from assistant.reading.encodings import decode

        return extract(decode(data, path.name), path.name)
    if module == "pdf":  # the one format in which pages are counted before they are read
        return extract(data, path.name, limits.pages)
    return extract(data, path.name)


def read(data: bytes, path: PurePosixPath, limits: Limits = NO_LIMITS) -> Report:
    """Read one report. Raises ReadingError with the reason when nothing can be got out of it, or it has too many pages."""
    if not data.strip():
        raise ReadingError("file_empty")
    media_type, extracted = READERS[path.suffix.lower()][0], _extracted(data, path, limits)
    if not extracted.blocks:
        raise ReadingError("file_no_text")
    if len(extracted.pages) > limits.pages:
        raise ReadingError("too_many_pages", pages=len(extracted.pages), most=limits.pages)
    sha256, issued = digest(data), printed_date(extracted.text, extracted.blocks)
    if issued and (extracted.source.issued is None or path.suffix.lower() in _DATED_BY_PROGRAMS):
        extracted = replace(extracted, source=replace(extracted.source, issued=issued))
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
