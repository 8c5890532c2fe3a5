"""Which reports a conversation is put to: the panel in which they are chosen, and what is said of the choice. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from assistant.types import Language, ReportRef, Scope
from assistant.web import templates

_TOP = "."


def render_filter(refs: Sequence[ReportRef], language: Language) -> str:
    """The reports by collection, each to be ticked, and two dates. What is ticked is kept by the page's script."""
    ordered = sorted(refs, key=lambda ref: (str(ref.path.parent) != _TOP, ref.path))
    groups = [
        ("" if name == _TOP else name, list(group))
        for name, group in groupby(ordered, lambda ref: str(ref.path.parent))
    ]
    return templates.render("filter", language, groups=groups)


def render_scope(scope: Scope | None, language: Language) -> str:
    """That a question was put to some reports only; nothing where it was put to all."""
    return templates.render("scope", language, scope=scope) if scope and scope != Scope() else ""
