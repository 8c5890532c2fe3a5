"""Summaries of a whole report by scripted models over real HTTP: which report, every piece read, every claim checked."""

from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from assistant.answering.summary import reports_meant
from assistant.assistant import Assistant
from assistant.config import LlmSettings, Settings
from assistant.pipeline import AnswerEngine
from assistant.retrieval.query import understand
from assistant.types import Answer, Done, Language, Reading, ReportRef, Retrieved, Source, Status, Token, Turn, Verdict
from tests.answering.scripted import sound
from tests.conftest import UNKEPT, Shipped, write_corpus
from tests.llm_server import Messages, Played, Reply, Script, passages, playing, saying

BATTERY = ReportRef("1" * 12, PurePosixPath("jetro-2025-nev.md"), Source("車載電池の協業", publisher="架空機構"))
CITY = ReportRef("2" * 12, PurePosixPath("city.pdf"), Source("Robots in the City", author="Jane Doe"))
BOTH = (BATTERY, CITY)


def meant(question: str, refs: tuple[ReportRef, ...] = BOTH, *asked: str) -> tuple[ReportRef, ...]:
    history = tuple(Turn("user", text) for text in asked)
    return reports_meant(understand(question, history), refs, lambda text: [])


@pytest.mark.parametrize(
    "question",
    [
        "この資料を要約して",
        "この資料を要約してください。",
        "レポート全体を簡潔にまとめて",
        "この報告書の概要を教えてください",
        "その資料の要点は何ですか",
        "300字程度で資料を要約して",
        "summarise this report",
        "Please summarize the report in English.",
        "Can you give me a short summary of this report?",
        "Give me an overview of the whole document",
        "What are the key points of the report?",
    ],
)
def test_a_summary_of_the_only_report_is_understood(question: str) -> None:
    assert meant(question, (CITY,)) == (CITY,)
    assert meant(question) == BOTH  # with two it is not clear which


@pytest.mark.parametrize(
    ("question", "report"),
    [
        ("車載電池の資料を要約して", BATTERY),
        ("架空機構のレポートを要約してください", BATTERY),
        ("JETROの資料の概要を教えて", BATTERY),
        ("Summarise the report Robots in the City", CITY),
        ("Please give me a summary of the report by Jane Doe", CITY),
        ("city.pdf の資料を要約して", CITY),
    ],
)
def test_the_report_that_is_named_is_meant(question: str, report: ReportRef) -> None:
    assert meant(question) == (report,)


@pytest.mark.parametrize(
    "question",
    [
        "BMWの戦略を要約して",
        "この資料によるとBMWの戦略はどう要約できますか",
        "資料の電池の部分を要約して",
        "Summarise what the report says about Toyota",
        "Summarise BMW's plans",
        "What does this report say about prices?",
        "この資料はいつ発行されましたか",
    ],
)
def test_a_question_about_something_in_a_report_is_none_for_a_summary(question: str) -> None:
    assert meant(question) == ()


@pytest.fixture
def library(tmp_path: Path, shipped: Shipped) -> Iterator[Callable[..., Assistant]]:
    """An assistant over two small reports, or over one, with a model at an address."""
    sections = "".join(
        f"\n## 第{n}章\n\n第{n}工場は20{10 + n}年に稼働した。従業員は{n}千人である。{'詳しい説明が続く。' * 12}\n" for n in range(1, 13)
    )  # fmt: skip
    files = {"plants.md": f"# 工場の動向\n{sections}", "robots.md": "# Robots\n\nA robot walked in Oslo in 2024.\n"}

    def opening(url: str, names: tuple[str, ...] = ("plants.md", "robots.md"), **llm: Any) -> Assistant:
        folder = write_corpus(tmp_path / "-".join(names), {name: files[name] for name in names})
        options = {
            "model": "openai:scripted",
            "base_url": url,
            "timeout_s": 2.0,
            "max_retries": 0,
            "context_tokens": 2200,
        }
        settings = Settings(llm=LlmSettings.model_validate(options | llm), log=UNKEPT)
        assistant = Assistant.open(folder, tmp_path / f"{'-'.join(names)}-index", settings, Language.EN)
        assistant.embedder = shipped.assistant.embedder
        assistant.sync()
        return assistant

    yield opening


def noting(messages: Messages) -> Reply:
    """The first sentence of every passage, word for word, with its marker."""
    lines = [
        f"- {line.split('。')[0]}。[{marker}]"
        for marker, text in passages(messages)
        for line in [next((line for line in text.splitlines() if "年に" in line), "")]
        if line
    ]
    return saying("\n".join(lines) or "NOT_IN_REPORTS", 40)


def summarised(assistant: Assistant, question: str, **more: Any) -> tuple[Answer, list[Any]]:
    *events, last = assistant.stream(question, **more)
    assert isinstance(last, Done)
    sound(last.answer, assistant)
    return last.answer, events


def requests(played: Played) -> list[Messages]:
    return [request["messages"] for request in played.requests]


def test_the_whole_report_is_read_in_pieces_and_every_claim_is_checked(library: Callable[..., Assistant]) -> None:
    with playing(noting) as played:
        assistant = library(played.url)
        answer, events = summarised(assistant, "工場の動向のレポートを要約して")
    report = next(ref for ref in assistant.reports() if ref.path.name == "plants.md")
    assert (answer.status, answer.backend.llm, answer.backend.fallback) == (Status.ANSWERED, "openai:scripted", None)
    assert {claim.verdict for claim in answer.claims} == {Verdict.SUPPORTED}
    assert all(f"第{n}工場は20{10 + n}年に稼働した" in answer.text for n in range(1, 13))
    whole = {passage.passage_id for passage in assistant.index.catalog.passages_of(report.report_id)}
    assert set(answer.record.passages) == whole
    sent = [marker for messages in requests(played)[:-1] for marker, _ in passages(messages)]
    assert len(sent) == len(whole) and len(played.requests) >= 3
    readings = [(event.done, event.total) for event in events if isinstance(event, Reading)]
    total = len(played.requests) - 1
    assert readings == [(done, total) for done in range(total + 1)]
    assert isinstance(events[0], Retrieved) and any(isinstance(event, Token) for event in events)
    assert answer.record.usage.calls == len(played.requests)


def test_no_request_is_longer_than_the_context(library: Callable[..., Assistant]) -> None:
    from assistant.answering.calls import estimated_tokens

    with playing(noting) as played:
        library(played.url).ask("工場の動向のレポートを要約して")
    for messages in requests(played):
        assert sum(estimated_tokens(message["content"]) for message in messages) <= 2200


def test_a_small_report_is_summarised_in_one_request(library: Callable[..., Assistant]) -> None:
    def script(messages: Messages) -> Reply:
        ((marker, _),) = passages(messages)
        return saying(f"A robot walked in Oslo in 2024 [{marker}].")

    with playing(script) as played:
        assistant = library(played.url, ("robots.md",))
        answer, _ = summarised(assistant, "Summarise this report")
        *_, through = AnswerEngine(assistant).stream("Summarise this report")
    assert (answer.status, answer.language, len(played.requests)) == (Status.ANSWERED, Language.EN, 2)
    assert isinstance(through, Done) and through.answer.text == answer.text


@pytest.mark.parametrize("language", list(Language))
def test_where_several_could_be_meant_it_says_which_there_are(
    library: Callable[..., Assistant], language: Language
) -> None:
    question = {Language.JA: "この資料を要約して", Language.EN: "Summarise this report"}[language]
    with playing(noting) as played:
        answer, events = summarised(library(played.url), question)
    assert not played.requests
    assert (answer.status, answer.language) == (Status.ABSTAINED, language)
    assert "工場の動向 / Robots" in answer.text
    assert "".join(event.text for event in events if isinstance(event, Token)) == answer.text


def test_the_report_of_the_conversation_is_meant(library: Callable[..., Assistant]) -> None:
    history = [Turn("user", "第3工場はいつ稼働しましたか"), Turn("assistant", "2013年です。")]
    with playing(noting) as played:
        answer, _ = summarised(library(played.url), "その資料を要約して", history=history)
    assert answer.status is Status.ANSWERED and "第12工場" in answer.text


def lying(messages: Messages) -> Reply:
    """Wrong years in the notes; in the summary a wrong one beside a right one."""
    found = passages(messages)
    if "順番どおり" in str(messages[-1]["content"]):
        return saying(f"第1工場は2011年に稼働した。[{found[0][0]}]\n第1工場は2033年に稼働した。[{found[0][0]}]")
    marker, text = next((one for one in found if "第1工場" in one[1]), found[0])
    right = "第1工場は2011年に稼働した。" if "第1工場" in text else ""
    return saying(f"- {right}[{marker}]\n- 工場は2099年に稼働した。[{marker}]\n- 未来は明るい。")


def test_notes_that_are_not_borne_out_never_reach_the_summary(library: Callable[..., Assistant]) -> None:
    with playing(lying) as played:
        answer, _ = summarised(library(played.url), "工場の動向のレポートを要約して")
    final = next(messages for messages in requests(played) if "順番どおり" in messages[-1]["content"])
    assert "2099" not in str(final) and "未来" not in str(final) and "2011年" in str(final)
    assert [claim.verdict for claim in answer.claims] == [Verdict.SUPPORTED, Verdict.UNSUPPORTED]
    assert answer.status is Status.PARTIAL


def failing_at(number: int, reply: Reply) -> Script:
    """A model that fails at one request."""
    count = iter(range(1000))
    return lambda messages: reply if next(count) == number else noting(messages)


def test_a_piece_that_fails_is_left_out_and_said(library: Callable[..., Assistant]) -> None:
    with playing(failing_at(1, Reply(status=500))) as played:
        answer, _ = summarised(library(played.url), "工場の動向のレポートを要約して")
    assert (answer.status, answer.backend.fallback) == (Status.PARTIAL, None)
    assert f"レポートを{len(played.requests) - 1}回に分けて読みましたが、うち1回分は読めず" in answer.text
    assert {claim.verdict for claim in answer.claims} == {Verdict.SUPPORTED}


def test_a_model_that_fails_from_the_start_is_replaced(library: Callable[..., Assistant]) -> None:
    with playing(failing_at(0, Reply(status=500))) as played:
        answer, _ = summarised(library(played.url), "工場の動向のレポートを要約して")
    assert len(played.requests) == 1
    assert answer.backend.llm == "extractive" and answer.backend.fallback is not None
    assert all(hit.score > 0 for hit in answer.hits)  # searched for, as without a model


def test_a_report_with_nothing_in_it_for_the_model_abstains(library: Callable[..., Assistant]) -> None:
    with playing(lambda messages: saying("NOT_IN_REPORTS")) as played:
        answer, _ = summarised(library(played.url), "工場の動向のレポートを要約して")
    assert (answer.status, answer.backend.llm, answer.claims) == (Status.ABSTAINED, "openai:scripted", ())


def test_without_a_model_it_is_a_question_as_any(library: Callable[..., Assistant]) -> None:
    answer, events = summarised(library("http://127.0.0.1:9", model="none"), "工場の動向のレポートを要約して")
    assert answer.backend.llm == "extractive" and not any(isinstance(event, Reading) for event in events)


def test_the_page_says_how_far_the_reading_is() -> None:
    from assistant.web.chat import respond

    def stream(question: str, **_: Any) -> Iterator[Any]:
        yield Retrieved(())
        yield Reading(2, 7)

    shown = [exchange.reply for exchange in respond("この資料を要約して", (), stream=stream, language=None)]
    assert any("レポートを読んでいます 2/7" in reply for reply in shown)
