"""Headless Chromium for the tests that drive a page, and what a page may never do: complain, or ask another host."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="pip install playwright to drive the chat in a browser")

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]
NEEDS_CHROMIUM = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no browser: install chromium (apt-get install chromium)"),
]
AT_LEAST_MS = 300  # nobody asks sooner after a page has come
QUIET = "[...document.images].every((one) => one.complete)"


@dataclass
class Chat:
    """A page of the app, with everything that it asked for and complained of."""

    page: sync_api.Page
    address: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def ask(self, question: str) -> None:
        """Type a question and send it with Enter."""
        box = self.page.locator("#question textarea")
        box.fill(question)
        box.press("Enter")

    def finish(self, number: int = 1) -> sync_api.Locator:
        """The reply to the question of that number, once it is whole."""
        self.page.locator(f"#current #x{number}").wait_for()
        self.page.locator("#current .answer[aria-busy=false]").wait_for()
        self.page.locator("#send").wait_for()
        return self.page.locator("#current .reply")

    def reload(self) -> None:
        """Load the page again, which breaks streams off that are still open: of that nothing is said."""
        self.page.reload()
        self.page.locator("#question textarea").wait_for()
        self.complaints = [
            one for one in self.complaints if "Connection errored out" not in one and "AbortError" not in one
        ]

    def pictures(self) -> list[str]:
        """The pictures of pages that were asked for."""
        return [url for url in self.requests if "/pages/" in url]


@contextmanager
def launched() -> Iterator[sync_api.Browser]:
    """One Chromium."""
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def visited(
    browser: sync_api.Browser, address: str, *, locale: str = "ja-JP", width: int = 1280, height: int = 800
) -> Iterator[Chat]:
    """A fresh page; afterwards: nobody else was asked for anything, and nothing was complained of."""
    context = browser.new_context(viewport={"width": width, "height": height}, locale=locale)
    context.set_default_timeout(15_000)
    one = Chat(context.new_page(), address)
    one.page.on("request", lambda request: one.requests.append(request.url))
    one.page.on("pageerror", lambda error: one.complaints.append(str(error)))
    one.page.on("console", lambda m: one.complaints.append(m.text) if m.type in ("error", "warning") else None)
    one.page.goto(address)
    one.page.locator("#question textarea").wait_for()
    if one.page.locator("#corpus-status").count():
        one.page.locator("#corpus-status p").wait_for()
        one.page.wait_for_timeout(AT_LEAST_MS)
    yield one
    own = (f"{address}/", "data:", "blob:")
    assert [url for url in one.requests if not url.startswith(own)] == []
    assert one.complaints == [], one.complaints
    context.close()
