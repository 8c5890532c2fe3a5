"""Decks made with python-pptx: slides as pages, exact text, rows, charts' data, notes and boxes."""

import pytest
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from assistant.errors import ReadingError
from assistant.reading import deck
from assistant.types import BlockKind
from tests.reading.offices import saved


def read(presentation) -> deck.Extracted:
    return deck.extract(saved(presentation), "deck.pptx")


def lines(extracted: deck.Extracted) -> list[tuple[int | None, str, str]]:
    return [(block.page, block.kind.value, extracted.text[block.start : block.end]) for block in extracted.blocks]


def add_text(shapes, text: str, left: float, top: float, width: float = 2, height: float = 1) -> None:
    shapes.add_textbox(Inches(left), Inches(top), Inches(width), Inches(height)).text_frame.text = text


def test_a_slide_is_a_page_with_title_bullets_and_notes() -> None:
    presentation = Presentation()
    first = presentation.slides.add_slide(presentation.slide_layouts[1])
    first.shapes.title.text = "市場の見通し"
    first.placeholders[1].text = "AI市場は5,784億元\n成長率は13.9%"
    first.notes_slide.notes_text_frame.text = "質疑に備える。"
    second = presentation.slides.add_slide(presentation.slide_layouts[6])
    add_text(second.shapes, "No title here.", 1, 1)
    extracted = read(presentation)
    assert lines(extracted) == [
        (1, "heading", "市場の見通し"),
        (1, "list", "AI市場は5,784億元"),
        (1, "list", "成長率は13.9%"),
        (1, "note", "質疑に備える。"),
        (2, "paragraph", "No title here."),
    ]
    assert [block.heading_path for block in extracted.blocks[1:]] == [("市場の見通し",)] * 3 + [()]
    assert [(page.number, round(page.width), round(page.height)) for page in extracted.pages] == [
        (1, 720, 540),
        (2, 720, 540),
    ]
    assert extracted.source.title == "市場の見通し"


def test_shapes_are_read_from_top_to_bottom_and_left_to_right_inside_groups_too() -> None:
    presentation = Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[6])
    add_text(slide.shapes, "bottom", 1, 5)
    add_text(slide.shapes, "right", 6, 1)
    group = slide.shapes.add_group_shape()
    add_text(group.shapes, "middle", 1, 3)
    add_text(group.shapes, "middle right", 5, 3)
    add_text(slide.shapes, "left", 1, 1)
    extracted = read(presentation)
    assert [text for _, _, text in lines(extracted)] == ["left", "right", "middle", "middle right", "bottom"]
    box = extracted.blocks[2].boxes[0].box
    assert (box.x0, box.y0, box.x1, box.y1) == pytest.approx((0.1, 0.4, 0.3, 0.5333), abs=1e-3)


def test_a_table_keeps_its_headers_and_each_row_its_own_box() -> None:
    presentation = Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[6])
    table = slide.shapes.add_table(3, 3, Inches(1), Inches(1.5), Inches(8), Inches(3)).table
    for row, texts in enumerate([("企業", "概要", ""), ("A社", "電池", "41億ユーロ"), ("B社", "車載", "3.2%")]):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    table.cell(0, 1).merge(table.cell(0, 2))
    extracted = read(presentation)
    rows = [block for block in extracted.blocks if block.kind is BlockKind.TABLE_ROW]
    assert [extracted.text[row.start : row.end] for row in rows] == ["A社\t電池\t41億ユーロ", "B社\t車載\t3.2%"]
    assert [cell.header for cell in rows[0].cells] == ["企業", "概要", "概要"]
    boxes = [row.boxes[0].box for row in rows]
    assert [(round(box.y0, 3), round(box.y1, 3)) for box in boxes] == [(0.333, 0.467), (0.467, 0.6)]


def test_a_chart_gives_its_data_as_rows_as_its_labels_would_show_them() -> None:
    presentation = Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[6])
    data = CategoryChartData(number_format="0.0%")
    data.categories = ["2022年", "2023年"]
    data.add_series("シェア", (0.256, 0.31))
    data.add_series("Rest", (0.744, None))
    chart = slide.shapes.add_chart(
        XL_CHART_TYPE.COLUMN_CLUSTERED, Inches(1), Inches(1), Inches(6), Inches(4), data
    ).chart
    chart.has_title = True
    chart.chart_title.text_frame.text = "図1 シェアの推移"
    extracted = read(presentation)
    assert lines(extracted) == [
        (1, "caption", "図1 シェアの推移"),
        (1, "table_row", "2022年\t25.6%\t74.4%"),
        (1, "table_row", "2023年\t31.0%"),
    ]
    assert extracted.blocks[1].caption == "図1 シェアの推移"
    assert [cell.header for cell in extracted.blocks[1].cells] == ["", "シェア", "Rest"]


def test_a_damaged_deck_is_named() -> None:
    with pytest.raises(ReadingError) as raised:
        deck.extract(saved(Presentation())[:5_000], "bad.pptx")
    assert raised.value.code == "office_damaged"
