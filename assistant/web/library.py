"""The library view: the files of the corpus with what is known of each, and the frame that files are dropped on.

Pure: values in, HTML out. File names, titles and reasons are data: everything is escaped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant import messages
from assistant.language.text import language_of
from assistant.types import FailedFile, Language, ReportRef
from assistant.web.evidence import mark
from assistant.web.markup import escape
from assistant.web.words import word

_SHAPES = {"report": "supported", "failed": "unsupported", "duplicate": "partial", "superseded": "partial"}


@dataclass(frozen=True, slots=True)
class Shelved:
    """One file of the corpus. `state`: report | failed | duplicate | superseded | waiting | reading; `twin` is the path
    of the report with the same bytes."""

    path: str
    state: str
    ref: ReportRef | None = None
    pages: int = 0
    failure: FailedFile | None = None
    twin: str = ""


def render_shelf(files: Sequence[Shelved], language: Language) -> str:
    """The files, one an item: title, facts, state with its reason, and a button that asks before it removes."""
    if not files:
        return f'<p class="empty">{word("library_empty", language)}</p>'
    return f'<ul class="shelf">{"".join(_file(one, language) for one in files)}</ul>'


def _file(one: Shelved, language: Language) -> str:
    title = one.ref.title if one.ref else one.path
    state = f"{mark(_SHAPES.get(one.state, 'none'))}<span>{word(f'file_{one.state}', language)}</span>"
    name, remove = escape(one.path), word("remove", language)
    label = escape(word("remove_label", language, file=one.path))
    return (
        f'<li class="file {one.state}"><div><h3 lang="{language_of(title)}">{escape(title)}</h3>'
        f"{_facts(one, language)}{_reason(one, language)}</div>"
        f'<span class="state">{state}</span>'
        f'<button type="button" class="remove" data-path="{name}" aria-label="{label}">{remove}</button></li>'
    )


def _facts(one: Shelved, language: Language) -> str:
    facts = [one.path] if one.ref else []
    if one.ref:
        source = one.ref.source
        pages = word("page_count", language, count=one.pages) if one.pages else ""
        spoken = word(f"language_{source.language}", language) if source.language in tuple(Language) else ""
        facts = [source.publisher or "", source.issued or "", pages, spoken, *facts]
    inner = "".join(f"<span>{escape(fact)}</span>" for fact in facts if fact)
    return inner and f'<p class="facts-line">{inner}</p>'


def _reason(one: Shelved, language: Language) -> str:
    if one.failure:
        message = messages.explain_code(one.failure.code, dict(one.failure.values), language)
        text = f"{message.text} {message.hint}"
    else:
        text = word("twin", language, path=one.twin) if one.twin else ""
    return text and f'<p class="reason">{escape(text)}</p>'


def render_frame(suffixes: Sequence[str], most_mb: int, language: Language) -> str:
    """What stands around the shelf: its title, where files are dropped, what became of them, the question to confirm."""
    data = {
        "language": language.value,
        "most": most_mb * 1_000_000,
        "too-large": word("refused_size", language, most=most_mb),
        "confirm": word("remove_confirm", language),
        "lost": word("refused_lost", language),
    }
    attributes = "".join(f' data-{name}="{escape(str(value))}"' for name, value in data.items())
    return (
        f'<div class="frame" lang="{language}"{attributes}><div class="view-title"><h2>{word("library_title", language)}</h2>'
        f"<p>{word('library_text', language)}</p></div>"
        f'<label class="drop"><input type="file" multiple accept="{escape(",".join(suffixes))}">'
        f"<b>{word('drop', language)}</b><span>{word('drop_types', language, most=most_mb)}</span></label>"
        f'<ul class="results" role="status"></ul><div class="list"></div>'
        f'<dialog class="confirm" aria-label="{word("remove", language)}"><p></p><div>'
        f'<button type="button" class="no">{word("cancel", language)}</button>'
        f'<button type="button" class="yes">{word("remove", language)}</button></div></dialog></div>'
    )
