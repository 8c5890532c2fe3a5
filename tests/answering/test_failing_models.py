"""Models that fail, drip, hang or never end: the answer is made without them and says so; and which model is asked."""

from __future__ import annotations

import time

import pytest

from assistant.assistant import Assistant
from assistant.config import LlmSettings, Settings
from assistant.types import Status, Verdict
from tests.answering.scripted import (
    JA,
    NAME,
    ROW,
    Ask,
    open_with,
    says,
    where,
)
from tests.conftest import UNKEPT, Shipped
from tests.llm_server import Messages, Reply, playing, saying

# Broken ones

BROKEN = [
    (Reply([]), "empty"),
    (Reply(["   \n"]), "empty"),
    (Reply(["最大41億"], truncated=True), "cannot be read"),
    (Reply(body="{not json"), "cannot be read"),
    (Reply(body="<html><body>Sign in to the proxy</body></html>"), "cannot be read"),
    (Reply(status=400), "refused"),
    (Reply(status=401), "API key"),
    (Reply(status=403), "API key"),
    (Reply(status=404), "no model"),
    (Reply(status=429, headers={"Retry-After": "1"}), "quota"),
    (Reply(status=500), "failed"),
    (Reply(status=503, body="<html>busy</html>"), "failed"),
    (Reply(["最大"], hang=2.5), "within"),
]


@pytest.mark.parametrize(("reply", "reason"), BROKEN, ids=lambda value: str(value)[:48])
def test_a_model_that_fails_is_replaced_and_the_reason_said(
    ask: Ask, shipped: Shipped, reply: Reply, reason: str
) -> None:
    answer, played = ask(lambda messages: reply, timeout_s=0.6)
    assert answer.backend.llm == "extractive"
    assert answer.backend.fallback is not None and answer.backend.fallback.llm == NAME
    assert reason in answer.backend.fallback.reason and len(answer.backend.fallback.reason) > 20
    assert len(played.requests) == 1
    plain = shipped.assistant.ask(JA)
    assert (answer.text, answer.status, answer.citations) == (plain.text, plain.status, plain.citations)


@pytest.mark.parametrize("status", [401, 404])
def test_what_no_retry_can_help_is_not_retried(ask: Ask, status: int) -> None:
    _, played = ask(lambda messages: Reply(status=status), max_retries=1)
    assert len(played.requests) == 1


@pytest.mark.parametrize(
    "reply", [Reply(status=500), Reply(status=429, headers={"Retry-After": "1"})], ids=["500", "429"]
)
def test_a_retry_that_helps_leads_to_an_answer(ask: Ask, reply: Reply) -> None:
    replies = iter([reply])
    answer, played = ask(
        lambda messages: next(replies, None) or says("最大41億ユーロを投じる[{m}]。")(messages), max_retries=1
    )
    assert (answer.status, answer.backend.llm, len(played.requests)) == (Status.ANSWERED, NAME, 2)


def test_a_server_that_is_not_there(shipped: Shipped) -> None:
    with playing(lambda messages: Reply()) as played:
        pass
    answer = open_with(shipped, played.url).ask(JA)
    assert answer.backend.fallback is not None and "reached" in answer.backend.fallback.reason


def test_a_drip_that_takes_too_long_is_given_up(ask: Ask) -> None:
    answer, _ = ask(lambda messages: Reply(["最大"] * 200, drip=0.2), timeout_s=0.5)
    assert answer.backend.fallback is not None and "within" in answer.backend.fallback.reason


def test_a_slow_model_that_keeps_talking_is_waited_for(ask: Ask) -> None:
    def slow(messages: Messages) -> Reply:
        return Reply([*list("最大41億ユーロを投じる"), f"[{where(messages, ROW)}]。"], drip=0.1)

    answer, _ = ask(slow, timeout_s=0.6)
    assert (answer.status, answer.backend.fallback) == (Status.ANSWERED, None)


def test_an_endless_answer_is_cut_off(ask: Ask) -> None:
    answer, _ = ask(lambda messages: Reply(endless="とても長い話が続く。"))
    assert answer.status is Status.ABSTAINED
    assert len(answer.text) < 21_000


def test_an_answer_of_a_hundred_thousand_characters_is_cut_and_what_is_shown_is_checked(ask: Ask) -> None:
    right = "最大41億ユーロを投じる[{m}]。"
    text = right + "".join(f"第{number}の工場に{number + 50}億ユーロを投じる[{{m}}]。" for number in range(4_000))
    started = time.process_time()
    answer, played = ask(lambda messages: saying("".join(says(text)(messages).pieces), 4_000))
    assert time.process_time() - started < 60
    assert (answer.status, len(played.requests)) == (Status.PARTIAL, 1)
    assert answer.claims[0].verdict is Verdict.SUPPORTED
    assert {claim.verdict for claim in answer.claims[1:-1]} == {Verdict.UNSUPPORTED}
    assert "8000文字で打ち切りました" in answer.text.splitlines()[-1]


def test_a_hundred_thousand_brackets_and_markers_end(ask: Ask) -> None:
    answer, _ = ask(lambda messages: saying("話[S9Z、[" * 10_000 + "S9Z]" * 10_000, 500))
    assert (answer.status, answer.backend.llm) == (Status.ABSTAINED, NAME)


def test_an_answer_of_brackets_only_is_an_empty_one(ask: Ask) -> None:
    answer, _ = ask(lambda messages: saying("[" * 30_000, 500))
    assert answer.backend.fallback is not None and "empty" in answer.backend.fallback.reason


def test_a_models_name_may_hold_a_slash(ask: Ask) -> None:
    answer, played = ask(says("最大41億ユーロを投じる[{m}]。"), model="openai:org/model-7b")
    assert (answer.status, answer.backend.llm) == (Status.ANSWERED, "openai:org/model-7b")
    assert played.requests[0]["model"] == "org/model-7b"


@pytest.mark.parametrize("model", ["auto", NAME])
def test_an_address_without_v1_says_what_is_missing(shipped: Shipped, model: str) -> None:
    with playing(says("最大41億ユーロを投じる[{m}]。")) as played:
        assistant = open_with(shipped, played.url.removesuffix("/v1"), model=model)
        answer = assistant.ask(JA)
    assert answer.backend.fallback is not None and "/v1" in answer.backend.fallback.reason


# Which model


def test_auto_with_an_address_takes_the_first_model_that_the_server_lists(ask: Ask) -> None:
    answer, played = ask(says("最大41億ユーロを投じる[{m}]。"), model="auto")
    assert answer.status is Status.ANSWERED
    assert answer.backend.llm == "openai:scripted"
    assert played.requests[0]["model"] == "scripted"


def test_no_key_is_needed_with_an_address(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    answer, _ = ask(says("最大41億ユーロを投じる[{m}]。"))
    assert answer.status is Status.ANSWERED


def test_a_key_that_merely_lies_in_the_environment_is_not_used(
    shipped: Shipped, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-lying-about")
    with playing(lambda messages: Reply()) as played:
        monkeypatch.setenv("OPENAI_BASE_URL", played.url)
        monkeypatch.setenv("OPENAI_API_BASE", played.url)
        answer = Assistant.open(shipped.corpus, shipped.index, Settings(llm=LlmSettings(timeout_s=1), log=UNKEPT)).ask(
            JA
        )
    assert not played.requests
    assert not answer.backend.llm.startswith("openai")


def test_a_named_key_is_sent_and_never_shown(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_KEY", "sk-secret")
    answer, played = ask(lambda messages: Reply(status=401), api_key_env="MY_KEY")
    assert played.requests[0]["authorization"] == "Bearer sk-secret"
    assert "sk-secret" not in str(answer)


def test_a_key_that_no_setting_names_is_not_sent_to_an_address_of_ones_own(
    shipped: Shipped, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-lies-in-the-environment")
    monkeypatch.setenv("NAMED_KEY", "sk-named")
    with playing(lambda messages: saying("NOT_IN_REPORTS")) as played:
        for more in ({}, {"api_key_env": "NAMED_KEY"}):
            llm = LlmSettings.model_validate({"model": "openai:scripted", "base_url": played.url, **more})
            assistant = Assistant.open(shipped.corpus, shipped.index, Settings(llm=llm, log=UNKEPT))
            assert assistant.ask("BMWとモメンタは何を共同開発しますか").backend.llm == "openai:scripted"
        sent = [request["authorization"] for request in played.requests]
    assert sent == ["Bearer none", "Bearer sk-named"]
