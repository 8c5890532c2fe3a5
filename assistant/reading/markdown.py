"""Reads Markdown with markdown-it: inline markup goes, the words stay; front matter names the source."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant.language.text import canonical_newlines
from assistant.reading.builder import Extracted, ReportBuilder, says_caption, says_note
from assistant.types import BlockKind, Source

_FIELDS = {
    "title": "title",
    "author": "author",
    "publisher": "publisher",
    "issued": "issued",
    "date": "issued",
    "url": "url",
    "language": "language",
    "lang": "language",
    "digest_of": "digest_of",
}
_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?\n)?(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_ENTRY = re.compile(r"([A-Za-z_][\w-]*)[ \t]*:(?:[ \t]+(.*)|[ \t]*)$")
_IGNORED = re.compile(r"[ \t]*#|[ \t]+\S|- |[ \t]*$")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^>]*>")
_WIDE = "⺀-鿿豈-﫿＀-￯"
_STRONG_IN_WIDE = re.compile(rf"(\*\*|__)(?=[^\s*])([^*\n]*?[{_WIDE}][^*\n]*?)\1|(?<=[{_WIDE}])\*\*([^*\n]+)\*\*")
_FOOTNOTE = re.compile(r"^( {0,3})\[\^", re.MULTILINE)


def extract(text: str, name: str) -> Extracted:
    """The text and blocks of a Markdown file; `name` is not used, the signature is that of every reader.

    Wrapped lines stay wrapped inside their block; a table's header row is furniture; front matter is not text.
    """
    facts, body = front_matter(canonical_newlines(text))
    builder = ReportBuilder()
    tokens = MarkdownIt("commonmark").enable("table").parse(_FOOTNOTE.sub(r"\1\\[^", body))
    _Writer(builder).write(tokens)
    facts.setdefault("title", _first_title(tokens))
    return builder.build(Source(**{field: value or None for field, value in facts.items()}))


def front_matter(text: str) -> tuple[dict[str, str], str]:
    """The fields of a Source that the front matter gives, and the text after it; malformed front matter is text."""
    match = _FRONT_MATTER.match(text)
    lines = (match[1] or "").splitlines() if match else []
    entries = [_ENTRY.match(line) for line in lines]
    if match is None or not all(entry or _IGNORED.match(line) for entry, line in zip(entries, lines, strict=True)):
        return {}, text
    facts: dict[str, str] = {}
    for entry in filter(None, entries):
        value = _scalar(entry[2] or "")
        if value and (field := _FIELDS.get(entry[1].lower())):
            facts.setdefault(field, value)
    return (facts, text[match.end() :]) if any(entries) else ({}, text)


def _scalar(value: str) -> str:
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] == '"':
        return re.sub(r"\\([\"\\])", r"\1", value[1:-1])
    if len(value) > 1 and value[0] == value[-1] == "'":
        return value[1:-1].replace("''", "'")
    return re.sub(r"(?:^|\s+)#.*$", "", value)


def _first_title(tokens: Sequence[Token]) -> str:
    at = next((index for index, token in enumerate(tokens) if token.type == "heading_open" and token.tag == "h1"), None)
    return "" if at is None else " ".join(_words(tokens[at + 1]).split())


class _Writer:
    """Walks the parser's tokens; what an inline token becomes depends on what is open around it."""

    def __init__(self, builder: ReportBuilder) -> None:
        self._builder = builder
        self._lists = 0

    def write(self, tokens: Sequence[Token]) -> None:
        """All tokens as blocks."""
        for index, token in enumerate(tokens):
            before = tokens[index - 1].type if index else ""
            if token.type in ("bullet_list_open", "ordered_list_open"):
                self._lists += 1
            elif token.type in ("bullet_list_close", "ordered_list_close"):
                self._lists -= 1
            elif token.type in ("fence", "code_block"):
                self._builder.block(BlockKind.PARAGRAPH, token.content)
            elif token.type == "html_block":
                self._builder.block(BlockKind.PARAGRAPH, _without_tags(token.content))
            elif token.type == "table_open":
                self._table(tokens[index:])
            elif before == "heading_open":
                self._heading(int(tokens[index - 1].tag[1]), _words(token))
            elif before == "paragraph_open":
                self._paragraph(_words(token), tokens[index + 2 : index + 3])

    def _heading(self, level: int, words: str) -> None:
        if words.strip():
            self._builder.heading(level, words)

    def _paragraph(self, words: str, after: Sequence[Token]) -> None:
        if after and after[0].type == "table_open" and says_caption(words):
            self._builder.caption(words)
            return
        for part in _parted(words):
            kind = BlockKind.LIST if self._lists else BlockKind.NOTE if says_note(part) else BlockKind.PARAGRAPH
            self._builder.block(kind, part)

    def _table(self, tokens: Sequence[Token]) -> None:
        rows = list(_rows(tokens))
        headers = [" ".join(header.split()) for header in rows[0]]
        self._builder.furniture("\t".join(headers).strip("\t"))
        for row in rows[1:]:
            if says_note(row[0]) and not any(row[1:]):  # a note right below a table parses as its last row
                self._builder.block(BlockKind.NOTE, row[0])
            else:
                self._builder.row(zip(headers, row, strict=True))


def _rows(tokens: Sequence[Token]) -> Iterator[list[str]]:
    row: list[str] = []
    for index, token in enumerate(tokens):
        if token.type == "tr_open":
            row = []
        elif token.type == "inline" and tokens[index - 1].type in ("th_open", "td_open"):
            row.append(_words(token))
        elif token.type == "tr_close":
            yield row
        elif token.type == "table_close":
            return


def _parted(words: str) -> Iterator[str]:
    """A paragraph, cut where one of its lines begins a note."""
    lines: list[str] = []
    for line in words.split("\n"):
        if lines and says_note(line):
            yield "\n".join(lines)
            lines = []
        lines.append(line)
    yield "\n".join(lines)


def _words(inline: Token) -> str:
    """The words of an inline token; emphasis that CommonMark does not see next to Japanese is removed too."""
    words = "".join(_piece(token) for token in inline.children or ())
    return _STRONG_IN_WIDE.sub(lambda match: match[2] or match[3], words).strip()


def _piece(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    if token.type == "html_inline":
        return "\n" if _LINE_BREAK.fullmatch(token.content) else ""
    if token.type == "image":
        return _words(token)
    return token.content


def _without_tags(source: str) -> str:
    words = _TAG.sub("", _LINE_BREAK.sub("\n", _COMMENT.sub("", source)))
    return html.unescape("\n".join(line.strip() for line in words.splitlines() if line.strip()))
