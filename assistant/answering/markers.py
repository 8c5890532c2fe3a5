"""Citation markers in a language model's answer: opaque ids issued by us, like [S4K]. Pure, linear time.

A streamed answer is filtered as it comes: a bracket is held back until it is known whether it is a marker, known ids
become [1], [2] by first use, unknown ids are dropped and counted, and numbers that a model writes in brackets by itself
become full-width, so that they cannot pass for citations. Full-width brackets and characters are understood.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from assistant.language.text import fold_text, widen_brackets

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_OPENERS, _CLOSERS = "[【［", "]】］"
_LONGEST = 120
_SHORT_TRIES = 20
_ID = re.compile(r"[a-z][a-z0-9]{1,5}")
_ANY_BRACKET = re.compile(r"[\[【［]([^\[\]【】［］\n]{1,60})[\]】］]")
_SEPARATORS = re.compile(r"[\s,;、，；/|&]+|\band\b|\b(?:passage|source|ref)s?\b[:\s]*")


@dataclass(frozen=True, slots=True)
class Marked:
    """An answer's text without markers, where each known marker stood, and how many unknown ones were dropped."""

    text: str
    references: tuple[tuple[int, str], ...]
    dropped: int


def issue(passage_ids: Sequence[str]) -> dict[str, str]:
    """A marker for each passage: {marker: passage id}, in order. The same passages get the same markers."""
    issued: dict[str, str] = {}
    for passage_id in passage_ids:
        salt = 0
        while True:
            digest = hashlib.sha256(f"{passage_id}#{salt}".encode()).digest()
            marker = "S" + _ALPHABET[digest[0] % 8] + _ALPHABET[8 + digest[1] % 24]
            if salt > _SHORT_TRIES:  # there are 192 short ones
                marker += "".join(_ALPHABET[byte % 32] for byte in digest[2:5])
            if marker not in issued:
                break
            salt += 1
        issued[marker] = passage_id
    return issued


@dataclass(slots=True)
class MarkerStream:
    """Feed it pieces of an answer; it gives back pieces that can be shown at once. `finish` gives the rest."""

    known: Mapping[str, str]
    dropped: int = 0
    references: list[tuple[int, str]] = field(default_factory=list)
    _held: str = ""
    _in_code: bool = False
    _length: int = 0
    _numbers: dict[str, int] = field(default_factory=dict)
    _text: list[str] = field(default_factory=list)

    def feed(self, piece: str) -> str:
        """What of the answer so far can be shown now, known markers as [n]."""
        return "".join(self._character(character) for character in piece)

    def finish(self) -> str:
        """What was still held back, now that nothing follows."""
        held, self._held = self._held, ""
        return self._plain(held)

    @property
    def marked(self) -> Marked:
        """The whole answer without markers, with where they stood."""
        return Marked("".join(self._text), tuple(self.references), self.dropped)

    def _character(self, character: str) -> str:
        if self._held:
            return self._continue(character)
        if character in _OPENERS:
            self._held = character
            return ""
        if character == "`":
            self._in_code = not self._in_code
        return self._plain(character)

    def _continue(self, character: str) -> str:
        if character in _CLOSERS:
            held, self._held = self._held + character, ""
            return self._bracket(held)
        if character in _OPENERS or character == "\n" or len(self._held) >= _LONGEST:
            held, self._held = self._held, ""
            return self._plain(held) + self._character(character)
        self._held += character
        return ""

    def _bracket(self, bracket: str) -> str:
        ids = marker_ids(bracket[1:-1])
        if not ids:
            return self._plain(widen_brackets("[" + bracket[1:-1] + "]") if _is_number(bracket[1:-1]) else bracket)
        shown = ""
        self._drop_space()
        for marker in ids:
            if marker not in self.known or self._in_code:
                self.dropped += 1
                continue
            self.references.append((self._length, marker))
            number = self._numbers.setdefault(marker, len(self._numbers) + 1)
            shown += f"[{number}]"
        return shown

    def _drop_space(self) -> None:
        """The space before a marker goes with it, so that "2026 [S4K]." reads "2026."."""
        while self._text and self._text[-1] in (" ", "　"):
            self._text.pop()
            self._length -= 1

    def _plain(self, text: str) -> str:
        self._text.extend(text)
        self._length += len(text)
        return text


def marker_ids(inside: str) -> list[str]:
    """The ids in a bracket that holds nothing but ids, upper case, or nothing when it holds anything else."""
    parts = [part for part in _SEPARATORS.split(fold_text(inside)) if part]
    if not parts or not all(_ID.fullmatch(part) for part in parts):
        return []
    looks_issued = all(any(character.isdigit() for character in part) or _is_shouted(part, inside) for part in parts)
    return [part.upper() for part in parts] if looks_issued else []


def parse(text: str, known: Mapping[str, str]) -> Marked:
    """A whole answer at once: the same as feeding it in pieces."""
    stream = MarkerStream(known)
    stream.feed(text)
    stream.finish()
    return stream.marked


def defused(text: str) -> str:
    """A report's text in which nothing can pass for a marker of ours or a number: other brackets, which mean nothing."""
    return _ANY_BRACKET.sub(lambda m: f"〔{m[1]}〕" if marker_ids(m[1]) else m[0], widen_brackets(text))


def _is_number(inside: str) -> bool:
    return inside.strip().isdigit() and inside.strip().isascii()


def _is_shouted(part: str, inside: str) -> bool:
    """Whether an id without digits was written in capitals as ours are (not an ordinary word in brackets)."""
    return len(part) == 3 and part[0] == "s" and part.upper() in fold_case_kept(inside)


def fold_case_kept(text: str) -> str:
    """Full-width letters as half-width ones, case kept."""
    return text.translate({0xFF01 + offset: 0x21 + offset for offset in range(94)})
