"""An answer to be taken along: as HTML and plain text for the clipboard, with numbered sources under it. Pure.

The HTML is plain: paragraphs, lists, tables and raised numbers, so that Word, PowerPoint and mail show it as it is meant.
"""

from __future__ import annotations

from collections.abc import Mapping

from assistant.citing.styles import Reference, render
from assistant.types import Answer, Language
from assistant.web.markup import TURNING, clean, escape, render_text

STYLE = "source"


def sources(answer: Answer, language: Language) -> dict[int, str]:
    """The source line of every citation, by its number: publisher, title, date, page, row."""
    lines = ((one.number, render([Reference.of(one)], STYLE, language)) for one in answer.citations)
    return {number: line.translate(TURNING) for number, line in lines}


def rich_text(answer: Answer, language: Language) -> str:
    """The answer as HTML that can be pasted, and its sources."""
    lines = sources(answer, language)
    listed = "".join(f"<p>[{number}] {escape(line)}</p>" for number, line in lines.items())
    return body(answer, lines) + listed


def body(answer: Answer, lines: Mapping[int, str]) -> str:
    """The answer's text as plain HTML with raised numbers."""
    return render_text(clean(answer.text), lambda number: f"<sup>[{number}]</sup>" if number in lines else None)


def plain_text(answer: Answer, language: Language) -> str:
    """The answer as it was written, and its sources."""
    listed = [f"[{number}] {line}" for number, line in sources(answer, language).items()]
    return "\n\n".join([answer.text.strip(), *(["\n".join(listed)] if listed else [])])
