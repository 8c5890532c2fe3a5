"""Follow-ups and questions of several parts, planned by a scripted model before they are answered."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from assistant.pipeline import AnswerEngine
from assistant.types import Done, Language, Status, Turn
from tests.answering.scripted import (
    NAME,
    asked_of,
    open_with,
    says,
)
from tests.conftest import Shipped
from tests.llm_server import Reply, Script, planning, playing, saying

HISTORY = [Turn("user", "ステランティスとCATLは何を建てますか"), Turn("assistant", "電池の工場です。")]


def says_plan(question: str, *parts: str) -> Script:
    return lambda messages: saying(json.dumps({"question": question, "parts": parts}, ensure_ascii=False))


@pytest.mark.parametrize("way", [lambda assistant: assistant, AnswerEngine], ids=["facade", "pipeline"])
def test_a_follow_up_is_asked_as_a_question_that_stands_by_itself(shipped: Shipped, way: Callable[..., Any]) -> None:
    standalone = "ステランティスとCATLの工場にはいくら投資しますか"
    with playing(planning(says_plan(standalone), says("最大41億ユーロを投じる[{m}]。"))) as played:
        *_, last = way(open_with(shipped, played.url)).stream("それにはいくら投資しますか", history=HISTORY)
    assert isinstance(last, Done)
    answer = last.answer
    assert (answer.question, answer.status) == ("それにはいくら投資しますか", Status.ANSWERED)
    assert asked_of(played)[0].endswith(standalone)
    assert answer.record.searched == (standalone,)
    assert answer.record.usage.calls == 2


def test_the_parts_of_a_question_are_each_looked_for(shipped: Shipped) -> None:
    split = ("ステランティスとCATLの合弁はいくら投資しますか", "BMWとモメンタは何を共同開発しますか")
    question = "ステランティスとCATLの合弁はいくら投資し、BMWとモメンタは何を共同開発しますか。"
    with playing(planning(says_plan(question, *split), says("最大41億ユーロを投じる[{m}]。"))) as played:
        answer = open_with(shipped, played.url).ask(question)
    assert answer.record.searched == (question, *split)
    assert [text for text in ("最大41億ユーロ", "モメンタ") if text in asked_of(played)[0]] == [
        "最大41億ユーロ",
        "モメンタ",
    ]


@pytest.mark.parametrize(
    "reply",
    [Reply(status=500), Reply(["x"], truncated=True), Reply([]), Reply(body="<html>"), saying("最大41億ユーロ"), saying("{" * 9000)],
    ids=["500", "truncated", "empty", "HTML", "prose", "braces"],
)  # fmt: skip
def test_a_model_that_cannot_plan_still_answers(shipped: Shipped, reply: Reply) -> None:
    with playing(planning(lambda messages: reply, says("最大41億ユーロを投じる[{m}]。"))) as played:
        answer = open_with(shipped, played.url).ask("それにはいくら投資しますか", HISTORY)
    assert (answer.status, answer.backend.llm, answer.backend.fallback) == (Status.ANSWERED, NAME, None)
    assert asked_of(played)[0].endswith("それにはいくら投資しますか")


def test_a_model_that_hangs_is_waited_for_once(shipped: Shipped) -> None:
    with playing(lambda messages: Reply(hang=3.0)) as played:
        answer = open_with(shipped, played.url, timeout_s=0.5).ask("それにはいくら投資しますか", HISTORY)
    assert len(played.requests) == 1
    assert answer.backend.fallback is not None and "within" in answer.backend.fallback.reason


def test_a_change_of_language_on_the_way_is_followed(shipped: Shipped) -> None:
    question = "How much will be invested in it?"
    with playing(planning(lambda m: saying("{}"), says("They invest up to €4.1 billion [{m}]."))) as played:
        answer = open_with(shipped, played.url).ask(question, HISTORY)
    assert (answer.language, answer.status) == (Language.EN, Status.ANSWERED)
    assert "Answer in English" in played.requests[-1]["messages"][0]["content"]
