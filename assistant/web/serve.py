"""The web app over an assistant: syncs the corpus in the background and answers through the llama-index pipeline."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from ipaddress import ip_address
from itertools import chain, islice
from pathlib import Path

from assistant import messages
from assistant.assistant import Assistant
from assistant.citing.lookup import LookedUp
from assistant.config import LoadedSettings, Settings, networks
from assistant.errors import AssistantError, CorpusError, StoreError
from assistant.indexing.sync import scan
from assistant.stores.catalog import FileRow
from assistant.stores.conversations import Conversations
from assistant.types import Answer, BlockKind, Event, FailedFile, Hit, Language, Query, ReportRef, Scope, Turn
from assistant.web.fair import Line
from assistant.web.library import Shelved
from assistant.web.people import People
from assistant.web.signin import Door
from assistant.web.suggestions import follow_ups, is_topic, topic

_LOG = logging.getLogger(__name__)
_STARTERS, _STARTERS_EACH, _STARTERS_TRIED = 4, 2, 8
_SYNC_WAIT_SECONDS = 600.0
_STARTERS_WAIT_SECONDS = 3.0


class Backstage:
    """The work behind the page: one thread that syncs at the start, and the answering engine once it is loaded.

    A question that comes before the first sync is over waits for it.
    """

    def __init__(self, assistant: Assistant, most_mb: int) -> None:
        self._assistant = assistant
        self.corpus = assistant.corpus
        self.most_mb = most_mb
        self._changed = threading.Event()
        self._changed.set()
        self._is_syncing = False
        self._reading = ""
        self._pages: dict[str, int] = {}
        self._topics: list[str] = []
        self._line = Line()
        self._synced = threading.Event()
        self._ready = threading.Event()
        self._stream: Callable[..., Iterator[Event]] = assistant.stream
        self._say: Callable[[Language], str] = partial(messages.say, "status_syncing", done=0, total="…")

    def start(self) -> None:
        """Begin in the background."""
        threading.Thread(target=self._work, name="sync", daemon=True).start()

    def status(self, language: Language) -> str:
        """How the corpus stands, in one line."""
        return self._say(language)

    def stream(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        answer_language: Language | None = None,
        scope: Scope | None = None,
        reader: str = "",
    ) -> Generator[Event]:
        """The events of an answer; waits for the first sync, and for the turn of `reader`, whoever asks."""
        with self._turn(reader):
            yield from self._stream(question, history=history, answer_language=answer_language, scope=scope)

    def look_up(self, text: str, *, scope: Scope | None = None, reader: str = "") -> tuple[LookedUp, ...]:
        """Where the reports support or contradict each sentence of a text; waits like `stream`."""
        with self._turn(reader):
            return self._assistant.look_up(text, scope)

    def search(self, query: Query, k: int, *, reader: str = "") -> list[Hit]:
        """The k best passages; waits like `stream`."""
        with self._turn(reader):
            return self._assistant.search(query, k)

    @contextmanager
    def _turn(self, reader: str) -> Iterator[None]:
        self._ready.wait(_SYNC_WAIT_SECONDS)
        with self._line.turn(reader):
            yield

    def starters(self, language: Language) -> list[str]:
        """A few questions to begin with, made from headings of the reports; none while a long first sync goes on."""
        self._synced.wait(_STARTERS_WAIT_SECONDS)
        return [messages.say("starter", language, topic=topic) for topic in self._topics]

    def follow_ups(self, answer: Answer, language: Language, history: Sequence[Turn]) -> list[str]:
        """Questions that the reports lead on to, and answer after that history; none while they cannot be read."""
        is_answered = partial(self._assistant.is_answered, history=history, scope=answer.record.scope)
        try:
            return follow_ups(answer, language, passages=self._assistant.passages, is_answered=is_answered)
        except AssistantError:
            return []

    # The library

    @property
    def is_busy(self) -> bool:
        """Whether the files are being read, or about to be."""
        return self._is_syncing or self._changed.is_set()

    def changed(self) -> None:
        """Have the files read again, in the background."""
        self._changed.set()

    def files(self) -> list[Shelved]:
        """The files of the corpus as they are now, with what the last sync made of them."""
        try:
            there = scan(self.corpus)
        except CorpusError:
            return []
        try:
            seen = {found[0].path: found for found in self._assistant.files()}
        except StoreError:  # nothing was read yet
            seen = {}
        first = {row.sha256: path for path, (row, _, _) in seen.items() if row.state == "report"}
        return [self._shelved(path, *seen[path], first) if path in seen else self._new(path) for path in there]

    def _new(self, path: str) -> Shelved:
        return Shelved(path, "reading" if path == self._reading else "waiting")

    def _shelved(
        self, path: str, row: FileRow, ref: ReportRef | None, is_active: bool, first: dict[str, str]
    ) -> Shelved:
        if row.state == "failed":
            return Shelved(path, "failed", failure=FailedFile(path, row.code or "", row.values))
        if ref is None:
            return Shelved(path, "duplicate", twin=first.get(row.sha256, ""))
        pages = self._page_count(ref)
        return Shelved(path, "report" if is_active else "superseded", ref, pages, notes=row.values)

    def _page_count(self, ref: ReportRef) -> int:
        """The pages of a report, read once; none for one that is too new to be searched yet."""
        if ref.report_id not in self._pages:
            try:
                self._pages[ref.report_id] = len(self._assistant.report(ref.report_id).pages)
            except AssistantError:
                return 0
        return self._pages[ref.report_id]

    # The thread

    def _work(self) -> None:
        while self._changed.wait():
            self._is_syncing = True
            self._changed.clear()
            self._sync()
            self._is_syncing = False

    def _sync(self) -> None:
        try:
            result = self._assistant.sync(self._progress)
            self._topics = starter_topics(self._assistant)
            name = "status_failed" if result.failed else "status_ready"
            self._say = partial(messages.say, name, reports=result.reports, failed=len(result.failed))
        except AssistantError as error:
            self._say = partial(_explain, error)
        except Exception as error:  # the page has to go on, and the next sync may do better
            _LOG.exception("a sync broke off")
            self._say = partial(_explain, AssistantError("unexpected", reason=error))
        finally:
            self._reading = ""
            self._synced.set()
            if not self._ready.is_set():
                self._load_pipeline()
                self._ready.set()
                with suppress(AssistantError):  # said when somebody asks
                    self._assistant.warm_up()

    def _load_pipeline(self) -> None:
        from assistant.pipeline import AnswerEngine

        self._stream = AnswerEngine(self._assistant).stream

    def _progress(self, done: int, total: int, path: str) -> None:
        self._say = partial(messages.say, "status_syncing", done=done, total=total)
        self._reading = path


def _explain(error: AssistantError, language: Language) -> str:
    return messages.explain(error, language).text


def starter_topics(assistant: Assistant) -> list[str]:
    """Headings of the reports to ask about, at most two a report: such as the reports answer in either language."""
    found = (islice(_answered_topics(assistant, ref), _STARTERS_EACH) for ref in assistant.reports())
    return list(islice(chain.from_iterable(found), _STARTERS))


def _answered_topics(assistant: Assistant, ref: ReportRef) -> Iterator[str]:
    report = assistant.report(ref.report_id)
    headings = [topic(report.text[b.start : b.end]) for b in report.blocks if b.kind is BlockKind.HEADING]
    for one in islice(filter(is_topic, headings[1:]), _STARTERS_TRIED):
        if all(assistant.is_answered(messages.say("starter", language, topic=one)) for language in Language):
            yield one


def serve(
    assistant: Assistant,
    loaded: LoadedSettings,
    *,
    host: str,
    port: int,
    language: Language | None,
    settings_file: Path | None = None,
    say: Callable[..., None] = lambda name, **values: None,
) -> None:
    """Serve the chat and the API until interrupted; `say` gets what is told at the start (messages.say). No `language`:
    the browser's. `settings_file`: where `loaded` was read from, if not from `assistant.toml`. Errors: `UsageError` for a
    file of people that cannot be used, a port or a host."""
    settings = loaded.settings
    door = _door(settings)
    if door is None and not _is_loopback(host):
        say("open_to_all", host=host)
    from assistant.web import api
    from assistant.web import app as web
    from assistant.web.model import ModelDesk
    from assistant.web.routes import choosing, reading, scoping

    backstage = Backstage(assistant, settings.web.max_upload_mb)
    backstage.start()
    app = web.build(
        backstage,
        picture=assistant.picture,
        language=language,
        conversations=Conversations(assistant.journal) if assistant.journal else None,
        routers=[
            reading(assistant.report, assistant.page_picture),
            scoping(assistant.reports),
            choosing(ModelDesk(assistant, loaded, settings_file)),
        ],
        api=api.build(assistant, backstage, language),
        door=door,
        names=_listed(settings.web.hosts) if door is None and _is_loopback(host) else None,
    )
    web.serve(app, host, port, ready=lambda url: say("listening", url=url))


def _door(settings: Settings) -> Door | None:
    web = settings.web
    people = People(web.auth_file, settings.state.dir) if web.auth_file else None
    return Door(people, web.trusted_header, networks(web.trusted_proxies)) if people or web.trusted_header else None


def _listed(names: str) -> list[str]:
    return [name.strip() for name in names.split(",") if name.strip()]


def _is_loopback(host: str) -> bool:
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost"
