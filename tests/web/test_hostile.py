"""What turns letters around or would be a tag is shown as text, wherever on the page it comes from."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest

from assistant.citing.lookup import LookedUp, Match, Stance
from assistant.errors import UsageError
from assistant.stores.conversations import Conversation
from assistant.types import Block, BlockKind, Check, Citation, Claim, Hit, Language, Source, Verdict
from assistant.web.conversations import render_list
from assistant.web.library import Shelved, render_shelf
from assistant.web.lookup import render_looked_up
from assistant.web.render import render_actions, render_answer, render_error, render_question, render_streaming
from assistant.web.suggestions import render_follow_ups
from tests.web.fakes import REPORT, answer, citation, hits, passage
from tests.web.test_render import Parsed

TURN = "\u202e"
BAD = f"{TURN}fdp.exe\u2066<script>alert(1)</script><img src=//evil.example/a>![x](//evil.example)[y](javascript:z)"
LIVE = {"script", "img", "iframe", "object", "link", "style", "form"}


def quoted() -> Citation:
    """A citation in which the report's words and everything known of it are hostile."""
    report = dataclasses.replace(REPORT, source=Source(BAD, BAD, BAD, BAD, "javascript:alert(1)", "ja", BAD))
    block = Block(BlockKind.TABLE_ROW, 0, len(BAD), None, (BAD,), BAD, BAD)
    found = dataclasses.replace(passage(BAD, report, (block,)), heading_path=(BAD,))
    return citation(1, Verdict.UNSUPPORTED, found, BAD, report)


def hit() -> Hit:
    return dataclasses.replace(hits()[0], passage=quoted().passage, report=quoted().report)


def of_a_model() -> str:
    made = answer(text=f"{BAD} [1]\n\n| {BAD} |\n|---|\n| {BAD} |\n- {BAD}\n> {BAD}", citations=[quoted()])
    check = Check(BAD, False, BAD, BAD)
    claims = (Claim(BAD, 0, 3, (1,), Verdict.UNSUPPORTED, (check,)),)
    made = dataclasses.replace(made, claims=claims)
    return render_answer(made, Language.JA) + render_actions(made, Language.JA, BAD)


PLACES: dict[str, Callable[[], str]] = {
    "question": lambda: render_question(BAD, Language.JA),
    "report and model output": of_a_model,
    "model output that is being written": lambda: render_streaming(BAD, [hit()], Language.EN),
    "error": lambda: render_error(UsageError("file_missing", path=BAD, reason=BAD), Language.JA),
    "file name": lambda: render_shelf([Shelved(BAD, "duplicate", twin=BAD), Shelved(BAD, "waiting")], Language.EN),
    "conversation title": lambda: render_list([Conversation("ab", BAD, "2026")], "ab", Language.EN),
    "follow-up": lambda: render_follow_ups([BAD], Language.JA),
    "draft": lambda: render_looked_up(
        [LookedUp(BAD, 0, 5, (Match(Stance.CONTRADICTS, quoted(), (Check("money", False, BAD, BAD),)),))], Language.JA
    ),
}


@pytest.mark.parametrize("place", PLACES)
def test_hostile_words_are_shown_as_text(place: str) -> None:
    html = PLACES[place]()
    parsed = Parsed(html)
    assert {tag for tag, _ in parsed.elements} & LIVE <= {"img"}
    assert all(one["data-src"].startswith("/pages/") for tag, one in parsed.elements if tag == "img")
    assert not [one for _, one in parsed.elements if any(name.startswith("on") for name in one)]
    assert not [
        one for _, one in parsed.elements if one.get("href", "").lower().startswith(("javascript", "http", "//"))
    ]
    assert TURN not in html and "\u2066" not in html
    assert "[U+202E]fdp.exe[U+2066]<script>alert(1)</script>" in parsed.words
