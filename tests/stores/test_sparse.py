"""BM25 over words, name keys and quantities: weights, ties, nothing for nothing, and damaged folders."""

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import StoreError
from assistant.stores.codec import Terms
from assistant.stores.sparse import SparseIndex


def words(*found: str) -> Terms:
    return Terms(found, (), ())


def ids(scored: list[tuple[str, float]]) -> list[str]:
    return [passage_id for passage_id, _ in scored]


@pytest.fixture
def index() -> SparseIndex:
    return SparseIndex.build(
        [
            ("a", words("電池", "工場")),
            ("b", words("電池", "電池", "工場", "投資")),
            ("c", Terms(("投資",), ("strnts",), ("=EUR:4100000000", "@2025-07-15"))),
            ("d", words()),
        ]
    )


def test_a_passage_without_any_term_is_no_hit(index: SparseIndex) -> None:
    assert ids(index.search({"words": {"工場": 1.0}}, 10)) == ["a", "b"]
    assert index.search({"words": {"火星": 1.0}}, 10) == []


def test_nothing_asked_finds_nothing(index: SparseIndex) -> None:
    assert index.search({}, 10) == []
    assert index.search({"words": {}}, 10) == []
    assert index.search({"words": {"工場": 0.0}}, 10) == []
    assert index.search({"words": {"工場": 1.0}}, 0) == []
    assert SparseIndex.build([]).search({"words": {"工場": 1.0}}, 10) == []


def test_each_field_is_searched_by_itself(index: SparseIndex) -> None:
    assert ids(index.search({"names": {"strnts": 1.0}}, 10)) == ["c"]
    assert ids(index.search({"quantities": {"=EUR:4100000000": 1.0}}, 10)) == ["c"]
    assert index.search({"words": {"strnts": 1.0}}, 10) == []


def test_a_term_counts_as_much_as_it_weighs(index: SparseIndex) -> None:
    ((_, once),) = index.search({"names": {"strnts": 1.0}}, 10)
    ((_, half),) = index.search({"names": {"strnts": 0.5}}, 10)
    assert half == pytest.approx(once / 2, abs=1e-3)
    heavy = index.search({"words": {"電池": 0.1}, "names": {"strnts": 3.0}}, 10)
    light = index.search({"words": {"電池": 3.0}, "names": {"strnts": 0.1}}, 10)
    assert (heavy[0][0], light[0][0]) == ("c", "b")


def test_of_the_names_of_one_word_the_best_counts_and_not_their_number() -> None:
    made = SparseIndex.build([("a", words("電池", "蓄電池")), ("b", words("電池", "工場")), ("c", words("車", "道"))])
    ((first, both), (second, one)) = made.search({}, 9, [{"電池": 1.0, "蓄電池": 0.9}])
    assert (first, second) == ("a", "b")
    assert one < both < 1.2 * one


def test_names_of_one_word_are_as_rare_as_all_of_them_together() -> None:
    made = SparseIndex.build([("foreign", words("battery")), *((f"p{n}", words("電池")) for n in range(8))])
    (alone,) = made.search({"words": {"battery": 1.0}}, 1)
    together = dict(made.search({}, 9, [{"battery": 1.0, "電池": 1.0}]))
    assert alone[1] > 3 * together["foreign"]
    assert together["foreign"] == pytest.approx(together["p0"], rel=0.1)


def test_empty_groups_find_nothing(index: SparseIndex) -> None:
    assert index.search({}, 9, [{}]) == index.search({}, 9, [{"火星": 1.0}]) == []


def test_rare_terms_count_more_than_common_ones() -> None:
    made = SparseIndex.build(
        [("a", words("よくある", "語")), ("b", words("まれな", "語")), ("c", words("よくある", "句"))]
    )
    assert ids(made.search({"words": {"よくある": 1.0, "まれな": 1.0}}, 3))[0] == "b"


@pytest.mark.parametrize("ties", [3, 150])
def test_ties_go_by_passage_id_in_whatever_order_they_came(ties: int) -> None:
    names = [f"p{number:03}" for number in range(ties)]
    for seed in range(2):
        shuffled = random.Random(seed).sample(names, ties)
        index = SparseIndex.build((name, words("電池")) for name in shuffled)
        assert ids(index.search({"words": {"電池": 1.0}}, 2)) == names[:2]


def test_document_frequencies_count_passages_not_occurrences(index: SparseIndex) -> None:
    assert index.document_frequencies("words", ["電池", "投資", "火星"]) == [2, 2, 0]
    assert index.document_frequencies("quantities", ["@2025-07-15"]) == [1]
    assert len(index) == 4


def test_a_term_with_white_space_is_one_term() -> None:
    index = SparseIndex.build([("a", words("new york")), ("b", words("new", "york")), ("c", words("new\u3000york"))])
    assert ids(index.search({"words": {"new york": 1.0}}, 10)) == ["a", "c"]
    assert index.document_frequencies("words", ["new york"]) == [2]


TERM = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=6)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.lists(TERM, max_size=5), max_size=8), st.lists(TERM, min_size=1, max_size=3))
def test_exactly_the_passages_that_hold_a_term_are_found(passages: list[list[str]], asked: list[str]) -> None:
    index = SparseIndex.build((f"p{number}", words(*terms)) for number, terms in enumerate(passages))
    found = index.search({"words": dict.fromkeys(asked, 1.0)}, 20)
    assert set(ids(found)) == {f"p{n}" for n, terms in enumerate(passages) if set(terms) & set(asked)}
    assert all(score > 0 for _, score in found)
    assert found == sorted(found, key=lambda pair: (-pair[1], pair[0]))


def test_an_index_in_a_folder_is_opened_again(tmp_path: Path) -> None:
    built = SparseIndex.build([("a", words("電池")), ("b", words("電池", "工場"))], tmp_path)
    opened = SparseIndex.load(tmp_path)
    assert opened.search({"words": {"電池": 1.0}}, 5) == built.search({"words": {"電池": 1.0}}, 5) != []


@pytest.mark.parametrize("damage", ["missing", "noise"])
def test_a_damaged_folder_is_told(damage: str, tmp_path: Path) -> None:
    SparseIndex.build([("a", words("電池"))], tmp_path)
    meta = tmp_path / "meta.json"
    meta.unlink()
    if damage == "noise":
        meta.write_bytes(b"\xff\x00 not json")
    with pytest.raises(StoreError, match="derived_damaged"):
        SparseIndex.load(tmp_path)
