"""A question that is put to some reports is answered from these alone, as if there were no others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path, PurePosixPath

import pytest

from assistant.assistant import Assistant
from assistant.errors import AssistantError
from assistant.pipeline import AnswerEngine, Question, ReportRetriever
from assistant.retrieval.scope import collections, within
from assistant.types import Done, Hit, ReportRef, Scope, Source, Status
from tests.conftest import NO_MODEL, write_corpus

PLANT = "The plant of {maker} in {town} employs {count} people and builds batteries."
TOWNS = ("Zaragoza", "Lyon", "Turin", "Ghent")
ALL = 10_000
EVERY = "Which plant builds batteries?"


def report(name: str, plants: Iterable[int], issued: str = "") -> str:
    sections = (
        f"## Plant {at}\n\n{PLANT.format(maker=name, town=TOWNS[at % 4], count=100 + at)}\n\n電池の工場は{at}番目である。\n"
        for at in plants
    )
    front = f"---\ntitle: Plants of {name}\nissued: {issued}\n---\n\n" if issued else ""
    return f"{front}# Plants of {name}\n\n" + "\n".join(sections)


@pytest.fixture(scope="module")
def plants(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """One report with very many passages, and three with a few in collections and of several dates."""
    folder = tmp_path_factory.mktemp("scope")
    files: dict[str, str | bytes] = {
        "large.md": report("Acme", range(150), "2025-12-04"),
        "makers/small.md": report("Bolt", range(3), "2024"),
        "makers/asia/far.md": report("Coil", range(3), "2025-06"),
        "undated.md": report("Dyn", range(2)),
    }
    made = Assistant.open(write_corpus(folder / "corpus", files), folder / "index", NO_MODEL)
    made.sync()
    return made


def ids(assistant: Assistant, *names: str) -> tuple[str, ...]:
    return tuple(ref.report_id for ref in assistant.reports() if ref.path.stem in names)


def found(assistant: Assistant, question: str, scope: Scope | None, k: int = ALL) -> list[Hit]:
    return assistant.search(assistant.understand(question, scope=scope), k)


def passages(hits: Iterable[Hit]) -> set[str]:
    return {hit.passage.passage_id for hit in hits}


@pytest.mark.parametrize("question", [EVERY, "電池の工場はどこですか", "Plants of Bolt with 101 people", "工場 Lyon"])
@pytest.mark.parametrize("names", [("small",), ("small", "far"), ("large",), ("undated",)])
def test_nothing_in_the_scope_is_missed_and_nothing_else_is_found(
    plants: Assistant, question: str, names: tuple[str, ...]
) -> None:
    chosen = ids(plants, *names)
    everything = found(plants, question, None)
    inside = found(plants, question, Scope(report_ids=chosen))
    assert passages(inside) == passages(hit for hit in everything if hit.report.report_id in chosen) != set()


def test_a_crowd_of_better_passages_elsewhere_takes_no_place(plants: Assistant) -> None:
    assert not [hit for hit in found(plants, "plants of Acme", None, 100) if hit.report.path.stem == "far"]
    inside = found(plants, "plants of Acme", Scope(report_ids=ids(plants, "far")), 100)
    assert [hit.rank for hit in inside] == [1, 2, 3, 4]
    assert {one.source for hit in inside for one in hit.contributions} == {"dense", "sparse"}


def test_a_scope_finds_what_an_index_of_its_reports_alone_finds(plants: Assistant, tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", {"far.md": (plants.corpus / "makers" / "asia" / "far.md").read_bytes()})
    alone = Assistant.open(corpus, tmp_path / "index", NO_MODEL)
    alone.sync()
    for question in (EVERY, "電池の工場", "101 people"):
        dense = [
            {hit.passage.passage_id: one.score for hit in hits for one in hit.contributions if one.source == "dense"}
            for hits in (found(alone, question, None), found(plants, question, Scope(report_ids=ids(plants, "far"))))
        ]
        assert dense[0] == dense[1] != {}


def test_answers_look_ups_and_summaries_come_from_the_scope_alone(plants: Assistant) -> None:
    scope = Scope(collections=("makers",))
    chosen = set(ids(plants, "small", "far"))
    for question in (EVERY, "Name the towns, and how many people work there?", "What do the reports say?"):
        answer = plants.ask(question, scope=scope)
        assert {hit.report.report_id for hit in answer.hits} <= chosen and answer.record.scope == scope
        assert {one.anchor.report_id for one in answer.citations} <= chosen
    (looked_up,) = plants.look_up(PLANT.format(maker="Bolt", town="Lyon", count=101), scope)
    assert {match.citation.anchor.report_id for match in looked_up.matches} <= chosen
    assert looked_up.stance == "supports"
    one = Scope(report_ids=ids(plants, "far"))
    summary = plants.ask("Please summarise this report", scope=one)
    assert summary.status is not Status.ABSTAINED
    assert {one.report.path.stem for one in summary.citations} == {"far"}


def test_the_pipeline_keeps_to_the_scope_and_answers_the_same(plants: Assistant) -> None:
    scope = Scope(report_ids=ids(plants, "small"))
    *_, done = AnswerEngine(plants).stream(EVERY, scope=scope)
    assert isinstance(done, Done)
    ours = plants.ask(EVERY, scope=scope)
    assert (done.answer.text, done.answer.citations, done.answer.record) == (ours.text, ours.citations, ours.record)
    nodes = ReportRetriever(plants, k=50).retrieve(Question(EVERY, scope=scope))
    assert {node.node.node_id for node in nodes} == passages(found(plants, EVERY, scope))


def test_a_scope_of_nothing_is_every_report(plants: Assistant) -> None:
    assert found(plants, EVERY, Scope()) == found(plants, EVERY, None)
    assert len(plants.reports(Scope())) == 4


@pytest.mark.parametrize(
    ("scope", "stems"),
    [
        (Scope(collections=("makers",)), {"small", "far"}),
        (Scope(collections=("makers/asia",)), {"far"}),
        (Scope(since="2025"), {"far", "large"}),
        (Scope(since="2025-07"), {"large"}),
        (Scope(until="2024-03-01"), {"small"}),  # 2024 could be January
        (Scope(since="2024-11-30", until="2025-06-15"), {"small", "far"}),
        (Scope(since="2025-12-04", until="2025-12-04"), {"large"}),
        (Scope(collections=("makers",), since="2025"), {"far"}),
    ],
)
def test_collections_and_dates_say_which_reports_are_meant(plants: Assistant, scope: Scope, stems: set[str]) -> None:
    assert {ref.path.stem for ref in plants.reports(scope)} == stems


def test_reports_and_collections_add_up(plants: Assistant) -> None:
    both = Scope(report_ids=ids(plants, "undated"), collections=("makers/asia",))
    assert {ref.path.stem for ref in plants.reports(both)} == {"undated", "far"}


@pytest.mark.parametrize(
    ("scope", "code"),
    [
        (Scope(report_ids=("0123456789ab",)), "scope_unknown"),
        (Scope(collections=("nobody",)), "scope_unknown"),
        (Scope(since="2030"), "scope_empty"),
        (Scope(since="2025-12-05", until="2025-12-03"), "scope_empty"),
        (Scope(since="last year"), "scope_date"),
        (Scope(until="2025-13-01"), "scope_date"),
    ],
)
def test_a_scope_without_reports_is_said_and_never_widened(plants: Assistant, scope: Scope, code: str) -> None:
    with pytest.raises(AssistantError, match=code):
        plants.ask(EVERY, scope=scope)
    with pytest.raises(AssistantError, match=code):
        plants.look_up(EVERY, scope)


def test_a_date_that_is_none_is_in_no_range() -> None:
    ref = ReportRef("a" * 12, PurePosixPath("x/y/z.md"), Source(issued="winter 2025"))
    assert collections(ref) == ("x/y", "x") and collections(replace(ref, path=PurePosixPath("z.md"))) == ()
    with pytest.raises(AssistantError, match="scope_empty"):
        within(Scope(since="1900"), {ref.report_id: ref})
