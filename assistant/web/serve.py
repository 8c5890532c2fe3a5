"""The web app over an assistant: syncs the corpus in the background and answers through the llama-index pipeline."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from assistant import messages
from assistant.assistant import Assistant
from assistant.citing.lookup import LookedUp
from assistant.errors import AssistantError
from assistant.types import BlockKind, Event, Language, Turn

_STARTERS = 4
_STARTER_LENGTH = (6, 28)
_SYNC_WAIT_SECONDS = 600.0
_STARTERS_WAIT_SECONDS = 3.0


class Backstage:
    """The work behind the page: one thread that syncs at the start, and the answering engine once it is loaded.

    A question that comes before the first sync is over waits for it.
    """

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._synced = threading.Event()
        self._ready = threading.Event()
        self._stream: Callable[..., Iterator[Event]] = assistant.stream
        self._say: Callable[[Language], str] = partial(messages.say, "status_syncing", done=0, total="…")

    def start(self) -> None:
        """Begin in the background."""
        threading.Thread(target=self._prepare, name="sync", daemon=True).start()

    def status(self, language: Language) -> str:
        """How the corpus stands, in one line."""
        return self._say(language)

    def stream(
        self, question: str, *, history: Sequence[Turn] = (), answer_language: Language | None = None
    ) -> Iterator[Event]:
        """The events of an answer; waits for the first sync."""
        self._ready.wait(_SYNC_WAIT_SECONDS)
        yield from self._stream(question, history=history, answer_language=answer_language)

    def look_up(self, text: str) -> tuple[LookedUp, ...]:
        """Where the reports support or contradict each sentence of a text; waits for the first sync."""
        self._ready.wait(_SYNC_WAIT_SECONDS)
        return self._assistant.look_up(text)

    def starters(self, language: Language) -> list[str]:
        """A few questions to begin with, made from headings of the reports; none while a long first sync goes on."""
        self._synced.wait(_STARTERS_WAIT_SECONDS)
        try:
            return starter_questions(self._assistant, language)
        except AssistantError:
            return []

    def _prepare(self) -> None:
        try:
            result = self._assistant.sync(self._progress)
            name = "status_failed" if result.failed else "status_ready"
            self._say = partial(messages.say, name, reports=result.reports, failed=len(result.failed))
        except AssistantError as error:
            self._say = partial(_explain, error)
        finally:
            self._synced.set()
            self._load_pipeline()
            self._ready.set()

    def _load_pipeline(self) -> None:
        from assistant.pipeline import AnswerEngine

        self._stream = AnswerEngine(self._assistant).stream

    def _progress(self, done: int, total: int, path: str) -> None:
        self._say = partial(messages.say, "status_syncing", done=done, total=total)


def _explain(error: AssistantError, language: Language) -> str:
    return messages.explain(error, language).text


def starter_questions(assistant: Assistant, language: Language) -> list[str]:
    """Questions about headings of the reports, at most two a report."""
    shortest, longest = _STARTER_LENGTH
    topics: list[str] = []
    for ref in assistant.reports():
        report = assistant.report(ref.report_id)
        headings = [_topic(report.text[b.start : b.end]) for b in report.blocks if b.kind is BlockKind.HEADING]
        fitting = [heading for heading in headings[1:] if shortest <= len(heading) <= longest and "\n" not in heading]
        topics += fitting[:2]
    return [messages.say("starter", language, topic=topic) for topic in topics[:_STARTERS]]


def _topic(heading: str) -> str:
    """A heading without its number."""
    return re.sub(r"^\s*(?:第?[\d.．]+[章節部]?[.．、:：]?)\s*", "", heading).strip()


def serve(
    assistant: Assistant,
    *,
    host: str,
    port: int,
    language: Language | None,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serve the chat until interrupted; `ready` gets the address once it answers. No `language`: the browser's."""
    from assistant.web import app as web

    backstage = Backstage(assistant)
    backstage.start()
    app = web.build(
        stream=backstage.stream,
        look_up=backstage.look_up,
        page_picture=assistant.page_picture,
        language=language,
        starters=backstage.starters,
        status=backstage.status,
    )
    web.serve(app, host, port, ready=ready)
