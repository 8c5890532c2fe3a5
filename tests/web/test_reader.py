"""One way to learn who asks, whichever framework hands the request over."""

from __future__ import annotations

import gradio as gr
import pytest
from starlette.requests import Request

from assistant.web.reader import NOBODY, reader_of


@pytest.mark.parametrize("state", [{"reader": "山田"}, {}])
def test_the_name_in_the_scope_is_the_reader_for_gradio_and_for_plain_requests(state: dict[str, str]) -> None:
    request = Request({"type": "http", "headers": [], "state": state})
    for asked in (request, gr.Request(request)):
        assert reader_of(asked) == state.get("reader", NOBODY)
