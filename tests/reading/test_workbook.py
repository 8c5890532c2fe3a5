"""Workbooks made with openpyxl, and CSV: sheets as pages, numbers as shown, merged cells, units and notes."""

import zipfile
from datetime import date

import openpyxl
import pytest

from assistant.errors import ReadingError
from assistant.reading import workbook
from assistant.types import BlockKind
from tests.reading.offices import rewritten, saved


def lines(extracted: workbook.Extracted) -> list[tuple[int | None, str, str]]:
    return [(block.page, block.kind.value, extracted.text[block.start : block.end]) for block in extracted.blocks]


def book() -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "市場規模"
    sheet["A1"] = "表1 地域別の市場規模"
    sheet["A2"] = "（単位：億円）"
    for cell, value in {"A3": "地域", "B3": "売上高", "B4": 2023, "C4": 2024, "D3": "発表日"}.items():
        sheet[cell] = value
    sheet.append(["欧州", 1234.5, 0.256, date(2025, 7, 15)])
    sheet.append(["北米", -80, None, None])
    sheet.append(["注：2024年は見込み。"])
    sheet["B5"].number_format, sheet["C5"].number_format, sheet["B6"].number_format = "#,##0.0", "0.0%", "#,##0;▲#,##0"
    sheet["D5"].number_format = 'yyyy"年"m"月"d"日"'
    sheet.merge_cells("B3:C3")
    sheet.merge_cells("A3:A4")
    sheet.merge_cells("D3:D4")
    sheet["A10"] = "出所：各社の資料"
    hidden = made.create_sheet("work")
    hidden.append(["a", "b"])
    hidden.sheet_state = "hidden"
    made.create_sheet("Notes")["A1"] = "Only a remark."
    return made


def test_a_sheet_is_a_page_and_cells_are_shown_as_excel_shows_them() -> None:
    extracted = workbook.extract(saved(book()), "book.xlsx")
    assert lines(extracted) == [
        (1, "heading", "市場規模"),
        (1, "caption", "表1 地域別の市場規模\n（単位：億円）"),
        (1, "table_row", "欧州\t1,234.5\t25.6%\t2025年7月15日"),
        (1, "table_row", "北米\t▲80"),
        (1, "note", "注：2024年は見込み。"),
        (1, "note", "出所：各社の資料"),
        (3, "heading", "Notes"),
        (3, "paragraph", "Only a remark."),
    ]
    row = extracted.blocks[2]
    assert (row.row, row.caption, row.heading_path) == ("欧州", "表1 地域別の市場規模 （単位：億円）", ("市場規模",))
    assert [cell.header for cell in row.cells] == ["地域", "売上高 2023", "売上高 2024", "発表日"]


@pytest.mark.parametrize(("count", "compression"), [(5_000, zipfile.ZIP_DEFLATED), (15_000, zipfile.ZIP_STORED)])
def test_every_row_of_a_long_sheet_is_read(count: int, compression: int) -> None:
    """The second one is larger than `_LARGE`: it is read as a stream."""
    made = openpyxl.Workbook(write_only=True)
    sheet = made.create_sheet("data")
    sheet.append(["name", "value"])
    for number in range(count):
        sheet.append([f"row {number:0200}", number])
    data = rewritten(saved(made), lambda _, blob: blob, compression)
    assert (len(data) > workbook._LARGE) is (compression == zipfile.ZIP_STORED)
    extracted = workbook.extract(data, "large.xlsx")
    assert sum(block.kind is BlockKind.TABLE_ROW for block in extracted.blocks) == count
    assert extracted.text.endswith(f"row {count - 1:0200}\t{count - 1}")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_csv_is_a_table_in_every_encoding_and_with_every_separator(encoding: str, delimiter: str) -> None:
    text = "\r\n".join(
        delimiter.join(row) for row in [("企業名", "発表日", "概要"), ("百度", "2025年7月15日", '"提携, 開始"')]
    )
    extracted = workbook.extract_csv(text.encode(encoding), "rows.csv")
    assert lines(extracted) == [(None, "table_row", "百度\t2025年7月15日\t提携, 開始")]
    assert [cell.header for cell in extracted.blocks[0].cells] == ["企業名", "発表日", "概要"]


def test_a_broken_workbook_is_named() -> None:
    with pytest.raises(ReadingError) as raised:
        workbook.extract(saved(book())[:2_000], "bad.xlsx")
    assert raised.value.code == "office_damaged"
