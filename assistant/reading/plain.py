"""Plain text -> blocks: articles with numbered tables, and decks whose slides lost their page breaks.

The canonical text is the decoded text itself; every block is a span of its lines.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from assistant.language.text import join_wrapped
from assistant.reading.builder import Extracted
from assistant.reading.flattened import find_flattened
from assistant.reading.lines import (
    CHAPTER,
    DATE_ALONE,
    NOTE_LABEL_ALONE,
    ROW_LABEL,
    SENTENCE_END,
    Line,
    furniture,
    is_bullet,
    is_caption,
    is_note,
    looks_like_heading,
    split_lines,
)
from assistant.reading.rows import header_cells, is_aligned_row, row_cells, row_label
from assistant.reading.slides import Slide, find_slides
from assistant.types import Block, BlockKind, Page, Source

_TITLE_LINES = 3
_SHORT_LINE, _FULL_LINE = 10, 40
_LONG_HEADING = 40
_MID_SENTENCE = re.compile(r"[がをにのとはでやへ、，・]$")
_GOES_ON = re.compile(r"[ぁ-ゟー、。]")


def extract(text: str, name: str) -> Extracted:
    """Blocks of a decoded text; `name` is not used, the title is the text's first lines."""
    lines = split_lines(text)
    skipped = furniture(lines)
    parser = _Parser(lines, skipped, {slide.first: slide for slide in find_slides(lines, skipped)})
    parser.parse()
    return Extracted(text, tuple(parser.blocks), _source(lines, skipped), _pages(lines))


def _source(lines: Sequence[Line], skipped: frozenset[int]) -> Source:
    filled = [line for line in lines if not line.is_blank and line.start not in skipped]
    first = next((number for number, line in enumerate(lines) if line in filled[:1]), 0)
    title: list[str] = []
    for line in lines[first : first + _TITLE_LINES]:
        if line.is_blank or SENTENCE_END.search(line.text) or DATE_ALONE.match(line.text):
            break
        title.append(line.text.strip())
    joined = join_wrapped("\n".join(title))
    return Source(title=joined if 0 < len(joined) <= 150 else None, issued=_issued(filled[:20]))


def _issued(lines: Sequence[Line]) -> str | None:
    match = next((found for line in lines if (found := DATE_ALONE.match(line.text))), None)
    return f"{match['y']}-{int(match['m']):02}-{int(match['d']):02}" if match else None


def _pages(lines: Sequence[Line]) -> tuple[Page, ...]:
    numbers = sorted({line.page for line in lines if line.page is not None})
    spans = {number: [line for line in lines if line.page == number] for number in numbers}
    return tuple(Page(number, spans[number][0].start, spans[number][-1].end) for number in numbers)


@dataclass
class _Parser:
    lines: Sequence[Line]
    skipped: frozenset[int]
    slides: dict[int, Slide]
    blocks: list[Block] = field(default_factory=list)
    path: tuple[str, ...] = ()
    caption: str | None = None
    at: int = 0

    def parse(self) -> None:
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if self.at in self.slides:
                self._open_slide(self.slides[self.at])
            elif line.is_blank or line.start in self.skipped:
                self.at += 1
            else:
                self._read(line)

    def _open_slide(self, slide: Slide) -> None:
        self.path, self.caption = slide.heading_path, None
        del self.slides[self.at]
        self._slide, self._headings = slide, {slide.title, *slide.message}

    _slide: Slide | None = None
    _headings: set[int] = field(default_factory=set)

    def _read(self, line: Line) -> None:
        if self.at in self._headings:
            self._emit(BlockKind.HEADING, self._heading_end())
        elif is_caption(line.text):
            self._emit(BlockKind.CAPTION, self.at + 1)
            self.caption = line.text.strip()
            self._table()
        elif is_note(line.text):
            self._emit(BlockKind.NOTE, self._note_end())
        elif self._heads_aligned_rows():
            self._table()
        elif self._slide is not None and (table := find_flattened(self.lines, self.at, self._stops)):
            start = len(self.blocks)
            self._emit(BlockKind.PARAGRAPH, table.end)
            self.blocks[start] = replace(self.blocks[start], inferred=table.rows)
        elif self._is_heading(line):
            self._article_heading(line)
        else:
            self._emit(BlockKind.LIST if is_bullet(line.text) else BlockKind.PARAGRAPH, self._paragraph_end())

    def _emit(self, kind: BlockKind, end: int, caption: str | None = None) -> None:
        first, last = self.lines[self.at], self.lines[end - 1]
        start = first.start + len(first.text) - len(first.text.lstrip())
        self.blocks.append(Block(kind, start, last.start + len(last.text.rstrip()), first.page, self.path, caption))
        self.at = end

    def _heading_end(self) -> int:
        end = self.at + 1
        if self._slide and self.at in self._slide.message:
            end = self._slide.message.stop
        return end

    def _stops(self, number: int) -> bool:
        """Whether something else begins at a line, so that no block above may go on over it."""
        if number >= len(self.lines) or number in self.slides or number in self._headings:
            return True
        line = self.lines[number]
        if line.is_blank or line.start in self.skipped or line.page != self.lines[self.at].page:
            return True
        return is_note(line.text) or is_caption(line.text)

    def _paragraph_end(self) -> int:
        end = self.at + 1
        while not self._stops(end) and not is_bullet(self.lines[end].text) and not self._begins_paragraph(end):
            end += 1
        return self._over_gap(end)

    def _begins_paragraph(self, number: int) -> bool:
        """Whether an article's line is set in by a full space below a sentence that ended."""
        is_set_in = self._slide is None and self.lines[number].text[:1] == "　"
        return is_set_in and bool(SENTENCE_END.search(self.lines[number - 1].text))

    def _over_gap(self, end: int) -> int:
        """A sentence of a slide that stops half-way goes on below an empty line."""
        if self._slide is None or end + 1 >= len(self.lines) or not self.lines[end].is_blank or self._stops(end + 1):
            return end
        last, below = self.lines[end - 1].text.rstrip(), self.lines[end + 1]
        if SENTENCE_END.search(last) or below.is_indented or is_bullet(below.text):
            return end
        if len(last) < _SHORT_LINE:
            return end
        is_full_line = len(last) >= _FULL_LINE and re.search(r"[、。]", below.text)
        if not (is_full_line or _MID_SENTENCE.search(last) or _GOES_ON.match(below.text)):
            return end
        end += 2
        while not self._stops(end) and not is_bullet(self.lines[end].text):
            end += 1
        return end

    def _note_end(self) -> int:
        alone = bool(NOTE_LABEL_ALONE.match(self.lines[self.at].text))
        end = self.at + 1
        while not self._stops(end) and not is_bullet(self.lines[end].text):
            end += 1
            if alone and SENTENCE_END.search(self.lines[end - 1].text):
                break
        return end

    def _is_heading(self, line: Line) -> bool:
        if self.at > 0 and not self.lines[self.at - 1].is_blank:
            return False
        if not self.slides and self._heads_set_in_paragraph(line):
            return True
        if not self._stops(self.at + 1) or not looks_like_heading(line.text):
            return False
        if self._slide is not None or self.slides:
            return bool(CHAPTER.match(line.text)) and len(line.text) >= 6 and not line.text.strip()[0].isspace()
        below = next((below for below in self.lines[self.at + 1 :] if not below.is_blank), None)
        return not self.blocks or (below is not None and len(below.text) > len(line.text))

    def _heads_set_in_paragraph(self, line: Line) -> bool:
        """Whether a numbered line (１．調査の概要) stands right above a paragraph that is set in by a full space."""
        below = self.lines[self.at + 1] if self.at + 1 < len(self.lines) else None
        is_short = len(line.text) <= _LONG_HEADING and not SENTENCE_END.search(line.text)
        return bool(
            is_short and CHAPTER.match(line.text) and below and below.text[:1] == "　" and not is_bullet(below.text)
        )

    def _article_heading(self, line: Line) -> None:
        is_title = not self.blocks
        self._slide = None
        self.path = () if is_title else (line.text.strip(),)
        self._emit(BlockKind.HEADING, self.at + 1)

    def _heads_aligned_rows(self) -> bool:
        headers = header_cells(self.lines[self.at].text)
        if not headers:
            return False
        below = [line for line in self.lines[self.at + 1 : self.at + 5] if not line.is_blank][:2]
        return len(below) == 2 and all(is_aligned_row(line.text, len(headers)) for line in below)

    def _table(self) -> None:
        """The rows below a caption or header line; without rows, nothing is taken."""
        if self.at >= len(self.lines) or self._stops(self.at):
            return
        headers = header_cells(self.lines[self.at].text)
        labelled = headers and self.at + 1 < len(self.lines) and ROW_LABEL.match(self.lines[self.at + 1].text)
        if labelled:
            self.at += 1
            self._labelled_rows(headers)
        elif self._heads_aligned_rows():
            self.at += 1
            self._aligned_rows(headers)

    def _labelled_rows(self, headers: tuple[str, ...]) -> None:
        while (following := self._below_gap()) is not None and ROW_LABEL.match(self.lines[following].text):
            self.at = following
            self._row(self._labelled_row_end(), headers)

    def _labelled_row_end(self) -> int:
        end = self.at + 1
        while not self._stops(end) and not ROW_LABEL.match(self.lines[end].text):
            end += 1
        return end

    def _aligned_rows(self, headers: tuple[str, ...]) -> None:
        while (following := self._below_gap()) is not None and is_aligned_row(self.lines[following].text, len(headers)):
            self.at = following
            self._row(self.at + 1, headers)

    def _below_gap(self) -> int | None:
        """The line at which a table may go on: this one, or the one below a single empty line."""
        following = self.at + (self.at < len(self.lines) and self.lines[self.at].is_blank)
        return None if self._stops(following) else following

    def _row(self, end: int, headers: tuple[str, ...]) -> None:
        lines = self.lines[self.at : end]
        cells = row_cells(lines, headers)
        label = row_label(lines[0].text) or lines[0].text.split()[0]
        header_line = self.caption or " ".join(headers)
        first, last = lines[0], lines[-1]
        start, stop = first.start + len(first.text) - len(first.text.lstrip()), last.start + len(last.text.rstrip())
        self.blocks.append(
            Block(BlockKind.TABLE_ROW, start, stop, first.page, self.path, header_line, row=label, cells=cells)
        )
        self.at = end
