"""What a quote says in the reader's language: figures, names and words, each taken from the quote itself."""

import pytest

from assistant.answering.facts import Reader
from assistant.answering.labels import label, numbers_rows
from assistant.language.aliases import AliasTable
from assistant.types import Language

WORDS = {"電池": "battery", "工場": "factory", "覚書": "memorandum"}
ALIASES = AliasTable([("寧徳時代新能源科技", "CATL"), ("百度", "Baidu")])


def reader(language: Language = Language.EN, question: str = "What did Stellantis announce?") -> Reader:
    return Reader(language, question, ALIASES, lambda name: None, lambda words, _: [WORDS.get(word) for word in words])


def test_figures_are_written_anew_in_order() -> None:
    text = "2025年7月15日に公表。最大41億ユーロを投じ、生産開始は2026年末を予定。数千万ドル規模の投資も受ける。"
    expected = ["15 July 2025", "up to €4.1 billion", "end of 2026", "tens of millions of dollars"]
    assert reader().figures(text) == expected


def test_names_are_spelled_as_the_question_or_the_reports_do() -> None:
    assert reader().names("ステランティスと寧徳時代新能源科技がスペインで") == ["Stellantis", "Spain", "CATL"]
    assert reader().new_names("ステランティスと寧徳時代新能源科技がスペインで") == ["Spain", "CATL"]
    assert "Hugging Face" in reader().names("目的\nHugging Face（米）のような場を目指す。")


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("東風日産", ["東風日産"]),
        ("日産", ["日産"]),
        ("スペインの日産", ["Spain", "日産"]),
        ("百度と日産自動車", ["Baidu", "日産自動車"]),
    ],
)
def test_a_name_without_a_spelling_is_not_cut_out_of_a_longer_one(cell: str, names: list[str]) -> None:
    assert sorted(reader().names(cell)) == sorted(names)


def test_words_that_the_question_has_are_left_out() -> None:
    assert reader().words("電池工場の覚書を結ぶ") == ["battery factory memorandum"] or reader().words(
        "電池工場の覚書を結ぶ"
    ) == ["battery factory", "memorandum"]
    assert reader(question="Which memorandum?").words("覚書を結ぶ") == []


def test_a_japanese_reader_gets_japanese_figures() -> None:
    english = reader(Language.JA, "いくらですか")
    assert english.figures("The plant costs up to €4.1 billion and opens on 15 July 2025.") == [
        "最大41億ユーロ",
        "2025年7月15日",
    ]


@pytest.mark.parametrize(
    ("header", "english"),
    [("発表日", "Announced"), ("協業発表日", "Announced"), ("外資系・合弁企業", "Company"), ("謎の欄", "謎の欄")],
)
def test_headers_are_named_in_the_reader_s_language(header: str, english: str) -> None:
    assert label(header, Language.EN) == english
    assert label(header, Language.JA) == header


def test_a_column_that_numbers_the_rows_is_known() -> None:
    assert [numbers_rows(header) for header in ("No.", "番号", "企業")] == [True, True, False]
