"""Plain text: articles with numbered tables, decks without page breaks, and what belongs to no block."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.reading.builder import Extracted
from assistant.reading.plain import extract
from assistant.types import Block, BlockKind, Page

ARTICLE = """蓄電池の合弁に動く部品大手

2026年3月5日

アジアの部品大手は、蓄電池の合弁を相次いで発表した。
投資額は合計で12億ユーロに達する。

背景にある制度変更

各国の補助金は2025年に見直された。これにより、現地生産の要件が厳しくなり、輸出だけでは採算が
合わなくなった。

表1　蓄電池をめぐる合弁の例
番号 企業名 相手先 内容
1-1 アオバ電池
（日本 大阪）
リバーモーター
2026年1月、年産5GWhの電池工場を英国に建てると発表した。投資額は
3億ユーロ。
1-2 ミドリ化学 North Volt Nine 2025年12月、正極材を供給する契約を結んだ。期間は10年間である。
1-3 ハマ テック ソラ モーター 試作品を2026年に納める。量産は未定で、条件を協議している段階である。
出所：各社の発表から作成

今後の見通し

今後は供給網の現地化がさらに進むとみられ、材料や設備の会社も欧州に拠点を置く動きを強めている。
注：金額は発表時の為替による。
"""
CAPTION = "表1　蓄電池をめぐる合弁の例"

DECK = """新興国の充電網
2026年5月12日
架空総研
Copyright (C) 2026 Kakuu Research. All rights reserved. 1

 充電器は3年で2倍に増え、
都市部に集中している
現状│充電器の数
• 都市部では1,200基が動く
• 郊外では利用が
少なく、採算が合わない
注：2025年末の値
Copyright (C) 2026 Kakuu Research. All rights reserved. 2

 料金は国ごとに大きく異なる
現状│料金の比較
国名 2024年 2025年
インド 12.5 13.1
タイ 20.0 18.4

ベトナム 9.8 10.2
出所：各社資料
Copyright (C) 2026 Kakuu Research. All rights reserved. 3

 規格の統一が次の課題である
課題│規格
• 事業者は規格の違いに悩み、利用者が充電のたびに別の会員証を

求められることが不満の原因になっている。
Copyright (C) 2026 Kakuu Research. All rights reserved. 4
"""
COUNT = ("現状│充電器の数", "充電器は3年で2倍に増え、都市部に集中している")
PRICES = ("現状│料金の比較", "料金は国ごとに大きく異なる")
STANDARD = ("課題│規格", "規格の統一が次の課題である")


def words(report: Extracted, block: Block) -> str:
    return report.text[block.start : block.end]


def blocks(text: str) -> list[tuple[str, str]]:
    report = extract(text, "report.txt")
    return [(block.kind.value, words(report, block)) for block in report.blocks]


def rows(text: str) -> dict[str | None, list[tuple[str, str]]]:
    report = extract(text, "report.txt")
    return {
        block.row: [(cell.header, report.text[cell.start : cell.end]) for cell in block.cells]
        for block in report.blocks
        if block.kind is BlockKind.TABLE_ROW
    }


def test_the_canonical_text_is_the_text_itself():
    assert extract(ARTICLE, "a.txt").text == ARTICLE
    assert extract(DECK, "a.txt").text == DECK


def test_an_article_falls_into_its_blocks():
    assert [(kind, text.split("\n")[0][:12]) for kind, text in blocks(ARTICLE)] == [
        ("heading", "蓄電池の合弁に動く部品大"),
        ("paragraph", "2026年3月5日"),
        ("paragraph", "アジアの部品大手は、蓄電"),
        ("heading", "背景にある制度変更"),
        ("paragraph", "各国の補助金は2025年"),
        ("caption", "表1　蓄電池をめぐる合弁"),
        ("table_row", "1-1 アオバ電池"),
        ("table_row", "1-2 ミドリ化学 No"),
        ("table_row", "1-3 ハマ テック ソ"),
        ("note", "出所：各社の発表から作成"),
        ("heading", "今後の見通し"),
        ("paragraph", "今後は供給網の現地化がさ"),
        ("note", "注：金額は発表時の為替に"),
    ]


def test_the_first_lines_are_the_title_and_the_date_line_says_when():
    report = extract(ARTICLE, "a.txt")
    assert (report.source.title, report.source.issued) == ("蓄電池の合弁に動く部品大手", "2026-03-05")


@pytest.mark.parametrize(
    ("line", "issued"),
    [
        ("2026年3月5日", "2026-03-05"),
        ("2026-12-31", "2026-12-31"),
        ("2026/3/5", "2026-03-05"),
        ("2026.03.05", "2026-03-05"),
        ("2026年3月5日に発表された。", None),
        ("2026年3月", None),
    ],
)
def test_only_a_line_that_is_a_whole_date_says_when_the_report_was_issued(line, issued):
    assert extract(f"見出し\n{line}\n\n本文はここから始まる。", "a.txt").source.issued == issued


def test_a_wrapped_title_is_joined():
    assert extract("電池の合弁に\n動く部品大手\n\n本文。", "a.txt").source.title == "電池の合弁に動く部品大手"
    assert extract("Battery ventures\nof suppliers\n\nText.", "a.txt").source.title == "Battery ventures of suppliers"


def test_a_text_that_begins_with_a_sentence_has_no_title():
    assert extract("電池の合弁が相次いだ。\n次の文。", "a.txt").source.title is None


def test_a_short_line_alone_heads_what_follows():
    report = extract(ARTICLE, "a.txt")
    paths = {words(report, block)[:7]: block.heading_path for block in report.blocks}
    assert paths["アジアの部品大"] == ()
    assert paths["各国の補助金は"] == paths["1-1 アオバ"[:7]] == ("背景にある制度変更",)
    assert paths["今後は供給網の"] == ("今後の見通し",)


@pytest.mark.parametrize(
    "line",
    ["売上は増えた。", "• 一つ目の項目", "2026年3月5日", "（写真は工場）", "とても長い見出しのような行" * 6, "12.5"],
)
def test_a_sentence_a_bullet_a_date_or_a_number_is_no_heading(line):
    text = f"題名\n\n{line}\n\n" + "本文はここから始まり、次の段落まで続いている。" * 5
    assert [kind for kind, found in blocks(text) if found == line] in (["paragraph"], ["list"])


def test_a_row_goes_on_over_lines_and_a_bracketed_line_belongs_to_the_cell_above():
    assert rows(ARTICLE)["1-1"] == [
        ("番号", "1-1"),
        ("企業名", "アオバ電池\n（日本 大阪）"),
        ("相手先", "リバーモーター"),
        ("内容", "2026年1月、年産5GWhの電池工場を英国に建てると発表した。投資額は\n3億ユーロ。"),
    ]


def test_a_latin_name_of_several_words_is_one_cell():
    assert rows(ARTICLE)["1-2"] == [
        ("番号", "1-2"),
        ("企業名", "ミドリ化学"),
        ("相手先", "North Volt Nine"),
        ("内容", "2025年12月、正極材を供給する契約を結んだ。期間は10年間である。"),
    ]


def test_a_row_whose_columns_are_uncertain_has_no_cells():
    assert rows(ARTICLE)["1-3"] == []


def test_rows_know_their_caption_and_the_header_line_is_no_block():
    report = extract(ARTICLE, "a.txt")
    assert {b.caption for b in report.blocks if b.kind is BlockKind.TABLE_ROW} == {CAPTION}
    header = ARTICLE.index("番号 企業名")
    assert not any(block.start <= header < block.end for block in report.blocks)


def test_an_english_table_has_rows_and_cells():
    text = "Title of it\n\nTable 1: Sites\nNo Firm Place Units\n1-1 Acme Leeds 120\n1-2 Bolt York 90\nSource: filings\n"
    assert rows(text) == {
        "1-1": [("No", "1-1"), ("Firm", "Acme"), ("Place", "Leeds"), ("Units", "120")],
        "1-2": [("No", "1-2"), ("Firm", "Bolt"), ("Place", "York"), ("Units", "90")],
    }
    assert blocks(text)[-1] == ("note", "Source: filings")


@pytest.mark.parametrize(
    "note",
    [
        "注：速報値による。",
        "（注1）暦年の値。",
        "※推計を含む。",
        "出所：各社資料",
        "(出典) : 統計局",
        "資料: 財務省",
        "Source: IEA",
        "Note 2: rounded",
        "（出所）各社",
        "(出典)統計局",
        "（資料）財務省",
        "（備考）暦年の値",
        "注) 速報値による。",
        "注2）暦年の値",
        "資料出所：各社",
        "(Source) IEA",
    ],
)
def test_notes_and_sources_are_notes(note):
    assert blocks(f"本文はここにある。\n{note}\n\n次の段落はここから始まる。") == [
        ("paragraph", "本文はここにある。"),
        ("note", note),
        ("paragraph", "次の段落はここから始まる。"),
    ]


@pytest.mark.parametrize(
    "caption", ["図表1-2 市場の規模", "図3：売上の推移", "Table 4. Sites", "Figure 2 – Shares", "表５　国別"]
)
def test_a_numbered_title_is_a_caption(caption):
    assert blocks(f"本文はここにある。\n{caption}\n\n次の段落。")[1] == ("caption", caption)


@pytest.mark.parametrize("note", ["（出所）各社", "（資料）財務省", "注) 速報値", "資料出所：各社", "(Note 1) rounded"])
def test_a_note_below_a_table_is_no_part_of_its_last_row(note):
    table = f"表1 例\n番号 社名 相手 内容\n1-1 アオバ ソラ 試作品を納める\n{note}\n"
    assert blocks(table)[-2:] == [("table_row", "1-1 アオバ ソラ 試作品を納める"), ("note", note)]


@pytest.mark.parametrize(
    "line", ["注目の市場は拡大した", "資料を集めた", "出所は各社である", "Notes on it", "注文（前年比）は"]
)
def test_words_that_only_begin_like_a_note_are_none(line):
    assert blocks(f"本文はここにある。\n\n{line}。")[-1] == ("paragraph", f"{line}。")


def test_a_sentence_about_a_table_is_no_caption():
    assert blocks("表1は合弁の例を示す。") == [("paragraph", "表1は合弁の例を示す。")]


def test_a_slide_is_headed_by_its_title_and_its_message():
    report = extract(DECK, "deck.txt")
    found = [(b.kind.value, words(report, b), b.heading_path) for b in report.blocks if b.heading_path]
    assert found == [
        ("heading", "充電器は3年で2倍に増え、\n都市部に集中している", COUNT),
        ("heading", "現状│充電器の数", COUNT),
        ("list", "• 都市部では1,200基が動く", COUNT),
        ("list", "• 郊外では利用が\n少なく、採算が合わない", COUNT),
        ("note", "注：2025年末の値", COUNT),
        ("heading", "料金は国ごとに大きく異なる", PRICES),
        ("heading", "現状│料金の比較", PRICES),
        ("table_row", "インド 12.5 13.1", PRICES),
        ("table_row", "タイ 20.0 18.4", PRICES),
        ("table_row", "ベトナム 9.8 10.2", PRICES),
        ("note", "出所：各社資料", PRICES),
        ("heading", "規格の統一が次の課題である", STANDARD),
        ("heading", "課題│規格", STANDARD),
        ("list", DECK[DECK.index("• 事業者") : DECK.rindex("\nCopyright")], STANDARD),
    ]


def test_recurring_footers_belong_to_no_block():
    report = extract(DECK, "deck.txt")
    assert report.text.count("Copyright") == 4
    assert not any("Copyright" in words(report, block) for block in report.blocks)


def test_a_copyright_line_that_stands_once_is_text():
    assert ("paragraph", "Copyright (C) 2026 A. 1") in blocks("本文は一つだけある。\n\nCopyright (C) 2026 A. 1\n")


def test_a_list_item_that_stops_half_way_goes_on_below_an_empty_line():
    item = next(text for kind, text in blocks(DECK) if text.startswith("• 事業者"))
    assert item.endswith("会員証を\n\n求められることが不満の原因になっている。")


def test_aligned_numbers_under_a_header_are_rows_also_over_an_empty_line():
    assert rows(DECK) == {
        "インド": [("国名", "インド"), ("2024年", "12.5"), ("2025年", "13.1")],
        "タイ": [("国名", "タイ"), ("2024年", "20.0"), ("2025年", "18.4")],
        "ベトナム": [("国名", "ベトナム"), ("2024年", "9.8"), ("2025年", "10.2")],
    }


def test_the_first_of_several_number_rows_is_no_header():
    text = "表1 台数\nインド 12.5 13.1\nタイ 20.0 18.4\nベトナム 9.8 10.2\n"
    assert blocks(text) == [("caption", "表1 台数"), ("paragraph", text.split("\n", 1)[1].strip())]
    assert rows("国名 2024 2025\nインド 12.5 13.1\nタイ 20.0 18.4\n")["タイ"][1:] == [
        ("2024", "20.0"),
        ("2025", "18.4"),
    ]
    assert rows("Year Sales Share\n2023 12.5 13.1\n2024 20.0 18.4\n2025 9.8 10.2\n")["2023"][1] == ("Sales", "12.5")


def test_labelled_rows_go_on_below_one_empty_line():
    table = "表1 例\n番号 社名 相手 台数\n1-1 アオバ ソラ 120\n\n1-2 ミドリ ウミ 90\n\n\n1-3 ハマ ヤマ 60\n"
    assert list(rows(table)) == ["1-1", "1-2"]
    assert rows(table)["1-2"] == [("番号", "1-2"), ("社名", "ミドリ"), ("相手", "ウミ"), ("台数", "90")]
    after = "表1 例\n番号 社名 相手 台数\n1-1 アオバ ソラ 120\n\n本文はここから始まる。"
    assert blocks(after)[-1] == ("paragraph", "本文はここから始まる。")


def test_a_deck_has_its_cover_as_source():
    source = extract(DECK, "deck.txt").source
    assert source.title is not None and source.title.startswith("新興国の充電網")
    assert source.issued == "2026-05-12"


def test_two_bars_are_not_yet_a_deck():
    text = "現状│台数\n本文はここにある。\n\n課題│規格\n本文はここにもある。\n"
    assert {block.heading_path for block in extract(text, "a.txt").blocks} == {()}


def test_form_feeds_end_pages():
    report = extract("一枚目の文。\n\f二枚目の文\nは続く。\n\f\f四枚目の文。", "a.txt")
    assert report.pages == (Page(1, 0, 7), Page(2, 8, 19), Page(3, 20, 20), Page(4, 21, 27))
    assert [(words(report, block), block.page) for block in report.blocks] == [
        ("一枚目の文。", 1),
        ("二枚目の文\nは続く。", 2),
        ("四枚目の文。", 4),
    ]


def test_without_form_feeds_there_are_no_pages():
    report = extract(ARTICLE, "a.txt")
    assert report.pages == () and {block.page for block in report.blocks} == {None}


def test_a_block_does_not_go_on_over_a_page():
    assert blocks("前の文。\n文の前半は\f後半に続く。") == [
        ("paragraph", "前の文。\n文の前半は"),
        ("paragraph", "後半に続く。"),
    ]


def test_blank_text_has_no_blocks():
    assert extract("", "a.txt").blocks == extract(" \n\n\u3000\n\f", "a.txt").blocks == ()


LINES = [
    "",
    "",
    "題名のような行",
    "本文は3.2%増え、続く。",
    " 字下げの行で",
    "• 項目",
    "1. 項目",
    "表1 例",
    "番号 社名 相手 内容",
    "1-1 アオバ",
    "（日本）",
    "1-2 A B C D E 長い内容がここに書かれていて、二十四字を超えている。",
    "国 2024年 2025年",
    "日本 1.5 2.5",
    "印 3 4",
    "注：値",
    "現状│台数",
    "課題│規格",
    "見通し│次章",
    "Copyright (C) 2026 A 1",
    "Copyright (C) 2026 A 2",
    "\f",
    "2026年3月5日",
    "第2章 課題と展望",
    "A title of it",
    "The market grew by 4%.",
    "\ue000 印",
]


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.lists(st.sampled_from(LINES), max_size=25).map("\n".join),
        st.text(alphabet="あ中a1-.。、：注表│•（） \n\f\u3000\ue000", max_size=80),
    )
)
def test_blocks_are_disjoint_in_order_trimmed_and_hold_their_cells(text):
    report = extract(text, "a.txt")
    assert report.text == text
    end = 0
    for block in report.blocks:
        assert end <= block.start < block.end <= len(text)
        end = block.end
        assert words(report, block) == words(report, block).strip()
        inner = block.start
        for cell in block.cells:
            assert inner <= cell.start < cell.end <= block.end
            inner = cell.end


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.sampled_from([line for line in LINES if "│" not in line and not line.endswith((".5", " 4", "of it"))]),
        max_size=25,
    ).map("\n".join)
)
def test_what_lies_outside_the_blocks_is_a_footer_or_a_header_line(text):
    report = extract(text, "a.txt")
    outside = list(text)
    for block in report.blocks:
        outside[block.start : block.end] = " " * (block.end - block.start)
    left = [line.strip() for line in "".join(outside).splitlines() if line.strip()]
    assert set(left) <= {"番号 社名 相手 内容", "国 2024年 2025年", "Copyright (C) 2026 A 1", "Copyright (C) 2026 A 2"}


def test_a_numbered_line_heads_the_paragraphs_set_in_below_it():
    text = "配送の調査\n\n１．調査の概要\n　事業者に聞いた結果、\n半数が答えた。\n　回収率は39%である。\n\n2. 再配達\n　再配達は減った。\n"
    blocks = extract(text, "a.txt").blocks
    assert [(one.kind, text[one.start : one.end], one.heading_path) for one in blocks[1:]] == [
        (BlockKind.HEADING, "１．調査の概要", ("１．調査の概要",)),
        (BlockKind.PARAGRAPH, "事業者に聞いた結果、\n半数が答えた。", ("１．調査の概要",)),
        (BlockKind.PARAGRAPH, "回収率は39%である。", ("１．調査の概要",)),
        (BlockKind.HEADING, "2. 再配達", ("2. 再配達",)),
        (BlockKind.PARAGRAPH, "再配達は減った。", ("2. 再配達",)),
    ]


def test_numbered_items_stay_a_list():
    text = "課題は次のとおり。\n\n1. 物流費が上がる\n2. 人口が減る\n"
    assert [one.kind for one in extract(text, "a.txt").blocks[-2:]] == [BlockKind.LIST, BlockKind.LIST]
