"""The reader's conversations: the pane that lists them, and the requests that rename, delete, judge and take them along.

Titles are what people typed: everything is escaped. Each request touches the conversations of who asks, and no other's.
"""

from __future__ import annotations

from typing import Literal
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from assistant.errors import StoreError
from assistant.messages import explain
from assistant.stores.conversations import Conversation, Conversations
from assistant.types import Language
from assistant.web import templates
from assistant.web.api import Reader
from assistant.web.exports import EXPORTS, judged
from assistant.web.markup import escape
from assistant.web.reader import reader_of
from assistant.web.routes import CHANGES, PageRoute, told
from assistant.web.words import word

_UNSAFE_IN_NAMES = '/\\:*?"<>|'


def render_side(language: Language) -> str:
    """The frame of the pane: its list is filled by the page's script, and one dialog serves every question it asks."""
    return templates.render("side", language)


def render_list(conversations: list[Conversation], current: str, language: Language) -> str:
    """The conversations, one a line, each with a menu; then where to get what was thought of answers."""
    return templates.render(
        "conversations", language, conversations=conversations, current=current, kinds=list(EXPORTS)
    )


def routes(kept: Conversations | None) -> APIRouter:
    """The requests about conversations; without any that are kept, the list says so."""
    router = APIRouter(prefix="/conversations", route_class=PageRoute)

    @router.get("")
    def listed(request: Request, current: str = "", language: Language = Language.EN) -> Response:
        if kept is None:
            return _html(f'<p class="empty">{word("conversations_off", language)}</p>')
        try:
            return _html(render_list(kept.of(reader_of(request)), current, language))
        except StoreError as error:
            return _html(f'<p class="empty">{escape(explain(error, language).text)}</p>')

    if kept is not None:
        _add_changes(router, kept)
        _add_exports(router, kept)
    return router


def _add_changes(router: APIRouter, kept: Conversations) -> None:
    @router.post("/{talk}/rename", dependencies=CHANGES)
    def rename(reader: Reader, talk: str, title: str) -> dict[str, str]:
        kept.rename(reader, talk, title)
        return {}

    @router.post("/{talk}/delete", dependencies=CHANGES)
    def delete(reader: Reader, talk: str) -> dict[str, str]:
        kept.delete(reader, talk)
        return {}

    @router.post("/{talk}/judge", dependencies=CHANGES)
    def judge(
        reader: Reader, talk: str, number: int, verdict: Literal["up", "down", ""], note: str = ""
    ) -> dict[str, str]:
        kept.judge(reader, talk, number, verdict, note)
        return {}


def _add_exports(router: APIRouter, kept: Conversations) -> None:
    @router.get("/judged.jsonl")
    def judgements(reader: Reader) -> Response:
        return _file(judged(kept.exchanges(reader)), "judged.jsonl", "application/jsonl")

    @router.get("/{talk}/{kind}")
    def export(reader: Reader, talk: str, kind: str, language: Language = Language.EN) -> Response:
        title = next((one.title for one in kept.of(reader) if one.id == talk), None)
        exchanges = kept.exchanges(reader, talk)
        if title is None or kind not in EXPORTS:
            return told("refused_conversation", language, 404)
        media_type, write = EXPORTS[kind]
        name = "".join(one for one in title if one.isprintable() and one not in _UNSAFE_IN_NAMES)[:60].strip(". ")
        return _file(write(title, exchanges, language), f"{name or talk}.{kind}", media_type)


def _html(text: str) -> Response:
    return HTMLResponse(text, headers={"Cache-Control": "no-store"})


def _file(data: bytes, name: str, media_type: str) -> Response:
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}", "Cache-Control": "no-store"}
    return Response(data, media_type=media_type, headers=headers)
