"""The look-up view: the sentences of a draft, how the reports stand to each, and the references to take along.

Pure: values in, HTML out. The draft, the reports and their titles are data: everything is escaped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from assistant.citing.lookup import LookedUp, Match, Stance
from assistant.citing.styles import Reference
from assistant.language.text import join_wrapped, language_of
from assistant.types import Claim, Language
from assistant.web.evidence import Evidence, copy_button, mark, render_card
from assistant.web.markup import escape
from assistant.web.words import word, word_or

_SHOWN = 3


def render_looked_up(sentences: Sequence[LookedUp], language: Language) -> str:
    """Every sentence with its stance, what differs, and its best matches as cards; then all references at once."""
    if not sentences:
        return _status(word("lookup_nothing", language), language)
    items = "".join(_sentence(one, number, language) for number, one in enumerate(sentences, start=1))
    return f'<div class="reply looked-up" lang="{language}">{_summary(sentences, language)}<ol>{items}</ol></div>'


def render_looking(language: Language) -> str:
    """What stands there until the sentences are looked up."""
    return _status(word("lookup_busy", language), language, "searching")


def _status(words: str, language: Language, state: str = "") -> str:
    return (
        f'<div class="reply" lang="{language}"><p class="status {state}" role="status"><span>{words}</span></p></div>'
    )


def _summary(sentences: Sequence[LookedUp], language: Language) -> str:
    counts = Counter(one.stance for one in sentences)
    parts = [
        f'<span class="stance {stance}">{mark(stance)}<span>{word(f"verdict_{stance}", language)} {counts[stance]}</span></span>'
        for stance in Stance
        if counts[stance]
    ]
    firm = (Stance.SUPPORTS, Stance.CONTRADICTS)
    cited = [
        Reference.of(match.citation) for one in sentences for match in one.matches[:_SHOWN] if match.stance in firm
    ]
    button = copy_button(cited, word("copy_all", language), language)
    return f'<p class="counts" role="status">{"".join(parts)}{button}</p>'


def _sentence(one: LookedUp, number: int, language: Language) -> str:
    stance = word(f"verdict_{one.stance}", language)
    said = f'<p class="said" lang="{language_of(one.text)}">{escape(one.text)}</p>'
    differing = _differing(one.matches[0], language) if one.stance is Stance.CONTRADICTS else ""
    cards = "".join(_match(match, one, f"l{number}", language) for match in one.matches[:_SHOWN])
    label = f'<p class="stance {one.stance}">{mark(one.stance)}<span>{stance}</span></p>'
    return f'<li class="sentence {one.stance}">{label}{said}{differing}{cards}</li>'


def _differing(match: Match, language: Language) -> str:
    """Both values of every check that failed, so that a contradiction is seen without opening anything."""
    rows = "".join(
        f"<div><dt>{escape(word_or(f'check_{check.kind}', check.kind, language))}</dt>"
        f"<dd><span>{word('draft_says', language)} <b>{escape(join_wrapped(check.claim))}</b></span> "
        f"<span>{word('reports_say', language)} <b>{escape(join_wrapped(check.source))}</b></span></dd></div>"
        for check in match.checks
        if check.ok is False and check.source
    )
    return rows and f'<dl class="differing">{rows}</dl>'


def _match(match: Match, one: LookedUp, scope: str, language: Language) -> str:
    citation = match.citation
    claim = Claim(one.text, one.start, one.end, (citation.number,), citation.verdict, match.checks)
    evidence = replace(Evidence.of_citation(citation, [claim]), verdict=match.stance.value)
    return render_card(evidence, language, scope)
