"""The corpus's vocabulary: its commonest words, embedded once and as they are written, found by meaning."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from assistant.errors import StoreError
from assistant.stores import vocabulary
from assistant.stores.vocabulary import Vocabulary, edit_distance

PLACES = {
    "電池": (1.0, 0.0),
    "batteries": (0.96, 0.28),
    "工場": (0.0, 1.0),
    "plant": (0.28, 0.96),
    "plants": (0.0, 1.0),
}


class Plane:
    """Words as points of a plane; what it embedded is remembered."""

    dimensions = 2

    def __init__(self, fingerprint: str = "plane/1") -> None:
        self.fingerprint = fingerprint
        self.embedded: list[str] = []

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded += texts
        return np.array([PLACES.get(text, (-1.0, 0.0)) for text in texts], dtype=np.float32)


FREQUENCIES = {"電池": 5, "batteri": 3, "工場": 4, "plant": 2}
TEXTS = ("Batteries and batteries from a battery plant", "BATTERIES")


@pytest.fixture
def made() -> Vocabulary:
    return Vocabulary.build(FREQUENCIES, TEXTS, Plane())


def near(made: Vocabulary, word: str, japanese: bool, most: int = 5, least: float = 0.0) -> list[tuple[str, float]]:
    return made.nearest(Plane().embed_queries([word]), [japanese], most, least)[0]


def test_a_word_reaches_the_nearest_of_the_other_script_best_first(made: Vocabulary) -> None:
    assert near(made, "batteries", True) == [("電池", 0.96), ("工場", pytest.approx(0.28, abs=0.01))]
    assert [term for term, _ in near(made, "電池", False)] == ["batteri", "plant"]


def test_only_so_many_and_only_so_near_words_are_given(made: Vocabulary) -> None:
    assert [term for term, _ in near(made, "batteries", True, most=1)] == ["電池"]
    assert [term for term, _ in near(made, "batteries", True, least=0.5)] == ["電池"]
    assert near(made, "unknown", True, least=0.1) == []


def test_several_words_are_looked_up_at_once_each_in_its_script(made: Vocabulary) -> None:
    vectors = Plane().embed_queries(["電池", "plants"])
    assert [row[0][0] for row in made.nearest(vectors, [False, True], 1, 0.0)] == ["batteri", "工場"]


def test_equally_near_words_go_by_their_spelling() -> None:
    made = Vocabulary.build({"い語": 1, "あ語": 1, "う語": 1}, (), Plane())
    assert [term for term, _ in near(made, "unknown", True, most=3)] == ["あ語", "い語", "う語"]


def test_a_stem_is_embedded_as_the_reports_write_the_word() -> None:
    plane = Plane()
    Vocabulary.build(FREQUENCIES, TEXTS, plane)
    assert plane.embedded == ["電池", "工場", "batteries", "plant"]


def test_numbers_marks_and_single_letters_are_no_words() -> None:
    assert len(Vocabulary.build({"2025": 9, "a": 9, "…": 9, "41億": 9, "車": 1}, (), Plane())) == 1


def test_only_the_commonest_words_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vocabulary, "MOST_WORDS", 2)
    plane = Plane()
    Vocabulary.build(FREQUENCIES, TEXTS, plane)
    assert plane.embedded == ["電池", "工場"]


def test_what_was_embedded_before_is_embedded_again_only_by_another_embedder(made: Vocabulary) -> None:
    plane, other = Plane(), Plane("plane/2")
    again = Vocabulary.build({**FREQUENCIES, "新語": 9}, TEXTS, plane, made)
    assert plane.embedded == ["新語"]
    assert near(again, "batteries", True)[0] == ("電池", 0.96)
    Vocabulary.build(FREQUENCIES, TEXTS, other, made)
    assert len(other.embedded) == 4


def test_a_vocabulary_is_opened_again(made: Vocabulary, tmp_path: Path) -> None:
    made.save(tmp_path)
    opened = Vocabulary.load(tmp_path)
    assert near(opened, "電池", False) == near(made, "電池", False) != []
    assert len(opened) == 4


def test_an_empty_vocabulary_has_nothing_near() -> None:
    assert near(Vocabulary.build({}, (), Plane()), "電池", False) == []


@pytest.mark.parametrize("file", [Vocabulary.TERMS_FILE, Vocabulary.VECTORS_FILE])
def test_a_damaged_file_is_told(file: str, made: Vocabulary, tmp_path: Path) -> None:
    made.save(tmp_path)
    (tmp_path / file).write_bytes(b"\x00 nothing")
    with pytest.raises(StoreError, match="derived_damaged"):
        Vocabulary.load(tmp_path)


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [("abc", "abc", 0), ("abc", "acb", 1), ("abc", "ab", 1), ("abc", "abxc", 1), ("abc", "axc", 1), ("abc", "cab", 2)],
)
def test_letters_left_out_added_changed_or_swapped_are_one_slip(one: str, other: str, distance: int) -> None:
    assert edit_distance(one, other, 2) == edit_distance(other, one, 2) == distance


def test_distances_beyond_what_is_asked_are_not_reckoned() -> None:
    assert edit_distance("abcdef", "uvwxyz", 2) == 3


@settings(max_examples=60, deadline=None)
@given(st.text("アイウエ", max_size=7), st.text("アイウエ", max_size=7))
def test_the_distance_is_symmetric_and_zero_for_the_same_alone(one: str, other: str) -> None:
    assert edit_distance(one, other, 9) == edit_distance(other, one, 9)
    assert (edit_distance(one, other, 9) == 0) == (one == other)


SPELLED = {"コンチネンタル": 3, "シェフラー": 2, "batteri": 2, "電気": 1, "電池": 1}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("コンチネンルタ", "コンチネンタル"),
        ("シェフー", "シェフラー"),
        ("ｼｪﾌﾗー", None),  # the same, in half-width: no slip
        ("Baterries", None),  # two slips in nine letters are allowed for, but it is embedded as "battery"
        ("Batery", "batteri"),
        ("attery", None),  # the first letter is never wrong
        ("電地", None),  # Han are not typed letter by letter
        ("シェフ", None),
    ],
)
def test_a_mistyped_word_stands_for_the_commonest_that_is_spelled_like_it(typed: str, meant: str | None) -> None:
    found = Vocabulary.build(SPELLED, ("battery",), Plane()).spelled_like(typed)
    assert (found and found[0]) == meant
