"""Files made into reports by several processes, in order. Starts processes, and is what they run.

A worker is this module as a program: requests come in on its standard input, reports go out on its standard output. So
it needs no guard in anybody's main module, ends with its parent, and when it dies only the file it had is lost; one that
takes too long over a file is ended.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Generator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path, PurePosixPath
from queue import SimpleQueue
from threading import TIMEOUT_MAX, Timer
from types import MappingProxyType
from typing import IO, Any

from assistant.indexing.reports import Failure, made, unexpected
from assistant.models.embedders import Embedder, StaticEmbedder
from assistant.reading.metadata import Facts
from assistant.reading.reader import NO_LIMITS, Limits
from assistant.stores.codec import PackedReport

_WORTH_A_PROCESS = 500_000  # bytes to read, from which on another process earns more than it costs to start
_AHEAD = 2  # reports in memory for each worker
_PACKAGE = Path(__file__).parents[2]


def all_made(
    files: Mapping[str, Path],
    embedder: Embedder,
    processes: int | None = None,
    sidecars: Mapping[str, Facts] = MappingProxyType({}),
    limits: Limits = NO_LIMITS,
) -> Generator[PackedReport | Failure]:
    """Each file's report or failure, in order, a few ahead of what was taken. Close it to end the processes.

    `processes`: how many; None for as many as there are cores and work for. With 0 (little work), or another embedder
    than the bundled one, this process does it, and nothing ends a file that takes too long. `sidecars`: what is said
    beside the files, by path.
    """
    count = _worth(files) if processes is None else processes
    if not count or not isinstance(embedder, StaticEmbedder):
        for path, file in files.items():
            yield made(file, PurePosixPath(path), embedder, sidecars.get(path, {}), limits)
        return
    workers = [_Worker(embedder) for _ in range(count)]
    idle: SimpleQueue[_Worker] = SimpleQueue()
    for worker in workers:
        idle.put(worker)

    def run(path: str, file: Path) -> PackedReport | Failure:
        worker = idle.get()
        try:
            return worker.made(file, path, sidecars.get(path, {}), limits)
        finally:
            idle.put(worker)

    ahead: deque[Future[PackedReport | Failure]] = deque()
    with ThreadPoolExecutor(count) as threads:
        try:
            for path, file in files.items():
                ahead.append(threads.submit(run, path, file))
                if len(ahead) > count * _AHEAD:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        finally:
            for one in ahead:
                one.cancel()
            for worker in workers if ahead else ():  # nobody waits for what they make
                worker.kill()
            for _ in workers:
                idle.get().close()


def _worth(files: Mapping[str, Path]) -> int:
    """How many processes there is work for; 0 where this one is done sooner."""
    size = sum(file.stat().st_size for file in files.values() if file.exists())
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return min(cores, len(files), 1 + size // _WORTH_A_PROCESS) if size >= _WORTH_A_PROCESS else 0


class _Worker:
    """One process, started when it is first needed, and again after it died."""

    def __init__(self, embedder: StaticEmbedder) -> None:
        self._embedder = embedder
        self._process: subprocess.Popen[bytes] | None = None

    def made(self, file: Path, path: str, facts: Facts, limits: Limits) -> PackedReport | Failure:
        process = self._process = self._process or _started(self._embedder)
        too_slow = Timer(min(limits.seconds, TIMEOUT_MAX), process.kill)
        until = time.monotonic() + limits.seconds
        try:
            _send(process.stdin, (str(file), path, facts, limits))
            too_slow.start()
            return pickle.load(process.stdout)  # type: ignore[arg-type]
        except (OSError, EOFError, pickle.UnpicklingError):
            self.close()
            if time.monotonic() >= until:
                return Failure("file_too_slow", (("most", f"{limits.seconds:g}"),))
            return unexpected(f"the process that read it ended (status {process.returncode})")
        finally:
            too_slow.cancel()

    def kill(self) -> None:
        process = self._process
        if process is not None:
            process.kill()

    def close(self) -> None:
        if self._process is not None:
            for pipe in (self._process.stdin, self._process.stdout):
                with suppress(OSError):  # what was not sent to a process that died
                    pipe.close()  # type: ignore[union-attr]
            self._process.wait()
            self._process = None


def _started(embedder: StaticEmbedder) -> subprocess.Popen[bytes]:
    paths = os.pathsep.join(filter(None, [str(_PACKAGE), os.environ.get("PYTHONPATH")]))
    process = subprocess.Popen(
        [sys.executable, "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": paths, "PYTHONIOENCODING": "utf-8"},
    )
    _send(process.stdin, (str(embedder.folder), embedder.name))
    return process


def _send(pipe: IO[bytes] | None, value: Any) -> None:
    assert pipe is not None
    pickle.dump(value, pipe)
    pipe.flush()


def _work() -> None:
    """Serve requests until the parent goes; Ctrl-C is the parent's to answer."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not come between the answers
    folder, name = pickle.load(requests)
    embedder = StaticEmbedder(Path(folder), name)
    while True:
        try:
            file, path, facts, limits = pickle.load(requests)
            _send(answers, made(Path(file), PurePosixPath(path), embedder, facts, limits))
        except (EOFError, OSError):
            return


if __name__ == "__main__":
    _work()
