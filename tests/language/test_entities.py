"""Who and what a text names, and the key that the spellings of a name share."""

import itertools

import pytest

from assistant.language.entities import entity_key, is_distinctive, makers, named_entities, spellings


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("BMW and Momenta develop it.", ["BMW", "Momenta"]),
        ("WeRide opened an office in Zurich.", ["WeRide", "Zurich"]),
        ("Grab's service starts.", ["Grab"]),
        ("モメンタとヴァレオが組む。", ["モメンタ", "ヴァレオ"]),
        ("ポニー・エーアイが走る。", ["ポニー・エーアイ"]),
        ("トヨタは中国で組む。", ["トヨタ", "中国"]),
    ],
)
def test_names_are_found_in_order(text: str, names: list[str]) -> None:
    assert [entity.surface for entity in named_entities(text)] == names


@pytest.mark.parametrize(
    "text",
    [
        "The plant opens in July 2025.",
        "On Monday it rose by 5%.",
        "However, both LLM and ADAS are used.",
        "Table 3 and Figure 2.",
        "工場は来年に稼働する。",
        "コストが下がる。",
        "",
    ],
)
def test_ordinary_words_months_and_abbreviations_name_nothing(text: str) -> None:
    assert named_entities(text) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("モメンタ", "Momenta"),
        ("ヴァレオ", "Valeo"),
        ("ｍｏｍｅｎｔａ", "MOMENTA"),
        ("百度", "百 度"),
        ("ステランティス", "Stellantis"),
    ],
)
def test_spellings_of_one_name_share_a_key(one: str, other: str) -> None:
    assert entity_key(one) == entity_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("モメンタ", "ヴァレオ"),
        ("BMW", "Audi"),
        ("GPT-4", "GPT-5"),
        ("ホンダ", "ヒョンデ"),
        ("百度", "小米"),
        ("CATL", "カタール"),
        ("Japan", "シャオペン"),
        ("SNS", "Science"),
    ],
)
def test_different_names_have_different_keys(one: str, other: str) -> None:
    assert entity_key(one) != entity_key(other)


def test_spans_are_verbatim_and_do_not_overlap() -> None:
    text = "Grab's partner WeRide（文遠知行）とポニー・エーアイがシンガポールで走る。"
    found = named_entities(text)
    assert all(text[entity.start : entity.end] == entity.surface for entity in found)
    assert all(one.end <= two.start for one, two in itertools.pairwise(found))
    assert {"Grab", "WeRide", "ポニー・エーアイ", "シンガポール"} <= {entity.surface for entity in found}


@pytest.mark.parametrize(
    ("surface", "sure"), [("BMW", True), ("WeRide", True), ("百度", True), ("Grab", False), ("Smart", False)]
)
def test_a_distinctive_name_could_hardly_be_a_word(surface: str, sure: bool) -> None:
    assert is_distinctive(surface) is sure


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("市場の規模\n出所：各種公開資料よりミライ総研作成", ["ミライ総研"]),
        ("出所：各社のサイトを基にオルファ作成", ["オルファ"]),
        ("出所: 各社の公式サイトとSNS(オルファが整理)。", ["オルファ"]),
        ("Source: company sites, compiled by Orpha.", ["Orpha"]),
        ("Source: ORPHA, based on company sites", ["ORPHA"]),
        ("Source: Orpha", []),
        ("出所：オルファの資料", []),
        ("出所を示した評価報告書をオルファが作成した。", []),
        ("The plan was prepared by Orpha.", []),
    ],
)
def test_a_source_line_names_who_made_a_figure_and_not_whose_words_it_used(text: str, names: list[str]) -> None:
    keys = {entity.key for entity in named_entities("\n".join(names))}
    assert makers(text) == keys


def test_the_spellings_of_a_text_are_its_words_and_the_parts_of_its_compounds() -> None:
    found = spellings("モメンタのインフォテインメントサービスはGrab's appで使える。")
    for word in ("Momenta", "モメンタ", "サービス", "Grab"):
        assert entity_key(word) in found, word
    assert entity_key("Valeo") not in found


def test_an_era_is_a_date_and_no_name():
    assert [one.surface for one in named_entities("平成30年にトヨタは新工場を、令和6年にホンダは研究所を設けた。")] == [
        "トヨタ",
        "ホンダ",
    ]
