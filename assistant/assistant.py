"""The facade: the only place where parts are chosen and put together, and what every door talks to.

Touches files through the stores; loads models when they are first needed. `ask` is the last event of `stream`.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from assistant import __version__, messages
from assistant.answering import extract as extracting
from assistant.answering import generate as generating
from assistant.answering import prompts as prompting
from assistant.answering.answerer import Answerer, LlmLimits, Outcome
from assistant.answering.extract import Asking, Extract, Ground
from assistant.answering.grounds import Grounds, glosses
from assistant.answering.parts import merged
from assistant.answering.plan import Plan, by_rule, language_for, make_plan
from assistant.answering.summary import reports_meant
from assistant.answering.verify import Verifier
from assistant.citing.lookup import Each, LookedUp, look_up
from assistant.citing.styles import Reference
from assistant.config import LlmSettings, Settings, recorded, secrets
from assistant.errors import AssistantError, ModelError, StoreError
from assistant.indexing import sync as syncing
from assistant.indexing.shelf import Shelf, Shown
from assistant.language.aliases import Alias
from assistant.language.glossary import Entry as GlossaryEntry
from assistant.models import embedders, llms, rerankers
from assistant.models.embedders import Embedder
from assistant.models.llms import LanguageModel
from assistant.models.rerankers import Reranker
from assistant.payloads import journal_payload
from assistant.reading.reader import Limits
from assistant.retrieval.query import enumerates, understand
from assistant.retrieval.scope import within
from assistant.retrieval.search import Searcher, until_scores_drop
from assistant.stores.catalog import Catalog, FileRow
from assistant.stores.index import Index
from assistant.stores.journal import Journal
from assistant.types import (
    Answer,
    Backend,
    Done,
    Event,
    Hit,
    Language,
    Passage,
    Query,
    Record,
    Report,
    ReportRef,
    Retrieved,
    Scope,
    Status,
    SyncResult,
    Timing,
    Turn,
)

_ANSWER_HITS = 20
_MOST_ANSWER_HITS = 60
_NEAREST = 5
_SPELLED_IN = 20


class Assistant:
    """Answers questions about the reports of one corpus folder, from one index folder."""

    def __init__(
        self,
        *,
        corpus: Path,
        index_folder: Path,
        load_embedder: Callable[[], Embedder],
        load_llm: Callable[[], LanguageModel | None],
        load_reranker: Callable[[], Reranker | None] = lambda: None,
        llm_limits: LlmLimits | None = None,
        message_language: Language | None = None,
        reading_limits: Limits | None = None,
        settings: tuple[tuple[str, str], ...] = (),
        journal: Journal | None = None,
        notice: Callable[[AssistantError], None] = lambda error: None,
    ) -> None:
        """`message_language`: of what is said beside an answer (why a model was not used); default: the answer's.
        `settings` are noted in every answer's record; `notice` is told, once, when answers cannot be kept."""
        self.corpus = corpus
        self.index_folder = index_folder
        self._load_embedder = load_embedder
        self._load_llm = load_llm
        self._load_reranker = load_reranker
        self._llm_limits = llm_limits or LlmLimits()
        self._message_language = message_language
        self._reading_limits = reading_limits
        self._settings = settings
        self.journal = journal
        self._notice = notice
        self._said_unkept = False

    @classmethod
    def open(
        cls,
        corpus: Path,
        index_folder: Path,
        settings: Settings | None = None,
        message_language: Language | None = None,
        notice: Callable[[AssistantError], None] = lambda error: None,
    ) -> Assistant:
        """The assistant that the settings describe. Nothing is loaded or touched yet."""
        settings = settings or Settings()
        return cls(
            corpus=corpus,
            index_folder=index_folder,
            load_embedder=lambda: embedders.load(settings.embedder.model),
            load_llm=lambda: language_model(settings.llm),
            load_reranker=lambda: rerankers.load(settings.reranker.model),
            llm_limits=LlmLimits(settings.llm.context_tokens, settings.llm.timeout_s),
            message_language=message_language,
            reading_limits=Limits(settings.reading.max_mb, settings.reading.max_pages, settings.reading.max_seconds),
            settings=recorded(settings),
            journal=_journal(settings),
            notice=notice,
        )

    @cached_property
    def embedder(self) -> Embedder:
        """The embedder, loaded once."""
        return self._load_embedder()

    @cached_property
    def reranker(self) -> Reranker | None:
        """The configured reranker, loaded once, or None; ModelError when it cannot be used."""
        return self._load_reranker()

    def use(self, settings: Settings) -> None:
        """Answer with the language model of these settings from the next question on."""
        self._load_llm = lambda: language_model(settings.llm)
        self._llm_limits = LlmLimits(settings.llm.context_tokens, settings.llm.timeout_s)
        self._settings = recorded(settings)
        self.journal = _journal(settings) if self.journal else None  # a new key is not written down either
        self.__dict__.pop("_llm", None)

    def language_model(self) -> LanguageModel | None:
        """The configured language model, or None for extracted answers; ModelError when it cannot be used."""
        return self._llm

    @cached_property
    def _llm(self) -> LanguageModel | None:
        return self._load_llm()

    @cached_property
    def index(self) -> Index:
        """The index, opened for reading when it is first searched."""
        fingerprint = syncing.fingerprint(self.embedder)
        return Index(self.index_folder, fingerprint=fingerprint, embedder=self.embedder)

    def warm_up(self) -> None:
        """Load now what the first questions would wait for: index, dictionary, and the words of both languages."""
        self.search(self.understand("電池 battery"))
        glosses()(["battery"], Language.JA)

    # Indexing

    def sync(
        self,
        progress: syncing.Progress = lambda done, total, path: None,
        notice: syncing.Notice = lambda error: None,
    ) -> SyncResult:
        """Bring the index up to date with the corpus."""
        return syncing.sync(
            self.corpus,
            self.index_folder,
            embedder=self.embedder,
            progress=progress,
            notice=notice,
            limits=self._reading_limits,
        )

    # Finding

    def understand(self, text: str, history: Sequence[Turn] = (), scope: Scope | None = None) -> Query:
        """A question with its search terms, put to the reports in `scope`; UsageError when there is nothing to search for."""
        return understand(text, history, scope)

    def search(self, query: Query, k: int = 10) -> list[Hit]:
        """The k best passages in the query's scope, in the reranker's order where there is one; CorpusError when no
        report is in the scope."""
        searcher = Searcher(self.index, self.embedder)
        if self.reranker is None:
            return searcher.search(query, k)
        return rerankers.rerank(query.text, searcher.search(query, max(k, rerankers.DEPTH)), self.reranker)[:k]

    def evidence(self, query: Query) -> list[Hit]:
        """The passages that a question is answered from: more where it wants everything that there is."""
        if not enumerates(query.text):
            return self.search(query, _ANSWER_HITS)
        return until_scores_drop(self.search(query, _MOST_ANSWER_HITS), _ANSWER_HITS)

    # Answering

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        answer_language: Language | None = None,
        scope: Scope | None = None,
    ) -> Answer:
        """The whole answer: the last event of `stream`."""
        for event in self.stream(question, history=history, answer_language=answer_language, scope=scope):
            if isinstance(event, Done):
                return event.answer
        raise AssertionError("a stream ends with Done")

    def stream(
        self,
        question: str,
        *,
        history: Sequence[Turn] = (),
        answer_language: Language | None = None,
        scope: Scope | None = None,
    ) -> Iterator[Event]:
        """What was found, the answer's text piece by piece, then the whole answer, from the reports in `scope`."""
        started = time.perf_counter()
        plan = self.plan(question, history, scope)
        hits = tuple(self.find(plan))
        found = time.perf_counter()
        yield Retrieved(hits)
        yield from self.answer(plan, hits, answer_language, (Timing("search", round(found - started, 4)),))

    def plan(self, question: str, history: Sequence[Turn] = (), scope: Scope | None = None) -> Plan:
        """How a question is gone about; UsageError when there is nothing to search for."""
        query = self.understand(question, history, scope)
        try:
            llm = self.language_model()
        except ModelError:  # said where the answer is made
            llm = None
        reports = reports_meant(query, self.reports(scope), self._finder(scope)) if llm else ()
        return (
            replace(by_rule(query), reports=reports) if reports else make_plan(query, llm, self._llm_limits.timeout_s)
        )

    def _finder(self, scope: Scope | None) -> Callable[[str], list[Hit]]:
        return lambda text: self.search(self.understand(text, scope=scope))

    def find(self, plan: Plan, k: int | None = None) -> list[Hit]:
        """The k best passages for a question and its parts, by default as many as it is answered from; all of a report, in
        its order, where a summary is asked for."""
        if len(plan.reports) == 1:
            return self._whole(plan.reports[0])
        found = [self.search(query, k) if k else self.evidence(query) for query in plan.searches]
        return merged(found, k or max(map(len, found)))

    def _whole(self, ref: ReportRef) -> list[Hit]:
        passages = self.passages(ref.report_id)
        return [Hit(passage, ref, rank, 0.0, ()) for rank, passage in enumerate(passages, start=1)]

    def answer(
        self,
        plan: Plan,
        hits: Sequence[Hit],
        answer_language: Language | None = None,
        timings: tuple[Timing, ...] = (),
    ) -> Iterator[Event]:
        """The answer to a question from given hits, streamed."""
        started = time.perf_counter()
        language = answer_language or language_for(plan.query)
        outcome: Outcome | None = None
        for event in self._answerer.answer(plan, hits, language):
            if isinstance(event, Outcome):
                outcome = event
            else:
                yield event
        assert outcome is not None, "an answerer ends with its outcome"
        seconds = Timing("answer", round(time.perf_counter() - started, 4))
        answer = self._finished(plan, outcome, language, (*timings, seconds))
        self._keep(answer, plan.query.history)
        yield Done(answer)

    @property
    def _answerer(self) -> Answerer:
        return Answerer(
            load_llm=self.language_model,
            search=lambda query: self.search(query, _ANSWER_HITS),
            extract=self._extract,
            verifier=self._grounds.verifier,
            limits=self._llm_limits,
            message_language=self._message_language,
        )

    def _extract(self, plan: Plan, hits: Sequence[Hit], language: Language) -> Extract:
        parts = [Asking(part, self.evidence(part), self.ground(part)) for part in plan.searches[1:]]
        return extracting.extract(Asking(plan.query, hits, self.ground(plan.query)), language, parts)

    @cached_property
    def _grounds(self) -> Grounds:
        return Grounds(self.index, self.embedder, self.reports)

    def ground(self, query: Query) -> Ground:
        """What an answer without a language model may ask of the index and the models."""
        return self._grounds.of(query, lambda: self.reports(query.scope))

    def verifier(self) -> Verifier:
        """What checks claims against passages, with the names that the reports know and equate."""
        return self._grounds.verifier()

    def is_answered(self, question: str, history: Sequence[Turn] = (), scope: Scope | None = None) -> bool:
        """Whether the reports answer a question, by what would be extracted from them: no language model is asked."""
        plan = by_rule(self.understand(question, history, scope))
        return self._extract(plan, self.find(plan), plan.query.language).status is not Status.ABSTAINED

    def passages(self, report_id: str) -> list[Passage]:
        """The passages of a report, in order."""
        return self._grounds.passages(report_id)

    def _finished(self, plan: Plan, outcome: Outcome, language: Language, timings: tuple[Timing, ...]) -> Answer:
        made, searched = outcome.made, tuple(query.text for query in plan.searches)
        abstained = made.status is Status.ABSTAINED
        return Answer(
            plan.query.text,
            language,
            made.status,
            made.text or messages.say("abstained", language),
            made.claims,
            made.citations,
            outcome.hits[:_NEAREST] if abstained else outcome.hits,
            Backend(outcome.llm, self.embedder.name, outcome.fallback),
            self.fingerprint,
            timings,
            Record(
                self._settings,
                tuple(self._fingerprints().items()),
                searched,
                outcome.passages,
                outcome.usage,
                plan.query.scope,
            ),
        )

    def _keep(self, answer: Answer, history: Sequence[Turn]) -> None:
        """Record an answer. What goes wrong with that is said once and never costs the answer."""
        try:
            if self.journal is not None:
                self.journal.record(journal_payload(answer, history))
        except StoreError as error:
            if not self._said_unkept:
                self._said_unkept = True
                self._notice(error)

    @property
    def fingerprint(self) -> str:
        """A digest of everything that an answer depends on: program, parts, settings and the state of the reports."""
        parts = [*self._fingerprints().values(), *(f"{name}={value}" for name, value in self._settings)]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    def _fingerprints(self) -> dict[str, str]:
        return {
            "program": __version__,
            "extract": extracting.VERSION,
            "generate": generating.VERSION,
            "prompts": prompting.VERSION,
            **syncing.fingerprint(self.embedder),
            "reranker": self.reranker.fingerprint if self.reranker else rerankers.NONE,
            "reports": self.index.generation.state,
        }

    # Citing

    def look_up(self, text: str, scope: Scope | None = None, each: Each = iter) -> tuple[LookedUp, ...]:
        """Where the reports in `scope` support or contradict each sentence of a text that someone wrote; `each` as there."""
        return look_up(text, self._finder(scope), self.verifier(), each)

    def reference(self, name: str) -> Reference:
        """What a report, passage or citation id names, for a reference to it."""
        shown = self.show(name)
        return Reference(name, shown.report.ref, shown.block, shown.text if shown.is_quote else "")

    # Reports

    def reports(self, scope: Scope | None = None) -> list[ReportRef]:
        """The reports that are searched, by path; CorpusError when none of them is in the scope."""
        with self.index.lock:
            refs = self.index.catalog.refs()
        chosen = within(scope, refs)
        return [ref for ref in refs.values() if chosen is None or ref.report_id in chosen]

    def files(self) -> list[tuple[FileRow, ReportRef | None, bool]]:
        """Every file that a sync has seen, by path, as it stands this moment: its report where it is one, and whether
        that is searched (a digest steps back behind its original)."""
        with closing(Catalog.open_for_reading(self.index_folder, syncing.fingerprint(self.embedder))) as catalog:
            refs = {str(ref.path): ref for ref in catalog.refs(active_only=False).values()}
            active = catalog.refs().keys()
            return [
                (row, ref, ref is not None and ref.report_id in active)
                for path, row in catalog.files().items()
                for ref in [refs.get(path)]
            ]

    def aliases(self) -> list[tuple[Alias, ReportRef]]:
        """The names that the reports equate, each with the report that does; not what the glossary keeps apart."""
        with self.index.lock:
            refs, table = self.index.catalog.refs(), self.index.generation.aliases
            found = [(alias, refs[report_id]) for alias, report_id in self.index.catalog.aliases()]
        return [(alias, ref) for alias, ref in found if not table.keeps_apart(alias.name, alias.other)]

    def glossary(self) -> tuple[GlossaryEntry, ...]:
        """The glossary's entries as they were at the last sync."""
        with self.index.lock:
            return self.index.catalog.glossary()

    def report(self, name: str) -> Report:
        """A report by id, unique prefix of an id or path; CorpusError when there is none."""
        return Shelf(self.index, self.corpus).report(name)

    def show(self, name: str, page: int | None = None) -> Shown:
        """A report, one of its pages, or the quote that a passage or citation id names."""
        return Shelf(self.index, self.corpus).show(name, page)

    def picture(self, name: str) -> tuple[bytes, str]:
        """(bytes, media type) of the picture of a passage or citation id with its words boxed: its page of a PDF (PNG), or
        a drawing of what is around (SVG); of a report id the top of it. ReadingError where the file is gone or changed."""
        return Shelf(self.index, self.corpus).picture(name)

    def page_picture(self, report_id: str, page: int) -> bytes:
        """A PNG of a page of a PDF; ReadingError where a report has no pages to look at."""
        return Shelf(self.index, self.corpus).page_picture(report_id, page)


def language_model(settings: LlmSettings) -> LanguageModel | None:
    """The model that the settings name, or None. A key goes to an address of one's own only where the settings name its variable."""
    named = "api_key_env" in settings.model_fields_set
    return llms.choose(
        settings.model,
        base_url=settings.base_url,
        api_key=llms.key_from(None, settings.api_key_env) if named or not settings.base_url else None,
        key_was_named=named,
        timeout_s=settings.timeout_s,
        max_retries=settings.max_retries,
        temperature=settings.temperature,
        context_tokens=settings.context_tokens,
    )


def _journal(settings: Settings) -> Journal | None:
    if not settings.log.enabled:
        return None
    return Journal(settings.state.dir, keep_days=settings.log.keep_days, secrets=secrets(settings))
