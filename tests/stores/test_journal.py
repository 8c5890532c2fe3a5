"""The journal keeps every answer through kills and crowds, holds no secret, and says what is wrong with it in words."""

import json
import os
import random
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from assistant import messages
from assistant.errors import StoreError
from assistant.payloads import journal_payload
from assistant.stores.journal import FILE_NAME, Journal
from assistant.types import (
    Answer,
    Backend,
    Check,
    Claim,
    Fallback,
    Language,
    Record,
    Status,
    Timing,
    Turn,
    Usage,
    Verdict,
)

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def the_answer(question: str = "投資額は?", reason: str = "HTTP 500") -> Answer:
    claim = Claim("最大41億ユーロ", 0, 8, (), Verdict.UNCITED, (Check("quantity", True, "41億", "41億"),))
    return Answer(
        question=question,
        language=Language.JA,
        status=Status.PARTIAL,
        text="最大41億ユーロ",
        claims=(claim,),
        citations=(),
        hits=(),
        backend=Backend("extractive", "bilingual", Fallback("openai:x", reason)),
        fingerprint="f" * 16,
        timings=(Timing("search", 0.25),),
        record=Record(
            (("llm.model", "openai:x"),), (("prompts", "prompts/1"),), (question,), ("r:0-8",), Usage(2, 900, 80)
        ),
    )


def an_answer(*said: str, history: tuple[Turn, ...] = (), **more: str) -> dict[str, Any]:
    return journal_payload(the_answer(*said, **more), history)


def a_journal(folder: Path, now: datetime = NOON, keep_days: int = 90, secrets: tuple[str, ...] = ()) -> Journal:
    return Journal(folder, keep_days=keep_days, secrets=secrets, now=lambda: now)


def rows(folder: Path) -> list[tuple[Any, ...]]:
    with sqlite3.connect(folder / FILE_NAME) as db:
        found = db.execute("SELECT at, question, status, payload FROM answers ORDER BY answer_id").fetchall()
    db.close()
    return found


def test_an_answer_is_kept_with_what_made_it(tmp_path: Path) -> None:
    a_journal(tmp_path / "state").record(an_answer(history=(Turn("user", "電池は?"), Turn("assistant", "はい。"))))
    ((at, question, status, payload),) = rows(tmp_path / "state")
    assert (at, question, status) == ("2026-11-22T12:00:00.000+00:00", "投資額は?", "partial")
    kept = json.loads(payload)
    assert kept["backend"] == {
        "llm": "extractive",
        "embedder": "bilingual",
        "fallback": {"llm": "openai:x", "reason": "HTTP 500"},
    }
    assert kept["claims"][0]["checks"] == [{"kind": "quantity", "ok": True, "claim": "41億", "source": "41億"}]
    made = ("settings", "fingerprints", "searched", "passages", "usage", "timings", "fingerprint")
    assert [kept[name] for name in made] == [
        {"llm.model": "openai:x"},
        {"prompts": "prompts/1"},
        ["投資額は?"],
        ["r:0-8"],
        {"calls": 2, "sent": 900, "received": 80},
        {"search": 0.25},
        "f" * 16,
    ]
    assert kept["history"] == [{"role": "user", "content": "電池は?"}, {"role": "assistant", "content": "はい。"}]


def test_what_is_older_than_its_days_is_forgotten(tmp_path: Path) -> None:
    for days in (8, 7.01, 6.99, 0):
        a_journal(tmp_path, NOON - timedelta(days=days), keep_days=90).record(an_answer(f"{days}"))
    a_journal(tmp_path, keep_days=7).record(an_answer("now"))
    assert [row[1] for row in rows(tmp_path)] == ["6.99", "0", "now"]


@pytest.mark.parametrize("place", ["question", "history", "reason", "setting"])
def test_a_secret_is_never_written_wherever_it_stands(tmp_path: Path, place: str) -> None:
    secret = 'sk-"秘密"\\very'
    question, reason = (f"key {secret}" if place == one else "no" for one in ("question", "reason"))
    history = (Turn("user", f"mine is {secret}"),) if place == "history" else ()
    if place == "setting":
        reason = f"http://someone:{secret}@host/v1?api-key={secret}"
    a_journal(tmp_path, secrets=(secret, "")).record(an_answer(question, reason, history=history))
    data = b"".join(file.read_bytes() for file in tmp_path.iterdir()).decode("utf-8", "replace")
    assert not any(part in data for part in ("sk-", "秘密", "very")) and "***" in data


def test_passwords_of_addresses_go_without_being_named(tmp_path: Path) -> None:
    a_journal(tmp_path).record(an_answer(reason="https://me:hunter2@host:1/v1?token=abcdef&x=1 not there"))
    reason = json.loads(rows(tmp_path)[0][3])["backend"]["fallback"]["reason"]
    assert reason == "https://***@host:1/v1?token=***&x=1 not there"


def test_odd_characters_are_kept_or_replaced_but_cost_nothing(tmp_path: Path) -> None:
    a_journal(tmp_path).record(an_answer("a\ud800b\0c'; DROP TABLE answers; --", history=(Turn("user", "\udfff"),)))
    assert rows(tmp_path)[0][1] == "a?b\0c'; DROP TABLE answers; --"


def test_counting_changes_nothing(tmp_path: Path) -> None:
    journal = a_journal(tmp_path / "state")
    assert journal.count() == 0 and not (tmp_path / "state").exists()
    journal.record(an_answer())
    journal.record(an_answer())
    assert journal.count() == 2
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / FILE_NAME).touch()  # what a kill at the very first moment leaves
    assert a_journal(tmp_path / "empty").count() == 0


def make_folder_a_file(folder: Path) -> None:
    folder.write_bytes(b"")


def damage(folder: Path) -> None:
    a_journal(folder).record(an_answer())
    (folder / FILE_NAME).write_bytes(b"noise" * 4000)


def make_newer(folder: Path) -> None:
    a_journal(folder).record(an_answer())
    with sqlite3.connect(folder / FILE_NAME) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()


@pytest.mark.parametrize(
    ("harm", "code"),
    [(make_folder_a_file, "journal_unusable"), (damage, "journal_unusable"), (make_newer, "journal_version")],
)
def test_what_cannot_be_written_to_is_said_and_left_as_it_is(tmp_path: Path, harm: Any, code: str) -> None:
    folder = tmp_path / "state"
    harm(folder)
    before = (folder if folder.is_file() else folder / FILE_NAME).read_bytes()
    for use in (lambda: a_journal(folder).record(an_answer()), lambda: a_journal(folder).count()):
        with pytest.raises(StoreError, match=code) as caught:
            use()
        for language in Language:
            said = messages.explain(caught.value, language)
            assert "journal.db" in said.text and "[state] dir" in said.hint and "{" not in said.text + said.hint
    assert (folder if folder.is_file() else folder / FILE_NAME).read_bytes() == before


def test_a_disk_that_is_nearly_full_is_said_before_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda path: os.terminal_size((0, 0)) and type("U", (), {"free": 10})())
    with pytest.raises(StoreError, match="10 bytes free"):
        a_journal(tmp_path).count()


WRITER = """
import sys
from pathlib import Path
from assistant.payloads import journal_payload
from assistant.stores.journal import Journal
from tests.stores.test_journal import an_answer
journal = Journal(Path(sys.argv[1]), keep_days=90)
for number in range(int(sys.argv[3])):
    journal.record(an_answer(f"{sys.argv[2]}-{number}"))
    print(number, flush=True)
"""


def a_writer(folder: Path, name: str, count: int) -> "subprocess.Popen[str]":
    arguments = [sys.executable, "-c", WRITER, str(folder), name, str(count)]
    return subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_several_processes_write_at_once_and_none_loses_an_answer(tmp_path: Path) -> None:
    writers = [a_writer(tmp_path, name, 25) for name in "abc"]
    assert [writer.communicate(timeout=120)[0].count("\n") for writer in writers] == [25, 25, 25]
    assert {row[1] for row in rows(tmp_path)} == {f"{name}-{number}" for name in "abc" for number in range(25)}


def test_a_kill_at_any_moment_loses_no_answer_that_was_kept(tmp_path: Path) -> None:
    moments = random.Random(6)
    said: list[str] = []
    for turn in range(5):
        writer = a_writer(tmp_path, f"k{turn}", 10_000)
        assert writer.stdout is not None
        last = moments.randrange(1, 30)
        for line in writer.stdout:
            said.append(f"k{turn}-{line.strip()}")
            if int(line) >= last:
                break
        time.sleep(moments.random() * 0.02)
        writer.kill()
        writer.stdout.close()
        assert writer.wait(30) != 0
    kept = rows(tmp_path)
    assert set(said) <= {row[1] for row in kept}
    assert all(json.loads(row[3])["question"] == row[1] for row in kept)
    with sqlite3.connect(tmp_path / FILE_NAME) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()
    a_journal(tmp_path).record(an_answer("after"))
