"""Samples as LibreOffice writes them (`tools/make_samples.py`), read: exact text, rows, pages and boxes."""

from itertools import groupby
from pathlib import Path, PurePosixPath

import pytest

from assistant.reading import quality, reader
from assistant.types import BlockKind, Report

DATA = Path(__file__).parents[1] / "data"
SAMPLES = sorted(path.name for path in DATA.iterdir())
PLANT = (
    "架空電池は2025年3月12日、南の港町に電池工場を建てると公表した。投資額は最大41億ユーロで、年間の生産能力は"
    "50ギガワット時になる。稼働は2027年の夏を見込む。"
)
ROWS = [
    {
        "企業": "架空電池",
        "協業概要": "電池工場の建設 第1期は10ギガワット時",
        "投資額 2024年": "1,200",
        "投資額 2025年": "3,450",
    },
    {"企業": "見本自動車", "協業概要": "運転支援の共同開発", "投資額 2024年": "85", "投資額 2025年": "△12"},
    {"企業": "Example Motors", "協業概要": "Joint venture in cells", "投資額 2024年": "640", "投資額 2025年": "1,003"},
]


def read(path: Path) -> Report:
    return reader.read(path.read_bytes(), PurePosixPath(path.name))


def sample(name: str) -> Report:
    return read(DATA / name)


def texts(report: Report, kind: BlockKind, joiner: str = "") -> list[str]:
    found = [report.text[block.start : block.end] for block in report.blocks if block.kind is kind]
    return [text.replace("\n", joiner) for text in found]


def tables(report: Report) -> list[list[dict[str, str]]]:
    """The rows of each table as {header: text}."""
    runs = groupby(report.blocks, lambda block: (block.kind, block.caption, block.page))
    return [
        [{cell.header: report.text[cell.start : cell.end] for cell in row.cells} for row in rows]
        for (kind, *_), rows in runs
        if kind is BlockKind.TABLE_ROW
    ]


@pytest.mark.parametrize("name", ["report.docx", "report.html", "report.pdf"])
def test_a_report_has_its_headings_columns_and_notes_in_reading_order(name: str) -> None:
    report = sample(name)
    assert texts(report, BlockKind.HEADING) == ["電池産業の展望", "1. 新しい工場", "2. 協業の一覧", "3. 見通し"]
    assert report.ref.title == "電池産業の展望 2025"
    paragraphs = texts(report, BlockKind.PARAGRAPH)
    assert PLANT in paragraphs
    whole = report.text.replace("\n", "")
    places = [
        whole.index(words) for words in ("架空電池は", "The plant will", "建設は3段階", "出所: 各社", "固体電池は")
    ]
    assert places == sorted(places)
    captions = texts(report, BlockKind.CAPTION)
    assert captions == ["表1 協業と投資額（単位：億円）"]
    assert any("為替は2025年の平均で、1ユーロは163円として計算した。" in words for words in report.text.split("\n"))


@pytest.mark.parametrize("name", ["report.docx", "report.html", "report.pdf"])
def test_a_table_with_merged_heads_gives_every_cell_its_headers(name: str) -> None:
    report = sample(name)
    (rows,) = tables(report)
    wrapped = "電池工場の建設第1期は"  # on paper, a new line and a wrapped one look the same
    assert [
        {head: text.replace(wrapped, "電池工場の建設 第1期は") for head, text in row.items()} for row in rows
    ] == ROWS
    assert {block.caption for block in report.blocks if block.cells} == {"表1 協業と投資額（単位：億円）"}
    assert [block.row for block in report.blocks if block.cells] == [row["企業"] for row in ROWS]


def test_a_printed_report_has_pages_boxes_and_no_running_head_in_its_blocks() -> None:
    report = sample("report.pdf")
    assert [page.number for page in report.pages] == [1, 2]
    blocks = {report.text[block.start : block.end].replace("\n", ""): block for block in report.blocks}
    assert not any("架空総合研究所" in words for words in blocks)
    plant = blocks[PLANT]
    assert (plant.page, len(plant.boxes), plant.heading_path[-1]) == (1, 4, "1. 新しい工場")
    assert [report.text[line.start : line.end] for line in plant.boxes][1] == "工場を建てると公表した。投資額は最大41億"
    box = plant.boxes[0].box
    assert (round(box.x0, 2), round(box.x1, 2), round(box.y0, 2)) == (0.1, 0.47, 0.22)
    last = blocks["次の頁では、供給網の変化を取り上げる。原料の価格は前の年より13.9%下がった。"]
    assert last.page == 2


def test_a_deck_has_slides_notes_a_merged_table_and_the_charts_data() -> None:
    report = sample("deck.pptx")
    assert texts(report, BlockKind.HEADING) == ["電池市場は2030年に3倍になる", "企業ごとの投資"]
    assert texts(report, BlockKind.LIST) == ["市場は5,784億元に達する", "Demand grows by 13.9% a year"]
    assert texts(report, BlockKind.NOTE) == ["質疑では為替の前提を説明する。"]
    table, chart = tables(report)
    assert table == [
        {"企業": "架空電池", "投資額（億円） 2024年": "1,200", "投資額（億円） 2025年": "3,450"},
        {"企業": "見本自動車", "投資額（億円） 2024年": "85", "投資額（億円） 2025年": "△12"},
    ]
    assert chart == [
        {"": "2024年", "架空電池": "0.256", "その他": "0.744"},
        {"": "2025年", "架空電池": "0.31", "その他": "0.69"},
    ]
    row = next(block for block in report.blocks if block.row == "見本自動車")
    box = row.boxes[0].box
    assert row.page == 2 and (round(box.x0, 2), round(box.x1, 2)) == (0.05, 0.47)
    assert box.y0 > 0.4 > next(block for block in report.blocks if block.row == "架空電池").boxes[0].box.y0


def test_a_printed_deck_has_its_title_in_one_and_its_points_as_a_list() -> None:
    report = sample("deck.pdf")
    assert texts(report, BlockKind.HEADING) == ["電池市場は2030年に3倍になる", "企業ごとの投資"]
    assert texts(report, BlockKind.LIST) == ["•市場は5,784億元に達する", "• Demand grows by 13.9% a year"]
    assert report.ref.title == "電池市場は2030年に3倍になる"
    assert tables(report) == tables(sample("deck.pptx"))[:1]


@pytest.mark.parametrize("name", ["table.xlsx", "table.csv"])
def test_a_sheet_shows_its_numbers_as_its_program_does_under_merged_heads(name: str) -> None:
    (rows,) = tables(sample(name))
    assert rows == [
        {"企業": "架空電池", "投資額 2024年": "1,200", "投資額 2025年": "3,450", "伸び率": "187.5%", "公表日": "2025年3月12日"},
        {"企業": "見本自動車", "投資額 2024年": "85", "投資額 2025年": "△12", "公表日": "2025年7月15日"},
        {"企業": "Example Motors", "投資額 2024年": "640", "投資額 2025年": "1,004", "伸び率": "56.8%", "公表日": "2025年9月1日"},
    ]  # fmt: skip
    captions = {block.caption for block in sample(name).blocks if block.cells}
    assert captions == {"表2 企業別の投資額 単位：億円"}


@pytest.mark.parametrize("name", SAMPLES)
def test_what_can_be_said_of_a_samples_quality_is_known(name: str) -> None:
    known = {"report.txt": {"quality_tables"}}
    assert {code for code, _ in quality.notes(sample(name))} == known.get(name, set())
