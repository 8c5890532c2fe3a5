"""The values that flow through the house: read this first.

A report file becomes a `Report`, is cut into `Passage`s, is found as `Hit`s and quoted by `Citation`s in an `Answer`.
Every "where" is an `Anchor`: code point offsets into a report's canonical text; `report.text[start:end]` is the quote,
always. Everything here is immutable and free of behaviour that touches files, clocks, models or the network.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from pathlib import PurePosixPath

SECTION_SEPARATOR = " › "


class Language(StrEnum):
    """The two languages of reports, questions, answers and messages."""

    JA = "ja"
    EN = "en"


class BlockKind(StrEnum):
    """What a block of a report is."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST = "list"
    TABLE_ROW = "table_row"
    CAPTION = "caption"
    NOTE = "note"


class Verdict(StrEnum):
    """How a claim stands against the words it cites; declared from best to worst."""

    SUPPORTED = "supported"
    PARTIAL = "partial"
    UNSUPPORTED = "unsupported"
    UNCITED = "uncited"


class Status(StrEnum):
    """What became of a question. Not finding an answer is a value, not an error."""

    ANSWERED = "answered"
    PARTIAL = "partial"
    ABSTAINED = "abstained"


@dataclass(frozen=True, slots=True)
class Source:
    """Bibliographic facts of a report, under CSL's names. `issued` is ISO 8601, as precise as it is known."""

    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    issued: str | None = None
    url: str | None = None
    language: str | None = None
    digest_of: str | None = None


@dataclass(frozen=True, slots=True)
class Anchor:
    """The only way to say "where": [start, end) in the canonical text of one report."""

    report_id: str
    start: int
    end: int

    @property
    def id(self) -> str:
        """`<report id>:<start>-<end>`, the id of the passage or citation that this anchor marks."""
        return f"{self.report_id}:{self.start}-{self.end}"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page as fractions of its width and height (0..1), origin at the top left."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class LineBox:
    """Where one printed line of a block lies: text [start, end) stands inside `box` on `page` (1-based)."""

    start: int
    end: int
    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table row: the header it stands under and its span in the canonical text."""

    header: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """A contiguous piece of a report that is one thing: a heading, a paragraph, a list item, a table row, a note.

    `page` is 1-based or None; `row` is a row's printed label ("3-2"), else its first cell; `cells` is empty where columns
    were not certain; `inferred`: rows guessed where columns stood one after the other. What is between blocks is furniture.
    """

    kind: BlockKind
    start: int
    end: int
    page: int | None = None
    heading_path: tuple[str, ...] = ()
    caption: str | None = None
    row: str | None = None
    cells: tuple[Cell, ...] = ()
    boxes: tuple[LineBox, ...] = ()
    inferred: tuple[tuple[Cell, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a paged format: its span in the canonical text and its size in points (1/72 inch)."""

    number: int
    start: int
    end: int
    width: float = 0.0
    height: float = 0.0


@dataclass(frozen=True, slots=True)
class Report:
    """A report as it was read. `path` is relative to the corpus, POSIX, NFC; blocks are in reading order, disjoint."""

    report_id: str
    path: PurePosixPath
    sha256: str
    media_type: str
    source: Source
    text: str
    blocks: tuple[Block, ...] = ()
    pages: tuple[Page, ...] = ()

    @property
    def ref(self) -> ReportRef:
        """What a hit or citation needs to know of its report."""
        return ReportRef(self.report_id, self.path, self.source)


@dataclass(frozen=True, slots=True)
class ReportRef:
    """A report without its text: enough to name it, link it and cite it."""

    report_id: str
    path: PurePosixPath
    source: Source

    @property
    def title(self) -> str:
        """The title to show: the source's, else the file's name."""
        return self.source.title or self.path.stem


@dataclass(frozen=True, slots=True)
class Unit:
    """The smallest thing that is quoted: one sentence, list item or row; an inferred row has `cells` and spans them."""

    start: int
    end: int
    kind: BlockKind
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one report that is found as a whole.

    `text` is verbatim (`report.text[anchor.start:anchor.end]`); `search_text` is title, headings and table header, then
    the words with wrapped lines joined: what the searches read. `units` lie inside the anchor, in order.
    """

    anchor: Anchor
    blocks: tuple[Block, ...] = field(hash=False)
    text: str
    search_text: str
    heading_path: tuple[str, ...]
    language: Language
    units: tuple[Unit, ...] = field(hash=False)  # what is known of a passage is kept by it: its hash is to be cheap

    @property
    def passage_id(self) -> str:
        """The anchor's id."""
        return self.anchor.id

    @property
    def page(self) -> int | None:
        """The page on which the passage begins (1-based), or None where the report has no pages."""
        return self.blocks[0].page if self.blocks else None

    @property
    def section(self) -> str | None:
        """The heading path as one line, or None."""
        return SECTION_SEPARATOR.join(self.heading_path) or None

    @property
    def row(self) -> str | None:
        """The row's label where the passage is one table row, else None."""
        return self.blocks[0].row if len(self.blocks) == 1 else None

    def words(self, start: int, end: int) -> str:
        """The verbatim text of [start, end), offsets counted in the report."""
        return self.text[start - self.anchor.start : end - self.anchor.start]

    def said(self, unit: Unit) -> str:
        """What a unit says: its words, or the cells of an inferred row with their headers."""
        facts = (f"{cell.header}: {self.words(cell.start, cell.end)}" for cell in unit.cells)
        return " / ".join(fact.removeprefix(": ") for fact in facts) or self.words(unit.start, unit.end)

    def block_at(self, start: int) -> Block | None:
        """The block that holds the offset `start` of the report."""
        return next((block for block in self.blocks if block.start <= start < block.end), None)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number, amount, share, date or range in one canonical form; [start, end) is where it is written.

    `value` is in the base unit (41億ユーロ -> 4100000000, "EUR"), None for dates; `date` is (year, month, day), None for
    what is not said. `precision` is the power of ten of the last digit written.
    """

    kind: str
    value: Decimal | None
    unit: str
    precision: int
    approximate: bool
    start: int
    end: int
    date: tuple[int | None, int | None, int | None] | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier message of a conversation; `role` is "user" or "assistant"."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class Term:
    """A weighted search term: a typed word weighs 1, what was carried over or derived weighs less."""

    text: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Scope:
    """The reports that a question is put to: those of these ids or in these collections (folders of the corpus), all
    where neither is given; of them those that may have been issued from `since` to `until` (as precise as `issued`)."""

    report_ids: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """A question, understood as far as search needs it."""

    text: str
    language: Language
    history: tuple[Turn, ...] = ()
    terms: tuple[Term, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    names: tuple[str, ...] = ()
    scope: Scope | None = None


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one search says of a passage: its rank there (1-based) and its raw score."""

    source: str
    rank: int
    score: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found, with its rank (1-based), fused score and what found it."""

    passage: Passage
    report: ReportRef
    rank: int
    score: float
    contributions: tuple[Contribution, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """One comparison of a claim with its source; `ok` is None where nothing could be compared."""

    kind: str
    ok: bool | None
    claim: str
    source: str


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of an answer: `text` without markers, [start, end) in the answer's text, citation numbers."""

    text: str
    start: int
    end: int
    citations: tuple[int, ...]
    verdict: Verdict
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered quote: `quote` is the report's text at `anchor`, verbatim; `passage` is what it was found in."""

    number: int
    anchor: Anchor
    quote: str
    verdict: Verdict
    passage: Passage
    report: ReportRef

    @property
    def block(self) -> Block | None:
        """The block that the quote begins in."""
        return self.passage.block_at(self.anchor.start)

    @property
    def page(self) -> int | None:
        """The page of the quote (1-based), or None."""
        return self.block.page if self.block else self.passage.page

    @property
    def section(self) -> str | None:
        """The heading path of the quote as one line, or None."""
        path = self.block.heading_path if self.block else self.passage.heading_path
        return SECTION_SEPARATOR.join(path) or None

    @property
    def row(self) -> str | None:
        """The label of the table row that the quote is, or None (of several rows too)."""
        return self.block.row if self.block and self.anchor.end <= self.block.end else None

    @property
    def boxes(self) -> tuple[LineBox, ...]:
        """The printed lines that the quote touches, with their boxes."""
        lines = (line for block in self.passage.blocks for line in block.boxes)
        return tuple(line for line in lines if line.start < self.anchor.end and self.anchor.start < line.end)


@dataclass(frozen=True, slots=True)
class Fallback:
    """A configured model that failed, and why; the answer was made without it."""

    llm: str
    reason: str


@dataclass(frozen=True, slots=True)
class Backend:
    """What made an answer: the language model's name or "extractive", the embedder's name, a fallback if any."""

    llm: str
    embedder: str
    fallback: Fallback | None = None


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds that one stage of answering took."""

    stage: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Usage:
    """How often a language model was called, and the tokens it was sent and gave back: estimated, never asked for."""

    calls: int = 0
    sent: int = 0
    received: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(self.calls + other.calls, self.sent + other.sent, self.received + other.received)


@dataclass(frozen=True, slots=True)
class Record:
    """What made an answer, so that it can be explained later: pairs of name and value, never a secret.

    `searched` is every text that passages were looked up for, `passages` the ids of what the answer was made from.
    """

    settings: tuple[tuple[str, str], ...] = ()
    fingerprints: tuple[tuple[str, str], ...] = ()
    searched: tuple[str, ...] = ()
    passages: tuple[str, ...] = ()
    usage: Usage = Usage()
    scope: Scope | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer with everything behind it. In `text` citations stand as [1], [2]; every number shown is in `citations`.

    When abstained, `claims` and `citations` are empty and `hits` holds what came closest.
    """

    question: str
    language: Language
    status: Status
    text: str
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    backend: Backend
    fingerprint: str
    timings: tuple[Timing, ...] = ()
    record: Record = Record()


@dataclass(frozen=True, slots=True)
class Retrieved:
    """Streamed first: what was found."""

    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """Streamed while a whole report is read for a summary: how many of its pieces were."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Token:
    """Streamed while answering: a further piece of the answer's text."""

    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """Streamed last: the whole answer."""

    answer: Answer


Event = Retrieved | Reading | Token | Done


@dataclass(frozen=True, slots=True)
class FailedFile:
    """A file that could not be read: a message key and its values, so that it can be said in either language."""

    path: str
    code: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What a sync changed; paths are relative to the corpus."""

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    duplicates: tuple[str, ...] = ()
    superseded: tuple[str, ...] = ()
    unchanged: int = 0
    failed: tuple[FailedFile, ...] = field(default=())
    reports: int = 0
    passages: int = 0
    seconds: float = 0.0
