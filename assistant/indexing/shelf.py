"""Reports as a person asks for them: by id, prefix or path; a page, a quote in its context, a picture. Reads files."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from assistant.errors import CorpusError, ReadingError
from assistant.language.text import Folded, fold
from assistant.reading import reader
from assistant.stores.index import Index
from assistant.types import Block, Report

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


def found_anew(text: str, start: int, end: int, successor: str) -> tuple[int, int] | None:
    """Where the words [start, end) of a text stand in its successor, nearest to their old place; exactly, else up to
    width, case and white space."""
    wanted = _key(fold(text[start:end]))[0]
    key, offsets = _key(fold(successor))
    exact = [(m.start(), m.end()) for m in re.finditer(re.escape(text[start:end]), successor)]
    places = exact or [
        (offsets[m.start()], offsets[m.end() - 1] + 1) for m in re.finditer(re.escape(wanted), key) if wanted
    ]
    share = start / len(text)
    return min(places, key=lambda place: abs(place[0] / len(successor) - share), default=None)


def _key(folded: Folded) -> tuple[str, list[int]]:
    """The characters of a folded text that are no white space, with their verbatim offsets."""
    kept = [(letter, at) for letter, at in zip(folded.text, folded.offsets, strict=False) if not letter.isspace()]
    return "".join(letter for letter, _ in kept), [at for _, at in kept]


class Shelf:
    """The reports of an index, and the files that they were read from."""

    def __init__(self, index: Index, corpus: Path) -> None:
        self._index = index
        self._corpus = corpus

    def report(self, name: str) -> Report:
        """A report by id, unique prefix of an id or path; CorpusError when there is none."""
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
        with self._index.lock:
            if report_id not in self._index.catalog.refs(active_only=False):
                self._say_what_became_of(name, report_id, (start, end))
        report = self.report(report_id)
        if not start < end <= len(report.text):
            raise CorpusError("id_outside", id=name, length=len(report.text))
        block = next((block for block in report.blocks if block.start <= start < block.end), None)
        if block is not None and end > block.end:
            block = replace(block, row=None, cells=())  # words of several rows stand in no one row
        before, after = report.text[max(0, start - _CONTEXT) : start], report.text[end : end + _CONTEXT]
        return Shown(report, start, end, True, before, after, block)

    def page_picture(self, report_id: str, page: int) -> bytes:
        """A PNG of a page of a PDF; ReadingError where a report has no pages to look at."""
        from assistant.reading.pictures import page_picture

        report = self.report(report_id)
        if report.media_type != "application/pdf":
            raise ReadingError("pages_unknown", path=report.path)
        return page_picture(reader.read_bytes(self._corpus / report.path), page)

    def picture(self, name: str) -> tuple[bytes, str]:
        """The page of a passage or citation id with its words boxed, or a drawing of what is around; of a report its top."""
        from assistant.reading.pictures import picture

        shown = self.show(name)
        end = shown.end if shown.is_quote else shown.start
        return picture(shown.report, shown.start, end, lambda: reader.read_bytes(self._corpus / shown.report.path))

    def _say_what_became_of(self, name: str, report_id: str, span: tuple[int, int] | None) -> None:
        """CorpusError for an id (or the prefix of one) of a report that was replaced or removed: by what, when, and where
        the quoted words stand now."""
        gone = self._index.catalog.gone()
        known = [one for one in gone if report_id and one.startswith(report_id.lower())]
        if len(known) != 1:
            return
        old = last = gone[known[0]]
        while last.successor in gone:
            last = gone[last.successor]
        refs = self._index.catalog.refs(active_only=False)
        if last.successor is None or last.successor not in refs:
            raise CorpusError("id_removed", id=name, day=last.day, path=last.path)
        successor = self.report(last.successor)
        values = {"id": name, "day": old.day, "path": successor.path, "successor": successor.report_id}
        text = self._index.catalog.gone_text(old.report_id)
        if span is None or text is None or not span[0] < span[1] <= len(text):
            raise CorpusError("id_replaced", **values)
        place = found_anew(text, *span, successor.text)
        if place is None:
            raise CorpusError("id_replaced_lost", **values)
        page = next((f"p. {page.number}, " for page in successor.pages if page.start <= place[0] < page.end), "")
        where = f"{page}{successor.report_id}:{place[0]}-{place[1]}"
        raise CorpusError("id_replaced_found", **values, where=where)

    def _report_id(self, name: str) -> str:
        refs = self._index.catalog.refs(active_only=False)
        name = unicodedata.normalize("NFC", name)
        if name in refs:
            return name
        by_path = [ref.report_id for ref in refs.values() if ref.path == PurePosixPath(name)]
        by_prefix = [report_id for report_id in refs if name and report_id.startswith(name.lower())]
        if len(by_path or by_prefix) > 1:
            raise CorpusError("id_ambiguous", id=name, ids=", ".join(by_prefix))
        if not (by_path or by_prefix):
            self._say_what_became_of(name, name, None)
            raise CorpusError("id_unknown", id=name)
        return (by_path or by_prefix)[0]
