"""Embedders: what the bundled model joins, and how a sentence-transformers model is loaded and prompted."""

import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from model2vec import StaticModel

from assistant.errors import ModelError
from assistant.models.embedders import BUNDLED_FOLDER, embed, load, unit_length
from tests.models.tiny import DIMENSIONS, PASSAGE_PROMPT, QUERY_PROMPT, save_model


def nearest(question: str, passages: list[str]) -> str:
    """The passage with the largest inner product."""
    return passages[int(np.argmax(embed(passages) @ embed([question])[0]))]


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("How large is the investment in the battery plant?", "合弁で建てる電池工場の投資額は41億ユーロである。"),
        ("自動運転タクシーの海外展開", "The robotaxi company is expanding abroad."),
        ("Why did sales fall?", "売上が減少した理由は価格競争である。"),
        ("earthquake rescue robots", "地震の救助に四足歩行ロボットが使われた。"),
    ],
)
def test_the_bundled_model_joins_the_languages(question, passage):
    others = ["充電網は都市部に集中している。", "Lunch is served at noon.", "規格の統一が次の課題である。"]
    assert nearest(question, [*others, passage]) == passage


@pytest.mark.parametrize("text", ["", " \n"])
def test_a_text_without_pieces_is_the_zero_vector(text):
    assert not embed([text]).any()


def test_width_and_case_make_no_difference():
    one, other = embed(["ＥＶと電池ﾊﾞｯﾃﾘｰ", "evと電池バッテリー"])
    assert float(one @ other) == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize(
    ("often", "twice"),
    [
        ("電池、電池、電池、電池の合弁", "電池、電池の合弁"),
        ("リチウムとリチウム、リチウム", "とリチウム、リチウム"),
        ("battery battery Battery BATTERY plant", "battery battery plant"),
        ("2024 2024 2024 2025", "2024 2024 2025"),
    ],
)
def test_a_word_said_again_and_again_counts_twice(often, twice):
    np.testing.assert_array_equal(*embed([often, twice]))


def test_a_word_said_again_far_away_counts_anew():
    far = "電池" + "。" * 90
    assert not np.allclose(*embed([f"{far}{far}電池と工場", f"{far}電池と工場"]), atol=1e-3)


HARD_TO_CUT = [
    "長い文章" * 9000,
    "漢" * 40_000,
    "アイ、" * 9000,
    "ab cd " * 9000,
    "ab" + "の" * 40_000 + "ab",
    " " * 40_000,
]


@pytest.mark.parametrize("text", HARD_TO_CUT, ids=lambda text: text[:5].strip())
def test_no_text_is_too_repetitive_to_embed(text):
    start = time.process_time()
    embed([text])
    assert time.process_time() - start < 5


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=30), min_size=1, max_size=4))
def test_vectors_of_any_text_have_unit_length_or_are_zero(texts):
    lengths = np.linalg.norm(embed(texts), axis=1)
    assert all(length == 0 or length == pytest.approx(1, abs=1e-5) for length in lengths)


def as_sentence_transformer():
    """The bundled model as a `SentenceTransformer` with the dequantised weights; gives the same vectors."""
    from safetensors.numpy import load_file
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Normalize, StaticEmbedding
    from tokenizers import Tokenizer

    weights = load_file(BUNDLED_FOLDER / "model.safetensors")["embeddings"].astype(np.float32)
    tokenizer = Tokenizer.from_file(str(BUNDLED_FOLDER / "tokenizer.json"))
    return SentenceTransformer(
        modules=[StaticEmbedding(tokenizer, embedding_weights=weights), Normalize()], device="cpu"
    )


def test_the_bundled_model_is_a_sentence_transformers_model_and_a_model2vec_one(folder):
    texts = [
        "電池の合弁",
        "up to 4.1 billion euros",
        "EVとバッテリー",
        " ".join(f"plant {n} grows" for n in range(900)),
    ]
    np.testing.assert_allclose(as_sentence_transformer().encode(texts), embed(texts), atol=1e-5)
    np.testing.assert_allclose(StaticModel.from_pretrained(str(BUNDLED_FOLDER)).encode(texts), embed(texts), atol=1e-5)
    size = sum(file.stat().st_size for file in BUNDLED_FOLDER.iterdir())
    assert size <= 24 * 1024 * 1024


def test_rows_are_scaled_to_length_one_and_zero_stays_zero():
    np.testing.assert_allclose(unit_length([[3, 4], [0, 0]]), [[0.6, 0.8], [0, 0]], atol=1e-7)
    assert unit_length([[3, 4]]).dtype == np.float32


def test_the_model_in_the_box_is_loaded_once():
    assert load("bilingual") is load("bilingual")
    assert load("bilingual").name == "bilingual"
    assert np.array_equal(embed(["電池"]), load("bilingual").embed_passages(["電池"]))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for tiny models; the hub is not asked for anything."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_HUB_OFFLINE", "1")
        import sentence_transformers  # noqa: F401 - takes 8 to 12 seconds, once a process

        return tmp_path_factory.mktemp("models")


def test_a_local_model_is_loaded_by_its_path_with_its_own_prompts(folder):
    with_prompts = load(str(save_model(folder / "prompted")))
    without = load(str(save_model(folder / "plain", prompts=False)))
    assert (with_prompts.name, with_prompts.dimensions) == (str(folder / "prompted"), DIMENSIONS)
    questions = with_prompts.embed_queries(["電池の合弁", "battery ventures"])
    passages = with_prompts.embed_passages(["電池の合弁", "battery ventures"])
    asked = without.embed_passages([f"{QUERY_PROMPT}電池の合弁", f"{QUERY_PROMPT}battery ventures"])
    written = without.embed_passages([f"{PASSAGE_PROMPT}電池の合弁", f"{PASSAGE_PROMPT}battery ventures"])
    np.testing.assert_allclose(questions, asked, atol=1e-5)
    np.testing.assert_allclose(passages, written, atol=1e-5)
    assert not np.allclose(questions, passages, atol=1e-3)
    np.testing.assert_allclose(without.embed_queries(["電池"]), without.embed_passages(["電池"]), atol=1e-6)


def test_models_at_two_places_have_two_fingerprints(folder):
    one, other = save_model(folder / "one", seed=1), save_model(folder / "other", seed=2)
    assert load(str(one)).fingerprint != load(str(other)).fingerprint
    assert str(DIMENSIONS) in load(str(one)).fingerprint
    assert not np.allclose(load(str(one)).embed_passages(["電池"]), load(str(other)).embed_passages(["電池"]))


@pytest.mark.parametrize("name", ["none", "空"])
def test_a_model_that_is_not_there_is_an_error_that_says_what_to_do(folder, name):
    with pytest.raises(ModelError, match="embedder_missing") as caught:
        load(str(folder / name))
    assert caught.value.values["name"] == str(folder / name)
    assert caught.value.values["reason"]


def test_a_folder_that_holds_no_model_is_an_error(folder):
    (folder / "empty").mkdir()
    with pytest.raises(ModelError, match="embedder_missing"):
        load(str(folder / "empty"))
