"""The library and the reader of reports in headless Chromium."""

from __future__ import annotations

from tests.web.chromium import NEEDS_CHROMIUM, Chat, sync_api

pytestmark = NEEDS_CHROMIUM


def test_what_is_known_of_a_report_is_changed_in_a_dialog(chat: Chat) -> None:
    page = chat.page
    page.locator("#view label").nth(2).click()
    page.locator("#library .file .edit").first.click()
    dialog = page.locator("#library dialog.edit")
    sync_api.expect(dialog.locator("[name=publisher]")).to_have_value("架空総合研究所")
    sync_api.expect(dialog.locator("[name=language]")).to_have_value("ja")
    dialog.locator("[name=url]").fill("https://reports.example/<b>")
    dialog.locator("[name=title]").fill("")
    dialog.locator("[name=title]").fill("<img src=x onerror=alert(1)>")
    dialog.locator(".save").click()
    sync_api.expect(dialog).to_be_hidden()
    sync_api.expect(page.locator("#library .results .good")).to_contain_text("batteries.pdf保存しました")


def test_a_report_is_read_page_by_page_and_searched(chat: Chat) -> None:
    page = chat.page
    page.locator("#view label").nth(2).click()
    page.locator("#library h4 a").first.click()
    reader = page.locator("#reader")
    sync_api.expect(reader.locator("h2")).to_have_text("電池産業の展望")
    sync_api.expect(reader.locator(".total")).to_have_text("/ 2")
    page.wait_for_function("[...document.images].some((one) => one.naturalWidth === 70)")
    reader.locator(".find input").fill("ﾓﾒﾝﾀ")
    sync_api.expect(reader.locator("output")).to_have_text("1 / 1")
    sync_api.expect(reader.locator("td mark.here")).to_have_text("モメンタ")
    sync_api.expect(reader.locator(".number")).to_have_value("2")
    reader.locator(".find input").fill("火星")
    sync_api.expect(reader.locator("output")).to_have_text("一致なし")
    reader.locator(".find input").fill("年")
    sync_api.expect(reader.locator("output")).to_have_text("3 / 3")  # on from this page
    reader.locator(".find input").press("Enter")
    sync_api.expect(reader.locator("output")).to_have_text("1 / 3")
    sync_api.expect(reader.locator(".paper i.here")).to_have_count(1)
    page.keyboard.press("Escape")
    sync_api.expect(reader).to_have_count(0)
    assert "#read" not in page.url


def test_a_link_opens_a_quote_in_its_report(chat: Chat) -> None:
    page = chat.page
    page.goto(f"{chat.address}/#read=0123456789ab:13-41")
    chat.reload()
    marked = page.locator("#reader .words mark.here")
    sync_api.expect(marked).to_contain_text("2025年の合弁")
    sync_api.expect(marked).to_be_in_viewport()
    page.locator("#reader header .close").click()
    page.evaluate("location.hash = '#read=ffffffffffff'")
    sync_api.expect(page.locator("#reader .sheet")).to_contain_text("ffffffffffff")
    chat.complaints.clear()  # that this report is not there


def test_a_citation_leads_to_its_place_in_the_report(chat: Chat) -> None:
    chat.ask("投資額は?")
    reply = chat.finish()
    reply.locator("a[data-cite='1']").first.click()
    reply.locator(".card[data-evidence='1'] .open").click()
    sync_api.expect(chat.page.locator("#reader .words mark.here")).to_contain_text("2025年の合弁への投資額")
    chat.page.keyboard.press("Escape")
    sync_api.expect(reply.locator(".card[data-evidence='1']")).to_be_visible()


def test_a_conversation_is_put_to_chosen_reports_and_brings_them_along_when_it_is_opened_again(chat: Chat) -> None:
    page = chat.page
    page.locator("#filter summary").click()
    page.locator("#filter [name=report]").first.check()
    page.locator("#filter [name=since]").fill("2025-01-02")
    line = page.locator("#asked-of")
    sync_api.expect(line).to_contain_text("電池産業の展望 · 2025-01-02〜")
    chat.ask("投資額は?")
    told = chat.finish().locator("xpath=..").locator(".asked-of")
    sync_api.expect(told).to_have_text("対象を絞った質問: 選んだレポート1件 · 2025-01-02〜")
    page.wait_for_function("location.search.includes('c=')")
    chat.reload()
    sync_api.expect(line).to_contain_text("電池産業の展望 · 2025-01-02〜")
    sync_api.expect(page.locator("#filter [name=report]").first).to_be_checked()
    line.locator("button").click()
    sync_api.expect(page.locator("#filter [name=report]").first).not_to_be_checked()
    chat.ask("How much?")
    chat.finish(2)
    sync_api.expect(page.locator("#current .asked-of")).to_have_count(0)


def test_the_banner_leads_to_the_model_view_where_a_choice_is_tested_and_kept(chat: Chat) -> None:
    page = chat.page
    page.locator("#banner a").click()
    sync_api.expect(page.locator("#model .place.stays")).to_be_visible()
    page.locator("#model [value=openai]").check()
    page.locator("#model .test").click()
    sync_api.expect(page.locator("#model .told.bad")).to_contain_text("サーバーが指定されていません")
    page.locator("#model [value=none]").check()
    page.locator("#model .save").click()
    sync_api.expect(page.locator("#model .told.good")).to_contain_text("次の質問から使います")
    page.locator("#view label").first.click()
    sync_api.expect(page.locator("#banner a")).to_be_visible()
    chat.complaints.clear()  # that the server refused, with 409
