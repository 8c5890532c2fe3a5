"""Reads Word files with python-docx: headings, paragraphs, lists, tables, footnotes and text boxes, in the file's order.

Words that a tracked change deleted are left out, inserted ones are in. Word files have no pages of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from assistant.reading import tables
from assistant.reading.builder import Extracted, ReportBuilder, says_caption, says_note
from assistant.reading.office import container, source
from assistant.types import BlockKind

_ANCESTRY = 20
_BODY_LEVEL = 9
_TITLE = 0
_BREAKS = frozenset((qn("w:br"), qn("w:cr")))
_UNREAD = frozenset(
    qn(name) for name in ("w:pPr", "w:rPr", "w:del", "w:moveFrom", "w:rt", "w:txbxContent", "w:instrText", "w:sectPr")
) | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_NOTE_PARTS = {
    qn("w:footnoteReference"): RELATIONSHIP_TYPE.FOOTNOTES,
    qn("w:endnoteReference"): RELATIONSHIP_TYPE.ENDNOTES,
}


def extract(data: bytes, name: str) -> Extracted:
    """The text and blocks of a Word file. Errors: those of `office.container`."""
    with container(data, name) as file:
        document = docx.Document(file)
        writer = _Writer(document)
        writer.write(document.element.body)
        return writer.builder.build(source(document.core_properties, writer.title))


class _Writer:
    """Walks the body; `title` is the first paragraph in the style Title, else the first heading."""

    def __init__(self, document) -> None:
        self.builder = ReportBuilder()
        self.title: str | None = None
        self._heading: str | None = None
        self._styles = {style.get(qn("w:styleId")): style for style in document.styles.element.style_lst}
        self._notes = {tag: _notes(document.part, kind) for tag, kind in _NOTE_PARTS.items()}
        self._style_facts = lru_cache(None)(self._facts)

    def write(self, parent) -> None:
        """Every paragraph and table below `parent`, content controls and insertions included."""
        for node in parent:
            if node.tag == qn("w:p"):
                self._paragraph(node)
            elif node.tag == qn("w:tbl"):
                self._table(node)
            elif node.tag not in _UNREAD:
                self.write(node)

    def _paragraph(self, node) -> None:
        words = _words(node).strip()
        level, is_listed, name = self._style_facts(_value(node, "w:pPr/w:pStyle") or "")
        own = _value(node, "w:pPr/w:outlineLvl")
        level = int(own) + 1 if own is not None and own.isdecimal() else level
        if not words:
            pass
        elif name.startswith("toc "):
            self.builder.furniture(words)
        elif level <= _BODY_LEVEL:
            self._head(level, words)
        elif name == "caption" or says_caption(words):
            self.builder.caption(words)
        else:
            numbered = _value(node, "w:pPr/w:numPr/w:numId")
            is_item = is_listed if numbered is None else numbered != "0"
            kind = BlockKind.LIST if is_item else BlockKind.NOTE if says_note(words) else BlockKind.PARAGRAPH
            self.builder.block(kind, words)
        self._after(node)

    def _head(self, level: int, words: str) -> None:
        line = " ".join(words.split())
        if level == _TITLE:
            self.title = self.title or line
        elif self.title is None:
            self.title = line
        self.builder.heading(max(level, 1), words)

    def _after(self, node) -> None:
        """What hangs on a paragraph or table: its text boxes, then the notes that it refers to."""
        for box in _below(node, qn("w:txbxContent")):
            self.write(box)
        for tag, notes in self._notes.items():
            for reference in _below(node, tag):
                self.builder.block(BlockKind.NOTE, notes.get(reference.get(qn("w:id")), ""))

    def _table(self, node) -> None:
        rows = list(_rows(node))
        grid = tables.place(_spans(rows))
        if tables.columns(grid) < 2:
            for row in rows:
                for cell in _children(row, qn("w:tc")):
                    self.write(cell)
            return
        marked = [row.find(qn("w:trPr") + "/" + qn("w:tblHeader")) is not None for row in rows]
        heads = marked.index(False) if False in marked else 0
        tables.write(self.builder, grid, heads or tables.head_rows(grid))
        self._after(node)

    def _facts(self, style_id: str) -> tuple[int, bool, str]:
        """(heading level, 0 for a title, above 9 for none; whether its paragraphs are items; name) of a style."""
        level, is_listed, name = None, None, ""
        style = self._styles.get(style_id)
        for _ in range(_ANCESTRY):
            if style is None:
                break
            own = (_value(style, "w:name") or "").lower()
            name = name or own
            outline = _value(style, "w:pPr/w:outlineLvl")
            if level is None and (own == "title" or re.fullmatch(r"heading [1-9]", own)):
                level = _TITLE if own == "title" else int(own[-1])
            elif level is None and outline is not None and outline.isdecimal():
                level = int(outline) + 1
            if is_listed is None and style.find(qn("w:pPr") + "/" + qn("w:numPr")) is not None:
                is_listed = True
            style = self._styles.get(_value(style, "w:basedOn") or "")
        return _BODY_LEVEL + 1 if level is None else level, bool(is_listed), name


def _notes(part, kind: str) -> dict[str | None, str]:
    """A document's footnotes or endnotes by their ids."""
    related = next((one.target_part for one in part.rels.values() if one.reltype == kind and not one.is_external), None)
    if related is None:
        return {}
    return {note.get(qn("w:id")): _words(note).strip() for note in parse_xml(related.blob)}


def _value(node, path: str) -> str | None:
    found = node.find("/".join(qn(step) for step in path.split("/")))
    return None if found is None else found.get(qn("w:val"))


def _words(node) -> str:
    return "".join(_pieces(node))


def _pieces(node) -> Iterator[str]:
    for child in node:
        if child.tag == qn("w:t"):
            yield child.text or ""
        elif child.tag == qn("w:tab"):
            yield "\t"
        elif child.tag in _BREAKS:
            yield "\n"
        elif child.tag == qn("w:noBreakHyphen"):
            yield "-"
        elif child.tag not in _UNREAD:
            yield from _pieces(child)
            if child.tag == qn("w:p"):
                yield "\n"


def _below(node, tag: str) -> Iterator:
    """Descendants of a kind, without those inside others of the kind, deleted ones and copies for older programs."""
    for child in node:
        if child.tag == tag:
            yield child
        elif child.tag not in (_FALLBACK, qn("w:del"), qn("w:moveFrom"), qn("w:txbxContent")):
            yield from _below(child, tag)


def _children(node, tag: str) -> Iterator:
    """Children of a kind, content controls and insertions looked through."""
    for child in node:
        if child.tag == tag:
            yield child
        elif child.tag in (qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:moveTo"), qn("w:customXml")):
            yield from _children(child, tag)


def _rows(table) -> Iterator:
    return (row for row in _children(table, qn("w:tr")) if row.find(qn("w:trPr") + "/" + qn("w:del")) is None)


def _spans(rows: Iterable) -> Iterator[list[tuple[str, int, int]]]:
    """Each row's cells as (words, columns spanned, rows spanned); a cell that goes on from above counts there."""
    lines: list[list[tuple[int, bool, str]]] = []
    for row in rows:
        line = []
        for cell in _children(row, qn("w:tc")):
            across = _value(cell, "w:tcPr/w:gridSpan") or "1"
            merge = cell.find(qn("w:tcPr") + "/" + qn("w:vMerge"))
            goes_on = merge is not None and merge.get(qn("w:val")) != "restart"
            line.append((max(int(across), 1) if across.isdecimal() else 1, goes_on, _words(cell).strip()))
        lines.append(line)
    starts = [{sum(one[0] for one in line[:at]): one for at, one in enumerate(line)} for line in lines]
    for number, columns in enumerate(starts):
        yield [
            (words, across, _depth(starts[number + 1 :], column))
            for column, (across, goes_on, words) in columns.items()
            if not (goes_on and number)
        ]


def _depth(below: list[dict[int, tuple[int, bool, str]]], column: int) -> int:
    rows = 1
    for columns in below:
        if not columns.get(column, (1, False, ""))[1]:
            break
        rows += 1
    return rows
