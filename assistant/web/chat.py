"""The conversation: a question and the exchanges before it become a stream of exchanges, ready to be shown.

Knows nothing of gradio. Errors become words in the exchange; nothing is raised to the page for them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Protocol

from assistant.errors import AssistantError
from assistant.language.text import language_of
from assistant.types import Event, Hit, Language, Reading, Retrieved, Token, Turn
from assistant.web.render import render_answer, render_error, render_fault, render_question, render_streaming

PAUSE_S = 0.05
"""The least time between two states of an answer that is being written: smooth to read, cheap to send."""


class Stream(Protocol):
    """How the page asks: the facade's `stream`. The generator is closed when the person stops the answer."""

    def __call__(
        self, question: str, *, history: Sequence[Turn], answer_language: Language | None
    ) -> Iterator[Event]: ...


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question with what there is of its answer.

    `text` and `hits` are what was streamed so far; `answer` is the finished answer's text, None until then and after
    an error or a stop, so that only finished answers become history. `failed` says that the question may be edited.
    """

    number: int
    question: str
    language: Language
    reply: str = ""
    text: str = ""
    hits: tuple[Hit, ...] = ()
    answer: str | None = None
    failed: bool = False
    reading: Reading | None = None

    @property
    def html(self) -> str:
        """The question and its reply as one element."""
        question = render_question(self.question, self.language)
        return f'<article class="exchange" id="x{self.number}">{question}{self.reply}</article>'


History = tuple[Exchange, ...]


def turns(history: Sequence[Exchange]) -> tuple[Turn, ...]:
    """The finished exchanges as the messages that a follow-up question builds on."""
    return tuple(
        turn
        for exchange in history
        if exchange.answer is not None
        for turn in (Turn("user", exchange.question), Turn("assistant", exchange.answer))
    )


def respond(
    message: str,
    history: Sequence[Exchange],
    *,
    stream: Stream,
    language: Language | None,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Exchange]:
    """Ask, and give the exchange again and again as it grows; the last one is finished or failed.

    Without a `language` the words on the page and the answer follow the question's. A blank message gives nothing.
    """
    question = message.strip()
    if not question:
        return
    start = Exchange(len(history) + 1, question, language or language_of(question))
    exchange = start
    try:
        with _closed(stream(question, history=turns(history), answer_language=language)) as events:
            for exchange in _states(start, events, language, clock):
                yield exchange
    except AssistantError as error:
        yield replace(exchange, reply=render_error(error, exchange.language), failed=True)


@contextmanager
def _closed(events: Iterator[Event]) -> Iterator[Iterator[Event]]:
    """Events whose source is closed at the end, so that a stopped answer stops its model too."""
    try:
        yield events
    finally:
        close = getattr(events, "close", None)
        if close is not None:
            close()


def _states(
    exchange: Exchange, events: Iterator[Event], language: Language | None, clock: Callable[[], float]
) -> Iterator[Exchange]:
    exchange = _streaming(exchange)
    yield exchange
    shown = clock()
    for event in events:
        exchange = _after(exchange, event, language)
        if not isinstance(event, Token) or clock() - shown >= PAUSE_S:
            yield exchange if exchange.answer is not None else _streaming(exchange)
            shown = clock()
    if exchange.answer is None:
        yield broken(exchange)


def _after(exchange: Exchange, event: Event, language: Language | None) -> Exchange:
    if isinstance(event, Retrieved):
        return replace(exchange, hits=event.hits)
    if isinstance(event, Reading):
        return replace(exchange, reading=event)
    if isinstance(event, Token):
        return replace(exchange, text=exchange.text + event.text)
    answer = event.answer
    words = language or answer.language
    reply = render_answer(answer, words, scope=f"x{exchange.number}")
    return replace(exchange, reply=reply, language=words, answer=answer.text)


def _streaming(exchange: Exchange) -> Exchange:
    return replace(
        exchange, reply=render_streaming(exchange.text, exchange.hits, exchange.language, reading=exchange.reading)
    )


def stopped(exchange: Exchange) -> Exchange:
    """An exchange that the person stopped: what was written stays, marked as unchecked."""
    if exchange.answer is not None or exchange.failed:
        return exchange
    return replace(exchange, reply=render_streaming(exchange.text, exchange.hits, exchange.language, stopped=True))


def broken(exchange: Exchange) -> Exchange:
    """An exchange that a fault of the program ended."""
    return replace(exchange, reply=render_fault(exchange.language), failed=True)
