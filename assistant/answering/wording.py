"""A quote or a table's row as lines of an answer: as it stands, or with its facts in the reader's language. Pure.

What is put into the reader's language is checked against the quote like any claim, and left out where it does not hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant import messages
from assistant.answering.facts import Reader
from assistant.answering.labels import label, numbers_rows
from assistant.answering.quoting import Quote
from assistant.answering.sheet import Line
from assistant.answering.sources import bare
from assistant.answering.tables import LONGEST_CELL, Row
from assistant.answering.verify import Verifier, inferred_check, quote_check, verdict_of
from assistant.language.names import KATAKANA_RUN
from assistant.language.places import PLACES
from assistant.language.text import join_wrapped, widen_brackets
from assistant.types import Check, Language, Passage, Verdict

_BULLETS = "•●■◆▪▶‣◦"
_BULLET, _STOPPED = re.compile(rf"\s*([{_BULLETS}])\s*"), re.compile(r"(?<=[。！？])\s+")
_PLACE_NAMES = frozenset(name for pair in PLACES for name in pair)


def lines(quote: Quote, reader: Reader, verifier: Verifier) -> Iterator[Line]:
    """A quote in the reader's language as it stands; one in another with its facts before it."""
    if quote.hit.passage.language == reader.language:
        yield _verbatim(quote, "- ", reader.language)
        return
    yield from _verified("- ", [one for one in _facts(quote, reader) if not one.is_help], quote.hit.passage, verifier)
    yield _verbatim(quote, "> ", reader.language)


def help_lines(quote: Quote, reader: Reader, verifier: Verifier) -> Iterator[Line]:
    """What helps to read a quote in another language: what its other words mean."""
    if quote.hit.passage.language != reader.language:
        yield from _verified("", [one for one in _facts(quote, reader) if one.is_help], quote.hit.passage, verifier)


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
    spelled = reader.name(words) if KATAKANA_RUN.fullmatch(words) else None
    values = reader.figures(words) or reader.names(words) or ([spelled] if spelled else reader.words(words))
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


def _verified(prefix: str, facts: Sequence[Fact], passage: Passage, verifier: Verifier) -> Iterator[Line]:
    """A line of facts that a passage supports together; where it does not, of as many values as it does."""
    found = _checked(facts, passage, verifier) if facts else None
    if found is None and facts:
        kept: list[Fact] = []
        for fact in facts:
            for value in fact.values:
                before = kept[-1].values if kept and kept[-1].label == fact.label else ()
                longer = [*(kept[:-1] if before else kept), replace(fact, values=(*before, value))]
                if (checks := _checked(longer, passage, verifier)) is not None:
                    kept, found = longer, checks
        facts = kept
    if found is not None:
        text = widen_brackets(" / ".join(f"{fact.label}: {fact.text}" for fact in facts))
        yield Line(prefix, text, found, Verdict.SUPPORTED)


def _checked(facts: Sequence[Fact], passage: Passage, verifier: Verifier) -> tuple[Check, ...] | None:
    """The checks of facts that a passage supports, else None."""
    found = verifier.verify("; ".join(fact.text for fact in facts), [passage])
    return found.checks if found.verdict is Verdict.SUPPORTED else None


def _read(quote: Quote) -> str:
    """A quote as a person reads it: its units and bullets apart where no full stop parts them."""
    inside = [unit.start for unit in quote.hit.passage.units if quote.start < unit.start < quote.end]
    spans = pairwise([quote.start, *inside, quote.end])
    pieces = [join_wrapped(quote.hit.passage.words(start, end)) for start, end in spans]
    return _BULLET.sub(r" \1 ", _STOPPED.sub("", " ".join(pieces))).strip().lstrip(_BULLETS).lstrip()


def _verbatim(quote: Quote, prefix: str, language: Language) -> Line:
    """The quote's words; a row as labelled facts; an inferred row with the advice to look at the slide."""
    passage, row = quote.hit.passage, quote.row
    if quote.inferred:
        words = widen_brackets(join_wrapped(quote.inferred)) + messages.say("inferred_row", language)
        return Line(prefix, words, (inferred_check(words, quote.words),), Verdict.PARTIAL)
    if row is None:
        check = quote_check(quote.words, quote.words)
        return Line(prefix, widen_brackets(_read(quote)), (check,), verdict_of([check]))
    cells = [cell for cell in row.cells if not numbers_rows(cell.header) and cell.end > cell.start]
    if prefix == "> ":
        cells = [cell for cell in cells if cell.end - cell.start > LONGEST_CELL] or cells
    words = [join_wrapped(passage.words(cell.start, cell.end)) for cell in cells]
    headed = prefix == "- "
    shown = [
        f"{cell.header}: {text}" if cell.header and headed else text for cell, text in zip(cells, words, strict=True)
    ]
    checks = tuple(
        Check("quote", bare(passage.words(c.start, c.end)) in bare(quote.words), w, w)
        for c, w in zip(cells, words, strict=True)
    )
    return Line(prefix, widen_brackets(" / ".join(shown)), checks, verdict_of(checks))


def row_line(row: Row, columns: Sequence[int], reader: Reader, verifier: Verifier) -> Line:
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


def figures_lines(row: Row, columns: Sequence[int], reader: Reader, verifier: Verifier) -> Iterator[Line]:
    """The figures and names of a row's long cells in the reader's language."""
    long = [row.words(at) for at in columns if at < len(row.headers) and len(row.words(at)) > LONGEST_CELL]
    facts = [fact for fact in _facts_of(join_wrapped(" ".join(long)), reader) if not fact.is_help]
    yield from _verified("- ", facts, row.passage, verifier)
