"""The HTTP API in process: the command line's JSON, errors in words with the right status, limits, a stream that stops."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient

from assistant import payloads
from assistant.assistant import Assistant
from assistant.errors import BusyError
from assistant.types import Language
from assistant.web import api
from assistant.web.serve import Backstage
from tests.conftest import ENGLISH, JAPANESE, NO_MODEL, write_corpus
from tests.reading.pdfs import pdf, words
from tests.web.fakes import ScriptedStream

QUESTION = "ステランティスはいくら投じますか"


def outer(inner: FastAPI) -> FastAPI:
    """The API where it is found: below /api."""
    app = FastAPI(openapi_url=None)
    app.mount("/api", inner)
    return app


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder = tmp_path_factory.mktemp("api")
    plant = pdf([words(50, 50, "The plant in Zaragoza costs 4.1 billion euros.")])
    write_corpus(folder / "corpus", {"電池.md": JAPANESE, "outlook.txt": ENGLISH, "plant.pdf": plant})
    return Assistant.open(folder / "corpus", folder / "index", NO_MODEL)


@pytest.fixture(scope="module")
def client(made: Assistant) -> Iterator[TestClient]:
    """A client of the API over a small corpus that has been read; what is put into it is read in the background."""
    backstage = Backstage(made, most_mb=1)
    backstage.start()
    with TestClient(outer(api.build(made, backstage)), raise_server_exceptions=False) as client:
        client.post("/api/v1/ask", json={"question": QUESTION})  # waits for the first sync
        yield client


def got(client: TestClient, verb: str, **body: Any) -> Any:
    response = client.post(f"/api/v1/{verb}", json=body)
    assert response.status_code == 200, response.text
    return response.json()


def as_json(payload: Any) -> Any:
    return json.loads(json.dumps(payload))


def test_search_ask_lookup_and_cite_give_the_command_line_s_json(client: TestClient, made: Assistant) -> None:
    query = made.understand("固体電池")
    assert got(client, "search", query="固体電池", k=2) == as_json(
        payloads.search_payload(query, made.search(query, 2))
    )
    answer, mine = got(client, "ask", question=QUESTION), as_json(payloads.answer_payload(made.ask(QUESTION)))
    assert {**answer, "timings": 0} == {**mine, "timings": 0}
    text = "ステランティスは最大41億ユーロを投じる。"
    looked_up = got(client, "lookup", text=text)
    assert looked_up == as_json(payloads.lookup_payload(text, made.look_up(text)))
    cited = got(client, "cite", ids=[answer["citations"][0]["citation_id"]], style="apa", language="ja")
    reference = made.reference(answer["citations"][0]["citation_id"])
    assert cited == payloads.cite_payload([reference], "apa", Language.JA)


def test_history_and_the_answer_s_language_are_heard(client: TestClient) -> None:
    history = [{"role": "user", "content": QUESTION}, {"role": "assistant", "content": "最大41億ユーロです。"}]
    followed = got(client, "ask", question="量産はいつ始まりますか", history=history, answer_language="en")
    assert (followed["language"], followed["status"]) == ("en", "answered")


def test_a_question_is_put_to_the_chosen_reports_alone(client: TestClient) -> None:
    scope = {"report_ids": [got(client, "search", query="Zaragoza", k=1)["hits"][0]["report"]["id"]]}
    found = got(client, "search", query="ステランティス", scope=scope)["hits"]
    assert {hit["report"]["id"] for hit in found} <= set(scope["report_ids"])
    assert got(client, "ask", question=QUESTION, scope=scope)["status"] == "abstained"
    assert client.post("/api/v1/ask", json={"question": QUESTION, "scope": {"since": "May"}}).status_code == 400
    assert client.post("/api/v1/ask", json={"question": QUESTION, "scope": {"colection": ["x"]}}).status_code == 422


def test_a_report_a_quote_and_a_page_are_shown(client: TestClient, made: Assistant) -> None:
    hit = got(client, "search", query="Zaragoza costs", k=1)["hits"][0]
    shown = client.get("/api/v1/show", params={"id": hit["passage_id"]}).json()
    assert shown == as_json(payloads.shown_payload(made.show(hit["passage_id"]), None))
    assert client.get("/api/v1/show", params={"id": "plant.pdf", "page": 1}).json()["text"] == hit["text"]
    picture = client.get("/api/v1/picture", params={"id": hit["passage_id"]})
    assert (picture.headers["content-type"], picture.content[:4]) == ("image/png", b"\x89PNG")
    assert picture.content != client.get("/api/v1/picture", params={"id": "plant.pdf", "page": 1}).content


def events(text: str) -> list[tuple[str, Any]]:
    """The name and the JSON of every server-sent event."""
    parts = [part.split("\n") for part in text.strip().split("\n\n")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in parts]


def test_a_stream_ends_with_the_answer_that_ask_gives(client: TestClient) -> None:
    response = client.post("/api/v1/ask/stream", json={"question": QUESTION})
    assert response.headers["content-type"].startswith("text/event-stream")
    found, *tokens, done = events(response.text)
    assert (found[0], {name for name, _ in tokens}, done[0]) == ("retrieved", {"token"}, "done")
    assert "".join(data["text"] for _, data in tokens) == done[1]["text"]
    assert {**done[1], "timings": 0} == {**got(client, "ask", question=QUESTION), "timings": 0}


@pytest.mark.parametrize(
    ("verb", "body", "status", "words"),
    [
        ("ask", {"question": " "}, 400, "The question is empty."),
        ("ask/stream", {"question": " "}, 400, "The question is empty."),
        ("ask", {"question": "x" * 10_001}, 422, "body.question"),
        ("ask", {"question": "x", "answer_language": "fr"}, 422, "body.answer_language"),
        ("ask", {"question": "x", "history": [{"role": "user", "content": "x"}] * 51}, 422, "body.history"),
        ("ask", {"query": "x"}, 422, "body.question"),
        ("ask", {"question": "x" * api.MOST_BYTES}, 413, "413"),
        ("search", {"query": "電池", "k": 101}, 422, "body.k"),
        ("search", {"query": "電池", "k": 0}, 422, "body.k"),
        ("lookup", {"text": "あ" * 50_001}, 422, "body.text"),
        ("cite", {"ids": ["plant.pdf"], "style": "bibtx"}, 400, "Did you mean bibtex?"),
        ("cite", {"ids": ["ffffffffffff"]}, 404, "ffffffffffff"),
        ("cite", {"ids": ["plant.pdf"] * 101}, 422, "body.ids"),
        ("nowhere", {}, 404, "404 Not Found"),
    ],
)
def test_what_cannot_be_served_is_told_with_its_status(
    client: TestClient, verb: str, body: dict[str, Any], status: int, words: str
) -> None:
    response = client.post(f"/api/v1/{verb}", json=body)
    told = response.json()
    assert (response.status_code, set(told)) == (status, {"error", "hint"})
    assert words in told["error"] and told["hint"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "show?id=電池.md&page=1", 404),
        ("GET", "picture?id=電池.md&page=1", 404),
        ("GET", "show", 422),
        ("GET", "ask", 405),
        ("PUT", "library?name=../a.md", 400),
        ("PUT", "library?name=電池.md", 409),
        ("PUT", "library?name=large.md", 413),
        ("DELETE", "library?path=../電池.md", 404),
    ],
)
def test_errors_are_in_the_client_s_language(client: TestClient, method: str, path: str, status: int) -> None:
    content = b"x" * 1_000_001 if "large" in path else b"words"
    response = client.request(method, f"/api/v1/{path}", content=content, headers={"Accept-Language": "ja"})
    assert response.status_code == status
    assert re.search("[ぁ-ん]", response.json()["error"])


def test_a_file_is_put_into_the_library_asked_about_and_removed(client: TestClient) -> None:
    def states() -> dict[str, str]:
        """The files, once none is being read."""
        while (listed := client.get("/api/v1/library").json())["busy"]:
            time.sleep(0.05)
        return {one["path"]: one["state"] for one in listed["files"]}

    added = client.put(
        "/api/v1/library", params={"name": "新しい.md"}, content="# 空飛ぶ車\n\n価格は3億円である。".encode()
    )
    assert (added.status_code, added.json()) == (201, {"path": "新しい.md"})
    assert states()["新しい.md"] == "report"
    assert "3億円" in got(client, "ask", question="空飛ぶ車の価格は")["text"]
    removed = client.delete("/api/v1/library", params={"path": "新しい.md"})
    assert (removed.status_code, removed.content) == (204, b"")
    assert "新しい.md" not in states()


def test_the_document_tells_the_shape_of_every_answer(client: TestClient) -> None:
    document = client.get("/api/openapi.json").json()
    shapes = document["components"]["schemas"]
    assert shapes["AnswerPayload"]["required"] == list(payloads.AnswerPayload.__annotations__)
    assert shapes["CitationPayload"]["properties"]["page"]["anyOf"] == [{"type": "integer"}, {"type": "null"}]
    assert document["servers"] == [{"url": "/api"}]
    assert document["paths"]["/v1/ask"]["post"]["security"] == [{"HTTPBearer": []}]
    assert [client.get(f"/api/{name}").status_code for name in ("docs", "redoc")] == [404, 404]


class Stage:
    """A stage on which a scripted stream plays, or on which everyone has to wait too long."""

    def __init__(self, play: ScriptedStream | None) -> None:
        self.play = play

    def stream(self, question: str, *, history: Any, answer_language: Any, scope: Any, reader: str) -> Any:
        if self.play is None:
            raise BusyError("busy", seconds=5)
        return self.play(question, history=history, answer_language=answer_language)


def test_when_too_many_ask_the_client_is_told_when_to_come_again(made: Assistant) -> None:
    app = outer(api.build(made, Stage(None)))  # pyright: ignore[reportArgumentType]
    response = TestClient(app).post("/api/v1/ask/stream", json={"question": "x"})
    assert (response.status_code, response.headers["retry-after"]) == (429, "5")
    assert response.json()["error"] == "Too many questions are waiting."


def test_without_an_index_the_service_is_not_available(tmp_path: Path) -> None:
    empty = Assistant.open(tmp_path / "corpus", tmp_path / "index", NO_MODEL)
    app = outer(api.build(empty, Backstage(empty, 1)))
    response = TestClient(app).get("/api/v1/show", params={"id": "x"})
    assert response.status_code == 503 and "assistant sync" in response.json()["hint"]


def test_an_error_within_a_stream_is_its_last_event(made: Assistant) -> None:
    app = outer(api.build(made, Stage(ScriptedStream())))  # pyright: ignore[reportArgumentType]
    response = TestClient(app).post("/api/v1/ask/stream", json={"question": "broken"})
    name, data = events(response.text)[-1]
    assert (name, set(data)) == ("error", {"error", "hint"})


def test_a_fault_of_the_program_is_an_error_in_words(made: Assistant) -> None:
    app = outer(api.build(made, Stage(ScriptedStream())))  # pyright: ignore[reportArgumentType]
    client = TestClient(app, raise_server_exceptions=False)
    response = client.post("/api/v1/ask", json={"question": "想定外"})
    assert response.status_code == 500 and "RuntimeError" in response.json()["error"]


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """A real server, since a client in process cannot hang up."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(10)


def test_a_client_that_hangs_up_stops_the_work(made: Assistant) -> None:
    import httpx

    play = ScriptedStream(pause_s=0.05)
    app = outer(api.build(made, Stage(play)))  # pyright: ignore[reportArgumentType]
    with serving(app) as url, httpx.Client(base_url=url) as client:
        with client.stream("POST", "/api/v1/ask/stream", json={"question": "投資額は?"}) as response:
            assert next(response.iter_lines()) == "event: retrieved"
        for _ in range(200):
            if play.closed:
                break
            time.sleep(0.01)
    assert play.closed == 1
