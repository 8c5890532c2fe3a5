"""Which reports a scope holds. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.errors import CorpusError, UsageError
from assistant.reading.metadata import ISO_DATE
from assistant.types import ReportRef, Scope


def within(scope: Scope | None, refs: Mapping[str, ReportRef]) -> frozenset[str] | None:
    """The ids of the reports in a scope, of those that there are; None for all of them.

    UsageError scope_date for what is no date; CorpusError scope_unknown for an id or a collection that no report has, and
    scope_empty where none is left: a question is never quietly put to other reports than the chosen ones.
    """
    if scope is None or scope == Scope():
        return None
    for day in filter(None, (scope.since, scope.until)):
        if not ISO_DATE.fullmatch(day):
            raise UsageError("scope_date", value=day)
    chosen = set(refs) if not (scope.report_ids or scope.collections) else set[str]()
    for name in (*scope.report_ids, *scope.collections):
        named = {name} & refs.keys() or {one for one, ref in refs.items() if name in collections(ref)}
        if not named:
            raise CorpusError("scope_unknown", name=name)
        chosen |= named
    found = frozenset(one for one in chosen if _is_issued_in(refs[one].source.issued or "", scope))
    if not found:
        raise CorpusError("scope_empty")
    return found


def collections(ref: ReportRef) -> tuple[str, ...]:
    """The folders of the corpus that a report lies in, the innermost first; none where it lies in no sub-folder."""
    return tuple(map(str, ref.path.parents))[:-1]


def _is_issued_in(issued: str, scope: Scope) -> bool:
    """Whether a date could be within the scope's: 2025 could be in any month of that year; no date is in none."""
    since, until = scope.since or "", scope.until or ""
    if not (since or until):
        return True
    is_late = issued[: len(since)] >= since[: len(issued)]
    return (
        ISO_DATE.fullmatch(issued) is not None and is_late and issued[: len(until)] <= (until or issued)[: len(issued)]
    )
