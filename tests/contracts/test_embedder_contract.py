"""What every embedder keeps to, whatever makes its vectors."""

from collections.abc import Callable

import numpy as np
import pytest

from assistant.models.embedders import Embedder, SentenceTransformerEmbedder, StaticEmbedder
from tests.models.tiny import save_model

TEXTS = [
    "電池の合弁は続く",
    "battery ventures go on",
    "41億ユーロ = €4.1bn",
    "ｶﾞｿﾘﾝ ⼤⼈",
    "電池の合弁は続く",
    "長い文章" * 400,
]
Make = Callable[[], Embedder]


@pytest.fixture(scope="module", params=["bundled", "sentence-transformers"])
def make(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Makes the same embedder anew at every call."""
    if request.param == "bundled":
        return StaticEmbedder
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_HUB_OFFLINE", "1")
        folder = str(save_model(tmp_path_factory.mktemp("tiny")))
        return lambda: SentenceTransformerEmbedder(folder)


@pytest.fixture(scope="module")
def embedder(make: Make) -> Embedder:
    return make()


def both(embedder: Embedder) -> list[Callable[[list[str]], np.ndarray]]:
    return [embedder.embed_passages, embedder.embed_queries]


def test_there_is_one_vector_a_text_as_long_as_the_embedder_says(embedder):
    for embed in both(embedder):
        vectors = embed(TEXTS)
        assert vectors.shape == (len(TEXTS), embedder.dimensions)
        assert vectors.dtype == np.float32
        assert embed(["一つ"]).shape == (1, embedder.dimensions)


def test_no_texts_are_no_vectors(embedder):
    for embed in both(embedder):
        vectors = embed([])
        assert (vectors.shape, vectors.dtype) == ((0, embedder.dimensions), np.float32)


def test_vectors_have_unit_length_or_are_zero(embedder):
    for embed in both(embedder):
        lengths = np.linalg.norm(embed([*TEXTS, "", " "]), axis=1)
        assert lengths[: len(TEXTS)] == pytest.approx(1, abs=1e-5)
        assert all(length == 0 or length == pytest.approx(1, abs=1e-5) for length in lengths)


def test_the_same_text_has_the_same_vector_wherever_it_stands(embedder):
    for embed in both(embedder):
        vectors = embed(TEXTS)
        np.testing.assert_allclose(vectors[0], vectors[4], atol=1e-5)
        np.testing.assert_allclose(embed(TEXTS[::-1]), vectors[::-1], atol=1e-5)
        np.testing.assert_allclose(np.concatenate([embed([text]) for text in TEXTS]), vectors, atol=1e-5)


def test_other_words_have_another_vector(embedder):
    for embed in both(embedder):
        japanese, english = embed(TEXTS[:2])
        assert not np.allclose(japanese, english, atol=1e-3)


def test_an_embedder_made_anew_gives_the_same_vectors_under_the_same_fingerprint(embedder, make):
    again = make()
    assert (again.name, again.fingerprint, again.dimensions) == (
        embedder.name,
        embedder.fingerprint,
        embedder.dimensions,
    )
    assert np.array_equal(again.embed_passages(TEXTS), embedder.embed_passages(TEXTS))
    assert np.array_equal(again.embed_queries(TEXTS), embedder.embed_queries(TEXTS))


def test_the_texts_are_left_as_they_are(embedder):
    texts = ("電池", "battery")
    assert np.array_equal(embedder.embed_passages(texts), embedder.embed_passages(list(texts)))
    assert texts == ("電池", "battery")


def test_no_two_implementations_share_a_fingerprint(tmp_path):
    tiny = SentenceTransformerEmbedder(str(save_model(tmp_path / "tiny")))
    assert tiny.fingerprint != StaticEmbedder().fingerprint
    assert tiny.name != StaticEmbedder().name
