"""Fits when an answer without a language model abstains: the coefficients of `answering/abstain.py`.

    python tools/calibrate_abstaining.py --questions CORPUS=FILE,FILE [--questions …] [--foreign FILE.jsonl.gz …] --index DIR

Answerable questions, unanswerable ones (type unanswerable) and questions of other texts (lines with `q`), put to every
corpus, give the signs; a logistic regression with balanced weights is fitted by language. The constant is set so that at
most 5 % of the answerable questions are lost. Prints the coefficients as `COEFFICIENTS` has them, and how both the present
and the fitted ones (five-fold, held out) do. Run it when the embedder, the search or the signs change.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
from collections import defaultdict
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from assistant.answering.abstain import COEFFICIENTS, SIGNS, signs
from assistant.answering.asked import asked
from assistant.answering.matching import match
from assistant.assistant import Assistant
from assistant.types import Language, Turn

MOST_LOST = 0.05
Rows = list[tuple[tuple[float, ...], str]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", action="append", required=True, metavar="CORPUS=FILE,FILE")
    parser.add_argument("--foreign", nargs="*", type=Path, default=[])
    parser.add_argument("--foreign-count", type=int, default=200, help="of each file, for each corpus")
    parser.add_argument("--index", type=Path, required=True)
    arguments = parser.parse_args()
    rows: dict[Language, Rows] = defaultdict(list)
    for number, pair in enumerate(arguments.questions):
        corpus, _, files = pair.partition("=")
        assistant = Assistant.open(Path(corpus), arguments.index / str(number))
        assistant.sync()
        for file in files.split(","):
            for line in Path(file).read_text(encoding="utf-8").splitlines():
                item = json.loads(line)
                add(rows, assistant, item, "unanswerable" if item.get("type") == "unanswerable" else "answerable")
        for file in arguments.foreign:
            with gzip.open(file, "rt", encoding="utf-8") as lines:
                asked_elsewhere = [json.loads(line)["q"] for line in lines]
            for question in random.Random(number).sample(asked_elsewhere, arguments.foreign_count):
                add(rows, assistant, {"question": question}, "foreign")
    for language in Language:
        report(language, rows[language])


def add(rows: dict[Language, Rows], assistant: Assistant, item: dict, kind: str) -> None:
    """The signs of one question, as `extract` computes them; a question that nothing was found for has none."""
    history = tuple(Turn(turn["role"], turn["content"]) for turn in item.get("history") or ())
    query = assistant.understand(item["question"], history)
    ground = assistant.ground(query)
    found = match(
        query,
        assistant.evidence(query),
        asked(query.text),
        rarity=ground.rarity,
        nearness=ground.nearness,
        embed=ground.embed,
    )
    if found:
        rows[query.language].append((signs(query, found, ground.verifier.aliases, ground.rarity), kind))


def report(language: Language, rows: Rows) -> None:
    """Fit one language and print what comes of it."""
    values, kinds = np.array([one for one, _ in rows]), np.array([kind for _, kind in rows])
    answerable = kinds == "answerable"
    present = COEFFICIENTS[language][0] + values @ np.array(COEFFICIENTS[language][1:])
    held_out = np.zeros(len(rows))
    for train, test in StratifiedKFold(5, shuffle=True, random_state=0).split(values, kinds):
        constant, weights = fitted(values[train], kinds[train])
        held_out[test] = constant + values[test] @ weights
    constant, weights = fitted(values, kinds)
    print(f"\n{language}: {len(rows)} questions, {answerable.sum()} answerable")
    for name, scores in (("present", present), ("fitted, held out", held_out)):
        for said, limit in (("as it is", 0.0), ("with 5 % lost", float(np.quantile(scores[answerable], MOST_LOST)))):
            shares = {str(kind): float((scores[kinds == kind] < limit).mean().round(3)) for kind in np.unique(kinds)}
            print(f"  {name}, {said} (constant {-limit:+.2f}): abstained {shares}")
    means = zip(SIGNS, values[answerable].mean(0), values[~answerable].mean(0), strict=True)
    print("  mean signs, answerable and others:", ", ".join(f"{name} {a:.2f} {b:.2f}" for name, a, b in means))
    print(f"    Language.{language.name}: ({', '.join(f'{one:.2f}' for one in (constant, *weights))}),")


def fitted(values: np.ndarray, kinds: np.ndarray) -> tuple[float, np.ndarray]:
    """(constant, weights): near misses weigh as much as all foreign questions, and both together as the answerable."""
    answerable = kinds == "answerable"
    share = {"answerable": 0.5, "unanswerable": 0.25, "foreign": 0.25}
    weight = np.array([share[kind] / (kinds == kind).sum() for kind in kinds]) * len(kinds)
    model = LogisticRegression(C=1.0, max_iter=5000).fit(values, answerable, sample_weight=weight)
    scores = values @ model.coef_[0]
    return -float(np.quantile(scores[answerable], MOST_LOST)), model.coef_[0]


if __name__ == "__main__":
    main()
