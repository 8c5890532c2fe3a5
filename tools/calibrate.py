"""Where the verifier's thresholds come from: `python tools/calibrate.py QUESTIONS… --corpus DIR`.

Positives are the sentences of reference answers with the passages that hold their evidence; negatives are the same
sentences with other passages of the same reports, drawn by a fixed seed. For wording (within a language) and meaning
(across languages), by how much agrees, the table gives quantiles of both and the highest threshold that loses at most
`--lose` of the positives, with the share of negatives above it. Run it again whenever the embedder changes, and write
what it suggests into `assistant/answering/verify.py`. Questions without evidence or with a false premise are left out.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.answering.verify import MEANING, WORDING, Closeness, Verifier
from assistant.assistant import Assistant
from assistant.config import LlmSettings, Settings
from assistant.language.sentences import sentence_spans
from assistant.types import Passage, Verdict

AGREES = ("nothing agrees", "one name", "a quantity or two names")
Pair = tuple[str, list[Passage], list[Passage]]


def bare(text: str) -> str:
    """A text as evidence is compared: NFKC without white space."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def pairs(files: Sequence[Path], passages: Sequence[Passage], others: int, seed: int) -> Iterator[Pair]:
    """Each sentence of each reference answer, with the passages of its evidence and as many others as asked for."""
    rng = random.Random(seed)
    for line in (line for file in files for line in file.read_text(encoding="utf-8").splitlines()):
        item = json.loads(line)
        wanted = [bare(words) for words in item.get("evidence", [])]
        held = [passage for passage in passages if any(words in bare(passage.text) for words in wanted)]
        if not held or item["type"] == "false-premise":
            continue
        for key in ("answer_ja", "answer_en", "answer"):
            for start, end in sentence_spans(item.get(key, "")):
                elsewhere = rng.sample([passage for passage in passages if passage not in held], others)
                yield item[key][start:end], held, elsewhere


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which a share of the values lies."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def table(kind: str, right: Sequence[Closeness], wrong: Sequence[Closeness], lose: float) -> Iterator[str]:
    """A line for each class of what agrees."""
    for weight, name in enumerate(AGREES):
        good, bad = (
            [one.value for one in group if one.kind == kind and min(one.weight, 2) == weight and one.value is not None]
            for group in (right, wrong)
        )
        if not good or not bad:
            yield f"{kind:8} {name:24} {len(good):4} {len(bad):4}  too few"
            continue
        threshold = quantile(good, lose)
        above = sum(value >= threshold for value in bad) / len(bad)
        now = (WORDING if kind == "wording" else MEANING)[weight]
        lost, passed = sum(value < now for value in good) / len(good), sum(value >= now for value in bad) / len(bad)
        spread = " ".join(f"{quantile(good, share):5.2f}" for share in (0.0, 0.05, 0.25, 0.5))
        others = " ".join(f"{quantile(bad, share):5.2f}" for share in (0.5, 0.75, 0.95, 1.0))
        yield f"{kind:8} {name:24} {len(good):4} {len(bad):4}  {spread} | {others} | {threshold:.2f} ({above:.2f}) | {now:.2f} ({lost:.2f}, {passed:.2f})"


def verdicts(verifier: Verifier, claims: Sequence[Pair]) -> Iterator[str]:
    """What becomes of both kinds, with the thresholds in force."""
    for name, at in (("with the evidence", 1), ("with other passages", 2)):
        counts: dict[Verdict, int] = defaultdict(int)
        for claim in claims:
            counts[verifier.verify(claim[0], claim[at]).verdict] += 1  # type: ignore[arg-type]
        yield f"{name:20} " + ", ".join(f"{verdict} {count}" for verdict, count in sorted(counts.items()))


def main() -> None:
    """Read the questions, index the corpus in a folder of its own, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("questions", nargs="+", type=Path)
    parser.add_argument("--corpus", type=Path, default=Path("corpus"))
    parser.add_argument("--others", type=int, default=3, help="passages that a negative cites")
    parser.add_argument("--lose", type=float, default=0.02, help="share of positives that a threshold may lose")
    parser.add_argument("--seed", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        assistant = Assistant.open(options.corpus, Path(folder), Settings(llm=LlmSettings(model="none")))
        assistant.sync()
        with assistant.index.lock:
            passages = [
                passage
                for report in assistant.reports()
                for passage in assistant.index.catalog.passages_of(report.report_id)
            ]
        claims = list(pairs(options.questions, passages, options.others, options.seed))
        verifier = assistant.verifier()
        right = [verifier.closeness(claim, held) for claim, held, _ in claims]
        wrong = [verifier.closeness(claim, others) for claim, _, others in claims]
        print(f"{len(claims)} sentences; embedder {assistant.embedder.name}")
        print(
            "what     agrees                   right wrong  right: min 5% 25% 50%   | wrong: 50% 75% 95% max    | suggested (wrong above) | in force (right lost, wrong above)"
        )
        for kind in ("wording", "meaning"):
            print(*table(kind, right, wrong, options.lose), sep="\n")
        print(*verdicts(verifier, claims), sep="\n")


if __name__ == "__main__":
    main()
