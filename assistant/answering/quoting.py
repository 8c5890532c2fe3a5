"""Which words of the found passages an answer quotes: few stretches, the right ones. Pure.

The best units, with their neighbours where these belong to the answer.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from assistant.answering.asked import LONG, Asked, Kind
from assistant.answering.matching import Candidate, Vectors, is_ended, is_flat, is_quotable, names_a_source
from assistant.answering.sources import bare
from assistant.types import Block, BlockKind, Hit, Passage, ReportRef, Unit

_MOST_QUOTES = 4
_WORTH_QUOTING, _WORTH_LISTING = 0.25, 0.12
_WORTH_ADDING = 0.04
_FRAGMENT = 24
_FRESH = 8.0
_OTHER_REPORT = 4.0
_LONGEST_LIST = 420
_ANNOUNCES = re.compile(
    r"(?:次の|以下の|下記)[^。]{0,24}(?:。|:|：)?\s*$|[:：]\s*$|\b(?:the following|as follows)\b[^.]*[.:]?\s*$", re.I
)
_REFERS, _NOTE = re.compile(r"注\s?(\d+)(?=[)）、])"), re.compile(r"注\s?(\d+)\s*[:：)）]")
_LONGEST_QUOTE = 300
_BESIDE = 80  # characters between passages that follow each other: a footer and a page number


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch of one passage to be quoted, [start, end) in its report.

    `inferred`: what an inferred row says, cell by cell; its words hold what stands between the cells as well.
    """

    hit: Hit
    start: int
    end: int
    inferred: str = ""

    @property
    def span(self) -> tuple[Passage, ReportRef, int, int]:
        """What is to be cited."""
        return self.hit.passage, self.hit.report, self.start, self.end

    @property
    def words(self) -> str:
        """The verbatim words."""
        return self.hit.passage.words(self.start, self.end)

    @property
    def row(self) -> Block | None:
        """The table row that is quoted, where its cells are known."""
        block = self.hit.passage.block_at(self.start)
        return block if block is not None and block.kind is BlockKind.TABLE_ROW and block.cells else None


def best_quotes(candidates: Sequence[Candidate], wanted: Asked) -> list[Quote]:
    """The best unit, then those that come near it or reach words of the question that no quote before them reaches;
    each with the neighbours that belong to it. Asked over several reports, the best unit of each comes first."""
    shares = {(one.hit.passage.passage_id, one.unit.start): one.share for one in candidates}
    found: list[Quote] = []
    left, reached = list(candidates), np.zeros_like(candidates[0].reach)
    needed = candidates[0].score + math.log(_WORTH_LISTING if wanted.length == LONG else _WORTH_QUOTING)
    reports: set[str] = set()
    while left and len(found) < _MOST_QUOTES:
        best = max(left, key=lambda one: _worth(one, reached, wanted, reports))
        if found and _worth(best, reached, wanted, reports) < needed:
            break
        left.remove(best)
        if any(_holds(quote, best) for quote in found):
            continue
        found.append(_grown(best, shares, wanted))
        reports.add(best.hit.report.report_id)
        reached = np.maximum(reached, best.reach)
    return [*found, *_rest(found[0], wanted), *_beside(found[0], candidates)]


def _rest(quote: Quote, wanted: Asked) -> Iterator[Quote]:
    """What stands before and after the first quote in a passage whose pieces only together say something (a slide), and
    around a reason."""
    passage = quote.hit.passage
    if not (quote.inferred or quote.row) and (is_flat(passage) or wanted.kind is Kind.WHY):
        units = passage.units
        yield from _stretch(quote.hit, [unit for unit in units if unit.end <= quote.start])
        yield from _stretch(quote.hit, [unit for unit in units if unit.start >= quote.end])


def _beside(quote: Quote, candidates: Sequence[Candidate]) -> Iterator[Quote]:
    """The found passages that go on where the first quote's begins or ends, where it is a slide's."""
    here = quote.hit.passage.anchor
    hits = {one.hit.passage.passage_id: one.hit for one in candidates} if is_flat(quote.hit.passage) else {}
    for hit in hits.values():
        there = hit.passage.anchor
        apart = max(here.start, there.start) - min(here.end, there.end)
        if there != here and there.report_id == here.report_id and apart <= _BESIDE and is_flat(hit.passage):
            yield from _stretch(hit, hit.passage.units)


def _stretch(hit: Hit, units: Sequence[Unit]) -> Iterator[Quote]:
    """A quote from the first to the last of the units that say something; none over rows."""
    said = [one for one in units if is_quotable(hit.passage.words(one.start, one.end), one.kind)]
    if said and not any(one.kind is BlockKind.TABLE_ROW for one in said):
        yield Quote(hit, said[0].start, said[-1].end)


def notes_of(quote: Quote, passages: Sequence[Passage]) -> list[Quote]:
    """The notes that a quote refers to (注4), which say what a term means."""
    numbers = set(_REFERS.findall(quote.words))
    units = [(passage, unit) for passage in passages for unit in passage.units if unit.kind is BlockKind.NOTE]
    named = [(passage, unit, _NOTE.match(passage.words(unit.start, unit.end))) for passage, unit in units]
    return [
        Quote(replace(quote.hit, passage=passage), unit.start, unit.end)
        for passage, unit, number in named
        if number and number[1] in numbers
    ]


def _worth(one: Candidate, reached: Vectors, wanted: Asked, reports: Collection[str]) -> float:
    """A unit's score, more for what it reaches anew."""
    fresh = float(np.maximum(one.reach - reached, 0.0).sum()) if reports else 0.0
    elsewhere = _OTHER_REPORT if wanted.is_across and reports and one.hit.report.report_id not in reports else 0.0
    return one.score + _FRESH * fresh + elsewhere


def _holds(quote: Quote, one: Candidate) -> bool:
    if one.unit.cells and quote.inferred:  # the spans of inferred rows overlap
        return one.hit.passage.said(one.unit) == quote.inferred
    same = quote.hit.passage.anchor.report_id == one.hit.passage.anchor.report_id
    inside = same and quote.start <= one.unit.start < quote.end
    return inside or bare(one.quote) in bare(quote.words) or bare(quote.words) in bare(one.quote)


def _grown(one: Candidate, shares: Mapping[tuple[str, int], float], wanted: Asked) -> Quote:
    """A unit with the units beside it, as long as these answer too or only together make a sentence."""
    passage, start, end = one.hit.passage, one.unit.start, one.unit.end
    units = list(passage.units)
    first = last = next(at for at, unit in enumerate(units) if unit.start == start)
    lists = wanted.kind in (Kind.LIST, Kind.COMPARE) or bool(_ANNOUNCES.search(one.quote))
    longest = _LONGEST_LIST if lists else _LONGEST_QUOTE
    if one.unit.kind is not BlockKind.TABLE_ROW:
        while True:
            beside = [at for at in (last + 1, first - 1) if 0 <= at < len(units) and _can_join(passage, units[at])]
            beside = [at for at in beside if max(end, units[at].end) - min(start, units[at].start) <= longest]
            joined = [at for at in beside if _belongs(passage, units[at], one, shares) or (lists and at > last)]
            if not joined:
                break
            at = max(joined, key=lambda at: shares.get((passage.passage_id, units[at].start), 0.0))
            first, last = min(first, at), max(last, at)
            start, end = units[first].start, units[last].end
    inferred = passage.said(one.unit) if one.unit.cells else ""
    return Quote(one.hit, start, end, inferred)


def _can_join(passage: Passage, unit: Unit) -> bool:
    if unit.kind in (BlockKind.TABLE_ROW, BlockKind.CAPTION, BlockKind.HEADING):
        return False
    return not names_a_source(passage.words(unit.start, unit.end))


def _belongs(passage: Passage, unit: Unit, best: Candidate, shares: Mapping[tuple[str, int], float]) -> bool:
    """Whether a neighbour answers too, or is a short piece beside a short piece (lines of a slide)."""
    if shares.get((passage.passage_id, unit.start), 0.0) >= _WORTH_ADDING * best.share:
        return True
    pieces = (best.quote, passage.words(unit.start, unit.end))
    return all(len(piece) < _FRAGMENT and not is_ended(piece) for piece in pieces)
