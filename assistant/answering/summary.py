"""A summary of a whole report: which report is meant, notes from each piece of it, and the summary of those notes.

Notes that their passages do not bear out are dropped; the summary's own claims are checked as any. Calls the model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from assistant import messages
from assistant.answering.calls import estimated_tokens, pieces
from assistant.answering.generate import LONGEST_ANSWER, Generated, generate, remarked, statements
from assistant.answering.markers import parse
from assistant.answering.prompts import Prompt, fitting, notes_prompt, passage_block, passage_tokens, summary_prompt
from assistant.answering.verify import Verifier
from assistant.errors import ModelError
from assistant.language.tokens import terms
from assistant.models.llms import LanguageModel
from assistant.types import Hit, Language, Query, Reading, ReportRef, Status, Token, Verdict

_REPORT = re.compile(
    r"(?:この|その|本|当該|上記の?|先ほどの|全)?(?:資料|レポート|報告書|文書|文献|ダイジェスト|PDF|ファイル)(?:全体|全文)?|"
    r"\b(?:this|the|that|whole|entire|full)\s+(?:(?:whole|entire|full)\s+)?(?:report|document|paper|digest|pdf|file)s?\b",
    re.I,
)
_SUMMARISE = re.compile(
    r"要約|サマリー?|まとめ(?:て|る)?|概要|要点|全体像|\b(?:summar(?:y|ies|i[sz]e|i[sz]ing)|overview|sum\s+up|key\s+(?:points|findings|takeaways))\b",
    re.I,
)
_POLITE = re.compile(
    r"簡潔に|簡単に|短く|詳しく|日本語で|英語で|[0-9０-９]+\s*(?:字|文字|行|点|項目)(?:以内|程度|ほど)?[でに]?|"
    r"(?:を|に|の)?(?:内容|ついて|作って|作成|教え|説明|示し|ください|下さい|お願い|いただけ|して)(?:て|し|します)?|何ですか|"
    r"\b(?:please|can|could|would|you|me|give|write|make|provide|briefly|short|brief|in\s+(?:english|japanese)|"
    r"in\s+\d+\s+\w+|what|contents?|main|of|for)\b",
    re.I,
)
_NOTES = (Verdict.SUPPORTED, Verdict.PARTIAL)
Search = Callable[[str], Sequence[Hit]]


def reports_meant(query: Query, refs: Sequence[ReportRef], search: Search) -> tuple[ReportRef, ...]:
    """The report of which a summary is asked for; several where it is not clear which; none for any other question.

    It is the one that the question names by title, publisher, author or file; the only one there is; the one that the
    conversation is about.
    """
    if not (_REPORT.search(query.text) and _SUMMARISE.search(query.text)):
        return ()
    rest = _POLITE.sub(" ", _SUMMARISE.sub(" ", _REPORT.sub(" ", query.text)))
    named = _named(set(terms(rest)), refs)
    if named or terms(rest):
        return named
    return tuple(refs) if len(refs) < 2 else _of_the_history(query, refs, search) or tuple(refs)


def _named(wanted: set[str], refs: Sequence[ReportRef]) -> tuple[ReportRef, ...]:
    """The reports whose names hold every one of these terms; none where nothing is wanted."""
    return tuple(ref for ref in refs if wanted and wanted <= set(terms(_names(ref))))


def _names(ref: ReportRef) -> str:
    source = ref.source
    names = (ref.title, source.digest_of, source.publisher, source.author, re.sub(r"[-_./]", " ", str(ref.path)))
    return "\n".join(name for name in names if name)


def _of_the_history(query: Query, refs: Sequence[ReportRef], search: Search) -> tuple[ReportRef, ...]:
    """The report that the last question was about, as far as search can tell."""
    asked = [turn.content for turn in query.history if turn.role == "user"][-1:]
    hits = [hit for text in asked for hit in search(text)]
    return tuple(ref for ref in refs if hits and ref.report_id == hits[0].report.report_id)


def summarise(
    question: str,
    hits: Sequence[Hit],
    llm: LanguageModel,
    verifier: Verifier,
    *,
    language: Language,
    context_tokens: int,
    timeout_s: float,
) -> Iterator[Reading | Token | Generated]:
    """How far the reading is, then the summary as any other answer. `hits` are the report's passages in their order.

    ModelError when the model fails from the start or at the end; a piece that fails in between is left out, and said.
    """
    read = list(_in_pieces(hits, context_tokens))
    notes: list[tuple[Hit, str | None]] = []
    missed = 0
    for done, piece in enumerate(read if len(read) > 1 else ()):
        yield Reading(done, len(read))
        try:
            prompt = notes_prompt(piece, language)
            notes += _noted(prompt, llm, verifier, timeout_s, passage_tokens(context_tokens) // len(read))
        except ModelError:
            missed += 1
            if missed > done:
                raise
    if len(read) > 1:
        yield Reading(len(read), len(read))
    if len(read) > 1 and not notes:
        yield Generated(Status.ABSTAINED, "", (), ())
        return
    prompt = summary_prompt(question, notes or [(hit, None) for hit in hits], language)
    gaps = messages.say("summary_gaps", language, missed=missed, total=len(read)) if missed else ""
    yield from remarked(generate(prompt, llm, verifier, language=language, timeout_s=timeout_s), gaps)


def _in_pieces(hits: Sequence[Hit], context_tokens: int) -> Iterator[Sequence[Hit]]:
    rest = list(hits)
    while rest:
        piece = fitting(rest, passage_tokens(context_tokens))
        yield piece
        rest = rest[len(piece) :]


def _noted(
    prompt: Prompt, llm: LanguageModel, verifier: Verifier, timeout_s: float, budget: int
) -> list[tuple[Hit, str]]:
    """What a model notes of one piece and its passages bear out, each note with the first passage that it cites."""
    said = "".join(pieces(llm, prompt.messages, timeout_s, LONGEST_ANSWER))
    known = {marker: hit.passage.passage_id for marker, hit in prompt.hits.items()}
    notes: list[tuple[Hit, str]] = []
    for one in statements(parse(said, known)):
        cited = [prompt.hits[marker] for marker in dict.fromkeys(one.markers)]
        if cited and verifier.verify(one.text, [hit.passage for hit in cited]).verdict in _NOTES:
            budget -= estimated_tokens(passage_block("S2K", cited[0], one.text))
            if notes and budget < 0:
                break
            notes.append((cited[0], one.text.strip()))
    return notes
