"""Five minutes of use in headless Chromium, on the reports that ship: from the first visit to the reference in Word.

One server and one browser; the scenes follow each other as a person's would.
"""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import docx
import pytest

from tests.web.chromium import NEEDS_CHROMIUM, Chat, sync_api, visited
from tests.web.conftest import ROOT

pytestmark = NEEDS_CHROMIUM
expect = sync_api.expect

PAGE_MM = (210, 297)
LEFT_MM, TOP_MM, LINE_MM = 25, 100, 6
SENTENCE = "Zephyr Dynamics opened its hydrogen valve plant in Toledo on 3 March 2026 with 240 employees."
PAPER = f"""<style>@page {{ size: A4; margin: 0 }} body {{ margin: 0 }}
p {{ position: absolute; left: {LEFT_MM}mm; margin: 0; font: 9pt/{LINE_MM}mm sans-serif; white-space: nowrap }}</style>
<p style="top: 30mm">Hydrogen valves in Europe</p><p style="top: {TOP_MM}mm">{SENTENCE}</p>
<p style="top: 140mm">Prices of steel fell by 4 percent in the same month.</p>"""
MARKED = """(picture) => {
  const canvas = Object.assign(document.createElement("canvas"), { width: picture.naturalWidth, height: picture.naturalHeight });
  const pen = canvas.getContext("2d");
  pen.drawImage(picture, 0, 0);
  const { data, width, height } = pen.getImageData(0, 0, canvas.width, canvas.height);
  const at = { left: width, top: height, right: 0, bottom: 0 };
  for (let i = 0; i < data.length; i += 4) {
    if (data[i] < 200 || data[i + 2] > 200 || data[i] - data[i + 2] < 60) continue;
    const [x, y] = [(i / 4) % width, Math.floor(i / 4 / width)];
    Object.assign(at, { left: Math.min(at.left, x), right: Math.max(at.right, x), top: Math.min(at.top, y), bottom: Math.max(at.bottom, y) });
  }
  return [at.left / width, at.top / height, at.right / width, at.bottom / height];
}"""
CLIPBOARD = """async (type) => {
  const [item] = await navigator.clipboard.read();
  return await (await item.getType(type)).text();
}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The app over a copy of the reports that ship, with everything that it keeps in a folder of its own."""
    folder = tmp_path_factory.mktemp("film")
    shutil.copytree(ROOT / "corpus", folder / "corpus", ignore=lambda _, names: {n for n in names if "digest" not in n})
    command = [sys.executable, "-W", "ignore", "-m", "assistant", "serve", "--port", "0"]
    command += ["--corpus", str(folder / "corpus"), "--index", str(folder / "index")]
    kept = {
        "ASSISTANT_STATE_DIR": str(folder / "state"),
        "ASSISTANT_LLM_MODEL": "none",
        "ASSISTANT_UI_LANGUAGE": "auto",
    }
    with subprocess.Popen(
        command, cwd=folder, stderr=subprocess.PIPE, text=True, env={**os.environ, **kept}
    ) as process:
        assert process.stderr is not None
        try:
            said = (re.search(r"http://\S+", line) for line in process.stderr)
            yield next(match[0] for match in said if match)
        finally:
            process.terminate()


def test_five_minutes_of_use(browser: sync_api.Browser, address: str, tmp_path: Path) -> None:
    with visited(browser, address) as chat:
        chat.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        a_starter_question_is_asked(chat)
        a_chip_leads_to_a_reference_in_two_clicks(chat)
        a_list_is_copied_into_a_spreadsheet(chat)
        what_the_reports_do_not_hold_is_said(chat)
        a_pdf_is_added(chat, tmp_path / "valves.pdf")
        its_page_is_boxed_where_the_words_are_printed(chat)
        it_is_removed_again(chat)
        the_conversation_is_found_after_a_reload(chat)
        it_is_taken_along_to_word(chat, tmp_path / "saved.docx")
        no_serious_fault_of_accessibility_is_found(chat)


def test_a_first_visit_in_english_on_a_telephone(browser: sync_api.Browser, address: str) -> None:
    with visited(browser, address, locale="en-GB", width=390, height=844) as chat:
        expect(chat.page.locator(".starter:visible").first).to_contain_text("What do the reports say about")
        chat.ask("How much are Stellantis and CATL investing in the Spanish battery plant?")
        reply = chat.finish()
        expect(reply.locator(".text")).to_contain_text("up to €4.1 billion")
        pane = reply.locator(".evidence")
        expect(pane).not_to_be_in_viewport()
        reply.locator("a[data-cite]").first.click()
        expect(pane.locator(".checks")).to_contain_text("€4.1 billion = 41億ユーロ")
        expect(pane.locator("mark").first).to_be_in_viewport()
        chat.page.keyboard.press("Escape")
        expect(pane).not_to_be_in_viewport()
        assert chat.page.evaluate("document.documentElement.scrollWidth") <= 390


def a_starter_question_is_asked(chat: Chat) -> None:
    expect(chat.page.locator("#name h1")).to_have_text("レポート・アシスタント")
    starter = chat.page.locator(".starter:visible").first
    expect(starter).to_contain_text("について教えてください")
    starter.click()
    reply = chat.finish()
    expect(reply.locator(".status")).to_contain_text("回答しました")
    expect(reply.locator(".sources li").first).to_be_visible()
    follow = chat.page.locator(".follow button")
    expect(follow.first).to_be_visible()
    follow.first.click()
    expect(chat.finish(2).locator(".status")).not_to_contain_text("回答なし")


def a_chip_leads_to_a_reference_in_two_clicks(chat: Chat) -> None:
    reply = chat.page.locator("#current .reply")
    reply.locator(".text a[data-cite]").first.click()
    card = reply.locator(".card[open]")
    picture = card.locator(".page img")
    chat.page.wait_for_function("() => document.querySelector('#current .card[open] .page img')?.naturalWidth > 0")
    expect(card.locator("mark").first).to_be_in_viewport()
    pane, shown = (one.bounding_box() for one in (reply.locator(".evidence"), picture))
    assert pane and shown and pane["x"] <= shown["x"] and shown["x"] + shown["width"] <= pane["x"] + pane["width"]
    left, top, right, bottom = picture.evaluate(MARKED)
    assert 0 <= left < right <= 1 and 0 <= top < bottom <= 1
    card.locator("button.copy").click()
    expect(card.locator("button.copy")).to_have_text("コピーしました")
    assert chat.page.evaluate(CLIPBOARD, "text/plain").startswith("出所：")


def a_list_is_copied_into_a_spreadsheet(chat: Chat) -> None:
    chat.ask("BMWの提携をすべて表で")
    reply = chat.finish(3)
    rows = reply.locator(".text tbody tr")
    assert rows.count() >= 3
    reply.locator(".copy-table").click()
    expect(reply.locator(".copy-table")).to_have_text("コピーしました")
    cells = [line.split("\t") for line in chat.page.evaluate(CLIPBOARD, "text/plain").splitlines()]
    assert len(cells) == rows.count() + 1 and len({len(row) for row in cells}) == 1
    assert cells[0][-1] == "出典" and all(row[-1].startswith("出所：") and "行" in row[-1] for row in cells[1:])
    assert all("BMW" in row for row in cells[1:]) and not any("[1]" in cell for row in cells for cell in row)
    assert chat.page.evaluate(CLIPBOARD, "text/html").count("<tr>") == len(cells)
    chat.page.locator("#current [data-do=copy]").click()
    expect(chat.page.locator("#current [data-do=copy]")).to_have_text("コピーしました")
    rich = chat.page.evaluate(CLIPBOARD, "text/html")
    assert "<sup>[1]</sup>" in rich and "[1] 出所：" in rich and "<a" not in rich


def what_the_reports_do_not_hold_is_said(chat: Chat) -> None:
    chat.ask("火星の首都の人口は何人ですか")
    reply = chat.finish(4)
    expect(reply.locator(".note.none")).to_contain_text("推測での回答は控えました")
    expect(reply.locator(".chip")).to_have_count(0)


def a_pdf_is_added(chat: Chat, file: Path) -> None:
    paper = chat.page.context.browser.new_page()  # type: ignore[union-attr]
    paper.set_content(PAPER)
    paper.pdf(path=file, prefer_css_page_size=True)
    paper.close()
    chat.page.locator("#view label").nth(2).click()
    expect(chat.page.locator("#library .file.report")).to_have_count(2)
    chat.page.locator("#library .drop input").set_input_files(file)
    expect(chat.page.locator("#library .results li.good")).to_be_visible()
    expect(chat.page.locator("#library .file.report")).to_have_count(3, timeout=60_000)
    expect(chat.page.locator("#corpus-status")).to_contain_text("3件", timeout=60_000)
    chat.page.locator("#view label").nth(0).click()


def its_page_is_boxed_where_the_words_are_printed(chat: Chat) -> None:
    chat.ask("How many employees does the plant of Zephyr Dynamics in Toledo have?")
    reply = chat.finish(5)
    expect(reply.locator(".text")).to_contain_text("240")
    reply.locator(".text a[data-cite]").first.click()
    picture = reply.locator(".card[open] .page img")
    chat.page.wait_for_function("() => document.querySelector('#current .card[open] .page img')?.naturalWidth > 0")
    left, top, right, bottom = picture.evaluate(MARKED)
    middle = (TOP_MM + LINE_MM / 2) / PAGE_MM[1]
    assert abs(left - LEFT_MM / PAGE_MM[0]) < 0.01 and right < 1
    assert top < middle < bottom and bottom - top < 2 * LINE_MM / PAGE_MM[1]
    expect(reply.locator(".card[open] mark").first).to_contain_text("240 employees")


def it_is_removed_again(chat: Chat) -> None:
    chat.page.locator("#view label").nth(2).click()
    chat.page.locator("#library .file", has_text="valves.pdf").locator(".remove").click()
    chat.page.locator("#library dialog .yes.remove").click()
    expect(chat.page.locator("#library .file")).to_have_count(2, timeout=60_000)
    chat.page.locator("#view label").nth(0).click()


def the_conversation_is_found_after_a_reload(chat: Chat) -> None:
    questions = chat.page.locator(".exchange .question").all_inner_texts()
    assert len(questions) == 5 and "?c=" in chat.page.url
    chat.reload()
    expect(chat.page.locator(".exchange")).to_have_count(5)
    assert chat.page.locator(".exchange .question").all_inner_texts() == questions
    here = chat.page.locator("#conversations .talk[aria-current]")
    expect(here).to_have_text(questions[0].splitlines()[-1])


def it_is_taken_along_to_word(chat: Chat, file: Path) -> None:
    chat.page.locator("#conversations .menu summary").first.click()
    with chat.page.expect_download() as download:
        chat.page.locator("#conversations .menu a", has_text="Word").first.click()
    download.value.save_as(file)
    made = docx.Document(io.BytesIO(file.read_bytes()))
    assert [one.text for one in made.paragraphs if one.style and one.style.name == "Heading 2"][
        2
    ] == "BMWの提携をすべて表で"
    assert "BMW" in made.tables[0].rows[1].cells[1].text
    with ZipFile(file) as package:
        notes = package.read("word/footnotes.xml").decode()
    assert notes.count("出所：") >= 6


def no_serious_fault_of_accessibility_is_found(chat: Chat) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="pip install axe-playwright-python").Axe()
    for view in range(chat.page.locator("#view label").count()):
        chat.page.locator("#view label").nth(view).click()
        if view == 0:
            chat.page.locator("#current a[data-cite]").first.click()
        chat.page.wait_for_timeout(300)
        found = axe.run(chat.page).response["violations"]
        serious = [
            (one["id"], [node["html"][:200] for node in one["nodes"][:3]])
            for one in found
            if one["impact"] in ("serious", "critical")
        ]
        assert serious == []
