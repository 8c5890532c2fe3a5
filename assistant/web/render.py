"""An Answer as one HTML component: the text with its numbered chips and its sources, and the pane with the evidence.

Pure: values in, HTML out. The templates of the same names give it its form, `chat.css` its looks and `chat.js` its
behaviour. Everything that comes from a report, a model or a person is escaped, and no image or link of theirs survives.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from markupsafe import Markup

from assistant.citing.styles import Reference
from assistant.errors import AssistantError
from assistant.messages import explain
from assistant.types import Answer, Citation, Claim, Hit, Language, Reading, ReportRef, Status, Verdict
from assistant.web import templates
from assistant.web.evidence import Evidence, source_lines
from assistant.web.markup import UNCITED, clean, finished, render_text
from assistant.web.rich import plain_text, rich_text
from assistant.web.words import word

EXTRACTIVE = "extractive"
NEAREST = 5


def render_question(question: str, language: Language) -> str:
    """What was asked, above its answer."""
    return templates.render("question", language, question=question)


def render_answer(answer: Answer, language: Language, *, scope: str = "a") -> str:
    """A finished answer with its evidence. `scope` begins every id and is the answer's own on its page."""
    if answer.status is Status.ABSTAINED:
        evidence = [Evidence.of_hit(hit) for hit in answer.hits[:NEAREST]]
    else:
        evidence = [Evidence.of_citation(citation, answer.claims) for citation in answer.citations]
    return templates.render(
        "answer",
        language,
        answer=answer,
        scope=scope,
        text=lambda chip, uncited: _text(answer, chip, uncited),
        extracted=answer.backend.llm == EXTRACTIVE,
        cited=_by_report(answer.citations),
        counts=_counts(answer.claims),
        seconds=_seconds(answer),
        evidence=evidence,
    )


def render_actions(answer: Answer | None, language: Language, notice: str = "", verdict: str = "") -> str:
    """What can be done with an exchange that is over: take its answer along, ask again, say what one thinks of it."""
    taken = {}
    if answer is not None:
        taken["rich"], taken["plain"] = Markup(rich_text(answer, language)), plain_text(answer, language)
        taken["lines"] = source_lines(map(Reference.of, answer.citations), language)
    return templates.render("actions", language, taken=taken, notice=notice, verdict=verdict)


def render_streaming(
    text: str, hits: Sequence[Hit], language: Language, *, stopped: bool = False, reading: Reading | None = None
) -> str:
    """An answer that is still being written (or was stopped): plain chips, and the passages that were found."""
    state = "stopped" if stopped else "writing" if text else "searching"
    return templates.render(
        "streaming",
        language,
        text=text,
        html=lambda chip: Markup(render_text(finished(clean(text)), chip)),
        state=state,
        reading=reading if state == "searching" else None,
        titles=list(dict.fromkeys(hit.report.title for hit in hits[:NEAREST])),
    )


def render_error(error: AssistantError, language: Language) -> str:
    """Why there is no answer and what to do next, in words."""
    message = explain(error, language)
    return templates.render("error", language, text=message.text, hint=message.hint)


def render_fault(language: Language) -> str:
    """An answer that broke off for a reason that no message foresees."""
    return templates.render("error", language, text=word("unfinished", language), hint="")


def _text(answer: Answer, chip: Callable[[Citation], str], uncited: str) -> str:
    """The answer's words as HTML, each number that it has a citation for as its chip."""
    cited = {citation.number: citation for citation in answer.citations}
    text = _with_uncited(clean(answer.text), answer.claims)
    return Markup(render_text(text, lambda number: chip(cited[number]) if number in cited else None, uncited))


def _with_uncited(text: str, claims: Iterable[Claim]) -> str:
    ends = sorted((claim.end for claim in claims if claim.verdict is Verdict.UNCITED), reverse=True)
    for end in ends:
        text = text[:end] + UNCITED + text[end:]
    return text


def _by_report(citations: Sequence[Citation]) -> list[tuple[ReportRef, list[Citation]]]:
    """The reports that an answer rests on, in the order of their first numbers, with the citations of each."""
    ordered = sorted(citations, key=lambda one: min(c.number for c in citations if c.report == one.report))
    return [(report, list(cited)) for report, cited in groupby(ordered, key=lambda one: one.report)]


def _counts(claims: Iterable[Claim]) -> list[tuple[Verdict, int]]:
    counts = Counter(claim.verdict for claim in claims)
    return [(verdict, counts[verdict]) for verdict in Verdict if counts[verdict]]


def _seconds(answer: Answer) -> float | None:
    """The whole time: the stage called "total" where there is one, else the sum of the stages; None without any."""
    stages = {timing.stage: timing.seconds for timing in answer.timings}
    return stages.get("total", sum(stages.values())) if stages else None
