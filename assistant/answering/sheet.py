"""An extracted answer while it is written: statements with their citations, numbered as they come. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate

from assistant.answering.verify import worst
from assistant.language.text import widen_brackets
from assistant.types import Anchor, Check, Citation, Claim, Passage, ReportRef, Status, Verdict

Span = tuple[Passage, ReportRef, int, int]  # [start, end) in a report, and the passage that holds it


@dataclass(frozen=True, slots=True)
class Extract:
    """What an extracted answer consists of; `text` carries its citations as [1], [2]."""

    status: Status
    text: str
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One statement of an answer: what stands before it, its words without markers, and how it was checked."""

    prefix: str
    text: str
    checks: tuple[Check, ...]
    verdict: Verdict
    suffix: str = ""

    @property
    def length(self) -> int:
        """The characters that the line takes, its citation included."""
        return len(self.text) + len(self.prefix) + 6


@dataclass(slots=True)
class Sheet:
    """An answer while it is written."""

    text: str = ""
    claims: list[Claim] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)

    def head(self, words: str) -> None:
        """A heading over what follows."""
        self.text += ("\n" if self.text else "") + f"### {widen_brackets(words)}"

    def shown(self, report: ReportRef, start: int, end: int) -> int | None:
        """The number of a citation that shows [start, end)."""
        anchors = ((one.number, one.anchor) for one in self.citations if one.anchor.report_id == report.report_id)
        return next((number for number, one in anchors if one.start <= start and end <= one.end), None)

    def cite(self, passage: Passage, report: ReportRef, start: int, end: int) -> int:
        """The number of a citation of [start, end): one number for each span."""
        anchor = Anchor(report.report_id, start, end)
        number = next((one.number for one in self.citations if one.anchor == anchor), None)
        if number is None:
            number = len(self.citations) + 1
            quote = passage.words(start, end)
            self.citations.append(Citation(number, anchor, quote, Verdict.SUPPORTED, passage, report))
        return number

    def put(self, lines: Sequence[Line], span: Span, until: int, least: int) -> bool:
        """As many lines of a quoted span as there is room for up to a length of the text; none where fewer than `least`."""
        lengths = accumulate(line.length for line in lines)
        fitting = [line for line, length in zip(lines, lengths, strict=True) if len(self.text) + length <= until]
        if len(fitting) < least:
            return False
        number = self.cite(*span)
        for line in fitting:
            self.add(line, number)
        return True

    def add(self, line: Line, number: int) -> None:
        """A line with its citation."""
        self.text += "\n" if self.text else ""
        start = len(self.text) + len(line.prefix)
        self.text += f"{line.prefix}{line.text} [{number}]{line.suffix}"
        self.claims.append(Claim(line.text, start, start + len(line.text), (number,), line.verdict, line.checks))

    def finished(self) -> Extract:
        """The answer; a quote that serves several claims carries the worst verdict."""
        verdicts = {
            one.number: worst(c.verdict for c in self.claims if one.number in c.citations) for one in self.citations
        }
        citations = tuple(replace(one, verdict=verdicts[one.number]) for one in self.citations)
        stands = all(claim.verdict is Verdict.SUPPORTED for claim in self.claims)
        return Extract(Status.ANSWERED if stands else Status.PARTIAL, self.text, tuple(self.claims), citations)
