"""`assistant evaluate` from the outside: output folder, exit statuses, resume, comparison, --check."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

QUESTIONS = [
    {
        "id": "ja1",
        "question": "ステランティスはいくら投じますか",
        "type": "number",
        "must_include": [["41億ユーロ"]],
        "evidence": ["最大41億ユーロを投じる"],
        "doc": "電池.md",
    },
    {
        "id": "en1",
        "question": "How many people will the plant in Zaragoza employ?",
        "type": "number",
        "must_include": [["2,000"]],
        "evidence": ["will employ 2,000 people"],
        "doc": "outlook.txt",
    },
    {"id": "no1", "question": "火星の人口は何人ですか", "type": "unanswerable"},
]
WRITTEN = ["questions.csv", "results.jsonl", "scorecard.csv", "scorecard.html", "scorecard.json", "scorecard.md"]


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    path = tmp_path / "asked.jsonl"
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in QUESTIONS), encoding="utf-8")
    return path


@pytest.fixture
def evaluate(command: Callable[..., Any], small_corpus: Path, tmp_path: Path) -> Callable[..., Any]:
    """The verb over a small synced corpus."""
    folders = ("--corpus", small_corpus, "--index", tmp_path / "index")
    assert command("sync", *folders).status == 0
    return lambda *argv: command("evaluate", *argv, *folders)


def timeless(folder: Path) -> dict[str, Any]:
    """A run's numbers without those that are the machine's."""
    found = json.loads((folder / "scorecard.json").read_text(encoding="utf-8"))
    del found["started"], found["comparison"]
    for name in [name for name in found["measures"] if name.startswith("seconds")]:
        del found["measures"][name]
    return found


def test_a_run_writes_its_folder_and_prints_its_table(
    evaluate: Callable[..., Any], asked: Path, tmp_path: Path
) -> None:
    done = evaluate(asked, "--out", tmp_path / "run")
    assert done.status == 0
    assert sorted(path.name for path in (tmp_path / "run").iterdir()) == WRITTEN
    assert done.out == (tmp_path / "run" / "scorecard.md").read_text(encoding="utf-8")
    assert "3 questions evaluated" in done.err
    measures = timeless(tmp_path / "run")["measures"]
    assert measures["success@5"]["all"] == {"value": 1.0, "low": 1.0, "high": 1.0, "counted": 2, "questions": 3}
    assert measures["correct"]["number"]["value"] == 1.0


def test_two_runs_have_the_same_numbers_and_so_has_one_in_two_parts(
    evaluate: Callable[..., Any], asked: Path, tmp_path: Path
) -> None:
    evaluate(asked, "--out", tmp_path / "one")
    evaluate(asked, "--out", tmp_path / "two")
    evaluate(asked, "--out", tmp_path / "parts", "--limit", "1")
    assert timeless(tmp_path / "parts")["count"] == 1
    again = evaluate(asked, "--out", tmp_path / "parts", "--resume", "--json")
    assert again.json["count"] == 3
    assert timeless(tmp_path / "one") == timeless(tmp_path / "two") == timeless(tmp_path / "parts")


def test_a_missed_threshold_is_named_and_exits_4(evaluate: Callable[..., Any], asked: Path, tmp_path: Path) -> None:
    met = evaluate(asked, "--out", tmp_path / "met", "--fail-under", "success@5.en=1", "--fail-under", "failed=0")
    assert met.status == 0
    missed = evaluate(
        asked, "--out", tmp_path / "missed", "--fail-under", "success@5=1", "--fail-under", "seconds_p50=0"
    )
    assert missed.status == 4
    assert "Missed: seconds_p50 is" in missed.err and "success@5" not in missed.err


def test_a_threshold_that_cannot_be_read_stops_before_anything_is_written(
    evaluate: Callable[..., Any], asked: Path, tmp_path: Path
) -> None:
    done = evaluate(asked, "--out", tmp_path / "run", "--fail-under", "success@5.fr=1")
    assert (done.status, done.out, (tmp_path / "run").exists()) == (2, "", False)


def test_an_earlier_run_is_compared_with(evaluate: Callable[..., Any], asked: Path, tmp_path: Path) -> None:
    evaluate(asked, "--out", tmp_path / "one")
    done = evaluate(asked, "--out", tmp_path / "two", "--compare", tmp_path / "one", "--json")
    changes = {one["measure"]: one for one in done.json["comparison"]["differences"]}
    assert (changes["correct"]["direction"], changes["correct"]["p"]) == ("same", 1.0)
    none = evaluate(asked, "--out", tmp_path / "three", "--compare", tmp_path / "none")
    assert (none.status, none.out, (tmp_path / "three").exists()) == (2, "", False)


def test_an_output_folder_that_exists_is_refused(evaluate: Callable[..., Any], asked: Path, tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    done = evaluate(asked, "--out", tmp_path / "run")
    assert (done.status, done.out) == (2, "")
    assert "--resume" in done.err
    assert evaluate(asked, "--resume").status == 2


def test_without_out_a_folder_of_its_own_is_made(evaluate: Callable[..., Any], asked: Path, tmp_path: Path) -> None:
    assert evaluate(asked).status == 0
    (folder,) = (tmp_path / "evaluations").iterdir()
    assert folder.name.startswith("asked-")


def test_bad_lines_are_all_named_and_nothing_is_run(evaluate: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text('{"id": "a", "question": "x"}\n{"id": "a", "question": "x"}\n{"id": "b"}\n', encoding="utf-8")
    done = evaluate(path, "--out", tmp_path / "run")
    assert (done.status, done.out, (tmp_path / "run").exists()) == (2, "", False)
    assert "line 2" in done.err and "Line 3" in done.err and "2 errors" in done.err


def test_fields_that_mean_nothing_are_named_once_with_their_count(
    evaluate: Callable[..., Any], asked: Path, tmp_path: Path
) -> None:
    rows = [{**one, "must_inclde": [["x"]], **({"note": "n"} if one["id"] == "no1" else {})} for one in QUESTIONS]
    asked.write_text("".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8")
    done = evaluate(asked, "--check")
    assert (done.status, done.err.count("must_inclde")) == (0, 1)
    assert "Fields that are not used (lines): must_inclde (3), note (1)" in done.err
    assert evaluate(asked, "--out", tmp_path / "run").err.count("must_inclde (3), note (1)") == 1


def test_check_names_bad_lines_and_evidence_that_no_report_holds(
    evaluate: Callable[..., Any], asked: Path, tmp_path: Path
) -> None:
    fine = evaluate(asked, "--check")
    assert (fine.status, fine.out) == (0, "")
    assert "3 questions, 0 errors, 0 pieces of evidence" in fine.err
    missing = json.dumps({"id": "x", "question": "x", "evidence": ["not in any report"]})
    asked.write_text(asked.read_text(encoding="utf-8") + missing + "\n{\n", encoding="utf-8")
    done = evaluate(asked, "--check", "--json")
    assert done.status == 1
    assert done.json["missing"] == [{"line": 4, "id": "x", "evidence": "not in any report"}]
    assert [one["line"] for one in done.json["problems"]] == [5]


def test_evidence_that_no_report_holds_is_told_by_a_run_too_and_counts_as_missed(
    evaluate: Callable[..., Any], asked: Path, tmp_path: Path
) -> None:
    lost = json.dumps({"id": "x", "question": "Where is the plant?", "evidence": ["not in any report"]})
    asked.write_text(asked.read_text(encoding="utf-8") + lost + "\n", encoding="utf-8")
    done = evaluate(asked, "--out", tmp_path / "run", "--json")
    assert (done.status, done.json["unheld"]) == (0, [{"id": "x", "evidence": "not in any report"}])
    assert "Line 4, x: no report holds this evidence" in done.err
    assert done.json["measures"]["success@5"]["all"]["counted"] == 3


def test_a_missing_index_is_told_before_a_folder_is_made(
    command: Callable[..., Any], asked: Path, tmp_path: Path
) -> None:
    done = command("evaluate", asked, "--out", tmp_path / "run", "--index", tmp_path / "none")
    assert (done.status, done.out, (tmp_path / "run").exists()) == (1, "", False)
    assert "assistant sync" in done.err


@pytest.mark.parametrize("option", [("--limit", "0"), ("--limit", "-1"), ("--timeout", "0"), ("--timeout", "nan")])
def test_a_limit_that_is_none_is_refused(evaluate: Callable[..., Any], asked: Path, option: tuple[str, str]) -> None:
    assert evaluate(asked, *option).status == 2
