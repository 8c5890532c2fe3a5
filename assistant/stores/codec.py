"""Reports, passages and terms as bytes and back, compressed. Every stored format has a version in the catalog."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.language.aliases import Alias
from assistant.types import Anchor, Block, BlockKind, Box, Cell, Language, LineBox, Page, Passage, Report, Source, Unit

_PASSAGES_KEPT = 2048


@dataclass(frozen=True, slots=True)
class Terms:
    """The search terms of one passage by field: words, name keys, canonical quantities; and the entities it names."""

    words: tuple[str, ...]
    names: tuple[str, ...]
    quantities: tuple[str, ...]
    entities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PackedReport:
    """A report with everything made from it, as the catalog stores it: plain bytes, made wherever there is time for it.

    `passages` are (passage id, payload, terms, vector, units, checksum) in reading order; `notes` are (message, where).
    """

    report_id: str
    path: str
    sha256: str
    source: bytes
    payload: bytes
    passages: tuple[tuple[str, bytes, bytes, bytes, bytes, str], ...]
    aliases: tuple[Alias, ...]
    notes: tuple[tuple[str, str], ...] = ()


def pack_whole(
    report: Report,
    passages: Sequence[Passage],
    terms: Sequence[Terms],
    vectors: NDArray[np.float32],
    units: NDArray[np.int8],
    aliases: Sequence[Alias] = (),
    notes: Sequence[tuple[str, str]] = (),
) -> PackedReport:
    """`vectors` are n x d, one a passage; `units` are 8-bit, one for each unit of each passage, in order."""
    rows: list[tuple[str, bytes, bytes, bytes, bytes, str]] = []
    at = 0
    for passage, words, vector in zip(passages, terms, vectors, strict=True):
        own = units[at : at + len(passage.units)]
        at += len(passage.units)
        parts = (pack_passage(passage), pack_terms(words), vector.astype(np.float16).tobytes(), own.tobytes())
        rows.append((passage.passage_id, *parts, checksum(*parts)))
    source = pack({name: getattr(report.source, name) for name in Source.__slots__})
    path, payload = str(report.path), pack_report(report)
    return PackedReport(
        report.report_id, path, report.sha256, source, payload, tuple(rows), tuple(aliases), tuple(notes)
    )


def checksum(*parts: bytes) -> str:
    """A digest of stored bytes, by which damage is noticed."""
    return hashlib.blake2b(b"\0".join(parts), digest_size=16).hexdigest()


def pack(value: object) -> bytes:
    """JSON, compressed."""
    return _compress(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def _compress(text: str) -> bytes:
    return zlib.compress(text.encode(), 1)


def unpack(data: bytes) -> Any:
    """The inverse of `pack`; raises zlib.error or ValueError on damaged bytes."""
    return json.loads(zlib.decompress(data))


def pack_report(report: Report) -> bytes:
    """Everything of a report but its path and hashes, which are columns."""
    blocks = [_block_row(block) for block in report.blocks]
    pages = [astuple(page) for page in report.pages]
    return pack([report.media_type, asdict(report.source), report.text, blocks, pages])


@lru_cache(maxsize=2)  # a reader asks for several pictures and quotes of one report; what it gets cannot be changed
def unpack_report(report_id: str, path: str, sha256: str, data: bytes) -> Report:
    """The inverse of `pack_report`."""
    media_type, source, text, blocks, pages = unpack(data)
    return Report(
        report_id,
        PurePosixPath(path),
        sha256,
        media_type,
        Source(**source),
        text,
        tuple(map(_block, blocks)),
        tuple(Page(*page) for page in pages),
    )


def pack_passage(passage: Passage) -> bytes:
    """A passage whole, so that a hit needs no look at its report."""
    blocks = [_block_row(block) for block in passage.blocks]
    units = [[unit.start, unit.end, unit.kind, _cell_rows(unit.cells)] for unit in passage.units]
    return pack(
        [
            [passage.anchor.report_id, passage.anchor.start, passage.anchor.end],
            blocks,
            passage.text,
            passage.search_text,
            passage.heading_path,
            passage.language,
            units,
        ]
    )


@lru_cache(maxsize=_PASSAGES_KEPT)  # one question after the other finds the same
def unpack_passage(data: bytes) -> Passage:
    """The inverse of `pack_passage`."""
    anchor, blocks, text, search_text, heading_path, language, units = unpack(data)
    return Passage(
        Anchor(*anchor),
        tuple(map(_block, blocks)),
        text,
        search_text,
        tuple(heading_path),
        Language(language),
        tuple(Unit(start, end, BlockKind(kind), _cells(cells)) for start, end, kind, cells in units),
    )


def pack_terms(terms: Terms) -> bytes:
    """Terms, a line a field; no term holds white space."""
    fields = (terms.words, terms.names, terms.quantities, terms.entities)
    return _compress("\n".join("\t".join(field) for field in fields))


def unpack_terms(data: bytes) -> Terms:
    """The inverse of `pack_terms`."""
    lines = zlib.decompress(data).decode().split("\n")
    return Terms(*(tuple(line.split("\t")) if line else () for line in lines))


def _block_row(block: Block) -> list[Any]:
    cells, inferred = _cell_rows(block.cells), [_cell_rows(row) for row in block.inferred]
    boxes = [[one.start, one.end, one.page, one.box.x0, one.box.y0, one.box.x1, one.box.y1] for one in block.boxes]
    place = [block.kind, block.start, block.end, block.page, block.heading_path, block.caption, block.row]
    return [*place, cells, boxes, inferred]


def _cell_rows(cells: tuple[Cell, ...]) -> list[list[Any]]:
    return [[cell.header, cell.start, cell.end] for cell in cells]


def _cells(rows: list[list[Any]]) -> tuple[Cell, ...]:
    return tuple(Cell(*row) for row in rows)


def _block(row: list[Any]) -> Block:
    kind, start, end, page, heading_path, caption, label, cells, boxes, inferred = row
    lines = tuple(LineBox(s, e, p, Box(*box)) for s, e, p, *box in boxes)
    return Block(
        BlockKind(kind),
        start,
        end,
        page,
        tuple(heading_path),
        caption,
        label,
        _cells(cells),
        lines,
        tuple(map(_cells, inferred)),
    )
