"""Asking a scripted model, for every test of what is made of its words."""

from __future__ import annotations

import time

import pytest

from assistant.types import Answer
from tests.answering.scripted import (
    JA,
    Ask,
    open_with,
    sound,
)
from tests.conftest import Shipped
from tests.llm_server import Played, Script, is_planning, planning, playing, saying


@pytest.fixture
def ask(shipped: Shipped) -> Ask:
    """Ask a scripted model: the answer, checked to be sound, and what the server got."""

    def asking(script: Script, question: str = JA, within: float = 60.0, **llm: object) -> tuple[Answer, Played]:
        with playing(planning(lambda messages: saying("{}"), script)) as played:
            assistant = open_with(shipped, played.url, **llm)
            started = time.monotonic()
            answer = assistant.ask(question)
            assert time.monotonic() - started < within
        played.requests = [request for request in played.requests if not is_planning(request["messages"])]
        sound(answer, shipped.assistant)
        return answer, played

    return asking
