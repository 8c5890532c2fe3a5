"""A Word draft comes back with footnotes at the supported sentences, and with everything else as it was."""

import io
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant.assistant import Assistant
from assistant.citing import drafts
from assistant.citing.lookup import Stance
from assistant.errors import ReadingError, UsageError
from assistant.reading.word import extract
from assistant.types import BlockKind
from tests.reading.offices import saved, with_footnote

TRUE = "アルファ自動車とベータ電池は最大41億ユーロを投じて合弁工場を建設する。"
FALSE = "アルファ自動車とベータ電池は最大48億ユーロを投じて合弁工場を建設する。"
OTHER = "猫は一日の大半を眠って過ごす。"


def footnoted(assistant: Assistant, folder: Path, document) -> tuple[Any, list[str]]:
    """The draft as it comes back, and its footnotes as the reader of Word files reads them."""
    path = folder / "draft.docx"
    path.write_bytes(saved(document))
    draft = drafts.read(path)
    data = drafts.footnoted(draft, assistant.look_up(draft.text))
    report = extract(data, "out.docx")
    notes = [report.text[block.start : block.end] for block in report.blocks if block.kind is BlockKind.NOTE]
    return docx.Document(io.BytesIO(data)), notes


def test_a_supported_sentence_gets_a_footnote_with_table_and_row(assistant: Assistant, tmp_path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph(OTHER)
    paragraph.add_run(TRUE[:12]).bold = True
    paragraph.add_run(TRUE[12:] + FALSE).italic = True
    out, notes = footnoted(assistant, tmp_path, document)
    assert notes == ["出所：例示研究所「電池の提携 2025」（2025年12月4日）表3、「3-1」の行より"]
    (paragraph,) = (one for one in out.paragraphs if one.text)
    assert paragraph.text == OTHER + TRUE + FALSE
    runs = [(run.text, run.bold, run.italic) for run in paragraph.runs if run.text]
    assert runs == [(OTHER, None, None), (TRUE[:12], True, None), (TRUE[12:], None, True), (FALSE, None, True)]
    before = paragraph._p.find(f".//{qn('w:footnoteReference')}").getparent().getprevious()
    assert before.text == TRUE[12:]


def test_tables_lists_tracked_changes_and_own_footnotes_are_kept(assistant: Assistant, tmp_path: Path) -> None:
    document = docx.Document()
    with_footnote(document, document.add_paragraph(OTHER), "自分の脚注。")
    cell = document.add_table(1, 2).cell(0, 1)
    cell.text = TRUE
    changed = document.add_paragraph()
    changed._p.append(
        parse_xml(
            f'<w:ins {nsdecls("w")} w:id="9" w:author="a"><w:r><w:t>{TRUE}</w:t></w:r></w:ins>',
        )
    )
    changed._p.append(
        parse_xml(
            f'<w:del {nsdecls("w")} w:id="8" w:author="a"><w:r><w:delText>{FALSE}</w:delText></w:r></w:del>',
        )
    )
    document.add_paragraph("North America's share fell to 31%.", style="List Bullet")
    out, notes = footnoted(assistant, tmp_path, document)
    assert notes[0] == "自分の脚注。" and len(notes) == 4
    ids = [one.get(qn("w:id")) for one in out.element.body.iter(qn("w:footnoteReference"))]
    assert len(set(ids)) == 4
    assert out.tables[0].cell(0, 1).text == TRUE
    assert len(list(out.element.body.iter(qn("w:del")))) == 1
    assert [one.style.name for one in out.paragraphs if one.style][-1] == "List Bullet"


def test_the_cells_of_a_row_state_something_together(assistant: Assistant, tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(3, 3)
    cells = [
        "項目",
        "値",
        "",
        "合弁工場への投資",
        "最大41億ユーロ",
        "ベータ電池",
        "生産の開始",
        "2026年末",
        "アルファ自動車",
    ]
    for cell, words in zip(table._cells, cells, strict=True):
        cell.text = words
    out, notes = footnoted(assistant, tmp_path, document)
    assert len(notes) == 2
    last = [row.cells[2]._tc.findall(f".//{qn('w:footnoteReference')}") for row in out.tables[0].rows]
    assert [len(found) for found in last] == [0, 1, 1]


def test_a_long_draft_and_a_sentence_without_end_are_looked_up(assistant: Assistant, tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("長い" * 6_000)
    for _ in range(60):
        document.add_paragraph("…").add_run().add_break()
    document.add_paragraph(TRUE)
    assert len(footnoted(assistant, tmp_path, document)[1]) == 1


def test_a_draft_of_a_hundred_pages_has_a_footnote_on_each(assistant: Assistant, tmp_path: Path) -> None:
    document = docx.Document()
    for _ in range(100):
        document.add_paragraph(TRUE)
        document.add_page_break()
    out, notes = footnoted(assistant, tmp_path, document)
    ids = [one.get(qn("w:id")) for one in out.element.body.iter(qn("w:footnoteReference"))]
    assert len(notes) == len(set(ids)) == 100


def test_footnotes_stand_in_the_order_of_the_text(assistant: Assistant, tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph(TRUE)
    document.add_paragraph("North America's share fell to 31%.")
    with_footnote(document, document.add_paragraph(OTHER), "自分の脚注。")
    notes = footnoted(assistant, tmp_path, document)[1]
    assert ["表3" in notes[0], "市場" in notes[1], notes[2]] == [True, True, "自分の脚注。"]


@example("\x00\ufffe\ud800<b>&")
@settings(max_examples=30, deadline=None)
@given(st.text())
def test_whatever_a_report_is_called_word_can_hold_it(text: str) -> None:
    made = drafts.document(text, [drafts.Item("Normal", (drafts.Piece("x" + text, note=text),))])
    assert "x" in docx.Document(io.BytesIO(made)).paragraphs[-1].text


def test_text_drafts_are_read_as_they_stand(assistant: Assistant, tmp_path: Path) -> None:
    path = tmp_path / "draft.md"
    path.write_text(f"# 見出し\n\n- {TRUE}\n- {FALSE}\n", encoding="utf-8")
    draft = drafts.read(path)
    stances = {one.text.removeprefix("- "): one.stance for one in assistant.look_up(draft.text)}
    assert (stances[TRUE], stances[FALSE]) == (Stance.SUPPORTS, Stance.CONTRADICTS)


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [("a.pdf", b"%PDF", "draft_unknown"), ("a.docx", b"PK no zip", "office_damaged"), ("no.txt", None, "file_missing")],
)
def test_what_is_no_draft_is_refused(tmp_path: Path, name: str, data: bytes | None, code: str) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises((UsageError, ReadingError)) as caught:
        drafts.read(tmp_path / name)
    assert caught.value.code == code
