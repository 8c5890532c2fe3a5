"""What to ask next comes from the reports, near what was cited, and only where the reports answer it."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from assistant import messages
from assistant.assistant import Assistant
from assistant.types import Language, Passage, Scope, Status, Turn
from assistant.web.serve import Backstage, starter_topics
from assistant.web.suggestions import follow_ups, render_follow_ups, topic
from tests.web.conftest import ROOT
from tests.web.fakes import EVIL, REPORT, TABLE_REPORT, answer, paragraph, passage, table_row
from tests.web.test_render import Parsed


def under(heading: str, text: str) -> Passage:
    return dataclasses.replace(passage(text), heading_path=("第2章 電池", heading))


def row(*cells: str) -> Passage:
    one, text = table_row(), "\t".join(cells)
    at, made = 0, []
    for cell in cells:
        made.append(dataclasses.replace(one.blocks[0].cells[0], start=at, end=at + len(cell)))
        at += len(cell) + 1
    return passage(text, TABLE_REPORT, (dataclasses.replace(one.blocks[0], end=len(text), cells=tuple(made)),))


def near(report_id: str) -> list[Passage]:
    if report_id == REPORT.report_id:
        return [under("固体電池の量産", "遠い" * 9), under("2.1 リサイクル", "隣"), paragraph(), under("電力", "次")]
    return [table_row(), row("3-3", "ファーウェイ", "2025年1月"), row("3-4", "Huawei", "2025")]


def test_neighbouring_headings_and_rows_become_questions_in_turn() -> None:
    said = follow_ups(answer(), Language.JA, passages=near, is_answered=lambda question: True)
    assert said == [f"「{one}」について教えてください" for one in ("リサイクル", "ファーウェイ", "固体電池の量産")]


def test_topics_in_the_readers_language_come_first() -> None:
    said = follow_ups(answer(Language.EN), Language.EN, passages=near, is_answered=lambda question: True)
    assert said[0] == "What do the reports say about “Huawei”?"


def test_only_what_the_reports_answer_is_offered_and_little_is_tried() -> None:
    tried: list[str] = []

    def is_answered(question: str) -> bool:
        tried.append(question)
        return "ファーウェイ" in question

    assert len(follow_ups(answer(), Language.JA, passages=near, is_answered=is_answered)) == 1
    assert len(tried) <= 8


def test_what_was_asked_or_cited_is_not_asked_again() -> None:
    asked = dataclasses.replace(answer(), question="ファーウェイとリサイクル")
    said = follow_ups(asked, Language.JA, passages=near, is_answered=lambda question: True)
    assert not any(one in "".join(said) for one in ("ファーウェイ", "リサイクル", "投資"))


@pytest.mark.parametrize(("heading", "words"), [("2.1 電池", "電池"), ("第3章 市場\nの動向", "市場の動向")])
def test_a_topic_is_a_heading_without_its_number(heading: str, words: str) -> None:
    assert topic(heading) == words


def test_suggestions_are_text() -> None:
    parsed = Parsed(render_follow_ups([EVIL], Language.JA))
    assert [tag for tag, _ in parsed.elements] == ["div", "h3", "button"]
    assert EVIL in parsed.words


def test_every_starter_and_every_suggestion_over_the_shipped_reports_is_answered(tmp_path: Path) -> None:
    assistant = Assistant.open(ROOT / "corpus", tmp_path)
    assistant.journal = None
    assistant.sync()
    backstage = Backstage(assistant, 1)
    history: tuple[Turn, ...] = ()
    question = messages.say("starter", Language.JA, topic=starter_topics(assistant)[0])
    for _ in range(3):
        done = assistant.ask(question, history)
        assert done.status is not Status.ABSTAINED
        history = (*history, Turn("user", question), Turn("assistant", done.text))
        question = backstage.follow_ups(done, Language.JA, history)[0]


def test_suggestions_keep_to_the_reports_that_were_asked(tmp_path: Path) -> None:
    assistant = Assistant.open(ROOT / "corpus", tmp_path)
    assistant.journal = None
    assistant.sync()
    backstage = Backstage(assistant, 1)
    question = messages.say("starter", Language.EN, topic=starter_topics(assistant)[0])
    scope = Scope(report_ids=(assistant.ask(question).citations[0].report.report_id,))
    said = backstage.follow_ups(assistant.ask(question, scope=scope), Language.EN, ())
    assert said
    assert all(assistant.is_answered(one, scope=scope) for one in said)
