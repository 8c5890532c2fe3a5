"""Reads HTML with selectolax: the main content without navigation, as headings, paragraphs, lists and table rows."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from assistant.errors import ReadingError
from assistant.reading import tables
from assistant.reading.builder import Extracted, ReportBuilder, says_caption, says_note
from assistant.reading.encodings import decode
from assistant.types import BlockKind, Source

_CHARSET = re.compile(
    rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w:.-]+)|<\?xml[^>]{0,100}encoding=[\"']([\w.-]+)", re.I
)
_WIDER = {"shift_jis": "cp932", "iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "euc_jp": "euc_jp"}
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS_NAMES = """
    address article blockquote body center dd details div dl dt fieldset figure form footer header hgroup hr
    html main ol p pre section summary table tbody td tfoot th thead tr ul li figcaption caption
"""
_BLOCKS = frozenset(_BLOCKS_NAMES.split())
_SKIPPED_NAMES = """
    audio base button canvas datalist dialog embed head iframe input link map menu meta nav noscript object
    progress rp rt rtc script select style svg template textarea title video aside form
"""
_SKIPPED = frozenset(_SKIPPED_NAMES.split())
_CONTAINERS_NAMES = """
    div section article center form table tbody tr td main
"""
_CONTAINERS = frozenset(_CONTAINERS_NAMES.split())
_TABLE_PARTS = frozenset(("table", "tbody", "tr"))
_SKIPPED_ROLES = frozenset(("navigation", "banner", "contentinfo", "search", "dialog", "alertdialog", "complementary"))
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CLUTTER = re.compile(
    r"(?:.*[-_])?(?:cookies?|gdpr)(?:[-_].*)?|breadcrumbs?|topic-?path|sns|share(?:-?buttons?)?|social|pager|pagination"
    r"|side-?bar",
    re.IGNORECASE,
)
_DENSE = 0.8
_BREAK = "\v"
_WRAP_IN_WIDE = re.compile(r"(?<=[⺀-鿿豈-﫿＀-￯])[ \t\r\f]*\n[ \t\r\n\f]*(?=[⺀-鿿豈-﫿＀-￯])")
_SPACES = re.compile(r"[ \t\r\n\f]+")
_DATE = re.compile(r"(\d{4})(?:[-/.年](\d{1,2})(?:[-/.月](\d{1,2}))?)?")
_MOST_SPAN = 100


def extract(data: bytes, name: str) -> Extracted:
    """The text and blocks of a web page.

    Ruby text keeps its base; hidden elements, navigation and forms are left out; a table's header rows are furniture.
    Errors: `ReadingError` html_no_text, file_empty or file_binary.
    """
    tree = LexborHTMLParser(_decoded(data, name))
    builder = ReportBuilder()
    if tree.body is not None:
        _Writer(builder).write(_main(tree, tree.body))
    extracted = builder.build(_source(tree))
    if not extracted.blocks:
        raise ReadingError("html_no_text", file=name)
    return extracted


def _decoded(data: bytes, name: str) -> str:
    """By the byte-order mark, then by what the page declares where that fits, then by what the bytes look like."""
    declared = _CHARSET.search(data[:4096])
    if declared is None or data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return decode(data, name)
    try:
        encoding = codecs.lookup((declared[1] or declared[2]).decode("ascii", "replace")).name
        text = data.decode(_WIDER.get(encoding, encoding), "replace")
    except LookupError:
        return decode(data, name)
    return text if text.count("\ufffd") * 200 <= len(text) else decode(data, name)


# The main content ---------------------------------------------------------------------------------------------------


def _main(tree: LexborHTMLParser, body: LexborNode) -> LexborNode:
    """<main>, the one <article>, or the container that holds nearly all of the words outside links."""
    for selector in ("main, [role=main]", "article"):
        found = [node for node in tree.css(selector) if not _is_left_out(node)]
        best = max(found, key=_weight, default=None)
        if best is not None and 2 * _weight(best) >= _weight(body):
            return best
    return _densest(body)


def _densest(body: LexborNode) -> LexborNode:
    chosen = node = body
    while True:
        inner = [child for child in node.iter() if child.tag in _CONTAINERS and not _is_unseen(child)]
        heaviest = max(inner, key=_weight, default=None)
        if heaviest is None or _weight(heaviest) < _DENSE * _weight(node):
            return chosen
        node = heaviest
        if node.tag not in _TABLE_PARTS:
            chosen = node


def _weight(node: LexborNode) -> int:
    """How many characters of words outside links and clutter a node holds."""
    return sum(
        len((child.text_content or "").strip()) if child.tag == "-text" else _weight(child)
        for child in node.iter(include_text=True)
        if child.tag != "a" and (child.tag == "form" or not _is_left_out(child))
    )


def _is_left_out(node: LexborNode) -> bool:
    return node.tag in _SKIPPED or _is_unseen(node) or _is_clutter(node)


def _is_unseen(node: LexborNode) -> bool:
    attributes = node.attributes
    if "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    return _UNSEEN.search(attributes.get("style") or "") is not None


def _is_clutter(node: LexborNode) -> bool:
    attributes = node.attributes
    if attributes.get("role") in _SKIPPED_ROLES:
        return True
    if node.tag in ("header", "footer") and node.parent is not None and node.parent.tag in ("body", "div"):
        return True
    names = f"{attributes.get('class') or ''} {attributes.get('id') or ''}".split()
    return any(_CLUTTER.fullmatch(name) for name in names)


# Blocks -------------------------------------------------------------------------------------------------------------


class _Writer:
    """Walks the content; words wait in a buffer until a block begins or ends."""

    def __init__(self, builder: ReportBuilder) -> None:
        self._builder = builder
        self._words: list[str] = []

    def write(self, root: LexborNode) -> None:
        """Everything below `root` as blocks."""
        self._flow(root, BlockKind.PARAGRAPH)
        self._flush(BlockKind.PARAGRAPH)

    def _flow(self, node: LexborNode, kind: BlockKind) -> None:
        for child in node.iter(include_text=True):
            if child.tag == "-text":
                self._words.append(child.text_content or "")
            elif child.tag == "br":
                self._words.append(_BREAK)
            elif child.tag in _BLOCKS or child.tag in _HEADINGS:
                if not _is_left_out(child):
                    self._flush(kind)
                    self._block(child, kind)
            elif not _is_left_out(child):
                self._flow(child, kind)

    def _block(self, node: LexborNode, kind: BlockKind) -> None:
        if node.tag in _HEADINGS:
            if words := _words(node):
                self._builder.heading(_HEADINGS[node.tag], words)
        elif node.tag in ("figcaption", "caption"):
            self._caption(_words(node))
        elif node.tag == "table" and _is_data(node):
            self._table(node)
        elif node.tag == "pre":
            self._builder.block(kind, node.text())
        else:
            kind = BlockKind.LIST if node.tag == "li" else kind
            self._flow(node, kind)
            self._flush(kind)

    def _flush(self, kind: BlockKind) -> None:
        words = _tidy("".join(self._words))
        self._words.clear()
        if kind is BlockKind.PARAGRAPH and says_note(words):
            kind = BlockKind.NOTE
        if kind is BlockKind.PARAGRAPH and says_caption(words):
            self._caption(words)
        else:
            self._builder.block(kind, words)

    def _caption(self, words: str) -> None:
        if words:
            self._builder.caption(words)

    def _table(self, table: LexborNode) -> None:
        for caption in table.css("caption")[:1]:
            self._caption(_words(caption))
        rows = list(_rows(table))
        heads = 0
        while heads < len(rows) - 1 and _is_header(rows[heads]):
            heads += 1
        grid = tables.place(map(_spans, rows))
        tables.write(self._builder, grid, heads or tables.likely_head_rows(grid))


def _words(node: LexborNode) -> str:
    """The words of a node as one flow: inner blocks are parted by a space."""
    return _tidy("".join(_pieces(node)))


def _pieces(node: LexborNode) -> Iterator[str]:
    for child in node.iter(include_text=True):
        if child.tag == "-text":
            yield child.text_content or ""
        elif child.tag == "br":
            yield _BREAK
        elif not _is_left_out(child):
            edge = " " if child.tag in _BLOCKS else ""
            yield edge
            yield from _pieces(child)
            yield edge


def _tidy(words: str) -> str:
    """White space as a browser shows it, but none where the source wraps between Japanese characters."""
    lines = _SPACES.sub(" ", _WRAP_IN_WIDE.sub("", words)).split(_BREAK)
    return "\n".join(line.strip() for line in lines).strip("\n")


# Tables -------------------------------------------------------------------------------------------------------------


def _is_data(table: LexborNode) -> bool:
    """Whether a table holds data, not the page's layout: two columns or more, and no headings inside."""
    if (
        table.attributes.get("role") in ("presentation", "none")
        or table.css_first("h1, h2, h3, h4, h5, h6") is not None
    ):
        return False
    return max((len(list(_cells(row))) for row in _rows(table)), default=0) > 1


def _rows(table: LexborNode) -> Iterator[LexborNode]:
    for child in table.iter():
        if child.tag in ("thead", "tbody", "tfoot"):
            yield from _rows(child)
        elif child.tag == "tr" and not _is_unseen(child):
            yield child


def _cells(row: LexborNode) -> Iterator[LexborNode]:
    return (cell for cell in row.iter() if cell.tag in ("td", "th") and not _is_unseen(cell))


def _is_header(row: LexborNode) -> bool:
    in_head = row.parent is not None and row.parent.tag == "thead"
    cells = list(_cells(row))
    return bool(cells) and (in_head or all(cell.tag == "th" for cell in cells))


def _spans(row: LexborNode) -> Iterator[tuple[str, int, int]]:
    return ((_words(cell), _span(cell, "colspan"), _span(cell, "rowspan")) for cell in _cells(row))


def _span(cell: LexborNode, name: str) -> int:
    value = cell.attributes.get(name) or "1"
    return min(max(int(value), 1), _MOST_SPAN) if value.isdecimal() else 1


# Source -------------------------------------------------------------------------------------------------------------


def _source(tree: LexborHTMLParser) -> Source:
    publisher = _meta(tree, "og:site_name", "dc.publisher", "citation_publisher")
    html, link, heading = tree.css_first("html"), tree.css_first("link[rel=canonical]"), tree.css_first("h1")
    shown = tree.css_first("head > title")
    title = _meta(tree, "og:title") or (_words(shown) if shown else "") or (_words(heading) if heading else "")
    url = (link.attributes.get("href") if link else None) or _meta(tree, "og:url") or ""
    language = (html.attributes.get("lang") or "") if html else ""
    date = _meta(tree, "article:published_time", "date", "dc.date", "dcterms.date", "citation_publication_date")
    return Source(
        title=_without_site(" ".join(title.split()), publisher) or None,
        author=_meta(tree, "author", "dc.creator", "citation_author"),
        publisher=publisher,
        issued=_issued(date or ""),
        url=url if url.startswith(("http://", "https://")) else None,
        language=language.split("-")[0].lower() or None,
    )


def _meta(tree: LexborHTMLParser, *names: str) -> str | None:
    """The first of these names that the page gives a value, under `name` or `property`."""
    given: dict[str, str] = {}
    for node in tree.css("meta"):
        key = node.attributes.get("property") or node.attributes.get("name") or ""
        value = " ".join((node.attributes.get("content") or "").split())
        if value:
            given.setdefault(key.lower(), value)
    return next((given[name] for name in names if name in given), None)


def _without_site(title: str, site: str | None) -> str:
    return re.sub(rf"\s*[|｜\-–—:：]\s*{re.escape(site)}$", "", title) if site else title


def _issued(date: str) -> str | None:
    match = _DATE.match(date)
    return "-".join(part.zfill(2) for part in match.groups() if part) if match else None
