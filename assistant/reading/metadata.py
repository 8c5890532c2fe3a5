"""What a report says of itself beside its file's properties: the date under its title, and its side-car. Pure.

The side-car `report.pdf.meta.toml` (or `report.meta.toml`) says what the file says wrongly or not.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import PurePosixPath

from assistant.errors import ReadingError
from assistant.language.quantities import quantities
from assistant.reading.encodings import decode
from assistant.types import Block, BlockKind, Source

SUFFIX = ".meta.toml"
ISO_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
_FIELDS = tuple(Source.__slots__)

Facts = Mapping[str, str | None]
_UNDER_THE_TITLE, _LONGEST_IMPRINT = slice(1, 5), 60
_OPENS, _CLOSES = " \t\u3000(（[【", " \t\u3000)）]】発行刊"
_NAMES_FOLLOW = re.compile(r"\s*[/|｜,、・()（）]|\s")


def printed_date(text: str, blocks: Sequence[Block]) -> str | None:
    """The day or month that a short line under the title begins or ends with ("Harbour Advisory, 15 May 2025"), as ISO 8601."""
    for block in blocks[_UNDER_THE_TITLE]:
        line = text[block.start : block.end]
        dates = [one for one in quantities(line) if one.date]
        if len(dates) != 1 or len(line) > _LONGEST_IMPRINT or block.kind is BlockKind.TABLE_ROW:
            continue
        year, month, day = dates[0].date or (None, None, None)
        before, after = line[: dates[0].start].strip(_OPENS), line[dates[0].end :]
        if year and month and (not after.strip(_CLOSES) or (not before and _NAMES_FOLLOW.match(after))):
            return "-".join([str(year), f"{month:02}", *([f"{day:02}"] if day else [])])
    return None


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
