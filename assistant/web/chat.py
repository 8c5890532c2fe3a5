"""The conversation: a question and the exchanges before it become a stream of exchanges, ready to be shown.

Knows nothing of gradio. Errors become words in the exchange; nothing is raised to the page for them.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import Protocol

from pydantic import BaseModel, Field, ValidationError

from assistant.errors import AssistantError
from assistant.language.text import language_of
from assistant.types import Answer, Event, Hit, Language, Reading, Retrieved, Scope, Token, Turn
from assistant.web.filters import render_scope
from assistant.web.markup import escape
from assistant.web.render import (
    render_actions,
    render_answer,
    render_error,
    render_fault,
    render_question,
    render_streaming,
)

PAUSE_S = 0.05
"""The least time between two states of an answer that is being written: smooth to read, cheap to send."""


class Stream(Protocol):
    """How the page asks: the facade's `stream`. The generator is closed when the person stops the answer."""

    def __call__(
        self, question: str, *, history: Sequence[Turn], answer_language: Language | None, scope: Scope | None
    ) -> Iterator[Event]: ...


class Asked(BaseModel):
    """What the page sends along with a question: its conversation's id, and the number of an exchange that it replaces.

    An id is what the page drew; without one nothing is kept.
    """

    conversation: str = Field(default="", pattern=r"^[0-9a-f]{0,32}$")
    number: int | None = Field(default=None, ge=1)
    scope: Scope | None = None

    @classmethod
    def read(cls, text: str) -> Asked:
        """What a page sent as JSON; nothing at all where it is something else."""
        try:
            return cls.model_validate_json(text or "{}")
        except ValidationError:
            return cls()


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question with what there is of its answer.

    `text` and `hits` are what was streamed so far; `answer` is the finished answer, None until then and after an error
    or a stop, so that only finished answers become history. `failed` says that the question may be edited, `halted` that
    nothing more comes; `notice` is said under it.
    """

    number: int
    question: str
    language: Language
    reply: str = ""
    text: str = ""
    hits: tuple[Hit, ...] = ()
    answer: Answer | None = None
    failed: bool = False
    halted: bool = False
    reading: Reading | None = None
    notice: str = ""
    verdict: str = ""
    scope: Scope | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes."""
        return self.failed or self.halted or self.answer is not None

    @property
    def html(self) -> str:
        """The question, its reply and, once it is over, what can be done with it, as one element."""
        question = render_question(self.question, self.language)
        actions = render_actions(self.answer, self.language, self.notice, self.verdict) if self.is_over else ""
        place = f'id="x{self.number}" data-number="{self.number}"'
        if self.scope:
            place += f' data-scope="{escape(json.dumps(asdict(self.scope)))}"'
        question += render_scope(self.scope, self.language)
        return f'<article class="exchange" {place}>{question}{self.reply}{actions}</article>'


History = tuple[Exchange, ...]


def turns(history: Sequence[Exchange]) -> tuple[Turn, ...]:
    """The finished exchanges as the messages that a follow-up question builds on."""
    return tuple(
        turn
        for exchange in history
        if exchange.answer is not None
        for turn in (Turn("user", exchange.question), Turn("assistant", exchange.answer.text))
    )


def respond(
    message: str,
    history: Sequence[Exchange],
    *,
    stream: Stream,
    language: Language | None,
    scope: Scope | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Exchange]:
    """Ask, and give the exchange again and again as it grows; the last one is finished or failed.

    Put to the reports in `scope`. Without a `language` the words on the page and the answer follow the question's. A blank message gives nothing.
    """
    question = message.strip()
    if not question:
        return
    start = Exchange(len(history) + 1, question, language or language_of(question), scope=scope)
    exchange = start
    try:
        with _closed(stream(question, history=turns(history), answer_language=language, scope=scope)) as events:
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
    return answered(exchange, event.answer, language)


def answered(exchange: Exchange, answer: Answer, language: Language | None) -> Exchange:
    """An exchange with its answer, in the words of `language` or of the answer's."""
    words = language or answer.language
    reply = render_answer(answer, words, scope=f"x{exchange.number}")
    return replace(exchange, reply=reply, language=words, answer=answer)


def _streaming(exchange: Exchange) -> Exchange:
    return replace(
        exchange, reply=render_streaming(exchange.text, exchange.hits, exchange.language, reading=exchange.reading)
    )


def stopped(exchange: Exchange) -> Exchange:
    """An exchange that the person stopped: what was written stays, marked as unchecked."""
    if exchange.is_over:
        return exchange
    reply = render_streaming(exchange.text, exchange.hits, exchange.language, stopped=True)
    return replace(exchange, reply=reply, halted=True)


def broken(exchange: Exchange) -> Exchange:
    """An exchange that a fault of the program ended."""
    return replace(exchange, reply=render_fault(exchange.language), failed=True)
