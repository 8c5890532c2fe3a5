"""Words in the embedder's space: vectors that are kept, and the nearest word of the other language."""

import numpy as np
import pytest

from assistant.models.embedders import StaticEmbedder
from assistant.models.words import Glosses, WordVectors
from assistant.types import Language


@pytest.fixture(scope="module")
def embedder() -> StaticEmbedder:
    return StaticEmbedder()


def test_vectors_are_the_embedder_s_and_kept(embedder: StaticEmbedder) -> None:
    vectors = WordVectors(embedder)
    words = ["電池", "battery", "電池"]
    assert np.allclose(vectors(words), embedder.embed_queries(words))
    assert np.array_equal(vectors(words), vectors(words))
    assert vectors([]).shape == (0, embedder.dimensions)


@pytest.mark.parametrize(
    ("japanese", "english"),
    [("工場", "factory"), ("契約", "contract"), ("覚書", "memorandum"), ("事故", "accident"), ("輸出", "export")],
)
def test_a_known_word_has_its_nearest_in_the_other_language(
    japanese: str, english: str, embedder: StaticEmbedder
) -> None:
    (found,) = Glosses(embedder)([japanese], Language.EN)
    assert found is not None and found.startswith(english[:6])


def test_what_the_vocabulary_lacks_has_none(embedder: StaticEmbedder) -> None:
    assert Glosses(embedder)(["無政府的工場群", ""], Language.EN) == [None, None]
    (found,) = Glosses(embedder)(["factory"], Language.JA)
    assert found in ("工場", "製造所")


def test_a_japanese_word_that_only_begins_like_an_english_one_is_no_gloss(embedder: StaticEmbedder) -> None:
    found = Glosses(embedder)(["fell", "loss", "declined", "overseas"], Language.JA)
    assert found == [None, "損失", "衰退", "海外"]


def test_the_vector_of_a_piece_is_that_of_its_word(embedder: StaticEmbedder) -> None:
    words = ["工場", "factory", "電池", "battery"]
    rows = [embedder.vocabulary[word] for word in words]
    assert np.array_equal(embedder.embed_pieces(rows), embedder.embed_passages(words))
