"""Which reports a conversation is put to: the panel in which they are chosen, and what is said of the choice. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from assistant.language.text import language_of
from assistant.types import Language, ReportRef, Scope
from assistant.web.markup import escape
from assistant.web.words import word

_TOP = "."


def render_filter(refs: Sequence[ReportRef], language: Language) -> str:
    """The reports by collection, each to be ticked, and two dates. What is ticked is kept by the page's script."""
    if not refs:
        return ""
    ordered = sorted(refs, key=lambda ref: (str(ref.path.parent) != _TOP, ref.path))
    groups = "".join(_group(name, list(group)) for name, group in groupby(ordered, lambda ref: str(ref.path.parent)))
    dates = "".join(
        f'<label>{word(f"scope_{name}", language)}<input type="date" name="{name}"></label>'
        for name in ("since", "until")
    )
    said = {name: word(f"scope_{name}", language) for name in ("line", "more", "dates", "clear")}
    data = "".join(f' data-{name}="{escape(text)}"' for name, text in said.items())
    return (
        f'<details class="scope" lang="{language}"{data}><summary>{word("scope_title", language)}</summary>'
        f'<form><div class="dates">{dates}</div>{groups}'
        f'<button type="reset">{word("scope_clear", language)}</button></form></details>'
    )


def _group(name: str, refs: Sequence[ReportRef]) -> str:
    reports = "".join(f"<li>{_box('report', ref.report_id, ref.title)}</li>" for ref in refs)
    head = "" if name == _TOP else _box("collection", name, name)
    return f'<div class="collection">{head}<ul>{reports}</ul></div>'


def _box(kind: str, value: str, label: str) -> str:
    return (
        f'<label><input type="checkbox" name="{kind}" value="{escape(value)}">'
        f'<span lang="{language_of(label)}">{escape(label)}</span></label>'
    )


def render_scope(scope: Scope | None, language: Language) -> str:
    """That a question was put to some reports only; nothing where it was put to all."""
    if scope is None or scope == Scope():
        return ""
    parts = [word("scope_reports", language, count=len(scope.report_ids))] if scope.report_ids else []
    parts += scope.collections
    if scope.since or scope.until:
        parts.append(word("scope_range", language, since=scope.since or "", until=scope.until or ""))
    said = word("scope_asked", language, scope=" · ".join(parts))
    return f'<p class="asked-of">{escape(said)}</p>'
