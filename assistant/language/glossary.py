"""The glossary beside the corpus: pairs of names that a person equates or keeps apart, one a line. Pure.

CSV with a line of column names: `ja` and `en` (two spellings of a name, in any script), and if wanted `relation` (same,
which is meant where it is empty, or not) and `note` (for people). Commas, semicolons or tabs part the cells.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.errors import CorpusError
from assistant.language.entities import entity_key
from assistant.language.readings import reading_keys, sought_readings
from assistant.language.text import fold_text

FILE_NAME = "glossary.csv"
_NAMES, _OPTIONAL = ("ja", "en"), ("relation", "note")
_RELATIONS = {"": True, "same": True, "not": False}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the glossary: `name` and `other` are names of one thing, or of two that are to be kept apart."""

    name: str
    other: str
    is_same: bool
    line: int


def parse(text: str, path: object) -> tuple[Entry, ...]:
    """The entries of a glossary; `path` is named in errors.

    CorpusError names the line: columns that are not the glossary's, an empty or damaged cell, an unknown relation, a
    pair that is both equated and kept apart, one kept apart that sounds alike (sound alone would equate it again).
    """
    entries: dict[frozenset[str], Entry] = {}
    for entry in _entries(text, path):
        pair = frozenset((entity_key(entry.name), entity_key(entry.other)))
        before = entries.setdefault(pair, entry)
        where = {"path": path, "line": entry.line, "name": entry.name, "other": entry.other}
        if before.is_same != entry.is_same:
            raise CorpusError("glossary_conflict", **where, before=before.line)
        if not entry.is_same and _sound_alike(entry):
            raise CorpusError("glossary_alike", **where)
    return tuple(entries.values())


def _entries(text: str, path: object) -> Iterator[Entry]:
    columns: list[str] = []
    for line, cells in _rows(text, path):
        if not columns:
            columns = _columns(cells, path, line)
            continue
        if len(cells) > len(columns):
            raise CorpusError("glossary_cells", path=path, line=line, found=len(cells), expected=len(columns))
        row = dict(zip(columns, cells, strict=False))
        empty = next((name for name in _NAMES if not row.get(name)), None)
        if empty:
            raise CorpusError("glossary_cell_empty", path=path, line=line, column=empty)
        relation = row.get("relation", "")
        if fold_text(relation) not in _RELATIONS:
            raise CorpusError("glossary_relation", path=path, line=line, value=relation)
        yield Entry(row["ja"], row["en"], _RELATIONS[fold_text(relation)], line)


def _rows(text: str, path: object) -> Iterator[tuple[int, list[str]]]:
    """(line number, trimmed cells) of every line that says something; cells at the end that are empty are left out."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    reader = csv.reader(io.StringIO(text), delimiter=max(",;\t", key=first.count))
    line = 1
    try:
        for cells in reader:
            trimmed = [" ".join(cell.split()) for cell in cells]
            while trimmed and not trimmed[-1]:
                trimmed.pop()
            if any("\ufffd" in cell for cell in trimmed):
                raise CorpusError("glossary_damaged", path=path, line=line)
            if trimmed:
                yield line, trimmed
            line = reader.line_num + 1
    except csv.Error as error:
        raise CorpusError("glossary_unreadable", path=path, reason=f"{line}: {error}") from error


def _columns(cells: Sequence[str], path: object, line: int) -> list[str]:
    columns = [fold_text(cell) for cell in cells]
    is_known = set(columns) <= {*_NAMES, *_OPTIONAL} and len(set(columns)) == len(columns)
    if not is_known or not set(_NAMES) <= set(columns):
        raise CorpusError("glossary_columns", path=path, line=line, found=", ".join(cells))
    return columns


def _sound_alike(entry: Entry) -> bool:
    if entity_key(entry.name) == entity_key(entry.other):
        return True
    return bool(set(sought_readings(entry.name)) & set(reading_keys(entry.other)))
