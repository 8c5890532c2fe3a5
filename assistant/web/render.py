"""An Answer as one HTML component: the text with its numbered chips on the left, the evidence beside it.

Pure: values in, HTML out; `chat.css` gives it its looks and `chat.js` its behaviour. Everything that comes from a
report, a model or a person is escaped, and no image or link of theirs survives.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape

from assistant.errors import AssistantError
from assistant.language.text import join_wrapped, language_of
from assistant.messages import explain
from assistant.types import Answer, Citation, Claim, Hit, Language, Reading, Status, Verdict
from assistant.web.evidence import Evidence, mark, render_card
from assistant.web.lookup import copy_button
from assistant.web.markup import UNCITED, Marker, clean, finished, render_text
from assistant.web.words import word

EXTRACTIVE = "extractive"
NEAREST = 5


def render_question(question: str, language: Language) -> str:
    """What was asked, above its answer."""
    label = word("you_asked", language)
    return (
        f'<h2 class="question" lang="{language_of(question)}">'
        f'<span class="unseen">{label}: </span>{escape(question)}</h2>'
    )


def render_answer(answer: Answer, language: Language, *, scope: str = "a") -> str:
    """A finished answer with its evidence. `scope` begins every id and is the answer's own on its page."""
    abstained = answer.status is Status.ABSTAINED
    body = f'<div class="text" lang="{answer.language}">{_text(answer, language, scope)}</div>'
    notes = _notes(answer, language)
    return _component(notes + body, _status(answer, language), _panel(answer, language, scope, abstained), language)


def render_streaming(
    text: str, hits: Sequence[Hit], language: Language, *, stopped: bool = False, reading: Reading | None = None
) -> str:
    """An answer that is still being written (or was stopped): plain chips, and the passages that were found."""
    state = "stopped" if stopped else "writing" if text else "searching"
    words = word(state, language)
    if reading is not None and state == "searching":
        words = word("reading", language, done=reading.done, total=reading.total)
    line = f'<p class="status {state}" role="status"><span>{words}</span></p>'
    body = f'<div class="text" lang="{language_of(text)}">{render_text(finished(clean(text)), _plain_chip)}</div>'
    panel = _found(hits, language) if hits else ""
    return _component(body if text else "", line, panel, language, busy=not stopped)


def render_error(error: AssistantError, language: Language) -> str:
    """Why there is no answer and what to do next, in words."""
    message = explain(error, language)
    hint = f"<p>{escape(message.hint)}</p>" if message.hint else ""
    return _error(escape(message.text), hint, language)


def render_fault(language: Language) -> str:
    """An answer that broke off for a reason that no message foresees."""
    return _error(word("unfinished", language), "", language)


def _error(text: str, hint: str, language: Language) -> str:
    title = f'<p class="title">{mark("unsupported")}<span>{word("error", language)}</span></p>'
    return (
        f'<div class="reply" lang="{language}"><div class="error" role="alert">{title}<p>{text}</p>{hint}</div></div>'
    )


def _component(body: str, status: str, panel: str, language: Language, *, busy: bool = False) -> str:
    label = word("answer", language)
    main = f'<section class="answer" aria-label="{label}" aria-busy="{str(busy).lower()}">{body}{status}</section>'
    return f'<div class="reply" lang="{language}">{main}{panel}</div>'


def _text(answer: Answer, language: Language, scope: str) -> str:
    if answer.status is Status.ABSTAINED and not answer.text.strip():
        return f"<p>{word('refusal', language)}</p>"
    text = _with_uncited(clean(answer.text), answer.claims)
    tag = f'<span class="uncited" title="{word("uncited_title", language)}">{word("verdict_uncited", language)}</span>'
    return render_text(text, _chips(answer.citations, language, scope), tag)


def _with_uncited(text: str, claims: Iterable[Claim]) -> str:
    ends = sorted((claim.end for claim in claims if claim.verdict is Verdict.UNCITED), reverse=True)
    for end in ends:
        text = text[:end] + UNCITED + text[end:]
    return text


def _chips(citations: Iterable[Citation], language: Language, scope: str) -> Marker:
    chips = {citation.number: _chip(citation, language, scope) for citation in citations}
    return chips.get


def _chip(citation: Citation, language: Language, scope: str) -> str:
    quote = join_wrapped(citation.quote)
    verdict = word(f"verdict_{citation.verdict}", language)
    label = escape(word("chip_label", language, number=citation.number, verdict=verdict, quote=quote))
    title = escape(f"{verdict}: {quote}")
    return (
        f'<a class="chip {citation.verdict}" href="#{scope}-e{citation.number}" data-cite="{citation.number}" '
        f'role="button" aria-expanded="false" aria-label="{label}" title="{title}">{_bracketed(citation.number)}'
        f"{mark(citation.verdict)}</a>"
    )


def _plain_chip(number: int) -> str:
    return f'<span class="chip plain">{_bracketed(number)}</span>'


def _bracketed(number: int) -> str:
    """The number with brackets that are only copied and printed."""
    return f'<span class="bracket">[</span>{number}<span class="bracket">]</span>'


def _panel(answer: Answer, language: Language, scope: str, abstained: bool) -> str:
    if abstained:
        cards = [render_card(Evidence.of_hit(hit), language, scope) for hit in answer.hits[:NEAREST]]
    else:
        evidence = (Evidence.of_citation(citation, answer.claims) for citation in answer.citations)
        cards = [render_card(item, language, scope) for item in evidence]
    title = word("closest" if abstained else "evidence", language)
    return _aside(title, "".join(cards)) if cards else ""


def _aside(title: str, inner: str) -> str:
    return f'<aside class="evidence" aria-label="{title}"><h3>{title}</h3>{inner}</aside>'


def _found(hits: Sequence[Hit], language: Language) -> str:
    titles = dict.fromkeys(hit.report.title for hit in hits[:NEAREST])
    items = "".join(f'<li lang="{language_of(title)}">{escape(title)}</li>' for title in titles)
    return _aside(word("searched", language), f'<ul class="found">{items}</ul>')


def _notes(answer: Answer, language: Language) -> str:
    fallback = answer.backend.fallback
    if fallback is not None:
        return _note(word("fallback", language, llm=fallback.llm, reason=fallback.reason))
    if answer.backend.llm == EXTRACTIVE and answer.status is not Status.ABSTAINED:
        return _note(word("extracted", language))
    return ""


def _note(text: str) -> str:
    return f'<p class="note">{escape(text)}</p>'


def _status(answer: Answer, language: Language) -> str:
    parts = [word(f"status_{answer.status}", language), *_counts(answer.claims, language)]
    if answer.timings:
        parts.append(word("seconds", language, seconds=f"{_seconds(answer):.1f}"))
    inner = "".join(f"<span>{part}</span>" for part in parts)
    button = copy_button(answer.citations, word("copy_all", language), language)
    return f'<p class="status {answer.status}" role="status">{inner}{button}</p>'


def _counts(claims: Iterable[Claim], language: Language) -> list[str]:
    counts = Counter(claim.verdict for claim in claims)
    return [word(f"count_{verdict}", language, count=counts[verdict]) for verdict in Verdict if counts[verdict]]


def _seconds(answer: Answer) -> float:
    """The whole time: the stage called "total" where there is one, else the sum of the stages."""
    stages = {timing.stage: timing.seconds for timing in answer.timings}
    return stages.get("total", sum(stages.values()))
