"""A small corpus of made-up reports and a scripted stream over it: answers whose every field is known.

`python -m tests.web.fakes [PORT STATE]` serves the web app over them, by default on a free port, and prints its address.
"""

from __future__ import annotations

import struct
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from assistant.assistant import Assistant
from assistant.citing.lookup import LookedUp, Match, Stance
from assistant.config import LlmSettings, LoadedSettings, Settings
from assistant.errors import CorpusError, ModelError
from assistant.indexing.sync import scan
from assistant.stores.conversations import Conversations
from assistant.stores.journal import Journal
from assistant.types import (
    Anchor,
    Answer,
    Backend,
    Block,
    BlockKind,
    Box,
    Cell,
    Check,
    Citation,
    Claim,
    Contribution,
    Done,
    Event,
    FailedFile,
    Fallback,
    Hit,
    Language,
    LineBox,
    Page,
    Passage,
    Record,
    Report,
    ReportRef,
    Retrieved,
    Scope,
    Source,
    Status,
    Timing,
    Token,
    Turn,
    Verdict,
)
from assistant.web.library import Shelved

BEFORE = "電池は走行距離を左右する。\n"
QUOTE = "2025年の合弁への投資額は最大41億ユーロ\nに達する見込みである。"
AFTER = "\n量産は2026年に始まる。"
TEXT = BEFORE + QUOTE + AFTER
ROW = "3-2\tモメンタ\t2025年7月15日\t運転支援の共同開発"
EVIL = '<script>alert(1)</script> [1] "quoted" <img src=x onerror=alert(2)> ![](http://evil.example/a.png)'

SOURCE = Source(
    title="電池産業の展望",
    author="山田 太郎",
    publisher="架空総合研究所",
    issued="2025-12-04",
    url="https://reports.example/batteries",
    language="ja",
    digest_of="世界の電池産業 2025",
)
REPORT = ReportRef("0123456789ab", PurePosixPath("batteries.pdf"), SOURCE)
TABLE_REPORT = ReportRef("ba9876543210", PurePosixPath("tables.pdf"), Source(title="Partnerships in 2025"))
BOXES = (
    LineBox(len(BEFORE), len(BEFORE) + 20, 12, Box(0.12, 0.30, 0.88, 0.33)),
    LineBox(len(BEFORE) + 20, len(BEFORE) + len(QUOTE), 12, Box(0.12, 0.34, 0.52, 0.37)),
)


def passage(text: str, report: ReportRef = REPORT, blocks: tuple[Block, ...] = ()) -> Passage:
    """A passage that is the whole report."""
    anchor = Anchor(report.report_id, 0, len(text))
    return Passage(anchor, blocks, text, text, ("第2章 電池", "投資"), Language.JA, ())


def paragraph() -> Passage:
    """A paragraph on page 12, wrapped, whose quoted lines have boxes."""
    block = Block(BlockKind.PARAGRAPH, 0, len(TEXT), 12, ("第2章 電池", "投資"), boxes=BOXES)
    return passage(TEXT, blocks=(block,))


def table_row() -> Passage:
    """A row of a table with its cells told apart."""
    cells, start = [], 0
    for header, words in zip(("番号", "企業", "公表日", "内容"), ROW.split("\t"), strict=True):
        cells.append(Cell(header, start, start + len(words)))
        start += len(words) + 1
    block = Block(BlockKind.TABLE_ROW, 0, len(ROW), 7, ("表3",), row="3-2", cells=tuple(cells))
    return passage(ROW, TABLE_REPORT, (block,))


def citation(number: int, verdict: Verdict, found: Passage, quote: str, report: ReportRef = REPORT) -> Citation:
    """A citation of words that stand in a passage."""
    start = found.text.index(quote)
    return Citation(number, Anchor(report.report_id, start, start + len(quote)), quote, verdict, found, report)


CITATIONS = (
    citation(1, Verdict.SUPPORTED, paragraph(), QUOTE),
    citation(2, Verdict.PARTIAL, table_row(), ROW, TABLE_REPORT),
    citation(3, Verdict.UNSUPPORTED, paragraph(), "量産は2026年に始まる。"),
)
CHECKS = (
    Check("money", True, "41億ユーロ", "最大41億ユーロ"),
    Check("date", False, "2027年", "2026年"),
    Check("name", None, "モメンタ", ""),
)
TEXT_JA = """合弁への投資額は最大41億ユーロです[1]。量産は2027年に始まります[3]。今後も続くでしょう。

| 企業 | 公表日 | 内容 |
|---|---|---|
| モメンタ | 2025年7月15日 | 運転支援の共同開発[2] |

- **電池**: 走行距離を左右します[1]
- **提携**: 運転支援を共同で開発します[2]
"""
TEXT_EN = """Investment in the joint venture is **up to 4.1 billion euros** [1], announced with Momenta [2].

Production starts in 2027 [3]."""


def claims(text: str) -> tuple[Claim, ...]:
    """Claims over the Japanese or English answer, one of each verdict where the text has them."""
    said = {
        "合弁への投資額は最大41億ユーロです[1]。": ((1,), Verdict.SUPPORTED, CHECKS[:1]),
        "量産は2027年に始まります[3]。": ((3,), Verdict.UNSUPPORTED, CHECKS[1:2]),
        "今後も続くでしょう。": ((), Verdict.UNCITED, ()),
        "| モメンタ | 2025年7月15日 | 運転支援の共同開発[2] |": ((2,), Verdict.PARTIAL, CHECKS[2:]),
        "Production starts in 2027 [3].": ((3,), Verdict.UNSUPPORTED, CHECKS[1:2]),
    }
    return tuple(
        Claim(words.replace("[1]", "").replace("[3]", ""), start, start + len(words), *rest)
        for words, rest in said.items()
        if (start := text.find(words)) >= 0
    )


def hits() -> tuple[Hit, ...]:
    """Two hits, best first."""
    found = ((paragraph(), REPORT), (table_row(), TABLE_REPORT))
    return tuple(
        Hit(one, report, rank, 1 / rank, (Contribution("dense", rank, 0.5),))
        for rank, (one, report) in enumerate(found, start=1)
    )


def answer(
    language: Language = Language.JA,
    *,
    question: str = "投資額は?",
    status: Status = Status.ANSWERED,
    text: str | None = None,
    citations: Sequence[Citation] = CITATIONS,
    llm: str = "extractive",
    fallback: Fallback | None = None,
) -> Answer:
    """An answer with one citation of each verdict, or an abstention with the nearest hits."""
    words = text if text is not None else TEXT_JA if language is Language.JA else TEXT_EN
    abstained = status is Status.ABSTAINED
    return Answer(
        question=question,
        language=language,
        status=status,
        text=words,
        claims=() if abstained else claims(words),
        citations=() if abstained else tuple(citations),
        hits=hits(),
        backend=Backend(llm, "bilingual", fallback),
        fingerprint="f" * 8,
        timings=(Timing("search", 0.21), Timing("answer", 0.62)),
    )


class ScriptedStream:
    """A `stream` that answers in the question's language, abstains on "火星" or "Mars", fails on "壊れた" or "broken", and
    has a fault on "想定外".

    `asked` is what it was called with; `closed` counts the streams that were closed before their end.
    """

    def __init__(self, pause_s: float = 0.0) -> None:
        self.pause_s = pause_s
        self.asked: list[tuple[str, tuple[Turn, ...], Language | None]] = []
        self.closed = 0

    def __call__(
        self,
        question: str,
        *,
        history: Sequence[Turn],
        answer_language: Language | None,
        scope: Scope | None = None,
        reader: str = "",
    ) -> Iterator[Event]:
        """The events of one answer."""
        self.asked.append((question, tuple(history), answer_language))
        done = self._answer(question, answer_language or (Language.EN if question.isascii() else Language.JA))
        done = replace(done, record=Record(scope=scope))
        try:
            yield Retrieved(done.hits)
            for start in range(0, len(done.text), 12):
                time.sleep(self.pause_s)
                yield Token(done.text[start : start + 12])
                if "broken" in question or "壊れた" in question:
                    raise ModelError("llm_broken", name="fake", reason="no reply")
                if "想定外" in question:
                    raise RuntimeError("a fault of the program")
            yield Done(done)
        except GeneratorExit:
            self.closed += 1
            raise

    def _answer(self, question: str, language: Language) -> Answer:
        if "火星" in question or "Mars" in question:
            return answer(language, question=question, status=Status.ABSTAINED, text="")
        return answer(language, question=question)


def report(name: str) -> Report:
    """Two pages: a heading and the paragraph on page 12, the table's row on page 13. Other reports there are none."""
    if name != REPORT.report_id:
        raise CorpusError("id_unknown", id=name)
    row, start = table_row().blocks[0], len(TEXT) + 2
    moved = tuple(Cell(cell.header, cell.start + start, cell.end + start) for cell in row.cells)
    blocks = (paragraph().blocks[0], Block(BlockKind.TABLE_ROW, start, start + len(ROW), 13, row="3-2", cells=moved))
    pages = (Page(12, 0, len(TEXT), 595, 842), Page(13, start, start + len(ROW), 595, 842))
    text = f"{TEXT}\n\n{ROW}"
    return Report(REPORT.report_id, REPORT.path, "0" * 64, "application/pdf", SOURCE, text, blocks, pages)


def picture(name: str) -> tuple[bytes, str]:
    """A page of 70 x 99 pixels, white but for a grey band; an error for the ids of other reports."""
    if not name.startswith((REPORT.report_id, TABLE_REPORT.report_id)):
        raise CorpusError("id_unknown", id=name)
    width, height = 70, 99
    rows = bytearray()
    for y in range(height):
        rows += b"\0" + bytes([190 if 30 <= y < 37 else 255]) * width
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks), "image/png"


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


DRAFT = "投資額は最大41億ユーロだ。量産は2027年に始まる。月は<b>赤い</b>。"


def look_up(text: str) -> tuple[LookedUp, ...]:
    """The sentences of a text, the first supported, the second contradicted, the others not found."""
    made, start = [], 0
    for number, sentence in enumerate(part + "。" for part in text.split("。") if part.strip()):
        matches = (
            (Match(Stance.SUPPORTS, CITATIONS[0], CHECKS[:1]), Match(Stance.RELATED, CITATIONS[1], ())),
            (Match(Stance.CONTRADICTS, CITATIONS[2], CHECKS[1:2]),),
        )
        found = matches[number] if number < len(matches) else ()
        made.append(LookedUp(sentence, start, start + len(sentence), found))
        start += len(sentence)
    return tuple(made)


SHELVED = (
    Shelved("batteries.pdf", "report", REPORT, 48, notes=(("quality_no_text", "7"),)),
    Shelved("2025/tables.pdf", "superseded", TABLE_REPORT, 7),
    Shelved("copy.pdf", "duplicate", twin="batteries.pdf"),
    Shelved("<img src=x onerror=alert(1)>.md", "failed", failure=FailedFile("x", "file_no_text")),
)


class FakeStage:
    """What works behind the page: a scripted stream, and some files that are always there beside those that are really in
    `corpus`, which wait to be read."""

    most_mb = 1
    is_busy = False

    def __init__(self, corpus: Path) -> None:
        self.corpus = corpus
        self.stream = ScriptedStream(pause_s=0.08)
        (corpus / "batteries.pdf").write_bytes(b"what is known of it can be changed")

    def look_up(self, text: str, *, reader: str = "") -> tuple[LookedUp, ...]:
        """The sentences of a text."""
        return look_up(text)

    def files(self) -> list[Shelved]:
        """The shelf."""
        return [*SHELVED, *(Shelved(path, "waiting") for path in scan(self.corpus) if path != "batteries.pdf")]

    def changed(self) -> None:
        """Nothing is read."""

    def starters(self, language: Language) -> list[str]:
        """One question in each language."""
        return ["合弁への投資額は?", "How much is invested?"]

    def status(self, language: Language) -> str:
        """One line, with characters that HTML knows."""
        return "レポート2件 <b>&" if language is Language.JA else "2 reports <b>&"

    def follow_ups(self, answer: Answer, language: Language, history: Sequence[Turn]) -> list[str]:
        """One question, where something was cited."""
        return ["量産は<b>いつ</b>から?"] if answer.citations else []


def main() -> None:
    """Serve the app over the fakes until killed."""
    from assistant.web.app import build, serve
    from assistant.web.model import ModelDesk
    from assistant.web.routes import choosing, reading, scoping

    port, state = sys.argv[1:] or ("0", tempfile.mkdtemp())
    folder = Path(tempfile.mkdtemp())
    settings = Settings(llm=LlmSettings(model="none"))
    desk = ModelDesk(
        Assistant.open(folder, folder / "index", settings), LoadedSettings(settings), folder / "assistant.toml"
    )
    app = build(
        FakeStage(Path(tempfile.mkdtemp())),  # pyright: ignore[reportArgumentType]
        picture=picture,
        routers=[
            reading(report, lambda report_id, page: picture(report_id)[0]),
            scoping(lambda: [REPORT, TABLE_REPORT]),
            choosing(desk),
        ],
        language=None,
        conversations=Conversations(Journal(Path(state), keep_days=90)),
    )
    serve(app, port=int(port), ready=lambda url: print(url, flush=True))


if __name__ == "__main__":
    main()
