"""References to a report, a passage or a citation, in the styles that people hand in. Pure.

Every style takes `Reference`s and the language of the text that they are put into; whatever came out of a report is
escaped for the format it goes into. The place (page, table, row) is always in, and a digest says that it is one.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from assistant.errors import UsageError
from assistant.types import Block, Citation, Language, ReportRef

_MONTHS = "January February March April May June July August September October November December".split()
_TABLE = re.compile(
    r"(?:図表|図|表|figure|fig\.|table|chart|exhibit)\s*[0-9０-９]+(?:[-－‐.．][0-9０-９]+)*", re.IGNORECASE
)
_BIBTEX = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>()#|!])")
_SPAN = re.compile(r":(\d+)-(\d+)")
_FORMULA = re.compile(r"[=+\-@＝＋－＠]")


@dataclass(frozen=True, slots=True)
class Reference:
    """What is cited: a report and, where it is one, the quoted place in it. `id` is the id that was asked for."""

    id: str
    report: ReportRef
    block: Block | None = None
    quote: str = ""
    claim: str = ""
    verdict: str = ""

    @classmethod
    def of(cls, citation: Citation) -> Reference:
        """The reference to a citation."""
        return cls(citation.anchor.id, citation.report, citation.block, citation.quote)

    @property
    def page(self) -> int | None:
        """The page of the place (1-based), or None."""
        return self.block.page if self.block else None

    @property
    def section(self) -> str:
        """The innermost heading over the place, or an empty string."""
        return self.block.heading_path[-1] if self.block and self.block.heading_path else ""

    @property
    def table(self) -> str:
        """The number of the table or figure that the place stands in ("表3"), or an empty string."""
        match = _TABLE.match(self.block.caption or "") if self.block else None
        return match[0] if match else ""

    @property
    def column(self) -> str:
        """The header of the cell that the quote is, or is a part of; an empty string where it is more, or no cell."""
        span = _SPAN.search(self.id)
        first, last = (int(span[1]), int(span[2])) if span else (0, 0)
        cells = self.block.cells if self.block else ()
        return next((cell.header for cell in cells if cell.start <= first < last <= cell.end), "")


def render(references: Sequence[Reference], style: str, language: Language) -> str:
    """The references in one style. Errors: `UsageError` style_unknown, with the styles there are."""
    write = STYLES.get(style)
    if write is None:
        nearest = get_close_matches(style.lower(), STYLES, 1, 0.0)[0]
        raise UsageError("style_unknown", style=style, nearest=nearest, styles=", ".join(STYLES))
    return write(references, language)


# Parts --------------------------------------------------------------------------------------------------------------


def locator(reference: Reference, language: Language) -> str:
    """Where in the report: page, table or figure, row and column ("p. 3, 表3, row 3-2, column 概要"), else section; empty
    for a whole report."""
    japanese = language is Language.JA
    parts = [f"p. {reference.page}"] if reference.page else []
    parts += [reference.table] if reference.table else []
    if reference.block and reference.block.row:
        parts.append(f"「{reference.block.row}」の行" if japanese else f"row {reference.block.row}")
        if reference.column:
            parts.append(f"「{reference.column}」の列" if japanese else f"column {reference.column}")
    elif reference.section and not reference.table:
        parts.append(f"「{reference.section}」" if japanese else f"“{reference.section}”")
    return ("、" if japanese else ", ").join(parts)


def _title(reference: Reference, language: Language) -> str:
    digest_of = reference.report.source.digest_of
    if not digest_of:
        return reference.report.title
    return f"{digest_of}（要約）" if language is Language.JA else f"digest of {digest_of}"


def _author(reference: Reference) -> str:
    source = reference.report.source
    return source.author or source.publisher or ""


def _date(issued: str | None, language: Language) -> str:
    """An ISO date, as precise as it is: 2025年12月4日, 4 December 2025."""
    parts = [int(part) for part in (issued or "").split("-") if part.isdecimal()]
    if language is Language.JA:
        return "".join(f"{part}{unit}" for part, unit in zip(parts, "年月日", strict=False))
    names = [str(parts[0])] if parts else []
    names += [_MONTHS[parts[1] - 1]] if len(parts) > 1 and 1 <= parts[1] <= 12 else []
    return " ".join([*map(str, parts[2:3]), *reversed(names)])


def _joined(parts: Iterable[str], separator: str) -> str:
    return separator.join(part for part in parts if part)


# Styles -------------------------------------------------------------------------------------------------------------


def _source_line(reference: Reference, language: Language) -> str:
    """出所：発行者「題名」（2025年12月4日）表3 より / Source: Publisher, “Title” (4 December 2025), Table 3."""
    source = reference.report.source
    who, day, where = (
        source.publisher or _author(reference),
        _date(source.issued, language),
        locator(reference, language),
    )
    if language is Language.JA:
        return f"出所：{who}「{_title(reference, language)}」" + (f"（{day}）" if day else "") + f"{where}より"
    title = f"“{_title(reference, language)}”" + (f" ({day})" if day else "")
    return f"Source: {_joined([who, title, where], ', ')}."


def _sist02(reference: Reference, language: Language) -> str:
    """SIST 02-2007, report: 著者. 題名. 発行者, 発行日, 所在. URL."""
    source = reference.report.source
    publisher = source.publisher if source.publisher != _author(reference) or not source.author else ""
    facts = _joined([publisher or "", source.issued or "", locator(reference, language)], ", ")
    return _joined([_author(reference) if source.author else "", _title(reference, language), facts], ". ") + _end(
        source.url
    )


def _apa(reference: Reference, language: Language) -> str:
    """APA 7, report: Author. (2025, December 4). Title (p. 3). Publisher. URL"""
    source, who = reference.report.source, _author(reference)
    parts = _date(source.issued, Language.EN).split()
    day = f"{parts[-1]}, {_joined([*parts[-2:-1], *parts[:-2]], ' ')}".rstrip(", ") if parts else "n.d."
    where = locator(reference, language)
    title = f"{_title(reference, language)}" + (f" ({where})" if where else "")
    publisher = source.publisher if source.publisher and source.publisher != who else ""
    named = [who, f"({day})", title, publisher] if who else [title, f"({day})", publisher]
    return _joined(named, ". ") + _end(source.url)


def _end(url: str | None) -> str:
    return f". {url}" if url else "."


def _markdown(reference: Reference, language: Language) -> str:
    source = reference.report.source
    title = _MARKDOWN.sub(r"\\\1", _title(reference, language))
    link = f"[{title}](<{source.url}>)" if source.url and re.fullmatch(r"https?://[^\s<>]+", source.url) else title
    facts = [source.publisher or _author(reference), _date(source.issued, language), locator(reference, language)]
    line = _joined([link, *(_MARKDOWN.sub(r"\\\1", fact) for fact in facts)], ", ")
    quote = " ".join(_MARKDOWN.sub(r"\\\1", reference.quote).split())
    return f"- {line}" + (f"\n  > {quote}" if quote else "")


def _bibtex(reference: Reference, language: Language) -> str:
    source = reference.report.source
    issued = (source.issued or "").split("-")
    fields = {
        "title": _title(reference, language),
        "author": _author(reference),
        "institution": source.publisher or _author(reference),
        "year": issued[0],
        "month": str(int(issued[1])) if len(issued) > 1 and issued[1].isdecimal() else "",
        "url": source.url or "",
        "note": locator(reference, language),
    }
    lines = [f"  {name} = {{{_bibtex_value(name, value)}}}," for name, value in fields.items() if value]
    return "\n".join([f"@techreport{{r{re.sub('[^0-9a-z]+', '-', reference.id)},", *lines, "}"])


def _bibtex_value(name: str, value: str) -> str:
    escaped = "".join(_BIBTEX.get(character, character) for character in " ".join(value.split()))
    return f"{{{escaped}}}" if name in ("author", "institution", "title") else escaped


def _ris(reference: Reference, language: Language) -> str:
    source = reference.report.source
    issued = (source.issued or "").split("-")
    fields = [
        ("TY", "RPRT"),
        ("ID", reference.id),
        ("TI", _title(reference, language)),
        ("AU", _author(reference)),
        ("PB", source.publisher or ""),
        ("PY", issued[0]),
        ("DA", "/".join(issued) if len(issued) > 1 else ""),
        ("SP", str(reference.page or "")),
        ("N1", locator(reference, language)),
        ("LA", source.language or ""),
        ("UR", source.url or ""),
    ]
    lines = [f"{tag}  - {' '.join(value.split())}" for tag, value in fields if value.strip()]
    return "\n".join([*lines, "ER  - "])


def _csl_item(reference: Reference, language: Language) -> dict[str, object]:
    source = reference.report.source
    dates = [int(part) for part in (source.issued or "").split("-") if part.isdecimal()]
    item: dict[str, object] = {"id": reference.id, "type": "report", "title": _title(reference, language)}
    item |= {"author": [{"literal": _author(reference)}]} if _author(reference) else {}
    item |= {"publisher": source.publisher} if source.publisher else {}
    item |= {"issued": {"date-parts": [dates]}} if dates else {}
    item |= {"URL": source.url} if source.url else {}
    item |= {"language": source.language} if source.language else {}
    where = locator(reference, language)
    return item | ({"note": where} if where else {})


def _csl_json(references: Sequence[Reference], language: Language) -> str:
    return json.dumps([_csl_item(one, language) for one in references], ensure_ascii=False, indent=2)


def _evidence_sheet(references: Sequence[Reference], language: Language) -> str:
    """CSV, a row a reference, for a spreadsheet: cells that it would take for formulas begin with an apostrophe."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\r\n")
    rows.writerow(["claim", "quote", "report", "publisher", "issued", "page", "section", "row", "verdict", "id"])
    for one in references:
        source, row = one.report.source, one.block.row if one.block else ""
        cells = [one.claim, one.quote, _title(one, language), source.publisher, source.issued, one.page, one.section]
        rows.writerow([_cell(cell) for cell in (*cells, row, one.verdict, one.id)])
    return out.getvalue()


def _cell(value: object) -> str:
    text = "" if value is None else " ".join(str(value).split())
    return f"'{text}" if _FORMULA.match(text) else text


def _each(write: Callable[[Reference, Language], str], separator: str = "\n"):
    def write_all(references: Sequence[Reference], language: Language) -> str:
        return separator.join(write(one, language) for one in references)

    return write_all


STYLES: dict[str, Callable[[Sequence[Reference], Language], str]] = {
    "source": _each(_source_line),
    "sist02": _each(_sist02),
    "apa": _each(_apa),
    "markdown": _each(_markdown),
    "bibtex": _each(_bibtex, "\n\n"),
    "ris": _each(_ris, "\n\n"),
    "csl-json": _csl_json,
    "csv": _evidence_sheet,
}
