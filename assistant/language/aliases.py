"""Names that a report itself equates: 寧徳時代新能源科技(CATL), 小馬智行(ポニー・エーアイ), Unitree（宇樹科技）. Pure.

A bracket is an alias only when it is a name in another script (or an abbreviation) right after a name; notes, dates,
nationalities and descriptions are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.language.entities import entity_key
from assistant.language.text import fold_text
from assistant.language.tokens import is_dictionary_word

_BRACKET = re.compile(r"[(（]([^()（）\n\t]{2,48})[)）]")
_LEFT = re.compile(
    r"(?:[A-Za-z][A-Za-z0-9.&'’-]*(?: [A-Z][A-Za-z0-9.&'’-]*)*|[ァ-ヺー・]{2,24}|[㐀-鿿々ァ-ヺー・]{2,20})[「」『』\"”]?$"
)
_LATIN = re.compile(r"[A-Za-z][A-Za-z0-9 .&'’-]*")
_KATAKANA = re.compile(r"[ァ-ヺー・]{2,24}")
_HAN = re.compile(r"[㐀-鿿々]{2,12}")
_BEFORE = re.compile(r"(?:以下|通称|略称|旧|現|英名|中国名|英語名|本社|注|出所|参考|単位|年|月|日|例)")
_NATIONS = frozenset(
    "日 中 米 独 英 仏 韓 伊 露 印 加 豪 台 日本 中国 米国 英国 韓国 独国 香港 台湾 欧州 同社 同氏 当時 前年 予定 合弁 中独合弁".split()
)
_DEFINED = re.compile(r"[:：、,，]")


@dataclass(frozen=True, slots=True)
class Alias:
    """Two names of one thing, and where the text equates them: [start, end) is `name(other)`."""

    name: str
    other: str
    start: int
    end: int


def mine(text: str) -> list[Alias]:
    """The aliases that a text gives, in order."""
    found: list[Alias] = []
    for bracket in _BRACKET.finditer(text):
        before = text[max(0, bracket.start() - 60) : bracket.start()]
        before = before[:-1] if re.search(r"[A-Za-z.] $", before) else before
        left = _LEFT.search(before)
        if left is None:
            continue
        name = left[0].strip('「」『』"” ・')
        for other in _names_in(bracket[1]):
            if _are_aliases(name, other):
                start = text.rfind(name, 0, bracket.start())
                found.append(Alias(name, other, start, bracket.end()))
    return found


def _names_in(inside: str) -> list[str]:
    """The names of a bracket: all of it, or what stands before a colon ("ADAS:Advanced Driver …") and after it."""
    if _BEFORE.match(inside) or fold_text(inside) in _NATIONS:
        return []
    parts = [part.strip() for part in _DEFINED.split(inside)]
    return [part for part in parts if _script(part)] if len(parts) <= 2 else []


def _are_aliases(name: str, other: str) -> bool:
    """Names in two scripts, or a name and its abbreviation; a description or a place in brackets is no other name."""
    one, two = _script(name), _script(other)
    if not one or two in ("", "mixed") or name in _NATIONS or other in _NATIONS:
        return False
    if two != "latin" and is_dictionary_word(other):
        return False
    if two == "han" and (one not in ("latin", "katakana") or is_dictionary_word(name)):
        return False
    if one == "han" and is_dictionary_word(name):
        return False
    return one != two or (other.isupper() and len(other) <= 6 < len(name))


def _script(name: str) -> str:
    if _LATIN.fullmatch(name) and any(character.isupper() for character in name) and len(name) >= 2:
        return "latin"
    if _KATAKANA.fullmatch(name):
        return "katakana"
    if _HAN.fullmatch(name):
        return "han"
    return "mixed" if re.fullmatch(r"[㐀-鿿々ァ-ヺー・]{3,20}", name) else ""


def _key(name: str) -> str:
    """An entity's key; of several words the letters as they are, since texts are split into single names."""
    return "".join(fold_text(name).split()) if len(name.split()) > 1 else entity_key(name)


class AliasTable:
    """Groups of names that mean the same; looked up by key or found in a text. Pairs kept `apart` never mean the same."""

    def __init__(self, pairs: Iterable[tuple[str, str]], apart: Iterable[tuple[str, str]] = ()) -> None:
        self._group: dict[str, set[str]] = {}
        self._surfaces: dict[str, str] = {}
        self._apart = {frozenset(map(_key, pair)) for pair in apart}
        for name, other in pairs:
            if not self.keeps_apart(name, other):
                self._join(name, other)
        self._phrases = {key: _phrase(name) for key, name in self._surfaces.items() if len(name.split()) > 1}
        self._han = [key for key in self._group if _HAN.search(key)]

    def _join(self, name: str, other: str) -> None:
        keys = {_key(name), _key(other)}
        self._surfaces |= {_key(name): name, _key(other): other}
        group = keys.union(*(self._group.get(key, ()) for key in keys))
        for key in group:
            self._group[key] = group

    def same(self, key: str) -> frozenset[str]:
        """Every key that means the same, `key` itself included."""
        alike = frozenset(self._group.get(key, ())) | {key}
        return frozenset(other for other in alike if {key, other} not in self._apart)

    def keeps_apart(self, name: str, other: str) -> bool:
        """Whether two names were said to mean different things."""
        return {_key(name), _key(other)} in self._apart

    def __contains__(self, key: str) -> bool:
        return key in self._group

    def names(self, key: str) -> list[str]:
        """The other names of a key's thing, as the reports spell them."""
        return [self._surfaces[other] for other in sorted(self.same(key)) if other != key and other in self._surfaces]

    def surface(self, key: str) -> str:
        """A key's name as the reports spell it."""
        return self._surfaces[key]

    def found_in(self, text: str) -> list[str]:
        """Keys of the names of the table that stand in a text and that no single word tells: Han, and several words."""
        folded = " ".join(fold_text(text).split())
        joined = folded.replace(" ", "")
        phrases = [key for key, phrase in self._phrases.items() if key in joined and phrase.search(folded)]
        return [*(key for key in self._han if key in joined), *phrases]


def _phrase(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z0-9]){re.escape(' '.join(fold_text(name).split()))}(?![a-z0-9])")
