"""The plain HTTP routes behind the page's own views: the library, a report, a choice of reports, the model that answers.

What changes something wants a header that no other site can send (`refuse_strangers`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from fastapi.routing import APIRoute

from assistant import messages
from assistant.errors import AssistantError, StoreError
from assistant.models.llms import is_here
from assistant.types import Language, Report, ReportRef
from assistant.web.api import received
from assistant.web.filters import render_filter
from assistant.web.intake import RefusedError, describe, remove
from assistant.web.library import render_shelf
from assistant.web.model import Choice, ModelDesk, banner, render_model
from assistant.web.reader import NOBODY, reader_of
from assistant.web.serve import Backstage
from assistant.web.viewer import LONGEST_WORDS, found, render_reader, render_sheet, sheet_at, sheets
from assistant.web.words import word

FOREVER = {"Cache-Control": "private, max-age=86400, immutable"}
NEVER = {"Cache-Control": "no-store"}
_ANCHOR = re.compile(r"(\d{1,12})-(\d{1,12})")

Read = Callable[[str], Report]
PagePicture = Callable[[str, int], bytes]
Words = Annotated[str, Query(max_length=LONGEST_WORDS)]


def refuse_strangers(request: Request) -> None:
    """RefusedError for a request that this page's script did not make."""
    if "x-library" not in request.headers:
        raise RefusedError("refused_elsewhere")


CHANGES = [Depends(refuse_strangers)]


def told(name: str, language: Language, status: int = 200, **values: str) -> Response:
    """A sentence of the page's table as JSON."""
    return JSONResponse({"text": word(name, language, **values)}, status_code=status)


class PageRoute(APIRoute):
    """A route whose errors are told as a sentence, in the page's language: 507 where nothing can be kept, else 409."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """What FastAPI calls for a request."""
        answer = super().get_route_handler()

        async def answered(request: Request) -> Response:
            try:
                return await answer(request)
            except AssistantError as error:
                return _told(error, Language.JA if request.query_params.get("language") == "ja" else Language.EN)

        return answered


def _told(error: AssistantError, language: Language) -> Response:
    if isinstance(error, RefusedError):
        named = {"fact": word(f"fact_{error.values['fact']}", language)} if "fact" in error.values else {}
        return told(error.code, language, 409, **{**error.values, **named})
    message = messages.explain(error, language)
    if isinstance(error, StoreError):
        return JSONResponse({"text": message.text}, status_code=507)
    return JSONResponse({"text": f"{message.text} {message.hint}"}, status_code=409)


def shelving(stage: Backstage) -> APIRouter:
    """The shelf as HTML, and the ways to change it: what is added, removed or described is read by the next sync."""
    router = APIRouter(prefix="/library", route_class=PageRoute)

    @router.get("")
    def shelf(language: Language = Language.EN) -> Response:
        headers = {**NEVER, "X-Busy": str(int(stage.is_busy))}
        return HTMLResponse(render_shelf(stage.files(), language), headers=headers)

    @router.post("/add", dependencies=CHANGES)
    async def add(request: Request, name: str, language: Language = Language.EN) -> Response:
        await received(request, stage, name)
        return told("added", language)

    @router.post("/remove", dependencies=CHANGES)
    def take_away(path: str, language: Language = Language.EN) -> Response:
        remove(stage.corpus, path)
        stage.changed()
        return told("removed", language)

    @router.post("/describe", dependencies=CHANGES)
    def put(path: str, facts: dict[str, str], language: Language = Language.EN) -> Response:
        known = next((one.ref.source for one in stage.files() if one.path == path and one.ref), None)
        if known is None:
            raise RefusedError("refused_gone")
        describe(stage.corpus, path, known, facts)
        stage.changed()
        return told("described", language)

    return router


def reading(report: Read, page_picture: PagePicture) -> APIRouter:
    """A report sheet by sheet, with what is searched for in it; and the pictures of its pages."""
    router = APIRouter()

    @router.get("/read")
    def frame(language: Language = Language.EN) -> Response:
        return HTMLResponse(render_reader(language))

    @router.get("/read/{report_id}")
    def sheet(
        report_id: str, language: Language = Language.EN, sheet: int = 0, q: Words = "", at: str = ""
    ) -> Response:
        """Sheet number `sheet`; without one that of the quote `at` ("start-end"), else the first."""
        try:
            read = report(report_id)
        except AssistantError as error:
            return JSONResponse({"text": messages.explain(error, language).text}, status_code=404)
        span = _ANCHOR.fullmatch(at)
        quote = (int(span[1]), int(span[2])) if span else (0, 0)
        marked = found(read, q) if q.strip() else (quote,) * bool(span)
        number = min(max(sheet or sheet_at(read, quote[0]), 1), len(sheets(read)))
        source = read.source
        payload = {
            "title": read.ref.title,
            "about": " · ".join(filter(None, (source.author, source.publisher, source.issued, str(read.path)))),
            "sheets": len(sheets(read)),
            "sheet": number,
            "found": [sheet_at(read, start) for start, _ in marked],
            "html": render_sheet(read, number, marked, language),
        }
        return JSONResponse(payload, headers=NEVER)

    @router.get("/read/{report_id}/{page}.png")
    def picture(report_id: str, page: int) -> Response:
        try:
            return Response(page_picture(report_id, page), media_type="image/png", headers=FOREVER)
        except AssistantError as error:
            return Response(str(error.code), status_code=404, media_type="text/plain")

    return router


def scoping(reports: Callable[[], Sequence[ReportRef]]) -> APIRouter:
    """The reports that a conversation can be put to; none before the first sync."""
    router = APIRouter()

    @router.get("/scope")
    def panel(language: Language = Language.EN) -> Response:
        try:
            refs = reports()
        except AssistantError:
            refs = []
        return HTMLResponse(render_filter(refs, language), headers=NEVER)

    return router


def choosing(desk: ModelDesk) -> APIRouter:
    """The model view. Only who sits at this machine may choose: a choice can send reports and a key elsewhere."""
    router = APIRouter(prefix="/model", route_class=PageRoute)
    at_home = [*CHANGES, Depends(_refuse_guests)]

    @router.get("")
    def view(request: Request, language: Language = Language.EN) -> Response:
        mine = _is_at_home(request)
        html = render_model(desk.in_use(listing=mine), language, may_change=mine)
        return HTMLResponse(html, headers=NEVER)

    @router.get("/banner")
    def line(language: Language = Language.EN) -> Response:
        return HTMLResponse(banner(desk.in_use(), language), headers=NEVER)

    @router.post("/test", dependencies=at_home)
    def test(choice: Choice, language: Language = Language.EN) -> Response:
        name, seconds, said = desk.test(choice)
        return told("model_answered", language, model=name, seconds=f"{seconds:.1f}", said=said)

    @router.post("", dependencies=at_home)
    def keep(choice: Choice, language: Language = Language.EN) -> Response:
        desk.keep(choice)
        return told("model_kept", language)

    return router


def _refuse_guests(request: Request) -> None:
    if not _is_at_home(request):
        raise RefusedError("refused_elsewhere")


def _is_at_home(request: Request) -> bool:
    """Whether a request comes from this machine, was meant for it by name (no other site's name leads here), and nobody
    has to sign in."""
    came = f"http://[{request.client.host}]" if request.client and ":" in request.client.host else ""
    came = came or f"http://{request.client.host if request.client else 'nowhere.invalid'}"
    return is_here(came) and is_here(str(request.url)) and reader_of(request) == NOBODY
