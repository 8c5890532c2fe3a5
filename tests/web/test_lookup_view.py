"""Looked-up drafts as HTML: a stance in words and shape, both values of a contradiction, references to take along."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.citing.lookup import LookedUp, Match, Stance
from assistant.types import Language, Source, Status
from assistant.web.lookup import render_looked_up, render_looking
from assistant.web.render import render_actions, render_answer
from tests.web.fakes import CHECKS, CITATIONS, DRAFT, EVIL, answer, look_up
from tests.web.test_render import Parsed


@pytest.mark.parametrize(
    ("language", "stances"),
    [
        (Language.JA, ["レポートが裏付け", "レポートと食い違い", "該当なし"]),
        (Language.EN, ["Supported", "Contradicted", "Nothing found"]),
    ],
)
def test_each_sentence_has_its_stance_in_words_and_in_shape(language: Language, stances: list[str]) -> None:
    html = render_looked_up(look_up(DRAFT), language)
    parsed = Parsed(html)
    assert [one["class"] for one in parsed.with_class("sentence")] == [
        "sentence supports",
        "sentence contradicts",
        "sentence none",
    ]
    assert all(words in parsed.words for words in stances)
    shapes = [part.split('"', 1)[0] for part in html.split('<path d="')[1:4]]
    assert len(set(shapes)) == 3


def test_a_contradiction_shows_both_values_before_anything_is_opened() -> None:
    contradicted = look_up(DRAFT)[1]
    html = render_looked_up([contradicted], Language.EN)
    closed = html[: html.index("<details")]
    assert "<b>2027年</b>" in closed and "<b>2026年</b>" in closed


def test_the_references_of_firm_matches_are_copied_once_each() -> None:
    buttons = Parsed(render_looked_up(look_up(DRAFT), Language.JA)).with_class("copy")
    assert (
        buttons[0]["data-copy"]
        == "出所：架空総合研究所「世界の電池産業 2025（要約）」（2025年12月4日）p. 12、「投資」より"
    )
    assert len(buttons) == 4  # all at once, then one for each match


def test_an_answer_gives_all_its_references_and_an_abstention_none() -> None:
    (button,) = Parsed(render_actions(answer(), Language.EN)).with_class("copy")
    assert button["data-copy"].splitlines() == [
        "Source: 架空総合研究所, “digest of 世界の電池産業 2025” (4 December 2025), p. 12, “投資”.",
        "Source: “Partnerships in 2025”, p. 7, row 3-2.",
    ]
    abstained = answer(status=Status.ABSTAINED)
    assert "data-copy" not in render_answer(abstained, Language.EN) + render_actions(abstained, Language.EN)


def test_a_draft_without_sentences_is_told_so() -> None:
    assert "文を入力" in render_looked_up((), Language.JA)
    assert "Looking up" in render_looking(Language.EN)


def test_drafts_quotes_titles_and_checks_are_text() -> None:
    report = replace(CITATIONS[0].report, source=Source(title=EVIL, publisher=EVIL))
    checks = (replace(CHECKS[1], claim=EVIL, source=EVIL, kind=EVIL),)
    match = Match(Stance.CONTRADICTS, replace(CITATIONS[0], report=report), checks)
    parsed = Parsed(render_looked_up([LookedUp(EVIL, 0, len(EVIL), (match,))], Language.EN))
    assert {tag for tag, _ in parsed.elements} & {"script", "iframe"} == set()
    assert [one for tag, one in parsed.elements if tag == "img" and "onerror" in one] == []
    assert parsed.words.count("<script>alert(1)</script>") >= 4
