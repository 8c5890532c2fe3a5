"""Words of a question under other names: what is looked up, and what the nearest words weigh."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from assistant.retrieval.expansion import PAIR_SHARE, SLIP_SHARE, asked, broadened
from assistant.retrieval.query import CARRIED, understand, weigh
from assistant.stores.vocabulary import Vocabulary
from assistant.types import Turn
from tests.conftest import Shipped

MEANINGS = {"電池": 0, "battery": 0, "工場": 1, "plant": 1, "battery plant": 1}


class Axes:
    """Words of one meaning lie on one axis."""

    fingerprint = "axes/1"
    dimensions = 3

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.eye(3, dtype=np.float32)[[MEANINGS.get(text, 2) for text in texts]]


def written(text: str, *history: Turn) -> dict[str, float]:
    return {word.written: word.weight for word in asked(understand(text, history))}


def groups(text: str) -> list[dict[str, float]]:
    query, vocabulary = understand(text), Vocabulary.build({"電池": 2, "工場": 1}, (), Axes())
    words = asked(query)
    broad = broadened(weigh(query), words, Axes().embed_queries([word.written for word in words]), vocabulary)
    return [dict(group) for group in broad.groups]


def test_words_and_adjacent_pairs_are_looked_up_and_pairs_weigh_less() -> None:
    assert written("Who builds the battery plant in Spain?") == {
        "builds": 1.0, "battery": 1.0, "plant": 1.0, "battery plant": PAIR_SHARE, "Spain": 1.0,
    }  # fmt: skip


def test_particles_part_japanese_words() -> None:
    assert written("電池工場を建てるのは誰ですか") == {"電池": 1.0, "工場": 1.0, "電池工場": PAIR_SHARE, "建てる": 1.0}


def test_both_languages_of_a_mixed_question_are_looked_up() -> None:
    assert {"モメンタ", "partner"} <= written("モメンタのpartnerは？").keys()


def test_full_width_words_are_looked_up_as_half_width_ones() -> None:
    assert written("Ｗｈｏ　ｂｕｉｌｄｓ　ｔｈｅ　ｐｌａｎｔ？ ﾓﾒﾝﾀ") == written("Who builds the plant? モメンタ")


WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}


@settings(max_examples=80, deadline=None)
@given(st.text("ABabz 019.-'電池モメンタのを？", min_size=1, max_size=30).map(lambda text: f"a plant {text}"))
def test_any_question_in_full_width_is_the_same_as_in_half_width(text: str) -> None:
    wide, narrow = understand(text.translate(WIDE)), understand(text)
    assert asked(wide) == asked(narrow)
    assert weigh(wide) == weigh(narrow)


def test_numbers_are_not_looked_up() -> None:
    assert written("2025 年の 41") == {}


def test_words_of_an_earlier_question_weigh_less() -> None:
    found = written("When does it start?", Turn("user", "Who builds the plant?"))
    assert (found["start"], found["plant"]) == (1.0, CARRIED)


def test_a_word_and_its_other_names_are_one_group() -> None:
    assert groups("battery") == [{"電池": 1.0, "batteri": 1.0}]


def test_a_pair_reaches_its_own_words_and_is_no_term_itself() -> None:
    assert groups("battery plant") == [
        {"電池": 1.0, "batteri": 1.0}, {"工場": 1.0, "plant": 1.0}, {"工場": PAIR_SHARE},
    ]  # fmt: skip


def test_words_of_the_reports_own_script_have_no_other_names() -> None:
    assert groups("電池の工場") == []


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("コンチネンルタ", "コンチネンタル"), ("シェフー", "シェフラー"), ("Alipya", "Alipay")],
)
def test_a_mistyped_name_alone_finds_the_passages_that_hold_it(typed: str, meant: str, shipped: Shipped) -> None:
    assistant = shipped.assistant
    hits = assistant.search(assistant.understand(typed), 3)
    assert any(meant in hit.passage.text for hit in hits)


def test_a_word_that_the_reports_have_is_never_taken_for_another() -> None:
    vocabulary = Vocabulary.build({"シェフラー": 5, "シェフター": 1}, (), Axes())
    query = understand("シェフター")
    words = asked(query)
    vectors = Axes().embed_queries([word.written for word in words])
    assert broadened(weigh(query), words, vectors, vocabulary).groups == ()
    assert broadened(weigh(query), words, vectors, vocabulary, {"シェフター"}).groups == (
        {"シェフター": 1.0, "シェフラー": SLIP_SHARE},
    )


@pytest.mark.parametrize(
    ("english", "japanese"),
    [
        ("Which companies develop driver assistance together?", "運転支援"),
        ("humanoid robots in factories", "人型ロボット"),
        ("electric vehicle batteries", "電池"),
    ],
)
def test_english_words_alone_find_japanese_passages(english: str, japanese: str, shipped: Shipped) -> None:
    assistant = shipped.assistant
    hits = assistant.search(assistant.understand(english), 5)
    by_words = [hit for hit in hits if any(one.source == "sparse" for one in hit.contributions)]
    assert any(japanese in hit.passage.text for hit in by_words)
