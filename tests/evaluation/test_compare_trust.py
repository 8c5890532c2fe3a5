"""`tools/compare_trust.py`: lies made by rule, put to a client that shows what it is told, and to our own command line."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path

import pytest

from assistant.evaluation.questions import load
from tests.conftest import SHIPPED as CORPUS
from tests.evaluation.samples import question
from tools import compare_trust
from tools.compare_trust import SHIPPED, Liar, Sent, Shown, System, invented, markdown, measured, outcome
from tools.lies import KINDS, PLANTED, RIGHT, Line, lines

ASKED = question(
    "いくらですか", references=((None, "最大4.1億ユーロです。工場は2026年10月に動きます。"),), evidence=("4.1億ユーロ",)
)
CLIENT = """
import json, os, sys, urllib.request
prompt = "Source 1:\\n" + open(os.path.join(sys.argv[1], "report.txt"), encoding="utf-8").read() + "\\n\\n" + sys.argv[2]
body = json.dumps({"model": os.environ["OPENAI_MODEL"], "messages": [{"role": "user", "content": prompt}]}).encode()
request = urllib.request.Request(os.environ["OPENAI_BASE_URL"] + "/chat/completions", body)
print(json.load(urllib.request.urlopen(request))["choices"][0]["message"]["content"])
"""


def said(kind: str) -> Line:
    return next(one for one in lines([ASKED]) if one.kind == kind)


@pytest.mark.parametrize(
    ("kind", "tells"),
    [
        ("wrong digit", ("最大4.4億ユーロです。",)),
        ("ten times as much", ("最大41億ユーロです。",)),
        ("wrong unit of number", ("最大4.1万ユーロです。",)),
        ("wrong date", ("工場は2026年11月に動きます。",)),
        ("direction reversed", ("最低でも4.1億ユーロです。",)),
    ],
)
def test_a_lie_is_the_reference_answer_with_one_thing_wrong(kind: str, tells: tuple[str, ...]) -> None:
    assert said(kind).tells == tells


def test_the_shipped_questions_make_lies_of_every_kind() -> None:
    made = lines([one for path in SHIPPED for one in load(path)])
    kinds = {kind: sum(line.kind == kind for line in made) for kind in {line.kind for line in made}}
    assert set(KINDS) | set(PLANTED) | {RIGHT, "another name", "own knowledge"} < set(kinds)
    assert len(made) > 500 and all(line.tells for line in made)


def test_what_became_of_a_lie_is_told_by_the_sentence_and_its_verdict() -> None:
    lie = said("wrong digit")
    text = "最大4.4億ユーロです。 [1] 工場は2026年10月に動きます。 [1]"
    claim = {"text": lie.tells[0], "citations": [1], "verdict": "unsupported"}
    right = {"text": "工場は2026年10月に動きます。", "citations": [1], "verdict": "unsupported"}
    assert outcome(lie, Shown(text)) == "unmarked"
    assert outcome(lie, Shown(text, (claim, right))) == "marked"
    assert outcome(lie, Shown(text, ({**claim, "verdict": "supported"}, right))) == "unmarked"
    assert outcome(lie, Shown("わかりません。", ())) == "not shown"
    assert outcome(lie, None) == "failed"


def test_a_citation_is_invented_where_nothing_was_given_for_it() -> None:
    sent = Sent({"1", "2"})
    assert invented(said(RIGHT), Shown("x [1] [97]"), sent) == 1
    assert invented(said(RIGHT), Shown("x [1] [97]", (), frozenset({"1"})), sent) == 1
    uncited = {"text": said("no citation").tells[0], "citations": [1, 2], "verdict": "supported"}
    assert invented(said("no citation"), Shown("x [1] [2]", (uncited,), frozenset({"1", "2"})), sent) == 2


def test_a_program_that_marks_nothing_shows_every_lie(tmp_path: Path) -> None:
    """Plain text: 4 lies in sentences, all shown; the label 97 was never given; the right answer is no false alarm."""
    (tmp_path / "report.txt").write_text("最大4.1億ユーロを投じる。", encoding="utf-8")
    client = System("plain", shlex.join([sys.executable, "-c", CLIENT, "{corpus}", "{question}"]))
    kinds = (RIGHT, "wrong digit", "wrong date", "unknown marker", "no citation")
    found = measured(client, [line for line in lines([ASKED]) if line.kind in kinds], tmp_path)
    assert {kind: counts["unmarked"] for kind, counts in found.items()} == dict.fromkeys(kinds, 1)
    assert {kind: counts["invented"] for kind, counts in found.items() if counts["invented"]} == {"unknown marker": 1}
    assert "| **wrong, shown without a mark** | 4 of 4 |" in markdown({"plain": found})


def test_a_program_that_fails_is_counted(tmp_path: Path) -> None:
    (tmp_path / "report.txt").write_text("-", encoding="utf-8")
    client = System("broken", shlex.join([sys.executable, "-c", "raise SystemExit(9)"]))
    found = measured(client, [said("wrong digit")], tmp_path)
    assert (found["wrong digit"]["failed"], found["wrong digit"]["ids"]["failed"]) == (1, ["q1"])


def test_the_same_line_is_said_until_another_question_is_put() -> None:
    """Two questions, each with a right and a wrong line: a retry gets its line again, the second round the lies."""
    other = question("どこですか", id="q2", references=((None, "3社です。"),), evidence=("3社",))
    said = sorted(lines([ASKED, other]), key=lambda line: line.kind != RIGHT)
    liar = Liar([line for line in said if line.kind in (RIGHT, "wrong digit")])
    asked = (ASKED, ASKED, other, ASKED, ASKED, other)
    replies = [liar([{"role": "user", "content": f"Source 1:\n4.1億ユーロ、3社\n\n{one.text}"}]) for one in asked]
    told = ["".join(one.pieces).split("。")[0] for one in replies]
    right, wrong = "最大4.1億ユーロです", "最大4.4億ユーロです"
    assert told == [right, right, "3社です", wrong, wrong, "6社です"]


def test_our_own_command_line_marks_or_withholds_lies_and_shows_right_answers(tmp_path: Path) -> None:
    asked = [one for path in SHIPPED for one in load(path) if one.type == "number"]
    kinds = (RIGHT, "ten times as much", "unknown marker")
    chosen = [line for line in lines(asked) if line.kind in kinds]
    found = measured(compare_trust.OURS, chosen, CORPUS)
    assert [counts["failed"] for counts in found.values()] == [0, 0, 0]
    assert found[RIGHT]["unmarked"] >= 0.8 * found[RIGHT]["n"] >= 5
    assert found["ten times as much"]["unmarked"] == found["unknown marker"]["unmarked"] == 0
    assert sum(counts["invented"] for counts in found.values()) == 0
    assert json.dumps(found)
