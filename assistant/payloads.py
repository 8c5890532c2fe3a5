"""The contract's JSON: plain dictionaries made from the values, the same for every door and for the journal. Pure.

What goes out over HTTP too has its shape declared here, once: the type checker holds the makers to it, and the OpenAPI
document is made from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from typing_extensions import TypedDict  # pydantic reads typing's own only from Python 3.12 on

from assistant import messages
from assistant.citing.lookup import LookedUp, Stance
from assistant.citing.styles import Reference, render
from assistant.errors import AssistantError
from assistant.indexing.shelf import Shown
from assistant.language.aliases import Alias
from assistant.language.glossary import Entry as GlossaryEntry
from assistant.types import (
    SECTION_SEPARATOR,
    Answer,
    Check,
    Citation,
    Claim,
    FailedFile,
    Hit,
    Language,
    Query,
    ReportRef,
    Status,
    SyncResult,
    Turn,
    Verdict,
)

Payload = dict[str, Any]


class ReportPayload(TypedDict):
    """A report named: id, path in the corpus, title."""

    id: str
    path: str
    title: str


class PlacePayload(TypedDict):
    """A place in a report: [start, end) of its canonical text; page (1-based), section and table row where it has them."""

    report: ReportPayload
    page: int | None
    section: str | None
    row: str | None
    start: int
    end: int


class RankPayload(TypedDict):
    """What one search says of a passage."""

    rank: int
    score: float


class HitPayload(PlacePayload):
    """One hit; `contributions` says which search found it, at which rank and with which score."""

    rank: int
    score: float
    passage_id: str
    text: str
    language: Language
    contributions: dict[str, RankPayload]


class SearchPayload(TypedDict):
    """A query with its hits, best first."""

    query: str
    language: Language
    hits: list[HitPayload]


class CheckPayload(TypedDict):
    """One comparison of a claim with its source; `ok` is null where nothing could be compared."""

    kind: str
    ok: bool | None
    claim: str
    source: str


class ClaimPayload(TypedDict):
    """One statement of an answer, without markers, with the numbers of its citations."""

    text: str
    citations: list[int]
    verdict: Verdict
    checks: list[CheckPayload]


class CitationPayload(PlacePayload):
    """One citation; `quote` is `text[start:end]` of the report's canonical text."""

    number: int
    citation_id: str
    passage_id: str
    quote: str
    verdict: Verdict


class FallbackPayload(TypedDict):
    """A configured model that failed, and why."""

    llm: str
    reason: str


class BackendPayload(TypedDict):
    """What made an answer."""

    llm: str
    embedder: str
    fallback: FallbackPayload | None


class AnswerPayload(TypedDict):
    """An answer; every [1] in `text` is in `citations`. `nearest` holds what came closest when it abstained."""

    question: str
    language: Language
    status: Status
    text: str
    claims: list[ClaimPayload]
    citations: list[CitationPayload]
    nearest: list[HitPayload]
    backend: BackendPayload
    fingerprint: str
    timings: dict[str, float]


class MatchPayload(CitationPayload):
    """A quote and how it stands to a sentence; failed checks show the differing values."""

    stance: Stance
    checks: list[CheckPayload]


class SentencePayload(TypedDict):
    """A sentence at [start, end) of a text, with its matches, the strongest stance first."""

    text: str
    start: int
    end: int
    stance: Stance
    matches: list[MatchPayload]


class LookupPayload(TypedDict):
    """A text's sentences with where the reports support or contradict them."""

    text: str
    sentences: list[SentencePayload]


class ReferencePayload(TypedDict):
    """A reference, as it is pasted."""

    id: str
    text: str


class CitePayload(TypedDict):
    """References in one style, in the order in which they were asked for."""

    style: str
    references: list[ReferencePayload]


class ShownPayload(PlacePayload):
    """A place in a report with its text and what stands around it."""

    text: str
    before: str
    after: str


class ErrorPayload(TypedDict):
    """What went wrong and where, and what to do about it."""

    error: str
    hint: str


def sync_payload(result: SyncResult, language: Language) -> Payload:
    """What a sync changed; failures in words of the interface's language."""
    lists = {name: list(getattr(result, name)) for name in ("added", "updated", "removed", "duplicates", "superseded")}
    failed = [{"path": one.path, **failure_payload(one, language)} for one in result.failed]
    counts = {"reports": result.reports, "passages": result.passages, "seconds": round(result.seconds, 3)}
    return {**lists, "unchanged": result.unchanged, "failed": failed, **counts}


def failure_payload(failure: FailedFile, language: Language) -> ErrorPayload:
    """Why a file could not be read, in words."""
    message = messages.explain_code(failure.code, dict(failure.values), language)
    return {"error": message.text, "hint": message.hint}


def search_payload(query: Query, hits: Sequence[Hit]) -> SearchPayload:
    """A question with its hits."""
    return {"query": query.text, "language": query.language, "hits": [hit_payload(hit) for hit in hits]}


def hit_payload(hit: Hit) -> HitPayload:
    """One hit; `contributions` says which search found it, at which rank and with which score."""
    passage = hit.passage
    return {
        "rank": hit.rank,
        "score": hit.score,
        "passage_id": passage.passage_id,
        "report": report_payload(hit.report),
        "page": passage.page,
        "section": passage.section,
        "row": passage.row,
        "start": passage.anchor.start,
        "end": passage.anchor.end,
        "text": passage.text,
        "language": passage.language,
        "contributions": {one.source: {"rank": one.rank, "score": one.score} for one in hit.contributions},
    }


def report_payload(report: ReportRef) -> ReportPayload:
    """A report's id, path and title; a digest's title says of what it is a digest."""
    digest_of = report.source.digest_of
    title = f"digest of {digest_of}" if digest_of else report.title
    return {"id": report.report_id, "path": str(report.path), "title": title}


def answer_payload(answer: Answer) -> AnswerPayload:
    """An answer with its claims and citations; `nearest` only when it abstained."""
    abstained = answer.status is Status.ABSTAINED
    fallback = answer.backend.fallback
    return {
        "question": answer.question,
        "language": answer.language,
        "status": answer.status,
        "text": answer.text,
        "claims": [_claim(claim) for claim in answer.claims],
        "citations": [citation_payload(citation) for citation in answer.citations],
        "nearest": [hit_payload(hit) for hit in answer.hits] if abstained else [],
        "backend": {
            "llm": answer.backend.llm,
            "embedder": answer.backend.embedder,
            "fallback": FallbackPayload(**asdict(fallback)) if fallback else None,
        },
        "fingerprint": answer.fingerprint,
        "timings": {timing.stage: timing.seconds for timing in answer.timings},
    }


def journal_payload(answer: Answer, history: Sequence[Turn]) -> Payload:
    """What the journal keeps of an answer: what `ask` prints, the turns before it, and what made it.

    Passages are named by id; the text of reports stands in it only as far as the answer quotes them.
    """
    record = answer.record
    return {
        **answer_payload(answer),
        "nearest": [],
        "history": [asdict(turn) for turn in history],
        "settings": dict(record.settings),
        "fingerprints": dict(record.fingerprints),
        "searched": list(record.searched),
        "passages": list(record.passages),
        "scope": asdict(record.scope) if record.scope else None,
        "usage": asdict(record.usage),
    }


def _claim(claim: Claim) -> ClaimPayload:
    return {
        "text": claim.text,
        "citations": list(claim.citations),
        "verdict": claim.verdict,
        "checks": [_check(check) for check in claim.checks],
    }


def _check(check: Check) -> CheckPayload:
    return CheckPayload(**asdict(check))


def citation_payload(citation: Citation) -> CitationPayload:
    """One citation; `quote` is `text[start:end]` of the report's canonical text."""
    return {
        "number": citation.number,
        "citation_id": citation.anchor.id,
        "passage_id": citation.passage.passage_id,
        "report": report_payload(citation.report),
        "page": citation.page,
        "section": citation.section,
        "row": citation.row,
        "start": citation.anchor.start,
        "end": citation.anchor.end,
        "quote": citation.quote,
        "verdict": citation.verdict,
    }


def lookup_payload(text: str, sentences: Sequence[LookedUp]) -> LookupPayload:
    """A text's sentences with where the reports support or contradict them; offsets into the text."""
    return {"text": text, "sentences": [_looked_up(one) for one in sentences]}


def _looked_up(one: LookedUp) -> SentencePayload:
    matches: list[MatchPayload] = [
        {"stance": match.stance, "checks": list(map(_check, match.checks)), **citation_payload(match.citation)}
        for match in one.matches
    ]
    return {"text": one.text, "start": one.start, "end": one.end, "stance": one.stance, "matches": matches}


def cite_payload(references: Sequence[Reference], style: str, language: Language) -> CitePayload:
    """References, each by itself. Errors: `UsageError` style_unknown."""
    made: list[ReferencePayload] = [{"id": one.id, "text": render([one], style, language)} for one in references]
    return {"style": style, "references": made}


def shown_payload(shown: Shown, page: int | None) -> ShownPayload:
    """A place in a report: `text` is `start` to `end` of its canonical text, before and after what stands around it."""
    block = shown.block
    return {
        "report": report_payload(shown.report.ref),
        "page": block.page if block else page,
        "section": SECTION_SEPARATOR.join(block.heading_path) or None if block else None,
        "row": block.row if block else None,
        "start": shown.start,
        "end": shown.end,
        "text": shown.text,
        "before": shown.before,
        "after": shown.after,
    }


def aliases_payload(aliases: Sequence[tuple[Alias, ReportRef]], glossary: Sequence[GlossaryEntry] = ()) -> Payload:
    """The names that the reports and the glossary equate, each with its source; `relation` is "not" for names kept apart.

    `report`, `start` and `end` (offsets into the canonical text) or `line`: where it says so.
    """
    mined = [
        {"report": report_payload(ref), "start": one.start, "end": one.end, "line": None, "source": "report"}
        for one, ref in aliases
    ]
    written = [
        {"report": None, "start": None, "end": None, "line": entry.line, "source": "glossary"} for entry in glossary
    ]
    names = [*((one.name, one.other, True) for one, _ in aliases), *((e.name, e.other, e.is_same) for e in glossary)]
    rows = [
        {"name": name, "other": other, "relation": "same" if is_same else "not", **where}
        for (name, other, is_same), where in zip(names, [*mined, *written], strict=True)
    ]
    return {"aliases": rows}


def error_payload(error: AssistantError, language: Language) -> ErrorPayload:
    """An error in words."""
    message = messages.explain(error, language)
    return {"error": message.text, "hint": message.hint}
