"""How long people wait when many ask at once: real HTTP to `assistant serve`, a thread a person, questions that ship.

    python tools/benchmark_people.py [--people 50] [--corpus DIR] [--rounds 3]

Prints, a round: errors, and seconds until the whole answer (median, 95th percentile, last). The first round also pays
for what a new process loads.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Barrier

import httpx

ROOT = Path(__file__).parent.parent


@contextmanager
def served(corpus: Path) -> Iterator[str]:
    """The address of a server over a corpus that has been read."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            sys.executable,
            "-m",
            "assistant",
            "serve",
            "--port",
            "0",
            "--corpus",
            corpus,
            "--index",
            f"{folder}/index",
        ]
        environment = {**os.environ, "ASSISTANT_LLM_MODEL": "none", "ASSISTANT_STATE_DIR": f"{folder}/state"}
        with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as process:
            assert process.stderr is not None
            try:
                address = next(match[0] for line in process.stderr if (match := re.search(r"http://\S+", line)))
                while httpx.get(f"{address}/api/v1/library", timeout=60).json()["busy"]:
                    time.sleep(0.2)
                yield address
            finally:
                process.terminate()


def ask_at_once(address: str, questions: list[str]) -> tuple[list[float], int]:
    """Seconds until each person has the whole answer, and how many were refused or failed."""
    together = Barrier(len(questions))

    def ask(question: str) -> tuple[float, bool]:
        with httpx.Client(timeout=300) as client:
            together.wait()
            started = time.perf_counter()
            answer = client.post(f"{address}/api/v1/ask", json={"question": question})
            return time.perf_counter() - started, answer.status_code == 200

    with ThreadPoolExecutor(len(questions)) as people:
        done = list(people.map(ask, questions))
    return [seconds for seconds, _ in done], sum(not is_right for _, is_right in done)


def main() -> None:
    """Run the rounds and print them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--corpus", type=Path, default=Path("corpus"))
    arguments = parser.parse_args()
    files = sorted((ROOT / "tests" / "questions").glob("*.jsonl"))
    known = [json.loads(line)["question"] for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    questions = [known[number % len(known)] for number in range(arguments.people)]
    with served(arguments.corpus.resolve()) as address:
        for number in range(1, arguments.rounds + 1):
            seconds, errors = ask_at_once(address, questions)
            ninety_five = statistics.quantiles(seconds, n=20)[-1] if len(seconds) > 1 else seconds[0]
            print(
                f"round {number}: {len(seconds)} people, {errors} errors; "
                f"median {statistics.median(seconds):.2f} s, 95 % {ninety_five:.2f} s, last {max(seconds):.2f} s"
            )


if __name__ == "__main__":
    main()
