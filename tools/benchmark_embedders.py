"""Measure embedding models: bitext, retrieval and speed, dense only, by cosine, in one Markdown table.

    python tools/benchmark_embedders.py assistant/models/bilingual all-MiniLM-L6-v2 \\
        --benchmarks ../shared/data/benchmarks --reports ../shared/corpus/reports --questions ../shared/questions/dev.jsonl

A model is a model2vec folder or any sentence-transformers name or path. Figures are shares: accuracy (the nearest text is
the translation), or Success@1 / Success@5 (one of the first k paragraphs is the right one). "Pooled" ranks a paragraph
by 0.3 of its own similarity and 0.7 of its best sentence's.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import time
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path, PurePosixPath

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from assistant.indexing.passages import split
from assistant.language.sentences import sentence_spans
from assistant.reading.reader import read
from assistant.types import Passage

Vectors = NDArray[np.float32]
Encode = Callable[[Sequence[str]], Vectors]
Figures = dict[str, str]
PASSAGE_SHARE = 0.3


# ── Models ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def load(name: str) -> tuple[Encode, Encode]:
    """How a model embeds questions and how it embeds passages."""
    if (Path(name) / "config.json").exists() and "embedding_dtype" in (Path(name) / "config.json").read_text():
        from model2vec import StaticModel

        static = StaticModel.from_pretrained(name)
        return (encode := lambda texts: unit(static.encode(list(texts)))), encode
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(name)
    return (
        lambda texts: unit(model.encode_query(list(texts), convert_to_numpy=True)),
        lambda texts: unit(model.encode_document(list(texts), convert_to_numpy=True)),
    )


def unit(vectors: NDArray[np.floating]) -> Vectors:
    """Rows scaled to length 1; a zero row stays zero."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32)


# ── Data ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@cache
def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a gzipped JSON Lines file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


@cache
def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a paragraph; the paragraph itself where it has none."""
    return tuple(text[start:end] for start, end in sentence_spans(text)) or (text,)


# ── Measures ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def bitext(encode: Encode, en: Sequence[str], ja: Sequence[str]) -> str:
    """Accuracy ja→en / en→ja; a text found is right when it equals the wanted one."""
    similarity = encode(ja) @ encode(en).T
    to_en = np.mean([en[found] == wanted for found, wanted in zip(similarity.argmax(1), en, strict=True)])
    to_ja = np.mean([ja[found] == wanted for found, wanted in zip(similarity.argmax(0), ja, strict=True)])
    return f"{to_en:.3f} / {to_ja:.3f}"


def success(similarity: Vectors, wanted: Sequence[int]) -> str:
    """Success@1 / Success@5 of rows of similarities; ties go against the model."""
    own = similarity[np.arange(len(wanted)), list(wanted)]
    rank = (similarity >= own[:, None]).sum(1)
    return f"{(rank <= 1).mean():.3f} / {(rank <= 5).mean():.3f}"


def pooled(questions: Vectors, passages: Vectors, parts: Sequence[Sequence[str]], encode: Encode) -> Vectors:
    """Similarities of questions to passages, each with its best part."""
    firsts = np.cumsum([0, *(len(part) for part in parts[:-1])])
    of_parts = questions @ encode([text for part in parts for text in part]).T
    best = np.maximum.reduceat(of_parts, firsts, axis=1)
    return (PASSAGE_SHARE * (questions @ passages.T) + (1 - PASSAGE_SHARE) * best).astype(np.float32)


def retrieval(query: Encode, passage: Encode, path: Path) -> tuple[str, str]:
    """Question -> paragraph, by the paragraph's vector alone and pooled with its best sentence."""
    contexts = list(dict.fromkeys(row["context"] for row in rows(path)))
    place = {context: index for index, context in enumerate(contexts)}
    wanted = [place[row["context"]] for row in rows(path)]
    questions, paragraphs = query([row["q"] for row in rows(path)]), passage(contexts)
    parts = [sentences(context) for context in contexts]
    return success(questions @ paragraphs.T, wanted), success(pooled(questions, paragraphs, parts, passage), wanted)


def sentence_to_paragraph(query: Encode, passage: Encode, asked: Sequence[str], found: Sequence[str]) -> str:
    """The middle sentence of a paragraph (of three or more) -> the same paragraph in the other language, among all."""
    wanted = [index for index, text in enumerate(asked) if len(sentences(text)) >= 3]
    middle = [sentences(asked[index])[len(sentences(asked[index])) // 2] for index in wanted]
    return success(query(middle) @ passage(found).T, wanted)


def dev(query: Encode, passage: Encode, reports: Path, questions: Path) -> Figures:
    """Success@5 (Success@1) over the real reports: one of the first passages holds a piece of the evidence."""
    passages, figures = _passages(reports), {}
    vectors = passage([one.search_text for one in passages])
    parts = [[one.words(unit.start, unit.end) for unit in one.units] for one in passages]
    texts = [_bare(one.text) for one in passages]
    asked = [row for row in map(json.loads, questions.read_text(encoding="utf-8").splitlines()) if row.get("evidence")]
    for language in ("en", "ja"):
        mine = [row for row in asked if row["lang"] == language]
        right = np.array([[any(_bare(one) in text for one in row["evidence"]) for text in texts] for row in mine])
        wanted = query([row["question"] for row in mine])
        for label, similarity in (("", wanted @ vectors.T), (" pooled", pooled(wanted, vectors, parts, passage))):
            ranked = np.take_along_axis(right, np.argsort(-similarity, axis=1, kind="stable"), axis=1)
            shares = [ranked[:, :k].any(1).mean() for k in (1, 5)]
            figures[f"dev {language}{label} S@1 / @5 ({len(mine)} questions, {len(passages)} passages)"] = (
                "{:.3f} / {:.3f}".format(*shares)
            )
    return figures


def _bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


@cache
def _passages(reports: Path) -> tuple[Passage, ...]:
    files = sorted(path for path in reports.iterdir() if path.is_file())
    return tuple(one for path in files for one in split(read(path.read_bytes(), PurePosixPath(path.name))))


def speed(encode: Encode, texts: Sequence[str]) -> str:
    """Texts a second, the better of two runs."""
    taken = []
    for _ in range(2):
        start = time.perf_counter()
        encode(texts)
        taken.append(time.perf_counter() - start)
    return f"{len(texts) / min(taken):,.0f}"


def measure(name: str, args: argparse.Namespace) -> Figures:
    """Every figure of one model."""
    start = time.perf_counter()
    query, passage = load(name)
    passage(["ひとつ"])
    figures, folder = {"load time, s": f"{time.perf_counter() - start:.2f}"}, args.benchmarks
    for label, limit in (
        ("tatoeba_jpn_eng", None),
        ("kyoto_sentences", None),
        ("kyoto_paragraphs", None),
        ("techdocs_paragraphs", 3000),
        ("ami_meetings", None),
    ):
        part = rows(folder / f"{label}.jsonl.gz")[:limit]
        figures[f"{label} ja→en / en→ja"] = bitext(passage, [row["en"] for row in part], [row["ja"] for row in part])
    for label in ("jsquad_valid", "jaquad_dev", "xquad_en"):
        plain, with_best = retrieval(query, passage, folder / f"{label}.jsonl.gz")
        figures |= {f"{label} S@1 / @5": plain, f"{label} pooled": with_best}
    for label in ("kyoto_paragraphs", "techdocs_paragraphs"):
        part = rows(folder / f"{label}.jsonl.gz")[:3000]
        for asked, found in (("en", "ja"), ("ja", "en")):
            both = [row[asked] for row in part], [row[found] for row in part]
            figures[f"{label} {asked} sentence → {found} S@1 / @5"] = sentence_to_paragraph(query, passage, *both)
    if args.reports and args.questions:
        figures |= dev(query, passage, args.reports, args.questions)
    contexts = [row["context"][:300] for row in rows(folder / "jsquad_valid.jsonl.gz")]
    return figures | {"texts/s (300 characters)": speed(passage, contexts)}


def markdown(results: dict[str, Figures]) -> str:
    """One table: a row a figure, a column a model."""
    labels: Iterable[str] = dict.fromkeys(label for figures in results.values() for label in figures)
    lines = ["| figure | " + " | ".join(results) + " |", "|---|" + "---|" * len(results)]
    lines += [
        f"| {label} | " + " | ".join(figures.get(label, "–") for figures in results.values()) + " |" for label in labels
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure the models named on the command line and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", nargs="+", help="a model2vec folder, or a sentence-transformers name or path")
    parser.add_argument("--benchmarks", type=Path, required=True, help="the folder of benchmark files")
    parser.add_argument("--reports", type=Path, help="a folder of reports for the dev questions")
    parser.add_argument("--questions", type=Path, help="question file (JSON Lines) over these reports")
    args = parser.parse_args()
    print(markdown({Path(name).name: measure(name, args) for name in args.models}))


if __name__ == "__main__":
    main()
