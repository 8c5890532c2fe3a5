"""An extracted answer while it is written: statements with their citations, numbered as they come. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from assistant.answering.verify import worst
from assistant.types import Anchor, Check, Citation, Claim, Passage, ReportRef, Status, Verdict


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

    def cite(self, passage: Passage, report: ReportRef, start: int, end: int) -> int:
        """The number of a new citation of [start, end)."""
        number = len(self.citations) + 1
        anchor = Anchor(report.report_id, start, end)
        quote = passage.words(start, end)
        self.citations.append(Citation(number, anchor, quote, Verdict.SUPPORTED, passage, report))
        return number

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
