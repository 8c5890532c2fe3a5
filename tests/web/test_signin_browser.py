"""Two people in two browsers: each signs in, asks, and finds their own conversations only."""

from __future__ import annotations

from pathlib import Path

from assistant.web import people
from tests.conftest import Shipped
from tests.web.chromium import NEEDS_CHROMIUM, Chat, launched, sync_api
from tests.web.test_over_http import serving

pytestmark = NEEDS_CHROMIUM
expect = sync_api.expect
SECRETS = {"佐藤": "正しい馬", "smith": "correct horse"}
QUESTIONS = {
    "佐藤": "BMWの提携をすべて表で",
    "smith": "How much are Stellantis and CATL investing in the Spanish battery plant?",
}


def signed_in(browser: sync_api.Browser, address: str, name: str, secret: str) -> Chat:
    """A fresh browser of one person, past the sign-in page."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}, locale="ja-JP").new_page()
    page.goto(address)
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=password]").fill(secret)
    page.locator("input[name=password]").press("Enter")
    return Chat(page, address)


def test_each_of_two_people_finds_their_own_conversations_only(shipped: Shipped, tmp_path: Path) -> None:
    for name, secret in SECRETS.items():
        people.change(tmp_path / "people", name, "password", people.hashed(secret))
    with serving(tmp_path, shipped, ASSISTANT_WEB_AUTH_FILE="people") as address, launched() as browser:
        stranger = signed_in(browser, address, "smith", "wrong horse")
        expect(stranger.page.locator("[role=alert]")).to_be_visible()
        expect(stranger.page.locator("input[name=password]")).to_be_visible()
        chats = {name: signed_in(browser, address, name, secret) for name, secret in SECRETS.items()}
        for name, chat in chats.items():
            chat.page.locator("#question textarea").wait_for()
            chat.ask(QUESTIONS[name])
            chat.finish()
        for name, chat in chats.items():
            chat.page.goto(address)
            titles = chat.page.locator("#conversations .talk")
            expect(titles).to_have_count(1)
            expect(titles).to_contain_text(QUESTIONS[name][:12])
        leaving = chats["smith"].page
        leaving.get_by_role("link", name="smith").click()
        leaving.get_by_role("button", name="サインアウト").click()
        leaving.goto(address)
        expect(leaving.locator("input[name=password]")).to_be_visible()
