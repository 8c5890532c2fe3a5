"""A sync that is killed at any moment loses nothing: the next one ends where a fresh build would."""

import random
import subprocess
import sys
import time
from pathlib import Path

from assistant.assistant import Assistant
from assistant.config import LoadedSettings
from assistant.doctor import examine
from assistant.types import Language
from tests.conftest import NO_MODEL, write_corpus

ROOT = Path(__file__).parents[2]
REPORTS = 40
KILLS = 4
PROGRAM = """
import sys
from pathlib import Path
from assistant.assistant import Assistant

Assistant.open(Path(sys.argv[1]), Path(sys.argv[2])).sync(lambda done, total, path: print(done, flush=True))
"""
CITIES = ("広州", "上海", "深セン", "ドーハ", "Zaragoza", "Turin", "Graz", "Singapore")
QUESTIONS = (
    *(
        "広州の工場はいつ動きますか",
        "ドーハの投資額はいくらですか",
        "第12号の拠点はどこですか",
        "2025年3月7日の発表",
        "41億ユーロ",
    ),
    *(
        "Where is plant 17?",
        "What was announced on 9 March 2025?",
        "4.1 billion euros",
        "Who invests in Graz?",
        "BMW モメンタ",
    ),
)


def text_of(number: int, version: int) -> str:
    """One report of a few passages; every version says something else."""
    city, amount = CITIES[(number + version) % len(CITIES)], 10 * number + version
    return (
        f"# 第{number}号の拠点: {city}\n\n{city}の工場は2025年3月{number % 28 + 1}日に動き始めた。\n\n"
        f"| No. | 企業 | 概要 |\n|---|---|---|\n| {number}-1 | BMW | モメンタと{amount}億ユーロを投じる。 |\n\n"
        f"## Summary\n\nPlant {number} in {city} costs {amount / 10} billion euros. It was announced in March 2025.\n"
    )


def change(corpus: Path, moments: random.Random, version: int) -> None:
    """Change five reports, move one, remove one and add one."""
    here = sorted(corpus.iterdir())
    picked = moments.sample(here, 7)
    for path in picked[:5]:
        path.write_text(text_of(int(path.stem.split("-")[1]), version), encoding="utf-8")
    picked[5].rename(picked[5].with_name(f"moved-{picked[5].stem.split('-')[1]}-{version}.md"))
    picked[6].unlink()
    write_corpus(corpus, {f"new-{100 + version}.md": text_of(100 + version, version)})


def kill_a_sync(corpus: Path, index: Path, moments: random.Random) -> bool:
    """Start a sync, kill it after a random report (or while the indexes are derived); whether it was still running."""
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(corpus), str(index)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    last = moments.choice([*range(1, REPORTS), *[REPORTS] * 15])
    for line in process.stdout:
        if int(line) >= last:
            break
    time.sleep(moments.random() * 0.08)
    process.kill()
    process.stdout.close()
    return process.wait() != 0


def found(assistant: Assistant) -> list[list[tuple[str, str, float]]]:
    hits = [assistant.search(assistant.understand(question), 10) for question in QUESTIONS]
    return [[(hit.passage.passage_id, str(hit.report.path), hit.score) for hit in one] for one in hits]


def test_after_kills_at_random_moments_search_equals_a_fresh_build_s(tmp_path: Path) -> None:
    moments = random.Random(20261122)
    corpus = write_corpus(tmp_path / "corpus", {f"report-{n:02}.md": text_of(n, 0) for n in range(REPORTS)})
    killed = 0
    for version in range(1, KILLS + 1):
        killed += kill_a_sync(corpus, tmp_path / "index", moments)
        change(corpus, moments, version)
    assert killed >= 2

    survivor = Assistant.open(corpus, tmp_path / "index", NO_MODEL)
    result = survivor.sync()
    assert (result.failed, result.duplicates, result.reports) == ((), (), REPORTS)
    fresh = Assistant.open(corpus, tmp_path / "fresh")
    assert fresh.sync().passages == result.passages

    assert found(survivor) == found(fresh)
    assert all(found(survivor))
    findings = examine(survivor, LoadedSettings(), Language.EN)
    assert [finding for finding in findings if not finding.ok] == []


def test_a_reader_between_kill_and_sync_sees_whole_reports_only(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", {f"report-{n:02}.md": text_of(n, 0) for n in range(REPORTS)})
    kill_a_sync(corpus, tmp_path / "index", random.Random(5))
    fresh = Assistant.open(corpus, tmp_path / "fresh")
    fresh.sync()
    reader = Assistant.open(corpus, tmp_path / "index")
    refs = reader.reports()
    assert 1 <= len(refs) <= REPORTS
    for ref in refs:
        assert reader.report(ref.report_id) == fresh.report(ref.report_id)
        assert reader.index.catalog.passages_of(ref.report_id) == fresh.index.catalog.passages_of(ref.report_id)
    assert {path for hits in found(reader) for _, path, _ in hits} <= {str(ref.path) for ref in refs}
