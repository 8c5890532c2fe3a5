"""Reports as a person asks for them: by id, prefix or path; a page, a quote in its context, a picture. Reads files."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from assistant.errors import CorpusError, ReadingError
from assistant.reading import reader
from assistant.stores.index import Index
from assistant.types import Block, Box, LineBox, Report

_ANCHOR_ID = re.compile(r"([0-9a-f]{12}):(\d+)-(\d+)")
_CONTEXT = 120


@dataclass(frozen=True, slots=True)
class Shown:
    """A place in a report: the whole text, one page, or a quote with the words around it (`before`, `after`)."""

    report: Report
    start: int
    end: int
    is_quote: bool = False
    before: str = ""
    after: str = ""
    block: Block | None = None

    @property
    def text(self) -> str:
        """The canonical text from `start` to `end`."""
        return self.report.text[self.start : self.end]

    @property
    def boxes(self) -> tuple[LineBox, ...]:
        """The printed lines that a quote touches, with their boxes; none for a whole report or page."""
        lines = self.block.boxes if self.block else ()
        return tuple(line for line in lines if line.start < self.end and self.start < line.end)


class Shelf:
    """The reports of an index, and the files that they were read from."""

    def __init__(self, index: Index, corpus: Path) -> None:
        self._index = index
        self._corpus = corpus

    def report(self, name: str) -> Report:
        """A report by id, unique prefix of an id (four digits or more) or path; CorpusError when there is none."""
        with self._index.lock:
            report = self._index.catalog.report(self._report_id(name))
        if report is None:
            raise CorpusError("id_unknown", id=name)
        return report

    def show(self, name: str, page: int | None = None) -> Shown:
        """A report, one of its pages, or the quote that a passage or citation id names."""
        match = _ANCHOR_ID.fullmatch(name)
        if match:
            return self._show_anchor(name, match[1], int(match[2]), int(match[3]))
        report = self.report(name)
        if page is None:
            return Shown(report, 0, len(report.text))
        if not report.pages:
            raise CorpusError("pages_unknown", path=report.path)
        found = next((one for one in report.pages if one.number == page), None)
        if found is None:
            raise CorpusError("page_missing", page=page, pages=len(report.pages))
        return Shown(report, found.start, found.end)

    def _show_anchor(self, name: str, report_id: str, start: int, end: int) -> Shown:
        report = self.report(report_id)
        if not start < end <= len(report.text):
            raise CorpusError("id_outside", id=name, length=len(report.text))
        block = next((block for block in report.blocks if block.start <= start < block.end), None)
        before, after = report.text[max(0, start - _CONTEXT) : start], report.text[end : end + _CONTEXT]
        return Shown(report, start, end, True, before, after, block)

    def page_picture(self, report_id: str, page: int, boxes: Sequence[Box] = ()) -> bytes:
        """A PNG of a page of a PDF with boxes marked; ReadingError where a report has no pages to look at."""
        from assistant.reading.pictures import page_picture

        report = self.report(report_id)
        if report.media_type != "application/pdf":
            raise ReadingError("pages_unknown", path=report.path)
        return page_picture(reader.read_bytes(self._corpus / report.path), page, boxes)

    def picture(self, name: str) -> tuple[bytes, str]:
        """The page of a passage or citation id with its words boxed, or a drawing of what is around; of a report its top."""
        from assistant.reading.pictures import picture

        shown = self.show(name)
        end = shown.end if shown.is_quote else shown.start
        return picture(shown.report, shown.start, end, lambda: reader.read_bytes(self._corpus / shown.report.path))

    def _report_id(self, name: str) -> str:
        refs = self._index.catalog.refs(active_only=False)
        name = unicodedata.normalize("NFC", name)
        if name in refs:
            return name
        by_path = [ref.report_id for ref in refs.values() if ref.path == PurePosixPath(name)]
        by_prefix = [report_id for report_id in refs if len(name) >= 4 and report_id.startswith(name.lower())]
        if len(by_path or by_prefix) > 1:
            raise CorpusError("id_ambiguous", id=name, ids=", ".join(by_prefix))
        if not (by_path or by_prefix):
            raise CorpusError("id_unknown", id=name)
        return (by_path or by_prefix)[0]
