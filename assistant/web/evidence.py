"""The evidence panel: a citation or a hit as a card with its quote in place, its report, its checks and its page.

Pure: values in, HTML out. Report text is data: everything is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote as url_quote

from assistant.citing.styles import Reference, render
from assistant.language.text import join_wrapped, language_of
from assistant.types import Anchor, Block, BlockKind, Check, Citation, Claim, Hit, Language, Passage, ReportRef
from assistant.web.markup import escape, render_facts
from assistant.web.words import word, word_or

MARKS = {
    "supported": "M2.5 6.5l2.5 2.5 4.5-6",
    "partial": "M2 7c1.3-2.4 2.7-2.4 4-1s2.700 1.400 4-1",
    "unsupported": "M3 3l6 6M9 3l-6 6",
    "none": "M3 6h6",
    "supports": "M2.5 6.5l2.5 2.5 4.5-6",
    "contradicts": "M2.5 4.5h7M2.5 7.5h7M8 2.5l-4 7",
    "related": "M2 7c1.3-2.4 2.7-2.4 4-1s2.700 1.400 4-1",
    "pane": "M1.500 2h9v8h-9zM4.500 2v8",
    "copy": "M4.500 4.500h6v6h-6zM7.500 4.500v-3h-6v6h3",
    "again": "M10 6a4 4 0 1 1-1.300-3M10 1.500v2.200H7.800",
    "edit": "M2 10l.5-2.500L8.500 1.500l2 2L4.500 9.500z",
    "up": "M1.500 5.500h2v5h-2zM3.500 5.500L6 1.500c1 0 1.300.800 1 1.700L6.600 4.700H10l-1 5.800H3.500",
    "down": "M1.500 6.500h2v-5h-2zM3.500 6.500L6 10.500c1 0 1.300-.800 1-1.700L6.600 7.300H10l-1-5.800H3.500",
    "previous": "M7.500 2.500L4 6l3.500 3.500",
    "next": "M4.500 2.500L8 6 4.500 9.500",
    "close": "M3 3l6 6M9 3l-6 6",
    "more": "M2.500 6h.01M6 6h.01M9.500 6h.01",
}
"""The shape of each verdict, stance and button as an SVG path in a 12 x 12 box: drawn, so that no font has to have it."""

SOURCE_LINE = "source"
_CHECK_MARKS = {True: ("supported", "check_ok"), False: ("unsupported", "check_failed"), None: ("none", "check_none")}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one card shows. `verdict` and `number` are empty for a passage that merely came close."""

    anchor: Anchor
    passage: Passage
    report: ReportRef
    page: int | None
    section: str | None
    row: str | None
    number: int | None = None
    verdict: str = ""
    claims: tuple[Claim, ...] = ()

    @classmethod
    def of_citation(cls, citation: Citation, claims: Iterable[Claim]) -> Evidence:
        """A citation with the claims that cite it."""
        return cls(
            citation.anchor,
            citation.passage,
            citation.report,
            citation.page,
            citation.section,
            citation.row,
            citation.number,
            citation.verdict.value,
            tuple(claim for claim in claims if citation.number in claim.citations),
        )

    @classmethod
    def of_hit(cls, hit: Hit) -> Evidence:
        """A passage that was found, as a whole."""
        passage = hit.passage
        return cls(passage.anchor, passage, hit.report, passage.page, passage.section, passage.row)

    @property
    def quote(self) -> str:
        """The quoted words as a person reads them."""
        return join_wrapped(self.passage.words(self.anchor.start, self.anchor.end))


def mark(shape: str) -> str:
    """A verdict's shape; always beside words, so hidden from screen readers."""
    return f'<svg class="mark" viewBox="0 0 12 12" aria-hidden="true"><path d="{MARKS[shape]}"/></svg>'


def render_card(evidence: Evidence, language: Language, scope: str) -> str:
    """One card: closed it shows the quote and where it stands; open, everything that is known of it."""
    number = "" if evidence.number is None else f' id="{scope}-e{evidence.number}" data-evidence="{evidence.number}"'
    body = [
        _context(evidence, language),
        _checks(evidence.claims, language),
        _picture(evidence, language),
        _about(evidence, language),
        _buttons(evidence, language),
    ]
    return (
        f'<details class="card {evidence.verdict or "near"}"{number}>'
        f"<summary>{_glance(evidence, language)}</summary>"
        f'<div class="inside">{"".join(body)}</div></details>'
    )


def _glance(evidence: Evidence, language: Language) -> str:
    head = ""
    if evidence.number is not None:
        verdict = word(f"verdict_{evidence.verdict}", language)
        badge = f'<span class="badge">{evidence.number}</span>'
        head = f'<span class="verdict">{badge}{mark(evidence.verdict)}<span>{verdict}</span></span>'
    quote = f'<span class="quote" lang="{evidence.passage.language}">{escape(evidence.quote)}</span>'
    return f'{head}{quote}<span class="where">{_where(evidence, language)}</span>'


def _where(evidence: Evidence, language: Language) -> str:
    parts = [f"<span{_lang(evidence.report.title)}>{escape(evidence.report.title)}</span>"]
    if evidence.page is not None:
        parts.append(word("page", language, page=evidence.page))
    if evidence.row:
        parts.append(escape(word("row", language, row=evidence.row)))
    return '<span class="dot"> · </span>'.join(parts)


def _lang(text: str) -> str:
    return f' lang="{language_of(text)}"'


def _context(evidence: Evidence, language: Language) -> str:
    passage = evidence.passage
    spans: Sequence[tuple[Block | None, int, int]] = [(block, block.start, block.end) for block in passage.blocks]
    spans = spans or [(None, passage.anchor.start, passage.anchor.end)]
    inner = "".join(_block(evidence, block, start, end) for block, start, end in spans)
    label = word("context", language)
    return f'<div class="context" lang="{passage.language}" role="group" aria-label="{label}">{inner}</div>'


def _block(evidence: Evidence, block: Block | None, start: int, end: int) -> str:
    """One block of the passage, offsets in the report, with what is quoted of it marked."""
    if block is not None and block.cells and evidence.number is not None:
        cells = ((escape(join_wrapped(c.header)), _marked(evidence, c.start, c.end)) for c in block.cells)
        return render_facts(cells, "cells")
    kind = block.kind.value if block is not None else BlockKind.PARAGRAPH.value
    return f'<p class="{kind}">{_marked(evidence, start, end)}</p>'


def _marked(evidence: Evidence, start: int, end: int) -> str:
    words = evidence.passage.words
    if evidence.number is None:
        return escape(join_wrapped(words(start, end)))
    first, last = max(start, evidence.anchor.start), min(end, evidence.anchor.end)
    if first >= last:
        return escape(join_wrapped(words(start, end)))
    before, quoted, after = words(start, first), words(first, last), words(last, end)
    marked = f"<mark>{escape(join_wrapped(quoted))}</mark>"
    return (
        escape(join_wrapped(before)) + gap(before, quoted) + marked + gap(quoted, after) + escape(join_wrapped(after))
    )


def gap(left: str, right: str) -> str:
    """What stands between two neighbouring pieces once each has had its wrapped lines joined: a space or nothing."""
    kept, ahead = left.rstrip(), right.lstrip()
    space = left[len(kept) :] + right[: len(right) - len(ahead)]
    if not (kept and ahead and space):
        return ""
    return join_wrapped(kept[-1] + space + ahead[0])[1:-1]


def _checks(claims: Sequence[Claim], language: Language) -> str:
    blocks = "".join(_claim(claim, language) for claim in claims if claim.checks)
    return blocks and f'<section class="checks"><h4>{word("checks", language)}</h4>{blocks}</section>'


def _claim(claim: Claim, language: Language) -> str:
    """What a claim was compared by. A verbatim quote says the same twice, so its words are not repeated here."""
    verbatim = all(check.kind == "quote" and check.ok for check in claim.checks)
    words = "" if verbatim else f"<p{_lang(claim.text)}>{escape(join_wrapped(claim.text))}</p>"
    rows = "".join(dict.fromkeys(_check(check, language) for check in claim.checks))
    return f"{words}<ul>{rows}</ul>"


def _check(check: Check, language: Language) -> str:
    """ "€4.1 billion = 41億ユーロ": what the answer says and what the report says, with what became of comparing them."""
    shape, result = _CHECK_MARKS[check.ok]
    kind = escape(word_or(f"check_{check.kind}", check.kind, language))
    words = "" if check.kind == "quote" and check.ok else _compared(check)
    return f'<li class="{shape}">{mark(shape)}<span>{words}<b>{kind} {word(result, language)}</b></span></li>'


def _compared(check: Check) -> str:
    claim, source = escape(join_wrapped(check.claim)), escape(join_wrapped(check.source))
    return f"{claim} {'=' if check.ok else '≠'} {source} " if source and check.ok is not None else f"{claim} "


def _about(evidence: Evidence, language: Language) -> str:
    source = evidence.report.source
    facts = {
        "fact_author": source.author,
        "fact_publisher": source.publisher,
        "fact_issued": source.issued,
        "fact_page": evidence.page,
        "fact_section": evidence.section,
        "fact_row": evidence.row,
        "fact_url": source.url,
        "fact_id": evidence.anchor.id,
    }
    pairs = [(word(name, language), escape(str(value))) for name, value in facts.items() if value]
    title = f'<h4 class="title"{_lang(evidence.report.title)}>{escape(evidence.report.title)}</h4>'
    digest = source.digest_of and f'<p class="digest">{escape(word("digest_of", language, title=source.digest_of))}</p>'
    return f'<section class="about">{title}{digest or ""}{render_facts(pairs)}</section>'


def _picture(evidence: Evidence, language: Language) -> str:
    source = escape(f"/pages/{url_quote(evidence.anchor.id, safe=':')}")
    name = "picture" if evidence.page else "picture_around"
    alt = escape(word(name, language, title=evidence.report.title, page=evidence.page))
    return (
        f'<figure class="page"><a href="{source}" target="_blank" rel="noopener" '
        f'title="{word("picture_open", language)}"><img loading="lazy" data-src="{source}" alt="{alt}"></a>'
        f'<figcaption class="missing">{word("picture_missing", language)}</figcaption></figure>'
    )


def _buttons(evidence: Evidence, language: Language) -> str:
    """Read on in the report; of what is cited also take the reference along, and go back to the answer."""
    read = f'<a class="open" href="#read={escape(evidence.anchor.id)}">{word("read_open", language)}</a>'
    if evidence.number is None:
        return read
    block = evidence.passage.block_at(evidence.anchor.start)
    reference = Reference(evidence.anchor.id, evidence.report, block, evidence.quote)
    back = word("back", language)
    button = f'<button type="button" class="back" data-back="{evidence.number}">{back}</button>'
    return copy_button([reference], word("copy_reference", language), language) + read + button


def copy_button(references: Iterable[Reference], label: str, language: Language) -> str:
    """A button that copies the source lines of what is cited, each line once; nothing where nothing is."""
    lines = dict.fromkeys(render([one], SOURCE_LINE, language) for one in references)
    if not lines:
        return ""
    text, copied = escape("\n".join(lines)), word("copied", language)
    return f'<button type="button" class="copy" data-copy="{text}" data-copied="{copied}">{escape(label)}</button>'
