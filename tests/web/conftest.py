"""The web app over the fakes, in a process of its own: its frameworks' warnings and threads are not the tests'."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

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
