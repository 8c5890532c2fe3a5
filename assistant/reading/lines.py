"""Lines of a plain text with their offsets, and what a single line looks like: bullet, note, caption, row, heading."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.language.text import fold_text

BULLET = re.compile(r"[ \t　]*(?:[•‣▪■□●○◆◇►▶➢✓❶-❿①-⑳\ue000-\uf8ff]|[・*–-](?=\s|[^\s\d-]))[ \t　]*")
NUMBERED = re.compile(r"[ \t　]*(?:\(?\d{1,2}[.)．)](?=\s|[^\d\s])|[（(]\d{1,2}[)）])")
_NOTE_WORD = r"(?:注|備考|(?:資料|写真|データ)?出[所典]|資料|引用|参考文献|Notes?|Sources?)\s?\d*"
NOTE = re.compile(
    rf"[ \t　]*(?:[（(]?{_NOTE_WORD}\s?[:：]|[（(]?{_NOTE_WORD}\s?[)）]|※)",
    re.I,
)
NOTE_LABEL_ALONE = re.compile(r"[ \t　]*[（(]?(?:注|Note)\s?\d*[)）]?\s?[:：]?[ \t　]*$", re.I)
CAPTION = re.compile(r"[ \t　]*(?:図表|表|図|Table|Figure|Fig\.)\s?[\d０-９]+(?:[-–.]\d+)?\s?[:：.．　 ]?", re.I)
ROW_LABEL = re.compile(r"(\d{1,3}(?:[-－–.]\d{1,3})+)[ \t　]+")
CHAPTER = re.compile(
    r"[ \t　]*(?:第\s?[\d０-９一二三四五六七八九十]+\s?[章部節]|[\d０-９]{1,2}(?:[.．]\d{1,2})*[.．、](?!\d))[ \t　]*\S"
)
DATE_ALONE = re.compile(
    r"[ \t　]*(?P<y>(?:19|20)\d\d)\s?[年/.-]\s?(?P<m>\d{1,2})\s?[月/.-]\s?(?P<d>\d{1,2})\s?日?[ \t　]*$"
)
BRACKETED = re.compile(r"[ \t　]*[(（〔\[［].*[)）〕\]］][ \t　]*$")
SENTENCE_END = re.compile(r"[。．.!?！？][」』）)\]]*[ \t　]*$")
_FURNITURE = re.compile(r"copyright|©|\(c\)|all rights reserved|無断転載", re.I)
_LONG_HEADING = 60


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a text: [start, end) without its newline; `page` counts form feeds where a file has any."""

    text: str
    start: int
    end: int
    page: int | None

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing to read."""
        return not self.text.strip()

    @property
    def is_indented(self) -> bool:
        """Whether the line is set in by white space (a page or paragraph begins, in text made from slides)."""
        return self.text[:1] in (" ", "　") and not self.is_blank


def split_lines(text: str) -> list[Line]:
    """The lines of a canonical text. A form feed ends a page; without one there are no pages."""
    paged = "\f" in text
    lines, start, page = [], 0, 1
    for piece in re.split(r"(?<=[\n\f])", text):
        content = piece.rstrip("\n\f")
        if piece:
            lines.append(Line(content, start, start + len(content), page if paged else None))
        start += len(piece)
        page += piece.endswith("\f")
    return lines


def is_note(text: str) -> bool:
    """Whether a line begins a note or names a source."""
    return bool(NOTE.match(text) or NOTE_LABEL_ALONE.match(text))


def is_caption(text: str) -> bool:
    """Whether a line is a table's or figure's caption: a number, then words, no sentence."""
    return bool(CAPTION.match(text)) and len(text) <= 100 and not SENTENCE_END.search(text)


def is_bullet(text: str) -> bool:
    """Whether a line begins a list item."""
    return bool(BULLET.match(text) or NUMBERED.match(text))


def looks_like_heading(text: str) -> bool:
    """Whether a line that stands alone could be a heading: short, no sentence, no bracketed credit, not a number."""
    stripped = text.strip()
    return (
        2 <= len(stripped) <= _LONG_HEADING
        and not SENTENCE_END.search(stripped)
        and stripped[-1] not in "、,;:；：）)％%個件"
        and not is_note(stripped)
        and not is_bullet(stripped)
        and not DATE_ALONE.match(stripped)
        and not stripped.startswith(("http", "（", "("))
        and bool(re.search(r"[^\W\d]", stripped))
    )


def furniture(lines: Sequence[Line]) -> frozenset[int]:
    """Offsets at which running footers start: copyright lines that recur up to their digits."""
    shapes = {line.start: re.sub(r"\d+", "#", fold_text(line.text).strip()) for line in lines if not line.is_blank}
    counts = Counter(shapes.values())
    return frozenset(start for start, shape in shapes.items() if counts[shape] >= 2 and _FURNITURE.search(shape))
