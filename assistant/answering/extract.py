"""An answer without a language model: what was asked, first and short, then the reports' own words, each cited.

Few quotes, the right ones: the best units of the found passages, with their neighbours where these belong to the answer.
What is put into the reader's language is checked against the quote like any claim, and left out where it does not hold.
Nothing that is not in a report is said. Pure.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from assistant import messages
from assistant.answering.abstain import answers, is_wanting, why_not
from assistant.answering.asked import LONG, Asked, Kind, asked
from assistant.answering.facts import Reader
from assistant.answering.labels import label, numbers_rows
from assistant.answering.matching import (
    Candidate,
    Embed,
    Nearness,
    Rarity,
    Vectors,
    is_ended,
    is_flat,
    is_quotable,
    match,
    names_a_source,
)
from assistant.answering.overview import byline, leading
from assistant.answering.summary import reports_meant
from assistant.answering.tables import LONGEST_CELL, Row, rows_wanted
from assistant.answering.verify import Verifier, inferred_check, quote_check, verdict_of, worst
from assistant.language.names import KATAKANA_RUN
from assistant.language.places import PLACES
from assistant.language.text import join_wrapped, widen_brackets
from assistant.types import (
    Anchor,
    Block,
    BlockKind,
    Check,
    Citation,
    Claim,
    Hit,
    Language,
    Passage,
    Query,
    ReportRef,
    Status,
    Unit,
    Verdict,
)

VERSION = "extract/2"
_MOST_QUOTES = 4
_WORTH_QUOTING = 0.12
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
_TABLE_LENGTH = 900
_MOST_SECTIONS = 12
_LEAST_ROOM = 200  # characters for each report
_PLACE_NAMES = frozenset(name for pair in PLACES for name in pair)
_BESIDE = 80  # characters between passages that follow each other: a footer and a page number


@dataclass(frozen=True, slots=True)
class Extract:
    """What an extracted answer consists of; `text` carries its citations as [1], [2]."""

    status: Status
    text: str
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """What an answer may ask of the index and the models; see `matching.match` for the first three;
    `passages(report id)` gives all of a report, `reports()` all reports."""

    rarity: Rarity
    nearness: Nearness
    embed: Embed
    verifier: Verifier
    reader: Callable[[Language, str], Reader]
    passages: Callable[[str], Sequence[Passage]] = lambda report_id: ()
    reports: Callable[[], Sequence[ReportRef]] = lambda: ()


def extract(query: Query, hits: Sequence[Hit], ground: Ground, language: Language | None = None) -> Extract:
    """The answer to a question from what was found, for a reader of `language` (default: the question's)."""
    wanted = asked(query.text)
    meant = reports_meant(query, ground.reports(), lambda text: hits)
    if meant:
        return _overview(meant, ground, ground.reader(language or query.language, query.text))
    found = match(query, hits, wanted, rarity=ground.rarity, nearness=ground.nearness, embed=ground.embed)
    language, aliases = language or query.language, ground.verifier.aliases
    reader = ground.reader(language, query.text)
    best = found[0].hit.report if found else None
    rows = rows_wanted(query, wanted, lambda: ground.passages(best.report_id), aliases) if best else []
    if best and rows and not wanted.is_across and not is_wanting(query, found):
        return _table(rows, best, reader, ground.verifier)
    if not found or not answers(query, found, aliases, ground.rarity):
        text = why_not(query, found, aliases, ground.rarity, language)
        return Extract(Status.ABSTAINED, text, (), ())
    quotes = _quotes(found, wanted)
    if wanted.kind is Kind.DEFINE:
        quotes[1:1] = _notes(quotes[0], ground.passages(quotes[0].hit.report.report_id))
    return _compose(quotes, wanted, reader, ground.verifier)


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
    def words(self) -> str:
        """The verbatim words."""
        return self.hit.passage.words(self.start, self.end)

    @property
    def row(self) -> Block | None:
        """The table row that is quoted, where its cells are known."""
        block = self.hit.passage.block_at(self.start)
        return block if block is not None and block.kind is BlockKind.TABLE_ROW and block.cells else None


def _quotes(candidates: Sequence[Candidate], wanted: Asked) -> list[Quote]:
    """The best unit, then those that come near it or reach words of the question that no quote before them reaches;
    each with the neighbours that belong to it. Asked over several reports, the best unit of each comes first."""
    shares = {(one.hit.passage.passage_id, one.unit.start): one.share for one in candidates}
    found: list[Quote] = []
    left, reached = list(candidates), np.zeros_like(candidates[0].reach)
    needed = candidates[0].score + math.log(_WORTH_QUOTING)
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
    hits = {one.hit.passage.passage_id: one.hit for one in candidates if is_flat(quote.hit.passage)}
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


def _notes(quote: Quote, passages: Sequence[Passage]) -> list[Quote]:
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
    return inside or _bare(one.quote) in _bare(quote.words) or _bare(quote.words) in _bare(one.quote)


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


def _bare(text: str) -> str:
    return "".join(text.split())


def _compose(quotes: Sequence[Quote], wanted: Asked, reader: Reader, verifier: Verifier) -> Extract:
    """The quotes one after the other within the answer's length, the first one in any case."""
    sheet = Sheet()
    for quote in quotes:
        lines = [*_lines(quote, reader, verifier)]
        length = sum(map(_length, lines))
        if sheet.citations and len(sheet.text) + length > wanted.length:
            continue
        number = sheet.cite(quote.hit.passage, quote.hit.report, quote.start, quote.end)
        for line in lines:
            sheet.add(line, number)
    return sheet.finished()


def _overview(reports: Sequence[ReportRef], ground: Ground, reader: Reader) -> Extract:
    """Each report's title, author and date, then the leading sentences of its sections, cited. Where there are more than
    have room, the others are counted, and the overview is a partial one."""
    told = reports[: LONG // _LEAST_ROOM]
    sheet, room = Sheet(), LONG // len(told)
    for place, report in enumerate(told, start=1):
        sheet.text += ("\n" if sheet.text else "") + f"### {widen_brackets(byline(report.title, report.source))}"
        for passage, unit in leading(ground.passages(report.report_id), _MOST_SECTIONS):
            quote = Quote(Hit(passage, report, 1, 0.0, ()), unit.start, unit.end)
            lines = [*_lines(quote, reader, ground.verifier)]
            if len(sheet.text) + sum(map(_length, lines)) > room * place:
                continue
            number = sheet.cite(passage, report, unit.start, unit.end)
            for line in lines:
                sheet.add(line, number)
    if not sheet.citations:
        return Extract(Status.ABSTAINED, messages.say("abstained", reader.language), (), ())
    made = sheet.finished()
    if not (others := len(reports) - len(told)):
        return made
    text = f"{made.text}\n\n{messages.say('overview_others', reader.language, count=others)}"
    return replace(made, status=Status.PARTIAL, text=text)


def _table(rows: Sequence[Row], report: ReportRef, reader: Reader, verifier: Verifier) -> Extract:
    """Rows as a table with the report's own columns, a citation a row; long cells go where there is no room for them."""
    at = [at for at, header in enumerate(rows[0].headers) if not numbers_rows(header)]
    alike = [row for row in rows if row.headers == rows[0].headers] if len(rows[0].headers) > 1 else rows
    short = [one for one in at if all(len(row.words(one)) <= LONGEST_CELL for row in alike if one < len(row.headers))]
    length = sum(len(row.words(one)) for row in rows for one in at if one < len(row.headers))
    columns = at if length < _TABLE_LENGTH else short
    sheet = Sheet()
    heads = [label(rows[0].headers[one], reader.language) for one in columns]
    sheet.text = f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}"
    for row in rows:
        line = _row(row, [one for one in columns if one < len(row.headers)], reader, verifier)
        if sheet.citations and len(sheet.text) + len(line.text) + 12 > LONG:
            break
        sheet.add(line, sheet.cite(row.passage, report, row.block.start, row.block.end))
    for number, row in enumerate(rows[: len(sheet.citations)], start=1):
        if row.passage.language != reader.language:  # the figures and names of its long cells
            long = [row.words(at) for at in columns if at < len(row.headers) and len(row.words(at)) > LONGEST_CELL]
            facts = [fact for fact in _facts_of(join_wrapped(" ".join(long)), reader) if not fact.is_help]
            quote = Quote(Hit(row.passage, report, 1, 0.0, ()), row.block.start, row.block.end)
            for line in _verified("- ", facts, quote, verifier):
                if len(sheet.text) + _length(line) <= LONG:
                    sheet.add(line, number)
    return sheet.finished()


def _row(row: Row, columns: Sequence[int], reader: Reader, verifier: Verifier) -> Line:
    """One row; its short cells in the reader's language where the row bears them out, else as they stand."""
    verbatim = [join_wrapped(row.words(at)) for at in columns]
    if row.passage.language != reader.language:
        cells = [_cell(words, reader) if len(words) <= LONGEST_CELL else words for words in verbatim]
        found = verifier.verify("; ".join(cells), [row.passage])
        if found.verdict is Verdict.SUPPORTED:
            return Line("| ", _cells(cells), found.checks, found.verdict, " |")
    checks = tuple(quote_check(row.words(at), row.words(at)) for at in columns)
    return Line("| ", _cells(verbatim), checks, verdict_of(checks), " |")


def _cells(cells: Sequence[str]) -> str:
    return widen_brackets(" | ".join(cell.replace("|", "\\|") for cell in cells))


@dataclass(frozen=True, slots=True)
class Line:
    """One statement of an answer: what stands before it, its words without markers, and how it was checked."""

    prefix: str
    text: str
    checks: tuple[Check, ...]
    verdict: Verdict
    suffix: str = ""


def _length(line: Line) -> int:
    """The characters that a line takes, its citation included."""
    return len(line.text) + len(line.prefix) + 6


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


def _lines(quote: Quote, reader: Reader, verifier: Verifier) -> Iterator[Line]:
    """A quote in the reader's language as it stands; one in another with its facts before it and help in reading after."""
    if quote.hit.passage.language == reader.language:
        yield _verbatim(quote, "- ", reader.language)
        return
    facts = _facts(quote, reader)
    yield from _verified("- ", [fact for fact in facts if not fact.is_help], quote, verifier)
    yield _verbatim(quote, "> ", reader.language)
    yield from _verified("", [fact for fact in facts if fact.is_help], quote, verifier)


@dataclass(frozen=True, slots=True)
class Fact:
    """Labelled values in the reader's language; `is_help` for words that are only an aid in reading."""

    label: str
    values: tuple[str, ...]
    is_help: bool = False

    @property
    def text(self) -> str:
        """The values as they are shown."""
        return ("; " if any("," in value for value in self.values) else ", ").join(self.values)


def _facts(quote: Quote, reader: Reader) -> list[Fact]:
    language = reader.language
    if quote.row is None:
        return _facts_of(join_wrapped(quote.inferred or quote.words), reader)
    found: list[Fact] = []
    for cell in quote.row.cells:
        words = join_wrapped(quote.hit.passage.words(cell.start, cell.end))
        if numbers_rows(cell.header) or not words:
            continue
        if len(words) > LONGEST_CELL:
            found += _facts_of(words, reader)
        else:
            header = label(cell.header, language) or messages.say("fact_names", language)
            found.append(Fact(header, (_cell(words, reader),)))
    return found


def _cell(words: str, reader: Reader) -> str:
    """A short cell in the reader's language; as it stands where only a place in it is known (the city of a company)."""
    values = reader.figures(words) or reader.names(words) or reader.words(words)
    if not values and KATAKANA_RUN.fullmatch(words):
        values = [name for name in [reader.name(words)] if name]
    is_a_place = len(values) == 1 and values[0] in _PLACE_NAMES and reader.name(words) != values[0]
    return words if is_a_place else ", ".join(values) or words


def _facts_of(words: str, reader: Reader) -> list[Fact]:
    """The figures, names and words of running text."""
    say = messages.say
    facts = [
        Fact(say("fact_figures", reader.language), tuple(reader.figures(words))),
        Fact(say("fact_names", reader.language), tuple(reader.new_names(words))),
        Fact(say("fact_words", reader.language), tuple(reader.words(words)), is_help=True),
    ]
    return [fact for fact in facts if fact.values]


def _verified(prefix: str, facts: Sequence[Fact], quote: Quote, verifier: Verifier) -> Iterator[Line]:
    """A line of facts that the quote's passage supports together; where it does not, of as many values as it does."""
    found = _checked(facts, quote, verifier) if facts else None
    if found is None and facts:
        kept: list[Fact] = []
        for fact in facts:
            for value in fact.values:
                before = kept[-1].values if kept and kept[-1].label == fact.label else ()
                longer = [*(kept[:-1] if before else kept), replace(fact, values=(*before, value))]
                if (checks := _checked(longer, quote, verifier)) is not None:
                    kept, found = longer, checks
        facts = kept
    if found is not None:
        text = widen_brackets(" / ".join(f"{fact.label}: {fact.text}" for fact in facts))
        yield Line(prefix, text, found, Verdict.SUPPORTED)


def _checked(facts: Sequence[Fact], quote: Quote, verifier: Verifier) -> tuple[Check, ...] | None:
    """The checks of facts that the quote's passage supports, else None."""
    found = verifier.verify("; ".join(fact.text for fact in facts), [quote.hit.passage])
    return found.checks if found.verdict is Verdict.SUPPORTED else None


def _verbatim(quote: Quote, prefix: str, language: Language) -> Line:
    """The quote's words; a row as labelled facts; an inferred row with the advice to look at the slide."""
    passage, row = quote.hit.passage, quote.row
    if quote.inferred:
        words = widen_brackets(join_wrapped(quote.inferred)) + messages.say("inferred_row", language)
        return Line(prefix, words, (inferred_check(words, quote.words),), Verdict.PARTIAL)
    if row is None:
        check = quote_check(quote.words, quote.words)
        return Line(prefix, widen_brackets(join_wrapped(quote.words)), (check,), verdict_of([check]))
    cells = [cell for cell in row.cells if not numbers_rows(cell.header) and cell.end > cell.start]
    if prefix == "> ":
        cells = [cell for cell in cells if cell.end - cell.start > LONGEST_CELL] or cells
    words = [join_wrapped(passage.words(cell.start, cell.end)) for cell in cells]
    headed = prefix == "- "
    shown = [
        f"{cell.header}: {text}" if cell.header and headed else text for cell, text in zip(cells, words, strict=True)
    ]
    checks = tuple(
        Check("quote", _bare(passage.words(c.start, c.end)) in _bare(quote.words), w, w)
        for c, w in zip(cells, words, strict=True)
    )
    return Line(prefix, widen_brackets(" / ".join(shown)), checks, verdict_of(checks))
