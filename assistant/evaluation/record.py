"""What is kept of one question: what was asked, found and answered, and its measures, as one JSON object. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assistant.evaluation.measures import Case, Pair
from assistant.evaluation.questions import Question
from assistant.language.text import join_wrapped
from assistant.payloads import answer_payload, report_payload
from assistant.types import Hit

KEPT_HITS = 10
_KEPT_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a question has no answer: `kind` is "raised", "timeout" or "nonsense"."""

    kind: str
    reason: str


def record(case: Case, pairs: Mapping[str, Pair], failure: Failure | None = None) -> dict[str, Any]:
    """A question's line. `evidence` says at which rank each piece was found; of the hits the first ten are kept."""
    answer = answer_payload(case.answer) if case.answer else None
    if answer:
        answer["nearest"] = []
    return {
        "id": case.question.id,
        "question": _question(case.question),
        "failure": {"kind": failure.kind, "reason": failure.reason} if failure else None,
        "answer": answer,
        "evidence": [
            {"text": text, "rank": rank} for text, rank in zip(case.question.evidence, case.ranks, strict=True)
        ],
        "hits": [_hit(hit) for hit in case.hits[:KEPT_HITS]],
        "measures": {name: list(pair) for name, pair in pairs.items()},
        "seconds": round(case.seconds, 4),
    }


def _question(question: Question) -> dict[str, Any]:
    return {
        "text": question.text,
        "lang": question.language,
        "type": question.type,
        "doc": question.doc,
        "line": question.line,
        "history": [{"role": turn.role, "content": turn.content} for turn in question.history],
        "must_include": [list(group) for group in question.must_include],
        "references": [text for _, text in question.references],
    }


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "rank": hit.rank,
        "passage_id": hit.passage.passage_id,
        "report": report_payload(hit.report),
        "page": hit.passage.page,
        "section": hit.passage.section,
        "text": join_wrapped(hit.passage.text)[:_KEPT_CHARACTERS],
    }
