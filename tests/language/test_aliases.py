"""Names that a report equates by a bracket: mined where both are names, grouped, and found again by key."""

import pytest

from assistant.language.aliases import AliasTable, mine
from assistant.language.entities import entity_key


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("協業相手は寧徳時代新能源科技(CATL)である。", ("寧徳時代新能源科技", "CATL")),
        ("小馬智行(ポニー・エーアイ)の車両", ("小馬智行", "ポニー・エーアイ")),
        ("優必選科技(UBTECH Robotics)は上場した。", ("優必選科技", "UBTECH Robotics")),
        ("Unitree（宇樹科技）のロボット", ("Unitree", "宇樹科技")),
        ("相手は滴滴出行（DiDi）だ。", ("滴滴出行", "DiDi")),
    ],
)
def test_a_name_and_its_other_name_are_equated_where_they_stand(text: str, pair: tuple[str, str]) -> None:
    (found,) = mine(text)
    assert (found.name, found.other) == pair
    assert text[found.start : found.end].startswith(pair[0]) and text[found.end - 1] in ")）"


@pytest.mark.parametrize(
    "text",
    [
        "アウディ(独)が参加した。",
        "BPパルス（英国）が参加した。",
        "新しい契約（2025年7月15日）を結んだ。",
        "工場(予定)を建てる。",
        "売上高（注1）が伸びた。",
        "売上高（単位: 億円）が伸びた。",
        "ヴァレオ（本社はパリにある）が参加した。",
        "ヴァレオ(以下、同社)が参加した。",
        "モメンタ(部品メーカー)が参加した。",
        "WeRide (a start-up founded in 2017) joined.",
        "They agreed (see Table 3).",
        "(CATL)",
        "百度(",
        "",
    ],
)
def test_notes_dates_nationalities_and_descriptions_are_none(text: str) -> None:
    assert mine(text) == []


def test_several_in_one_text_stand_in_order() -> None:
    text = "寧徳時代新能源科技(CATL)と優必選科技(UBTECH)と小馬智行(ポニー・エーアイ)が集まる。"
    assert [alias.other for alias in mine(text)] == ["CATL", "UBTECH", "ポニー・エーアイ"]


def test_a_table_groups_what_is_equated_in_steps() -> None:
    table = AliasTable([("小馬智行", "ポニー・エーアイ"), ("小馬智行", "Pony.ai"), ("寧徳時代新能源科技", "CATL")])
    pony, catl = entity_key("Pony.ai"), entity_key("CATL")
    assert table.same(pony) >= {pony, entity_key("小馬智行"), entity_key("ポニー・エーアイ")}
    assert catl not in table.same(pony)
    assert "小馬智行" in table.names(pony) and "Pony.ai" not in table.names(pony)
    assert pony in table and entity_key("Toyota") not in table
    assert table.same("nobody") == {"nobody"} and table.names("nobody") == []


def test_han_names_are_found_inside_a_sentence() -> None:
    table = AliasTable([("小馬智行", "ポニー・エーアイ"), ("寧徳時代新能源科技", "CATL")])
    assert table.found_in("深センで小馬智行の車両が走る。") == [entity_key("小馬智行")]
    assert table.found_in("CATLが走る。") == []


@pytest.mark.parametrize("order", [1, -1])
def test_the_order_of_pairs_does_not_matter(order: int) -> None:
    pairs = [("A社甲", "Alpha"), ("Alpha", "アルファ"), ("乙丙", "Beta"), ("アルファ", "乙丙")]
    table = AliasTable(pairs[::order])
    assert table.same(entity_key("Beta")) == table.same(entity_key("A社甲"))


def test_thousands_of_brackets_are_no_trouble() -> None:
    assert len(mine("小馬智行(CATL)" * 3000)) == 3000
    assert mine("(" * 20_000) == []


def test_a_name_of_several_words_is_found_as_a_whole() -> None:
    table = AliasTable([("架空汽車", "Kaku Auto")])
    (key,) = table.found_in("What does KAKU  Auto sell?")
    assert table.names(key) == ["架空汽車"] and table.surface(key) == "Kaku Auto"
    assert table.found_in("What do kaku automobiles cost?") == table.found_in("Auto Kaku") == []
    assert key in table.same(entity_key("架空汽車"))


def test_what_is_kept_apart_is_never_the_same_in_steps_either() -> None:
    pairs = [("架空電池", "Kaku Cells"), ("Kaku Cells", "カクセル"), ("カクセル", "虚構電池")]
    table = AliasTable(pairs, [("虚構電池", "架空電池"), ("Kaku Cells", "カクセル")])
    one, other = entity_key("架空電池"), entity_key("虚構電池")
    assert other not in table.same(one) and one not in table.same(other)
    assert table.names(other) == ["カクセル"]
    assert table.keeps_apart("架空電池", "虚構電池") and not table.keeps_apart("架空電池", "カクセル")
    chain = AliasTable([("甲社", "Kou"), ("乙社", "Kou")], [("甲社", "乙社")])
    assert chain.same("甲社") == {"甲社", entity_key("Kou")}
    assert {"甲社", "乙社"} <= chain.same(entity_key("Kou"))
