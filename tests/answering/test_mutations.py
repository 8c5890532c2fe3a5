"""Reference answers and quotes of the shipped questions, unchanged and made wrong in one place: how many are flagged."""

from __future__ import annotations

import random
import re
import unicodedata
from collections import Counter
from collections.abc import Callable

import pytest

from assistant.answering.sources import facts_of
from assistant.answering.verify import Verifier
from assistant.language.entities import entity_key, named_entities, spellings
from assistant.language.polarity import without_answer_word
from assistant.language.sentences import sentence_spans
from assistant.types import Passage, Verdict
from tests.answering.mutations import Mutant, exchanged, mutants
from tests.conftest import QUESTIONS, Shipped

SEED = 7
FLAGGED, RED = 0.99, 0.02
EXCHANGED = {"number": 0.7, "held name": 0.5}
MOST = {"digit": 2, "name": 1, "held name": 1}  # of one claim; of other kinds two
NAMES = (
    "BMW Momenta CATL Xpeng Unitree Tesla DeepSeek WeRide Valeo Huawei Baidu Grab モメンタ ステランティス バイドゥ テスラ ファーウェイ "
    "シャオミ ウィーライド センスタイム ヴァレオ アウディ グラブ ディープシーク"
).split()

Claims = list[tuple[str, list[Passage]]]


def bare(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


@pytest.fixture(scope="module")
def verifier(shipped: Shipped) -> Verifier:
    return shipped.assistant.verifier()


@pytest.fixture(scope="module")
def claims(shipped: Shipped) -> Claims:
    """The sentences of the reference answers in both languages, and the evidence, each with the passages that hold it."""
    with shipped.assistant.index.lock:
        catalog = shipped.assistant.index.catalog
        passages = [one for report in shipped.assistant.reports() for one in catalog.passages_of(report.report_id)]
    found: Claims = []
    for item in QUESTIONS:
        wanted = [bare(words) for words in item.get("evidence", [])]
        cited = [passage for passage in passages if any(words in bare(passage.text) for words in wanted)]
        if not cited:
            continue
        for key in ("answer_ja", "answer_en"):
            sentences = [item[key][start:end] for start, end in sentence_spans(item[key])]
            found += [(words, cited) for words in sentences if without_answer_word(words)]
        found += [(words, cited) for words in item["evidence"] if re.search(r"[^\d.,%]{4}", words)]
    return found


def is_held(name: str, cited: list[Passage], verifier: Verifier) -> bool:
    """Whether the passages name it, in any spelling that the reports equate."""
    text = " ".join(passage.search_text for passage in cited)
    keys = verifier.aliases.same(entity_key(name))
    return bool(keys & spellings(text).keys()) or any(not key.isascii() and key in bare(text) for key in keys)


def some_of_each(made: list[Mutant], rng: random.Random) -> list[Mutant]:
    """A few mutants of each kind of one claim."""
    kept: list[Mutant] = []
    for kind in dict.fromkeys(kind for kind, _ in made):
        alike = [mutant for mutant in made if mutant[0] == kind]
        kept += rng.sample(alike, min(len(alike), MOST.get(kind, 2)))
    return kept


def shown(counts: Counter[str], of: Counter[str]) -> str:
    return ", ".join(f"{kind} {counts[kind]}/{of[kind]}" for kind in of)


def test_changed_answers_are_flagged_and_unchanged_ones_are_not(
    verifier: Verifier, claims: Claims, record_property: Callable[[str, object], None]
) -> None:
    rng = random.Random(SEED)
    verdicts = [verifier.verify(claim, cited).verdict for claim, cited in claims]
    red = [claim for (claim, _), verdict in zip(claims, verdicts, strict=True) if verdict is Verdict.UNSUPPORTED]
    tried, flagged, missed = Counter[str](), Counter[str](), list[tuple[str, str]]()
    for (claim, cited), verdict in zip(claims, verdicts, strict=True):
        absent = [name for name in NAMES if not is_held(name, cited, verifier)]
        made = list(mutants(claim, absent, rng)) if verdict is Verdict.SUPPORTED else []
        for kind, mutant in some_of_each(made, rng):
            tried[kind] += 1
            if verifier.verify(mutant, cited).verdict is Verdict.SUPPORTED:
                missed.append((kind, mutant))
            else:
                flagged[kind] += 1
    share = flagged.total() / tried.total()
    print(
        f"\nflagged {flagged.total()}/{tried.total()} = {share:.3f} ({shown(flagged, tried)}); unchanged: {Counter(verdicts)}"
    )
    record_property("flagged", round(share, 4))
    record_property("red", f"{len(red)}/{len(claims)}")
    assert tried.total() >= 500 and min(tried[kind] for kind in ("digit", "unit", "date", "name", "direction")) >= 10
    assert share >= FLAGGED, missed
    assert len(red) <= RED * len(claims), red
    assert verdicts.count(Verdict.SUPPORTED) >= 0.95 * len(claims)


def test_words_of_the_same_passage_in_the_wrong_place_are_mostly_flagged(
    verifier: Verifier, claims: Claims, record_property: Callable[[str, object], None]
) -> None:
    rng = random.Random(SEED)
    tried, flagged = Counter[str](), Counter[str]()
    for claim, cited in claims:
        if verifier.verify(claim, cited).verdict is not Verdict.SUPPORTED:
            continue
        text = "\n".join(passage.text for passage in cited[:3])
        others = [text[one.start : one.end] for one in (*facts_of(text), *named_entities(text))]
        made = list(exchanged(claim, others, rng))
        for kind, mutant in some_of_each(made, rng):
            tried[kind] += 1
            flagged[kind] += verifier.verify(mutant, cited).verdict is not Verdict.SUPPORTED
    print(f"\nexchanged: {shown(flagged, tried)}")
    record_property("exchanged", shown(flagged, tried))
    for kind, least in EXCHANGED.items():
        assert tried[kind] >= 50
        assert flagged[kind] >= least * tried[kind], kind
