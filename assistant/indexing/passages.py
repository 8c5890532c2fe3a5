"""Report -> passages: stretches of about 300 Japanese characters (150 English words) that never cut a sentence,
a table row or a number. Pure.

Small blocks under one heading are gathered, large ones are cut between sentences, a longer table row stands alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from assistant.language.sentences import sentence_spans
from assistant.language.text import join_wrapped, language_of
from assistant.types import Anchor, Block, BlockKind, Cell, Language, Passage, Report, Unit

FINGERPRINT = "passages/2"

_TARGET = {Language.JA: 300, Language.EN: 900}
_LONGEST = {Language.JA: 420, Language.EN: 1300}
_ROW_ALONE = 60
_NOTED = 60
_NOTE_LABEL = re.compile(r"[ \t　]*[(（]?((?:注|Note ?|※)\d+)")
_SENTENCE_ENDS = re.compile(r"[。！？!?]|\.\s|\n\n")
_Piece = tuple[int, int, Block]


def split(report: Report) -> tuple[Passage, ...]:
    """The passages of a report in reading order; together they cover every block once."""
    passages: list[Passage] = []
    for group in _groups(report):
        for pieces in _gather(report.text, list(group)):
            passages.append(_passage(report, pieces))
    return tuple(passages)


def _groups(report: Report) -> Iterator[Iterator[Block]]:
    """Runs of blocks that may share a passage: one heading path, one page, nothing but white space between them."""
    keys: dict[int, int] = {}
    run = 0
    for before, block in zip((None, *report.blocks), report.blocks, strict=False):
        if before is not None and not _belong_together(report.text, before, block):
            run += 1
        keys[block.start] = run
    for _, group in groupby(report.blocks, key=lambda block: keys[block.start]):
        yield group


def _belong_together(text: str, before: Block, block: Block) -> bool:
    same_place = before.heading_path == block.heading_path and before.page == block.page
    return same_place and not text[before.end : block.start].strip()


def _gather(text: str, blocks: Sequence[Block]) -> Iterator[list[_Piece]]:
    """Pieces of blocks, gathered until the target length is reached."""
    language = language_of("".join(text[block.start : block.end] for block in blocks))
    target, longest = _TARGET[language], _LONGEST[language]
    gathered: list[_Piece] = []
    for piece in (piece for block in blocks for piece in _pieces(text, block, target, longest)):
        if gathered and not _fits(gathered, piece, target, longest):
            yield gathered
            gathered = []
        gathered.append(piece)
    if gathered:
        yield gathered


def _fits(gathered: Sequence[_Piece], piece: _Piece, target: int, longest: int) -> bool:
    start, block = gathered[0][0], piece[2]
    if _stands_alone(gathered[-1]) or _stands_alone(piece):
        return all(_only_heads(one) for one in gathered) and not _stands_alone(piece)
    is_row = block.kind is BlockKind.TABLE_ROW
    if is_row != (gathered[-1][2].kind is BlockKind.TABLE_ROW):
        return False
    length = piece[1] - start
    return length <= target or (length <= longest and all(_only_heads(one) for one in gathered))


def _only_heads(piece: _Piece) -> bool:
    return piece[2].kind in (BlockKind.HEADING, BlockKind.CAPTION)


def _stands_alone(piece: _Piece) -> bool:
    return piece[2].kind is BlockKind.TABLE_ROW and piece[1] - piece[0] >= _ROW_ALONE


def _pieces(text: str, block: Block, target: int, longest: int) -> Iterator[_Piece]:
    """A block whole, or cut between sentences where it is too long; a row is never cut, nor a table of inferred rows."""
    if block.kind is BlockKind.TABLE_ROW or block.inferred or block.end - block.start <= longest:
        yield (block.start, block.end, block)
        return
    start = end = block.start
    for sentence_start, sentence_end in sentence_spans(text[block.start : block.end]):
        if end > start and block.start + sentence_end - start > target:
            yield (start, end, block)
            start = block.start + sentence_start
        end = block.start + sentence_end
    yield (start, block.end, block)


def _passage(report: Report, pieces: Sequence[_Piece]) -> Passage:
    start, end = pieces[0][0], pieces[-1][1]
    text = report.text[start:end]
    blocks = tuple(block for _, _, block in pieces)
    return Passage(
        anchor=Anchor(report.report_id, start, end),
        blocks=blocks,
        text=text,
        search_text=_search_text(report, pieces),
        heading_path=blocks[0].heading_path,
        language=language_of(text),
        units=tuple(_units(report.text, pieces)),
    )


def _units(text: str, pieces: Sequence[_Piece]) -> Iterator[Unit]:
    for start, end, block in pieces:
        if block.inferred:
            yield from map(_inferred_row, block.inferred)
            continue
        if block.kind in (BlockKind.TABLE_ROW, BlockKind.HEADING, BlockKind.CAPTION):
            yield Unit(start, end, block.kind)
            continue
        for unit_start, unit_end in sentence_spans(text[start:end]):
            yield Unit(start + unit_start, start + unit_end, block.kind)


def _inferred_row(cells: Sequence[Cell]) -> Unit:
    start, end = min(cell.start for cell in cells), max(cell.end for cell in cells)
    return Unit(start, end, BlockKind.TABLE_ROW, tuple(cells))


def _words(text: str, start: int, end: int, block: Block) -> str:
    """A block's words with wrapped lines joined; an inferred table's row by row."""
    rows = (" / ".join(text[cell.start : cell.end] for cell in row) for row in block.inferred)
    return "\n".join(rows) or join_wrapped(text[start:end])


def _search_text(report: Report, pieces: Sequence[_Piece]) -> str:
    """What the searches read: title, headings, table header and what a note belongs to, then the words with wrapped lines
    joined."""
    words = [_words(report.text, *piece) for piece in pieces]
    blocks = [block for _, _, block in pieces]
    captions = [block.caption or "" for block in blocks]
    headers = dict.fromkeys(cell.header for block in blocks for cell in block.cells)
    noted = [_noted(report.text, start, end) for start, end, block in pieces if block.kind is BlockKind.NOTE]
    heads = dict.fromkeys([report.ref.title, *blocks[0].heading_path, *captions, " ".join(headers), *noted])
    return "\n".join([*(head for head in heads if head and head not in words), *words])


def _noted(text: str, start: int, end: int) -> str:
    """The words before the nearest place that refers to a numbered note: what it explains is often not said again."""
    label = _NOTE_LABEL.match(text, start, end)
    if label is None:
        return ""
    places = re.finditer(rf"{re.escape(label[1])}(?!\d)", text)
    outside = [place.start() for place in places if not start <= place.start() < end]
    nearest = min(outside, key=lambda place: abs(place - start), default=0)
    return join_wrapped(_SENTENCE_ENDS.split(text[max(0, nearest - _NOTED) : nearest])[-1]).strip("（(、, ;；")
