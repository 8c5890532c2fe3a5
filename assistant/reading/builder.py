"""Builds the canonical text of a format with markup or pages: blocks joined by a newline, pages by an empty line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath

from assistant.language.text import canonical_newlines, join_wrapped
from assistant.types import Block, BlockKind, Box, Cell, LineBox, Page, Source

_NOTE = re.compile(
    r"※|[(（]?(?:注|備考|出所|出典|資料)\s*[0-9０-９]*[)）]?\s*[:：]|[(（](?:注|出所|出典|資料)[0-9０-９]*[)）]"
    r"|(?:sources?|notes?)\s*:",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"(?:図表|図|表|figure|fig\.|table|chart|exhibit)\s*[0-9０-９]+(?:[-－‐.．][0-9０-９]+)*"
    r"(?![はがをにのでともや、,0-9])",
    re.IGNORECASE,
)
_UNIT = re.compile(r"[(（\[［【]?\s*(?:単位|units?)\s*[:：][^。\n]{1,32}$", re.IGNORECASE)
_LONGEST_CAPTION = 200
_NO_TITLE = re.compile(
    r"\.(?:docx?|xlsx?|pptx?|pdf|indd|tex|dvi|html?|txt|qxd|ai)$|^(?:microsoft \w+ - |untitled|無題)"
    r"|^(?:powerpoint|microsoft powerpoint|word|excel) ?(?:presentation|プレゼンテーション|document|文書|ブック)$",
    re.IGNORECASE,
)


def says_note(text: str) -> bool:
    """Whether a text calls itself a note or a source line: 注:, (注1), ※, 出所:, Source:"""
    return _NOTE.match(text.lstrip()) is not None


def says_caption(text: str) -> bool:
    """Whether a text calls itself a table's or figure's caption: 図表1-2 …, Table 3. …; no sentence about one."""
    text = text.strip()
    return _CAPTION.match(text) is not None and len(text) <= _LONGEST_CAPTION and not text.endswith("。")


def says_title(text: str) -> bool:
    """Whether what a file gives as its title is one: no file's name, no path and nothing that a program put there."""
    return bool(text) and not _NO_TITLE.search(text) and PurePath(text).name == text


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a reader gets out of a file; the facts of the file itself are added by `reader.read`."""

    text: str
    blocks: tuple[Block, ...]
    source: Source
    pages: tuple[Page, ...] = ()


class ReportBuilder:
    """Collects blocks in reading order. Offsets are counted as the text grows, so they can never disagree with it."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._pages: list[Page] = []
        self._headings: list[tuple[int, str]] = []
        self._caption: str | None = None
        self._page: int | None = None
        self._page_size = (0.0, 0.0)
        self._page_start = 0

    def start_page(self, number: int, width: float, height: float) -> None:
        """Begin page `number` (1-based); size in points. Ends the page before."""
        self.end_page()
        if self._pages:
            self._append_raw("\n\n")
        self._page, self._page_size, self._page_start = number, (width, height), self._length

    def end_page(self) -> None:
        """Record the page that is open, if one is."""
        if self._page is not None:
            self._pages.append(Page(self._page, self._page_start, self._length, *self._page_size))
            self._page = None

    def heading(self, level: int, text: str, boxes: Sequence[tuple[str, Box]] = ()) -> None:
        """A heading of `level` (1 is the highest): heads what follows until one of its level or higher."""
        while self._headings and self._headings[-1][0] >= level:
            self._headings.pop()
        self._headings.append((level, " ".join(join_wrapped(text).split())))
        self._caption = None
        self.block(BlockKind.HEADING, text, boxes)

    def end_section(self) -> None:
        """No heading and no caption heads what follows: a new slide or sheet."""
        self._headings.clear()
        self._caption = None

    def caption(self, text: str, boxes: Sequence[tuple[str, Box]] = ()) -> None:
        """A table's or figure's caption; heads the rows that follow it."""
        self.block(BlockKind.CAPTION, text, boxes)
        self._caption = " ".join(text.split())

    def block(self, kind: BlockKind, text: str, boxes: Sequence[tuple[str, Box]] = ()) -> None:
        """A paragraph, list item or note. `boxes`: (text of the printed line, its box) in order, if any.

        A line that says what a table is measured in (単位：億円) is a caption and goes with the one before it.
        """
        text = canonical_newlines(text).strip("\n")
        if not text.strip():
            return
        if kind in (BlockKind.PARAGRAPH, BlockKind.NOTE) and _UNIT.match(text.strip()):
            follows = self._blocks and self._blocks[-1].kind is BlockKind.CAPTION
            before = self._caption if follows else None
            self.caption(text, boxes)
            self._caption = " ".join(filter(None, (before, self._caption)))
            return
        start = self._append(text)
        if kind not in (BlockKind.TABLE_ROW, BlockKind.NOTE):
            self._caption = None
        path = tuple(title for _, title in self._headings)
        self._blocks.append(
            Block(
                kind, start, self._length, self._page, path, self._caption, boxes=self._line_boxes(start, text, boxes)
            )
        )

    def row(self, cells: Iterable[tuple[str, str]], boxes: Sequence[tuple[str, Box]] = ()) -> None:
        """A table row of (header, text) cells, joined by tabs; its label is its first cell that says something."""
        pairs = [(" ".join(header.split()), " ".join(canonical_newlines(text).split())) for header, text in cells]
        if not any(text for _, text in pairs):
            return
        caption = self._caption
        text = "\t".join(cell for _, cell in pairs).rstrip("\t")
        lead = len(text) - len(text.lstrip("\t"))
        self.block(BlockKind.TABLE_ROW, text.lstrip("\t"), boxes)
        self._caption = caption
        block = self._blocks[-1]
        spans, offset = [], block.start - lead
        for header, cell in pairs:
            if cell:
                spans.append(Cell(header, offset, offset + len(cell)))
            offset += len(cell) + 1
        label = next(cell for _, cell in pairs if cell)
        self._blocks[-1] = replace(block, row=label, cells=tuple(spans))

    def furniture(self, text: str) -> None:
        """Text that stays in the canonical text but belongs to no block: footers, page numbers, navigation."""
        if text.strip():
            self._append(canonical_newlines(text).strip("\n"))

    def build(self, source: Source) -> Extracted:
        """The finished text with its blocks and pages."""
        self.end_page()
        return Extracted("".join(self._pieces), tuple(self._blocks), source, tuple(self._pages))

    def _append(self, text: str) -> int:
        on_new_page = self._page is not None and self._length == self._page_start
        if self._pieces and not on_new_page:
            self._append_raw("\n")
        start = self._length
        self._append_raw(text)
        return start

    def _append_raw(self, text: str) -> None:
        self._pieces.append(text)
        self._length += len(text)

    def _line_boxes(self, start: int, text: str, boxes: Sequence[tuple[str, Box]]) -> tuple[LineBox, ...]:
        lines, cursor = [], 0
        for line, box in boxes:
            at = text.find(line, cursor)
            if at < 0 or self._page is None:
                continue
            lines.append(LineBox(start + at, start + at + len(line), self._page, box))
            cursor = at + len(line)
        return tuple(lines)
