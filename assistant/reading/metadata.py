"""The side-car of a report: `report.pdf.meta.toml` (or `report.meta.toml`) says what its file says wrongly or not. Pure."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import PurePosixPath

from assistant.errors import ReadingError
from assistant.reading.encodings import decode
from assistant.types import Source

SUFFIX = ".meta.toml"
ISO_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
_FIELDS = tuple(Source.__slots__)

Facts = Mapping[str, str | None]


def names(path: str) -> tuple[str, str]:
    """The paths at which a report's side-car may stand; the first goes before the second."""
    return f"{path}{SUFFIX}", f"{PurePosixPath(path).with_suffix('')}{SUFFIX}"


def parse(data: bytes, name: str) -> Facts:
    """The fields of a `Source` that a side-car gives; "" takes away what the report's file says, as None.

    ReadingError sidecar_unreadable (no TOML), sidecar_key (unknown) or sidecar_value (no text; `issued` no ISO 8601).
    """
    try:
        entries = tomllib.loads(decode(data, name)) if data.strip() else {}
    except tomllib.TOMLDecodeError as error:
        raise ReadingError("sidecar_unreadable", reason=error) from error
    return {key: _value(key, value) for key, value in entries.items()}


def _value(key: str, value: object) -> str | None:
    if key not in _FIELDS:
        nearest = difflib.get_close_matches(key, _FIELDS, n=1, cutoff=0.5)
        raise ReadingError("sidecar_key", key=key, known=", ".join(nearest or _FIELDS))
    if key == "issued" and isinstance(value, (date, int)):
        value = str(value)[:10]
    if not isinstance(value, str) or (key == "issued" and value.strip() and not ISO_DATE.fullmatch(value.strip())):
        raise ReadingError("sidecar_value", key=key, value=value, wanted=_ISO if key == "issued" else '"…"')
    return " ".join(value.split()) or None


_ISO = '"2025-12-04", "2025-12", "2025"'
