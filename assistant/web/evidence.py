"""What one card of the evidence panel shows: a citation or a hit, its quote in place, its report and its checks. Pure.

`templates/evidence.html` says how it looks.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from assistant.citing.styles import Reference, render
from assistant.language.text import join_wrapped
from assistant.types import Anchor, Block, BlockKind, Check, Citation, Claim, Hit, Language, Passage, ReportRef

SOURCE_LINE = "source"
_CHECK_MARKS = {True: ("supported", "check_ok"), False: ("unsupported", "check_failed"), None: ("none", "check_none")}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one card shows. `verdict` and `number` are empty for a passage that merely came close."""

    anchor: Anchor
    passage: Passage
    report: ReportRef
    page: int | None
    section: str | None
    row: str | None
    number: int | None = None
    verdict: str = ""
    claims: tuple[Claim, ...] = ()

    @classmethod
    def of_citation(cls, citation: Citation, claims: Iterable[Claim]) -> Evidence:
        """A citation with the claims that cite it."""
        return cls(
            citation.anchor,
            citation.passage,
            citation.report,
            citation.page,
            citation.section,
            citation.row,
            citation.number,
            citation.verdict.value,
            tuple(claim for claim in claims if citation.number in claim.citations),
        )

    @classmethod
    def of_hit(cls, hit: Hit) -> Evidence:
        """A passage that was found, as a whole."""
        passage = hit.passage
        return cls(passage.anchor, passage, hit.report, passage.page, passage.section, passage.row)

    @property
    def quote(self) -> str:
        """The quoted words as a person reads them."""
        return join_wrapped(self.passage.words(self.anchor.start, self.anchor.end))

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The passage's blocks; one paragraph where it has none."""
        return self.passage.blocks or (Block(BlockKind.PARAGRAPH, self.passage.anchor.start, self.passage.anchor.end),)

    def parts(self, start: int, end: int) -> list[tuple[str, bool]]:
        """The words of [start, end) of the report as a person reads them, in pieces, each with whether it is quoted."""
        words = self.passage.words
        first, last = max(start, self.anchor.start), min(end, self.anchor.end)
        if self.number is None or first >= last:
            return [(join_wrapped(words(start, end)), False)]
        before, quoted, after = words(start, first), words(first, last), words(last, end)
        return [
            (join_wrapped(before) + gap(before, quoted), False),
            (join_wrapped(quoted), True),
            (gap(quoted, after) + join_wrapped(after), False),
        ]

    @property
    def facts(self) -> tuple[tuple[str, object], ...]:
        """What is known of where it stands: the name of a word and a value, which may be missing."""
        source = self.report.source
        return (
            ("fact_author", source.author),
            ("fact_publisher", source.publisher),
            ("fact_issued", source.issued),
            ("fact_page", self.page),
            ("fact_section", self.section),
            ("fact_row", self.row),
            ("fact_url", source.url),
            ("fact_id", self.anchor.id),
        )

    def compared(self, claim: Claim) -> list[tuple[str, str, str, str]]:
        """A claim's comparisons, each once: (mark, "€4.1 billion = 41億ユーロ ", kind, what became of it)."""
        return list(dict.fromkeys(map(_compared, claim.checks)))

    def source_lines(self, language: Language) -> list[str]:
        """The reference to it, as it is pasted."""
        block = self.passage.block_at(self.anchor.start)
        return source_lines([Reference(self.anchor.id, self.report, block, self.quote)], language)


def _compared(check: Check) -> tuple[str, str, str, str]:
    shape, result = _CHECK_MARKS[check.ok]
    claim, source = join_wrapped(check.claim), join_wrapped(check.source)
    sign = f"{'=' if check.ok else '≠'} {source} " if source and check.ok is not None else ""
    return shape, "" if check.kind == "quote" and check.ok else f"{claim} {sign}", check.kind, result


def source_lines(references: Iterable[Reference], language: Language) -> list[str]:
    """The source lines of what is cited, each once."""
    return list(dict.fromkeys(render([one], SOURCE_LINE, language) for one in references))


def gap(left: str, right: str) -> str:
    """What stands between two neighbouring pieces once each has had its wrapped lines joined: a space or nothing."""
    kept, ahead = left.rstrip(), right.lstrip()
    space = left[len(kept) :] + right[: len(right) - len(ahead)]
    if not (kept and ahead and space):
        return ""
    return join_wrapped(kept[-1] + space + ahead[0])[1:-1]
