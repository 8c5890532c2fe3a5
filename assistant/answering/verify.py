"""A claim against the words it cites. A verbatim quote is supported by construction; this says so by comparing."""

from __future__ import annotations

from collections.abc import Iterable

from assistant.language.text import fold_text
from assistant.types import Check, Verdict

_ORDER = tuple(Verdict)


def quote_check(claim: str, quote: str) -> Check:
    """Whether a claim's words are the quote's words, compared after NFKC, case folding and removal of white space."""
    return Check("quote", _bare(claim) == _bare(quote), claim, quote)


def verdict_of(checks: Iterable[Check]) -> Verdict:
    """Supported when every check that could be made holds, else unsupported."""
    results = [check.ok for check in checks if check.ok is not None]
    return Verdict.SUPPORTED if results and all(results) else Verdict.UNSUPPORTED


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of several verdicts: what a quote shows that serves several claims."""
    return max(verdicts, key=_ORDER.index)


def _bare(text: str) -> str:
    return "".join(fold_text(text).split())
