"""The chat in headless Chromium: streaming, chips that open evidence, keyboards, and no request to anyone else."""

from __future__ import annotations

import re

import pytest

from tests.web.chromium import NEEDS_CHROMIUM, Chat, sync_api
from tests.web.fakes import DRAFT

pytestmark = NEEDS_CHROMIUM


@pytest.mark.parametrize(
    ("question", "number", "verdict", "evidence"),
    [("投資額は?", 1, "裏付けあり", "根拠"), ("How much is invested?", 3, "Not supported", "Evidence")],
)
def test_a_chip_opens_its_evidence_and_only_then_the_page_is_fetched(
    chat: Chat, question: str, number: int, verdict: str, evidence: str
) -> None:
    chat.ask(question)
    reply = chat.finish()
    sync_api.expect(reply.locator(".evidence h3")).to_have_text(evidence)
    sync_api.expect(reply.locator(".card[open]")).to_have_count(0)
    assert chat.pictures() == []
    chip = reply.locator(f"a[data-cite='{number}']").first
    assert verdict in (chip.get_attribute("aria-label") or "")
    chip.click()
    card = reply.locator(f".card[data-evidence='{number}']")
    sync_api.expect(card).to_have_attribute("open", "")
    sync_api.expect(card).to_have_class(re.compile(r"\bmarked\b"))
    sync_api.expect(card.locator("mark")).to_be_in_viewport()
    sync_api.expect(chip).to_have_attribute("aria-expanded", "true")
    sync_api.expect(card.locator("summary")).to_be_focused()
    chat.page.wait_for_function("[...document.images].some((one) => one.naturalWidth === 70)")
    assert len(chat.pictures()) == 1


def test_an_answer_is_seen_while_it_grows(chat: Chat) -> None:
    chat.page.evaluate(
        """() => {
          window.lengths = new Set();
          new MutationObserver(() => {
            const text = document.querySelector("#current .answer[aria-busy=true] .text");
            if (text) window.lengths.add(text.textContent.length);
          }).observe(document.body, { childList: true, subtree: true, characterData: true });
        }"""
    )
    chat.ask("投資額は?")
    sync_api.expect(chat.page.locator("#stop")).to_be_visible()
    chat.finish()
    assert chat.page.evaluate("window.lengths.size") >= 4


def test_chips_work_by_keyboard_in_every_later_answer(chat: Chat) -> None:
    for number, question in enumerate(("投資額は?", "How much?"), start=1):
        chat.ask(question)
        chat.finish(number)
    sync_api.expect(chat.page.locator("#past .exchange")).to_have_count(1)
    for place, key in (("#current", "Enter"), ("#past", "Space")):
        chat.page.locator(f"{place} a[data-cite='2']").first.focus()
        chat.page.keyboard.press(key)
        sync_api.expect(chat.page.locator(f"{place} .card[data-evidence='2']")).to_have_attribute("open", "")
        chat.page.locator(f"{place} .card[data-evidence='2'] .back").click()
        sync_api.expect(chat.page.locator(f"{place} a[data-cite='2']").first).to_be_focused()


def test_a_second_chip_closes_the_card_of_the_first(chat: Chat) -> None:
    chat.ask("投資額は?")
    reply = chat.finish()
    reply.locator("a[data-cite='3']").first.click()
    reply.locator("a[data-cite='2']").first.click()
    sync_api.expect(reply.locator(".card[open]")).to_have_count(1)
    sync_api.expect(reply.locator(".card.marked")).to_have_attribute("data-evidence", "2")


def test_no_answer_is_a_calm_reply_with_what_came_closest(chat: Chat) -> None:
    chat.ask("火星の人口は?")
    reply = chat.finish()
    sync_api.expect(reply.locator(".evidence h3")).to_have_text("近い記述(答えではありません)")
    sync_api.expect(reply.locator(".chip, .error")).to_have_count(0)
    reply.locator(".card summary").first.click()
    chat.page.wait_for_function("[...document.images].some((one) => one.naturalWidth === 70)")


def test_an_error_is_shown_and_the_question_stays_to_be_edited(chat: Chat) -> None:
    chat.ask("壊れたら?")
    sync_api.expect(chat.page.locator("#current [role=alert]")).to_be_visible()
    sync_api.expect(chat.page.locator("#question textarea")).to_have_value("壊れたら?")
    sync_api.expect(chat.page.locator("#send")).to_be_visible()


def test_a_stopped_answer_stays_and_the_next_question_is_answered(chat: Chat) -> None:
    chat.ask("投資額は?")
    chat.page.locator("#current .answer[aria-busy=true] .text").wait_for()
    chat.page.locator("#stop").click()
    sync_api.expect(chat.page.locator("#current .status.stopped")).to_be_visible()
    chat.ask("How much?")
    while chat.page.locator("#current #x2").count() == 0:  # gradio ignores Enter until its cancellation is over
        chat.page.wait_for_timeout(500)
        chat.page.locator("#question textarea").press("Enter")
    sync_api.expect(chat.finish(2).locator(".status")).to_contain_text("Answered")
    sync_api.expect(chat.page.locator("#past .status.stopped")).to_have_count(1)


def test_a_fault_of_the_program_is_shown_and_the_next_question_is_answered(chat: Chat) -> None:
    chat.ask("想定外?")
    sync_api.expect(chat.page.locator("#current [role=alert]")).to_contain_text("もう一度送信してください")
    sync_api.expect(chat.page.locator("#question textarea")).to_have_value("想定外?")
    chat.ask("投資額は?")
    chat.finish(2)


def test_a_blank_question_asks_nothing(chat: Chat) -> None:
    chat.ask("  ")
    sync_api.expect(chat.page.locator("#send")).to_be_visible()
    chat.page.wait_for_timeout(300)
    sync_api.expect(chat.page.locator("#welcome")).to_be_visible()


def test_a_starter_asks_and_a_new_conversation_begins_empty(chat: Chat) -> None:
    chat.page.locator(".starter").last.click()
    chat.finish()
    sync_api.expect(chat.page.locator("#current .question")).to_contain_text("How much is invested?")
    sync_api.expect(chat.page.locator("#welcome")).to_be_hidden()
    chat.page.locator("#clear").click()
    sync_api.expect(chat.page.locator("#welcome")).to_be_visible()
    sync_api.expect(chat.page.locator(".exchange")).to_have_count(0)


def test_a_chosen_language_changes_the_page_and_the_answers(chat: Chat) -> None:
    chat.page.locator("#language label").last.click()
    sync_api.expect(chat.page.locator("#send")).to_have_text("Send")
    sync_api.expect(chat.page.locator("#name h1")).to_have_text("Report Assistant")
    sync_api.expect(chat.page.locator("#conversations h2")).to_have_text("Conversations")
    chat.ask("投資額は?")
    sync_api.expect(chat.finish().locator(".status")).to_contain_text("Answered")


def test_enter_that_ends_a_composition_does_not_send(chat: Chat) -> None:
    box = chat.page.locator("#question textarea")
    box.fill("とうしがく")
    for kind in ("keydown", "keypress"):
        box.dispatch_event(kind, {"key": "Enter", "code": "Enter", "isComposing": True, "bubbles": True})
    box.press("Shift+Enter")
    box.press_sequentially("は?")
    chat.page.wait_for_timeout(300)
    sync_api.expect(box).to_have_value("とうしがく\nは?")
    sync_api.expect(chat.page.locator(".exchange")).to_have_count(0)


def test_the_status_line_is_text(chat: Chat) -> None:
    sync_api.expect(chat.page.locator("#corpus-status")).to_have_text("レポート2件 <b>&")


def test_a_draft_is_looked_up_and_its_references_are_copied(chat: Chat) -> None:
    chat.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    chat.page.locator("#view label").nth(1).click()
    sync_api.expect(chat.page.locator("#composer")).to_be_hidden()
    chat.page.locator("#draft textarea").fill(DRAFT)
    chat.page.locator("#look").click()
    sentences = chat.page.locator("#looked-up .sentence")
    sync_api.expect(sentences).to_have_count(3)
    sync_api.expect(sentences.nth(1)).to_contain_text("レポートと食い違い")
    sync_api.expect(sentences.nth(2)).to_contain_text("月は<b>赤い</b>。")
    sentences.nth(0).locator(".card summary").first.click()
    chat.page.wait_for_function("[...document.images].some((one) => one.naturalWidth === 70)")
    button = sentences.nth(0).locator(".copy").first
    button.click()
    sync_api.expect(button).to_have_text("コピーしました")
    assert chat.page.evaluate("navigator.clipboard.readText()").startswith("出所：架空総合研究所")
    chat.page.locator("#view label").nth(0).click()
    sync_api.expect(chat.page.locator("#composer")).to_be_visible()


def test_a_browser_in_english_gets_the_page_in_english(browser: sync_api.Browser, address: str) -> None:
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(address)
    sync_api.expect(page.locator("#send")).to_have_text("Send")
    sync_api.expect(page.locator("#corpus-status")).to_have_text("2 reports <b>&")
    sync_api.expect(page.locator(".starter:visible")).to_have_count(2)
    context.close()


def test_files_are_added_and_removed_in_the_library(chat: Chat) -> None:
    page = chat.page
    page.locator("#view label").nth(2).click()
    files = page.locator("#library .file")
    sync_api.expect(files).to_have_count(4)
    sync_api.expect(files.nth(2).locator("h4")).to_have_text("<img src=x onerror=alert(1)>.md")
    page.locator("#library .drop input").set_input_files(
        [
            {"name": "<b>新しい（1）</b>.md".replace("/", ""), "mimeType": "text/markdown", "buffer": b"# new"},
            {"name": "large.md", "mimeType": "text/markdown", "buffer": b"x" * 1_000_001},
        ]
    )
    results = page.locator("#library .results li")
    sync_api.expect(results).to_have_count(2)
    sync_api.expect(results.first).to_contain_text("<b>新しい（1）<b>.md追加しました")
    sync_api.expect(results.last).to_contain_text("1 MBを超えています")
    sync_api.expect(files).to_have_count(5)
    for button, left in (("no", 5), ("yes", 4)):
        page.locator("#library .file.waiting .remove").click()
        sync_api.expect(page.locator("#library dialog.confirm p")).to_contain_text("「<b>新しい（1）<b>.md」")
        page.locator(f"#library dialog.confirm .{button}").click()
        sync_api.expect(files).to_have_count(left)
