"""Conversations in headless Chromium: asked again, edited, judged, renamed, in two tabs, and over a server's restart."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

from tests.web.chromium import NEEDS_CHROMIUM, Chat, sync_api
from tests.web.conftest import ROOT

pytestmark = NEEDS_CHROMIUM
expect = sync_api.expect
HOSTILE = "<img src=x onerror=alert(1)>\u202efdp.exe"


def questions(page: sync_api.Page) -> list[str]:
    return [one.splitlines()[-1] for one in page.locator(".exchange .question").all_inner_texts()]


def test_the_last_question_is_edited_or_asked_again_in_its_place(chat: Chat) -> None:
    page, box = chat.page, chat.page.locator("#question textarea")
    for number, question in enumerate(("投資額は?", "量産は?"), start=1):
        chat.ask(question)
        chat.finish(number)
    box.press("ArrowUp")
    expect(box).to_have_value("量産は?")
    expect(page.locator("#notice")).to_contain_text("編集中")
    box.press("Escape")
    expect(box).to_have_value("")
    page.locator("#current [data-do=edit]").click()
    chat.ask("How much?")
    expect(page.locator("#current .question")).to_contain_text("How much?")
    chat.finish(2)
    assert questions(page) == ["投資額は?", "How much?"]
    page.locator("#current [data-do=again]").click()
    expect(page.locator("#stop")).to_be_visible()
    chat.finish(2)
    chat.reload()
    expect(page.locator(".exchange")).to_have_count(2)
    assert questions(page) == ["投資額は?", "How much?"]


def test_chips_and_evidence_are_gone_through_by_keyboard(chat: Chat) -> None:
    chat.ask("投資額は?")
    chips = chat.finish().locator(".text a[data-cite]")
    chips.first.focus()
    chat.page.keyboard.press("ArrowLeft")
    expect(chat.page.locator(".sources a[data-cite]").last).to_be_focused()
    chat.page.keyboard.press("ArrowRight")
    expect(chips.first).to_be_focused()
    chat.page.keyboard.press("Enter")
    cards = chat.page.locator("#current .card")
    expect(cards.nth(0)).to_have_attribute("open", "")
    chat.page.locator("#current .step.next").press("Enter")
    expect(cards.nth(1)).to_have_attribute("open", "")
    expect(chat.page.locator("#current .card[open]")).to_have_count(1)
    chat.page.locator("#current .step.previous").press("Enter")
    expect(cards.nth(0)).to_have_attribute("open", "")


def test_escape_stops_an_answer(chat: Chat) -> None:
    chat.ask("投資額は?")
    chat.page.locator("#current .answer[aria-busy=true]").wait_for()
    chat.page.keyboard.press("Escape")
    expect(chat.page.locator("#current .status.stopped")).to_be_visible()


def test_conversations_are_listed_renamed_judged_and_deleted(chat: Chat) -> None:
    page = chat.page
    chat.ask(HOSTILE)
    chat.finish()
    here = page.locator("#conversations li:has([aria-current])")
    expect(here.locator(".talk")).to_have_text(HOSTILE.replace("\u202e", "[U+202E]"))
    page.locator("#current [data-do=down]").click()
    page.locator("#conversations dialog textarea").fill("数字が<b>違う</b>")
    page.locator("#conversations dialog .yes").click()
    expect(page.locator("#current [data-do=down]")).to_have_attribute("aria-pressed", "true")
    here.locator("summary").click()
    here.locator("[data-talk=rename]").click()
    page.locator("#conversations dialog textarea").fill("別の<i>名前</i>")
    page.locator("#conversations dialog .yes").click()
    expect(here.locator(".talk")).to_have_text("別の<i>名前</i>")
    with page.expect_download() as download:
        page.locator("#conversations .judged").click()
    assert "数字が<b>違う</b>" in download.value.path().read_text(encoding="utf-8")
    chat.reload()
    expect(page.locator("#current [data-do=down]")).to_have_attribute("aria-pressed", "true")
    here.locator("summary").click()
    here.locator("[data-talk=delete]").click()
    page.locator("#conversations dialog .yes").click()
    expect(page.locator("#welcome")).to_be_visible()
    expect(page.locator("#conversations .talk", has_text="別の")).to_have_count(0)


def test_two_tabs_of_one_conversation_follow_each_other(chat: Chat) -> None:
    chat.ask("投資額は?")
    chat.finish()
    expect(chat.page.locator("#conversations [aria-current]")).to_have_count(1)
    other = Chat(chat.page.context.new_page(), chat.address)
    other.page.goto(chat.page.url)
    expect(other.page.locator(".exchange")).to_have_count(1)
    other.ask("How much?")
    other.finish(2)
    chat.ask("量産は?")
    chat.finish(3)
    assert questions(chat.page) == ["投資額は?", "How much?", "量産は?"]
    chat.page.locator("#clear").click()
    expect(chat.page.locator(".exchange")).to_have_count(0)
    assert "?c=" not in chat.page.url
    chat.page.go_back()
    expect(chat.page.locator(".exchange")).to_have_count(3)
    other.page.close()


def test_the_panes_stand_beside_the_conversation_or_slide_over_it(chat: Chat) -> None:
    page = chat.page
    chat.ask("投資額は?")
    chat.finish()
    side, middle, pane = (page.locator(one) for one in ("#side", "#current .answer", "#current .evidence"))
    places = [one.bounding_box() for one in (side, middle, pane)]
    assert all(places)
    for left, right in pairwise(places):
        assert left and right and left["x"] + left["width"] <= right["x"]
    page.locator(".side-toggle").click()
    expect(side).to_be_hidden()
    page.set_viewport_size({"width": 390, "height": 844})
    expect(side).not_to_be_in_viewport()
    expect(pane).not_to_be_in_viewport()
    page.locator(".side-toggle").click()
    expect(side).to_be_in_viewport()
    page.locator("#conversations .talk").first.click()
    expect(side).not_to_be_in_viewport()
    page.locator("#current .text a[data-cite]").first.click()
    expect(pane).to_be_in_viewport()
    page.locator("#current .step.close").click()
    expect(pane).not_to_be_in_viewport()


def served(port: str, state: Path) -> tuple[subprocess.Popen[str], str]:
    command = [sys.executable, "-m", "tests.web.fakes", port, str(state)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def test_a_question_outlives_the_server(browser: sync_api.Browser, tmp_path: Path) -> None:
    process, address = served("0", tmp_path)
    context = browser.new_context(locale="ja-JP")
    try:
        chat = Chat(context.new_page(), address)
        chat.page.goto(address)
        chat.ask("投資額は?")
        chat.finish()
        chat.ask("量産は?")
        chat.page.locator("#current #x2 .answer[aria-busy=true]").wait_for()
        process.kill()
        process.wait()
        expect(chat.page.locator("#notice.bad")).to_contain_text("接続できません", timeout=15_000)
        expect(chat.page.locator("#question textarea")).to_have_value("量産は?")
        process.stdout.close()  # type: ignore[union-attr]
        process, _ = served(address.rsplit(":", 1)[1], tmp_path)
        expect(chat.page.locator("#notice")).to_have_count(0, timeout=15_000)
        chat.reload()
        expect(chat.page.locator(".exchange")).to_have_count(2)
        expect(chat.page.locator("#current .status")).to_contain_text("確認していません")
        chat.page.locator("#current [data-do=again]").click()
        expect(chat.finish(2).locator(".status")).to_contain_text("回答しました")
    finally:
        context.close()
        process.kill()
        process.wait()
        process.stdout.close()  # type: ignore[union-attr]
