"""An answer without a language model: what was asked, first and short, then the reports' own words, each cited.

Few quotes, the right ones: the best units of the found passages, with their neighbours where these belong to the answer.
What is put into the reader's language is checked against the quote like any claim, and left out where it does not hold.
Nothing that is not in a report is said. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant import messages
from assistant.answering.abstain import answers, is_wanting, why_not
from assistant.answering.asked import LONG, Asked, Kind, asked
from assistant.answering.facts import Reader
from assistant.answering.labels import label, numbers_rows
from assistant.answering.matching import Embed, Nearness, Rarity, match
from assistant.answering.overview import byline, leading
from assistant.answering.quoting import Quote, best_quotes, notes_of
from assistant.answering.sheet import Extract, Sheet
from assistant.answering.summary import reports_meant
from assistant.answering.tables import LONGEST_CELL, Row, rows_wanted
from assistant.answering.verify import Verifier
from assistant.answering.wording import figures_lines, lines, row_line
from assistant.language.text import widen_brackets
from assistant.types import Hit, Language, Passage, Query, ReportRef, Status

VERSION = "extract/2"
_TABLE_LENGTH = 900
_MOST_SECTIONS = 12
_LEAST_ROOM = 200  # characters for each report


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
    quotes = best_quotes(found, wanted)
    if wanted.kind is Kind.DEFINE:
        quotes[1:1] = notes_of(quotes[0], ground.passages(quotes[0].hit.report.report_id))
    return _compose(quotes, wanted, reader, ground.verifier)


def _compose(quotes: Sequence[Quote], wanted: Asked, reader: Reader, verifier: Verifier) -> Extract:
    """The quotes one after the other within the answer's length, the first one in any case."""
    sheet = Sheet()
    for quote in quotes:
        told = [*lines(quote, reader, verifier)]
        length = sum(line.length for line in told)
        if sheet.citations and len(sheet.text) + length > wanted.length:
            continue
        number = sheet.cite(quote.hit.passage, quote.hit.report, quote.start, quote.end)
        for line in told:
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
            said = [*lines(quote, reader, ground.verifier)]
            if len(sheet.text) + sum(line.length for line in said) > room * place:
                continue
            number = sheet.cite(passage, report, unit.start, unit.end)
            for line in said:
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
        line = row_line(row, [one for one in columns if one < len(row.headers)], reader, verifier)
        if sheet.citations and len(sheet.text) + len(line.text) + 12 > LONG:
            break
        sheet.add(line, sheet.cite(row.passage, report, row.block.start, row.block.end))
    for number, row in enumerate(rows[: len(sheet.citations)], start=1):
        if row.passage.language != reader.language:  # the figures and names of its long cells
            for line in figures_lines(row, columns, reader, verifier):
                if len(sheet.text) + line.length <= LONG:
                    sheet.add(line, number)
    return sheet.finished()
