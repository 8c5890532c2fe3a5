"""Silence where the reports are silent: near misses are told from questions that the reports answer."""

import json
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pytest

from assistant.answering.abstain import is_wanting
from assistant.answering.matching import Candidate
from assistant.indexing.passages import split
from assistant.reading import reader
from assistant.retrieval.query import understand
from assistant.types import Hit, ReportRef, Source, Status
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
def test_two_in_three_near_misses_or_more_get_no_answer(language: str, shipped: Shipped) -> None:
    """A floor that says when something broke; the evaluation measures it properly."""
    asked: list[dict[str, Any]] = [item for item in UNANSWERABLE if item["lang"] == language]
    silent = sum(shipped.assistant.ask(item["question"]).status is Status.ABSTAINED for item in asked)
    assert silent / len(asked) >= 0.67


WANTED = [
    ("ワーテルローの戦いは何年にあった事件ですか。", "1815年のワーテルローの戦いでフランスが敗北した。", False),
    ("「スコモローフ」が定着したのはいつですか。", "「スコモローフ」が定着したのは16世紀とされる。", False),
    ("価格が上がると需要はどうなりますか。", "価格が上がると需要は減るという特性がある。", False),
    ("その製品の価格はいくらですか。", "その製品は工場で作られ、各地の販売店に届けられる。", True),
    ("When was the colony of New South Wales founded?", "The colony of New South Wales was founded in 1788.", False),
    ("What happens when the ice melts?", "The water rises as the ice of the mountains melts.", False),
    ("How many people work there?", "About 10,000 people work in the new plant there.", False),
    ("How many people work there?", "They work in the new plant there, all the year.", True),
    ("What fee does the museum charge?", "The museum opens every morning and charges at the door.", True),
    ("What happened in 1998 and in 2001?", "The old plant was closed in 2001 after a fire.", False),
    ("What happened in 1998?", "The old plant was closed in 2001 after a fire.", True),
]


@pytest.mark.parametrize(("question", "text", "expected"), WANTED)
def test_what_is_asked_for_is_wanting_only_where_no_text_has_it(question: str, text: str, expected: bool) -> None:
    [passage] = split(reader.read(text.encode(), PurePosixPath("a.txt")))
    hit = Hit(passage, ReportRef("a", PurePosixPath("a.txt"), Source()), 1, 1.0, ())
    best = Candidate(hit, passage.units[0], (), 1.0, np.zeros(1, dtype=np.float32), 1.0)
    assert is_wanting(understand(question), [best]) is expected


@pytest.mark.parametrize("keyword", ["固体電池", "V2G", "BMW", "humanoid robots"])
def test_a_keyword_is_answered(keyword: str, shipped: Shipped) -> None:
    assert shipped.assistant.ask(keyword).citations


@pytest.mark.parametrize("keyword", ["エベレスト", "天ぷら", "Shakespeare"])
def test_a_keyword_of_another_subject_is_not(keyword: str, shipped: Shipped) -> None:
    assert shipped.assistant.ask(keyword).status is Status.ABSTAINED


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
