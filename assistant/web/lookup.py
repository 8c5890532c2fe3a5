"""The look-up view: the sentences of a draft, how the reports stand to each, and the references to take along.

Pure: values in, HTML out. The draft, the reports and their titles are data: everything is escaped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from assistant.citing.lookup import LookedUp, Match, Stance
from assistant.citing.styles import Reference
from assistant.types import Claim, Language
from assistant.web import templates
from assistant.web.evidence import Evidence, source_lines

_SHOWN = 3


def render_looked_up(sentences: Sequence[LookedUp], language: Language) -> str:
    """Every sentence with its stance, what differs, and its best matches as cards; then all references at once."""
    counts = Counter(one.stance for one in sentences)
    firm = (Stance.SUPPORTS, Stance.CONTRADICTS)
    shown = [match for one in sentences for match in one.matches[:_SHOWN] if match.stance in firm]
    return templates.render(
        "lookup",
        language,
        sentences=[(one, [_evidence(match, one) for match in one.matches[:_SHOWN]]) for one in sentences],
        counts=[(stance, counts[stance]) for stance in Stance if counts[stance]],
        lines=source_lines((Reference.of(match.citation) for match in shown), language),
        is_busy=False,
    )


def render_looking(language: Language) -> str:
    """What stands there until the sentences are looked up."""
    return templates.render("lookup", language, sentences=(), is_busy=True)


def _evidence(match: Match, one: LookedUp) -> Evidence:
    citation = match.citation
    claim = Claim(one.text, one.start, one.end, (citation.number,), citation.verdict, match.checks)
    return replace(Evidence.of_citation(citation, [claim]), verdict=match.stance.value)
