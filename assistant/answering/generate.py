"""An answer by a language model: streamed with citations, split into claims, each checked against what it cites.

A claim that fails is sent back once with the reason; what still fails is marked in the answer, never hidden. Citations
are the model's own markers: none is added afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant import messages
from assistant.answering.calls import pieces
from assistant.answering.markers import Marked, MarkerStream, parse
from assistant.answering.prompts import NOTHING, Prompt, retry_prompt
from assistant.answering.verify import Verified, Verifier, worst
from assistant.errors import ModelError
from assistant.language.sentences import sentence_spans
from assistant.language.text import is_content
from assistant.models.llms import LanguageModel
from assistant.types import Anchor, Check, Citation, Claim, Hit, Language, Status, Token, Verdict

VERSION = "generate/2"
LONGEST_ANSWER = 8_000
_MOST_OFFERS = 5
_LINE_HEAD = re.compile(r"\s*(?:[-*•・]\s+|\d{1,2}[.)．]\s+|>\s*)?")
_NOT_A_CLAIM = re.compile(r"\s*(?:#{1,6}\s|\|?[\s:|-]+\|?$)")
_LEADS_IN = re.compile(r"[:：]\s*$")
_MISSING = re.compile(
    r"(?:レポート|資料|抜粋|報告書|記事).{0,24}(?:記載|言及|記述|説明|明記|示|述べ|書か|触れ).{0,10}(?:ない|ません|おらず|ず)|記載(?:は|が)?(?:ない|ありません|されていません)|"
    r"\b(?:reports?|passages?|sources?|documents?|excerpts?)\b.{0,40}\b(?:do(?:es)? not|don't|doesn't|did not|never|cannot|no)\b|\bnot (?:stated|mentioned|given|specified|disclosed|covered)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Generated:
    """What a model's answer became; `text` carries citations as [1], [2]. `failures`: what is wrong with it, in words."""

    status: Status
    text: str
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    failures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """A stretch of the answer that states something: [start, end) of the text without markers, and what it cites."""

    text: str
    start: int
    end: int
    markers: tuple[str, ...]


def generate(
    prompt: Prompt, llm: LanguageModel, verifier: Verifier, *, language: Language, timeout_s: float
) -> Iterator[Token | Generated]:
    """Tokens as they come, then the checked answer. ModelError when the model fails or gives nothing."""
    stream = MarkerStream({marker: hit.passage.passage_id for marker, hit in prompt.hits.items()})
    raw: list[str] = []
    for piece in pieces(llm, prompt.messages, timeout_s, LONGEST_ANSWER):
        raw.append(piece)
        if shown := stream.feed(piece):
            yield Token(shown)
    if shown := stream.finish():
        yield Token(shown)
    answer = "".join(raw)
    if not is_content(answer):
        raise ModelError("llm_empty", name=llm.name)
    generated = _checked(stream.marked, prompt, verifier)
    if len(answer) >= LONGEST_ANSWER:  # it would only be as long again
        yield from remarked([generated], messages.say("answer_cut", language, length=LONGEST_ANSWER))
        return
    if generated.failures:
        generated = _better(generated, _again(prompt, answer, generated.failures, llm, verifier, language, timeout_s))
    yield generated


def remarked(events: Iterable[Token | Generated], remark: str) -> Iterator[Token | Generated]:
    """The same, with a sentence of ours at the end where there is something to remark: the answer is then a partial one."""
    for event in events:
        if remark and isinstance(event, Generated) and event.status is not Status.ABSTAINED:
            yield Token(f"\n\n{remark}")
            event = replace(event, status=Status.PARTIAL, text=f"{event.text}\n\n{remark}")
        yield event


def _again(
    prompt: Prompt,
    answer: str,
    reasons: Sequence[str],
    llm: LanguageModel,
    verifier: Verifier,
    language: Language,
    timeout_s: float,
) -> Generated | None:
    """The second attempt, or None when the model failed at it."""
    try:
        text = "".join(pieces(llm, retry_prompt(prompt, answer, reasons, language), timeout_s, LONGEST_ANSWER))
    except ModelError:
        return None
    known = {marker: hit.passage.passage_id for marker, hit in prompt.hits.items()}
    return _checked(parse(text, known), prompt, verifier) if is_content(text) else None


def _better(first: Generated, second: Generated | None) -> Generated:
    """The attempt of which more stands; the first where they are alike."""
    if second is None or second.status is Status.ABSTAINED:
        return first
    return second if first.status is Status.ABSTAINED or len(second.failures) < len(first.failures) else first


def _failure(text: str, verdict: Verdict, checks: Sequence[Check]) -> str | None:
    return f"{text} ({_why(verdict, checks)})" if verdict in (Verdict.UNSUPPORTED, Verdict.UNCITED) else None


def _why(verdict: Verdict, checks: Sequence[Check]) -> str:
    wrong = [check for check in checks if check.ok is False]
    return "; ".join(f"{check.kind}: {check.claim} / {check.source}" for check in wrong) or verdict


def _checked(marked: Marked, prompt: Prompt, verifier: Verifier) -> Generated:
    if NOTHING in marked.text:
        return Generated(Status.ABSTAINED, "", (), ())
    stated = statements(marked)
    missing = [one for one in stated if _MISSING.search(one.text) and not one.markers]
    checked = _verify_all([one for one in stated if one not in missing], prompt, verifier)
    generated = _assembled(marked, checked, bool(missing))
    if any(claim.verdict in (Verdict.SUPPORTED, Verdict.PARTIAL) for claim in generated.claims):
        return generated
    return Generated(Status.ABSTAINED, "", (), (), generated.failures)


def _verify_all(
    statements: Sequence[Statement], prompt: Prompt, verifier: Verifier
) -> list[tuple[Statement, list[tuple[Hit, Verified]]]]:
    """Each statement with what was found; repeated ones are checked once."""
    found: dict[tuple[str, tuple[str, ...]], list[tuple[Hit, Verified]]] = {}
    offers = 0
    for one in statements:
        key = (one.text, one.markers)
        if key not in found:
            found[key] = _verify(one, prompt, verifier)
            failed = bool(found[key]) and found[key][0][1].verdict is Verdict.UNSUPPORTED
            if failed and offers < _MOST_OFFERS:
                offers += 1
                found[key] = [(hit, _offer(one, verified, prompt, verifier)) for hit, verified in found[key]]
    return [(one, found[one.text, one.markers]) for one in statements]


def _verify(statement: Statement, prompt: Prompt, verifier: Verifier) -> list[tuple[Hit, Verified]]:
    """Each passage that a statement cites with what was found; all of them together decide, the best quote of each shows."""
    hits = [prompt.hits[marker] for marker in dict.fromkeys(statement.markers)]
    if not hits:
        return []
    together = verifier.verify(statement.text, [hit.passage for hit in hits])
    if len(hits) == 1:
        return [(hits[0], together)]
    found = []
    for hit in hits:
        alone = verifier.verify(statement.text, [hit.passage])
        found.append((hit, Verified(together.verdict, together.checks, alone.passage, alone.unit)))
    return found


def _offer(statement: Statement, failed: Verified, prompt: Prompt, verifier: Verifier) -> Verified:
    """A right fact with the wrong passage: the right one is offered beside it, never put in its place."""
    for hit in prompt.hits.values():
        other = verifier.verify(statement.text, [hit.passage])
        if other.verdict is Verdict.SUPPORTED and any(check.ok for check in other.checks if check.kind != "wording"):
            words = other.passage.words(other.unit.start, other.unit.end)
            check = Check("elsewhere", False, hit.passage.passage_id, words)
            return Verified(failed.verdict, (*failed.checks, check), failed.passage, failed.unit)
    return failed


def statements(marked: Marked) -> list[Statement]:
    """The sentences, list items and table rows of an answer; markers right after a sentence's end belong to it."""
    found: list[Statement] = []
    offset = 0
    lines = marked.text.split("\n")
    for number, line in enumerate(lines):
        for start, end in _line_spans(line, lines[number + 1] if number + 1 < len(lines) else ""):
            found.append(Statement(line[start:end], offset + start, offset + end, ()))
        offset += len(line) + 1
    return [_with_markers(one, after, marked) for one, after in zip(found, [*found[1:], None], strict=True)]


def _line_spans(line: str, below: str) -> list[tuple[int, int]]:
    if not is_content(line) or _NOT_A_CLAIM.match(line) or _LEADS_IN.search(line):
        return []
    if line.lstrip().startswith("|"):
        is_header = bool(re.fullmatch(r"\s*\|?[\s:|-]*-[\s:|-]*\|?\s*", below))
        return [] if is_header else [(len(line) - len(line.lstrip()), len(line.rstrip()))]
    head = _LINE_HEAD.match(line)
    skip = head.end() if head else 0
    spans = [(skip + start, skip + end) for start, end in sentence_spans(line[skip:])]
    return [(start, end) for start, end in spans if is_content(line[start:end])]


def _with_markers(one: Statement, after: Statement | None, marked: Marked) -> Statement:
    """A marker belongs to the statement that it stands in, or that it follows on the same line."""
    line_end = marked.text.find("\n", one.end)
    limit = line_end if line_end >= 0 else len(marked.text)
    if after is not None:
        limit = min(limit, after.start)
    markers = tuple(marker for at, marker in marked.references if one.start < at <= limit)
    return Statement(one.text, one.start, one.end, markers)


def _assembled(
    marked: Marked, checked: Sequence[tuple[Statement, list[tuple[Hit, Verified]]]], something_missing: bool
) -> Generated:
    """The answer with numbers where the markers stood: one number for each quoted span, by first use."""
    numbers: dict[tuple[str, int, int], int] = {}
    quotes: dict[int, tuple[Hit, Verified]] = {}
    verdicts: dict[int, list[Verdict]] = {}
    text, claims = "", []
    at = len(marked.text) - len(marked.text.lstrip())
    for statement, found in checked:
        text += marked.text[at : statement.start]
        start = len(text)
        said = marked.text[statement.start : statement.end].rstrip()
        pipe = " |" if said.endswith("|") else ""  # a table's row carries its numbers in its last cell
        text += said.removesuffix("|").rstrip() if pipe else said
        end, at = len(text), statement.end
        cited = []
        for hit, verified in found:
            key = (hit.passage.passage_id, verified.unit.start, verified.unit.end)
            number = numbers.setdefault(key, len(numbers) + 1)
            quotes[number] = (hit, verified)
            verdicts.setdefault(number, []).append(verified.verdict)
            cited.append(number)
        verdict = found[0][1].verdict if found else Verdict.UNCITED
        checks = found[0][1].checks if found else ()
        text += "".join(f" [{number}]" for number in cited) + pipe
        claims.append(Claim(text[start:end].strip(), start, end, tuple(cited), verdict, checks))
    text += marked.text[at:]
    citations = tuple(_citation(number, *quotes[number], worst(verdicts[number])) for number in sorted(quotes))
    stands = all(claim.verdict is Verdict.SUPPORTED for claim in claims) and not something_missing
    failures = filter(None, (_failure(claim.text, claim.verdict, claim.checks) for claim in claims))
    status = Status.ANSWERED if stands else Status.PARTIAL
    return Generated(status, text.rstrip(), tuple(claims), citations, tuple(failures))


def _citation(number: int, hit: Hit, verified: Verified, verdict: Verdict) -> Citation:
    unit, passage = verified.unit, verified.passage
    anchor = Anchor(passage.anchor.report_id, unit.start, unit.end)
    return Citation(number, anchor, passage.words(unit.start, unit.end), verdict, passage, hit.report)
