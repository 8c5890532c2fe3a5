"""An answer without a language model: what was asked, first and short, then the reports' own words, each cited.

Few quotes, the right ones; lists as tables; a question of several parts part by part. What is put into the reader's
language is checked against the quote like any claim, and left out where it does not hold. Nothing that is not in a report
is said. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from sys import maxsize

from assistant import messages
from assistant.answering.abstain import answers, is_wanting, why_not
from assistant.answering.asked import LONG, Asked, Kind, asked
from assistant.answering.facts import Reader
from assistant.answering.labels import label, numbers_rows
from assistant.answering.matching import Embed, Nearness, Rarity, match
from assistant.answering.mentioned import names_of
from assistant.answering.overview import byline, leading
from assistant.answering.quoting import Quote, best_quotes, notes_of
from assistant.answering.sheet import Extract, Sheet
from assistant.answering.summary import reports_meant
from assistant.answering.tables import LONGEST_CELL, Row, rows_wanted
from assistant.answering.verify import Verifier
from assistant.answering.wording import figures_lines, help_lines, lines, row_line
from assistant.language.entities import named_entities
from assistant.types import Hit, Language, Passage, Query, ReportRef, Status

VERSION = "extract/3"
_TABLE_LENGTH = 900
_MOST_SECTIONS = 12
_LEAST_ROOM = 200  # characters for each report


@dataclass(frozen=True, slots=True)
class Ground:
    """What an answer may ask of the index and the models; `rarity`, `nearness` and `embed` are `matching.match`'s, `rarest`
    is the rarity of a word that stands in one passage alone; `passages(report id)` gives all of a report, `reports()` all reports."""

    rarity: Rarity
    nearness: Nearness
    embed: Embed
    verifier: Verifier
    reader: Callable[[Language, str], Reader]
    rarest: float = 1.0
    passages: Callable[[str], Sequence[Passage]] = lambda report_id: ()
    reports: Callable[[], Sequence[ReportRef]] = lambda: ()


@dataclass(frozen=True, slots=True)
class Asking:
    """A question, or a part of one, with what was found for it and what may be asked of the index."""

    query: Query
    hits: Sequence[Hit]
    ground: Ground


@dataclass(frozen=True, slots=True)
class _Reply:
    """What answers a question: quotes, or rows of a report; neither where the reports are silent, and then why."""

    asked: str
    wanted: Asked
    quotes: Sequence[Quote] = ()
    rows: Sequence[Row] = ()
    report: ReportRef | None = None
    silence: str = ""


def extract(whole: Asking, language: Language | None = None, parts: Sequence[Asking] = ()) -> Extract:
    """The answer to a question from what was found, for a reader of `language` (default: the question's). Where other
    words answer its `parts` than answer the whole, each part is answered by itself."""
    query, ground = whole.query, whole.ground
    language = language or query.language
    writer = _Writer(ground.reader(language, query.text), ground.verifier)
    meant = reports_meant(query, ground.reports(), lambda text: whole.hits)
    if meant:
        return writer.overview(meant, ground)
    reply, replies = _reply(whole, language), [_reply(part, language) for part in parts]
    writer.write(reply, reply.wanted.length, maxsize)
    is_whole = not reply.silence and (_is_one(replies) or all(map(writer.says, replies)))
    if is_whole or all(one.silence for one in replies):
        return Extract(Status.ABSTAINED, reply.silence, (), ()) if reply.silence else writer.sheet.finished()
    return _Writer(writer.reader, writer.verifier).by_parts(replies)


def _reply(asking: Asking, language: Language) -> _Reply:
    query, ground, wanted = asking.query, asking.ground, asked(asking.query.text)
    rarity, aliases = ground.rarity, ground.verifier.aliases
    names = names_of(query.text, aliases)
    found = match(query, asking.hits, wanted, rarity=rarity, nearness=ground.nearness, embed=ground.embed, names=names)
    best = found[0].hit.report if found else None
    rows = rows_wanted(query, wanted, lambda: ground.passages(best.report_id), aliases) if best else None
    if best and rows and not wanted.is_across and not is_wanting(query, found):
        if len(rows) > 1:
            return _Reply(query.text, wanted, rows=rows, report=best)
        hit, block = Hit(rows[0].passage, best, 1, 0.0, ()), rows[0].block
        return _Reply(query.text, wanted, [Quote(hit, block.start, block.end)])
    if rows == [] or not found or not answers(query, found, aliases, rarity, ground.rarest):
        return _Reply(query.text, wanted, silence=why_not(query, found, aliases, rarity, language))
    quotes = best_quotes(found, wanted)
    if wanted.kind is Kind.DEFINE:
        quotes[1:1] = notes_of(quotes[0], ground.passages(quotes[0].hit.report.report_id))
    return _Reply(query.text, wanted, quotes=quotes)


def _is_one(parts: Sequence[_Reply]) -> bool:
    """Whether parts are two questions about one thing: the second names nothing of its own."""
    return len(parts) == 2 and not named_entities(parts[1].asked)


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes answers for one reader on one sheet."""

    reader: Reader
    verifier: Verifier
    sheet: Sheet = field(default_factory=Sheet)

    def write(self, reply: _Reply, until: int, most: int) -> bool:
        """The rows or quotes one after the other, up to a length of the text, the first quote up to another; then help in
        reading. Of what comes first at least a line; False where a sheet that is not empty has no room for that."""
        if reply.report is not None:
            return self._table(reply.rows, reply.report, until)
        shown: list[Quote] = []
        for quote in reply.quotes:
            told = [*lines(quote, self.reader, self.verifier)]
            if not shown:
                if not (
                    self.sheet.put(told, quote.span, most, 1) or self.sheet.put(told[:1], quote.span, self._most, 1)
                ):
                    return False
            elif self.number_of(quote) is not None or not self.sheet.put(told, quote.span, until, len(told)):
                continue
            shown.append(quote)
        for quote in shown:
            self.sheet.put([*help_lines(quote, self.reader, self.verifier)], quote.span, until, 1)
        return True

    def by_parts(self, parts: Sequence[_Reply]) -> Extract:
        """Each part under its own words: what answers it, the number under which that stands already, or that nothing does."""
        sheet, unsaid = self.sheet, 0
        for place, part in enumerate(parts, start=1):
            sheet.head(part.asked)
            room = LONG * place // len(parts)
            if number := next(map(self.number_of, part.quotes), None):
                sheet.text += f" [{number}]"
            elif part.silence or not self.write(part, room, room):
                unsaid += 1
                word = "abstained" if part.silence else "part_too_long"
                sheet.text += f"\n{messages.say(word, self.reader.language)}"
        made = sheet.finished()
        return replace(made, status=Status.PARTIAL) if unsaid else made

    def says(self, part: _Reply) -> bool:
        """Whether what stands first answers a part; one that names nothing of its own may not be answered by itself."""
        if part.silence:
            return not named_entities(part.asked)
        return bool(part.quotes) and self.number_of(part.quotes[0]) == 1

    def number_of(self, quote: Quote) -> int | None:
        """The number under which a quote stands already; the spans of inferred rows say nothing of that."""
        return None if quote.inferred else self.sheet.shown(quote.hit.report, quote.start, quote.end)

    @property
    def _most(self) -> int:
        return LONG if self.sheet.citations else maxsize

    def _table(self, rows: Sequence[Row], report: ReportRef, until: int) -> bool:
        """Rows as a table with the report's own columns, a citation a row; long cells go where there is no room for them."""
        sheet, reader = self.sheet, self.reader
        at = [at for at, header in enumerate(rows[0].headers) if not numbers_rows(header)]
        alike = [row for row in rows if row.headers == rows[0].headers] if len(rows[0].headers) > 1 else rows
        short = [
            one for one in at if all(len(row.words(one)) <= LONGEST_CELL for row in alike if one < len(row.headers))
        ]
        length = sum(len(row.words(one)) for row in rows for one in at if one < len(row.headers))
        columns = at if length < min(_TABLE_LENGTH, until - len(sheet.text)) else short
        heads = [label(rows[0].headers[one], reader.language) for one in columns]
        before = sheet.text
        sheet.text += ("\n" if before else "") + f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}"
        most, told = self._most, 0
        for row in rows:
            line = row_line(row, [one for one in columns if one < len(row.headers)], reader, self.verifier)
            span = row.passage, report, row.block.start, row.block.end
            if not sheet.put([line], span, until if told else most, 1):
                break
            told += 1
        if not told:
            sheet.text = before
        for row in rows[:told]:
            if row.passage.language != reader.language:  # the figures and names of its long cells
                span = row.passage, report, row.block.start, row.block.end
                sheet.put([*figures_lines(row, columns, reader, self.verifier)], span, until, 1)
        return bool(told)

    def overview(self, reports: Sequence[ReportRef], ground: Ground) -> Extract:
        """Each report's title, author and date, then the leading sentences of its sections, cited. Where there are more
        than have room, the others are counted, and the overview is a partial one."""
        told = reports[: LONG // _LEAST_ROOM]
        sheet, room = self.sheet, LONG // len(told)
        for place, report in enumerate(told, start=1):
            sheet.head(byline(report.title, report.source))
            for passage, unit in leading(ground.passages(report.report_id), _MOST_SECTIONS):
                quote = Quote(Hit(passage, report, 1, 0.0, ()), unit.start, unit.end)
                said = [*lines(quote, self.reader, self.verifier), *help_lines(quote, self.reader, self.verifier)]
                sheet.put(said, quote.span, room * place, len(said))
        if not sheet.citations:
            return Extract(Status.ABSTAINED, messages.say("abstained", self.reader.language), (), ())
        made = sheet.finished()
        if not (others := len(reports) - len(told)):
            return made
        text = f"{made.text}\n\n{messages.say('overview_others', self.reader.language, count=others)}"
        return replace(made, status=Status.PARTIAL, text=text)
