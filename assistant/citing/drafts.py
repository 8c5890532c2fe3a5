"""A draft that someone wrote: its text to be looked up, and for Word its file again with footnotes at what is supported.
And a new Word document whose sources are footnotes.

Only runs are split and footnotes added: what else is in the file stays as it was. Words that a tracked change deleted
are not looked up, and text boxes, headers and notes of the draft's own are left alone.
"""

from __future__ import annotations

import io
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import docx
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.opc.packuri import PackURI
from docx.opc.part import Part, XmlPart
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.text.paragraph import Paragraph

from assistant.citing import styles
from assistant.citing.lookup import LookedUp, Stance
from assistant.citing.styles import Reference
from assistant.errors import UsageError
from assistant.language.text import language_of
from assistant.reading.encodings import decode
from assistant.reading.office import container
from assistant.types import Language

WORD = ".docx"
_TEXTS = (".md", ".txt")
_UNREAD = frozenset(
    qn(name) for name in ("w:del", "w:moveFrom", "w:rt", "w:txbxContent", "w:instrText", "w:drawing", "w:pict")
) | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"}
_BREAKS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_NO_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_RAISED = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
_NO_NOTES = (
    f"<w:footnotes {nsdecls('w')}>"
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r></w:p></w:footnote>'
    "</w:footnotes>"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a new document, then a footnote where there is a `note`."""

    text: str
    bold: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """A paragraph of a new document in one of Word's styles; a table where it has `rows`, the first one its header."""

    style: str
    pieces: tuple[Piece, ...] = ()
    rows: tuple[tuple[tuple[Piece, ...], ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as it was read: `text` is what is looked up; `data` the bytes of the file."""

    path: Path
    data: bytes
    text: str

    @property
    def language(self) -> Language:
        """The language that its references are written in."""
        return language_of(self.text)


def read(path: Path) -> Draft:
    """A .docx, .md or .txt file. Errors: `UsageError` file_missing or draft_unknown; what reading Word or text raises."""
    suffix = path.suffix.lower()
    if suffix not in (WORD, *_TEXTS):
        raise UsageError("draft_unknown", path=path, kinds=", ".join((WORD, *_TEXTS)))
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UsageError("file_missing", path=path, reason=error.strerror or error) from error
    if suffix in _TEXTS:
        return Draft(path, data, decode(data, path.name))
    with container(data, path.name) as file:
        return Draft(path, data, _text(list(_paragraphs(docx.Document(file).element.body))))


def footnoted(draft: Draft, sentences: Sequence[LookedUp]) -> bytes:
    """The Word draft with a numbered footnote after every supported sentence: where the reports say it."""
    with container(draft.data, draft.path.name) as file:
        document = docx.Document(file)
        paragraphs = list(_paragraphs(document.element.body))
        starts = [0]
        for paragraph in paragraphs:
            starts.append(starts[-1] + len(_words(paragraph)) + 1)
        notes = _Notes(document.part)
        for one in reversed(sentences):  # from the end, so that offsets before it still hold
            if one.stance is Stance.SUPPORTS:
                at = bisect_right(starts, one.end - 1) - 1
                _insert(paragraphs[at], one.end - starts[at], notes.add(_source_lines(one, draft.language)))
        notes.save()
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()


def document(title: str, items: Sequence[Item]) -> bytes:
    """A new Word file with these items under its title."""
    made = docx.Document()
    notes = _Notes(made.part)
    made.styles["Normal"].element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "Yu Gothic")
    made.core_properties.title = _printable(title)[:255]
    made.add_heading(_printable(title), 1)
    for item in items:
        if not item.rows:
            _fill(made.add_paragraph(style=item.style), item.pieces, notes)
            continue
        table = made.add_table(len(item.rows), max(map(len, item.rows)), item.style)
        for row, cells in zip(table.rows, item.rows, strict=True):
            for cell, pieces in zip(row.cells, cells, strict=False):
                _fill(cell.paragraphs[0], pieces, notes)
    notes.save()
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _fill(paragraph: Paragraph, pieces: Sequence[Piece], notes: _Notes) -> None:
    for piece in pieces:
        paragraph.add_run(_printable(piece.text)).bold = piece.bold or None
        if piece.note:
            paragraph._p.append(_pointer(notes.add(piece.note)))


def write(path: Path, data: bytes) -> None:
    """Write a file, whole or not at all. Errors: `UsageError` file_unwritable."""
    beside = path.with_name(f".{path.name}.part")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    except OSError as error:
        raise UsageError("file_unwritable", path=path, reason=error.strerror or error) from error


def _source_lines(one: LookedUp, language: Language) -> str:
    """The best supporting passage as a source line; where several support the sentence together, all of them."""
    first, *others = [match for match in one.matches if match.stance is Stance.SUPPORTS]
    together = [first, *(match for match in others if match.checks == first.checks)]
    references = [Reference.of(match.citation) for match in together]
    return " ".join(dict.fromkeys(styles.render([one], "source", language) for one in references))


# Word ---------------------------------------------------------------------------------------------------------------


def _paragraphs(parent) -> Iterator:
    """The paragraphs of the body, tables, content controls and insertions, in order."""
    for node in parent:
        if node.tag == qn("w:p"):
            yield node
        elif node.tag not in _UNREAD:
            yield from _paragraphs(node)


def _text(paragraphs: Sequence[Any]) -> str:
    """A line a paragraph, and one a table row: only its cells together state something. One character between any two."""
    rows = [next(paragraph.iterancestors(qn("w:tr")), paragraph) for paragraph in paragraphs]
    marks = ["\t" if row is following else "\n" for row, following in pairwise(rows)]
    return "".join(words + mark for words, mark in zip(map(_words, paragraphs), [*marks, ""], strict=True))


def _words(paragraph) -> str:
    return "".join(piece for _, piece in _pieces(paragraph))


def _pieces(node) -> Iterator[tuple[Any, str]]:
    """What a paragraph says, piece by piece, each with the element that says it."""
    for child in node:
        if child.tag == qn("w:t"):
            yield child, child.text or ""
        elif child.tag in _BREAKS:
            yield child, _BREAKS[child.tag]
        elif child.tag not in _UNREAD:
            yield from _pieces(child)


def _pointer(number: int):
    return parse_xml(f'<w:r {nsdecls("w")}>{_RAISED}<w:footnoteReference w:id="{number}"/></w:r>')


def _insert(paragraph, offset: int, number: int) -> None:
    """Put the reference to a footnote after the first `offset` characters of a paragraph."""
    reference = _pointer(number)
    for piece, words in _pieces(paragraph):
        if offset <= len(words):
            run = piece.getparent()
            ruby = next(run.iterancestors(qn("w:ruby")), None)
            if ruby is not None:
                run = ruby.getparent()
            elif piece.tag == qn("w:t"):
                _split(run, piece, offset)
            run.addnext(reference)
            return
        offset -= len(words)


def _split(run, piece, offset: int) -> None:
    """Split a run within one of its texts: what follows goes into a run of the same formatting."""
    rest = deepcopy(run)
    at = list(run).index(piece)
    for node in list(rest)[:at]:
        if node.tag != qn("w:rPr"):
            rest.remove(node)
    for node in list(run)[at + 1 :]:
        run.remove(node)
    words = piece.text or ""
    tail = next(node for node in rest if node.tag == qn("w:t"))
    for node, text in ((piece, words[:offset]), (tail, words[offset:])):
        node.text = text
        node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    if not words[offset:]:
        rest.remove(tail)
    if any(node.tag != qn("w:rPr") for node in rest):
        run.addnext(rest)


class _Notes:
    """The footnotes of a document: those it has, and the ones that are added."""

    def __init__(self, part) -> None:
        related = (one for one in part.rels.values() if one.reltype == RELATIONSHIP_TYPE.FOOTNOTES)
        self._part = next((one.target_part for one in related if not one.is_external), None)
        self._owner = part
        self._root = parse_xml(_NO_NOTES if self._part is None else self._part.blob)
        taken = [int(note.get(qn("w:id"), "0")) for note in self._root]
        self._next = max([0, *taken]) + 1

    def add(self, text: str) -> int:
        """A footnote with these words; returns its id."""
        note = parse_xml(
            f'<w:footnote {nsdecls("w")} w:id="{self._next}"><w:p><w:r>{_RAISED}<w:footnoteRef/></w:r>'
            '<w:r><w:t xml:space="preserve"/></w:r></w:p></w:footnote>'
        )
        next(note.iter(qn("w:t"))).text = f" {_printable(text)}"
        self._root.append(note)
        self._next += 1
        return self._next - 1

    def save(self) -> None:
        """Put the footnotes back into the package, numbered in the order of the text: LibreOffice does not go by the ids."""
        separators = [note for note in self._root if note.get(qn("w:type"))]
        notes = [note for note in self._root if not note.get(qn("w:type"))]
        first = max([0, *(int(note.get(qn("w:id"), "0")) for note in separators)]) + 1
        numbers: dict[str, int] = {}
        for one in (*self._owner.element.iter(qn("w:footnoteReference")), *notes):
            one.set(qn("w:id"), str(numbers.setdefault(one.get(qn("w:id")), first + len(numbers))))
        self._root[:] = [*separators, *sorted(notes, key=lambda note: int(note.get(qn("w:id"))))]
        blob = serialize_part_xml(self._root)
        if self._part is None:
            name = PackURI("/word/footnotes.xml")
            self._owner.relate_to(
                Part(name, CONTENT_TYPE.WML_FOOTNOTES, blob, self._owner.package), RELATIONSHIP_TYPE.FOOTNOTES
            )
        elif isinstance(self._part, XmlPart):
            self._part._element = self._root
        else:
            self._part._blob = blob


def _printable(text: str) -> str:
    """A text without the characters that XML cannot hold."""
    return _NO_XML.sub("", text)
