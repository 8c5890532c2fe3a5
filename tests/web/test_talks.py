"""Conversations over HTTP and as files: each reader's own, hostile words as text, and sources that can be followed."""

from __future__ import annotations

import dataclasses
import io
import json
import re
from pathlib import Path
from zipfile import ZipFile

import docx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.types import Receive, Scope, Send

from assistant.evaluation.questions import read
from assistant.stores.conversations import Conversations, Kept
from assistant.stores.journal import Journal
from assistant.types import Answer, Language, Status, Turn
from assistant.web.chat import Exchange, turns
from assistant.web.conversations import render_list, render_side, routes
from assistant.web.exports import EXPORTS, judged
from assistant.web.memory import Memory
from tests.web.fakes import EVIL, TEXT_JA, answer
from tests.web.test_render import Parsed, evil_answer

HOSTILE = f"{EVIL}\u202efdp.exe [a](javascript:alert(3)) <a href='javascript:x'>"
OWN = {"X-Library": "1"}


def opened(folder: Path) -> Conversations:
    return Conversations(Journal(folder, keep_days=90))


def client(folder: Path, reader: str = "") -> TestClient:
    app = FastAPI()
    app.include_router(routes(opened(folder)))

    async def signed_in(scope: Scope, receive: Receive, send: Send) -> None:
        scope["state"] = {"reader": reader}
        await app(scope, receive, send)

    return TestClient(signed_in)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    kept = opened(tmp_path)
    kept.keep("花子", "a1", 1, HOSTILE, answer())
    kept.keep("花子", "a1", 2, "続きは?", answer(text="続き[1]。", question="続きは?"))
    kept.keep("花子", "b2", 1, "未回答")
    return tmp_path


def test_the_list_shows_titles_as_text_and_which_one_is_open(folder: Path) -> None:
    page = Parsed(client(folder, "花子").get("/conversations?current=a1&language=ja").text)
    assert page.words.count("<script>alert(1)</script>") == 1
    assert "[U+202E]fdp.exe" in page.words and "\u202e" not in page.words
    talks = page.with_class("talk")
    assert [(talk["href"], talk.get("aria-current")) for talk in talks] == [("?c=b2", None), ("?c=a1", "page")]
    assert {tag for tag, _ in page.elements} <= {
        *("ul", "li", "a", "bdi", "details", "summary", "svg", "path", "div", "button")
    }


def test_strangers_get_an_empty_list_and_nothing_to_take_along(folder: Path) -> None:
    stranger = client(folder, "太郎")
    assert "まだ会話はありません" in stranger.get("/conversations?language=ja").text
    assert [stranger.get(f"/conversations/a1/{kind}").status_code for kind in EXPORTS] == [404] * 3
    stranger.post("/conversations/a1/delete", headers=OWN)
    assert stranger.get("/conversations/judged.jsonl").content == b""
    assert len(opened(folder).of("花子")) == 2


def test_a_conversation_is_renamed_judged_and_deleted_by_its_reader_only_from_our_page(folder: Path) -> None:
    own = client(folder, "花子")
    assert own.post("/conversations/a1/rename?title=x").status_code == 409
    assert own.post("/conversations/a1/rename?title=新しい名", headers=OWN).status_code == 200
    assert own.post("/conversations/a1/judge?number=1&verdict=up&note=よい", headers=OWN).status_code == 200
    assert own.post("/conversations/a1/judge?number=1&verdict=maybe", headers=OWN).status_code == 422
    assert [one.title for one in opened(folder).of("花子")][-1] == "新しい名"
    assert opened(folder).exchanges("花子", "a1")[0].note == "よい"
    own.post("/conversations/a1/delete", headers=OWN)
    assert [one.id for one in opened(folder).of("花子")] == ["b2"]


def test_without_a_journal_the_pane_says_why_it_is_empty() -> None:
    app = FastAPI()
    app.include_router(routes(None))
    page = TestClient(app)
    assert "[log] enabled = false" in page.get("/conversations?language=ja").text
    assert page.get("/conversations/judged.jsonl").status_code == 404


def test_a_journal_that_cannot_be_used_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "state").write_bytes(b"")
    page = client(tmp_path / "state")
    assert "journal.db" in page.get("/conversations?language=ja").text
    told = page.post("/conversations/a1/rename?title=x&language=ja", headers=OWN)
    assert told.status_code == 507 and "journal.db" in told.json()["text"]
    assert [page.get(f"/conversations/{one}").status_code for one in ("a1/docx", "judged.jsonl")] == [507, 507]


@pytest.mark.parametrize("kind", EXPORTS)
def test_a_file_is_named_by_its_conversation(folder: Path, kind: str) -> None:
    reply = client(folder, "花子").get(f"/conversations/b2/{kind}?language=ja")
    assert reply.headers["content-type"] == EXPORTS[kind][0]
    assert reply.headers["content-disposition"] == (f"attachment; filename*=UTF-8''%E6%9C%AA%E5%9B%9E%E7%AD%94.{kind}")


KEPT = (Kept(1, HOSTILE, answer()), Kept(2, "続きは?", answer(text="続き[1]。")), Kept(3, "halted"))


def test_word_has_every_citation_as_a_footnote_with_its_page() -> None:
    data = EXPORTS["docx"][1](HOSTILE, KEPT, Language.JA)
    made = docx.Document(io.BytesIO(data))
    paragraphs = [paragraph.text for paragraph in made.paragraphs]
    assert paragraphs[:2] == [HOSTILE.replace("\u202e", "[U+202E]")] * 2
    assert "電池: 走行距離を左右します" in " ".join(paragraphs) and "この質問には回答が残っていません。" in paragraphs
    assert [cell.text for cell in made.tables[0].rows[1].cells] == [
        *("モメンタ", "2025年7月15日", "運転支援の共同開発")
    ]
    with ZipFile(io.BytesIO(data)) as package:
        document, notes = (package.read(f"word/{name}.xml").decode() for name in ("document", "footnotes"))
    assert document.count("<w:footnoteReference ") == TEXT_JA.count("[") + 1
    assert notes.count("p. 12") >= 3 and "出所：架空総合研究所「世界の電池産業 2025（要約）」" in notes
    assert document.count("[1]") == 2 * HOSTILE.count("[1]")


@pytest.mark.parametrize("hostile", [evil_answer(), answer()])
def test_a_page_and_markdown_hold_numbered_sources_and_nothing_live(hostile: Answer) -> None:
    kept = [Kept(1, HOSTILE, hostile), Kept(2, "more", hostile)]
    page = EXPORTS["html"][1](HOSTILE, kept, Language.JA).decode()
    parsed = Parsed(page.split("</head>")[1].removesuffix("</html>\n").replace("<body>", "", 1).replace("</body>", ""))
    assert {tag for tag, _ in parsed.elements} & {"a", "img", "script", "iframe"} == set()
    assert "[U+202E]" in parsed.words and "\u202e" not in page
    markdown = EXPORTS["md"][1](HOSTILE, kept, Language.JA).decode()
    lines = [line for line in markdown.splitlines() if line.startswith("[^")]
    assert [line.split("]:")[0] for line in lines] == [f"[^{n}" for n in range(1, 2 * len(hostile.citations) + 1)]
    assert "\u202e" not in markdown
    live = re.findall(r"(?<!\\)<|(?<!\\)\[(?!\^\d+\])", markdown)
    assert live == []


def test_judged_answers_are_a_question_file(tmp_path: Path) -> None:
    abstained = dataclasses.replace(answer(), status=Status.ABSTAINED, citations=(), claims=())
    kept = [
        Kept(1, "投資額は?", answer(), "up", "right"),
        Kept(2, "続きは?", answer(), "down", "no <b>"),
        Kept(3, "?", answer()),
        Kept(1, "Mars?", abstained, "up"),
    ]
    file = tmp_path / "judged.jsonl"
    file.write_bytes(judged(kept))
    questions, problems = read(file)
    assert problems == ()
    assert [(one.text, len(one.history), len(one.evidence)) for one in questions] == [
        *(("投資額は?", 0, 1), ("続きは?", 2, 0), ("Mars?", 0, 0))
    ]
    assert json.loads(file.read_text(encoding="utf-8").splitlines()[1])["note"] == "no <b>"


def test_the_frame_of_the_pane_is_well_formed() -> None:
    for language in Language:
        Parsed(render_side(language))
        Parsed(render_list([], "", language))


def test_what_was_kept_is_shown_again_where_the_page_has_less_of_it(tmp_path: Path) -> None:
    kept = opened(tmp_path)
    memory = Memory(kept)
    first = memory.keep("", "a1", Exchange(1, HOSTILE, Language.JA))
    memory.keep("", "a1", dataclasses.replace(first, answer=answer()))
    memory.keep("", "a1", Exchange(2, "止めた", Language.JA))
    history = memory.history("", "a1", (), None)
    assert [exchange.is_over for exchange in history] == [True, True]
    assert 'id="x1-e1"' in history[0].html and "<script" not in history[0].html
    assert "確認していません" in history[1].html
    assert turns(history) == (Turn("user", HOSTILE), Turn("assistant", TEXT_JA))
    assert memory.history("", "a1", history, None) is history
    assert memory.history("他人", "a1", (), None) == ()


def test_a_conversation_that_cannot_be_kept_goes_on_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "state").write_bytes(b"")
    memory = Memory(opened(tmp_path / "state"))
    told = memory.keep("", "a1", Exchange(1, "投資額は?", Language.JA, answer=answer()))
    assert "journal.db" in told.html
    assert memory.history("", "a1", (told,), None) == (told,)
    assert Memory(None).keep("", "a1", told) is told
