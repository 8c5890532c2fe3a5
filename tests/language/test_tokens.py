"""Search terms of Japanese, English and mixed text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.language.tokens import terms


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "中国の自動車産業は過当競争の様相を呈している。",
            ["中国", "自動車", "産業", "過当", "競争", "様相", "呈する"],
        ),
        ("BYDがBMWと提携した", ["byd", "bmw", "提携"]),
        ("The partnership was announced in Munich.", ["partnership", "announc", "munich"]),
        ("Momenta（モメンタ）は3.2%増", ["momenta", "モメンタ", "3.2", "増"]),
        ("ｶﾞｿﾘﾝ車", ["ガソリン", "車"]),
        ("⼤⼈", ["大人"]),
        ("China’s market", ["china", "market"]),
        ("L4 and 5G", ["l4", "5g"]),
        ("US tariffs and the U.S. market", ["us", "tariff", "us", "market"]),
        ("the U.S.-China talks, in the U.K", ["us-china", "us", "china", "talk", "uk"]),
        ("it tells us what IT is", ["tell", "it"]),
        ("TELL US OF IT", []),
        ("𠮷野家の牛丼", ["𠮷", "野家", "牛丼", "牛", "丼"]),
        ("Straße STRASSE", ["strass", "strass"]),
    ],
)
def test_the_terms_of_a_text(text, expected):
    assert terms(text) == expected


@pytest.mark.parametrize(
    "word",
    [
        "中国",
        "自動車",
        "電池",
        "米",
        "国",
        "市場",
        "提携",
        "競争",
        "モメンタ",
        "サーバ",
        "引っ越し",
        "過当",
        "安い",
        "走る",
        "合弁会社",
        "日産",
        "社会",
        "人材",
        "位置",
        "報告書",
        "施策",
        "利益",
    ],
)
def test_a_japanese_content_word_is_never_without_a_term(word):
    assert terms(word)


@pytest.mark.parametrize(
    "spellings",
    [
        "引っ越し 引越し 引越",
        "売上 売り上げ 売上げ",
        "取組 取り組み",
        "サーバー サーバ",
        "コンピューター コンピュータ ｺﾝﾋﾟｭｰﾀ",
        "提携する 提携した 提携",
        "partner partners partnering Partner",
        "Ｓｔｅｌｌａｎｔｉｓ stellantis STELLANTIS",
    ],
)
def test_spellings_of_one_word_share_a_term(spellings):
    found = {tuple(terms(spelling)) for spelling in spellings.split()}
    assert len(found) == 1 and found != {()}


@pytest.mark.parametrize(
    ("compound", "part"),
    [
        ("自動車メーカー", "メーカー"),
        ("先進運転支援システム", "運転"),
        ("国立国会図書館", "国会"),
        ("人工知能", "知能"),
        ("vehicle-to-grid", "grid"),
        ("Pony.ai", "pony"),
    ],
)
def test_a_compound_is_found_by_its_parts(compound, part):
    assert terms(part)[0] in terms(compound)


@pytest.mark.parametrize(
    ("compound", "whole"), [("自動車メーカー", "自動車メーカー"), ("R&D", "r&d"), ("GPT-4", "gpt-4")]
)
def test_a_compound_is_found_as_a_whole(compound, whole):
    assert terms(compound)[0] == whole


@pytest.mark.parametrize(
    ("text", "stems"),
    [
        ("automated driving systems", ["autom", "drive", "system"]),
        ("automation drives system", ["autom", "drive", "system"]),
        ("announces announced announcing", ["announc", "announc", "announc"]),
    ],
)
def test_english_words_are_stemmed(text, stems):
    assert terms(text) == stems


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("ＥＶ市場は３．２％増", "EV市場は3.2%増"),
        ("Ｈｕａｗｅｉ　２０２５", "Huawei 2025"),
        ("ﾊﾞｯﾃﾘｰ", "バッテリー"),
    ],
)
def test_full_and_half_width_are_equal(wide, narrow):
    assert terms(wide) == terms(narrow) != []


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "。、…（）",
        "それは何ですか",
        "これについて教えてください",
        "the of and",
        "What is it?",
        "a",
        "ある。",
        "--- *",
    ],
)
def test_text_without_content_words_has_no_terms(text):
    assert terms(text) == []


def test_terms_stand_in_order_and_as_often_as_they_are_written():
    assert terms("電池と電池とBYDと電池") == ["電池", "電池", "byd", "電池"]


def test_sixty_thousand_characters_without_a_space_are_read():
    found = terms("自動運転技術" * 10_000)
    assert {term: found.count(term) for term in ("自動", "運転", "技術")} == {
        "自動": 10_000,
        "運転": 10_000,
        "技術": 10_000,
    }
    assert terms("abc" * 20_000) == ["abc" * 20_000]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=40))
def test_any_text_has_terms_that_say_something(text):
    assert all(any(c.isalnum() for c in term) and term == term.lower() for term in terms(text))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["中国", "電池", "BYD", "Stellantis", "提携", "2025", "3.2%", "battery"]), max_size=6))
def test_words_apart_give_their_own_terms(words):
    assert terms(" ".join(words)) == [term for word in words for term in terms(word)]
