"""The library view: the files of the corpus with what is known of each, and the frame that files are dropped on.

Pure: values in, HTML out. File names, titles and reasons are data: everything is escaped.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import PurePosixPath

from assistant import messages
from assistant.language.text import language_of
from assistant.types import FailedFile, Language, ReportRef
from assistant.web.evidence import mark
from assistant.web.intake import DESCRIBED
from assistant.web.markup import escape
from assistant.web.words import word

_SHAPES = {"report": "supported", "failed": "unsupported", "duplicate": "partial", "superseded": "partial"}
_TOP = "."


@dataclass(frozen=True, slots=True)
class Shelved:
    """One file of the corpus. `state`: report | failed | duplicate | superseded | waiting | reading; `twin` is the path
    of the report with the same bytes; `notes` are (code, where) of what is to be known of how it could be read."""

    path: str
    state: str
    ref: ReportRef | None = None
    pages: int = 0
    failure: FailedFile | None = None
    twin: str = ""
    notes: tuple[tuple[str, str], ...] = ()

    @property
    def collection(self) -> str:
        """The folder of the corpus that it lies in, "." where it lies in none."""
        return str(PurePosixPath(self.path).parent)


def render_shelf(files: Sequence[Shelved], language: Language) -> str:
    """The files by collection, one an item: title, facts, state with its reason, and buttons to edit and remove."""
    if not files:
        return f'<p class="empty">{word("library_empty", language)}</p>'
    ordered = sorted(files, key=lambda one: (one.collection != _TOP, one.collection))
    return "".join(_group(name, list(group), language) for name, group in groupby(ordered, lambda one: one.collection))


def _group(name: str, files: Sequence[Shelved], language: Language) -> str:
    counted = f"<span>{word('file_count', language, count=len(files))}</span>"
    head = "" if name == _TOP else f'<h3 class="collection">{escape(name)}{counted}</h3>'
    return f'{head}<ul class="shelf">{"".join(_file(one, language) for one in files)}</ul>'


def _file(one: Shelved, language: Language) -> str:
    title = one.ref.title if one.ref else one.path
    words = f'<a href="#read={one.ref.report_id}">{escape(title)}</a>' if one.ref else escape(title)
    state = f"{mark(_SHAPES.get(one.state, 'none'))}<span>{word(f'file_{one.state}', language)}</span>"
    return (
        f'<li class="file {one.state}"><div><h4 lang="{language_of(title)}">{words}</h4>'
        f"{_facts(one, language)}{_reason(one, language)}</div>"
        f'<span class="state">{state}</span><span class="buttons">{_buttons(one, language)}</span></li>'
    )


def _buttons(one: Shelved, language: Language) -> str:
    known = {name: getattr(one.ref.source, name) or "" for name in DESCRIBED} if one.ref else {}
    facts = f' data-facts="{escape(json.dumps(known, ensure_ascii=False))}"'
    return _button("edit", one, language, facts) * bool(known) + _button("remove", one, language)


def _button(name: str, one: Shelved, language: Language, data: str = "") -> str:
    label = escape(word(f"{name}_label", language, file=one.path))
    place = f'data-path="{escape(one.path)}"{data} aria-label="{label}"'
    return f'<button type="button" class="{name}" {place}>{word(name, language)}</button>'


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
    """Why it is no report, or what is to be known of it as one."""
    notes = [messages.explain_code(code, {"where": where}, language) for code, where in one.notes]
    if one.failure:
        notes.append(messages.explain_code(one.failure.code, dict(one.failure.values), language))
    texts = [f"{note.text} {note.hint}" for note in notes]
    texts += [word("twin", language, path=one.twin)] if one.twin else []
    return "".join(f'<p class="reason">{escape(text)}</p>' for text in texts)


def render_frame(suffixes: Sequence[str], most_mb: int, language: Language) -> str:
    """What stands around the shelf: its title, where files are dropped, what became of them, the dialogs."""
    data = {
        "language": language.value,
        "most": most_mb * 1_000_000,
        "too-large": word("refused_size", language, most=most_mb),
        "confirm": word("remove_confirm", language),
        "lost": word("refused_lost", language),
        "sent": word("sent", language),
    }
    attributes = "".join(f' data-{name}="{escape(str(value))}"' for name, value in data.items())
    return (
        f'<div class="frame" lang="{language}"{attributes}><div class="view-title"><h2>{word("library_title", language)}</h2>'
        f"<p>{word('library_text', language)}</p></div>"
        f'<label class="drop"><input type="file" multiple accept="{escape(",".join(suffixes))}">'
        f"<b>{word('drop', language)}</b><span>{word('drop_types', language, most=most_mb)}</span></label>"
        f'<ul class="results" role="status"></ul><div class="list"></div>'
        f'<dialog class="confirm" aria-label="{word("remove", language)}"><p></p>{_choice("remove", language)}</dialog>'
        f'<dialog class="edit" aria-label="{word("edit_title", language)}"><form method="dialog">'
        f"<h3>{word('edit_title', language)}</h3><p>{word('edit_text', language)}</p>{_fields(DESCRIBED, language)}"
        f'<p class="wrong" role="alert"></p>{_choice("save", language)}</form></dialog></div>'
    )


def _choice(action: str, language: Language) -> str:
    no, yes = word("cancel", language), word(action, language)
    return (
        f'<div class="choice"><button type="button" class="no">{no}</button>'
        f'<button type="{"submit" if action == "save" else "button"}" class="yes {action}">{yes}</button></div>'
    )


def _fields(names: Iterable[str], language: Language) -> str:
    return "".join(f"<label>{word(f'fact_{name}', language)}{_field(name, language)}</label>" for name in names)


def _field(name: str, language: Language) -> str:
    if name == "language":
        options = [f'<option value="{one}">{word(f"language_{one}", language)}</option>' for one in Language]
        return f'<select name="{name}"><option value="">—</option>{"".join(options)}</select>'
    placeholder = ' placeholder="2025-12-04"' if name == "issued" else ""
    return f'<input name="{name}" type="{"url" if name == "url" else "text"}" autocomplete="off"{placeholder}>'
