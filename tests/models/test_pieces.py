"""The bundled tokenizer's tokens: the same as the tokenizer finds, whatever the text."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Regex, Tokenizer, models, pre_tokenizers

from assistant.models.embedders import BUNDLED_FOLDER
from assistant.models.pieces import tokens_of, without_repeats

SIGNS = [
    "電池",
    "池",
    "々",
    "ヶ",
    "カナ",
    "ー",
    "ナ",
    "の",
    "ab",
    "Ab",
    "c",
    "é",
    "12",
    "3.2%",
    " ",
    "\n",
    "、",
    "。",
    "０",
    "Σ",
    "𠮷",
    "한",
]
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs", "Cn"]), max_size=200),  # engines know letters up to other years
    st.lists(st.sampled_from(SIGNS), max_size=120).map("".join),
)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(BUNDLED_FOLDER / "tokenizer.json"))


@pytest.fixture(scope="module")
def found(tokenizer: Tokenizer) -> Callable[[str], list[int]]:
    return tokens_of(tokenizer)


@settings(max_examples=400, deadline=None)
@given(text=TEXTS)
def test_the_tokens_are_the_tokenizer_s(text: str, tokenizer: Tokenizer, found: Callable[[str], list[int]]) -> None:
    assert found(text) == tokenizer.encode(text, add_special_tokens=False).ids


def test_the_bundled_tokenizer_is_not_asked_itself(found: Callable[[str], list[int]]) -> None:
    assert "encode" not in found.__code__.co_names


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("電池と電池、電池", "\nと電池、電池"),
        ("カナ、カナ、カナ", "\n、カナ、カナ"),
        ("カナ、アカナ、カナ", "\n、アカナ、カナ"),  # the end of another run repeats it
        ("カナ、カナア、カナ", "カナ、カナア、カナ"),  # the beginning of one does not
        ("ab ab ab", "\n ab ab"),
        ("ab abc ab", "ab abc ab"),
        ("a a a", "a a a"),
        ("電池" + "。" * 80 + "電池電池", "\n" + "。" * 80 + "電池電池"),
        ("電池" + "。" * 81 + "電池電池", "電池" + "。" * 81 + "電池電池"),
        ("ab " + "x " * 12 + "ab ab", "\n " + "x " * 12 + "ab ab"),
        ("ab" + " 1" * 13 + " ab ab", "ab" + " 1" * 13 + " ab ab"),
    ],
)
def test_what_is_said_twice_more_soon_after_leaves_a_gap(text: str, kept: str) -> None:
    assert without_repeats(text) == kept


def test_another_tokenizer_is_asked_itself() -> None:
    tokenizer = Tokenizer(models.WordLevel({"電池": 0, "[UNK]": 1}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"\s+"), "removed")
    assert tokens_of(tokenizer)("電池 電池 電池 b") == [0, 0, 0, 1]
