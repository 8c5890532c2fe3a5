"""The data and the vocabulary of the bundled bilingual model: reading the training files, cutting text into pieces."""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import time
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import regex
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

from assistant.models.pieces import REPEATED, RUNS

Rows = dict[str, list[str]]
UNKNOWN = "[UNK]"
SCRIPTS = {
    "kanji": r"[\p{Han}々〆ヶ]",
    "hiragana": r"\p{Hiragana}",
    "katakana": r"[\p{Katakana}ー]",
    "latin": r"\p{Latin}",
    "other": "",
}
VOCABULARY_WEIGHTS = {
    "kyoto": 0.1, "docs": 0.7, "casual": 1.0, "dictionary": 2.0, "contexts": 2.0, "questions": 0.3, "names": 0.1
}  # fmt: skip
CASUAL = ("graded_enja", "tatoeba", "small_parallel", "questions_asai", "jec_basic")
FRAMES_EN = """what is|what was|what are|who is|who was|who did|when did|when was|when is|where is|where was|where did|which
how many|how much|how did|how does|how do|how long|how often|how large is|why did|why does|why is|what does mean|what year did
in what year was|what kind of|what type of|what is the name of|what percentage of|what did do|what happened to|which of the
following|which company|which companies|list the|compare|explain|describe|tell me about|according to the|can you tell me
could you summarise|give me an overview of|what is the difference between|what do we know about|to what extent|by whom was
whose|does|did|is there any|has there been|what role does play in|what are the main|what reason is given for"""
FRAMES_JA = """とは何ですか|は何ですか|はいつですか|は誰ですか|はどこですか|はなぜですか|を教えてください|について教えて|はどのような
は何という|はいくつありますか|はどれくらいですか|何が|誰が|いつ|どこで|どの企業ですか|どのように|何年|何人|何社|どんな|の理由は何ですか
違いは何ですか|説明してください|を比較して|具体的に|まとめてください|どれですか|どう呼ばれていますか|何を|誰に|いくらですか|何割ですか
何パーセントですか|はありますか|知りたい|とはどういう意味ですか|どうなっていますか|概要を教えてください|主な|挙げてください|の名前は"""


def log(*words: object) -> None:
    """A line on stderr with the time of day."""
    print(time.strftime("%H:%M:%S"), *words, file=sys.stderr, flush=True)


def lines(path: Path) -> Iterator[str]:
    """The lines of a gzipped text file."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield line.rstrip("\n")


def table(path: Path) -> Iterator[list[str]]:
    """The rows of a gzipped TSV file, without its header."""
    rows = (line.split("\t") for line in lines(path))
    next(rows)
    return rows


def read_data(folder: Path) -> Rows:
    """Every text to learn from, in columns; two columns with the same stem are parallel, in document order."""
    data: Rows = {}
    for read in (_parallel, _dictionary, _names, _questions, _leads, _similar):
        for column, text in read(folder):
            data.setdefault(column, []).append(text)
    data["frames.en"] = list(FRAMES_EN.replace("\n", "|").split("|"))
    data["frames.ja"] = list(FRAMES_JA.replace("\n", "|").split("|"))
    return data


def _parallel(folder: Path) -> Iterator[tuple[str, str]]:
    for ja, en, source in table(folder / "parallel.tsv.gz"):
        group = "kyoto" if source == "kyoto_wiki.train" else "titles" if "titles" in source else "docs"
        group = "casual" if source.startswith(CASUAL) else group
        yield f"{group}.ja", ja
        yield f"{group}.en", en


def _dictionary(folder: Path) -> Iterator[tuple[str, str]]:
    for ja, reading, senses, common, _ in table(folder / "dictionary.tsv.gz"):
        distinct = list(dict.fromkeys(senses.split(" | ")))[:4]
        glosses = [gloss for sense in distinct for gloss in sense.split("; ")][:4] if common == "1" else []
        for sense in dict.fromkeys([*distinct, *glosses]):
            for form in dict.fromkeys([ja, reading] if common == "1" and reading else [ja]):
                yield "dictionary.ja", form
                yield "dictionary.en", sense


def _names(folder: Path) -> Iterator[tuple[str, str]]:
    for ja, en in table(folder / "names.tsv.gz"):
        yield "names.ja", ja
        yield "names.en", en


def _questions(folder: Path) -> Iterator[tuple[str, str]]:
    told: set[str] = set()
    for row in map(json.loads, lines(folder / "questions_ja.jsonl.gz")):
        context, question, answer = row["context"], row["question"], row["answer"]
        yield "questions.question", question
        yield "questions.context", context
        for sentence in sentences(context):
            if answer in sentence:
                yield "answers.question", question
                yield "answers.sentence", sentence
                break
        if context not in told:
            told.add(context)
            yield from (("contexts.ja", sentence) for sentence in sentences(context))


def _leads(folder: Path) -> Iterator[tuple[str, str]]:
    for row in map(json.loads, lines(folder / "leads.jsonl.gz")):
        for key in ("title_ja", "title_en", "ja", "en"):
            yield f"leads.{key}", row[key]


def _similar(folder: Path) -> Iterator[tuple[str, str]]:
    for a, b, score in table(folder / "similarity_ja.tsv.gz"):
        if float(score) >= 3.5:
            yield "similar.a", a
            yield "similar.b", b


def sentences(text: str) -> list[str]:
    """A Japanese paragraph cut after each full stop and at line ends."""
    return [part for part in text.replace("。", "。\n").split("\n") if part.strip()]


def train_tokenizer(data: Rows, args: argparse.Namespace) -> Tokenizer:
    """A Unigram tokenizer over runs of one script; punctuation and white space are dropped.

    Kanji and hiragana pieces are learned with their scores. Latin and katakana words, which are written apart, are
    whole pieces from the commonest down, with fragments for the rest; their scores make the fewest pieces win. A run
    is of one script, so the scores of different scripts never meet.
    """
    counts: dict[str, Counter[str]] = {script: Counter() for script in SCRIPTS}
    for run, count in _run_counts(data).items():
        script = next((name for name, pattern in SCRIPTS.items() if regex.match(pattern, run)), "other")
        counts[script][run] = count
    vocabulary = [(UNKNOWN, 0.0)]
    vocabulary += _learned(counts["kanji"], args.kanji_pieces, 6)
    vocabulary += _learned(counts["hiragana"], args.hiragana_pieces, 6)
    vocabulary += _whole_words(counts["katakana"], args.katakana_words, args.katakana_words // 11)
    vocabulary += _whole_words(counts["latin"], args.latin_words, args.latin_words // 11)
    vocabulary += _whole_words(counts["other"], args.pieces - len(vocabulary) - 200, 200)
    return _tokenizer(models.Unigram(vocabulary, unk_id=0, byte_fallback=False))


def _tokenizer(model: models.Model) -> Tokenizer:
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase()])  # type: ignore[assignment]
    return cut_into_runs(tokenizer)


def cut_into_runs(tokenizer: Tokenizer, *, sparing: bool = False) -> Tokenizer:
    """Set what a text is cut into before pieces are looked up: runs of one script.

    Sparing: a word that is said twice more soon after is left out, so that a paragraph's topic words do not drown the
    others in its mean.
    """
    runs = pre_tokenizers.Split(Regex(RUNS), "removed", invert=True)
    repeated = pre_tokenizers.Split(Regex(REPEATED), "removed")
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([repeated, runs]) if sparing else runs  # type: ignore[assignment]
    return tokenizer


def _run_counts(data: Rows) -> Counter[str]:
    """How often each run of one script is written, with more weight on what is like a report."""
    counts: Counter[str] = Counter()
    for column, texts in data.items():
        weight = VOCABULARY_WEIGHTS.get(column.split(".")[0], 0.0)
        if not weight:
            continue
        within: Counter[str] = Counter()
        for text in texts:
            within.update(regex.findall(RUNS, unicodedata.normalize("NFKC", text).lower()))
        for run, count in within.items():
            counts[run] += weight * count  # pyright: ignore[reportArgumentType]
    return counts


def _learned(counts: Counter[str], size: int, longest: int) -> list[tuple[str, float]]:
    """Unigram pieces with their scores, trained on the runs as often as they are written; rare characters are left out."""
    characters: Counter[str] = Counter()
    for run, count in counts.items():
        characters.update(dict.fromkeys(run, count))
    tokenizer = _tokenizer(models.Unigram())
    trainer = trainers.UnigramTrainer(
        vocab_size=size + 1, special_tokens=[UNKNOWN], unk_token=UNKNOWN, max_piece_length=longest, show_progress=False
    )
    common = [run for run, count in counts.items() if count >= 1.5 and min(characters[one] for one in run) >= 5]
    rows = (f"{run} " * min(int(counts[run] + 0.5), 5000) for run in common)
    tokenizer.train_from_iterator(rows, trainer)
    pieces = json.loads(tokenizer.to_str())["model"]["vocab"]
    return [(piece, score) for piece, score in pieces if piece != UNKNOWN]


def _whole_words(counts: Counter[str], words: int, fragments: int) -> list[tuple[str, float]]:
    """The commonest words whole, then the fragments that the others have in common; the fewest pieces score best."""
    chosen = dict(counts.most_common(words))
    parts: Counter[str] = Counter()
    for word in counts:
        if word not in chosen and counts[word] >= 2:
            parts.update(dict.fromkeys((word[at : at + n] for n in range(1, 7) for at in range(len(word) - n + 1)), 1))
    useful = Counter({part: count * len(part) ** 1.5 for part, count in parts.items() if part not in chosen})
    letters = {part: counts.get(part, 1.0) for part, count in parts.items() if len(part) == 1 and count >= 20}
    chosen |= letters | {part: 1.0 for part, _ in useful.most_common(fragments) if part not in letters}
    kept = sorted(chosen.items(), key=lambda item: -item[1])[: words + fragments]
    total = sum(chosen.values())
    return [(piece, 0.5 * float(np.log(count / total)) - 20.0) for piece, count in kept]
