"""Who asks: the name that a person signed in with, the same for the page's events and for plain requests. Pure."""

from __future__ import annotations

from typing import Any, Protocol

NOBODY = ""
"""The reader where there is no sign-in: everyone shares one set of conversations."""


class Asked(Protocol):
    """A request as starlette or gradio gives it."""

    @property
    def state(self) -> Any: ...


def reader_of(request: Asked) -> str:
    """The name that whoever checks sign-ins put into the ASGI scope as `scope["state"]["reader"]`, or `NOBODY`."""
    return getattr(request.state, "reader", NOBODY)
