"""The door: nothing but the sign-in page is served to whom nobody knows. Whoever is known by cookie, token or a trusted
proxy's header is named in the ASGI scope, where `reader_of` finds them.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from ipaddress import IPv4Network, IPv6Network, ip_address
from threading import Lock
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from starlette import types as asgi
from starlette.datastructures import Headers

from assistant.errors import UsageError
from assistant.payloads import error_payload
from assistant.types import Language
from assistant.web import templates
from assistant.web.people import SESSION_S, People, is_name
from assistant.web.words import preferred

SIGN_IN = "/signin"
OPEN = frozenset({SIGN_IN, "/signout", "/healthz", "/favicon.ico"})
COOKIE = "assistant_session"
MOST_TRIES = 10
TRIES_S = 60.0
_MOST_BYTES = 10_000
Networks = Sequence[IPv4Network | IPv6Network]


@dataclass(frozen=True, slots=True)
class Door:
    """The ways in: a file of people, the header in which a proxy names who it let in, and the proxies that may."""

    people: People | None
    header: str | None = None
    proxies: Networks = ()

    def who(self, headers: Headers, peer: str) -> str | None:
        """Who sends a request that came from the address `peer`."""
        if self.header and self.header in headers and self.trusts(peer):
            name = headers[self.header].encode("latin-1").decode("utf-8", "replace")
            return name if is_name(name) else None
        if self.people is None:
            return None
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return self.people.of_token(token.strip())
        return self.people.of_session(_cookie(headers))

    def trusts(self, peer: str) -> bool:
        """Whether an address is one of the proxies'."""
        try:
            address = ip_address(peer)
        except ValueError:
            return False
        address = getattr(address, "ipv4_mapped", None) or address
        return any(address in network for network in self.proxies)


def _cookie(headers: Headers) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


class Guard:
    """Lets in whom the door knows. Others get the sign-in page when they open a page, and an error in words otherwise."""

    def __init__(self, app: asgi.ASGIApp, door: Door, language: Language | None) -> None:
        self.app = app
        self._door = door
        self._language = language

    async def __call__(self, scope: asgi.Scope, receive: asgi.Receive, send: asgi.Send) -> None:
        if scope["type"] not in ("http", "websocket") or scope["path"] in OPEN:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        name = self._door.who(headers, (scope.get("client") or ("",))[0])
        if name is not None:
            scope.setdefault("state", {})["reader"] = name
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await self._refusal(scope["method"], headers)(scope, receive, send)

    def _refusal(self, method: str, headers: Headers) -> Response:
        if self._door.people and method == "GET" and "text/html" in headers.get("accept", ""):
            return RedirectResponse(SIGN_IN, 303)
        language = self._language or preferred(headers.get("accept-language"))
        payload = error_payload(UsageError("signin_needed"), language)
        return JSONResponse(payload, 401, {"WWW-Authenticate": "Bearer"})


class Tries:
    """How often somebody may try: `MOST_TRIES` wrong ones within `TRIES_S` seconds, for each name and for each address."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._wrong: dict[str, list[float]] = defaultdict(list)

    def may(self, *keys: str) -> bool:
        """Whether another try is allowed; it counts as a wrong one until `forget`."""
        now = time.monotonic()
        with self._lock:
            recent = {key: [at for at in times if now - at < TRIES_S] for key, times in self._wrong.items()}
            self._wrong = defaultdict(list, {key: times for key, times in recent.items() if times})
            if any(len(self._wrong[key]) >= MOST_TRIES for key in keys):
                return False
            for key in keys:
                self._wrong[key].append(now)
            return True

    def forget(self, *keys: str) -> None:
        """The last try was a right one."""
        with self._lock:
            for key in keys:
                self._wrong.pop(key, None)


def routes(door: Door, language: Language | None) -> APIRouter:
    """The sign-in page, and the way out again."""
    router, tries = APIRouter(), Tries()

    def page(request: Request, told: str = "", status: int = 200) -> Response:
        chosen = language or preferred(request.headers.get("accept-language"))
        name = door.who(request.headers, _peer(request))
        waiting = {"Retry-After": str(int(TRIES_S))} if status == 429 else {}
        return HTMLResponse(templates.render("signin", chosen, who=name, told=told), status, waiting)

    @router.get(SIGN_IN)
    def ask(request: Request) -> Response:
        return page(request)

    @router.post(SIGN_IN, max_body_size=_MOST_BYTES)
    def sign_in(request: Request, name: Annotated[str, Form()] = "", password: Annotated[str, Form()] = "") -> Response:
        keys = (f"name {name[:100]}", f"address {_peer(request)}")
        if not tries.may(*keys):
            return page(request, "signin_throttled", 429)
        if door.people is None or not door.people.knows(name, password):
            return page(request, "signin_wrong", 401)
        tries.forget(*keys)
        response = RedirectResponse("/", 303)
        forwarded = request.headers.get("x-forwarded-proto") if door.trusts(_peer(request)) else None
        is_secure = (forwarded or request.url.scheme) == "https"
        response.set_cookie(
            COOKIE, door.people.session(name), SESSION_S, httponly=True, samesite="lax", secure=is_secure
        )
        return response

    @router.post("/signout")
    def sign_out() -> Response:
        response = RedirectResponse(SIGN_IN, 303)
        response.delete_cookie(COOKIE, httponly=True, samesite="lax")
        return response

    return router


def _peer(request: Request) -> str:
    return request.client.host if request.client else ""
