"""Fits by what the units of found passages are judged: the coefficients in `answering/matching.py`.

    python tools/calibrate_matching.py --questions CORPUS=FILE,FILE [--questions …] --index DIR

Of every question with evidence the candidates are those that `match` gives; right are those that hold evidence or are held by
it. A listwise softmax (the probability that the best unit is a right one, drawn towards zero by 0.1 of each weight squared, in
units of the feature's spread) is fitted apart for reports in the question's language and in the other one. Prints the
coefficients and, for the present and the fitted ones (five-fold, held out), how often a right unit is first and among three,
and the mean log-likelihood. Run it when the embedder, the search or the features change; `score` is a sign of
`answering/abstain.py`: calibrate that afterwards.
"""

from __future__ import annotations

import argparse
import json
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from sklearn.model_selection import KFold

from assistant.answering.asked import asked
from assistant.answering.matching import ABROAD, AT_HOME, FEATURES, Candidate, match
from assistant.answering.mentioned import names_of
from assistant.assistant import Assistant
from assistant.types import Turn

PULL = 0.1
_SHORTEST_HELD = 7


@dataclass(frozen=True, slots=True)
class Listed:
    """The candidates of one question: features (n x d), and which are right (n)."""

    features: np.ndarray
    right: np.ndarray


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", action="append", required=True, metavar="CORPUS=FILE,FILE")
    parser.add_argument("--index", type=Path, required=True)
    arguments = parser.parse_args()
    lists: dict[str, list[Listed]] = defaultdict(list)
    for number, pair in enumerate(arguments.questions):
        corpus, _, files = pair.partition("=")
        assistant = Assistant.open(Path(corpus), arguments.index / str(number))
        assistant.sync()
        for file in files.split(","):
            for line in Path(file).read_text(encoding="utf-8").splitlines():
                add(lists, assistant, json.loads(line))
    for name, present in (("AT_HOME", AT_HOME), ("ABROAD", ABROAD)):
        report(name, np.array(present), lists[name])


def add(lists: dict[str, list[Listed]], assistant: Assistant, item: dict) -> None:
    """The candidates of one question; of no use where none of them is right."""
    history = tuple(Turn(turn["role"], turn["content"]) for turn in item.get("history") or ())
    query = assistant.understand(item["question"], history)
    ground = assistant.ground(query)
    names = names_of(query.text, ground.verifier.aliases)
    asks = {"rarity": ground.rarity, "nearness": ground.nearness, "embed": ground.embed, "names": names}
    found = match(query, assistant.evidence(query), asked(query.text), **asks)
    evidence = [bare(one) for one in item.get("evidence") or ()]
    right = np.array([is_right(one, evidence) for one in found], dtype=bool)
    if right.any():
        is_home = found[0].hit.passage.language == query.language
        features = np.array([one.features for one in found])
        lists["AT_HOME" if is_home else "ABROAD"].append(Listed(features, right))


def is_right(one: Candidate, evidence: list[str]) -> bool:
    """Whether a unit holds a piece of evidence, or is held by one and not a mere word."""
    quote = bare(one.quote)
    return any(piece in quote or (len(quote) >= _SHORTEST_HELD and quote in piece) for piece in evidence)


def bare(text: str) -> str:
    """As evidence is compared: NFKC without white space."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def report(name: str, present: np.ndarray, lists: list[Listed]) -> None:
    """Fit one set of coefficients and print what comes of it, beside the present ones."""
    if not lists:
        return
    print(f"\n{name}: {len(lists)} questions")
    folds = KFold(min(5, len(lists)), shuffle=True, random_state=0).split(lists) if len(lists) > 1 else []
    held_out = [
        scored([lists[at] for at in test], fitted([lists[at] for at in train])) * len(test) for train, test in folds
    ]
    print(f"  present: {shown(scored(lists, present))}")
    if held_out:
        print(f"  fitted, held out: {shown(np.sum(held_out, axis=0) / len(lists))}")
    print("  " + ", ".join(FEATURES))
    print(f"{name} = ({', '.join(f'{one:.2f}' for one in fitted(lists))})")


def shown(figures: np.ndarray) -> str:
    first, among, likelihood = figures
    return f"right first {first:.2f}, among three {among:.2f}, log-likelihood {likelihood:.2f}"


def scored(lists: list[Listed], weights: np.ndarray) -> np.ndarray:
    """How often a right unit is first and among the first three, and the mean log-likelihood of a right one."""
    rows = []
    for one in lists:
        scores = one.features @ weights
        order = np.argsort(-scores, kind="stable")
        chances = np.exp(scores - scores.max())
        likelihood = np.log(chances[one.right].sum() / chances.sum())
        rows.append((one.right[order[0]], one.right[order[:3]].any(), likelihood))
    return np.array(rows, dtype=float).mean(axis=0)


def fitted(lists: list[Listed]) -> np.ndarray:
    """The weights under which a right unit is the likeliest."""
    spread = np.vstack([one.features for one in lists]).std(axis=0) + 1e-6

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        total, slope = 0.0, np.zeros_like(weights)
        for one in lists:
            scores = one.features @ weights
            chances = np.exp(scores - scores.max())
            chances /= chances.sum()
            share = chances[one.right].sum()
            total -= np.log(share)
            slope -= (np.where(one.right, chances, 0) / share - chances) @ one.features
        scaled = weights * spread
        return total / len(lists) + PULL * (scaled**2).sum(), slope / len(lists) + 2 * PULL * scaled * spread

    return minimize(loss, np.zeros(len(FEATURES)), jac=True, method="L-BFGS-B").x


if __name__ == "__main__":
    main()
