"""The web app over the fakes, in a process of its own: its frameworks' warnings and threads are not the tests'."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.web.chromium import Chat, sync_api

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """Where the app answers, like http://127.0.0.1:12345."""
    command = [sys.executable, "-m", "tests.web.fakes"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def browser() -> Iterator[sync_api.Browser]:
    """One Chromium for a file of tests."""
    from tests.web.chromium import launched  # needs playwright, which not every test here does

    with launched() as found:
        yield found


@pytest.fixture
def chat(browser: sync_api.Browser, address: str) -> Iterator[Chat]:
    """A fresh page."""
    from tests.web.chromium import visited

    with visited(browser, address) as one:
        yield one
