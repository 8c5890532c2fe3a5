"""Sentences that someone wrote, put to a small corpus: supported, contradicted with the differing value, or neither."""

from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.citing.lookup import LookedUp, Stance


def one(assistant: Assistant, text: str) -> LookedUp:
    (sentence,) = assistant.look_up(text)
    return sentence


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("アルファ自動車とベータ電池は最大41億ユーロを投じて合弁工場を建設する。", "41億ユーロ"),
        ("Beta Battery and its partner will invest up to 4.1 billion euros in a joint plant.", "41億ユーロ"),
        ("世界の電池市場は2024年に前年比12%増加した。", "12%増加"),
    ],
)
def test_a_true_sentence_is_supported_by_the_row_that_says_it(assistant: Assistant, text: str, quoted: str) -> None:
    sentence = one(assistant, text)
    assert sentence.stance is Stance.SUPPORTS
    assert quoted in sentence.matches[0].citation.quote


@pytest.mark.parametrize(
    ("text", "claim", "source"),
    [
        ("アルファ自動車とベータ電池は最大48億ユーロを投じて合弁工場を建設する。", "48億ユーロ", "41億ユーロ"),
        ("ガンマ工業は2025年8月5日にデルタ化学との正極材の共同研究を発表した。", "2025年8月5日", "2025年8月2日"),
        ("北米の比率は31%に上昇した。", "up", "down"),
    ],
)
def test_a_changed_sentence_is_contradicted_with_both_values(
    assistant: Assistant, text: str, claim: str, source: str
) -> None:
    sentence = one(assistant, text)
    assert sentence.stance is Stance.CONTRADICTS
    failed = [(check.claim, check.source) for check in sentence.matches[0].checks if check.ok is False]
    assert any(claim in mine and source in theirs for mine, theirs in failed)


def test_rows_support_together_what_none_of_them_says_alone(assistant: Assistant) -> None:
    text = "アルファ自動車とベータ電池は2025年7月15日、ガンマ工業とデルタ化学は2025年8月2日に提携を発表した。"
    sentence = one(assistant, text)
    assert sentence.stance is Stance.SUPPORTS
    rows = {match.citation.row for match in sentence.matches if match.stance is Stance.SUPPORTS}
    assert rows == {"3-1", "3-2"}
    changed = one(assistant, text.replace("8月2日", "9月3日"))
    assert changed.stance is not Stance.SUPPORTS


def test_a_changed_figure_does_not_find_itself_elsewhere(assistant: Assistant) -> None:
    assert one(assistant, "ガンマ工業とデルタ化学は正極材の共同研究を12年間行う。").stance is Stance.CONTRADICTS


def test_a_figure_of_another_kind_contradicts_nothing(assistant: Assistant) -> None:
    sentence = one(assistant, "アルファ自動車とベータ電池は7,000人を雇って合弁工場を建設し、2026年末に生産を開始する。")
    assert sentence.stance is Stance.RELATED


@pytest.mark.parametrize(
    ("text", "claim", "source"),
    [
        ("北米の比率は19%に低下した。", "19%", "31%"),  # 31 less 12, but nobody says so
        ("アルファ自動車、ベータ電池の3社が最大41億ユーロを投じる。", "3社", "2"),
        ("The North American share fell to 41%.", "41%", "31%"),
    ],
)
def test_what_is_not_said_to_be_worked_out_or_is_miscounted_is_contradicted(
    assistant: Assistant, text: str, claim: str, source: str
) -> None:
    sentence = one(assistant, text)
    assert sentence.stance is Stance.CONTRADICTS
    failed = [(check.claim, check.source) for check in sentence.matches[0].checks if check.ok is False]
    assert any(claim in mine and source in theirs for mine, theirs in failed)


def test_what_is_said_to_be_worked_out_is_not_contradicted(assistant: Assistant) -> None:
    assert one(assistant, "北米の比率31%と前年比12%の差は19%である。").stance is not Stance.CONTRADICTS


@pytest.mark.parametrize("word", ["概要", "Overview:"])
def test_one_word_states_nothing(assistant: Assistant, word: str) -> None:
    assert one(assistant, word).stance is Stance.NONE


def test_an_amount_off_by_ten_names_the_likely_slip(assistant: Assistant) -> None:
    sentence = one(assistant, "Beta Battery and its partner will invest up to 41 billion euros in a joint plant.")
    assert sentence.stance is Stance.CONTRADICTS
    assert ("slip", "×10") in [(check.kind, check.claim) for check in sentence.matches[0].checks]


@pytest.mark.parametrize("text", ["The museum opens at nine in the morning.", "猫は一日の大半を眠って過ごす。"])
def test_a_foreign_sentence_is_neither_supported_nor_contradicted(assistant: Assistant, text: str) -> None:
    assert one(assistant, text).stance in (Stance.NONE, Stance.RELATED)


def test_every_sentence_and_item_of_a_draft_has_its_place_in_the_text(assistant: Assistant) -> None:
    draft = "Summary:\n\n- 北米の比率は31%に低下した。猫は眠る。\n- The market grew by 12% in 2024.\n\n---\n"
    sentences = assistant.look_up(draft)
    assert [draft[each.start : each.end] == each.text for each in sentences] == [True] * 4
    assert [each.text.strip("- ") for each in sentences] == [
        "Summary:", "北米の比率は31%に低下した。", "猫は眠る。", "The market grew by 12% in 2024.",
    ]  # fmt: skip


def test_numbers_run_through_the_whole_text_and_quotes_are_verbatim(assistant: Assistant) -> None:
    sentences = assistant.look_up("北米の比率は31%に低下した。ガンマ工業はデルタ化学と共同研究を行う。")
    matches = [match.citation for each in sentences for match in each.matches]
    assert [citation.number for citation in matches] == list(range(1, len(matches) + 1))
    text = assistant.report("batteries.md").text
    assert all(text[one.anchor.start : one.anchor.end] == one.quote for one in matches)


def test_how_far_a_long_text_is_can_be_shown(assistant: Assistant) -> None:
    seen: list[list[tuple[int, int]]] = []
    assert len(assistant.look_up("猫は眠る。犬は走る。", each=lambda spans: seen.append(spans) or spans)) == 2
    assert seen == [[(0, 5), (5, 10)]]


def test_a_text_without_words_has_no_sentences(assistant: Assistant) -> None:
    assert assistant.look_up("… --- !!\n\n") == ()


def test_references_name_the_quoted_row(assistant: Assistant) -> None:
    citation = one(assistant, "ベータ電池は最大41億ユーロを投じる。").matches[0].citation
    reference = assistant.reference(citation.anchor.id)
    assert (reference.quote, reference.table) == (citation.quote, "表3")
    assert reference.block is not None and reference.block.row == "3-1"


def test_the_corpus_is_untouched(assistant: Assistant) -> None:
    assert [path.name for path in Path(assistant.corpus).iterdir()] == ["batteries.md"]
