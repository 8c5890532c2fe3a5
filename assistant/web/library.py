"""The library view: the files of the corpus with what is known of each, and the frame that files are dropped on.

Pure: values in, HTML out. File names, titles and reasons are data: everything is escaped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import PurePosixPath

from assistant import messages
from assistant.types import FailedFile, Language, ReportRef
from assistant.web import templates
from assistant.web.intake import DESCRIBED

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

    @property
    def known(self) -> dict[str, str]:
        """What its dialog shows of it; nothing of what is no report."""
        return {name: getattr(self.ref.source, name) or "" for name in DESCRIBED} if self.ref else {}


def render_shelf(files: Sequence[Shelved], language: Language) -> str:
    """The files by collection, one an item: title, facts, state with its reason, and buttons to edit and remove."""
    ordered = sorted(files, key=lambda one: (one.collection != _TOP, one.collection))
    groups = [
        ("" if name == _TOP else name, [(one, _reasons(one, language)) for one in group])
        for name, group in groupby(ordered, lambda one: one.collection)
    ]
    return templates.render("shelf", language, groups=groups)


def _reasons(one: Shelved, language: Language) -> list[str]:
    """Why it is no report, or what is to be known of it as one."""
    notes = [messages.explain_code(code, {"where": where}, language) for code, where in one.notes]
    if one.failure:
        notes.append(messages.explain_code(one.failure.code, dict(one.failure.values), language))
    return [f"{note.text} {note.hint}" for note in notes]


def render_frame(suffixes: Sequence[str], most_mb: int, language: Language) -> str:
    """What stands around the shelf: its title, where files are dropped, what became of them, the dialogs."""
    return templates.render("library", language, suffixes=suffixes, most=most_mb, described=DESCRIBED)
