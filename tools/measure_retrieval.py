"""Measure finding, fused and by each search alone, on question files, among foreign passages, and across two editions.

    python tools/measure_retrieval.py --work /tmp/measured \\
        --questions corpus=tests/questions/digests.ja.jsonl,tests/questions/digests.en.jsonl \\
        --questions ../shared/corpus/reports=../shared/questions/dev.jsonl \\
        --benchmarks ../shared/data/benchmarks --foreign 10000 \\
        --manuals ../shared/corpus/manuals/debmake-doc.en.pdf ../shared/corpus/manuals/debmake-doc.ja.pdf \\
        --vary search.DENSE_AT_HOME=0.2,0.35,0.5 --vary expansion.LEAST_NEAR=0.2,0.3,0.4

Prints Success@1, Success@5, R@10 of the evidence, RR@10 and the share of questions with all evidence in a prompt of
3,000 tokens as Markdown. With `--benchmarks` each folder of reports is measured again among so many foreign passages
(Kyoto and technical paragraphs in both languages, JSQuAD contexts).
`--manuals` pairs the sections of two editions by their outlines: the first sentence of an English section has to find
a page of the same section in the Japanese edition; each Japanese sentence of that edition, a page in the English one.
`--vary` measures again with other constants of assistant/retrieval, one at a time: this is how to tune after a change
of embedder. Indexes stay in the work folder, so that a second run is quick.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import itertools
import json
import re
import shutil
import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from assistant.assistant import Assistant
from assistant.config import LlmSettings, Settings
from assistant.evaluation.measures import PROMPT_TOKENS
from assistant.evaluation.texts import tokens
from assistant.language.sentences import sentence_spans
from assistant.language.text import join_wrapped
from assistant.types import Hit, Query, Report, Turn

MEASURES = ("S@1", "S@5", "R@10", "RR@10", "prompt")
DEEP, KEPT = 200, 20
KANA = re.compile(r"[぀-ヿ]")


@dataclass(frozen=True)
class Asked:
    """A question of a named group, and for each piece of its evidence whether a hit holds it."""

    group: str
    assistant: Assistant
    query: Query
    evidence: tuple[Callable[[Hit], bool], ...]


# ── Questions ────────────────────────────────────────────────────────────────────────────────────────────────────────


def opened(corpus: Path, work: Path, name: str) -> Assistant:
    """An assistant over a folder, synced into the work folder."""
    assistant = Assistant.open(corpus, work / name, Settings(llm=LlmSettings(model="none")))
    result = assistant.sync()
    print(f"{name}: {result.reports} reports, {result.passages} passages", file=sys.stderr)
    return assistant


def from_files(name: str, assistant: Assistant, files: Sequence[Path]) -> Iterator[Asked]:
    """The questions of files that have evidence."""
    for line in itertools.chain.from_iterable(file.read_text(encoding="utf-8").splitlines() for file in files):
        row = json.loads(line)
        history = [Turn(turn["role"], turn["content"]) for turn in row.get("history", [])]
        if row.get("evidence"):
            query = assistant.understand(row["question"], history)
            yield Asked(f"{name} {row['lang']}", assistant, query, tuple(map(holding, row["evidence"])))


def holding(words: str) -> Callable[[Hit], bool]:
    """Whether a hit's text contains the words, as the contract compares them."""
    return lambda hit: bare(words) in bare(hit.passage.text)


def bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


# ── A firm's library ─────────────────────────────────────────────────────────────────────────────────────────────────


def library(reports: Path, benchmarks: Path, count: int, folder: Path) -> Path:
    """A corpus folder of reports and of so many foreign paragraphs, in files of a hundred, all kinds in equal parts."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(reports, folder)
    kinds = dict(foreign(benchmarks))
    shares = dict.fromkeys(kinds, 0)
    while sum(shares.values()) < min(count, sum(map(len, kinds.values()))):
        for kind in kinds:
            shares[kind] = min(len(kinds[kind]), shares[kind] + 100)
    for kind, share in shares.items():
        for start in range(0, share, 100):
            parts = [f"## {title}\n\n{text}\n" for title, text in kinds[kind][start : start + 100]]
            (folder / f"{kind}-{start:05}.md").write_text("\n".join([f"# {kind} {start}\n", *parts]), encoding="utf-8")
    return folder


def foreign(benchmarks: Path) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """(kind, its (title, paragraph) pairs)."""
    contexts = {row["context"]: row["title"] for row in rows(benchmarks / "jsquad_valid.jsonl.gz")}
    yield "jsquad", [(flat(title), flat(text)) for text, title in contexts.items()]
    for language in ("ja", "en"):
        kyoto = rows(benchmarks / "kyoto_paragraphs.jsonl.gz")
        yield f"kyoto-{language}", [(flat(row[f"title_{language}"]), flat(row[language])) for row in kyoto]
        technical = rows(benchmarks / "techdocs_paragraphs.jsonl.gz")
        yield f"techdocs-{language}", [(flat(row["doc"]), flat(row[language])) for row in technical]


def rows(path: Path) -> list[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def flat(text: str) -> str:
    return " ".join(text.split())


# ── Two editions ─────────────────────────────────────────────────────────────────────────────────────────────────────


def across_editions(english: Path, japanese: Path, work: Path) -> Iterator[Asked]:
    """Sentences of each edition that have to find a page of the same section in the other."""
    sides: list[tuple[Assistant, Report, list[tuple[int, int] | None]]] = []
    for language, file in (("en", english), ("ja", japanese)):
        folder = work / f"edition-{language}"
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, folder / file.name)
        assistant = opened(folder, work, f"edition-{language}-index")
        report = assistant.report(file.name)
        sides.append((assistant, report, sections(file, report)))
    for (_, report, mine), (other, theirs, places), wanted, name in (
        (sides[0], sides[1], first_sentence, "manual en>ja"),
        (sides[1], sides[0], japanese_sentences, "manual ja>en"),
    ):
        for here, there in zip(mine, places, strict=True):
            if here and there:
                pages = {page.number for page in theirs.pages if page.start < there[1] and there[0] < page.end}
                for sentence in wanted(report.text[slice(*here)]):
                    yield Asked(name, other, other.understand(sentence[:500]), (on_page(pages),))


def on_page(pages: set[int]) -> Callable[[Hit], bool]:
    return lambda hit: hit.passage.page in pages


def sections(file: Path, report: Report) -> list[tuple[int, int] | None]:
    """For each entry of a PDF's outline the span of its section in the report's text, without its title."""
    starts: list[tuple[int, int] | None] = []
    pages = {page.number: page for page in report.pages}
    at = 0
    for entry in pypdfium2.PdfDocument(file).get_toc():
        destination = entry.get_dest()
        page = pages.get((destination.get_index() or 0) + 1) if destination else None
        title = r"\s*".join(map(re.escape, bare(entry.get_title())))
        match = re.compile(title).search(report.text, max(at, page.start), page.end) if page and title else None
        starts.append((match.start(), match.end()) if match else None)
        at = match.end() if match else at
    found = [one for one in starts if one]
    ends = {one: after[0] for one, after in zip(found, [*found[1:], (len(report.text), 0)], strict=True)}
    return [(one[1], ends[one]) if one else None for one in starts]


def sentences(text: str) -> list[str]:
    whole = re.sub(r"\n[\d.]+\s*$", "", text.strip())
    return [join_wrapped(whole[start:end]) for start, end in sentence_spans(whole)]


def first_sentence(text: str) -> list[str]:
    return [one for one in sentences(text) if len(one) > 30 and one[0].isalpha()][:1]


def japanese_sentences(text: str) -> list[str]:
    return [one for one in sentences(text) if len(KANA.findall(one)) >= 8]


# ── Measures ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def ranking(asked: Asked, mode: str) -> list[Hit]:
    """The twenty best hits of both searches together, or of one alone."""
    if mode == "fused":
        return asked.assistant.search(asked.query, KEPT)
    found = [
        (by.rank, hit)
        for hit in asked.assistant.search(asked.query, DEEP)
        for by in hit.contributions
        if by.source == mode
    ]
    return [hit for _, hit in sorted(found, key=lambda pair: pair[0])[:KEPT]]


def figures(asked: Asked, mode: str) -> tuple[float, ...]:
    """A question's value of each measure."""
    hits = ranking(asked, mode)
    ranks = [next((rank for rank, hit in enumerate(hits, 1) if holds(hit)), None) for holds in asked.evidence]
    found = [rank for rank in ranks if rank and rank <= 10]
    first = min(found, default=0)
    fit = sum(total <= PROMPT_TOKENS for total in itertools.accumulate(tokens(hit.passage.text) for hit in hits))
    prompt = all(rank and rank <= fit for rank in ranks)
    return float(first == 1), float(0 < first <= 5), len(found) / len(ranks), 1 / first if first else 0.0, float(prompt)


def table(questions: Sequence[Asked], modes: Sequence[str], label: str = "") -> list[str]:
    """A line a group and mode, with the means over its questions."""
    lines: list[str] = []
    for mode, group in itertools.product(modes, dict.fromkeys(one.group for one in questions)):
        values = [figures(one, mode) for one in questions if one.group == group]
        means = [sum(column) / len(values) for column in zip(*values, strict=True)]
        lines.append(
            f"| {group} | {len(values)} | {label or mode} | " + " | ".join(f"{one:.3f}" for one in means) + " |"
        )
    return lines


def main() -> None:
    """Measure what the command line names and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="a folder for indexes and made-up corpora")
    parser.add_argument("--questions", action="append", default=[], metavar="CORPUS=FILE[,FILE]")
    parser.add_argument("--benchmarks", type=Path, help="the folder of benchmark files")
    parser.add_argument("--foreign", type=int, default=12_000, help="how many foreign paragraphs")
    parser.add_argument("--manuals", type=Path, nargs=2, metavar=("ENGLISH", "JAPANESE"))
    parser.add_argument("--modes", default="fused,sparse,dense")
    parser.add_argument("--vary", action="append", default=[], metavar="MODULE.NAME=VALUE,VALUE")
    arguments = parser.parse_args()
    questions = list(gather(arguments))
    print("| set | n | | " + " | ".join(MEASURES) + " |\n|---|---|---|" + "---|" * len(MEASURES))
    print("\n".join(table(questions, arguments.modes.split(","))), flush=True)
    for varied in arguments.vary:
        name, values = varied.split("=")
        module = importlib.import_module(f"assistant.retrieval.{name.split('.')[0]}")
        usual = getattr(module, constant := name.split(".")[1])
        for value in values.split(","):
            setattr(module, constant, type(usual)(value))
            print("\n".join(table(questions, ["fused"], f"{constant}={value}")), flush=True)
        setattr(module, constant, usual)


def gather(arguments: argparse.Namespace) -> Iterator[Asked]:
    """Every question that is to be measured."""
    for pair in arguments.questions:
        corpus, files = Path(pair.split("=")[0]), [Path(file) for file in pair.split("=")[1].split(",")]
        yield from from_files(corpus.name, opened(corpus, arguments.work, f"{corpus.name}-index"), files)
        if arguments.benchmarks:
            name = f"{corpus.name}+foreign"
            folder = library(corpus, arguments.benchmarks, arguments.foreign, arguments.work / name)
            yield from from_files(name, opened(folder, arguments.work, f"{name}-index"), files)
    if arguments.manuals:
        yield from across_editions(arguments.manuals[0], arguments.manuals[1], arguments.work)


if __name__ == "__main__":
    main()
