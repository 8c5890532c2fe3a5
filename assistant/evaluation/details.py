"""One question on the scorecard: a line that opens to its answer, the evidence found and missed, and the checks. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from assistant.evaluation.measures import limit_of
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
    parts = [
        _history(row, language),
        _failure(row, language),
        _answer(row, language),
        _evidence(row, language),
        _expected(row, language),
        _references(row, language),
        _citations(row, language),
        _checks(row, language),
        _hits(row, language),
        _scores(row, language),
    ]
    return (
        f'<details class="{"worst" if place < _OPEN_ON_PAPER else "rest"}"><summary>{_outcome(row, language)}'
        f'<span class="id">{escape(row["id"])}</span><span><span class="asked" lang="{escape(question["lang"])}">'
        f'{escape(question["text"])}</span><br><span class="where">{escape(about)}</span></span></summary>'
        f'<div class="body">{"".join(parts)}</div></details>'
    )


def _outcome(row: Row, language: Language) -> str:
    if row["failure"]:
        return f'<span><span class="chip failed">{escape(say("question_failed", language))}</span></span>'
    pair = row["measures"].get("correct")
    if pair is None:
        return f'<span><span class="chip unscored">{escape(say("not_scored", language))}</span></span>'
    name = "right" if pair[0] else "wrong"
    abstained = row["answer"]["status"] == Status.ABSTAINED
    also = f' <span class="where">{escape(say("abstained", language))}</span>' if abstained else ""
    return f'<span><span class="chip {name}">{escape(say(name, language))}</span>{also}</span>'


def _part(heading: str, body: str) -> str:
    return f"<h3>{escape(heading)}</h3>{body}" if body else ""


def _list(items: Iterable[str], kind: str = "bare") -> str:
    told = "".join(f"<li>{item}</li>" for item in items)
    return f'<ul class="{kind}">{told}</ul>' if told else ""


def _history(row: Row, language: Language) -> str:
    turns = (
        f'<span class="where">{escape(one["role"])}</span> {escape(one["content"])}'
        for one in row["question"]["history"]
    )
    return _part(say("history", language), _list(turns))


def _failure(row: Row, language: Language) -> str:
    failure = row["failure"]
    if not failure:
        return ""
    kind = named(failure["kind"], language)
    return _part(
        say("question_failed", language), f'<p class="words box failed">{escape(kind)}: {escape(failure["reason"])}</p>'
    )


def _answer(row: Row, language: Language) -> str:
    if not row["answer"]:
        return ""
    return _part(say("answer", language), f'<p class="words box">{escape(row["answer"]["text"])}</p>')


def _evidence(row: Row, language: Language) -> str:
    return _part(say("evidence", language), _list(_found(one, language) for one in row["evidence"]))


def _found(one: Row, language: Language) -> str:
    found = one["rank"] is not None
    told = say("evidence_at", language, rank=one["rank"]) if found else say("evidence_missed", language)
    return f'<span class="chip {"found" if found else "missed"}">{escape(told)}</span> {escape(one["text"])}'


def _expected(row: Row, language: Language) -> str:
    """The groups of `must_include`, each with whether the answer holds one of its alternatives where it counts."""
    question = row["question"]
    if question["type"] == "unanswerable":
        return ""
    said = row["answer"]["text"][: limit_of(question["type"])] if row["answer"] else ""
    groups = ((includes(said, [group]), " / ".join(group)) for group in question["must_include"])
    told = (
        f'<span class="{"found" if held else "missed"}">{"✓" if held else "✗"}</span> {escape(words)}'
        for held, words in groups
    )
    return _part(say("expected", language), _list(told))


def _references(row: Row, language: Language) -> str:
    return _part(say("reference", language), _list((escape(one) for one in row["question"]["references"]), ""))


def _citations(row: Row, language: Language) -> str:
    citations = row["answer"]["citations"] if row["answer"] else []
    told = (
        f'[{one["number"]}] {escape(one["quote"])} <span class="chip {escape(one["verdict"])}">'
        f'{escape(named(one["verdict"], language))}</span><div class="where">{_place(one, language)}</div>'
        for one in citations
    )
    return _part(say("citations", language), _list(told))


def _place(one: Row, language: Language) -> str:
    page = say("page", language, page=one["page"]) if one["page"] else None
    return escape(" · ".join(part for part in (one["report"]["title"], page, one["section"]) if part))


def _checks(row: Row, language: Language) -> str:
    """The claims with their verdicts; what was compared is told wherever a claim is not simply supported."""
    claims = row["answer"]["claims"] if row["answer"] else []
    told = (
        f'<span class="chip {escape(one["verdict"])}">{escape(named(one["verdict"], language))}</span> '
        f"{escape(one['text'])}{_compared(one)}"
        for one in claims
        if one["verdict"] != "supported" or len(claims) > len(row["answer"]["citations"])
    )
    return _part(say("checks", language), _list(told) or (_supported(claims, language) if claims else ""))


def _supported(claims: list[Row], language: Language) -> str:
    return f'<span class="chip supported">{escape(named("supported", language))}</span> {len(claims)} / {len(claims)}'


def _compared(claim: Row) -> str:
    marks = {True: "✓", False: "✗", None: "–"}
    told = (f"{marks[one['ok']]} {one['kind']}: {one['claim']} ⇐ {one['source'] or '–'}" for one in claim["checks"])
    return "".join(f'<div class="where">{escape(line)}</div>' for line in told)


def _hits(row: Row, language: Language) -> str:
    told = (
        f'{one["rank"]}. {escape(one["text"])}<div class="where">{_place(one, language)}</div>'
        for one in row["hits"][:_HITS]
    )
    return _part(say("hits", language), _list(told))


def _scores(row: Row, language: Language) -> str:
    pairs = ((name, row["measures"].get(name)) for name in _SCORES)
    told = [
        f"{measure_name(name, language)} {shown(name, pair[0] / pair[1])}" for name, pair in pairs if pair and pair[1]
    ]
    told.append(f"{row['seconds']:.2f} {say('seconds_unit', language)}")
    return f'<p class="scores">{escape(" · ".join(told))}</p>'
