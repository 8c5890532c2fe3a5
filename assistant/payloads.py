"""The contract's JSON: plain dictionaries made from the values, the same for every door and for the journal. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant import messages
from assistant.citing.lookup import LookedUp
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
    Finding,
    Hit,
    Language,
    Query,
    ReportRef,
    Status,
    SyncResult,
    Turn,
)

Payload = dict[str, Any]


def sync_payload(result: SyncResult, language: Language) -> Payload:
    """What a sync changed; failures in words of the interface's language."""
    return {
        "added": list(result.added),
        "updated": list(result.updated),
        "removed": list(result.removed),
        "duplicates": list(result.duplicates),
        "superseded": list(result.superseded),
        "unchanged": result.unchanged,
        "failed": [_failed(failure, language) for failure in result.failed],
        "reports": result.reports,
        "passages": result.passages,
        "seconds": round(result.seconds, 3),
    }


def _failed(failure: FailedFile, language: Language) -> Payload:
    message = messages.explain_code(failure.code, dict(failure.values), language)
    return {"path": failure.path, "error": message.text, "hint": message.hint}


def search_payload(query: Query, hits: Sequence[Hit]) -> Payload:
    """A question with its hits."""
    return {"query": query.text, "language": query.language, "hits": [hit_payload(hit) for hit in hits]}


def hit_payload(hit: Hit) -> Payload:
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


def report_payload(report: ReportRef) -> Payload:
    """A report's id, path and title; a digest's title says of what it is a digest."""
    digest_of = report.source.digest_of
    title = f"digest of {digest_of}" if digest_of else report.title
    return {"id": report.report_id, "path": str(report.path), "title": title}


def answer_payload(answer: Answer) -> Payload:
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
            "fallback": {"llm": fallback.llm, "reason": fallback.reason} if fallback else None,
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
        "history": [{"role": turn.role, "content": turn.content} for turn in history],
        "settings": dict(record.settings),
        "fingerprints": dict(record.fingerprints),
        "searched": list(record.searched),
        "passages": list(record.passages),
        "usage": {"calls": record.usage.calls, "sent": record.usage.sent, "received": record.usage.received},
    }


def _claim(claim: Claim) -> Payload:
    return {
        "text": claim.text,
        "citations": list(claim.citations),
        "verdict": claim.verdict,
        "checks": [_check(check) for check in claim.checks],
    }


def _check(check: Check) -> Payload:
    return {"kind": check.kind, "ok": check.ok, "claim": check.claim, "source": check.source}


def citation_payload(citation: Citation) -> Payload:
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


def lookup_payload(text: str, sentences: Sequence[LookedUp]) -> Payload:
    """A text's sentences with where the reports support or contradict them; offsets into the text."""
    return {"text": text, "sentences": [_looked_up(one) for one in sentences]}


def _looked_up(one: LookedUp) -> Payload:
    matches = [
        {"stance": match.stance, "checks": list(map(_check, match.checks)), **citation_payload(match.citation)}
        for match in one.matches
    ]
    return {"text": one.text, "start": one.start, "end": one.end, "stance": one.stance, "matches": matches}


def shown_payload(shown: Shown, page: int | None) -> Payload:
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


def doctor_payload(findings: Sequence[Finding]) -> Payload:
    """The findings of the doctor."""
    checks = [{"name": one.name, "ok": one.ok, "detail": one.detail, "hint": one.hint} for one in findings]
    return {"ok": all(one.ok for one in findings), "checks": checks}


def error_payload(item_id: object, error: AssistantError, language: Language) -> Payload:
    """A batch item that failed."""
    message = messages.explain(error, language)
    return {"id": item_id, "error": message.text, "hint": message.hint}


def with_id(item_id: object, payload: Mapping[str, Any]) -> Payload:
    """A batch item's result."""
    return {"id": item_id, **payload}
