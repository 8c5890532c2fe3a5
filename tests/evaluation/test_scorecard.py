"""The scorecard and its numbers as JSON, CSV and Markdown: complete, the same everywhere, and nothing unescaped."""

from __future__ import annotations

import csv
import io
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from assistant.evaluation.aggregate import aggregate
from assistant.evaluation.compare import compare
from assistant.evaluation.questions import Question, Type
from assistant.evaluation.results import Header, Results
from assistant.evaluation.run import Reply, run
from assistant.evaluation.scorecard import scorecard
from assistant.evaluation.summary import Summary, as_json, badness, csv_text, questions_csv
from assistant.evaluation.tables import markdown
from assistant.evaluation.thresholds import Threshold, examine
from assistant.types import Language, Verdict
from tests.evaluation.samples import ABSTAINED, answer, citation, claim, hits, question, scored

EVIL = '<script>alert(1)</script> "quoted" & <img src=x onerror=alert(2)> | ]]>'
TEXT = f"量産は2026年末に始まる。{EVIL}"
HEADER = Header("q<b>.jsonl", "0" * 64, "f" * 16, "fake & co", "2026-01-01T00:00:00+00:00")
QUESTIONS = [
    question(id="right", evidence=(TEXT,), must_include=(("2026年",),), doc=EVIL),
    question(
        EVIL,
        id="wrong",
        language=Language.EN,
        evidence=("nowhere", EVIL),
        must_include=(("2027",), (EVIL,)),
        type=Type.TABLE,
    ),
    question(id="none", type=Type.UNANSWERABLE),
    question(id="failed", evidence=(TEXT,), must_include=(("2026年",),)),
    question(id="unscored", type=None, references=((None, EVIL),)),
]


def replied(asked: Question) -> Reply:
    if asked.id == "failed":
        raise RuntimeError(EVIL)
    if asked.id == "none":
        return Reply(ABSTAINED, hits("無"))
    verdict = Verdict.UNSUPPORTED if asked.id == "wrong" else Verdict.SUPPORTED
    said = claim(TEXT, 1, verdict=verdict)
    return Reply(answer(f"{TEXT} [1]", claims=[said], citations=[citation(1, TEXT, TEXT, verdict)]), hits("無", TEXT))


@pytest.fixture
def results(tmp_path: Path) -> Results:
    found = Results(tmp_path / "run")
    found.begin(HEADER)
    run(QUESTIONS, replied, found)
    return found


@pytest.fixture
def summary(results: Results) -> Summary:
    values = tuple(results.scored())
    aggregated = aggregate(values)
    outcomes = examine([Threshold("correct", "", 0.9), Threshold("failed", "", 0.5)], aggregated)
    return Summary(HEADER, values, aggregated, outcomes, compare(values[:3], values), "before & after")


class Tags(HTMLParser):
    """Every tag of a page, and whether all that were opened were closed in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.attributes: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("language", list(Language))
def test_the_page_is_well_formed_escaped_and_needs_nothing_else(
    results: Results, summary: Summary, language: Language
) -> None:
    page = scorecard(summary, results.rows, language)
    tags = Tags(page)
    assert tags.open == []
    assert not {"script", "img", "link", "iframe", "b", "object", "embed"} & set(tags.tags)
    assert not {name for name in tags.attributes if name.startswith("on")} | {"src", "href"} & tags.attributes
    assert not re.search(r"url\(|@import|https?://", page)
    assert tags.tags.count("svg") == 3
    assert tags.tags.count("details") == len(QUESTIONS)
    assert f'<html lang="{language}">' in page


def test_the_worst_question_comes_first_and_each_says_what_was_found_and_missed(
    results: Results, summary: Summary
) -> None:
    assert summary.worst_first == ("failed", "wrong", "right", "none", "unscored")
    page = scorecard(summary, results.rows, Language.EN)
    ids = re.findall(r'<span class="id">(\w+)</span>', page)
    assert tuple(ids) == summary.worst_first
    wrong = page.split('<span class="id">wrong</span>')[1].split("</details>")[0]
    assert "found at rank 2" in wrong and "missed" in wrong and "unsupported" in wrong


def test_json_csv_and_markdown_say_the_same_numbers(summary: Summary) -> None:
    """correct: right 1, wrong 0, none 1, failed 0 of four; unscored is not counted."""
    found = as_json(summary)["measures"]["correct"]["all"]
    assert (found["value"], found["counted"], found["questions"]) == (0.5, 4, 5)
    rows = list(csv.DictReader(io.StringIO(csv_text(summary).removeprefix("\ufeff"))))
    (line,) = [row for row in rows if row["measure"] == "correct" and not (row["lang"] + row["type"] + row["doc"])]
    assert {name: float(line[name]) for name in ("value", "low", "high", "counted", "questions")} == found
    table = markdown(summary, Language.EN)
    assert re.search(r"\| Correct \| 0\.50 \[0\.\d+, 1\.00\] n=4 \|", table)
    assert "| correct | ≥ 0.9 | 0.50 | missed |" in table
    assert "<script>" not in table


def test_the_questions_csv_has_a_line_for_every_question_and_no_formulas(summary: Summary) -> None:
    rows = list(csv.DictReader(io.StringIO(questions_csv(summary).removeprefix("\ufeff"))))
    assert [row["id"] for row in rows] == list(summary.worst_first)
    assert [row["correct"] for row in rows] == ["0.0", "0.0", "1.0", "1.0", ""]
    formula = Summary(HEADER, (scored("=1+1"),), aggregate([scored("=1+1")]))
    assert questions_csv(formula).splitlines()[1].startswith("'=1+1,")


def test_a_run_longer_than_the_page_says_how_many_are_left_out(results: Results, summary: Summary) -> None:
    page = scorecard(summary, results.rows, Language.EN, most=2)
    assert "The worst 2 of 5 are shown" in page
    assert page.count("<details") == 2


def test_badness_puts_a_failure_before_a_wrong_answer_before_a_right_one() -> None:
    """Lost: wrong (1 + 1)/2 of its two measures -> (1 + 1)/2; right with bad evidence (0 + 1)/2 -> 1/4."""
    failed = scored("a", failed=(1.0, 1))
    wrong = scored("b", **{"correct": (0.0, 1), "success@5": (0.0, 1)})
    right = scored("c", **{"correct": (1.0, 1), "success@5": (0.0, 1)})
    assert [badness(one) for one in (failed, wrong, right, scored("d"))] == [2.0, 1.0, 0.25, 0.0]


@pytest.mark.parametrize("language", list(Language))
def test_runs_without_a_common_question_are_said_to_be_incomparable(results: Results, language: Language) -> None:
    values = tuple(results.scored())
    summary = Summary(HEADER, values, aggregate(values), comparison=compare([scored("other")], values))
    for page in (scorecard(summary, results.rows, language), markdown(summary, language)):
        assert {"ja": "両方にある質問がない", "en": "no question in common"}[language] in page
