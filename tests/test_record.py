"""Every door's answers are kept with what made them; a journal that cannot be written never costs an answer."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from assistant import config
from assistant.assistant import Assistant
from assistant.config import LlmSettings, LogSettings, Settings, StateSettings
from assistant.errors import AssistantError
from assistant.pipeline import AnswerEngine
from assistant.types import Answer, Status, Turn
from tests.conftest import NO_MODEL, Run, Shipped
from tests.llm_server import Reply, passages, playing, saying

BMW = "BMWとモメンタは何を共同開発しますか"
POSIX_LIMIT = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (33000, 33000))  # room for what readers of the index share, 32 KB
from assistant.cli import main
sys.exit(main(sys.argv[1:]))
"""


def kept(folder: Path) -> list[dict[str, Any]]:
    with sqlite3.connect(folder / "journal.db") as db:
        found = db.execute("SELECT payload FROM answers ORDER BY answer_id").fetchall()
    db.close()
    return [json.loads(payload) for (payload,) in found]


def open_with(shipped: Shipped, state: Path, notice: Any = lambda error: None, **llm: Any) -> Assistant:
    settings = Settings(
        llm=LlmSettings.model_validate({"model": "none", "max_retries": 0, "timeout_s": 5.0, **llm}),
        state=StateSettings(dir=state),
    )
    assistant = Assistant.open(shipped.corpus, shipped.index, settings, notice=notice)
    assistant.embedder, assistant.index = shipped.assistant.embedder, shipped.assistant.index
    return assistant


def test_every_way_to_ask_is_kept_once(shipped: Shipped, tmp_path: Path) -> None:
    assistant = open_with(shipped, tmp_path / "state")
    assistant.ask(BMW)
    list(assistant.stream(BMW))
    engine = AnswerEngine(assistant)
    engine.query(BMW)
    list(engine.stream(BMW, history=[Turn("user", "x")]))
    found = kept(tmp_path / "state")
    assert [one["question"] for one in found] == [BMW] * 4
    assert len({json.dumps([one["text"], one["passages"], one["fingerprint"]]) for one in found}) == 1
    assert [len(one["history"]) for one in found] == [0, 0, 0, 1]
    assert all(one["timings"]["answer"] >= 0 for one in found)


def test_searching_and_looking_keep_nothing(shipped: Shipped, tmp_path: Path) -> None:
    assistant = open_with(shipped, tmp_path / "state")
    assistant.search(assistant.understand(BMW))
    assistant.reports()
    assert not (tmp_path / "state").exists()


def test_nothing_is_kept_where_the_log_is_off(shipped: Shipped, tmp_path: Path) -> None:
    settings = Settings(
        llm=LlmSettings(model="none"), log=LogSettings(enabled=False), state=StateSettings(dir=tmp_path)
    )
    Assistant.open(shipped.corpus, shipped.index, settings).ask(BMW)
    assert list(tmp_path.iterdir()) == []


def test_an_answer_carries_what_made_it(shipped: Shipped, tmp_path: Path) -> None:
    def script(messages: Any) -> Reply:
        marker = next(marker for marker, text in passages(messages) if "41億" in text)
        return saying(f"最大41億ユーロを投じる[{marker}]。")

    with playing(script) as played:
        assistant = open_with(shipped, tmp_path, model="openai:scripted", base_url=played.url, temperature=0.25)
        answer = assistant.ask("ステランティスとCATLはいくら投資しますか")
        sent = [passage for request in played.requests for passage in passages(request["messages"])]
    record = answer.record
    assert (answer.status, answer.backend.llm) == (Status.ANSWERED, "openai:scripted")
    assert dict(record.settings)["llm.temperature"] == "0.25"
    assert dict(record.settings)["llm.base_url"] == played.url
    assert {"program", "prompts", "generate", "embedder", "reports"} <= set(dict(record.fingerprints))
    assert len(record.passages) == len(sent) and set(record.passages) <= {hit.passage.passage_id for hit in answer.hits}
    assert record.usage.calls == 1 and record.usage.sent > 500 and 5 <= record.usage.received <= 40
    assert record.searched == (answer.question,)
    assert kept(tmp_path)[0]["usage"]["sent"] == record.usage.sent


def test_other_settings_are_another_fingerprint(shipped: Shipped, tmp_path: Path) -> None:
    one, other = (open_with(shipped, tmp_path, temperature=value).fingerprint for value in (0.0, 0.5))
    assert one != other


def test_no_secret_reaches_the_journal(shipped: Shipped, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", "sk-very-secret")
    reply = Reply(status=401, body='{"error": {"message": "Incorrect API key provided: sk-very-secret"}}')
    for body in (reply, Reply(body="sk-very-secret"), Reply(status=400, body='{"error": "token sk-very-secret"}')):
        with playing(lambda messages, body=body: body) as played:
            url = played.url.replace("http://", "http://someone:hunter2@")
            assistant = open_with(shipped, tmp_path / "state", model="openai:m", base_url=url, api_key_env="MY_KEY")
            assistant.ask(BMW)
            open_with(shipped, tmp_path / "state", model="auto", base_url=url, api_key_env="MY_KEY").ask(BMW)
            assistant.ask("鍵は sk-very-secret と hunter2 です。BMWは?", [Turn("user", "sk-very-secret")])
    files = b"".join(file.read_bytes() for file in (tmp_path / "state").iterdir())
    assert len(kept(tmp_path / "state")) == 9
    assert b"very-secret" not in files and b"hunter2" not in files and b"someone" not in files


def test_the_secrets_of_the_settings() -> None:
    llm = LlmSettings(api_key_env="MY_KEY", base_url="http://me:p%40ss@host/v1")
    assert config.secrets(Settings(llm=llm), {"MY_KEY": "sk-1"}) == ("sk-1", "p%40ss", "p@ss")
    assert config.secrets(Settings(), {}) == ()
    assert dict(config.recorded(Settings(llm=llm)))["llm.base_url"] == "http://***@host/v1"


def test_a_journal_that_cannot_be_written_never_costs_the_answer_and_is_said_once(
    shipped: Shipped, tmp_path: Path
) -> None:
    (tmp_path / "state").write_text("a file")
    said: list[AssistantError] = []
    assistant = open_with(shipped, tmp_path / "state", said.append)
    answers: list[Answer] = [assistant.ask(BMW) for _ in range(3)]
    assert {answer.status for answer in answers} == {Status.ANSWERED}
    assert [error.code for error in said] == ["journal_unusable"]


def test_the_command_line_keeps_answers_and_says_when_it_cannot(
    shipped: Shipped, command: Callable[..., Run], tmp_path: Path
) -> None:
    folders = ("--corpus", shipped.corpus, "--index", shipped.index)
    batch = "".join(json.dumps({"id": n, "question": BMW}) + "\n" for n in range(2))
    assert command("ask", BMW, *folders).err == ""
    assert command("ask", "--batch", "-", *folders, stdin=batch).err == ""
    assert len(kept(tmp_path / "state")) == 3
    doctor = {one["name"]: one for one in command("doctor", "--json", *folders).json["checks"]}
    assert doctor["journal"]["ok"] and doctor["journal"]["detail"].endswith("3 answers, kept for 90 days")

    (tmp_path / "state" / "journal.db").write_bytes(b"noise" * 2000)
    run = command("ask", "--batch", "-", "--json", *folders, stdin=batch)
    assert (run.status, [line["status"] for line in run.lines]) == (0, ["answered"] * 2)
    assert run.err.count("\n") == 1 and "Answers cannot be recorded" in run.err
    doctor = {one["name"]: one for one in command("doctor", "--json", *folders).json["checks"]}
    assert not doctor["journal"]["ok"] and "[log] enabled = false" in doctor["journal"]["hint"]


def test_an_evaluation_leaves_the_journal_alone(shipped: Shipped, command: Callable[..., Run], tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_text(json.dumps({"id": "1", "question": BMW}) + "\n", encoding="utf-8")
    run = command(
        "evaluate", tmp_path / "q.jsonl", "--out", tmp_path / "o", "--corpus", shipped.corpus, "--index", shipped.index
    )
    assert run.status == 0 and not (tmp_path / "state").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="a limit on the size of files is POSIX's")
def test_a_full_disk_never_costs_the_answer(shipped: Shipped, tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('[llm]\nmodel = "none"\n[ui]\nlanguage = "en"\n')
    arguments = ["ask", BMW, "--json", "--corpus", str(shipped.corpus), "--index", str(shipped.index)]
    history = [{"role": "user", "content": "BMW " * 10_000}, {"role": "assistant", "content": "..."}]
    (tmp_path / "history.json").write_text(json.dumps(history), encoding="utf-8")
    arguments += ["--history", "history.json"]
    done = subprocess.run(
        [sys.executable, "-c", POSIX_LIMIT, *arguments, "--config", "a.toml"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0 and json.loads(done.stdout)["status"] == "answered"
    assert done.stderr.count("\n") == 1 and "Answers cannot be recorded" in done.stderr


def test_without_a_journal_the_settings_still_say_so(shipped: Shipped) -> None:
    assert Assistant.open(shipped.corpus, shipped.index, NO_MODEL).journal is None
