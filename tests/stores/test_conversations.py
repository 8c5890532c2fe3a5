"""Conversations are kept as they were asked, each for its reader alone, and a kill loses no question."""

from __future__ import annotations

import dataclasses
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.stores.conversations import Conversations, Kept
from assistant.stores.journal import _SCHEMA, FILE_NAME, Journal
from assistant.types import Answer, Fallback, Record, Status
from tests.web.fakes import answer

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def opened(folder: Path, now: datetime = NOON, secrets: tuple[str, ...] = ()) -> Conversations:
    return Conversations(Journal(folder, keep_days=90, secrets=secrets, now=lambda: now))


def without_hits(one: Answer) -> Answer:
    return dataclasses.replace(one, hits=(), record=Record())


def test_an_answer_comes_back_as_it_was(tmp_path: Path) -> None:
    kept, abstained = opened(tmp_path), answer(status=Status.ABSTAINED, text="")
    kept.keep("", "c1", 1, "投資額は?", answer())
    kept.keep("", "c1", 2, "火星は?", abstained)
    kept.keep("", "c1", 3, "halted")
    assert kept.exchanges("", "c1") == [
        Kept(1, "投資額は?", without_hits(answer())),
        Kept(2, "火星は?", abstained),
        Kept(3, "halted"),
    ]


def test_a_conversation_is_named_by_its_first_question_and_the_last_one_is_first(tmp_path: Path) -> None:
    for minute, (conversation, number, question) in enumerate(
        [("a", 1, "<b>最初</b>の質問\u202e"), ("b", 1, "second"), ("a", 2, "another")]
    ):
        opened(tmp_path, NOON + timedelta(minutes=minute)).keep("", conversation, number, question)
    kept = opened(tmp_path)
    assert [(one.id, one.title) for one in kept.of("")] == [("a", "<b>最初</b>の質問\u202e"), ("b", "second")]
    kept.rename("", "b", "  new\n name ")
    assert kept.of("")[1].title == "new name"
    kept.delete("", "a")
    assert [one.id for one in kept.of("")] == ["b"]
    assert kept.exchanges("", "a") == []


def test_asking_again_takes_the_place_of_what_came_after(tmp_path: Path) -> None:
    kept = opened(tmp_path)
    for number in (1, 2, 3):
        kept.keep("", "a", number, f"q{number}")
    kept.keep("", "a", 2, "edited")
    assert [one.question for one in kept.exchanges("", "a")] == ["q1", "edited"]
    assert [kept.size("", "a"), kept.size("", "none"), kept.size("stranger", "a")] == [2, 0, 0]


def test_nobody_sees_or_changes_what_is_anothers(tmp_path: Path) -> None:
    kept = opened(tmp_path)
    kept.keep("花子", "a", 1, "mine", answer())
    for stranger in ("", "太郎"):
        kept.keep(stranger, "a", 1, "hers no longer")
        kept.rename(stranger, "a", "taken")
        kept.judge(stranger, "a", 1, "down", "bad")
        kept.delete(stranger, "a")
        assert kept.of(stranger) == [] and kept.exchanges(stranger, "a") == kept.exchanges(stranger) == []
    assert [one.title for one in kept.of("花子")] == ["mine"]
    assert kept.exchanges("花子")[0].verdict == ""


def test_what_is_thought_of_an_answer_is_kept_with_it(tmp_path: Path) -> None:
    kept = opened(tmp_path)
    kept.keep("", "a", 1, "q", answer())
    kept.judge("", "a", 1, "up", "right, <i>and</i> short")
    (one,) = kept.exchanges("")
    assert (one.verdict, one.note) == ("up", "right, <i>and</i> short")


def test_old_conversations_are_forgotten(tmp_path: Path) -> None:
    opened(tmp_path, NOON - timedelta(days=91)).keep("", "old", 1, "q", answer())
    kept = opened(tmp_path)
    kept.keep("", "new", 1, "q")
    assert [one.id for one in kept.of("")] == ["new"]
    assert kept.exchanges("", "old") == []


def test_no_secret_is_kept(tmp_path: Path) -> None:
    kept = opened(tmp_path, secrets=("sk-123456",))
    kept.keep("", "a", 1, "my key is sk-123456", answer(fallback=Fallback("openai:x", "401 for sk-123456")))
    kept.rename("", "a", "sk-123456!")
    kept.judge("", "a", 1, "down", "it told sk-123456")
    assert b"sk-123456" not in b"".join(file.read_bytes() for file in tmp_path.iterdir())


def test_a_journal_of_the_version_before_takes_conversations_too(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / FILE_NAME) as db:
        db.executescript(_SCHEMA[0])
        db.execute("INSERT INTO answers (at, question, status, payload) VALUES ('2026', 'q', 'answered', '{}')")
        db.execute("PRAGMA user_version = 1")
    db.close()
    kept = opened(tmp_path)
    kept.keep("", "a", 1, "q")
    assert [one.id for one in kept.of("")] == ["a"]
    assert Journal(tmp_path, keep_days=90).count() == 1


@pytest.mark.parametrize("damage", ['{"question": 1}', "no JSON", '{"of": "a later version"}'])
def test_an_answer_that_cannot_be_read_any_more_leaves_its_question(tmp_path: Path, damage: str) -> None:
    kept = opened(tmp_path)
    kept.keep("", "a", 1, "q", answer())
    with sqlite3.connect(tmp_path / FILE_NAME) as db:
        db.execute("UPDATE exchanges SET answer = ?", (damage,))
    db.close()
    assert kept.exchanges("", "a") == [Kept(1, "q")]
