"""One question on the scorecard: a line that opens to its answer, the evidence found and missed, and the checks. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from html import escape
from typing import Any

from assistant.evaluation.measures import limit_of
from assistant.evaluation.questions import Type
from assistant.evaluation.tables import shown
from assistant.evaluation.texts import includes
from assistant.evaluation.words import measure_name, named, say
from assistant.types import Language, Status

_OPEN_ON_PAPER = 10
_SCORES = ("success@5", "r@10", "rr@10", "evidence_in_prompt", "correct", "correct_first_200", "correct_own_script", "chrf", "answer_precision", "citation_recall", "citation_precision")  # fmt: skip
_HITS = 5

Row = Mapping[str, Any]


def question_html(row: Row, language: Language, place: int) -> str:
    """A question's line and what it opens to; `place` is its place among the worst (0 is the worst)."""
    question = row["question"]
    kind = named(question["type"], language) if question["type"] else ""
    about = " · ".join(part for part in (named(question["lang"], language), kind, question["doc"]) if part)
    body = "".join(_part(say(heading, language), list(items(row, language))) for heading, items in _PARTS.items())
    return (
        f'<details class="{"worst" if place < _OPEN_ON_PAPER else "rest"}"><summary>{_outcome(row, language)}'
        f'<span class="id">{escape(row["id"])}</span><span><span class="asked" lang="{escape(question["lang"])}">'
        f'{escape(question["text"])}</span><br><span class="where">{escape(about)}</span></span></summary>'
        f'<div class="body">{body}{_scores(row, language)}</div></details>'
    )


def _part(heading: str, items: list[str]) -> str:
    told = "".join(f"<li>{item}</li>" for item in items)
    return f'<h3>{escape(heading)}</h3><ul class="bare">{told}</ul>' if items else ""


def _outcome(row: Row, language: Language) -> str:
    pair = row["measures"].get("correct")
    if row["failure"]:
        kind, word = "failed", "question_failed"
    else:
        kind, word = ("unscored", "not_scored") if pair is None else ("right",) * 2 if pair[0] else ("wrong",) * 2
    abstained = pair is not None and row["answer"] and row["answer"]["status"] == Status.ABSTAINED
    also = f' <span class="where">{escape(say("abstained", language))}</span>' if abstained else ""
    return f"<span>{_chip(kind, say(word, language))}{also}</span>"


def _chip(kind: str, words: str) -> str:
    return f'<span class="chip {escape(kind)}">{escape(words)}</span>'


def _history(row: Row, language: Language) -> Iterator[str]:
    for turn in row["question"]["history"]:
        yield f'<span class="where">{escape(turn["role"])}</span> {escape(turn["content"])}'


def _failure(row: Row, language: Language) -> Iterator[str]:
    if failure := row["failure"]:
        told = f"{named(failure['kind'], language)}: {failure['reason']}"
        yield f'<p class="words box failed">{escape(told)}</p>'


def _answer(row: Row, language: Language) -> Iterator[str]:
    if row["answer"]:
        yield f'<p class="words box">{escape(row["answer"]["text"])}</p>'


def _evidence(row: Row, language: Language) -> Iterator[str]:
    for one in row["evidence"]:
        missed = one["rank"] is None
        told = say("evidence_missed", language) if missed else say("evidence_at", language, rank=one["rank"])
        yield f"{_chip('missed' if missed else 'found', told)} {escape(one['text'])}"


def _expected(row: Row, language: Language) -> Iterator[str]:
    """The groups of `must_include`, each with whether the answer holds one of its alternatives where it counts."""
    question = row["question"]
    said = row["answer"]["text"][: limit_of(question["type"])] if row["answer"] else ""
    for group in question["must_include"] if question["type"] != Type.UNANSWERABLE else ():
        kind, sign = ("found", "✓") if includes(said, [group]) else ("missed", "✗")
        yield f'<span class="{kind}">{sign}</span> {escape(" / ".join(group))}'


def _references(row: Row, language: Language) -> Iterator[str]:
    yield from map(escape, row["question"]["references"])


def _citations(row: Row, language: Language) -> Iterator[str]:
    for one in row["answer"]["citations"] if row["answer"] else ():
        chip = _chip(one["verdict"], named(one["verdict"], language))
        yield f"[{one['number']}] {escape(one['quote'])} {chip}{_place(one, language)}"


def _place(one: Row, language: Language) -> str:
    page = say("page", language, page=one["page"]) if one["page"] else None
    told = " · ".join(part for part in (one["report"]["title"], page, one["section"]) if part)
    return f'<div class="where">{escape(told)}</div>'


def _checks(row: Row, language: Language) -> Iterator[str]:
    """The claims with their verdicts; what was compared is told wherever a claim is not simply supported."""
    claims = row["answer"]["claims"] if row["answer"] else []
    told = [
        f"{_chip(one['verdict'], named(one['verdict'], language))} {escape(one['text'])}{_compared(one)}"
        for one in claims
        if one["verdict"] != "supported" or len(claims) > len(row["answer"]["citations"])
    ]
    whole = f"{_chip('supported', named('supported', language))} {len(claims)} / {len(claims)}"
    yield from told or ([whole] if claims else [])


def _compared(claim: Row) -> str:
    marks = {True: "✓", False: "✗", None: "–"}
    told = (f"{marks[one['ok']]} {one['kind']}: {one['claim']} ⇐ {one['source'] or '–'}" for one in claim["checks"])
    return "".join(f'<div class="where">{escape(line)}</div>' for line in told)


def _hits(row: Row, language: Language) -> Iterator[str]:
    for one in row["hits"][:_HITS]:
        yield f"{one['rank']}. {escape(one['text'])}{_place(one, language)}"


_PARTS: Mapping[str, Callable[[Row, Language], Iterator[str]]] = {
    "history": _history,
    "question_failed": _failure,
    "answer": _answer,
    "evidence": _evidence,
    "expected": _expected,
    "reference": _references,
    "citations": _citations,
    "checks": _checks,
    "hits": _hits,
}


def _scores(row: Row, language: Language) -> str:
    pairs = ((name, row["measures"].get(name)) for name in _SCORES)
    told = [
        f"{measure_name(name, language)} {shown(name, pair[0] / pair[1])}" for name, pair in pairs if pair and pair[1]
    ]
    told.append(f"{row['seconds']:.2f} {say('seconds_unit', language)}")
    return f'<p class="scores">{escape(" · ".join(told))}</p>'
