"""Shared by all tests: no network, a tiny corpus, the shipped corpus synced once, and the command line as a function."""

from __future__ import annotations

import io
import ipaddress
import json
import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant import cli
from assistant.assistant import Assistant
from assistant.config import LlmSettings, LogSettings, Settings
from assistant.models.embedders import BUNDLED, Vectors, load
from assistant.types import Answer, Turn

UNKEPT = LogSettings(enabled=False)
NO_MODEL = Settings(llm=LlmSettings(model="none"), log=UNKEPT)
SHIPPED = Path(__file__).parent.parent / "corpus"
JAPANESE = """---
title: 架空電池の動向
publisher: 架空総合研究所
issued: 2025-12-04
---

# 架空電池の動向

## 投資の規模

ステランティスは最大41億ユーロを投じる。工場はスペインに建てる[12]。量産は2026年末に始まる。

表1: 結ばれた協業

| No. | 発表日 | 企業 | 概要 |
|---|---|---|---|
| 1-1 | 2025年7月15日 | BMW | モメンタと運転支援システムを開発する。 |
| 1-2 | 2025年8月18日 | アウディ | モメンタの機能を量産車に載せる。 |
"""
ENGLISH = """Imaginary Battery Outlook

The plant in Zaragoza will employ 2,000 people. Production starts in late 2026.

Valeo opened a laboratory in Lyon on 5 September 2025. It studies solid electrolytes.
"""


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """No test reaches beyond this machine: a socket connects to a loopback address or a local file, or not at all."""
    patch = pytest.MonkeyPatch()
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(address[0]):
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)

    patch.setattr(socket.socket, "connect", guarded)
    yield
    patch.undo()


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class CountingEmbedder:
    """The bundled embedder, counting what it embeds; fails on texts that hold `fails_on`."""

    name = "counting"
    dimensions = load(BUNDLED).dimensions

    def __init__(self, fingerprint: str = "counting/1", fails_on: str | None = None) -> None:
        self.fingerprint = fingerprint
        self.fails_on = fails_on
        self.passages: list[str] = []
        self._calls = 0
        self._inner = load(BUNDLED)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of passages, remembered."""
        self._calls += 1
        self.passages += texts if self._calls % 2 else []  # a report's passages, then their sentences and rows
        if self.fails_on and any(self.fails_on in text for text in texts):
            raise RuntimeError("the embedder stumbled")
        return self._inner.embed_passages(texts)

    def embed_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions, not counted."""
        return self._inner.embed_queries(texts)


@pytest.fixture(scope="session")
def make_embedder() -> type[CountingEmbedder]:
    """The class of the counting fake."""
    return CountingEmbedder


@pytest.fixture
def embedder() -> CountingEmbedder:
    """A fresh counting fake."""
    return CountingEmbedder()


@pytest.fixture
def small_corpus(tmp_path: Path) -> Path:
    """A Japanese Markdown report with a table, and an English text report."""
    return write_corpus(tmp_path / "corpus", {"電池.md": JAPANESE, "outlook.txt": ENGLISH})


def write_corpus(folder: Path, files: dict[str, str | bytes]) -> Path:
    """Write files into a folder that need not exist."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


@dataclass(frozen=True)
class Shipped:
    """The digests that ship, in a folder of their own, and their index."""

    corpus: Path
    index: Path
    assistant: Assistant


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Shipped:
    """The shipped digests, synced. Not to be written to."""
    folder = tmp_path_factory.mktemp("shipped")
    (folder / "corpus").mkdir()
    for digest in SHIPPED.glob("*.digest.md"):
        shutil.copy(digest, folder / "corpus")
    assistant = Assistant.open(folder / "corpus", folder / "index", NO_MODEL)
    assistant.sync()
    return Shipped(folder / "corpus", folder / "index", assistant)


QUESTIONS: list[dict[str, Any]] = [
    json.loads(line)
    for path in sorted((Path(__file__).parent / "questions").glob("*.jsonl"))
    for line in path.read_text(encoding="utf-8").splitlines()
]


def history_of(item: dict[str, Any]) -> tuple[Turn, ...]:
    """The conversation before a question of the question files."""
    return tuple(Turn(**turn) for turn in item.get("history", []))


@pytest.fixture(scope="session")
def answer_to(shipped: Shipped) -> Callable[[dict[str, Any]], Answer]:
    """The assistant's answer to a shipped question, asked once."""
    known: dict[str, Answer] = {}

    def answer(item: dict[str, Any]) -> Answer:
        if item["id"] not in known:
            known[item["id"]] = shipped.assistant.ask(item["question"], history_of(item))
        return known[item["id"]]

    return answer


def vectors(*rows: Sequence[float]) -> Vectors:
    """Rows as unit vectors."""
    found = np.array(rows, dtype=np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


@dataclass(frozen=True)
class Run:
    """What one command did."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its one line of JSON."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """Its JSON Lines."""
        return [json.loads(line) for line in self.out.splitlines()]


Command = Callable[..., Run]


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., Run]:
    """The command line as a function, in an English environment without a model, in an empty working directory."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    for name in [name for name in os.environ if name.startswith("ASSISTANT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.setenv("ASSISTANT_LLM_MODEL", "none")
    monkeypatch.chdir(tmp_path)

    def run(*argv: str | Path, stdin: str | bytes = b"") -> Run:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data), encoding="utf-8"))
        capsys.readouterr()
        try:
            status = cli.main([str(argument) for argument in argv])
        except SystemExit as error:
            status = int(error.code or 0)
        captured = capsys.readouterr()
        return Run(status, captured.out, captured.err)

    return run


@pytest.fixture
def over(shipped: Shipped, command: Command) -> Command:
    """A verb over the shipped digests."""
    return lambda verb, *rest, **more: command(
        verb, *rest, "--corpus", shipped.corpus, "--index", shipped.index, **more
    )
