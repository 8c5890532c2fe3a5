"""Both searches fused: what found a hit is said, and the languages meet over names, dates and amounts."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.assistant import Assistant
from assistant.retrieval.search import fuse, until_scores_drop
from assistant.types import Contribution, Hit
from tests.conftest import NO_MODEL, Shipped, write_corpus

SHARE = {"sparse": 1.0, "dense": 0.1}


def search(shipped: Shipped, question: str, k: int = 10) -> list[Hit]:
    return shipped.assistant.search(shipped.assistant.understand(question), k)


def rows(hits: list[Hit]) -> list[str | None]:
    return [hit.passage.row for hit in hits]


def test_fusion_adds_shares_of_scores_and_says_what_found_it() -> None:
    fused = fuse({"sparse": [("a", 8.0), ("b", 6.0)], "dense": [("b", 0.9)]}, {"sparse": 1.0, "dense": 0.5})
    assert fused == [
        ("b", 1.25, (Contribution("dense", 1, 0.9), Contribution("sparse", 2, 6.0))),
        ("a", 1.0, (Contribution("sparse", 1, 8.0),)),
    ]


def test_fusion_breaks_ties_by_passage_id() -> None:
    rankings = {"one": [("b", 1.0), ("a", 0.5)], "two": [("a", 1.0), ("b", 0.5)]}
    assert [passage_id for passage_id, _, _ in fuse(rankings, {"one": 1.0, "two": 1.0})] == ["a", "b"]


RANKING = st.lists(st.sampled_from("abcdefgh"), unique=True, max_size=8).map(lambda ids: [(one, 1.0) for one in ids])


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(["dense", "sparse", "third"]), RANKING), st.randoms(use_true_random=False))
def test_fusion_does_not_depend_on_the_order_of_its_input(
    rankings: dict[str, list[tuple[str, float]]], moments: random.Random
) -> None:
    share = {"dense": 0.1, "sparse": 1.0, "third": 0.5}
    names = list(rankings)
    moments.shuffle(names)
    fused = fuse({name: rankings[name] for name in names}, share)
    assert fused == fuse(rankings, share)
    assert {passage_id for passage_id, _, _ in fused} == {one for ranking in rankings.values() for one, _ in ranking}
    assert [score for _, score, _ in fused] == sorted((score for _, score, _ in fused), reverse=True)


def test_hits_are_ranked_from_one_with_falling_scores_and_true_anchors(shipped: Shipped) -> None:
    hits = search(shipped, "モメンタと提携した会社はどこですか", 20)
    assert [hit.rank for hit in hits] == list(range(1, 21))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    for hit in hits:
        anchor = hit.passage.anchor
        report = shipped.assistant.report(anchor.report_id)
        assert report.text[anchor.start : anchor.end] == hit.passage.text
        assert report.ref == hit.report
        assert hit.contributions
        assert {one.source for one in hit.contributions} <= {"dense", "sparse"}
        assert all(one.rank >= 1 and one.score > 0 for one in hit.contributions)


def test_k_is_how_many_and_a_small_k_is_the_head_of_a_large_one(shipped: Shipped) -> None:
    many = search(shipped, "人型ロボットの活用", 30)
    assert [hit.passage.passage_id for hit in search(shipped, "人型ロボットの活用", 3)] == [
        hit.passage.passage_id for hit in many[:3]
    ]


def test_the_same_question_finds_the_same(shipped: Shipped) -> None:
    assert search(shipped, "低空経済とは何ですか") == search(shipped, "低空経済とは何ですか")


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("ＢＭＷとﾓﾒﾝﾀは何を共同開発しますか", "BMWとモメンタは何を共同開発しますか"),
        ("ＡＩコア産業は５，７８４億元", "AIコア産業は5,784億元"),
    ],
)
def test_a_full_width_question_finds_what_a_half_width_one_finds(wide: str, narrow: str, shipped: Shipped) -> None:
    one = [(hit.passage.passage_id, hit.score) for hit in search(shipped, wide)]
    assert one == [(hit.passage.passage_id, hit.score) for hit in search(shipped, narrow)] != []


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("How much are Stellantis and CATL investing in the Spanish battery plant?", "3-2"),
        ("What did Valeo and Momenta agree on?", "1-4"),
        ("What do Hilton and DiDi link?", "4-1"),
        ("What is Schaeffler building with Aridge?", "5-2"),
        ("ComfortDelGro and its partner in Singapore", "4-4"),
    ],
)
def test_an_english_question_finds_a_japanese_row_through_its_names(question: str, row: str, shipped: Shipped) -> None:
    assert row in rows(search(shipped, question, 3))


@pytest.mark.parametrize(
    ("question", "row"),
    [
        ("What was announced on 15 October 2025?", "4-6"),
        ("Which deal was announced on December 10, 2024?", "3-2"),
        ("2025-09-28", "1-5"),
        ("4.1 billion euros", "3-2"),
        ("€4,100 million", "3-2"),
    ],
)
def test_dates_and_amounts_meet_across_languages(question: str, row: str, shipped: Shipped) -> None:
    assert rows(search(shipped, question))[0] == row


def test_an_amount_in_english_finds_the_japanese_sentence(shipped: Shipped) -> None:
    assert "5,784億元" in search(shipped, "578.4 billion yuan")[0].passage.text


def test_what_no_report_knows_is_no_hit_of_the_sparse_search(shipped: Shipped) -> None:
    hits = search(shipped, "zzyzx qwrtp")
    assert all(one.source == "dense" for hit in hits for one in hit.contributions)


def test_the_japanese_and_the_english_question_find_the_same_report(tmp_path: Path) -> None:
    corpus = write_corpus(
        tmp_path / "corpus",
        {"a.txt": "Kioxia builds a memory plant in Kitakami.", "b.txt": "キオクシアは北上市に工場を建てる。"},
    )
    assistant = Assistant.open(corpus, tmp_path / "index", NO_MODEL)
    assistant.sync()
    for question in ("Where does Kioxia build?", "キオクシアはどこに建てますか"):
        hits = assistant.search(assistant.understand(question), 5)
        assert {str(hit.report.path) for hit in hits} == {"a.txt", "b.txt"}


def test_more_is_kept_until_scores_drop_but_never_less_than_asked(shipped: Shipped) -> None:
    hits = search(shipped, "モメンタと提携した会社をすべて挙げてください", 60)
    near = [hit for hit in hits if hit.score >= 0.4 * hits[0].score]
    assert until_scores_drop(hits, 1) == near
    assert until_scores_drop(hits, len(near) + 3) == hits[: len(near) + 3]
    assert until_scores_drop([], 5) == []


def test_a_question_that_wants_everything_is_answered_from_more(shipped: Shipped) -> None:
    assistant = shipped.assistant
    one, everything = (
        assistant.understand(text) for text in ("協業は誰が発表しましたか", "協業をすべて挙げてください")
    )
    assert len(assistant.evidence(one)) == 20 < len(assistant.evidence(everything)) <= 60
    assert assistant.evidence(everything)[:20] == assistant.search(everything, 20)
