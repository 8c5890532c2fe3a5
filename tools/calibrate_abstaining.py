"""Fits when an answer without a language model abstains: the coefficients in `answering/abstain.py`.

    python tools/calibrate_abstaining.py --questions CORPUS=FILE,FILE [--questions …] [--foreign FILE.jsonl.gz …] --index DIR

Answerable questions, unanswerable ones (type unanswerable) and questions of other texts (lines with `q` or `question`), put
to every corpus, give the signs; a logistic regression with balanced weights tells the answerable from the
others', apart for reports in the question's language and in the other one.
The constant is set so that at most 2 % of the answerable questions are lost to it. Prints the coefficients, and how both the present and the fitted ones (five-fold, held out) do, together with what is found wanting. Run it
when the embedder, the search or the signs change; never fit on the questions that foreign ones are measured with.
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

from assistant.answering.abstain import ABROAD, AT_HOME, SIGNS, is_wanting, signs
from assistant.answering.asked import asked
from assistant.answering.matching import match
from assistant.answering.mentioned import names_of
from assistant.assistant import Assistant
from assistant.types import Turn

MOST_LOST = 0.02
Rows = list[tuple[tuple[float, ...], bool, str]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", action="append", required=True, metavar="CORPUS=FILE,FILE")
    parser.add_argument("--foreign", nargs="*", type=Path, default=[])
    parser.add_argument("--foreign-count", type=int, default=200, help="of each file, for each corpus")
    parser.add_argument("--index", type=Path, required=True)
    arguments = parser.parse_args()
    rows: dict[str, Rows] = defaultdict(list)
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
                asked_elsewhere = [item.get("q") or item["question"] for item in map(json.loads, lines)]
            for question in random.Random(number).sample(asked_elsewhere, arguments.foreign_count):
                add(rows, assistant, {"question": question}, "foreign")
    for name, present in (("AT_HOME", AT_HOME), ("ABROAD", ABROAD)):
        report(name, present, rows[name])


def add(rows: dict[str, Rows], assistant: Assistant, item: dict, kind: str) -> None:
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
        names=names_of(query.text, ground.verifier.aliases),
    )
    if found:
        values = signs(query, found, ground.verifier.aliases, ground.rarity, ground.rarest)
        is_home = found[0].hit.passage.language == query.language
        rows["AT_HOME" if is_home else "ABROAD"].append((values, is_wanting(query, found), kind))


def report(name: str, now: tuple[float, ...], rows: Rows) -> None:
    """Fit one set of coefficients and print what comes of it, beside the present ones."""
    values, kinds = np.array([one for one, _, _ in rows]), np.array([kind for _, _, kind in rows])
    wanting, answerable = np.array([one for _, one, _ in rows]), kinds == "answerable"
    present = now[0] + values @ np.array(now[1:])
    held_out = np.zeros(len(rows))
    for train, test in StratifiedKFold(5, shuffle=True, random_state=0).split(values, kinds):
        constant, weights = fitted(values[train], kinds[train])
        held_out[test] = constant + values[test] @ weights
    constant, weights = fitted(values, kinds)
    print(f"\n{name}: {len(rows)} questions, {answerable.sum()} answerable")
    for which, scores in (("present", present), ("fitted, held out", held_out)):
        shares = {str(one): float(((scores < 0) | wanting)[kinds == one].mean().round(3)) for one in np.unique(kinds)}
        print(f"  {which}: abstained {shares}")
    means = zip(SIGNS, values[answerable].mean(0), values[kinds == "foreign"].mean(0), strict=True)
    print("  mean signs, answerable and foreign:", ", ".join(f"{sign} {a:.2f} {b:.2f}" for sign, a, b in means))
    print(f"{name} = ({', '.join(f'{one:.2f}' for one in (constant, *weights))})")


def fitted(values: np.ndarray, kinds: np.ndarray) -> tuple[float, np.ndarray]:
    """(constant, weights) that tell the answerable from the foreign, in units of the signs themselves."""
    told = kinds != "unanswerable"
    values, answerable = values[told], kinds[told] == "answerable"
    spread = values.std(0) + 1e-9
    model = LogisticRegression(C=1, class_weight="balanced", max_iter=5000).fit(values / spread, answerable)
    weights = model.coef_[0] / spread
    return -float(np.quantile((values @ weights)[answerable], MOST_LOST)), weights


if __name__ == "__main__":
    main()
