"""How well `assistant lookup` tells true, changed and foreign statements apart.

    python tools/measure_lookup.py QUESTIONS [QUESTIONS …] --corpus DIR --index DIR [--foreign FILE.jsonl.gz …] [--show]

True statements are sentences of the questions' reference answers (answer_ja, answer_en), those that state a figure before
the others, 60 a language where there are as many; changed ones the same with one digit of one figure exchanged, every
statement once before any figure of it is changed again, so that the value differs, its kind does not, and the evidence does
not state it. "right first": the first match quotes words of the evidence. Foreign ones come from files of lines with `ja`
or `en` texts (or `context`, in either language), 60 a file and language; "foreign figure" are those that state a figure.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from assistant.answering.sources import bare, facts_of
from assistant.assistant import Assistant
from assistant.citing.lookup import LookedUp
from assistant.language.sentences import sentence_spans
from assistant.language.text import language_of
from assistant.language.tokens import ENGLISH_STOPWORDS, terms
from assistant.types import Language, Quantity

DRAWN = 60
_ITEM = re.compile(r"[(（]\d{1,2}[)）]")
_NAME_BEFORE = re.compile(
    r"(?<![\w-])(?!L)([A-Z][\w.'-]*)[ -]?(?:\d+ )?$"
)  # LLaMA 3 70B is a name, L2 and Level 2 tell

Statement = tuple[str, list[str]]


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
    texts = [bare(assistant.report(ref.report_id).text) for ref in assistant.reports()]
    for language in ("ja", "en"):
        rng = random.Random(arguments.seed)
        counts: Counter[str] = Counter()
        for kind, sentence, wanted, evidence in measured(arguments.questions, arguments.foreign, language, rng):
            looked_up = assistant.look_up(sentence)[0]
            right = bool(looked_up.matches) and quotes(looked_up, evidence, texts)
            counts.update([kind, f"{kind} {looked_up.stance}"] + [f"{kind} right first"] * right)
            if arguments.show and (looked_up.stance != wanted or (kind == "true" and not right)):
                show(f"{kind} {'right' if right else 'wrong'} {looked_up.stance}", looked_up)
        print(language, dict(sorted(counts.items())))


def measured(
    questions: list[Path], others: list[Path], language: str, rng: random.Random
) -> Iterator[tuple[str, str, str, list[str]]]:
    """(kind, sentence, the stance it should have, evidence) of all that is looked up in a language."""
    drawn = draw(list(statements(questions, language)), rng)
    yield from (("true", sentence, "supports", evidence) for sentence, evidence in drawn)
    yield from (("changed", sentence, "contradicts", evidence) for sentence, evidence in changed(drawn, rng))
    for file in others:
        for sentence in foreign(file, Language(language), rng):
            yield "foreign figure" if figures(sentence) else "foreign", sentence, "none", []


def statements(files: list[Path], language: str) -> Iterator[Statement]:
    """(sentence, evidence) of the reference answers of the questions that have both; a false premise is none."""
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            item = json.loads(line)
            answer = item.get(f"answer_{language}") or ""
            if item.get("evidence") and item.get("type") not in ("false-premise", "unanswerable"):
                texts = (answer[start:end] for start, end in sentence_spans(answer))
                yield from ((text, item["evidence"]) for text in texts if len(terms(text)) > 1)  # not a mere "no"


def draw(pool: list[Statement], rng: random.Random) -> list[Statement]:
    """Up to `DRAWN` statements: those with a figure, then others."""
    rng.shuffle(pool)
    return sorted(pool, key=lambda one: not figures(one[0]))[:DRAWN]


def figures(sentence: str) -> list[Quantity]:
    """The quantities of a sentence that are written in digits, without the numbers of items, (1), and of names."""
    items = [match.span() for match in _ITEM.finditer(sentence)]
    return [
        one
        for one in facts_of(sentence)
        if re.search(r"\d", sentence[one.start : one.end])
        and not any(a <= one.start and one.end <= b for a, b in items)
        and not (one.kind == "number" and _is_a_names(sentence[: one.start]))
    ]


def _is_a_names(before: str) -> bool:
    name = _NAME_BEFORE.search(before)
    return name is not None and name[1].lower() not in ENGLISH_STOPWORDS


def changed(drawn: list[Statement], rng: random.Random) -> list[Statement]:
    """Up to `DRAWN` statements with one figure changed: one of each statement, then its others."""
    rounds: list[list[Statement]] = []
    for sentence, evidence in drawn:
        stated = {(one.kind, one.value, one.unit, one.date) for text in evidence for one in facts_of(text)}
        found = [text for one in figures(sentence) if (text := _with_another(sentence, one, stated, rng))]
        rng.shuffle(found)
        for number, text in enumerate(dict.fromkeys(found)):
            rounds += [[]] if number == len(rounds) else []
            rounds[number].append((text, evidence))
    return [one for each in rounds for one in each][:DRAWN]


def _with_another(sentence: str, one: Quantity, stated: set[tuple], rng: random.Random) -> str | None:
    """The sentence with one digit of a quantity exchanged (a year keeps its century), None where none will do."""
    before = facts_of(sentence)
    kept = {at for m in re.finditer(r"(?<!\d)(?:19|20)\d\d(?!\d)", sentence) for at in (m.start(), m.start() + 1)}
    places = [at for at in range(one.start, one.end) if sentence[at] in "0123456789" and at not in kept]
    tries = [(at, digit) for at in places for digit in "123456789" if digit != sentence[at]]
    for at, digit in rng.sample(tries, len(tries)):
        text = sentence[:at] + digit + sentence[at + 1 :]
        after = facts_of(text)
        pairs = [(a, b) for a, b in zip(before, after, strict=False) if (a.value, a.date) != (b.value, b.date)]
        keys = {(b.kind, b.value, b.unit, b.date) for _, b in pairs}
        alike = len(before) == len(after) and all((a.kind, a.unit) == (b.kind, b.unit) for a, b in pairs)
        if pairs and alike and not keys & stated:
            return text
    return None


def quotes(looked_up: LookedUp, evidence: list[str], texts: list[str]) -> bool:
    """Whether the first match's words overlap the evidence's in a report, white space apart."""
    quote = bare(looked_up.matches[0].citation.quote)
    for wanted in map(bare, evidence):
        for text in texts:
            for at in (match.start() for match in re.finditer(re.escape(wanted), text)):
                if quote in text[max(0, at - len(quote) + 1) : at + len(wanted) + len(quote) - 1]:
                    return True
    return False


def foreign(file: Path, language: Language, rng: random.Random) -> list[str]:
    """Up to `DRAWN` sentences of a file of other texts."""
    found: list[str] = []
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            item = json.loads(line)
            text = item.get(language) or item.get("context") or ""
            if language_of(text) == language:
                found += [text[start:end] for start, end in sentence_spans(text) if 20 < end - start < 300]
    return rng.sample(found, min(DRAWN, len(found)))


def show(outcome: str, looked_up: LookedUp) -> None:
    """A statement with its best match: what failed, or what agreed."""
    print(outcome, "|", looked_up.text)
    for match in looked_up.matches[:1]:
        print("   ", match.citation.quote[:150].replace("\n", " "))
        print("   ", [(check.kind, check.ok, check.claim[:30], check.source[:40]) for check in match.checks])


if __name__ == "__main__":
    main()
