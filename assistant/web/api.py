"""The HTTP API, mounted at /api beside the page: what the command line does, with the same JSON, and how to describe it.

A door without logic of its own. Errors are {"error", "hint"} in the language that the client asks for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import asdict
from http import HTTPStatus
from itertools import chain
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import HTTPBearer
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel, ConfigDict, Field
from starlette import types as asgi
from starlette.exceptions import HTTPException
from typing_extensions import TypedDict

from assistant import __version__, payloads
from assistant.assistant import Assistant
from assistant.errors import AssistantError, BusyError, CorpusError, ReadingError, StoreError, UsageError
from assistant.payloads import (
    AnswerPayload,
    CitePayload,
    ErrorPayload,
    LookupPayload,
    ReportPayload,
    SearchPayload,
    ShownPayload,
)
from assistant.retrieval.query import LONGEST_QUESTION
from assistant.types import Done, Event, Language, Retrieved, Scope, Turn
from assistant.web.fair import RETRY_AFTER_S
from assistant.web.intake import Incoming, RefusedError, remove
from assistant.web.library import Shelved
from assistant.web.reader import reader_of
from assistant.web.serve import Backstage
from assistant.web.words import preferred, word

MOST_HITS = 100
MOST_IDS = 100
MOST_TURNS = 50
LONGEST_DRAFT = 50_000
LONGEST_ID = 1_000
MOST_BYTES = 1_000_000
MOST_PAGES = 100_000

_STATUS: Mapping[str, int] = {
    "busy": 429,
    "id_ambiguous": 409,
    "refused_disk": 503,
    "refused_gone": 404,
    "refused_size": 413,
    "refused_taken": 409,
}
_STATUS_OF_KIND: tuple[tuple[type[AssistantError], int], ...] = (
    (UsageError, 400),
    (RefusedError, 400),
    (CorpusError, 404),
    (ReadingError, 404),
    (StoreError, 503),
    (BusyError, 429),
    (AssistantError, 503),
)
_AN_ERROR = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorPayload"}}}}
_REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"description": HTTPStatus(status).phrase, **_AN_ERROR}
    for status in (400, 401, 404, 409, 413, 422, 429, 503)
}
_EVENTS = (
    "Server-sent events with JSON: `retrieved` {hits}, `reading` {done, total} while a whole report is read, `token` "
    "{text} again and again, and last `done`, the answer as /ask gives it, or `error` {error, hint}."
)
_PICTURE: dict[int | str, dict[str, Any]] = {
    200: {"content": {kind: {"schema": {"type": "string"}} for kind in ("image/png", "image/svg+xml")}}
}
_BYTES = {"requestBody": {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string"}}}}}


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


History = Annotated[tuple[Turn, ...], Field(max_length=MOST_TURNS)]
Id = Annotated[str, Field(min_length=1, max_length=LONGEST_ID)]


class Searching(_Body):
    """What to search for, with the conversation before it and the reports that it is put to."""

    query: str = Field(max_length=LONGEST_QUESTION)
    k: int = Field(default=10, ge=1, le=MOST_HITS)
    history: History = ()
    scope: Scope | None = None


class Asking(_Body):
    """A question with the conversation before it and the reports that it is put to; answered in its own language unless
    one is named."""

    question: str = Field(max_length=LONGEST_QUESTION)
    history: History = ()
    scope: Scope | None = None
    answer_language: Language | None = None


class LookingUp(_Body):
    """A sentence, a paragraph, a list or a draft, and the reports that it is looked up in."""

    text: str = Field(min_length=1, max_length=LONGEST_DRAFT)
    scope: Scope | None = None


class Citing(_Body):
    """Ids of reports, passages or citations, a style, and the language of the text that the references go into."""

    ids: list[Id] = Field(min_length=1, max_length=MOST_IDS)
    style: str = Field(default="source", max_length=40)
    language: Language | None = None


class FilePayload(TypedDict):
    """A file of the corpus. `state`: report | failed | duplicate | superseded | waiting | reading."""

    path: str
    state: str
    report: ReportPayload | None
    pages: int
    failure: ErrorPayload | None
    duplicate_of: str | None


class AddedPayload(TypedDict):
    """The path of a file that was taken in."""

    path: str


class LibraryPayload(TypedDict):
    """The files of the corpus; `busy` while some are being read."""

    busy: bool
    files: list[FilePayload]


def _assistant(request: Request) -> Assistant:
    return request.app.state.assistant


def _backstage(request: Request) -> Backstage:
    return request.app.state.backstage


def _reader(request: Request) -> str:
    return reader_of(request)


def _words(request: Request) -> Language:
    """The language that errors and references are in."""
    return request.app.state.language or preferred(request.headers.get("accept-language"))


Reports = Annotated[Assistant, Depends(_assistant)]
Stage = Annotated[Backstage, Depends(_backstage)]
Reader = Annotated[str, Depends(_reader)]
Words = Annotated[Language, Depends(_words)]
IdQuery = Annotated[str, Query(alias="id", min_length=1, max_length=LONGEST_ID)]
PageQuery = Annotated[int | None, Query(ge=1, le=MOST_PAGES)]
NameQuery = Annotated[str, Query(max_length=LONGEST_ID)]

_TOKEN = Depends(HTTPBearer(auto_error=False, description="A person's token, where people sign in."))
router = APIRouter(prefix="/v1", responses=_REFUSALS, dependencies=[_TOKEN])


def build(assistant: Assistant, backstage: Backstage, language: Language | None = None) -> FastAPI:
    """The API as an app to mount. Without a `language`: the one that a client's Accept-Language prefers."""
    app = FastAPI(
        title="assistant",
        version=__version__,
        description="Cited, checked answers from a folder of reports.",
        docs_url=None,
        redoc_url=None,
    )
    app.state.assistant, app.state.backstage, app.state.language = assistant, backstage, language
    app.add_middleware(_Bounded)
    app.include_router(router)
    for kind, told in _TOLD:
        app.add_exception_handler(kind, told)
    return app


class _Bounded:
    """Refuses bodies that are too large; what is put into the library has a limit of its own."""

    def __init__(self, app: asgi.ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send) -> None:
        size = 0

        async def counted() -> asgi.Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > MOST_BYTES:
                raise HTTPException(413)
            return message

        await self.app(scope, receive if scope.get("method") == "PUT" else counted, send)


# Questions ----------------------------------------------------------------------------------------------------------


@router.post("/search")
def search(body: Searching, stage: Stage, reports: Reports, reader: Reader) -> SearchPayload:
    """Passages, best first."""
    query = reports.understand(body.query, body.history, body.scope)
    return payloads.search_payload(query, stage.search(query, body.k, reader=reader))


def _events(body: Asking, stage: Stage, reader: Reader) -> Iterator[Iterator[Event]]:
    """An answer's events, closed with the request. The first one is made at once: what is wrong with the question is told
    by the status."""
    made = stage.stream(**dict(body), reader=reader)
    with closing(made):
        yield chain([next(made)], made)


Events = Annotated[Iterator[Event], Depends(_events)]


@router.post("/ask")
def ask(events: Events) -> AnswerPayload:
    """A cited answer; status "abstained" when the reports do not say."""
    return payloads.answer_payload(next(event.answer for event in events if isinstance(event, Done)))


@router.post("/ask/stream", response_class=EventSourceResponse, responses={200: {"description": _EVENTS}})
def ask_stream(events: Events, words: Words) -> Iterator[ServerSentEvent]:
    """The same, as it is written; closing the connection stops the work."""
    try:
        for event in events:
            yield _wire(event)
    except AssistantError as error:
        yield ServerSentEvent(event="error", data=payloads.error_payload(error, words))


def _wire(event: Event) -> ServerSentEvent:
    if isinstance(event, Retrieved):
        return ServerSentEvent(event="retrieved", data={"hits": [payloads.hit_payload(hit) for hit in event.hits]})
    if isinstance(event, Done):
        return ServerSentEvent(event="done", data=payloads.answer_payload(event.answer))
    return ServerSentEvent(event=type(event).__name__.lower(), data=asdict(event))


@router.post("/lookup")
def lookup(body: LookingUp, stage: Stage, reader: Reader) -> LookupPayload:
    """For each sentence of a text, where the reports support or contradict it."""
    return payloads.lookup_payload(body.text, stage.look_up(body.text, scope=body.scope, reader=reader))


# Reports ------------------------------------------------------------------------------------------------------------


@router.post("/cite")
def cite(body: Citing, reports: Reports, words: Words) -> CitePayload:
    """References to reports, passages and citations."""
    references = [reports.reference(one) for one in body.ids]
    return payloads.cite_payload(references, body.style, body.language or words)


@router.get("/show")
def show(name: IdQuery, reports: Reports, page: PageQuery = None) -> ShownPayload:
    """A report's canonical text or one of its pages; for a passage or citation id its quote in its context."""
    return payloads.shown_payload(reports.show(name, page), page)


@router.get("/picture", response_class=Response, responses=_PICTURE)
def picture(name: IdQuery, reports: Reports, page: PageQuery = None) -> Response:
    """Where a passage or citation stands, its words boxed: its page of a PDF (PNG), or a drawing of what is around (SVG).
    With a page: that page of a PDF report."""
    if page is not None:
        return Response(reports.page_picture(reports.show(name).report.report_id, page), media_type="image/png")
    data, media_type = reports.picture(name)
    return Response(data, media_type=media_type)


@router.get("/library")
def library(stage: Stage, words: Words) -> LibraryPayload:
    """The files of the corpus with what became of them."""
    return {"busy": stage.is_busy, "files": [_file(one, words) for one in stage.files()]}


def _file(one: Shelved, language: Language) -> FilePayload:
    return {
        "path": one.path,
        "state": one.state,
        "report": payloads.report_payload(one.ref) if one.ref else None,
        "pages": one.pages,
        "failure": payloads.failure_payload(one.failure, language) if one.failure else None,
        "duplicate_of": one.twin or None,
    }


@router.put("/library", status_code=201, openapi_extra=_BYTES)
async def add(request: Request, stage: Stage, name: NameQuery) -> AddedPayload:
    """Put a file into the corpus, its bytes as the body; it is read in the background."""
    return {"path": await received(request, stage, name)}


@router.delete("/library", status_code=204)
def take_away(stage: Stage, path: NameQuery) -> None:
    """Delete a file of the corpus."""
    remove(stage.corpus, path)
    stage.changed()


async def received(request: Request, stage: Backstage, name: str) -> str:
    """Take the body of a request into the corpus as a file, and have it read. Errors: `RefusedError`."""
    incoming = Incoming(stage.corpus, name, stage.most_mb)
    try:
        async for data in request.stream():
            incoming.write(data)
        kept = incoming.keep()
    finally:
        incoming.discard()
    stage.changed()
    return kept


# Errors -------------------------------------------------------------------------------------------------------------


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, AssistantError)
    status = _STATUS.get(error.code) or next(code for kind, code in _STATUS_OF_KIND if isinstance(error, kind))
    language = _words(request)
    if isinstance(error, RefusedError):
        payload = ErrorPayload(error=word(error.code, language, **error.values), hint="")
    else:
        payload = payloads.error_payload(error, language)
    return _told(payload, status)


def _misformed(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(map(str, first["loc"]))
    return _told(
        payloads.error_payload(UsageError("request_invalid", where=where, reason=first["msg"]), _words(request)), 422
    )


def _no_route(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    told = UsageError("request_refused", status=error.status_code, reason=error.detail)
    return _told(payloads.error_payload(told, _words(request)), error.status_code, error.headers)


def _fault(request: Request, error: Exception) -> Response:
    reason = type(error).__name__  # the rest goes to the log, where starlette puts it
    return _told(payloads.error_payload(AssistantError("unexpected", reason=reason), _words(request)), 500)


_TOLD = (
    (AssistantError, _refused),
    (RequestValidationError, _misformed),
    (HTTPException, _no_route),
    (Exception, _fault),
)


def _told(payload: ErrorPayload, status: int, headers: Mapping[str, str] | None = None) -> Response:
    waiting = {"Retry-After": str(RETRY_AFTER_S)} if status in (429, 503) else {}
    return JSONResponse(payload, status, {**(headers or {}), **waiting})
