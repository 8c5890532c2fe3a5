"""The small Markdown of answers as safe HTML: everything is escaped, and nothing in a text can become a tag or a link.

Pure. Understood are paragraphs, headings, "- " and "1. " lists, pipe tables, lines of labelled facts, "> " quotes,
**bold** and citation markers. What is not understood is shown as it stands.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable
from itertools import groupby

Marker = Callable[[int], str | None]

TURNING = {code: f"[U+{code:04X}]" for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
"""The characters that turn the order of the letters after them around, and what is shown in their place."""

UNCITED = "\ue000"
"""Put after a statement that cites nothing; `render_text` turns it into the tag it is given."""

_PRIVATE_USE = re.compile("[\ue000-\uf8ff]")
_INLINE = re.compile(rf"\*\*(?P<bold>.+?)\*\*|\[(?P<number>\d{{1,4}})\]|(?P<uncited>{UNCITED})")
_BULLET = re.compile(r"\s*[-*]\s+[・•]\s*|\s*[-*・•]\s+|\s*[・•]")
_NUMBERED = re.compile(r"\s*\d{1,3}[.)]\s+")
_HEADING = re.compile(r"#{1,6}\s+")
_QUOTE = re.compile(r"\s*>\s?")
_RULE = re.compile(r"\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*")
_FACT = re.compile(r"(?P<label>[^\s:：。、|*\[][^:：。、|*\[]{0,23}?)\s*(?:：|:\s)\s*(?P<value>\S.*)")
_FACT_BREAK = re.compile(r"\s[/|]\s")
_NAME, _SHORT, _LONG = 6, 12, 36
_CELL_BREAK = re.compile(r"(?<!\\)\|")
_UNFINISHED = re.compile(r"\[\d*$|\*\*?$")


def escape(text: str) -> str:
    """A text as HTML that shows it. What would turn the order of the letters around is shown by its name."""
    return html.escape(text.translate(TURNING))


def clean(text: str) -> str:
    """A text without characters that could pass for a mark of ours; offsets stay as they are."""
    return _PRIVATE_USE.sub(" ", text)


def finished(text: str) -> str:
    """A text that is still being written, without the beginning of a marker at its end."""
    return _UNFINISHED.sub("", text)


def render_text(text: str, marker: Marker, uncited: str = "") -> str:
    """An answer's text as HTML. `marker` gives a citation number's chip, or None where the number is none of ours."""

    def inline(line: str) -> str:
        return _inline(line, marker, uncited)

    blocks = groupby(text.split("\n"), key=_kind)
    return "".join(_RENDERERS[kind]([line for line in lines if line.strip()], inline) for kind, lines in blocks)


def _kind(line: str) -> str:
    stripped = line.strip()
    if not stripped:
        return "blank"
    if stripped.startswith("|") and stripped.count("|") > 1:
        return "table"
    starts = (("quote", _QUOTE), ("heading", _HEADING), ("list", _BULLET), ("numbered", _NUMBERED))
    for kind, start in starts:
        if start.match(line):
            return kind
    return "facts" if _facts(stripped) else "paragraph"


def _inline(line: str, marker: Marker, uncited: str) -> str:
    pieces: list[str] = []
    end = 0
    for match in _INLINE.finditer(line):
        pieces.append(escape(line[end : match.start()]))
        pieces.append(_mark(match, marker, uncited))
        end = match.end()
    return "".join([*pieces, escape(line[end:])])


def _mark(match: re.Match[str], marker: Marker, uncited: str) -> str:
    if match["bold"] is not None:
        return f"<strong>{_inline(match['bold'], marker, uncited)}</strong>"
    if match["uncited"]:
        return uncited
    return marker(int(match["number"])) or escape(match[0])


Inline = Callable[[str], str]


def _paragraph(lines: list[str], inline: Inline) -> str:
    return f"<p>{'<br>'.join(inline(line) for line in lines)}</p>"


def _heading(lines: list[str], inline: Inline) -> str:
    return "".join(f'<p class="subhead">{inline(_HEADING.sub("", line, count=1))}</p>' for line in lines)


def _quote(lines: list[str], inline: Inline) -> str:
    inner = "<br>".join(inline(_QUOTE.sub("", line, count=1)) for line in lines)
    return f"<blockquote>{inner}</blockquote>"


def _list(lines: list[str], inline: Inline) -> str:
    return f"<ul>{_items((_BULLET.sub('', line, count=1) for line in lines), inline)}</ul>"


def _numbered(lines: list[str], inline: Inline) -> str:
    first = re.search(r"\d+", lines[0])
    start = f' start="{int(first[0])}"' if first and first[0] != "1" else ""
    return f"<ol{start}>{_items((_NUMBERED.sub('', line, count=1) for line in lines), inline)}</ol>"


def _items(items: Iterable[str], inline: Inline) -> str:
    return "".join(f"<li>{_labelled(item, inline)}</li>" for item in items)


def _table(lines: list[str], inline: Inline) -> str:
    has_head = len(lines) > 1 and _RULE.fullmatch(lines[1].strip()) is not None
    head = _row(lines[0], "th", inline) if has_head else ""
    body = "".join(_row(line, "td", inline) for line in lines[2 if has_head else 0 :])
    return f'<div class="scroll"><table>{head and f"<thead>{head}</thead>"}<tbody>{body}</tbody></table></div>'


def _row(line: str, tag: str, inline: Inline) -> str:
    cells = _CELL_BREAK.split(line.strip())
    cells = cells[1:-1] if not cells[-1].strip() else cells[1:]
    return f"<tr>{''.join(f'<{tag}{_width(cell)}>{inline(_cell(cell))}</{tag}>' for cell in cells)}</tr>"


def _width(cell: str) -> str:
    """A date or a name stays in one line; a sentence is not squeezed into a column of single letters."""
    words = _INLINE.sub("", cell).strip()
    is_short = len(words) <= _SHORT and (len(words) <= _NAME or re.search(r"\d", words))
    return ' class="short"' if words and is_short else ' class="long"' if len(words) > _LONG else ""


def _cell(cell: str) -> str:
    return cell.strip().replace("\\|", "|")


def _facts(line: str) -> list[tuple[str, str]]:
    """A line of "label: value / label: value" as pairs; empty where it is not one. A single pair is a sentence."""
    first, *others = _FACT_BREAK.split(line)
    if _FACT.fullmatch(first) is None:
        return []
    parts = [first]
    for part in others:
        if _FACT.fullmatch(part):
            parts.append(part)
        else:
            parts[-1] += f" / {part}"
    pairs = [(match["label"], match["value"]) for part in parts if (match := _FACT.fullmatch(part))]
    return pairs if len(pairs) > 1 else []


def _labelled(line: str, inline: Inline) -> str:
    """A line as a description list where it is one of labelled facts, else as it stands."""
    pairs = [(inline(label), inline(value)) for label, value in _facts(line.strip())]
    return render_facts(pairs) or inline(line)


def _fact_lists(lines: list[str], inline: Inline) -> str:
    return "".join(_labelled(line, inline) for line in lines)


def render_facts(pairs: Iterable[tuple[str, str]], kind: str = "facts") -> str:
    """Labelled facts, label and value already HTML, as a description list."""
    rows = "".join(f"<div><dt>{label}</dt><dd>{value}</dd></div>" for label, value in pairs)
    return f'<dl class="{kind}">{rows}</dl>' if rows else ""


_RENDERERS: dict[str, Callable[[list[str], Inline], str]] = {
    "blank": lambda lines, inline: "",
    "paragraph": _paragraph,
    "heading": _heading,
    "quote": _quote,
    "list": _list,
    "numbered": _numbered,
    "table": _table,
    "facts": _fact_lists,
}
