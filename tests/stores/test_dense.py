"""The dense index against the plainest search there is, and what it does with damaged files."""

import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import StoreError
from assistant.stores.dense import DenseIndex, UnitVectors, eight_bit, vector_id
from tests.conftest import vectors


def ids(scored: list[tuple[str, float]]) -> list[str]:
    return [passage_id for passage_id, _ in scored]


@pytest.fixture
def index() -> DenseIndex:
    made = DenseIndex(2)
    made.add(["east", "north", "between"], vectors([1, 0], [0, 1], [1, 1]))
    return made


def test_the_nearest_comes_first_with_its_cosine(index: DenseIndex) -> None:
    assert index.search(vectors([1, 0])[0], 3) == [("east", 1.0), ("between", pytest.approx(2**-0.5, abs=1e-6))]


def test_what_is_orthogonal_or_opposite_is_no_hit(index: DenseIndex) -> None:
    assert index.search(vectors([-1, 0])[0], 3) == []
    assert ids(index.search(vectors([0, -1])[0], 3)) == []


def test_a_zero_vector_finds_nothing_and_is_found_by_nothing(index: DenseIndex) -> None:
    index.add(["empty"], np.zeros((1, 2), dtype=np.float32))
    assert index.search(np.zeros(2, dtype=np.float32), 3) == []
    assert "empty" not in ids(index.search(vectors([1, 1])[0], 4))


def test_k_limits_and_an_empty_index_finds_nothing(index: DenseIndex) -> None:
    assert ids(index.search(vectors([1, 0])[0], 1)) == ["east"]
    assert index.search(vectors([1, 0])[0], 0) == []
    assert DenseIndex(2).search(vectors([1, 0])[0], 3) == []


@pytest.mark.parametrize("ties", [3, 60])
def test_ties_go_by_passage_id_in_whatever_order_they_came(ties: int) -> None:
    names = [f"p{number:02}" for number in range(ties)]
    for seed in range(3):
        shuffled = random.Random(seed).sample(names, len(names))
        index = DenseIndex(2)
        index.add(shuffled, vectors(*([1, 0] for _ in names)))
        assert ids(index.search(vectors([1, 0])[0], 3)) == names[:3]


def test_adding_an_id_again_replaces_its_vector(index: DenseIndex) -> None:
    index.add(["east"], vectors([0, 1]))
    assert len(index) == 3
    assert ids(index.search(vectors([0, 1])[0], 3)) == ["east", "north", "between"]
    assert ids(index.search(vectors([1, 0])[0], 3)) == ["between"]


def test_a_deleted_id_is_found_no_more_and_can_come_back(index: DenseIndex) -> None:
    index.remove(["east", "never there"])
    assert index.passage_ids == ["between", "north"]
    assert ids(index.search(vectors([1, 0])[0], 3)) == ["between"]
    index.add(["east"], vectors([1, 0]))
    assert ids(index.search(vectors([1, 0])[0], 1)) == ["east"]


def test_stored_vectors_come_back_in_the_order_asked(index: DenseIndex) -> None:
    assert index.vectors(["north", "east"]).tolist() == [[0, 1], [1, 0]]


def test_an_id_is_positive_stable_and_its_own() -> None:
    names = [f"report:{number}-{number + 9}" for number in range(2000)]
    numbers = [vector_id(name) for name in names]
    assert len(set(numbers)) == len(names)
    assert all(0 <= number < 2**63 for number in numbers)
    assert vector_id("0123456789ab:0-10") == vector_id("0123456789ab:0-10")


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 9), st.booleans(), st.integers(0, 63)), max_size=40),
    st.integers(0, 63),
)
def test_after_any_history_search_equals_the_plain_one(history: list[tuple[int, bool, int]], asked: int) -> None:
    space = vectors(*([np.cos(angle / 10), np.sin(angle / 10)] for angle in range(64)))
    index, kept = DenseIndex(2), dict[str, int]()
    for name, is_added, angle in history:
        if is_added:
            index.add([f"p{name}"], space[angle : angle + 1])
            kept[f"p{name}"] = angle
        else:
            index.remove([f"p{name}"])
            kept.pop(f"p{name}", None)
    plain = [(name, round(float(space[angle] @ space[asked]), 4)) for name, angle in kept.items()]
    expected = sorted((pair for pair in plain if pair[1] > 0), key=lambda pair: (-pair[1], pair[0]))
    found = [(name, round(score, 4)) for name, score in index.search(space[asked], 10)]
    assert sorted(found, key=lambda pair: (-pair[1], pair[0])) == expected
    assert all(score > 0 for _, score in found)
    assert (len(index), index.passage_ids) == (len(kept), sorted(kept))


def test_a_hit_never_has_the_score_zero() -> None:
    index = DenseIndex(2)
    index.add(["almost orthogonal"], vectors([1, 1e-8]))
    assert index.search(vectors([0, 1])[0], 1) == []


def test_save_and_load_round_trip(index: DenseIndex, tmp_path: Path) -> None:
    index.remove(["north"])
    index.save(tmp_path)
    loaded = DenseIndex.load(tmp_path)
    assert loaded.passage_ids == ["between", "east"]
    assert loaded.search(vectors([1, 0])[0], 3) == index.search(vectors([1, 0])[0], 3)
    loaded.add(["north"], vectors([0, 1]))
    assert ids(loaded.search(vectors([0, 1])[0], 1)) == ["north"]


def test_an_empty_index_round_trips(tmp_path: Path) -> None:
    DenseIndex(2).save(tmp_path)
    assert len(DenseIndex.load(tmp_path)) == 0


@pytest.mark.parametrize("file", [DenseIndex.INDEX_FILE, DenseIndex.IDS_FILE])
@pytest.mark.parametrize("damage", ["missing", "empty", "cut", "noise"])
def test_a_damaged_file_is_told(file: str, damage: str, index: DenseIndex, tmp_path: Path) -> None:
    index.save(tmp_path)
    data = (tmp_path / file).read_bytes()
    (tmp_path / file).unlink()
    if damage != "missing":
        damaged = {"empty": b"", "cut": data[: len(data) // 2], "noise": b"\xff" * len(data)}[damage]
        (tmp_path / file).write_bytes(damaged)
    with pytest.raises(StoreError, match="derived_damaged"):
        DenseIndex.load(tmp_path)


def test_an_index_that_does_not_agree_with_its_ids_is_told(index: DenseIndex, tmp_path: Path) -> None:
    index.save(tmp_path)
    (tmp_path / DenseIndex.IDS_FILE).write_text('["east", "north"]', encoding="utf-8")
    with pytest.raises(StoreError, match="counts differ"):
        DenseIndex.load(tmp_path)


def test_the_nearest_units_of_many_passages_are_found_at_once() -> None:
    rows = [("a", np.eye(3)[:2]), ("none", np.zeros((0, 3))), ("b", np.eye(3)[2:])]
    units = UnitVectors(3)
    for name, made in rows:
        units.add(name, eight_bit(made.astype(np.float32)))
    vector = np.array([0.6, 0.8, 0.0], dtype=np.float32)
    assert units.best(["b", "none", "a", "unknown"], vector).tolist() == pytest.approx([0.0, -1.0, 0.8, -1.0])
    assert units.best([], vector).tolist() == []
