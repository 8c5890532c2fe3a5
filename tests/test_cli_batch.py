"""Batches on the command line: JSON Lines in and out, in order, one broken line failing alone."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Command, write_corpus
from tests.test_cli import ANSWER_KEYS, BMW, FOREIGN, PLANT, assert_error


def lines(*items: dict[str, Any] | str) -> str:
    return "\n".join(item if isinstance(item, str) else json.dumps(item, ensure_ascii=False) for item in items) + "\n"


@pytest.mark.parametrize("source", ["file", "stdin"])
@pytest.mark.parametrize(
    ("verb", "field", "keys"), [("search", "query", ["query", "language", "hits"]), ("ask", "question", ANSWER_KEYS)]
)
def test_a_batch_answers_every_line_in_order(
    verb: str, field: str, keys: list[str], source: str, over: Command, tmp_path: Path
) -> None:
    text = lines({"id": "b", field: BMW}, {"id": 2, field: PLANT}, {"id": "a", field: FOREIGN})
    (tmp_path / "items.jsonl").write_text(text, encoding="utf-8")
    name, stdin = (tmp_path / "items.jsonl", "") if source == "file" else ("-", text)
    run = over(verb, "--batch", name, "--json", stdin=stdin)
    assert (run.status, run.err) == (0, "")
    assert [item["id"] for item in run.lines] == ["b", 2, "a"]
    assert all(list(item) == ["id", *keys] for item in run.lines)
    alone = over(verb, PLANT, "--json").json
    together = run.lines[1]
    for payload in (alone, together):
        payload.pop("timings", None)
    assert together == {"id": 2, **alone}


BROKEN = {
    "no JSON": ('{"id": "x", "question": ', None),
    "a list": ("[1, 2]", None),
    "no id": ('{"question": "電池は何ですか"}', None),
    "no question": ('{"id": "x"}', "x"),
    "a number": ('{"id": "x", "question": 5}', "x"),
    "an empty question": ('{"id": "x", "question": " "}', "x"),
    "punctuation": ('{"id": "x", "question": "?"}', "x"),
    "50,000 characters": (json.dumps({"id": "x", "question": "a b " * 12_500}), "x"),
    "a broken history": ('{"id": "x", "question": "それは?", "history": [{"role": "user"}]}', "x"),
    "a history that is none": ('{"id": "x", "question": "それは?", "history": "before"}', "x"),
    "deep nesting": ("[" * 100_000, None),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_line_in_the_middle_fails_alone(name: str, over: Command) -> None:
    line, item_id = BROKEN[name]
    text = lines({"id": 1, "question": BMW}, line, {"id": 3, "question": PLANT})
    run = over("ask", "--batch", "-", stdin=text)
    first, broken, last = run.lines
    assert run.status == 1
    assert list(broken) == ["id", "error", "hint"]
    assert broken["id"] == item_id
    assert broken["error"] and broken["hint"]
    assert (first["id"], first["status"], last["id"], last["status"]) == (1, "answered", 3, "answered")


@pytest.mark.parametrize("question", ["\\ud800", "電池 \\udc80 は何ですか", "電池\\u0000は何ですか"])
def test_a_question_with_odd_characters_does_not_stop_a_batch(question: str, over: Command) -> None:
    text = lines('{"id": 1, "question": "%s"}' % question, {"id": 2, "question": BMW})  # noqa: UP031
    run = over("ask", "--batch", "-", stdin=text)
    assert [item["id"] for item in run.lines] == [1, 2]
    assert run.lines[1]["status"] == "answered"


def test_a_batch_line_names_its_number(over: Command) -> None:
    run = over("search", "--batch", "-", stdin='\n{"id": 1, "query": "電池"}\n\nnonsense\n')
    assert run.status == 1
    assert "4" in run.lines[1]["error"] or "2" in run.lines[1]["error"]


def test_a_batch_takes_windows_line_ends_and_a_byte_order_mark(over: Command) -> None:
    text = "\ufeff" + lines({"id": 1, "query": "電池"}, {"id": 2, "query": "BMW"}).replace("\n", "\r\n")
    assert [item["id"] for item in over("search", "--batch", "-", stdin=text).lines] == [1, 2]


def test_a_batch_item_brings_its_own_history(over: Command) -> None:
    history = [{"role": "user", "content": "ヒルトンと滴滴出行は何を公表しましたか"}]
    text = lines(
        {"id": 1, "question": "それはいつですか", "history": history}, {"id": 2, "question": BMW, "history": None}
    )
    answers = over("ask", "--batch", "-", stdin=text).lines
    assert answers[0]["citations"][0]["row"] == "4-1"
    assert answers[1]["status"] == "answered"


def test_an_empty_batch_does_nothing(over: Command) -> None:
    run = over("ask", "--batch", "-", stdin="\n")
    assert (run.status, run.out) == (0, "")


def test_a_batch_that_is_not_there_is_an_error(over: Command, tmp_path: Path) -> None:
    run = over("ask", "--batch", tmp_path / "none.jsonl")
    assert run.status in (1, 2)
    assert_error(run, run.status, "none.jsonl")


def test_without_an_index_every_line_of_a_batch_fails_and_names_sync(command: Command, tmp_path: Path) -> None:
    text = lines({"id": 1, "question": "電池は何ですか"}, {"id": 2, "question": "BMW?"})
    run = command("ask", "--batch", "-", "--index", tmp_path / "none", stdin=text)
    assert run.status == 1
    assert "assistant sync" in run.out + run.err


def test_lookup_answers_every_line_of_a_batch(over: Command, tmp_path: Path) -> None:
    lines = [{"id": 1, "text": "CATLはスペインに工場を建設する。"}, {"id": 2, "text": " "}, {"id": 3}]
    file = tmp_path / "lines.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    run = over("lookup", "--batch", file)
    first, second, third = map(json.loads, run.out.splitlines())
    assert (run.status, first["id"], list(first["sentences"][0])) == (
        1,
        1,
        ["text", "start", "end", "stance", "matches"],
    )
    assert [list(one) for one in (second, third)] == [["id", "error", "hint"]] * 2


def test_a_broken_line_is_named_by_its_number_in_the_file(over: Command) -> None:
    run = over("search", "--batch", "-", stdin='\n\n{"id": 1, "query": "電池"}\n\nbroken\n')
    assert run.status == 1
    assert "5" in run.lines[1]["error"]


def test_an_id_comes_back_as_it_was_given(over: Command) -> None:
    run = over("lookup", "--batch", "-", stdin='{"id": "\\ud800", "text": "BMW \\ud83d"}\n')
    assert [(one["id"], one["text"]) for one in run.lines] == [("\ud800", "BMW \ud83d")]


def test_search_in_words_keeps_rows_apart_and_says_a_title_once(command: Command, tmp_path: Path) -> None:
    table = "# 市場の展望\n\n## 売上高\n\n| 社 | 額 |\n|---|---|\n| 甲社 | 12億円 |\n| 乙社 | 34億円 |\n"
    folders = "--corpus", write_corpus(tmp_path / "corpus", {"a.md": table}), "--index", tmp_path / "index"
    command("sync", *folders)
    shown = command("search", "甲社 乙社 12億円", "-k", "1", *folders).out.splitlines()
    assert shown[0].startswith("1. 市場の展望 · 売上高  [")
    assert shown[2:4] == ["   甲社 | 12億円", "   乙社 | 34億円"]
