"""How well `assistant lookup` tells true, changed and foreign statements apart.

    python tools/measure_lookup.py QUESTIONS [QUESTIONS …] --corpus DIR --index DIR [--foreign FILE.jsonl.gz]

True statements are the sentences of the questions' reference answers (answer_ja, answer_en) that state a number or date;
changed ones the same with one figure exchanged; foreign ones come from a file of lines with `ja` or `en` texts.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import unicodedata
from collections import Counter
from pathlib import Path

from assistant.assistant import Assistant
from assistant.citing.lookup import LookedUp, Stance
from assistant.language.quantities import quantities
from assistant.language.sentences import sentence_spans
from assistant.types import Quantity


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", nargs="+", type=Path)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--index", type=Path, required=True)
    parser.add_argument("--foreign", type=Path, nargs="*", default=[])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="print what went wrong")
    arguments = parser.parse_args()
    assistant = Assistant.open(arguments.corpus, arguments.index)
    assistant.sync()
    rng = random.Random(arguments.seed)
    for language in ("ja", "en"):
        counts: Counter[str] = Counter()
        for sentence, evidence in statements(arguments.questions, language):
            looked_up = assistant.look_up(sentence)[0]
            counts["true"] += 1
            counts[f"true {looked_up.stance}"] += 1
            counts["right first"] += looked_up.stance is Stance.SUPPORTS and is_evidence(looked_up, evidence)
            changed = with_another_figure(sentence, rng)
            against = assistant.look_up(changed)[0]
            counts[f"changed {against.stance}"] += 1
            if arguments.show and (looked_up.stance is not Stance.SUPPORTS or against.stance is not Stance.CONTRADICTS):
                print(
                    looked_up.stance,
                    "|",
                    against.stance,
                    "|",
                    sentence,
                    "|",
                    changed,
                    [c for m in looked_up.matches[:1] for c in m.checks if c.ok is False],
                )
        for sentence in foreign(arguments.foreign, language, rng):
            looked_up = assistant.look_up(sentence)
            counts["foreign"] += 1
            counts[f"foreign {looked_up[0].stance}"] += 1
            if arguments.show and looked_up[0].stance is Stance.SUPPORTS:
                print(
                    "foreign",
                    sentence,
                    [
                        (m.citation.quote[:80], [(c.kind, c.ok, c.claim[:20]) for c in m.checks])
                        for m in looked_up[0].matches[:1]
                    ],
                )
        print(language, dict(sorted(counts.items())))


def statements(files: list[Path], language: str):
    """(sentence with a figure, evidence) of the reference answers."""
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            item = json.loads(line)
            answer = item.get(f"answer_{language}") or ""
            if not item.get("evidence") or item.get("type") == "false-premise":
                continue
            for start, end in sentence_spans(answer):
                if any(one.kind not in ("word", "vague") for one in figures(answer[start:end])):
                    yield answer[start:end], item["evidence"]


def figures(sentence: str) -> list[Quantity]:
    """The quantities of a sentence without the numbers of items: (1), (2)."""
    items = [m.span() for m in re.finditer(r"[(（]\d{1,2}[)）]", sentence)]
    return [one for one in quantities(sentence) if not any(a <= one.start and one.end <= b for a, b in items)]


def bare(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def is_evidence(looked_up: LookedUp, evidence: list[str]) -> bool:
    passage = bare(looked_up.matches[0].citation.passage.text)
    return any(bare(one) in passage or passage in bare(one) for one in evidence)


def with_another_figure(sentence: str, rng: random.Random) -> str:
    """The sentence with one digit of one of its numbers exchanged; a year keeps its century, an item (1) its number."""
    spans = [one for one in figures(sentence) if re.search(r"\d", sentence[one.start : one.end])]
    one = rng.choice(spans) if spans else None
    years = {at for m in re.finditer(r"(?<!\d)(?:19|20)\d\d(?!\d)", sentence) for at in (m.start(), m.start() + 1)}
    digits = [m.start() for m in re.finditer(r"\d", sentence) if m.start() not in years]
    digits = [at for at in digits if one is None or one.start <= at < one.end]
    if not digits:
        return sentence
    at = rng.choice(digits)
    digit = str((int(sentence[at]) + rng.randint(1, 8)) % 10)
    return sentence[:at] + (digit if digit != sentence[at] else str((int(digit) + 1) % 10)) + sentence[at + 1 :]


def foreign(files: list[Path], language: str, rng: random.Random) -> list[str]:
    """Sixty sentences of other texts, half of them with a figure."""
    found: list[str] = []
    for file in files:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            for line in lines:
                text = (
                    json.loads(line).get(language) or json.loads(line).get("context" if language == "ja" else "-") or ""
                )
                found += [text[start:end] for start, end in sentence_spans(text) if 20 < end - start < 300]
    return rng.sample(found, min(60, len(found)))


if __name__ == "__main__":
    main()
