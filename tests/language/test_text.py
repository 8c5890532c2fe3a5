"""Folding with a way back, wrapped lines, languages, canonical newlines."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.language.text import (
    canonical_newlines,
    fold,
    fold_text,
    is_content,
    join_wrapped,
    language_of,
    widen_brackets,
)
from assistant.types import Language

MIXED = st.text(alphabet="aZé e\u0301ßＡ４％㌔㈱①½ｶﾞﾊﾟﾞか\u3099中⼤⼈\ue000 \n.…𠮷", max_size=40)


def found(text: str, words: str) -> str:
    """The verbatim words in which the folded `words` stand."""
    folded = fold(text)
    at = folded.text.index(words)
    start, end = folded.verbatim_span(at, at + len(words))
    return text[start:end]


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("ｶﾞｿﾘﾝ", "ガソリン"),
        ("ﾊﾟﾅｿﾆｯｸ", "パナソニック"),
        ("５㌔", "5キロ"),
        ("⼤⼈", "大人"),
        ("ＮＥＶ６２．６％", "nev62.6%"),
        ("Straße", "strasse"),
        ("㈱トヨタ", "(株)トヨタ"),
        ("Cafe\u0301", "café"),
        ("か\u3099", "が"),
        ("\ue000売上\uf06e", " 売上 "),
    ],
)
def test_spellings_of_one_text_fold_to_the_same(written, compared):
    assert fold(written).text == compared
    assert fold_text(written) == compared


@pytest.mark.parametrize(
    ("text", "folded", "verbatim"),
    [
        ("新型ｶﾞｿﾘﾝ車は", "ガソリン", "ｶﾞｿﾘﾝ"),
        ("走行５００㌔まで", "500キロ", "５００㌔"),
        ("⼤⼈の教習", "大人", "⼤⼈"),
        ("\ue000売上は増", "売上", "売上"),
        ("ＢＹＤとStellantis", "bydとs", "ＢＹＤとS"),
        ("Cafe\u0301 opens", "café", "Cafe\u0301"),
        ("Sales rose", "rose", "rose"),
    ],
)
def test_folded_words_are_found_in_the_verbatim_text(text, folded, verbatim):
    assert found(text, folded) == verbatim


def test_a_part_of_an_unfolded_character_stands_for_the_whole_character():
    folded = fold("5㌔先")
    assert folded.text == "5キロ先"
    assert [folded.verbatim_span(start, start + 1) for start in range(4)] == [(0, 1), (1, 2), (1, 2), (2, 3)]


def test_an_empty_span_stays_empty():
    assert fold("㌔").verbatim_span(0, 0) == (0, 0)
    assert fold("㌔").verbatim_span(2, 2) == (1, 1)
    assert fold("").verbatim_span(0, 0) == (0, 0)


@settings(max_examples=150, deadline=None)
@given(MIXED)
def test_folding_the_groups_is_folding_the_whole(text):
    assert fold(text).text == fold_text(text)


@settings(max_examples=150, deadline=None)
@given(MIXED, st.data())
def test_a_verbatim_span_covers_what_was_folded(text, data):
    folded = fold(text)
    start = data.draw(st.integers(0, len(folded.text)))
    end = data.draw(st.integers(start, len(folded.text)))
    a, b = folded.verbatim_span(start, end)
    assert 0 <= a <= b <= len(text)
    assert folded.text[start:end] in fold_text(text[a:b])
    assert len(folded.offsets) == len(folded.text) + 1
    assert list(folded.offsets) == sorted(folded.offsets)


@settings(max_examples=150, deadline=None)
@given(MIXED, st.data())
def test_every_verbatim_character_is_covered_by_the_spans_of_its_folded_ones(text, data):
    folded = fold(text)
    cut = data.draw(st.integers(0, len(folded.text)))
    first, second = folded.verbatim_span(0, cut), folded.verbatim_span(cut, len(folded.text))
    assert first[0] == 0 and second[1] == len(text)
    assert first[1] >= second[0]


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40))
def test_folding_any_text_keeps_its_spans_inside_it(text):
    folded = fold(text)
    assert folded.verbatim_span(0, len(folded.text)) == (0, len(text))


@pytest.mark.parametrize("text", ["売上は３．２％増えた。" * 20_000, "Sales rose. " * 20_000, "ｶﾞ" * 100_000])
def test_two_hundred_thousand_characters_are_folded_and_found_at_once(text):
    started = time.process_time()
    folded = fold(text)
    for start in range(0, len(folded.text) - 1, 10):
        folded.verbatim_span(start, start + 1)
    assert time.process_time() - started < 40


@pytest.mark.parametrize(
    ("wrapped", "joined"),
    [
        ("売上は41億\nユーロ。", "売上は41億ユーロ。"),
        ("売上は\n　　増えた", "売上は増えた"),
        ("合弁は2025\n年に", "合弁は2025年に"),
        ("中国のBYD\nは強い", "中国のBYDは強い"),
        ("提携先は\nStellantisである", "提携先はStellantisである"),
        ("sales rose\nby 4%", "sales rose by 4%"),
        ("sales rose   \n   by 4%", "sales rose by 4%"),
        ("a strong part-\nnership", "a strong partnership"),
        ("the EV-\nHEV split", "the EV-HEV split"),
        ("L2-\n L4 and COVID-\n19", "L2-L4 and COVID-19"),
        ("a list -\nOne", "a list - One"),
        ("牛丼の𠮷\n𠮷野家", "牛丼の𠮷𠮷野家"),
        ("BYDは𠮷\nBYD", "BYDは𠮷BYD"),
        ("一\n\n二", "一二"),
        ("one\n\ntwo", "one two"),
        ("  両端  ", "両端"),
        ("", ""),
    ],
)
def test_wrapped_lines_join_without_a_space_next_to_japanese_and_with_one_in_english(wrapped, joined):
    assert join_wrapped(wrapped) == joined


def test_cells_are_parted_by_a_bar():
    assert join_wrapped("日本\t3.6万\tUp 4%") == "日本 | 3.6万 | Up 4%"


def test_private_use_bullets_are_not_read():
    assert join_wrapped("\uf06e 要点は\n二つ") == "要点は二つ"


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="aZ 。中ア-、.\n", max_size=40))
def test_joining_gives_one_line_and_keeps_all_letters(text):
    joined = join_wrapped(text)
    assert "\n" not in joined and joined == joined.strip()
    assert [c for c in joined if c.isalnum()] == [c for c in text if c.isalnum()]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("売上は増えた", Language.JA),
        ("ﾃｽﾄ", Language.JA),
        ("Toyota Motorの販売", Language.JA),
        ("日本市場", Language.JA),
        ("GDP成長率", Language.JA),
        ("BYD 比亜迪", Language.JA),
        ("𠮷𠮷", Language.JA),
        ("Sales rose by 4%", Language.EN),
        ("The 中国 market grew again", Language.EN),
        ("BYD", Language.EN),
        ("Überholung", Language.EN),
        ("12.5%", Language.EN),
        ("", Language.EN),
    ],
)
def test_the_language_of_a_span(text, language):
    assert language_of(text) is language


@pytest.mark.parametrize(
    ("raw", "canonical"),
    [
        ("\ufeff要旨\r\n本文\r終", "要旨\n本文\n終"),
        ("a\r\n\r\nb", "a\n\nb"),
        ("\n\r", "\n\n"),
        ("a\ufeffb", "a\ufeffb"),
        ("x\ud800y", "x\ufffdy"),
        ("\udc00", "\ufffd"),
        ("𠮷😀", "𠮷😀"),
        ("改\x0c頁\x0b\u2028", "改\x0c頁\x0b\u2028"),
    ],
)
def test_canonical_text_has_line_feeds_no_mark_and_no_lone_surrogates(raw, canonical):
    assert canonical_newlines(raw) == canonical


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet=st.characters(exclude_characters="\ufeff"), max_size=30), st.sampled_from(["", "\ufeff"]))
def test_canonical_text_is_utf8_and_canonical_again(text, mark):
    canonical = canonical_newlines(mark + text)
    assert "\r" not in canonical
    assert canonical.encode("utf-8").decode("utf-8") == canonical
    assert canonical_newlines(canonical) == canonical


@pytest.mark.parametrize(
    ("text", "widened"),
    [
        ("出所は[12]と[3]", "出所は［１２］と［３］"),
        ("as shown in [7].", "as shown in ［７］."),
        ("[[1]]", "[［１］]"),
        ("[S4K] [1-3] [] [a] ［12］ (1)", "[S4K] [1-3] [] [a] ［12］ (1)"),
    ],
)
def test_bracketed_digits_of_a_report_cannot_pass_for_citations(text, widened):
    assert widen_brackets(text) == widened
    assert len(widen_brackets(text)) == len(text)


@pytest.mark.parametrize("text", ["売", "ー", "々", "A", "1", "①", "𠮷", "（図1）", "…and"])
def test_letters_digits_and_ideographs_are_content(text):
    assert is_content(text)


@pytest.mark.parametrize("text", ["", " \n\u3000", "。、・…", "--- ***", "\uf06e", "（）「」?!"])
def test_punctuation_and_white_space_are_no_content(text):
    assert not is_content(text)
