"""Times indexing and questions on made-up corpora of growing size, and draws both: docs/speed.svg.

    python tools/benchmark_scale.py TEXTS [--passages 1000 10000 100000] [--folder /tmp/scale] [--svg docs/speed.svg]

TEXTS are text files, one paragraph a line. Reports are put together from their sentences in ever new orders, with other
digits, so that every passage differs. Each size is indexed by one process of its own, whose memory is counted with that of
its workers; questions are paragraphs' openings, asked of a warm index. The machine's other work shows in the seconds, and
less in the CPU seconds beside them.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from math import log10
from pathlib import Path

from assistant.indexing.sync import fingerprint, sync
from assistant.models.embedders import BUNDLED, load
from assistant.retrieval.query import understand
from assistant.retrieval.search import Searcher
from assistant.stores.index import Index

_SENTENCE = re.compile(r"[^。.]+(?:。|\.(?=\s)|$)")
_REPORT = 60  # passages
_PASSAGE = 300  # characters
_QUESTIONS, _WARM = 60, 5
_WIDTH, _HEIGHT, _EDGE = 340, 220, 46


@dataclass(frozen=True, slots=True)
class Measured:
    """One size: seconds and CPU seconds of indexing, milliseconds of a question (median), megabytes of both."""

    passages: int
    seconds: float
    cpu_seconds: float
    sync_megabytes: float
    question_ms: float
    question_cpu_ms: float
    question_megabytes: float


def main() -> None:
    """Make the corpora, measure each in fresh processes, print the table and draw the graph."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("texts", type=Path, nargs="+")
    parser.add_argument("--passages", type=int, nargs="+", default=[1000, 10_000, 100_000])
    parser.add_argument("--folder", type=Path, default=Path("/tmp/scale"))
    parser.add_argument("--svg", type=Path, default=Path("docs/speed.svg"))
    parser.add_argument("--step", choices=("sync", "ask"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    paragraphs = [line for path in arguments.texts for line in path.read_text(encoding="utf-8").splitlines() if line]
    if arguments.step:
        measure = indexed if arguments.step == "sync" else asked
        print(json.dumps(measure(arguments.folder, paragraphs)))
        return
    found = [measured(arguments, paragraphs, count) for count in arguments.passages]
    print(
        "| passages | `sync`, s | CPU s | peak MB | question, median ms | CPU ms | MB |\n|---|---|---|---|---|---|---|"
    )
    for one in found:
        print("| " + " | ".join(f"{value:.0f}" for value in asdict(one).values()) + " |")
    arguments.svg.parent.mkdir(parents=True, exist_ok=True)
    arguments.svg.write_text(drawn(found), encoding="utf-8")


def measured(arguments: argparse.Namespace, paragraphs: Sequence[str], count: int) -> Measured:
    """One size, in two fresh processes."""
    place = arguments.folder / str(count)
    shutil.rmtree(place, ignore_errors=True)
    write_corpus(place / "corpus", paragraphs, count)
    command = [sys.executable, __file__, *map(str, arguments.texts), "--folder", str(place), "--step"]
    steps = [subprocess.run([*command, step], check=True, capture_output=True, text=True) for step in ("sync", "ask")]
    return Measured(*(value for step in steps for value in json.loads(step.stdout)))


def write_corpus(folder: Path, paragraphs: Sequence[str], count: int) -> None:
    """Markdown reports of about `count` passages in all."""
    folder.mkdir(parents=True)
    sentences = shuffled([s for paragraph in paragraphs for s in _SENTENCE.findall(paragraph)], random.Random(7))
    for number in range(-(-count // _REPORT)):
        parts = [f"# Report {number}"]
        for section in range(_REPORT):
            words = ""
            while len(words) < _PASSAGE:
                words += next(sentences)
            parts += [f"## {number}.{section} {words[:12]}"] if section % 6 == 0 else []
            parts.append(words)
        (folder / f"{number:05}.md").write_text("\n\n".join(parts), encoding="utf-8")


def shuffled(sentences: list[str], order: random.Random) -> Iterator[str]:
    """The sentences again and again in new orders and with new digits."""
    while True:
        order.shuffle(sentences)
        yield from (re.sub(r"\d", lambda _: str(order.randint(1, 9)), sentence) for sentence in sentences)


def indexed(folder: Path, paragraphs: Sequence[str]) -> tuple[int, float, float, float]:
    """(passages, seconds, CPU seconds, peak megabytes of all processes) of a first sync."""
    started = time.perf_counter()
    result = sync(folder / "corpus", folder / "index", embedder=load(BUNDLED))
    seconds = time.perf_counter() - started
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    cpu = sum(one.ru_utime + one.ru_stime for one in used)
    return result.passages, seconds, cpu, sum(one.ru_maxrss for one in used) / 1024


def asked(folder: Path, paragraphs: Sequence[str]) -> tuple[float, float, float]:
    """(median milliseconds, median CPU milliseconds, megabytes) of a question to a warm index, embedding included."""
    embedder = load(BUNDLED)
    searcher = Searcher(Index(folder / "index", fingerprint=fingerprint(embedder), embedder=embedder), embedder)
    walls, cpus = [], []
    for paragraph in random.Random(3).sample(list(paragraphs), _QUESTIONS):
        wall, cpu = time.perf_counter(), time.process_time()
        searcher.search(understand(paragraph[:40]), 20)
        walls.append(1000 * (time.perf_counter() - wall))
        cpus.append(1000 * (time.process_time() - cpu))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return statistics.median(walls[_WARM:]), statistics.median(cpus[_WARM:]), memory


def drawn(found: Sequence[Measured]) -> str:
    """Both graphs side by side as SVG, passages on a logarithmic axis."""
    panels = (
        ("Indexing: CPU seconds", [(one.passages, one.cpu_seconds) for one in found]),
        ("One question: CPU milliseconds", [(one.passages, one.question_cpu_ms) for one in found]),
    )
    body = "".join(_panel(title, points, at * _WIDTH) for at, (title, points) in enumerate(panels))
    size = f'width="{2 * _WIDTH}" height="{_HEIGHT}" viewBox="0 0 {2 * _WIDTH} {_HEIGHT}"'
    style = 'font-family="sans-serif" font-size="12" fill="#333"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {style}><rect width="100%" height="100%" fill="#fff"/>{body}</svg>\n'


def _panel(title: str, points: Sequence[tuple[int, float]], left: int) -> str:
    low, high = log10(points[0][0]), log10(points[-1][0])
    top = max(value for _, value in points) * 1.15

    def place(point: tuple[int, float]) -> tuple[float, float]:
        across = (log10(point[0]) - low) / ((high - low) or 1)
        return left + _EDGE + across * (_WIDTH - 2 * _EDGE), _HEIGHT - _EDGE - point[1] / top * (_HEIGHT - 2 * _EDGE)

    places = [place(point) for point in points]
    axis = f"M{left + _EDGE} {_EDGE}V{_HEIGHT - _EDGE}H{left + _WIDTH - _EDGE}"
    lines = "".join(
        f'<path d="M{x0:.0f} {y0:.0f}L{x1:.0f} {y1:.0f}" stroke="#2563eb" stroke-width="2"/>'
        for (x0, y0), (x1, y1) in pairwise(places)
    )
    marks = "".join(
        f'<circle cx="{x:.0f}" cy="{y:.0f}" r="3.5" fill="#2563eb"/><text x="{x:.0f}" y="{y - 9:.0f}" text-anchor="middle">'
        f'{value:.3g}</text><text x="{x:.0f}" y="{_HEIGHT - _EDGE + 18}" text-anchor="middle">{count:,}</text>'
        for (x, y), (count, value) in zip(places, points, strict=True)
    )
    head = f'<text x="{left + _WIDTH / 2:.0f}" y="22" text-anchor="middle" font-weight="bold">{title}</text>'
    return f'{head}<path d="{axis}" fill="none" stroke="#999"/>{lines}{marks}'


if __name__ == "__main__":
    main()
