"""A conversation as a file: Markdown, HTML or Word, with its sources; and what was thought of answers as questions. Pure.

Questions, answers and reports are data: in every format they are shown as text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from html.parser import HTMLParser

from assistant.citing.drafts import Item, Piece, document
from assistant.language.text import language_of
from assistant.stores.conversations import Kept
from assistant.types import Answer, Language, Verdict
from assistant.web.markup import TURNING, escape
from assistant.web.rich import body, rich_text, sources
from assistant.web.words import word

Write = Callable[[str, Sequence[Kept], Language], bytes]

_LIVE_MARKDOWN = re.compile(r"\[(?P<number>\d{1,4})\](?!\()|[<\[]|\\(?=[<\[])")
_STYLES = {"p": "Normal", "li": "List Bullet", "blockquote": "Quote", "dd": "List Bullet"}
_PAGE = """<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title><style>
body {{ max-width: 44rem; margin: 3rem auto; padding: 0 1rem; font-family: sans-serif; line-height: 1.8; }}
h1 {{ font-size: 1.5rem; }} h2 {{ margin-top: 2.5rem; font-size: 1.125rem; }}
table {{ border-collapse: collapse; }} th, td {{ padding: .35rem .6rem; border: 1px solid #999; vertical-align: top; }}
blockquote {{ margin-left: 0; padding-left: 1rem; border-left: 3px solid #999; }} dt {{ float: left; margin-right: .8em; }}
</style></head><body><h1>{title}</h1>{body}</body></html>
"""


def as_html(title: str, exchanges: Sequence[Kept], language: Language) -> bytes:
    """A page of its own without script, each answer with a numbered list of its sources."""
    parts = [f"<h2>{escape(one.question)}</h2>{_said(one, language, rich_text)}" for one in exchanges]
    return _PAGE.format(language=language, title=escape(title), body="".join(parts)).encode()


def _said(one: Kept, language: Language, write: Callable[[Answer, Language], str]) -> str:
    if one.answer is None:
        return f"<p>{word('unfinished_before', language)}</p>"
    return write(one.answer, language)


def as_markdown(title: str, exchanges: Sequence[Kept], language: Language) -> bytes:
    """Markdown with footnotes, numbered through the whole file."""
    parts, notes = [f"# {_plain(title)}"], []
    for one in exchanges:
        parts.append(f"## {_plain(one.question)}")
        if one.answer is None:
            parts.append(word("unfinished_before", language))
            continue
        lines = sources(one.answer, language)
        numbers = {number: len(notes) + at for at, number in enumerate(lines, start=1)}
        parts.append(_LIVE_MARKDOWN.sub(partial(_footnote, numbers), one.answer.text.translate(TURNING).strip()))
        notes += [f"[^{numbers[number]}]: {_plain(line)}" for number, line in lines.items()]
    return "\n\n".join([*parts, "\n".join(notes)]).strip().encode() + b"\n"


def _footnote(numbers: Mapping[int, int], match: re.Match[str]) -> str:
    """A citation as a footnote; the beginning of anything else that Markdown would make live, as itself."""
    number = numbers.get(int(match["number"] or 0))
    return f"[^{number}]" if number else f"\\{match[0]}"


def _plain(text: str) -> str:
    """Words in one line in which nothing is a link, a picture or a tag."""
    return re.sub(r"([\\`*_\[\]<>#|])", r"\\\1", " ".join(text.translate(TURNING).split()))


def as_word(title: str, exchanges: Sequence[Kept], language: Language) -> bytes:
    """A Word document whose citations are footnotes."""
    parts = []
    for one in exchanges:
        parts.append(Item("Heading 2", (Piece(one.question.translate(TURNING)),)))
        lines = sources(one.answer, language) if one.answer else {}
        reader = _Items(lines)
        reader.feed(_said(one, language, lambda answer, _, lines=lines: body(answer, lines)))
        parts += reader.parts
    return document(title.translate(TURNING), parts)


class _Items(HTMLParser):
    """Our own plain HTML of an answer as the items of a Word document; a raised number becomes a footnote."""

    def __init__(self, lines: dict[int, str]) -> None:
        super().__init__()
        self.parts: list[Item] = []
        self._lines = lines
        self._pieces: list[Piece] = []
        self._rows: list[list[tuple[Piece, ...]]] = []
        self._numbered = False
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self._pieces.append(Piece("\n"))
            return
        self._open.append(tag)
        if tag == "table":
            self._rows = []
        elif tag == "tr":
            self._rows.append([])

    def handle_endtag(self, tag: str) -> None:
        self._open.pop()
        if tag in ("td", "th"):
            self._rows[-1].append(self._taken())
        elif tag == "table":
            self.parts.append(Item("Table Grid", rows=tuple(map(tuple, self._rows))))
        elif tag == "dt":
            self._pieces.append(Piece(": "))
        elif tag in _STYLES and self._pieces:
            style = "List Number" if tag == "li" and "ol" in self._open else _STYLES[tag]
            self.parts.append(Item(style, self._taken()))

    def handle_data(self, data: str) -> None:
        number = re.fullmatch(r"\[(\d+)\]", data) if self._open[-1:] == ["sup"] else None
        bold = bool({"strong", "th", "dt"} & set(self._open))
        self._pieces.append(Piece("", note=self._lines[int(number[1])]) if number else Piece(data, bold))

    def _taken(self) -> tuple[Piece, ...]:
        pieces, self._pieces = tuple(self._pieces), []
        return pieces


EXPORTS: dict[str, tuple[str, Write]] = {
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", as_word),
    "html": ("text/html; charset=utf-8", as_html),
    "md": ("text/markdown; charset=utf-8", as_markdown),
}


def judged(exchanges: Sequence[Kept]) -> bytes:
    """The judged answers as lines of a question file, with what was said before them in their conversation.

    A good answer is the reference and its supported quotes the evidence; of a poor one only the question and the note
    stay, for somebody to write down what would have been right.
    """
    lines, history = [], []
    for one in exchanges:
        history = history if one.number > 1 else []
        if one.verdict:
            lines.append(json.dumps(_question(one, history, len(lines) + 1), ensure_ascii=False))
        if one.answer:
            history = [*history, _turn("user", one.question), _turn("assistant", one.answer.text)]
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "replace")


def _turn(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}


def _question(one: Kept, history: list[dict[str, str]], number: int) -> dict[str, object]:
    asked: dict[str, object] = {"id": f"judged-{number}", "question": one.question, "lang": language_of(one.question)}
    asked |= {"history": history} if history else {}
    if one.verdict == "up" and one.answer:
        quotes = [cited.quote for cited in one.answer.citations if cited.verdict is Verdict.SUPPORTED]
        asked |= {"answer": one.answer.text} | ({"evidence": list(dict.fromkeys(quotes))} if quotes else {})
    return asked | {"verdict": one.verdict} | ({"note": one.note} if one.note else {})
