"""Two locks on the names of hosts: which ones this server answers to, and that its pages ask no other for anything."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from ipaddress import ip_address
from urllib.parse import urlsplit

from fastapi.responses import JSONResponse
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.errors import UsageError
from assistant.payloads import error_payload
from assistant.types import Language
from assistant.web.words import preferred

_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'self'"
)
_HEADERS = (
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
)


class OwnHostOnly:
    """Forbids browsers, by policy, to fetch anything from another host: a second lock beside escaping."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *_HEADERS]
            await send(message)

        await self.app(scope, receive, with_headers)


class OwnNames:
    """Answers only requests that are addressed to this machine, by number or as localhost, or to one of `names`.

    For a server that asks nobody to sign in and listens on this machine only: without it a site whose own name is made to
    point here (DNS rebinding) could read the reports from the browser of whoever looks at it.
    """

    def __init__(self, app: ASGIApp, names: Collection[str], language: Language | None) -> None:
        self.app = app
        self._names = frozenset(name.lower() for name in names)
        self._language = language

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope) if scope["type"] in ("http", "websocket") else Headers()
        host = _name(headers.get("host", ""))
        if scope["type"] == "lifespan" or is_this_machine(host) or host in self._names:
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            language = self._language or preferred(headers.get("accept-language"))
            payload = error_payload(UsageError("host_unknown", host=host), language)
            await JSONResponse(payload, 421)(scope, receive, send)


def is_this_machine(host: str) -> bool:
    """Whether a host is an address, which no name server can bend, or localhost."""
    with suppress(ValueError):
        return bool(ip_address(host))
    return host == "localhost" or host.endswith(".localhost")


def _name(host: str) -> str:
    """The host of a Host header, without its port; nothing where it is none."""
    with suppress(ValueError):
        return urlsplit(f"//{host}").hostname or ""
    return ""
