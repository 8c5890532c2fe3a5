"""Markers in a streamed answer: known ones become numbers by first use, everything else never passes for a citation."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answering.markers import MarkerStream, defused, issue, marker_ids, parse

KNOWN = {"S4K": "one", "S7Q": "two", "SAB": "three"}


def shown(text: str, pieces: int = 1) -> str:
    stream = MarkerStream(KNOWN)
    return "".join(stream.feed(text[at : at + pieces]) for at in range(0, len(text), pieces)) + stream.finish()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It opens in 2026 [S4K].", "2026 [1]."),
        ("A [S7Q]. B [S4K]. C [S7Q].", "A [1]. B [2]. C [1]."),
        ("稼働する【S4K】。", "稼働する[1]。"),
        ("稼働する［Ｓ４Ｋ］。", "稼働する[1]。"),
        ("It is [s4k].", "[1]"),
        ("It is [ S4K ].", "[1]"),
        ("Both [S4K, S7Q].", "[1][2]"),
        ("両方【S4K、S7Q】。", "[1][2]"),
        ("Both [S4K; S7Q] and [S4K and SAB].", "[1][2]"),
        ("It is [SAB].", "[1]"),
    ],
)
def test_known_markers_become_numbers_by_first_use(text: str, expected: str) -> None:
    found = shown(text)
    assert expected in found.replace(" [", "[") or expected in found
    assert not re.search(r"S4K|S7Q|SAB|Ｓ", found)
    assert parse(text, KNOWN).dropped == 0


def test_where_markers_stood_is_remembered_without_them() -> None:
    marked = parse("Opens in 2026 [S4K]. It employs 2,000 [S7Q, S4K].", KNOWN)
    assert marked.text == "Opens in 2026. It employs 2,000."
    assert marked.references == ((13, "S4K"), (31, "S7Q"), (31, "S4K"))


@pytest.mark.parametrize("text", ["A [S9Z].", "A【S9Z】。", "A［Ｓ９Ｚ］。", "A [s9z, S8Y]."])
def test_unknown_markers_are_dropped_and_counted(text: str) -> None:
    marked = parse(text, KNOWN)
    assert marked.references == () and marked.dropped == (2 if "8" in text else 1)
    assert not re.search(r"9|８|[\[\]【】［］]", marked.text)


def test_a_list_keeps_what_is_known() -> None:
    marked = parse("A [S4K, S9Z, S7Q].", KNOWN)
    assert (marked.references, marked.dropped) == (((1, "S4K"), (1, "S7Q")), 1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("A [12].", "A ［１２］."), ("A [ 1 ].", "A ［１］."), ("A【3】。", "A［３］。"), ("A［４］。", "A［４］。")],
)
def test_numbers_that_a_model_brackets_by_itself_cannot_pass_for_citations(text: str, expected: str) -> None:
    assert shown(text) == expected
    assert parse(text, KNOWN).references == ()


@pytest.mark.parametrize(
    "text",
    ["[x] done", "[link](http://x)", "配列[i]は", "see [the appendix]", "[]", "[ ]", "A [S4K", "A [S4K\nB", "[[["],
)
def test_other_brackets_stay_as_they_are(text: str) -> None:
    assert shown(text) == text
    marked = parse(text, KNOWN)
    assert (marked.text, marked.references, marked.dropped) == (text, (), 0)


def test_a_marker_in_code_is_no_citation() -> None:
    marked = parse("Use `[S4K]` and ```\nx [S7Q]\n``` then [S4K].", KNOWN)
    assert [marker for _, marker in marked.references] == ["S4K"]
    assert marked.dropped == 2


def test_a_marker_after_an_unclosed_bracket_is_still_found() -> None:
    assert [marker for _, marker in parse("A [note B [S4K].", KNOWN).references] == ["S4K"]
    assert [marker for _, marker in parse("A [" + "x" * 500 + " B [S4K].", KNOWN).references] == ["S4K"]


PARTS = st.sampled_from(
    [
        "[S4K]",
        "【S7Q】",
        "［ＳＡＢ］",
        "[S9Z]",
        "[S4K, S7Q]",
        "[12]",
        "[",
        "]",
        "【",
        " ",
        "\n",
        "`",
        "S4K",
        "2026",
        "。",
        "[x]",
        "　",
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(PARTS | st.text(max_size=4), max_size=20).map("".join), st.data())
def test_every_split_shows_the_same_and_nothing_partial(text: str, data: st.DataObject) -> None:
    whole = MarkerStream(KNOWN)
    expected = whole.feed(text) + whole.finish()
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
    split, so_far = MarkerStream(KNOWN), ""
    for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
        so_far += split.feed(text[start:end])
        assert expected.startswith(so_far)  # what was shown once is never taken back
    assert so_far + split.finish() == expected
    assert split.marked == whole.marked == parse(text, KNOWN)


@settings(max_examples=60, deadline=None)
@given(st.lists(PARTS | st.text(max_size=4), max_size=20).map("".join))
def test_every_number_shown_is_one_that_was_issued(text: str) -> None:
    stream = MarkerStream(KNOWN)
    numbers = {int(number) for number in re.findall(r"\[([0-9]+)\]", stream.feed(text) + stream.finish())}
    assert numbers == set(range(1, len({marker for _, marker in stream.references}) + 1))


@pytest.mark.parametrize("opener", ["[", "【", "［"])
def test_a_marker_is_held_back_until_it_is_whole(opener: str) -> None:
    stream = MarkerStream(KNOWN)
    given_so_far = "".join(stream.feed(character) for character in f"A {opener}S4")
    assert given_so_far.strip() == "A"
    assert stream.feed("K") == ""
    assert stream.feed("]").strip() == "[1]"


@pytest.mark.parametrize("unit", ["[", "]", "[S4K]", "[S4K", "[[12]", "[S4K, S9Z] ", "【", "`[S4K]`"])
def test_twenty_thousand_brackets_take_linear_time(unit: str) -> None:
    started = time.perf_counter()
    shown(unit * 20_000)
    assert time.perf_counter() - started < 30


def test_markers_are_issued_each_its_own_and_always_the_same() -> None:
    ids = [f"0123456789ab:{number}-{number + 9}" for number in range(120)]
    issued = issue(ids)
    assert list(issued.values()) == ids
    assert issue(ids) == issued
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]{1,5}", marker) for marker in issued)
    assert all(marker_ids(marker) == [marker] for marker in issued)


@pytest.mark.parametrize(
    "text",
    [
        "see [S4K] now",
        "see [ S4K ]",
        "[S4K][S7Q]",
        "[12]",
        "[ 3 ]",
        "[s4k]",
        "[Ｓ４Ｋ]",
        "【S4K】",
        "［S4K］",
        "[S4K, S7Q]",
    ],
)
def test_report_text_that_looks_like_ours_is_defused(text: str) -> None:
    shown = defused(text)
    assert not re.search(r"\[\s*(?:S4K|S7Q|SAB|\d+)\s*\]", shown)
    assert parse(shown, KNOWN).references == ()


@settings(max_examples=60, deadline=None)
@given(st.lists(PARTS | st.text(max_size=3), max_size=12).map("".join))
def test_a_model_that_copies_a_report_cites_nothing_by_it(text: str) -> None:
    assert parse(defused(text), KNOWN).references == ()
