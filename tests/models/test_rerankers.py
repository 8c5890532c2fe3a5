"""The reranker: an order of its own for the best hits, told in their contributions; off unless it is set."""

import math
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.assistant import Assistant
from assistant.config import RerankerSettings
from assistant.errors import ModelError
from assistant.models.rerankers import DEPTH, CrossEncoderReranker, load, rerank
from assistant.types import Anchor, Block, BlockKind, Contribution, Hit, Language, Passage, ReportRef, Source, Unit
from tests.conftest import NO_MODEL, Shipped
from tests.models.tiny import save_cross_encoder


class ByNumber:
    """Scores a text by the number in it."""

    name = fingerprint = "by number"

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        return [float(text) for text in texts]


def hits(values: Sequence[float]) -> list[Hit]:
    """Hits whose search text is a number, with falling scores."""
    ref = ReportRef("0123456789ab", PurePosixPath("a.md"), Source())
    found = []
    for rank, value in enumerate(values, start=1):
        anchor = Anchor(ref.report_id, rank * 10, rank * 10 + 5)
        unit = Unit(anchor.start, anchor.end, BlockKind.PARAGRAPH)
        block = Block(BlockKind.PARAGRAPH, anchor.start, anchor.end)
        passage = Passage(anchor, (block,), "words", f"{value!r}", (), Language.EN, (unit,))
        found.append(Hit(passage, ref, rank, 1 / rank, (Contribution("sparse", rank, 1.0),)))
    return found


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(-3, 3).map(float), max_size=DEPTH + 20))
def test_the_head_is_sorted_with_ties_as_they_were_and_the_tail_stays(values: list[float]) -> None:
    before = hits(values)
    after = rerank("?", before, ByNumber())
    assert [hit.rank for hit in after] == list(range(1, len(values) + 1))
    assert [hit.score for hit in after] == [hit.score for hit in before]
    assert after[DEPTH:] == before[DEPTH:]
    expected = sorted(before[:DEPTH], key=lambda hit: -float(hit.passage.search_text))
    assert [hit.passage for hit in after[:DEPTH]] == [hit.passage for hit in expected]
    for hit in after[:DEPTH]:
        assert hit.contributions[0].source == "sparse"
        assert hit.contributions[-1] == Contribution("reranker", hit.rank, float(hit.passage.search_text))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rerankers")


def test_a_cross_encoder_scores_pairs_whatever_stands_beside_them(folder: Path) -> None:
    reranker = CrossEncoderReranker(str(save_cross_encoder(folder / "one")))
    texts = ["電池の合弁は続く", "battery ventures go on", "41億ユーロ", "", "長い" * 500] * 9
    scores = reranker.scores("電池の合弁", texts)
    assert len(scores) == len(texts) and all(map(math.isfinite, scores))
    assert len({round(score, 4) for score in scores}) == 5
    assert reranker.scores("電池の合弁", texts[1:2]) == pytest.approx(scores[1:2], abs=1e-5)
    assert reranker.scores("?", []) == []


def test_it_reorders_search_and_answers_and_the_fingerprint_names_it(folder: Path, shipped: Shipped) -> None:
    path = str(save_cross_encoder(folder / "two", seed=2))
    chosen = NO_MODEL.model_copy(update={"reranker": RerankerSettings(model=path)})
    assistant = Assistant.open(shipped.corpus, shipped.index, chosen)
    query = assistant.understand("固体電池の量産はいつですか")
    plain = shipped.assistant.search(query, DEPTH)
    for k in (5, DEPTH):
        found = assistant.search(query, k)
        assert len(found) == k
        scores = [next(by.score for by in hit.contributions if by.source == "reranker") for hit in found]
        assert scores == sorted(scores, reverse=True)
    assert {hit.passage.passage_id for hit in found} == {hit.passage.passage_id for hit in plain}
    assert [hit.passage for hit in found] != [hit.passage for hit in plain]
    answer = assistant.ask("固体電池の量産はいつですか")
    assert answer.fingerprint != shipped.assistant.fingerprint
    assert answer.hits[0].contributions[-1].source == "reranker"


def test_without_one_nothing_is_reranked(shipped: Shipped) -> None:
    assert load("none") is None and shipped.assistant.reranker is None
    found = shipped.assistant.search(shipped.assistant.understand("固体電池"))
    assert all(by.source != "reranker" for hit in found for by in hit.contributions)


def test_a_model_that_is_not_there_is_an_error_that_says_what_to_do(folder: Path, shipped: Shipped) -> None:
    """Told at once, without a network too, in which the library would try for most of a minute."""
    for name in (str(folder / "nowhere"), "nobody/nothing-of-this-name"):
        chosen = NO_MODEL.model_copy(update={"reranker": RerankerSettings(model=name)})
        assistant = Assistant.open(shipped.corpus, shipped.index, chosen)
        with pytest.raises(ModelError, match="reranker_missing"):
            assistant.search(assistant.understand("固体電池"))


def test_a_model_of_several_outputs_is_an_error(folder: Path) -> None:
    reranker = CrossEncoderReranker(str(save_cross_encoder(folder / "three", outputs=3)))
    with pytest.raises(ModelError, match="reranker_failed"):
        reranker.scores("電池", ["合弁", "続く"])
