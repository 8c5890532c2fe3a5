"""Reading a report sheet by sheet: a page of a paged format, else a stretch of blocks; and searching inside it.

Pure: values in, HTML out. The report's words are data: everything is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from markupsafe import Markup

from assistant.language.text import Folded, fold, fold_text, join_wrapped, language_of
from assistant.types import Block, BlockKind, Box, Language, Page, Report
from assistant.web import templates
from assistant.web.evidence import gap
from assistant.web.markup import escape

LONGEST_WORDS = 200
_SHEET = 6_000  # characters of a sheet where a report has no pages
_WIDE = re.compile(r"[⺀-鿿豈-﫿぀-ヿ\U00020000-\U0003ffff]")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is read at a time: the blocks that begin in [start, end) of the text; `page` where it is a page."""

    start: int
    end: int
    page: Page | None = None


def sheets(report: Report) -> tuple[Sheet, ...]:
    """The sheets of a report in order, at least one; together they hold every block once."""
    if report.pages:
        return tuple(Sheet(page.start, page.end, page) for page in report.pages)
    starts = [0]
    for block in report.blocks:
        size = block.start - starts[-1]
        if size >= _SHEET or (size >= _SHEET // 2 and block.kind is BlockKind.HEADING):
            starts.append(block.start)
    return tuple(Sheet(start, end) for start, end in zip(starts, [*starts[1:], len(report.text)], strict=True))


def sheet_at(report: Report, offset: int) -> int:
    """The number (from 1) of the sheet that holds an offset of the text."""
    return sum(sheet.start <= offset for sheet in sheets(report)) or 1


def found(report: Report, words: str) -> tuple[Span, ...]:
    """Where words stand in the blocks of a report, in order: without regard to case or width, across wrapped lines."""
    pattern = _pattern(fold_text(words).strip())
    if pattern is None:
        return ()
    folded = _folded(report.text)
    spans = [folded.verbatim_span(*match.span()) for match in pattern.finditer(folded.text)]
    return tuple(_in_blocks(spans, report.blocks))


def _pattern(words: str) -> re.Pattern[str] | None:
    """White space between words may be any; beside Japanese there may be some or none."""
    pieces: list[str] = []
    for before, character in zip(" " + words, words, strict=False):
        if character.isspace():
            pieces.append("" if before.isspace() else r"\s+")
            continue
        if pieces and not before.isspace() and (_WIDE.match(before) or _WIDE.match(character)):
            pieces.append(r"\s*")
        pieces.append(re.escape(character))
    return re.compile("".join(pieces)) if pieces else None


@lru_cache(maxsize=2)
def _folded(text: str) -> Folded:
    return fold(text)


def _in_blocks(spans: Sequence[Span], blocks: Sequence[Block]) -> Iterator[Span]:
    """The spans that begin in a block; what stands between blocks (running heads, page numbers) is not read here."""
    at = 0
    for start, end in spans:
        while at < len(blocks) and blocks[at].end <= start:
            at += 1
        if at < len(blocks) and blocks[at].start <= start:
            yield start, end


@dataclass(frozen=True, slots=True)
class _Marks:
    """What is marked in a text: spans, each with the number that it is known by."""

    text: str
    spans: Sequence[tuple[int, int, int]]

    def html(self, start: int, end: int) -> Markup:
        """[start, end) of the text as a person reads it, with what is marked of it."""
        pieces: list[tuple[str, int | None]] = []
        at = start
        for first, last, number in self.spans:
            if first < end and start < last:
                first, last = max(start, first), min(end, last)
                pieces += [(self.text[at:first], None), (self.text[first:last], number)]
                at = last
        made, before = "", ""
        for words, number in [*pieces, (self.text[at:end], None)]:
            inner = escape(join_wrapped(words))
            if inner:
                made += gap(before, words) + (inner if number is None else f'<mark data-mark="{number}">{inner}</mark>')
                before = words
            else:  # white space alone belongs to what stands before it
                before += words
        return Markup(made)


def render_sheet(report: Report, number: int, marked: Sequence[Span], language: Language) -> str:
    """One sheet: the page's picture where it is a page of a PDF, with the lines of what is marked boxed, and its words."""
    sheet = sheets(report)[number - 1]
    spans = [(start, end, at) for at, (start, end) in enumerate(marked) if start < sheet.end and sheet.start < end]
    blocks = [block for block in report.blocks if sheet.start <= block.start < sheet.end]
    return templates.render(
        "sheet",
        language,
        report=report,
        page=sheet.page if report.media_type == "application/pdf" else None,
        boxes=[(line, at) for start, end, at in spans for line in _lines(blocks, start, end)],
        groups=[list(group) for _, group in groupby(blocks, key=_table_of)],
        words=_Marks(report.text, spans).html,
        spoken=language_of(report.text[:2000]),
    )


def _table_of(block: Block) -> tuple[object, ...]:
    """What rows of one table share; every other block stands alone."""
    if block.kind is BlockKind.TABLE_ROW and block.cells:
        return (block.caption, *(cell.header for cell in block.cells))
    return (block.start,)


def _lines(blocks: Sequence[Block], start: int, end: int) -> Iterator[Box]:
    return (line.box for block in blocks for line in block.boxes if line.start < end and start < line.end)


def render_reader(language: Language) -> str:
    """What stands around a sheet: its report, turning pages, searching. Filled in by the page's script."""
    return templates.render("reader", language, longest=LONGEST_WORDS)
