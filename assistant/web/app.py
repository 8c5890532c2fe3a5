"""The web app: the chat page in gradio, mounted in FastAPI beside page pictures and a health check; and its server.

Binds a port in `serve`. Nothing that this app sends makes a browser ask another host for anything.
"""

from __future__ import annotations

import errno
import os
import re
import socket
import sys
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager

import uvicorn
from anyio.to_thread import current_default_thread_limiter
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import PlainTextResponse

from assistant.errors import AssistantError, UsageError
from assistant.stores.conversations import Conversations
from assistant.types import Language
from assistant.web import signin
from assistant.web.conversations import routes
from assistant.web.fair import MOST_WAITING
from assistant.web.hosts import OwnHostOnly, OwnNames
from assistant.web.memory import Memory
from assistant.web.page import mount
from assistant.web.routes import shelving
from assistant.web.serve import Backstage
from assistant.web.signin import Door, Guard
from assistant.web.words import preferred, word

_SPARE_THREADS = 40
ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#1f4e79"/>'
    '<path d="M9 9h14M9 15h14M9 21h8" stroke="#fff" stroke-width="2.6" stroke-linecap="round"/>'
    '<circle cx="22" cy="22" r="3.6" fill="#9fd3b4"/></svg>'
)

Picture = Callable[[str], tuple[bytes, str]]

_ANCHOR_ID = re.compile(r"[0-9a-f]{1,64}:\d{1,12}-\d{1,12}")


def build(
    stage: Backstage,
    *,
    picture: Picture,
    language: Language | None,
    conversations: Conversations | None,
    routers: Sequence[APIRouter] = (),
    api: FastAPI | None = None,
    door: Door | None = None,
    names: Collection[str] | None = None,
) -> FastAPI:
    """The app. Without a `language` every browser is served in its own; `routers` are the views' own, `api` goes to /api;
    with a `door` people sign in; with `names` it answers to these and to this machine's addresses only. `picture` gives
    (bytes, media type) for a passage or citation id, or an AssistantError."""
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=_many_threads)
    if door:
        app.add_middleware(Guard, door=door, language=language)
        app.include_router(signin.routes(door, language))
    if names is not None:
        app.add_middleware(OwnNames, names=names, language=language)
    app.add_middleware(OwnHostOnly)
    app.add_api_route("/healthz", lambda: PlainTextResponse("ok"), methods=["GET", "HEAD"])
    app.add_api_route("/favicon.ico", lambda: Response(ICON, media_type="image/svg+xml"), methods=["GET"])
    _add_pages(app, picture, language)
    for router in (routes(conversations), shelving(stage), *routers):
        app.include_router(router)
    if api:
        app.mount("/api", api)
    return mount(app, stage, language=language, memory=Memory(conversations))


@asynccontextmanager
async def _many_threads(app: FastAPI) -> AsyncIterator[None]:
    """Threads enough that those who wait for their turn leave some for everything else."""
    current_default_thread_limiter().total_tokens = MOST_WAITING + _SPARE_THREADS
    yield


def serve(
    app: FastAPI, host: str = "127.0.0.1", port: int = 7860, *, ready: Callable[[str], None] | None = None
) -> None:
    """Serve until interrupted. `ready` gets the address once it answers; without it the address goes to stderr.

    Port 0 takes a free one. A port in use, or a host that is not this machine's, is a UsageError.
    """
    listener = _listen(host, port)
    shown = f"[{host}]" if ":" in host else host
    # the peer's own address decides whether a proxy is trusted: uvicorn must not replace it by what a header says
    config = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=2, proxy_headers=False)
    server = _Server(config, f"http://{shown}:{listener.getsockname()[1]}", ready or _to_stderr)
    with listener:
        server.run(sockets=[listener])


def _to_stderr(url: str) -> None:
    print(url, file=sys.stderr, flush=True)


class _Server(uvicorn.Server):
    """A server that says when it is ready."""

    def __init__(self, config: uvicorn.Config, url: str, ready: Callable[[str], None]) -> None:
        super().__init__(config)
        self._url = url
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready(self._url)


def _listen(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    if os.name == "posix":  # elsewhere this option would share a port that is in use
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        if error.errno == errno.EADDRINUSE:
            raise UsageError("port_in_use", port=port) from error
        raise UsageError("address_unusable", host=host, port=port, reason=error) from error
    return listener


def _add_pages(app: FastAPI, picture: Picture, language: Language | None) -> None:
    @app.get("/pages/{name}")
    def page(request: Request, name: str) -> Response:
        try:
            if not _ANCHOR_ID.fullmatch(name):
                raise UsageError("id_unknown", id=name)
            data, media_type = picture(name)
        except AssistantError:
            own = language or preferred(request.headers.get("accept-language"))
            return PlainTextResponse(word("picture_missing", own), status_code=404)
        return Response(data, media_type=media_type, headers={"Cache-Control": "private, max-age=86400, immutable"})
