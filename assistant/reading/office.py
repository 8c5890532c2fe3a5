"""Opens the zip containers of Word, PowerPoint and Excel: refuses what is encrypted, broken or would not fit in memory."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from assistant.errors import ReadingError
from assistant.reading.builder import says_title
from assistant.types import Source

_OLE = b"\xd0\xcf\x11\xe0"  # an encrypted file, or one of the formats before 2007 under a newer suffix
_LARGEST_XML = 512 * 2**20
_SMALLEST_XML, _MOST_GROWTH = 32 * 2**20, 200  # what no real file is: so many times its size, above so many bytes
_LARGEST = 2 * 2**30
_MOST_PARTS = 50_000
_BROKEN = (  # what zip, XML (a SyntaxError) and the three libraries raise on parts that are missing or not as they should be
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    NotImplementedError,
    OSError,
    RuntimeError,
)


@contextmanager
def container(data: bytes, name: str) -> Iterator[io.BytesIO]:
    """The bytes for a library to open; what it raises in the block is translated.

    Errors: `ReadingError` office_encrypted, office_too_large (megabytes once unpacked) or office_damaged (reason).
    """
    if data.startswith(_OLE):
        raise ReadingError("office_encrypted", file=name)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            _refuse_bomb(parts.infolist(), name, len(data))
        yield io.BytesIO(data)
    except _BROKEN as error:
        raise ReadingError("office_damaged", file=name, reason=f"{type(error).__name__}: {error}") from error


def _refuse_bomb(parts: list[zipfile.ZipInfo], name: str, size: int) -> None:
    whole = sum(part.file_size for part in parts)
    words = sum(part.file_size for part in parts if part.filename.endswith((".xml", ".rels")))
    if (
        words > min(_LARGEST_XML, max(_SMALLEST_XML, size * _MOST_GROWTH))
        or whole > _LARGEST
        or len(parts) > _MOST_PARTS
    ):
        raise ReadingError("office_too_large", file=name, megabytes=whole // 2**20)


def source(properties, title: str | None) -> Source:
    """The bibliographic facts of a document's core properties; `title` is the one it shows, if its properties lack one.

    `issued` is the day it was last saved: that is the version with these bytes.
    """
    given = " ".join((properties.title or "").split())
    saved = properties.modified or properties.created
    author = getattr(properties, "author", None) or getattr(properties, "creator", None)
    return Source(
        title=given if says_title(given) else title,
        author=author or None,
        issued=saved.date().isoformat() if saved else None,
        language=(properties.language or "").split("-")[0].lower() or None,
    )
