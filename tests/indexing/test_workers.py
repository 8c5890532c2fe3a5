"""Reports made by several processes are the same as those made by one; a process that dies loses one file."""

import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from assistant.indexing.reports import Failure
from assistant.indexing.sync import sync
from assistant.indexing.workers import all_made
from assistant.models.embedders import BUNDLED, load
from assistant.stores.codec import PackedReport
from tests.conftest import ENGLISH, JAPANESE, CountingEmbedder, write_corpus

ROOT = Path(__file__).parents[2]


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """Eight reports, one of which cannot be read."""
    texts = {f"{n}.md": JAPANESE.replace("41億", f"{41 + n}億") for n in range(4)}
    texts |= {f"{n}.txt": ENGLISH.replace("2,000", f"{n},000") for n in range(4, 7)}
    corpus = write_corpus(tmp_path / "corpus", texts)
    (corpus / "7.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    return {path.name: path for path in sorted(corpus.iterdir())}


def test_several_processes_make_what_one_makes_in_the_same_order(files: dict[str, Path]) -> None:
    alone, together = (list(all_made(files, load(BUNDLED), count)) for count in (1, 2))
    assert together == alone
    assert [one.path for one in together if isinstance(one, PackedReport)] == [f"{n}.md" for n in range(4)] + [
        f"{n}.txt" for n in range(4, 7)
    ]
    assert isinstance(together[-1], Failure)
    assert together[-1].code == "file_binary"


def test_a_process_that_dies_fails_its_file_and_no_other(files: dict[str, Path], tmp_path: Path) -> None:
    with closing(all_made(files, load(BUNDLED), 2)) as made:
        first = next(made)
        assert isinstance(first, PackedReport)
        for pid in children():
            os.kill(pid, signal.SIGTERM)
        rest = list(made)
    died = [one for one in rest if isinstance(one, Failure) and one.code == "report_unexpected"]
    assert len(died) <= 2
    assert all("ended" in dict(one.values)["reason"] for one in died)
    assert sum(isinstance(one, PackedReport) for one in rest) == 6 - len(died)


def test_taking_only_the_first_report_ends_the_processes(files: dict[str, Path]) -> None:
    made = all_made(files, load(BUNDLED), 2)
    next(made)
    assert children()
    made.close()
    assert children() == []


def test_processes_end_with_their_parent(files: dict[str, Path]) -> None:
    program = (
        "import os, signal, sys\nfrom pathlib import Path\n"
        "from assistant.indexing.workers import all_made\nfrom assistant.models.embedders import BUNDLED, load\n"
        "from tests.indexing.test_workers import children\n"
        "made = all_made({path: Path(path) for path in sys.argv[1:]}, load(BUNDLED), 2)\nnext(made)\n"
        "print(*children(), flush=True)\nos._exit(1)\n"
    )
    command = [sys.executable, "-c", program, *map(str, files.values())]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    pids = [int(pid) for pid in done.stdout.split()]
    assert len(pids) == 2
    until = time.monotonic() + 20
    while any(is_running(pid) for pid in pids) and time.monotonic() < until:
        time.sleep(0.05)
    assert not any(is_running(pid) for pid in pids)


def test_little_work_and_other_embedders_stay_in_one_process(files: dict[str, Path]) -> None:
    for embedder, count in ((load(BUNDLED), None), (CountingEmbedder(), 4)):
        made = all_made(files, embedder, count)
        next(made)
        assert children() == []
        made.close()


def test_a_sync_by_processes_finds_the_same(tmp_path: Path, files: dict[str, Path]) -> None:
    corpus = next(iter(files.values())).parent
    results = [sync(corpus, tmp_path / f"index-{n}", embedder=load(BUNDLED), processes=n) for n in (1, 2)]
    assert results[0].passages == results[1].passages
    assert (results[0].added, results[0].failed) == (results[1].added, results[1].failed)
    states = [next((tmp_path / f"index-{n}" / "generations").iterdir()).name.split("-")[0] for n in (1, 2)]
    assert states[0] == states[1]


def children() -> list[int]:
    """The worker processes of this process; needs /proc."""
    if not Path("/proc/self/stat").exists():
        pytest.skip("needs /proc")
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
            command = (stat.parent / "cmdline").read_bytes()
        except OSError:
            continue
        if int(fields[1]) == os.getpid() and fields[0] != "Z" and b"assistant.indexing.workers" in command:
            found.append(int(stat.parent.name))
    return found


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
