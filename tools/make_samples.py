"""Makes the samples in `tests/data/`: a report, a deck and a workbook as LibreOffice writes them, each in every format.

    python tools/make_samples.py [FOLDER]        needs `soffice` and a Japanese font; the results are committed

The report (a flat OpenDocument text) has headings, two columns, a list, a table with merged cells and lines broken inside
a cell, a footnote and a running head; the deck (python-pptx) a merged table, a chart and notes; the workbook (openpyxl)
a merged header, a unit, shares and dates. LibreOffice saves all of them itself, so that the files are its own.
"""

from __future__ import annotations

import datetime
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import openpyxl
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

_CELL = re.compile(r"CELL\(([^)]*)\)")
FONT = "Noto Sans CJK JP"
COLUMNS = (
    "架空電池は2025年3月12日、南の港町に電池工場を建てると公表した。投資額は最大41億ユーロで、年間の生産能力は50ギガワット時"
    "になる。稼働は2027年の夏を見込む。",
    "The plant will employ 3,000 people. Its partner, Example Motors, holds 30% of the venture and takes half of the cells "
    "for the first five years.",
    "建設は3段階に分かれる。第1期は10ギガワット時で、残りは需要を見て決める。地元政府は用地と電力を用意し、港の拡張も進める。"
    "専門家は人材の確保が課題だと指摘する。",
)
NOTE = "為替は2025年の平均で、1ユーロは163円として計算した。"
ITEMS = ("固体電池は2030年以降に量産される。", "Recycling recovers 95% of the lithium.")
BODY = f"""
<text:h text:style-name="H1" text:outline-level="1">電池産業の展望</text:h>
<text:p text:style-name="P">本資料は架空の企業を題材に、電池産業の投資と供給を整理する。<text:note text:id="n1" text:note-class="footnote">
<text:note-citation>1</text:note-citation><text:note-body><text:p text:style-name="Footnote">{NOTE}</text:p></text:note-body></text:note></text:p>
<text:h text:style-name="H2" text:outline-level="2">1. 新しい工場</text:h>
<text:section text:style-name="Two" text:name="Two">{"".join(f'<text:p text:style-name="P">{words}</text:p>' for words in COLUMNS)}</text:section>
<text:h text:style-name="H2" text:outline-level="2">2. 協業の一覧</text:h>
<text:p text:style-name="C">表1 協業と投資額（単位：億円）</text:p>
<table:table table:name="T" table:style-name="T"><table:table-column table:style-name="TC1"/>
<table:table-column table:style-name="TC2"/><table:table-column table:number-columns-repeated="2" table:style-name="TC3"/>
<table:table-header-rows>
<table:table-row>CELL(企業|1|2)CELL(協業概要|1|2)CELL(投資額|2|1)<table:covered-table-cell/></table:table-row>
<table:table-row><table:covered-table-cell/><table:covered-table-cell/>CELL(2024年)CELL(2025年)</table:table-row>
</table:table-header-rows>
<table:table-row>CELL(架空電池)CELL(電池工場の建設~第1期は10ギガワット時)CELL(1,200)CELL(3,450)</table:table-row>
<table:table-row>CELL(見本自動車)CELL(運転支援の共同開発)CELL(85)CELL(△12)</table:table-row>
<table:table-row>CELL(Example Motors)CELL(Joint venture in cells)CELL(640)CELL(1,003)</table:table-row>
</table:table>
<text:p text:style-name="P">出所: 各社の公表資料。</text:p>
<text:h text:style-name="H2" text:outline-level="2">3. 見通し</text:h>
<text:list text:style-name="L">{"".join(f"<text:list-item><text:p>{item}</text:p></text:list-item>" for item in ITEMS)}</text:list>
<text:p text:style-name="Break">次の頁では、供給網の変化を取り上げる。原料の価格は前の年より13.9%下がった。</text:p>
"""
STYLES = """
<office:styles><style:default-style style:family="paragraph"><style:text-properties style:font-name="J"
 style:font-name-asian="J" fo:font-size="10.5pt" style:font-size-asian="10.5pt" fo:language="en" fo:country="US"
 style:language-asian="ja" style:country-asian="JP"/></style:default-style>
<style:style style:name="Footnote" style:family="paragraph"><style:text-properties fo:font-size="8pt" style:font-size-asian="8pt"/></style:style>
<style:style style:name="Heading_20_1" style:display-name="Heading 1" style:family="paragraph" style:default-outline-level="1">
<style:text-properties fo:font-size="18pt" style:font-size-asian="18pt" fo:font-weight="bold" style:font-weight-asian="bold"/></style:style>
<style:style style:name="Heading_20_2" style:display-name="Heading 2" style:family="paragraph" style:default-outline-level="2">
<style:paragraph-properties fo:margin-top="14pt" fo:margin-bottom="6pt"/>
<style:text-properties fo:font-size="13pt" style:font-size-asian="13pt" fo:font-weight="bold" style:font-weight-asian="bold"/></style:style>
</office:styles>
<office:automatic-styles>
<style:style style:name="H1" style:family="paragraph" style:parent-style-name="Heading_20_1"/>
<style:style style:name="H2" style:family="paragraph" style:parent-style-name="Heading_20_2"/>
<style:style style:name="P" style:family="paragraph"><style:paragraph-properties fo:margin-bottom="5pt"/></style:style>
<style:style style:name="C" style:family="paragraph"><style:paragraph-properties fo:keep-with-next="always"/></style:style>
<style:style style:name="Break" style:family="paragraph"><style:paragraph-properties fo:break-before="page"/></style:style>
<style:style style:name="Two" style:family="section"><style:section-properties><style:columns fo:column-count="2" fo:column-gap="1cm">
<style:column style:rel-width="1*" fo:end-indent="0.5cm"/><style:column style:rel-width="1*" fo:start-indent="0.5cm"/></style:columns></style:section-properties></style:style>
<style:style style:name="T" style:family="table"><style:table-properties style:width="17cm"/></style:style>
<style:style style:name="TC1" style:family="table-column"><style:table-column-properties style:column-width="4cm"/></style:style>
<style:style style:name="TC2" style:family="table-column"><style:table-column-properties style:column-width="7cm"/></style:style>
<style:style style:name="TC3" style:family="table-column"><style:table-column-properties style:column-width="3cm"/></style:style>
<style:style style:name="Cell" style:family="table-cell"><style:table-cell-properties fo:border="0.5pt solid #000000" fo:padding="0.1cm"/></style:style>
<text:list-style style:name="L"><text:list-level-style-bullet text:level="1" text:bullet-char="•"><style:list-level-properties
 text:space-before="0.5cm" text:min-label-width="0.5cm"/></text:list-level-style-bullet></text:list-style>
<style:page-layout style:name="A4"><style:page-layout-properties fo:page-width="21cm" fo:page-height="29.7cm" fo:margin="2cm"/>
<style:header-style><style:header-footer-properties fo:margin-bottom="1cm"/></style:header-style></style:page-layout>
</office:automatic-styles>
<office:master-styles><style:master-page style:name="Standard" style:page-layout-name="A4"><style:header>
<text:p>架空総合研究所　電池レポート<text:tab/><text:page-number/></text:p></style:header></style:master-page></office:master-styles>
"""
META = """<office:meta><dc:title>電池産業の展望 2025</dc:title><meta:initial-creator>山田太郎</meta:initial-creator>
<dc:creator>山田太郎</dc:creator><dc:date>2025-12-04T09:00:00</dc:date></office:meta>"""
_NAMESPACES = {
    **{name: name for name in ("office", "text", "table", "style", "meta")},
    **{"fo": "xsl-fo-compatible", "svg": "svg-compatible"},
}
NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{what}:1.0"' for name, what in _NAMESPACES.items()
)


def report() -> str:
    """The report as a flat OpenDocument text; CELL(words|columns|rows) with ~ for a line's end stands for a cell."""

    def cell(match: re.Match[str]) -> str:
        words, across, down = (*match[1].split("|"), "1", "1")[:3]
        lines = "".join(f"<text:p>{line}</text:p>" for line in words.split("~"))
        return (
            f'<table:table-cell table:style-name="Cell" table:number-columns-spanned="{across}" '
            f'table:number-rows-spanned="{down}" office:value-type="string">{lines}</table:table-cell>'
        )

    fonts = f'<office:font-face-decls><style:font-face style:name="J" svg:font-family="\'{FONT}\'"/></office:font-face-decls>'
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {NAMES} xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.text">'
        f"{META}{fonts}{STYLES}<office:body><office:text>{_CELL.sub(cell, BODY)}</office:text></office:body>"
        "</office:document>"
    )


def deck(path: Path) -> None:
    """Two slides: a message with points and notes; a table with a merged header beside a chart."""
    made: Any = Presentation()  # python-pptx types its shapes by their base
    first = made.slides.add_slide(made.slide_layouts[1])
    first.shapes.title.text = "電池市場は2030年に3倍になる"
    first.placeholders[1].text = "市場は5,784億元に達する\nDemand grows by 13.9% a year"
    first.notes_slide.notes_text_frame.text = "質疑では為替の前提を説明する。"
    second = made.slides.add_slide(made.slide_layouts[5])
    second.shapes.title.text = "企業ごとの投資"
    table = second.shapes.add_table(4, 3, Inches(0.5), Inches(1.8), Inches(4.2), Inches(2)).table
    rows = [
        ("企業", "投資額（億円）", ""),
        ("", "2024年", "2025年"),
        ("架空電池", "1,200", "3,450"),
        ("見本自動車", "85", "△12"),
    ]
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(0, 0).merge(table.cell(1, 0))
    data = CategoryChartData(number_format="0.0%")
    data.categories = ["2024年", "2025年"]
    data.add_series("架空電池", (0.256, 0.31))
    data.add_series("その他", (0.744, 0.69))
    place = (Inches(5), Inches(1.8), Inches(4.5), Inches(4))
    chart = second.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *place, data).chart
    chart.has_title = True
    chart.chart_title.text_frame.text = "図1 シェアの推移"
    made.save(str(path))


def workbook(path: Path) -> None:
    """Two sheets: a table with a merged header, a unit, shares and dates; a few lines of remarks."""
    made = openpyxl.Workbook()
    sheet = made.worksheets[0]
    sheet.title = "投資額"
    lines = [
        ("表2 企業別の投資額",), ("単位：億円",), ("企業", "投資額", None, "伸び率", "公表日"), (None, "2024年", "2025年", None, None),
        ("架空電池", 1200, 3450, 1.875, datetime.date(2025, 3, 12)), ("見本自動車", 85, -12, None, datetime.date(2025, 7, 15)),
        ("Example Motors", 640, 1003.5, 0.568, datetime.date(2025, 9, 1)),
    ]  # fmt: skip
    for line in lines:
        sheet.append(line)
    for area in ("B3:C3", "A3:A4", "D3:D4", "E3:E4"):
        sheet.merge_cells(area)
    for row in range(5, 8):
        for column, code in zip("BCDE", ("#,##0", "#,##0;△#,##0", "0.0%", 'yyyy"年"m"月"d"日"'), strict=True):
            sheet[f"{column}{row}"].number_format = code
    made.create_sheet("備考").append(["為替は2025年の平均である。"])
    made.save(str(path))


def convert(source: Path, folder: Path, kind: str) -> None:
    """Have LibreOffice save a file as another kind, under the same name."""
    command = ["soffice", "--headless", "--convert-to", kind, "--outdir", str(folder), str(source)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120)


def main(folder: Path) -> None:
    """Write every sample into a folder."""
    with tempfile.TemporaryDirectory() as name:
        text, slides, sheets = (Path(name) / one for one in ("report.fodt", "deck.pptx", "table.xlsx"))
        text.write_text(report(), encoding="utf-8")
        deck(slides)
        workbook(sheets)
        for source, kind in (
            (text, "docx:MS Word 2007 XML"),
            (text, "pdf"),
            (text, "html:XHTML Writer File:UTF8"),
            (text, "txt:Text (encoded):SHIFT_JIS,LF"),
            (slides, "pptx:Impress MS PowerPoint 2007 XML"),
            (slides, "pdf"),
            (sheets, "xlsx:Calc MS Excel 2007 XML"),
            (sheets, "csv:Text - txt - csv (StarCalc):44,34,64,1,,0,false,true"),
        ):
            convert(source, folder, kind)
    for path in sorted(folder.iterdir()):
        print(f"{path.name}  {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "tests/data"))
