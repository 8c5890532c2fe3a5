"""Word files made with python-docx (and what it cannot make, in XML): exact text, rows, notes and sources."""

import io
import zipfile
from datetime import UTC, datetime

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from assistant.errors import ReadingError
from assistant.reading import word
from assistant.types import BlockKind
from tests.reading.offices import rewritten, saved, with_footnote


def read(document) -> word.Extracted:
    return word.extract(saved(document), "report.docx")


def lines(extracted: word.Extracted) -> list[tuple[str, str]]:
    return [(block.kind.value, extracted.text[block.start : block.end]) for block in extracted.blocks]


def test_headings_paragraphs_lists_and_captions_come_in_order_under_their_headings() -> None:
    document = docx.Document()
    document.add_paragraph("市場調査 2025", style="Title")
    document.add_heading("1. 市場規模", 1)
    document.add_paragraph("市場は41億ユーロに達した。\n前年比12%増である。")
    document.add_heading("Regions", 2)
    document.add_paragraph("Europe grew by 3.2%.", style="List Bullet")
    document.add_paragraph("Asia was flat.", style="List Number")
    document.add_paragraph("表1 地域別", style="Caption")
    extracted = read(document)
    assert lines(extracted) == [
        ("heading", "市場調査 2025"),
        ("heading", "1. 市場規模"),
        ("paragraph", "市場は41億ユーロに達した。\n前年比12%増である。"),
        ("heading", "Regions"),
        ("list", "Europe grew by 3.2%."),
        ("list", "Asia was flat."),
        ("caption", "表1 地域別"),
    ]
    assert extracted.blocks[4].heading_path == ("1. 市場規模", "Regions")
    assert extracted.source.title == "市場調査 2025"


def test_a_table_keeps_headers_rows_and_merged_cells() -> None:
    document = docx.Document()
    document.add_paragraph("表2 売上高（単位：億円）")
    table = document.add_table(rows=4, cols=3)
    for row, texts in zip(
        table.rows,
        [("企業", "売上高", ""), ("", "2023年", "2024年"), ("A社", "120", "135"), ("B社", "80", "")],
        strict=True,
    ):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(0, 0).merge(table.cell(1, 0))
    extracted = read(document)
    rows = [block for block in extracted.blocks if block.kind is BlockKind.TABLE_ROW]
    assert [(row.row, row.caption) for row in rows] == [
        ("A社", "表2 売上高（単位：億円）"),
        ("B社", "表2 売上高（単位：億円）"),
    ]
    assert [(cell.header, extracted.text[cell.start : cell.end]) for cell in rows[0].cells] == [
        ("企業", "A社"),
        ("売上高 2023年", "120"),
        ("売上高 2024年", "135"),
    ]


def test_a_footnote_follows_its_paragraph_as_a_note() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("The share was 31%.")
    document.add_paragraph("Next.")
    with_footnote(document, paragraph, "Survey of 1,200 firms.")
    assert lines(read(document)) == [
        ("paragraph", "The share was 31%."),
        ("note", "Survey of 1,200 firms."),
        ("paragraph", "Next."),
    ]


def test_deleted_words_are_left_out_and_inserted_ones_are_in() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("It rose by ")
    for xml in (
        '<w:del {0} w:id="1" w:author="x"><w:r><w:delText>9.9%</w:delText></w:r></w:del>',
        '<w:ins {0} w:id="2" w:author="x"><w:r><w:t>3.2%</w:t></w:r></w:ins>',
    ):
        paragraph._p.append(parse_xml(xml.format(nsdecls("w"))))
    assert lines(read(document)) == [("paragraph", "It rose by 3.2%")]


def test_text_boxes_and_content_controls_are_read_and_the_table_of_contents_is_furniture() -> None:
    document = docx.Document()
    document.styles.add_style("toc 1", 1)
    document.add_paragraph("1. Results ........ 4", style="toc 1")
    paragraph = document.add_paragraph("Beside the box.")
    box = "<w:r {0}><w:pict><v:shape {1}><v:textbox><w:txbxContent><w:p><w:r><w:t>In the box.</w:t></w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    paragraph._p.append(parse_xml(box.format(nsdecls("w"), 'xmlns:v="urn:schemas-microsoft-com:vml"')))
    control = "<w:sdt {0}><w:sdtContent><w:p><w:r><w:t>In the control.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    document.element.body.insert(2, parse_xml(control.format(nsdecls("w"))))
    extracted = read(document)
    assert lines(extracted) == [
        ("paragraph", "Beside the box."),
        ("paragraph", "In the box."),
        ("paragraph", "In the control."),
    ]
    assert extracted.text.startswith("1. Results")


def test_the_source_comes_from_the_core_properties() -> None:
    document = docx.Document()
    document.add_paragraph("本文です。")
    document.core_properties.title, document.core_properties.author = "電池の見通し", "山田太郎"
    document.core_properties.modified = datetime(2025, 12, 4, tzinfo=UTC)
    source = read(document).source
    assert (source.title, source.author, source.issued) == ("電池の見通し", "山田太郎", "2025-12-04")


def bomb() -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as container,
        container.open("word/document.xml", "w") as part,
    ):
        for _ in range(513):
            part.write(bytes(2**20))
    return out.getvalue()


def entities(name: str, blob: bytes) -> bytes:
    """A document part with entities that expand to gigabytes."""
    if name != "word/document.xml":
        return blob
    chain = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    return f'<!DOCTYPE d [<!ENTITY e0 "ha">{chain}]>'.encode() + blob.split(b"?>", 1)[1].replace(b"Words", b"&e11;")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xd0\xcf\x11\xe0" + bytes(600), "office_encrypted"),
        (b"PK\x03\x04 not really", "office_damaged"),
        (
            rewritten(saved(docx.Document()), lambda name, blob: None if name == "word/document.xml" else blob),
            "office_damaged",
        ),
        (rewritten(saved(docx.Document()), lambda name, blob: blob[: len(blob) // 2]), "office_damaged"),
    ],
    ids=["encrypted", "no zip", "without its document", "cut parts"],
)
def test_what_cannot_be_read_is_named(data: bytes, code: str) -> None:
    with pytest.raises(ReadingError) as raised:
        word.extract(data, "bad.docx")
    assert raised.value.code == code


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(ReadingError) as raised:
        word.extract(bomb(), "bomb.docx")
    assert (raised.value.code, raised.value.values["megabytes"]) == ("office_too_large", "513")


def test_entities_are_not_expanded() -> None:
    document = docx.Document()
    document.add_paragraph("Words and more.")
    data = rewritten(saved(document), entities)
    try:
        text = word.extract(data, "entities.docx").text
    except ReadingError as error:
        assert error.code == "office_damaged"
    else:
        assert len(text) < 1_000
