"""Times the program as a person meets it, whole processes: help, first index, nothing changed, a cold question, the chat.

    python tools/benchmark_speed.py [--corpus corpus] [--runs 5]

Prints a Markdown table with the median seconds and the peak memory of each. The machine's other work shows in them.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

_NULL = subprocess.DEVNULL
QUESTION = "How much are Stellantis and CATL investing in the Spanish battery plant?"


def main() -> None:
    """Run every measurement and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=Path("corpus"))
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder, "index")
        common = ["--corpus", str(arguments.corpus), "--index", str(index)]
        rows = [
            measured("`assistant --help`", arguments.runs, lambda: run(["--help"])),
            measured("`sync`, everything new", arguments.runs, lambda: fresh(index, ["sync", *common])),
            measured("`sync`, nothing changed", arguments.runs, lambda: run(["sync", *common])),
            measured("`ask` from cold", arguments.runs, lambda: run(["ask", QUESTION, *common])),
            measured("`serve` until the chat answers", min(3, arguments.runs), lambda: served(common)),
        ]
    print("| | seconds | peak memory, MB |\n|---|---|---|")
    print("\n".join(rows))


def measured(name: str, runs: int, once: Callable[[], tuple[float, float]]) -> str:
    """A row of the table: the medians of several runs."""
    results = [once() for _ in range(runs)]
    seconds, megabytes = (statistics.median(values) for values in zip(*results, strict=True))
    return f"| {name} | {seconds:.2f} | {megabytes:.0f} |"


def run(arguments: list[str]) -> tuple[float, float]:
    """(seconds, peak megabytes) of one command, as the operating system accounts for it."""
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "assistant", *arguments], stdout=_NULL, stderr=_NULL)
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    return time.perf_counter() - started, usage.ru_maxrss / 1024


def fresh(index: Path, arguments: list[str]) -> tuple[float, float]:
    """The same with no index there."""
    shutil.rmtree(index, ignore_errors=True)
    return run(arguments)


def served(common: list[str]) -> tuple[float, float]:
    """Seconds until the web app accepts a connection, and its memory then."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", "serve", "--port", str(port), *common], stdout=_NULL, stderr=_NULL
    )
    while not _answers(port):
        time.sleep(0.02)
    seconds = time.perf_counter() - started
    process.terminate()
    _, _, usage = os.wait4(process.pid, 0)
    process.returncode = 0
    return seconds, usage.ru_maxrss / 1024


def _answers(port: int) -> bool:
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


if __name__ == "__main__":
    main()
