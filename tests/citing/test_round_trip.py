"""A draft goes through `lookup --out` and LibreOffice into a PDF, where its footnotes stand with the reports' pages."""

import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import docx
import pypdfium2
import pytest

from tests.conftest import Run, write_corpus
from tests.reading.offices import saved, with_footnote
from tests.reading.pdfs import pdf, words

PLANT = "The plant in Zaragoza costs 4.1 billion euros."
STAFF = "It will employ 2,000 people from 2026."
REPORT = pdf([words(50, 50, "Imaginary Battery Outlook"), words(50, 50, PLANT), words(50, 50, STAFF)])
SOURCE = 'title = "Battery Outlook"\npublisher = "Example Institute"\nissued = "2025-12-04"\n'


def test_footnotes_with_pages_stand_in_the_pdf_that_libreoffice_makes(
    command: Callable[..., Run], tmp_path: Path
) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice (soffice) is not on this machine: nothing to make a PDF with")
    corpus = write_corpus(tmp_path / "corpus", {"plant.pdf": REPORT, "plant.pdf.meta.toml": SOURCE})
    draft = docx.Document()
    with_footnote(draft, draft.add_paragraph("Our own remark."), "A note of our own.")
    draft.add_paragraph(PLANT).add_run(" The plant in Zaragoza costs 41 billion euros.").bold = True
    draft.add_table(1, 1).cell(0, 0).text = STAFF
    (tmp_path / "draft.docx").write_bytes(saved(draft))
    common = ["--corpus", corpus, "--index", tmp_path / "index"]
    assert command("sync", *common).status == 0
    looked_up = command("lookup", "--file", "draft.docx", "--out", "out.docx", *common)
    assert looked_up.status == 0 and "41 billion" in looked_up.out

    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    convert = [office, profile, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, tmp_path / "out.docx"]
    subprocess.run(convert, check=True, capture_output=True, timeout=240)
    with pypdfium2.PdfDocument(tmp_path / "out.pdf") as made:
        text = " ".join(made[0].get_textpage().get_text_bounded().split())
    notes = re.findall(r"(\d) ?(A note of our own|Source: .*?p\. \d)", text)
    expected = "Source: Example Institute, “Battery Outlook” (4 December 2025), p. "
    assert notes == [("1", "A note of our own"), ("2", f"{expected}2"), ("3", f"{expected}3")]
    assert re.search(r"4\.1 billion euros\. ?2 ?The plant", text)
