"""Take the README's pictures of the web app: its main views over the reports that ship, in Japanese and in English.

    python tools/screenshots.py [--out docs]

Needs playwright and a chromium on the path. Starts the app by itself, with its index and journal in a folder that goes
away again. The pictures share a palette of 64 colours each, so that all of them stay under 600 kB.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

ROOT = Path(__file__).parent.parent
SIZE = ViewportSize(width=1280, height=800)
NARROW = ViewportSize(width=390, height=844)
COLOURS = 64
LIMIT_BYTES = 600_000
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
SHOWN = {
    "ja": (
        "BMWの提携をすべて表で",
        "ステランティスとCATLは41億ユーロを投資する。スペインの工場の生産能力は60GWhである。",
    ),
    "en": (
        "How much are Stellantis and CATL investing in the Spanish battery plant?",
        "Stellantis and CATL invest up to 4.1 billion euros. The Spanish plant will make 60 GWh.",
    ),
}

STATUS = {"ja": "レポート2件", "en": "2 reports"}


@contextmanager
def served() -> Iterator[str]:
    """The app over corpus/, and its address."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-W", "ignore", "-m", "assistant", "serve", "--port", "0"]
        command += ["--corpus", str(ROOT / "corpus"), "--index", str(Path(folder) / "index")]
        kept = {
            "ASSISTANT_STATE_DIR": str(Path(folder) / "state"),
            "ASSISTANT_LLM_MODEL": "none",
            "PYTHONPATH": str(ROOT),
        }
        with subprocess.Popen(
            command, cwd=folder, stderr=subprocess.PIPE, text=True, env={**os.environ, **kept}
        ) as app:
            assert app.stderr is not None
            found = (re.search(r"http://\S+", line) for line in app.stderr)
            yield next(match[0] for match in found if match)
            app.terminate()


def shots(browser: Browser, address: str, language: str) -> Iterator[tuple[str, bytes]]:
    """The views by name, in one language: the answer with its evidence first, last as a telephone shows it."""
    question, draft = SHOWN[language]
    page = browser.new_context(viewport=SIZE, locale=language).new_page()
    page.goto(address)
    page.locator(".starter:visible").first.wait_for()
    page.wait_for_function(f"document.querySelector('#corpus-status')?.innerText.trim() === '{STATUS[language]}'")
    ask(page, question)
    yield "ask", taken(page)
    page.locator("#view input[value=lookup]").click()
    page.locator("#draft textarea").fill(draft)
    page.locator("#look").click()
    page.locator("#looked-up .card").first.wait_for()
    yield "lookup", taken(page)
    page.locator("#view input[value=library]").click()
    yield "library", taken(page)
    page.set_viewport_size(NARROW)
    page.locator("#view label").first.click()
    yield "narrow", taken(page)


def ask(page: Page, question: str) -> None:
    """Ask, wait for the whole answer, and open the evidence of its first chip."""
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")
    page.locator("#current .answer[aria-busy=false]").wait_for(timeout=60_000)
    page.locator(".follow button").first.wait_for()
    page.locator("#current .text a[data-cite]").first.click()
    page.wait_for_function("document.querySelector('#current .card[open] .page img')?.naturalWidth > 0")


def taken(page: Page) -> bytes:
    """The window as a small PNG."""
    page.evaluate("document.activeElement?.blur()")
    page.mouse.move(0, 0)
    page.wait_for_timeout(700)  # what slides has arrived
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def main() -> int:
    """Write the pictures; exit 1 when they have grown too large."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "docs")
    folder = parser.parse_args().out
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    total = 0
    with served() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for language in SHOWN:
            for name, data in shots(browser, address, language):
                (folder / f"{name}.{language}.png").write_bytes(data)
                print(f"{name}.{language}.png  {len(data):,} bytes")
                total += len(data)
        browser.close()
    print(f"together {total:,} bytes, of at most {LIMIT_BYTES:,}")
    return int(total > LIMIT_BYTES)


if __name__ == "__main__":
    sys.exit(main())
