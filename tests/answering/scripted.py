"""Scripted models over real HTTP: what they say, how they are asked, and what holds of every answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from assistant.assistant import Assistant
from assistant.config import LlmSettings, Settings
from assistant.types import Answer, Claim, Language, Status, Verdict
from tests.conftest import NO_MODEL, UNKEPT, Shipped, write_corpus
from tests.llm_server import Messages, Played, Reply, Script, is_planning, passages, saying

JA = "ステランティスとCATLの合弁はいくら投資し、工場をどこに建てますか。"
EN = "How much will Stellantis and CATL invest, and when does production start?"
NAME = "openai:scripted"
ROW = "最大41億ユーロ"


def where(messages: Messages, words: str) -> str:
    """The marker of the first passage sent that holds these words."""
    return next(marker for marker, text in passages(messages) if words in text)


def says(template: str, words: str = ROW, other: str = "62.6%") -> Script:
    """A model that fills {m} with the marker of the passage that holds `words`, {o} with that of any other passage."""

    def script(messages: Messages) -> Reply:
        marker = where(messages, words)
        another = next(one for one, text in passages(messages) if words not in text and "41億" not in text)
        return saying(template.replace("{m}", marker).replace("{o}", another))

    return script


def open_with(shipped: Shipped, url: str, **llm: object) -> Assistant:
    options = {"model": NAME, "base_url": url, "timeout_s": 1.0, "max_retries": 0} | llm
    settings = Settings(llm=LlmSettings(**options), log=UNKEPT)  # type: ignore[arg-type]
    assistant = Assistant.open(shipped.corpus, shipped.index, settings, Language.EN)
    assistant.embedder, assistant.index = shipped.assistant.embedder, shipped.assistant.index  # loaded once for all
    return assistant


Ask = Callable[..., tuple[Answer, Played]]


def sound(answer: Answer, assistant: Assistant) -> None:
    """No citation is invented: each number shown resolves, each is shown, each quote is verbatim at its anchor."""
    shown = {int(number) for number in re.findall(r"\[([0-9]+)\]", answer.text)}
    assert shown == {citation.number for citation in answer.citations}
    assert {number for claim in answer.claims for number in claim.citations} == shown
    for citation in answer.citations:
        text = assistant.report(citation.anchor.report_id).text
        assert text[citation.anchor.start : citation.anchor.end] == citation.quote != ""
    for claim in answer.claims:
        assert not re.search(r"\[\d+\]|【|\[S", claim.text)
        assert answer.text[claim.start : claim.end].strip() == claim.text
        assert claim.citations or claim.verdict is Verdict.UNCITED
    if answer.status is Status.ABSTAINED:
        assert not answer.claims and not answer.citations and answer.hits
    else:
        assert answer.claims


def claim_with(answer: Answer, words: str) -> list[Claim]:
    return [claim for claim in answer.claims if words in claim.text]


def never_right(answer: Answer, words: str) -> None:
    """A claim with these words is not shown as supported, and the answer not as a whole one."""
    assert all(claim.verdict is not Verdict.SUPPORTED for claim in claim_with(answer, words))
    assert answer.status is not Status.ANSWERED or words not in answer.text


def over(folder: Path, text: str) -> Shipped:
    """A corpus of one report, indexed."""
    corpus, index = write_corpus(folder / "corpus", {"a.md": text}), folder / "index"
    plain = Assistant.open(corpus, index, NO_MODEL)
    plain.sync()
    return Shipped(corpus, index, plain)


def asked_of(played: Played) -> list[str]:
    """The last message of every request in which passages were sent."""
    return [request["messages"][-1]["content"] for request in played.requests if not is_planning(request["messages"])]
