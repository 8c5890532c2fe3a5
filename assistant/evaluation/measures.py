"""The measures, each a value with its convention written down. Pure.

A measure gives every question a pair (sum, count), or None where it does not apply; an aggregate is the sums over the
counts. So the mean of a share counts each question once, and pooled shares (claims by verdict) each claim once. A
question that failed has no answer and no hits: it counts, with nothing, wherever the question itself is of the kind
that a measure counts. Relevance is by evidence: a hit is relevant when its text contains a piece of evidence, compared
after NFKC with white space removed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache, partial

from assistant.answering.verify import Verifier
from assistant.evaluation.questions import Question, Type, normalised
from assistant.evaluation.texts import bare, char_f1, chrf, in_script, includes, tokens
from assistant.types import Answer, Citation, Claim, Hit, Passage, Status, Verdict

PROMPT_TOKENS = 3000
SHORT, LONG, FIRST = 600, 1200, 200
LONG_TYPES = frozenset({Type.LIST, Type.COMPARE, Type.CROSS_DOC, Type.OVERVIEW})

Pair = tuple[float, float]
Supports = Callable[[str, Sequence[Passage]], bool]
_normalised = lru_cache(maxsize=10_000)(normalised)  # many questions find the same passages
_tokens = lru_cache(maxsize=10_000)(tokens)


def judged_by(verifier: Verifier) -> Supports:
    """ALCE's judge: whether the passages that a statement cites, taken together, support it, by our verifier."""
    return lambda claim, passages: bool(passages) and verifier.verify(claim, passages).verdict is Verdict.SUPPORTED


def is_quoted(claim: str, passages: Sequence[Passage]) -> bool:
    """The judge where there is no verifier: whether one of the passages has the statement's very words."""
    return any(normalised(claim) in normalised(passage.text) for passage in passages)


@dataclass(frozen=True)
class Case:
    """One question, what came back, and how long it took. `answer` is None when the question failed.

    `supports` judges single citations of statements that carry several (see `_citation_precision`).
    """

    question: Question
    answer: Answer | None
    hits: tuple[Hit, ...]
    seconds: float = 0.0
    supports: Supports = is_quoted

    @property
    def shown(self) -> Answer | None:
        """The answer where one was shown: neither failed nor abstained."""
        return self.answer if self.answer is not None and self.answer.status is not Status.ABSTAINED else None

    @property
    def is_abstained(self) -> bool:
        """Whether the reports were said not to hold the answer."""
        return self.answer is not None and self.answer.status is Status.ABSTAINED

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The hits' texts as evidence is compared, by rank."""
        return tuple(_normalised(hit.passage.text) for hit in self.hits)

    @cached_property
    def ranks(self) -> tuple[int | None, ...]:
        """For each piece of evidence the rank (1-based) of the first hit that contains it."""
        wanted = [normalised(words) for words in self.question.evidence]
        return tuple(next((rank for rank, text in enumerate(self.texts, 1) if one in text), None) for one in wanted)

    @cached_property
    def prompt_length(self) -> tuple[int, int]:
        """How many of the hits fit whole into the first 3,000 tokens of a prompt in rank order, and their tokens."""
        total = 0
        for count, hit in enumerate(self.hits):
            length = _tokens(hit.passage.text)
            if total + length > PROMPT_TOKENS:
                return count, total
            total += length
        return len(self.hits), total


class Unit(StrEnum):
    """What a measure's numbers are."""

    SHARE = "share"
    SECONDS = "seconds"
    TOKENS = "tokens"


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure: `of` gives a question's (sum, count), or None where the measure does not apply to it."""

    name: str
    of: Callable[[Case], Pair | None]
    unit: Unit = Unit.SHARE
    lower_is_better: bool = False


def limit_of(question_type: str | None) -> int:
    """Within how many characters of an answer what it has to include counts, by the question's type."""
    return LONG if question_type in LONG_TYPES else SHORT


def measure(case: Case) -> dict[str, Pair]:
    """Every measure that applies to a question, by name."""
    found = ((one.name, one.of(case)) for one in MEASURES)
    return {name: pair for name, pair in found if pair is not None}


# Finding: over the questions that have evidence


def _success(k: int, case: Case) -> Pair | None:
    """Success@k as TREC defines it: 1 when one of the first k hits is relevant, else 0."""
    return _found(case, lambda ranks: any(rank is not None and rank <= k for rank in ranks))


def _recall(k: int, case: Case) -> Pair | None:
    """R@k as TREC defines it, each piece of evidence being what is to be found: the share within the first k hits."""
    return _found(case, lambda ranks: sum(rank is not None and rank <= k for rank in ranks) / len(ranks))


def _reciprocal_rank(k: int, case: Case) -> Pair | None:
    """RR@k: 1 / rank of the first relevant hit among the first k, 0 where there is none."""
    return _found(case, lambda ranks: max((1 / rank for rank in ranks if rank is not None and rank <= k), default=0.0))


def _ndcg(k: int, case: Case) -> Pair | None:
    """nDCG@k with gains 1 and 0 and the discount log2(rank + 1).

    Relevant are the hits that are the first to contain a piece of evidence, and one hit that was not returned for
    each piece that none contains; the ideal has them all at the top. Two pieces in one passage are one relevant hit; a
    passage that repeats evidence gains nothing.
    """
    if not case.question.evidence:
        return None
    ranks = {rank for rank in case.ranks if rank is not None}
    relevant = len(ranks) + sum(rank is None for rank in case.ranks)
    return _discounted(rank for rank in ranks if rank <= k) / _discounted(range(1, min(k, relevant) + 1)), 1


def _discounted(ranks: Iterable[int]) -> float:
    return sum(1 / math.log2(rank + 1) for rank in ranks)


def _in_prompt(case: Case) -> Pair | None:
    """1 when every piece of evidence stands in the passages that fit whole, in rank order, into 3,000 tokens: no
    language model that is sent these passages can answer better than this share."""
    return _found(case, lambda ranks: all(rank is not None and rank <= case.prompt_length[0] for rank in ranks))


def _found(case: Case, value: Callable[[Sequence[int | None]], float]) -> Pair | None:
    return (float(value(case.ranks)), 1) if case.question.evidence else None


# Answering


def _correct(case: Case, length: int | None = None, own_script: bool = False) -> Pair | None:
    """CONTRACT.md: an `unanswerable` question is right when abstained; any other when not abstained and the text's first
    600 characters (list, compare, cross-doc, overview: 1,200) hold one alternative of each group of `must_include`.
    Over the questions that are unanswerable or have `must_include`."""
    question = case.question
    if not question.is_answerable:
        return float(case.is_abstained), 1
    if not question.must_include:
        return None
    groups = in_script(question.must_include, question.language) if own_script else question.must_include
    limit = length or limit_of(question.type)
    return float(case.shown is not None and includes(case.shown.text[:limit], groups)), 1


def _likeness(compare: Callable[[str, str], float], case: Case) -> Pair | None:
    """The best likeness to a reference answer, without markers; 0 where nothing was answered. References: `answer` and
    the one in the question's language, else any. Over the answerable questions that have one."""
    references = case.question.references
    if not references or not case.question.is_answerable:
        return None
    own = [text for language, text in references if language in (None, case.question.language)]
    said = bare(case.shown.text) if case.shown else ""
    return max(compare(said, text) for text in own or [text for _, text in references]), 1


def _answer_precision(case: Case) -> Pair | None:
    """The share of the quotes shown that overlap a piece of evidence: one contains the other, or they share words of
    the passage. Over the questions answered whose evidence is known (for an unanswerable one: that there is none, so
    0); 0 for an answer without a quote and for a failure."""
    question = case.question
    if case.is_abstained or (question.is_answerable and not question.evidence):
        return None
    citations = case.shown.citations if case.shown else ()
    if not citations:
        return 0.0, 1
    return sum(_overlaps(one, question.evidence) for one in citations) / len(citations), 1


def _overlaps(citation: Citation, evidence: Sequence[str]) -> bool:
    passage, quote = normalised(citation.passage.text), normalised(citation.quote)
    start = len(normalised(citation.passage.text[: citation.anchor.start - citation.passage.anchor.start]))
    return any(_touches(passage, start, start + len(quote), quote, normalised(words)) for words in evidence)


def _touches(passage: str, start: int, end: int, quote: str, words: str) -> bool:
    if words in quote or quote in words:
        return True
    at = passage.find(words)
    while at >= 0:
        if at < end and start < at + len(words):
            return True
        at = passage.find(words, at + 1)
    return False


# Citing, as ALCE (Gao et al. 2023, arXiv:2305.14627) defines it, with this project's verifier as the judge.
# Over the questions answered; 0 for a failure, and for an answer without statements or citations.


def _citation_recall(case: Case) -> Pair | None:
    """ALCE's citation recall: the share of the statements that their citations fully support (verdict `supported`)."""
    if case.is_abstained:
        return None
    claims = case.shown.claims if case.shown else ()
    return sum(claim.verdict is Verdict.SUPPORTED for claim in claims) / max(1, len(claims)), 1


def _citation_precision(case: Case) -> Pair | None:
    """ALCE's citation precision: the share of the citations that stand at a supported statement and are not irrelevant.

    A citation is irrelevant when it does not support the statement alone and the others still do without it.
    """
    if case.is_abstained:
        return None
    claims = case.shown.claims if case.shown else ()
    passages = {one.number: one.passage for one in case.shown.citations} if case.shown else {}
    precise = sum(_precise(claim, passages, case.supports) for claim in claims)
    return precise / max(1, sum(len(claim.citations) for claim in claims)), 1


def _precise(claim: Claim, passages: Mapping[int, Passage], supports: Supports) -> int:
    if claim.verdict is not Verdict.SUPPORTED:
        return 0
    cited = [passages[number] for number in claim.citations]
    return sum(_is_needed(claim.text, cited, at, supports) for at in range(len(cited)))


def _is_needed(text: str, cited: Sequence[Passage], at: int, supports: Supports) -> bool:
    others = [*cited[:at], *cited[at + 1 :]]
    return not others or supports(text, [cited[at]]) or not supports(text, others)


def _verdicts(verdict: Verdict, case: Case) -> Pair | None:
    """The share of all claims shown that have a verdict, each claim counting once."""
    if case.shown is None or not case.shown.claims:
        return None
    return sum(claim.verdict is verdict for claim in case.shown.claims), len(case.shown.claims)


# Abstaining, failing, cost


def _abstention_precision(case: Case) -> Pair | None:
    """Of the questions abstained from, the share that is unanswerable."""
    return (float(not case.question.is_answerable), 1) if case.is_abstained else None


def _abstention_recall(case: Case) -> Pair | None:
    """Of the unanswerable questions, the share abstained from; a failure is not an abstention."""
    return None if case.question.is_answerable else (float(case.is_abstained), 1)


def _failed(case: Case) -> Pair:
    """The share of the questions that failed: the answerer raised, took too long or gave back something else."""
    return float(case.answer is None), 1


def _fallback(case: Case) -> Pair | None:
    """The share of the answers that were made without the configured language model, because it failed."""
    return (float(case.answer.backend.fallback is not None), 1) if case.answer else None


def _seconds(case: Case) -> Pair:
    """Mean seconds from question to answer; a question that took too long counts with its limit."""
    return case.seconds, 1


def _prompt_tokens(case: Case) -> Pair | None:
    """Mean tokens, estimated, of the passages that fit into a prompt of 3,000 (see `texts.tokens`)."""
    return (case.prompt_length[1], 1) if case.answer else None


def _answer_tokens(case: Case) -> Pair | None:
    """Mean tokens, estimated, of the answers shown (see `texts.tokens`)."""
    return (tokens(case.shown.text), 1) if case.shown else None


MEASURES: tuple[Measure, ...] = (
    *(Measure(f"success@{k}", partial(_success, k)) for k in (1, 5, 10)),
    *(Measure(f"r@{k}", partial(_recall, k)) for k in (5, 10)),
    Measure("rr@10", partial(_reciprocal_rank, 10)),
    Measure("ndcg@10", partial(_ndcg, 10)),
    Measure("evidence_in_prompt", _in_prompt),
    Measure("correct", _correct),
    Measure("correct_first_200", partial(_correct, length=FIRST)),
    Measure("correct_own_script", partial(_correct, own_script=True)),
    Measure("char_f1", partial(_likeness, char_f1)),
    Measure("chrf", partial(_likeness, chrf)),
    Measure("answer_precision", _answer_precision),
    Measure("citation_recall", _citation_recall),
    Measure("citation_precision", _citation_precision),
    *(
        Measure(f"claims_{one}", partial(_verdicts, one), lower_is_better=one is not Verdict.SUPPORTED)
        for one in Verdict
    ),
    Measure("abstention_precision", _abstention_precision),
    Measure("abstention_recall", _abstention_recall),
    Measure("failed", _failed, lower_is_better=True),
    Measure("fallback", _fallback, lower_is_better=True),
    Measure("seconds", _seconds, Unit.SECONDS, lower_is_better=True),
    Measure("prompt_tokens", _prompt_tokens, Unit.TOKENS, lower_is_better=True),
    Measure("answer_tokens", _answer_tokens, Unit.TOKENS, lower_is_better=True),
)
PERCENTILES: Mapping[str, float] = {f"seconds_p{percent}": percent for percent in (50, 90, 95, 99)}
