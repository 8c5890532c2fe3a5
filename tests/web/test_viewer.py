"""Reading a report: every block once, words found as a person would look for them, and nothing of a report is HTML."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.reading.reader import read
from assistant.types import Language, Report
from assistant.web.viewer import found, render_reader, render_sheet, sheet_at, sheets
from tests.web.fakes import EVIL, REPORT, ROW, TEXT, report
from tests.web.test_render import Parsed

WRAPPED = "電気自動\n車の電池は、ＢＭＷとモ\nメンタが作る。\nBattery  plants of\nBMW grow."


def markdown(text: str) -> Report:
    return read(text.encode(), PurePosixPath("a.md"))


def plain(text: str) -> Report:
    return read(text.encode(), PurePosixPath("a.txt"))


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("電気自動車", 1),
        ("bmw", 2),
        ("ＢＭＷとモメンタ", 1),
        ("ﾓﾒﾝﾀ", 1),
        ("battery plants", 1),
        ("Plants of BMW", 1),
        ("plantsof", 0),
        ("電池 は", 0),
        ("a.c", 0),
        ("火星", 0),
        ("   ", 0),
    ],
)
def test_words_are_found_across_widths_cases_and_wrapped_lines(words: str, count: int) -> None:
    assert len(found(plain(WRAPPED), words)) == count


def test_what_is_found_is_marked_where_it_stands() -> None:
    one = plain(WRAPPED)
    spans = found(one, "電気自動車")
    assert [one.text[start:end] for start, end in spans] == ["電気自動\n車"]
    html = render_sheet(one, 1, found(one, "bmw"), Language.JA)
    assert (
        html.count("<mark") == 2
        and '<mark data-mark="0">ＢＭＷ</mark>' in html
        and '<mark data-mark="1">BMW</mark>' in html
    )
    assert "電気自動車の電池は" in Parsed(html).words


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.text("あaA 1電。\n", min_size=1, max_size=60), min_size=1, max_size=6),
    st.text("あa1電", min_size=1, max_size=2),
)
def test_every_match_has_its_mark_and_the_words_stay(paragraphs: list[str], words: str) -> None:
    one = plain("start 1\n\n" + "\n\n".join(paragraphs))
    spans = found(one, words)
    html = "".join(render_sheet(one, number, spans, Language.EN) for number in range(1, len(sheets(one)) + 1))
    assert {f'data-mark="{at}"' in html for at in range(len(spans))} <= {True}
    bare = "".join(render_sheet(one, number, (), Language.EN) for number in range(1, len(sheets(one)) + 1))
    assert Parsed(html).words == Parsed(bare).words


def test_a_long_text_is_read_in_sheets_that_hold_every_block_once() -> None:
    one = markdown("\n\n".join(f"## Part {at}\n\n{f'Sentence {at}. ' * 40}" for at in range(60)))
    parts = sheets(one)
    assert len(parts) > 3 and max(part.end - part.start for part in parts) < 8_000
    assert sum(part.start <= block.start < part.end for part in parts for block in one.blocks) == len(one.blocks)
    (last,) = found(one, "Part 59")
    assert sheet_at(one, last[0]) == len(parts) and sheet_at(one, 0) == 1


def test_a_page_shows_its_picture_with_the_lines_boxed_and_its_table() -> None:
    one = report(REPORT.report_id)
    page = Parsed(render_sheet(one, 1, [(TEXT.index("2025年"), len(TEXT) - 20)], Language.JA))
    (picture,) = [values for tag, values in page.elements if tag == "img"]
    assert picture["src"] == f"/read/{REPORT.report_id}/12.png" and "12" in picture["alt"]
    assert [values["style"] for tag, values in page.elements if tag == "i"] == [
        "left:12.00%;top:30.00%;width:76.00%;height:3.00%",
        "left:12.00%;top:34.00%;width:40.00%;height:3.00%",
    ]
    table = Parsed(render_sheet(one, 2, found(one, "モメンタ"), Language.JA))
    assert [tag for tag, _ in table.elements].count("td") == len(ROW.split("\t")) == 4
    assert "企業" in table.words and len([tag for tag, _ in table.elements if tag == "mark"]) == 1


def test_a_hostile_report_is_text() -> None:
    one = plain(f"{EVIL}\n\n{EVIL}")
    html = render_sheet(one, 1, found(one, "<script>"), Language.EN)
    assert {tag for tag, _ in Parsed(html).elements} <= {"div", "p", "mark"}
    assert Parsed(html).words.count("alert(1)") == 2


@pytest.mark.parametrize("language", Language)
def test_what_stands_around_is_well_formed(language: Language) -> None:
    assert Parsed(render_reader(language)).with_class("find")
