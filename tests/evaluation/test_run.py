"""Runs: every question a row whatever the answerer does, every row kept, resumed to the same result after a kill."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant import messages
from assistant.errors import ModelError, StoreError, UsageError
from assistant.evaluation.questions import Question
from assistant.evaluation.results import Header, Results, write_whole
from assistant.evaluation.run import Reply, run
from assistant.types import Answer, Language
from tests.evaluation.samples import ABSTAINED, answer, citation, claim, hits, question

HEADER = Header("q.jsonl", "0" * 64, "f" * 16, "fake", "2026-01-01T00:00:00+00:00")
TEXT = "量産は2026年末に始まる。"


def questions(count: int) -> list[Question]:
    return [question(id=f"q{n}", evidence=(TEXT,), must_include=(("2026年",),)) for n in range(count)]


def replied(asked: Question) -> Reply:
    """A right answer for even numbers, an abstention for odd ones."""
    if int(asked.id[1:]) % 2:
        return Reply(ABSTAINED, hits("無"))
    return Reply(answer(f"{TEXT} [1]", claims=[claim(TEXT, 1)], citations=[citation(1, TEXT, TEXT)]), hits("無", TEXT))


def begun(folder: Path) -> Results:
    results = Results(folder)
    results.begin(HEADER)
    return results


def timeless(results: Results) -> list[dict[str, Any]]:
    """The rows without what differs from run to run: the time it took."""
    rows = list(results.rows())
    for row in rows:
        del row["seconds"], row["measures"]["seconds"]
    return rows


def test_each_result_is_a_row_with_its_question_answer_evidence_and_measures(tmp_path: Path) -> None:
    results = begun(tmp_path / "run")
    run(questions(2), replied, results)
    first, second = results.rows()
    assert (first["id"], first["failure"], first["answer"]["status"]) == ("q0", None, "answered")
    assert first["evidence"] == [{"text": TEXT, "rank": 2}]
    assert first["measures"]["rr@10"] == [0.5, 1]
    assert [hit["text"] for hit in first["hits"]] == ["無", TEXT]
    assert (second["answer"]["status"], second["measures"]["success@5"]) == ("abstained", [0.0, 1])
    assert [one.id for one in results.scored()] == ["q0", "q1"]


def test_an_answer_alone_is_scored_by_its_own_hits(tmp_path: Path) -> None:
    results = begun(tmp_path / "run")
    run(questions(1), lambda asked: answer(found=hits(TEXT)), results)
    assert next(results.rows())["evidence"] == [{"text": TEXT, "rank": 1}]


class Trouble:
    """Raises for q1, exits for q2, hangs for q3, gives back nonsense for q4 to q7, and answers all others."""

    def __init__(self) -> None:
        self.release = threading.Event()

    def __call__(self, asked: Question) -> Any:
        if asked.id == "q1":
            raise ModelError("llm_not_yet", name="a-model")
        if asked.id == "q2":
            sys.exit(3)
        if asked.id == "q3":
            self.release.wait(30)
        nonsense = {"q4": None, "q5": "text", "q6": Answer(*[None] * 9), "q7": Reply("x", ())}  # type: ignore[arg-type]
        return nonsense.get(asked.id, replied(question(id="q0")))


@pytest.fixture
def trouble() -> Iterator[Trouble]:
    found = Trouble()
    yield found
    found.release.set()


def test_an_answerer_that_raises_hangs_or_talks_nonsense_fails_its_question_only(
    tmp_path: Path, trouble: Trouble
) -> None:
    results = begun(tmp_path / "run")
    run(questions(10), trouble, results, timeout_s=0.5)
    rows = list(results.rows())
    assert [row["id"] for row in rows] == [f"q{n}" for n in range(10)]
    kinds = [row["failure"] and row["failure"]["kind"] for row in rows]
    assert kinds == [None, "raised", "raised", "timeout", *["nonsense"] * 4, None, None]
    assert rows[1]["failure"]["reason"] == messages.explain(ModelError("llm_not_yet", name="a-model"), Language.JA).text
    assert rows[2]["failure"]["reason"] == "SystemExit: 3"
    assert rows[3]["seconds"] == 0.5
    assert rows[4]["failure"]["reason"] == "TypeError: not an answer: None"
    assert rows[5]["measures"]["correct"] == [0.0, 1]
    assert [one.pairs["failed"][0] for one in results.scored()] == [0, 1, 1, 1, 1, 1, 1, 1, 0, 0]


def test_a_run_resumed_after_any_tear_is_the_run_in_one_go(tmp_path: Path) -> None:
    whole = begun(tmp_path / "whole")
    run(questions(5), replied, whole)
    data = whole.path.read_bytes()
    for end in (0, 10, data.index(b"\n") + 1, data.index(b"\n") + 40, len(data) - 1, len(data)):
        torn = Results(tmp_path / f"torn{end}")
        torn.folder.mkdir()
        torn.path.write_bytes(data[:end])
        run(questions(5), replied, torn, done=torn.begin(HEADER, resume=True))
        assert timeless(torn) == timeless(whole)


KILLED = """
import sys, time
from pathlib import Path
from assistant.evaluation.results import Results
from assistant.evaluation.run import run
from tests.evaluation.test_run import HEADER, questions, replied
results = Results(Path(sys.argv[1]))
def slowly(asked):
    time.sleep(0.02)
    return replied(asked)
run(questions(200), slowly, results, done=results.begin(HEADER, resume=True))
"""


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX")
def test_a_run_killed_in_the_middle_and_resumed_has_the_same_result(tmp_path: Path) -> None:
    killed, whole = Results(tmp_path / "killed"), begun(tmp_path / "whole")
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(killed.folder)], cwd=Path(__file__).parents[2])
    deadline = time.monotonic() + 60
    while not killed.path.exists() or killed.path.read_bytes().count(b"\n") < 20:
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    done = killed.begin(HEADER, resume=True)
    assert 19 <= len(done) < 200
    run(questions(200), replied, killed, done=done)
    run(questions(200), replied, whole)
    assert timeless(killed) == timeless(whole)


def test_a_folder_that_exists_is_refused_without_resume_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("kept", encoding="utf-8")
    with pytest.raises(UsageError, match="run_exists") as caught:
        Results(tmp_path).begin(HEADER)
    assert "--resume" in messages.explain(caught.value, Language.EN).hint
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("part", ["sha256", "fingerprint", "program"])
def test_other_questions_or_another_program_are_not_mixed_into_a_run(tmp_path: Path, part: str) -> None:
    results = begun(tmp_path / "run")
    fields = {name: getattr(HEADER, name) for name in ("questions", "sha256", "fingerprint", "program", "started")}
    with pytest.raises(UsageError, match=f"run_other.*{part}"):
        results.begin(Header(**{**fields, part: "other"}), resume=True)


def test_a_damaged_line_is_named(tmp_path: Path) -> None:
    results = begun(tmp_path / "run")
    run(questions(2), replied, results)
    lines = results.path.read_text(encoding="utf-8").splitlines()
    results.path.write_text("\n".join([lines[0], "{}", lines[2]]) + "\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"run_damaged.*line=2"):
        list(results.rows())
    with pytest.raises(UsageError, match="run_missing"):
        Results(tmp_path / "none").scored()


FULL_DISK = """
import resource, sys
from pathlib import Path
from assistant.errors import StoreError
from assistant.evaluation.results import Results
from assistant.evaluation.run import run
from tests.evaluation.test_run import HEADER, questions, replied
results = Results(Path(sys.argv[1]))
results.begin(HEADER)
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
try:
    run(questions(100), replied, results)
except StoreError as error:
    print(error.code, error.values["kept"])
"""


@pytest.mark.skipif(os.name != "posix", reason="file size limits are POSIX")
def test_a_full_disk_is_told_with_what_is_kept_and_the_run_can_go_on(tmp_path: Path) -> None:
    results = Results(tmp_path / "run")
    command = [sys.executable, "-c", FULL_DISK, str(results.folder)]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    code, kept = done.stdout.split()
    assert code == "run_unwritable"
    finished = results.begin(HEADER, resume=True)
    assert len(finished) == int(kept) > 2
    run(questions(100), replied, results, done=finished)
    assert len(results.scored()) == 100


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="file_unwritable"):
        write_whole(tmp_path / "none" / "scorecard.html", "x")
    write_whole(tmp_path / "a.txt", "lone \ud800 surrogate")
    assert json.dumps(str(next(tmp_path.glob("a.txt")).read_bytes())) and not list(tmp_path.glob("*.part"))
