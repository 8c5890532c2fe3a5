"""What passages hold, laid out so that a claim can be compared with it: stretches, their facts, names and labels. Pure.

A stretch is a clause of a sentence or a cell of a row: the least that a number can belong to. It is analysed once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.language.agreement import counted
from assistant.language.entities import spellings
from assistant.language.measures import cell_quantities, unscaled
from assistant.language.quantities import ADDRESS, UNIT_WORDS, ordinals, quantities, shares
from assistant.language.readings import reading_keys
from assistant.language.text import fold_text, join_wrapped
from assistant.language.tokens import ENGLISH_STOPWORDS, terms
from assistant.types import Block, BlockKind, Passage, Quantity, Unit

CONTEXT = -1
_CLAUSE_END = re.compile(
    r"[、，；;。]|,\s(?!(?:19|20)\d\d\b)|[(（](?=\d)|\s\|\s|\t|\n|(?<=[a-z\d)])\.\s|\s(?:while|whereas|but|against|compared with)\s|\sand\sthe\s|\sand\s(?=[^.,;]*\d)"
)
_HEADING_NUMBER = re.compile(
    r"^\s*(?:\d{1,2}(?:\.\d{1,2})*\.?\s+|第\d+[章節]\s*|(?:表|図|図表)\s?\d+(?:-\d+)?\s*[:：.]?)", re.M
)
_TOKEN = re.compile(r"#?[a-z0-9]+(?:[-.+/'#][a-z0-9]+)*", re.I)
_SERIES = re.compile(
    r"(?<![a-z0-9])([a-z]{1,8})(\d{1,3})\s?(?:[-–—~〜]\s?\1|[–—~〜]\s?)(\d{1,3})(?![a-z0-9]|[-.]\d)", re.I
)
_LABELLED = re.compile(r"([A-Za-z][\w.'’-]*?|[ァ-ヺー]{2,})[ \u3000-]?(?=\d)")
_UNIT_NAMED = re.compile(
    rf"(?<![a-z一-鿿ァ-ヺー])(?:{'|'.join(map(re.escape, sorted(UNIT_WORDS, key=len, reverse=True)))})(?![a-z一-鿿ァ-ヺー])"
)
_SENTENCE = re.compile(r"[。！？]|[a-z)]\.(?:\s|$)")
_LONG_CELL = 40
_LEVEL = re.compile(r"\bL(\d)(?![\w-])")  # L2 is Level 2


@dataclass(frozen=True, slots=True)
class Fact:
    """A quantity and where it stands: `text` is what its offsets count in, `stretch` the number of its stretch.

    `named_units` are the units that a bare number may be meant in: those that a header, a caption or the like names; a
    number of a sentence has none.
    """

    quantity: Quantity
    text: str
    stretch: int
    counted: str = ""
    named_units: frozenset[str] = frozenset()

    @property
    def words(self) -> str:
        """The quantity as it is written."""
        return self.text[self.quantity.start : self.quantity.end]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A clause or a cell: the unit that it is of (report and offset), its words (a cell's with its header), what they are about, and the keys that its row or passage names."""

    unit: tuple[str, int]
    words: str
    features: frozenset[str]
    window: frozenset[str]


@dataclass(frozen=True, slots=True)
class Source:
    """What one passage holds."""

    section: tuple[str, ...]
    bare: str
    named_units: frozenset[str]
    stretches: tuple[Stretch, ...]
    facts: tuple[Fact, ...]
    ordinals: frozenset[int]
    tokens: frozenset[str]
    labelled: frozenset[tuple[str, str]]
    rows: Mapping[str, frozenset[str]]
    spellings: Mapping[str, frozenset[str]]
    readings: frozenset[str]


@lru_cache(maxsize=1024)
def source_of(passage: Passage) -> Source:
    """A passage, analysed."""
    stretches: list[Stretch] = []
    facts: list[Fact] = []
    rows: dict[str, frozenset[str]] = {}
    context = _context(passage)
    around = frozenset(spellings(passage.search_text))
    for unit in passage.units:
        block = passage.block_at(unit.start)
        is_row = unit.kind is BlockKind.TABLE_ROW
        window = frozenset(spellings(_row_words(passage, unit, context))) if is_row else around
        if is_row and block is not None and block.row:
            rows[block.row.lower()] = window
        for words, header, read, measured in _parts(passage, unit, block):
            of_a_sentence = not is_row and bool(_SENTENCE.search(passage.words(unit.start, unit.end)))
            naming = f"{header} {block.caption}" if block and block.cells else passage.search_text
            named = frozenset() if of_a_sentence else _units_named(naming)
            dates = [one for one in quantities(header) if one.date] if is_row else []  # 2024年 over a column of figures
            facts += _facts(read, len(stretches), named, measured)
            facts += [Fact(one, header, len(stretches)) for one in dates]
            place = (passage.anchor.report_id, unit.start)
            stretches.append(Stretch(place, f"{header} {words}".strip(), features(f"{header} {words}"), window))
    facts += _facts(context, CONTEXT, frozenset())
    text = f"{passage.search_text}\n{passage.text}"
    return Source(
        (passage.anchor.report_id, *passage.heading_path),
        bare(f"{passage.search_text}\n{join_wrapped(passage.text)}"),
        _units_named(passage.search_text),
        tuple(stretches),
        tuple(facts),
        frozenset(number for number, _, _ in ordinals(text)),
        frozenset(token for token, _, _ in digit_tokens(text)),
        frozenset(labelled(text)),
        rows,
        spellings(passage.search_text),
        frozenset(reading_keys(passage.search_text)),
    )


def clauses(text: str) -> Iterator[tuple[int, int]]:
    """Spans of the clauses of a text, in order; punctuation between them belongs to none."""
    start = 0
    for match in _CLAUSE_END.finditer(text):
        if text[start : match.start()].strip():
            yield start, match.start()
        start = match.end()
    if text[start:].strip():
        yield start, len(text)


@lru_cache(maxsize=4096)
def features(text: str) -> frozenset[str]:
    """What a text is about: its terms without numbers, and the keys of what could be names."""
    words = (term for term in terms(text) if not any(character.isdigit() for character in term))
    return frozenset({*words, *(f"~{key}" for key in spellings(text))})


@lru_cache(maxsize=8192)
def facts_of(text: str) -> tuple[Quantity, ...]:
    """The quantities of a text, fractions and multiples in words among them."""
    parts = shares(text)
    taken = [(part.start, part.end) for part in parts]
    whole = [one for one in quantities(text) if not any(start < one.end and one.start < end for start, end in taken)]
    return tuple(sorted([*parts, *whole], key=lambda one: one.start))


def digit_tokens(text: str) -> Iterator[tuple[str, int, int]]:
    """(folded, start, end) of every word that holds a digit: 2-1, 128k, GPT-4, 3.2.1; addresses are left out.

    A series (L0-L5, L0~5) is its two ends, each where the series stands.
    """
    plain = ADDRESS.sub(_blank, text.translate(_NARROW))
    for match in _SERIES.finditer(plain):
        yield from ((f"{match[1]}{number}".lower(), *match.span()) for number in match.group(2, 3))
    plain = _SERIES.sub(_blank, plain)
    for match in _TOKEN.finditer(plain):
        if any(character.isdecimal() for character in match[0]):
            yield match[0].lower(), match.start(), match.end()


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def labelled(text: str) -> Iterator[tuple[str, str]]:
    """(key of a word, number) of every number that stands right after a name or label: Level 3, レベル3, Gemini 1.5."""
    narrow = text.translate(_NARROW)
    narrow = _LEVEL.sub(r"Level \1", narrow)
    for match in _LABELLED.finditer(narrow):
        number = _TOKEN.match(narrow, match.end())
        if number and match[1].lower() not in ENGLISH_STOPWORDS:
            for key in spellings(match[1]):
                yield key, number[0].lower()


@lru_cache(maxsize=4096)
def bare(text: str) -> str:
    """A text as two spellings are compared: folded, without white space."""
    return "".join(fold_text(text).split())


_NARROW = {0xFF01 + offset: 0x21 + offset for offset in range(94)} | {0x2010: 0x2D, 0x2011: 0x2D, 0x2212: 0x2D}


def _units_named(text: str) -> frozenset[str]:
    """The units that a text names by themselves: （元/百万tokens）, "Price (EUR)", not （百万元）; and "" for none."""
    return frozenset({"", *(UNIT_WORDS[match[0]] for match in _UNIT_NAMED.finditer(unscaled(text)))})


def _facts(text: str, stretch: int, named: frozenset[str], measured: Sequence[Quantity] = ()) -> list[Fact]:
    return [Fact(one, text, stretch, counted(text, one), named) for one in (*facts_of(text), *measured)]


def _context(passage: Passage) -> str:
    """Title, headings and captions without their numbers."""
    own = {join_wrapped(passage.words(unit.start, unit.end)) for unit in passage.units}
    lines = [line for line in passage.search_text.split("\n") if line not in own]
    heads = [*passage.heading_path, *(block.caption or "" for block in passage.blocks), lines[0] if lines else ""]
    return "\n".join(dict.fromkeys(_HEADING_NUMBER.sub("", head) for head in heads if head))


def _row_words(passage: Passage, unit: Unit, context: str) -> str:
    return f"{context}\n{join_wrapped(passage.words(unit.start, unit.end))}"


def _parts(passage: Passage, unit: Unit, block: Block | None) -> Iterator[tuple[str, str, str, Sequence[Quantity]]]:
    """(words, header, what is read for quantities, its bare numbers as the table measures them) of every clause or cell
    of a unit."""
    if unit.kind is BlockKind.TABLE_ROW and block is not None and block.cells:
        cells = [(cell.header, join_wrapped(passage.words(cell.start, cell.end))) for cell in block.cells]
        is_short = all(len(words) <= _LONG_CELL for _, words in cells)
        names = " ".join(words for _, words in cells if is_short and not any(map(str.isdecimal, words)))
        for header, words in cells:
            for start, end in clauses(words):
                part = words[start:end]
                yield part, f"{header} {names}", part, cell_quantities(part, header, block.caption)
        return
    words = join_wrapped(passage.words(unit.start, unit.end))
    if unit.kind in (BlockKind.HEADING, BlockKind.CAPTION):
        words = _HEADING_NUMBER.sub("", words)
    yield from ((words[start:end], "", words[start:end], ()) for start, end in clauses(words))


def sources_of(passages: Sequence[Passage]) -> list[Source]:
    """Every passage, analysed."""
    return [source_of(passage) for passage in passages]
