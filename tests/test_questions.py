"""The questions that ship: well-formed, and each can be answered from the digests in corpus/ (or really not)."""

import json
import unicodedata
from collections import Counter
from pathlib import Path, PurePosixPath
from typing import Any

import pytest

from assistant.reading import reader

CORPUS = Path(__file__).parent.parent / "corpus"
FILES = {language: Path(__file__).parent / "questions" / f"digests.{language}.jsonl" for language in ("ja", "en")}
TYPES = {
    *("fact", "table", "number", "list", "compare", "definition", "why", "overview", "cross-doc", "paraphrase"),
    *("followup", "false-premise", "unanswerable"),
}
DOCUMENTS = {"jetro", "nri", "both"}
KEYS = {"id", "lang", "question", "type", "doc", "must_include", "answer_ja", "answer_en", "evidence", "history"}


def bare(text: str) -> str:
    """What evidence is compared by: NFKC without white space."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def folded(text: str) -> str:
    """What must_include is compared by: NFKC, lower case."""
    return unicodedata.normalize("NFKC", text).lower()


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """The canonical text of each digest that ships, by the name that the questions use."""
    files = {path.name.partition("-")[0]: path for path in CORPUS.glob("*.digest.md")}
    return {name: reader.read(path.read_bytes(), PurePosixPath(path.name)).text for name, path in files.items()}


@pytest.fixture(params=FILES)
def questions(request: pytest.FixtureRequest) -> list[dict[str, Any]]:
    """The questions of one language."""
    lines = FILES[request.param].read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    assert {row["lang"] for row in rows} == {request.param}
    return rows


def test_ids_are_unique_over_both_files() -> None:
    lines = [line for path in FILES.values() for line in path.read_text(encoding="utf-8").splitlines()]
    counted = Counter(json.loads(line)["id"] for line in lines)
    assert [name for name, count in counted.items() if count > 1] == []


def test_every_question_has_a_known_type_and_document_and_no_unknown_field(questions: list[dict[str, Any]]) -> None:
    assert [row["id"] for row in questions if row["type"] not in TYPES or row["doc"] not in DOCUMENTS] == []
    assert [row["id"] for row in questions if not set(row) <= KEYS or not row["question"].strip()] == []


def test_at_least_thirty_can_be_answered_and_six_cannot(questions: list[dict[str, Any]]) -> None:
    unanswerable = [row for row in questions if row["type"] == "unanswerable"]
    assert len(unanswerable) >= 6
    assert len(questions) - len(unanswerable) >= 30


def test_every_kind_of_question_is_there(questions: list[dict[str, Any]]) -> None:
    assert TYPES - {"overview"} <= {row["type"] for row in questions}


def test_what_can_be_answered_says_how_it_is_judged(questions: list[dict[str, Any]]) -> None:
    for row in questions:
        if row["type"] == "unanswerable":
            assert "must_include" not in row and "evidence" not in row, row["id"]
        else:
            assert row["must_include"] and all(row["must_include"]) and row["evidence"], row["id"]
        assert row["answer_ja"] and row["answer_en"], row["id"]


def test_every_evidence_stands_in_the_document_that_the_question_names(
    questions: list[dict[str, Any]], texts: dict[str, str]
) -> None:
    held = {name: bare(text) for name, text in texts.items()}
    for row in questions:
        wanted = held.values() if row["doc"] == "both" else [held[row["doc"]]]
        missing = [one for one in row.get("evidence", []) if not any(bare(one) in text for text in wanted)]
        assert missing == [], row["id"]


def test_a_question_over_both_documents_has_evidence_in_each(
    questions: list[dict[str, Any]], texts: dict[str, str]
) -> None:
    both = [row for row in questions if row["doc"] == "both"]
    assert len(both) >= 4
    for row in both:
        for name, text in texts.items():
            assert any(bare(one) in bare(text) for one in row["evidence"]), (row["id"], name)


def test_every_group_has_an_alternative_that_stands_in_the_corpus(
    questions: list[dict[str, Any]], texts: dict[str, str]
) -> None:
    corpus = folded("\n".join(texts.values()))
    for row in questions:
        absent = [group for group in row.get("must_include", []) if not any(folded(one) in corpus for one in group)]
        assert absent == [], row["id"]


def test_a_followup_has_a_history_and_nothing_else_has_one(questions: list[dict[str, Any]]) -> None:
    for row in questions:
        assert ("history" in row) == (row["type"] == "followup"), row["id"]
        roles = [turn["role"] for turn in row.get("history", [])]
        assert roles == ["user", "assistant"] * (len(roles) // 2), row["id"]
