"""Draws what surrounds a quote as SVG, for formats whose pages only their own programs can show. Pure.

A browser sets the words in its own fonts, so every run of words is given its width (`textLength`): the boxes behind the
quoted words hold exactly those words in any font. A run that is quoted has the class `quoted`, its box the class `box`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import groupby, pairwise

from assistant.reading.lines import is_bullet
from assistant.types import SECTION_SEPARATOR, Block, BlockKind, Cell, Report

MEDIA_TYPE = "image/svg+xml"
_AROUND = 700  # characters shown before and after the quote, rounded up to whole blocks
_WIDTH, _MARGIN, _GUTTER, _LEADING = 720.0, 36.0, 14.0, 1.55
_NARROWEST = 96.0  # of a table's column
_SIZE, _SMALL = 15.0, 12.5
_HEADS = (21.0, 18.0, 16.0)
_INDENT = 18.0
_STYLE = (
    "text{white-space:pre;fill:#1f2328}.soft{fill:#5b6169}.bold{font-weight:bold}.rule{stroke:#d0d4da}"
    ".paper{fill:#fff;stroke:#d0d4da}.box{fill:#ffdd00;fill-opacity:.38;stroke:#b08000}"
)
_FONTS = "'Noto Sans CJK JP','Hiragino Sans','Yu Gothic','Meiryo','Noto Sans JP',system-ui,sans-serif"
_UNFIT = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML 1.0 has no place for
_NARROW, _BROAD = frozenset(" iljtfrI.,:;'|!()[]{}`-/\"\\*°"), frozenset("mwMWQ@%—…")
_NO_START = frozenset("、。，．・：；？！」』）］｝〉》〕】ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ…％%)],.;:!?")
_LATIN = re.compile(r"[!-~\u00a1-\u024f]")

Span = tuple[int, int]


def drawing(report: Report, start: int, end: int) -> bytes:
    """SVG of the page on which [start, end) of a report stands, or of what is around it where it has no pages or long ones.

    The words of the runs marked `quoted`, in order, are the quote's words without its white space at line ends.
    """
    canvas = _Canvas(report.text, start, end)
    blocks, is_cut = _around(report, start, end)
    if is_cut and blocks[0].heading_path and blocks[0].kind is not BlockKind.HEADING:
        canvas.label(SECTION_SEPARATOR.join(blocks[0].heading_path))
    for table, group in groupby(blocks, _table_of):
        if table is None:
            for block in group:
                _write(canvas, block)
        else:
            _write_table(canvas, list(group))
    return canvas.svg(report.ref.title)


def _around(report: Report, start: int, end: int) -> tuple[list[Block], bool]:
    """The blocks to draw, in order, and whether something stands before them."""
    page = next((page for page in report.pages if page.start <= start < max(page.end, page.start + 1)), None)
    first, last = (page.start, page.end) if page else (0, len(report.text))
    low, high = max(first, start - _AROUND), min(max(last, end), end + _AROUND)
    blocks = [block for block in report.blocks if block.start < high and low < block.end]
    edges = [end_ for block in blocks for end_ in (block.start, block.end)]
    gaps = zip([start, *edges[1::2]], [*edges[::2], end], strict=True)  # quoted words that belong to no block
    strays = [
        Block(BlockKind.PARAGRAPH, max(a, start), min(b, end))
        for a, b in gaps
        if max(a, start) < min(b, end) and report.text[max(a, start) : min(b, end)].strip()
    ]
    blocks = sorted([*blocks, *strays], key=lambda block: block.start)
    return blocks, bool(blocks) and bool(report.text[first : blocks[0].start].strip())


def _table_of(block: Block) -> object:
    is_row = block.kind is BlockKind.TABLE_ROW and block.cells
    return (block.caption, block.heading_path) if is_row else None


def _write(canvas: _Canvas, block: Block) -> None:
    if block.kind is BlockKind.HEADING:
        size = _HEADS[min(max(len(block.heading_path), 1), len(_HEADS)) - 1]
        canvas.paragraph(block.start, block.end, size, "bold", before=0.6 * size)
    elif block.kind is BlockKind.LIST:
        bullet = not is_bullet(canvas.text[block.start : block.end])
        canvas.paragraph(block.start, block.end, _SIZE, indent=_INDENT, bullet=bullet, before=0)
    elif block.kind is BlockKind.CAPTION:
        canvas.paragraph(block.start, block.end, _SMALL, "bold")
    elif block.kind is BlockKind.NOTE:
        canvas.paragraph(block.start, block.end, _SMALL, "soft")
    else:
        canvas.paragraph(block.start, block.end, _SIZE)


def _write_table(canvas: _Canvas, rows: Sequence[Block]) -> None:
    """Rows below each other, every cell under its header; a header that comes twice in a row is two columns."""
    lines = [dict(_keyed(row.cells)) for row in rows]
    columns: list[tuple[str, int]] = []
    for line in lines:
        at = 0
        for key in line:
            if key not in columns:
                columns.insert(at, key)
            at = columns.index(key) + 1
    texts = [[canvas.text[line[key].start : line[key].end] for line in lines if key in line] for key in columns]
    wanted = [
        min(max(_width(part, _SMALL) for text in (*own, header) for part in text.split("\n")), 0.6 * _WIDTH)
        for (header, _), own in zip(columns, texts, strict=True)
    ]
    room = canvas.widen(len(columns) * (_NARROWEST + _GUTTER))
    share = (room - _GUTTER * len(columns) - sum(min(one, _NARROWEST) for one in wanted)) / (
        sum(max(one - _NARROWEST, 0) for one in wanted) or 1
    )
    widths = [min(one, _NARROWEST) + max(one - _NARROWEST, 0) * min(share, 1.0) + 1 for one in wanted]
    if any(header for header, _ in columns):
        canvas.row([(header, None) for header, _ in columns], widths)
    for line in lines:
        canvas.row([("", line.get(key)) for key in columns], widths)
    canvas.gap(0.6 * _SIZE)


def _keyed(cells: Iterable[Cell]) -> Iterator[tuple[tuple[str, int], Cell]]:
    seen: list[str] = []
    for cell in cells:
        yield (cell.header, seen.count(cell.header)), cell
        seen.append(cell.header)


@dataclass
class _Canvas:
    """What is drawn so far, and how far down; [start, end) of `text` is quoted."""

    text: str
    start: int
    end: int
    width: float = _WIDTH
    at: float = _MARGIN
    parts: list[str] = field(default_factory=list)

    def widen(self, wanted: float) -> float:
        """Make room for a table; returns how much there is."""
        self.width = max(self.width, min(wanted, 10 * _WIDTH) + 2 * _MARGIN)
        return self.width - 2 * _MARGIN

    def gap(self, height: float) -> None:
        self.at += height

    def label(self, words: str) -> None:
        """Words of ours, in one line."""
        self.at += _SMALL
        self._run(words, _MARGIN, self.at, _SMALL, "soft")
        self.at += 0.5 * _SMALL

    def paragraph(
        self,
        start: int,
        end: int,
        size: float,
        look: str = "",
        indent: float = 0,
        bullet: bool = False,
        before: float = 0.35 * _SIZE,
    ) -> None:
        """The words of [start, end) below what is there."""
        self.at += before
        if bullet:
            self.parts.append(f'<circle class="soft" cx="{_MARGIN + 7:g}" cy="{self.at + 0.65 * size:.1f}" r="2"/>')
        spans = _wrapped(self.text, start, end, _WIDTH - 2 * _MARGIN - indent, size)
        self.at += self._lines(spans, _MARGIN + indent, self.at, size, look)

    def row(self, cells: Sequence[tuple[str, Cell | None]], widths: Sequence[float]) -> None:
        """A table's row below what is there: of each cell the header's words, or the cell with its place in the text."""
        x, tallest = _MARGIN, 0.0
        for (words, cell), width in zip(cells, widths, strict=True):
            if cell is not None:
                spans = _wrapped(self.text, cell.start, cell.end, width, _SMALL)
                tallest = max(tallest, self._lines(spans, x, self.at + 4, _SMALL))
            else:
                for number, (a, b) in enumerate(_wrapped(words, 0, len(words), width, _SMALL)):
                    self._run(words[a:b], x, self.at + 4 + _SMALL * (1.1 + number * _LEADING), _SMALL, "bold")
                    tallest = max(tallest, (number + 1) * _SMALL * _LEADING)
            x += width + _GUTTER
        self.at += tallest + 8
        self.parts.append(
            f'<line class="rule" x1="{_MARGIN:g}" x2="{x - _GUTTER:.1f}" y1="{self.at:.1f}" y2="{self.at:.1f}"/>'
        )

    def svg(self, title: str) -> bytes:
        """The whole picture, UTF-8."""
        height = self.at + _MARGIN
        frame = f'<rect class="paper" x=".5" y=".5" width="{self.width - 1:.1f}" height="{height - 1:.1f}"/>'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width:.1f} {height:.1f}" '
            f'width="{self.width:.0f}" height="{height:.0f}" font-family="{escape(_FONTS)}"><title>{_safe(title)}</title>'
            f"<style>{_STYLE}</style>{frame}{''.join(self.parts)}</svg>"
        ).encode()

    def _lines(self, spans: Sequence[Span], x: float, top: float, size: float, look: str = "") -> float:
        """Lines of the text from `top` on; returns their height."""
        for number, (first, last) in enumerate(spans):
            base, left = top + size * (1.1 + number * _LEADING), x
            for a, b in _parted(first, last, self.start, self.end):
                words, width = self.text[a:b], _width(self.text[a:b], size)
                if words.strip() and self.start <= a < self.end:
                    self.parts.append(
                        f'<rect class="box" x="{left:.2f}" y="{base - size:.2f}" width="{width:.2f}" height="{1.3 * size:.2f}"/>'
                    )
                    self._run(words, left, base, size, f"{look} quoted".strip())
                elif words.strip():
                    self._run(words, left, base, size, look)
                left += width
        return len(spans) * size * _LEADING

    def _run(self, words: str, x: float, base: float, size: float, look: str) -> None:
        chosen = f' class="{look}"' if look else ""
        self.parts.append(
            f'<text{chosen} x="{x:.2f}" y="{base:.2f}" font-size="{size:g}" textLength="{_width(words, size):.2f}" '
            f'lengthAdjust="spacingAndGlyphs">{_safe(words)}</text>'
        )


def _parted(first: int, last: int, start: int, end: int) -> Iterator[Span]:
    """A line cut where the quote begins and ends."""
    cuts = sorted({first, last, min(max(start, first), last), min(max(end, first), last)})
    return pairwise(cuts)


def _wrapped(text: str, start: int, end: int, width: float, size: float) -> list[Span]:
    """[start, end) as lines no wider than `width`: broken at newlines, between words, or between Japanese characters."""
    spans: list[Span] = []
    for match in re.finditer(r"[^\n]+", text[start:end]):
        first, last = start + match.start(), start + match.end()
        while first < last:
            stop = _line_end(text, first, last, width, size)
            spans.append((first, stop))
            first = stop
    return spans


def _line_end(text: str, first: int, last: int, width: float, size: float) -> int:
    used, at = 0.0, first
    while at < last and (at == first or used + _advance(text[at]) * size <= width):
        used += _advance(text[at]) * size
        at += 1
    if at == last:
        return last
    back = at
    while back > first + 1 and not _may_break(text[back - 1], text[back]):
        back -= 1
    return back if back > first + 1 or _may_break(text[back - 1], text[back]) else at


def _may_break(before: str, after: str) -> bool:
    if after in _NO_START or after == " ":
        return False
    return not (_LATIN.match(before) and _LATIN.match(after))


def _width(words: str, size: float) -> float:
    return sum(map(_advance, words)) * size


def _advance(character: str) -> float:
    """About how many ems a character takes in a proportional font."""
    if character < "\u0250":
        return 0.32 if character in _NARROW else 0.86 if character in _BROAD else 0.66 if character.isupper() else 0.55
    if unicodedata.combining(character):
        return 0.0
    return 0.55 if unicodedata.east_asian_width(character) in ("H", "N", "Na") else 1.0


def _safe(words: str) -> str:
    return escape(_UNFIT.sub("\ufffd", words))
