"""Text as it is written and text as it is compared: folding with a map back, wrapped lines, the language of a span."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache

from assistant.types import Language, Passage

_KANA = re.compile(r"[぀-ゟ゠-ヿㇰ-ㇿｦ-ﾟ]")
_HAN = re.compile(r"[㐀-䶿一-鿿豈-﫿⺀-⿟\U00020000-\U0003ffff]")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
_WIDE = r"⺀-鿿豈-﫿＀-￯぀-ヿ。、「」『』（）【】・…―\U00020000-\U0003ffff"
_WRAP_AFTER_WIDE = re.compile(rf"(?<=[{_WIDE}])[ \t]*\n[ \t　]*|[ \t]*\n[ \t　]*(?=[{_WIDE}])")
_WRAP_HYPHEN = re.compile(r"(?<=[a-z])-\n[ \t]*(?=[a-z])")
_WRAP_COMPOUND = re.compile(r"(?<=[A-Za-z0-9]-)\n[ \t]*(?=[A-Z0-9])")
_WRAP = re.compile(r"\s*\n\s*")
_BRACKETED_NUMBER = re.compile(r"\[\s*(\d+)\s*\]")
_PRIVATE_USE = re.compile(r"[\ue000-\uf8ff]")
PLAIN = "\\n\\t -~‐-―‘-”、-〗ぁ-ゖァ-ヾ一-鿿！-～"  # characters that fold to one character each, whatever stands around
_PLAIN_RUN = re.compile(rf"[{PLAIN}]+(?![^{PLAIN}])")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text and, for each of its characters, the offset in the verbatim text that it came from.

    `offsets` has one entry more than `text` has characters: the verbatim length, so that spans map back by lookup.
    """

    text: str
    offsets: tuple[int, ...]

    def verbatim_span(self, start: int, end: int) -> tuple[int, int]:
        """[start, end) of the folded text as a span of the verbatim text; never cuts a verbatim character."""
        if start >= end:
            return self.offsets[start], self.offsets[start]
        last = self.offsets[end - 1]
        after = bisect_right(self.offsets, last, lo=end)
        return self.offsets[start], self.offsets[min(after, len(self.offsets) - 1)]


def fold(text: str) -> Folded:
    """NFKC and case folding, character group by character group, with the way back.

    A group is a character with the combining marks after it (half-width ｶ + ﾞ is one), so that folding the whole and
    folding the groups agree. Private-use bullets become spaces.
    """
    pieces: list[str] = []
    offsets: list[int] = []
    at = 0
    for run in _PLAIN_RUN.finditer(text):
        _fold_groups(text, at, run.start(), pieces, offsets)
        pieces.append(fold_text(run[0]))
        offsets.extend(range(run.start(), run.end()))
        at = run.end()
    _fold_groups(text, at, len(text), pieces, offsets)
    return Folded("".join(pieces), (*offsets, len(text)))


def _fold_groups(text: str, start: int, end: int, pieces: list[str], offsets: list[int]) -> None:
    for first, last in _groups(text, start, end):
        folded = _fold_group(text[first:last])
        pieces.append(folded)
        offsets.extend([first] * len(folded))


def fold_text(text: str) -> str:
    """`fold` without the map back: what two spellings are compared by."""
    return unicodedata.normalize("NFKC", _PRIVATE_USE.sub(" ", text)).casefold()


@lru_cache(maxsize=32_768)
def _fold_group(group: str) -> str:
    return fold_text(group)


def _groups(text: str, start: int, end: int) -> list[tuple[int, int]]:
    groups: list[tuple[int, int]] = []
    for index, character in enumerate(text[start:end], start):
        joins = unicodedata.combining(character) or character in "ﾞﾟ"
        if joins and groups:
            groups[-1] = (groups[-1][0], index + 1)
        else:
            groups.append((index, index + 1))
    return groups


def canonical_newlines(text: str) -> str:
    """Newlines as `\\n`, no byte-order mark, lone surrogates as U+FFFD: what every canonical text is."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def join_wrapped(text: str) -> str:
    """A quote as a person reads it: wrapped lines joined, without a space next to Japanese, cells apart by " | "."""
    text = _PRIVATE_USE.sub("", text)
    if "\n" in text:
        text = _WRAP_COMPOUND.sub("", _WRAP_HYPHEN.sub("", text))
        text = _WRAP_AFTER_WIDE.sub("", text)
        text = _WRAP.sub(" ", text)
    return text.replace("\t", " | ").strip()


def language_of(text: str) -> Language:
    """The language of a span: Japanese where kana stand, or more Han than Latin words; else English."""
    if _KANA.search(text):
        return Language.JA
    return Language.JA if len(_HAN.findall(text)) > len(re.findall(r"[A-Za-zÀ-ɏ]+", text)) else Language.EN


def readable(passage: Passage) -> str:
    """A passage as a person or a language model reads it: one line a block, wrapped lines joined."""
    first, last = passage.anchor.start, passage.anchor.end
    return "\n".join(join_wrapped(passage.words(max(b.start, first), min(b.end, last))) for b in passage.blocks)


def is_content(text: str) -> bool:
    """Whether a text has a letter, a digit or an ideograph at all (and is not only punctuation or white space)."""
    return any(character.isalnum() for character in text)


def widen_brackets(text: str) -> str:
    """Bracketed digits of a report in full width (［12］), so that they cannot pass for citations of ours."""
    return _BRACKETED_NUMBER.sub(lambda m: "［" + "".join(chr(0xFF10 + int(digit)) for digit in m[1]) + "］", text)
