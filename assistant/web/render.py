"""An Answer as one HTML component: the text with its numbered chips and its sources, and the pane with the evidence.

Pure: values in, HTML out; `chat.css` gives it its looks and `chat.js` its behaviour. Everything that comes from a
report, a model or a person is escaped, and no image or link of theirs survives.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby

from assistant.citing.styles import Reference
from assistant.errors import AssistantError
from assistant.language.text import join_wrapped, language_of
from assistant.messages import explain
from assistant.types import Answer, Citation, Claim, Hit, Language, Reading, Status, Verdict
from assistant.web.evidence import Evidence, copy_button, mark, render_card
from assistant.web.markup import UNCITED, Marker, clean, escape, finished, render_text
from assistant.web.rich import plain_text, rich_text
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
    foot = _sources(answer.citations, language, scope) + _status(answer, language)
    return _component(_notes(answer, language) + body, foot, _panel(answer, language, scope, abstained), language)


def render_actions(answer: Answer | None, language: Language, notice: str = "", verdict: str = "") -> str:
    """What can be done with an exchange that is over: take its answer along, ask again, say what one thinks of it."""
    parts = [_note(notice)] if notice else []
    judging = ""
    if answer is not None:
        parts += [f'<template class="rich">{rich_text(answer, language)}</template>']
        parts += [f'<template class="plain">{escape(plain_text(answer, language))}</template>']
        parts += [_action("copy", "copy_answer", language)]
        references = map(Reference.of, answer.citations)
        parts += [copy_button(references, word("copy_all", language), language)]
        judging = "".join(_action(one, f"judge_{one}", language, pressed=one == verdict) for one in ("up", "down"))
    again = _action("again", "ask_again", language) + _action("edit", "edit_question", language)
    return (
        f'<div class="actions" lang="{language}">{"".join(parts)}<span class="again">{again}</span>'
        f'<span class="judging">{judging}</span></div>'
    )


def _action(name: str, label: str, language: Language, *, pressed: bool | None = None) -> str:
    words, told = word(label, language), f' data-copied="{word("copied", language)}"' if name == "copy" else ""
    state = "" if pressed is None else f' aria-pressed="{str(pressed).lower()}" aria-label="{words}" title="{words}"'
    label = f"<span>{words}</span>" if pressed is None else ""
    return f'<button type="button" class="act" data-do="{name}"{state}{told}>{mark(name)}{label}</button>'


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


def _sources(citations: Sequence[Citation], language: Language, scope: str) -> str:
    """The reports that the answer rests on, a line each with the numbers that lead to its places."""
    ordered = sorted(citations, key=lambda one: min(c.number for c in citations if c.report == one.report))
    lines = []
    for report, cited in groupby(ordered, key=lambda one: one.report):
        facts = [report.source.publisher, report.source.issued]
        about = "".join(f'<span class="fact">{escape(fact)}</span>' for fact in facts if fact)
        places = "".join(_place(one, language, scope) for one in cited)
        title = f'<span class="title" lang="{language_of(report.title)}">{escape(report.title)}</span>'
        lines.append(f"<li>{title}{about}<span>{places}</span></li>")
    if not lines:
        return ""
    return f'<section class="sources"><h3>{word("sources", language)}</h3><ul>{"".join(lines)}</ul></section>'


def _place(citation: Citation, language: Language, scope: str) -> str:
    page = word("page", language, page=citation.page) if citation.page else ""
    return f'{_chip(citation, language, scope)}<span class="fact">{page}</span>'


def _panel(answer: Answer, language: Language, scope: str, abstained: bool) -> str:
    if abstained:
        cards = [render_card(Evidence.of_hit(hit), language, scope) for hit in answer.hits[:NEAREST]]
    else:
        evidence = (Evidence.of_citation(citation, answer.claims) for citation in answer.citations)
        cards = [render_card(item, language, scope) for item in evidence]
    title = word("closest" if abstained else "evidence", language)
    return _aside(title, "".join(cards), language, has_steps=len(cards) > 1) if cards else ""


def _aside(title: str, inner: str, language: Language, *, has_steps: bool = False) -> str:
    names = (("previous", "next") if has_steps else ()) + ("close",)
    buttons = "".join(
        f'<button type="button" class="step {name}" data-step="{name}" title="{word(name, language)}" '
        f'aria-label="{word(name, language)}">{mark(name)}</button>'
        for name in names
    )
    head = f'<div class="head"><h3>{title}</h3>{buttons}</div>'
    return f'<aside class="evidence" aria-label="{title}">{head}{inner}</aside>'


def _found(hits: Sequence[Hit], language: Language) -> str:
    titles = dict.fromkeys(hit.report.title for hit in hits[:NEAREST])
    items = "".join(f'<li lang="{language_of(title)}">{escape(title)}</li>' for title in titles)
    return _aside(word("searched", language), f'<ul class="found">{items}</ul>', language)


def _notes(answer: Answer, language: Language) -> str:
    """What a reader has to know before reading: no model, not everything, nothing at all."""
    fallback, notes = answer.backend.fallback, ""
    if fallback is not None:
        notes = _note(word("fallback", language, llm=fallback.llm, reason=fallback.reason))
    elif answer.backend.llm == EXTRACTIVE and answer.status is not Status.ABSTAINED:
        notes = _note(word("extracted", language))
    told = {Status.PARTIAL: ("partial", "partly"), Status.ABSTAINED: ("none", "abstained")}.get(answer.status)
    return notes + (_note(word(told[1], language), told[0]) if told else "")


def _note(text: str, shape: str = "") -> str:
    return f'<p class="note {shape}">{mark(shape) if shape else ""}<span>{escape(text)}</span></p>'


def _status(answer: Answer, language: Language) -> str:
    parts = [word(f"status_{answer.status}", language), *_counts(answer.claims, language)]
    if answer.timings:
        parts.append(word("seconds", language, seconds=f"{_seconds(answer):.1f}"))
    inner = "".join(f"<span>{part}</span>" for part in parts)
    return f'<p class="status {answer.status}" role="status">{inner}</p>'


def _counts(claims: Iterable[Claim], language: Language) -> list[str]:
    counts = Counter(claim.verdict for claim in claims)
    return [word(f"count_{verdict}", language, count=counts[verdict]) for verdict in Verdict if counts[verdict]]


def _seconds(answer: Answer) -> float:
    """The whole time: the stage called "total" where there is one, else the sum of the stages."""
    stages = {timing.stage: timing.seconds for timing in answer.timings}
    return stages.get("total", sum(stages.values()))
