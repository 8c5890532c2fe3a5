"""Made-up questions, hits and answers whose measures are worked out by hand in the tests."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from assistant.evaluation.aggregate import Scored
from assistant.evaluation.measures import Case, Pair, measure
from assistant.evaluation.questions import Question, Type
from assistant.types import (
    Anchor,
    Answer,
    Backend,
    Citation,
    Claim,
    Hit,
    Language,
    Passage,
    ReportRef,
    Source,
    Status,
    Verdict,
)

REPORT = ReportRef("0123456789ab", PurePosixPath("report.md"), Source(title="架空の報告"))


def question(text: str = "いつですか", **fields: object) -> Question:
    """A Japanese question of type fact; any field can be given."""
    known: dict[str, object] = {"id": "q1", "text": text, "language": Language.JA, "type": Type.FACT}
    return Question(**{**known, **fields})  # type: ignore[arg-type]


def passage(text: str) -> Passage:
    """A passage that is a report of its own."""
    return Passage(Anchor("0123456789ab", 0, len(text)), (), text, text, (), Language.JA, ())


def hits(*texts: str) -> tuple[Hit, ...]:
    """Passages found in this order."""
    return tuple(Hit(passage(text), REPORT, rank, 1 / rank, ()) for rank, text in enumerate(texts, start=1))


def citation(number: int, text: str, quote: str, verdict: Verdict = Verdict.SUPPORTED) -> Citation:
    """Words of a passage, cited."""
    start = text.index(quote)
    return Citation(number, Anchor("0123456789ab", start, start + len(quote)), quote, verdict, passage(text), REPORT)


def claim(text: str, *numbers: int, verdict: Verdict = Verdict.SUPPORTED) -> Claim:
    """A statement with the citations it carries."""
    return Claim(text, 0, len(text), numbers, verdict)


def answer(
    text: str = "2025年です [1]",
    *,
    status: Status = Status.ANSWERED,
    claims: Sequence[Claim] = (),
    citations: Sequence[Citation] = (),
    found: Sequence[Hit] = (),
) -> Answer:
    """An answer in Japanese."""
    backend = Backend("extractive", "bilingual")
    return Answer("?", Language.JA, status, text, tuple(claims), tuple(citations), tuple(found), backend, "f" * 8)


ABSTAINED = answer("レポートには答えが見つかりませんでした。", status=Status.ABSTAINED)


def measured(asked: Question, given: Answer | None, *found: str) -> dict[str, float]:
    """The measures that apply, each as one number."""
    pairs = measure(Case(asked, given, hits(*found), 0.5))
    return {name: total / count for name, (total, count) in pairs.items()}


def scored(
    name: str,
    language: str = "ja",
    kind: str | None = None,
    doc: str | None = None,
    seconds: float = 1.0,
    **pairs: Pair,
) -> Scored:
    """A question's measures as given; `correct` and so on by keyword, `failed` 0 where it is not."""
    return Scored(name, Language(language), kind, doc, {"failed": (0.0, 1), **pairs}, seconds, f"{name}?")
