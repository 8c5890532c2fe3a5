"""Silence where the reports are silent: near misses are told from questions that the reports answer."""

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.types import Status
from tests.conftest import Shipped

UNANSWERABLE = [
    json.loads(line)
    for line in (Path(__file__).parent.parent / "questions" / "unanswerable.jsonl").read_text("utf-8").splitlines()
]


def test_the_questions_are_many_unlike_and_marked() -> None:
    assert len({item["question"] for item in UNANSWERABLE}) == len(UNANSWERABLE) >= 40
    assert {item["type"] for item in UNANSWERABLE} == {"unanswerable"}
    assert {item["lang"] for item in UNANSWERABLE} == {"ja", "en"}


@pytest.mark.parametrize("language", ["ja", "en"])
def test_half_of_the_near_misses_or_more_get_no_answer(language: str, shipped: Shipped) -> None:
    """A floor that says when something broke; the evaluation measures it properly."""
    asked: list[dict[str, Any]] = [item for item in UNANSWERABLE if item["lang"] == language]
    silent = sum(shipped.assistant.ask(item["question"]).status is Status.ABSTAINED for item in asked)
    assert silent / len(asked) >= 0.5


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("ヴァレオとモメンタの戦略的提携協定は何年間有効ですか。", "種類の事実"),
        ("What licence fee does SmartMore charge for IndustryGPT?", "kind asked for"),
        ("ホンダはエベレストで何を売っていますか", "エベレスト"),
    ],
)
def test_a_reader_is_told_what_is_wanting(question: str, reason: str, shipped: Shipped) -> None:
    answer = shipped.assistant.ask(question)
    assert answer.status is Status.ABSTAINED
    assert reason in answer.text
    assert answer.hits
