"""The scorecard in headless Chromium, in both languages: plots are there, questions open, no request, readable on paper."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.evaluation.aggregate import aggregate
from assistant.evaluation.compare import compare
from assistant.evaluation.results import Results
from assistant.evaluation.run import run
from assistant.evaluation.scorecard import write_scorecard
from assistant.evaluation.summary import Summary
from assistant.types import Language
from tests.evaluation.test_scorecard import HEADER, QUESTIONS, replied

sync_api = pytest.importorskip("playwright.sync_api", reason="pip install playwright to look at the scorecard")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no browser: install chromium (apt-get install chromium)"),
]


@pytest.fixture(scope="module")
def browser() -> Iterator[sync_api.Browser]:
    """One Chromium for this file."""
    with sync_api.sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield found
        found.close()


@pytest.mark.parametrize(("language", "title"), [(Language.JA, "評価結果"), (Language.EN, "Scorecard")])
def test_the_scorecard_opens_without_a_request_and_prints(
    browser: sync_api.Browser, tmp_path: Path, language: Language, title: str
) -> None:
    results = Results(tmp_path / "run")
    results.begin(HEADER)
    run(QUESTIONS, replied, results)
    scored = tuple(results.scored())
    summary = Summary(HEADER, scored, aggregate(scored), (), compare(scored, scored), "run")
    path = tmp_path / "scorecard.html"
    write_scorecard(path, summary, results.rows, language)

    page = browser.new_page(viewport={"width": 1180, "height": 900})
    requests: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("dialog", lambda dialog: complaints.append(dialog.message))
    page.goto(path.as_uri())

    assert title in page.title()
    for kind, marks in (("intervals", "circle.mark"), ("histogram", "rect.bar")):
        plot = page.locator(f"svg.{kind}").first
        box = plot.bounding_box()
        assert box and box["width"] > 300 and box["height"] > 60
        assert plot.locator(marks).count() > 0
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow == 0

    body = page.locator("details .body").first
    assert not body.is_visible()
    page.locator("summary").first.click()
    assert body.is_visible()

    page.emulate_media(media="print")
    assert page.locator("details .body").nth(1).evaluate("one => one.checkVisibility()")
    assert page.pdf(format="A4").startswith(b"%PDF-")
    assert (requests, complaints) == ([path.as_uri()], [])
    page.close()
