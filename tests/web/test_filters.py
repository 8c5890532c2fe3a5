"""The panel in which reports are chosen: by collection, as text, and what is said of a choice."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath

import pytest

from assistant.types import Language, Scope, Source
from assistant.web.filters import render_filter, render_scope
from tests.web.fakes import EVIL, REPORT, TABLE_REPORT
from tests.web.test_render import Parsed


def test_reports_stand_under_their_collection() -> None:
    inside = replace(TABLE_REPORT, path=PurePosixPath("2025/asia/tables.pdf"))
    page = Parsed(render_filter([inside, REPORT], Language.JA))
    boxes = [(one["name"], one["value"]) for tag, one in page.elements if one.get("type") == "checkbox"]
    assert boxes == [("report", REPORT.report_id), ("collection", "2025/asia"), ("report", inside.report_id)]
    assert render_filter([], Language.EN) == ""


def test_titles_and_folders_are_text() -> None:
    evil = replace(REPORT, source=Source(title=EVIL), path=PurePosixPath(EVIL) / "a.pdf")
    page = Parsed(render_filter([evil], Language.EN))
    assert not {tag for tag, _ in page.elements} & {"script", "img"} and page.words.count("alert(1)") == 2


@pytest.mark.parametrize(
    ("scope", "words"),
    [
        (None, ""),
        (Scope(), ""),
        (Scope(report_ids=("a", "b"), collections=("<b>",)), "Put to some reports only: chosen reports: 2 · <b>"),
        (Scope(since="2025-01"), "Put to some reports only: 2025-01 – "),
    ],
)
def test_a_question_says_what_it_was_put_to(scope: Scope | None, words: str) -> None:
    assert Parsed(render_scope(scope, Language.EN)).words == words
