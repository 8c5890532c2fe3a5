"""Who and what a text names: companies, people, places, products. Pure.

Names are told by writing (capitals, katakana that no dictionary has) and by SudachiPy's proper nouns. A name's key is
shared by its spellings in both scripts (テスラ and Tesla).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from assistant.language.names import KATAKANA_RUN, LATIN_WORD, name_key, sound
from assistant.language.quantities import ERAS
from assistant.language.text import fold_text
from assistant.language.tokens import ENGLISH_STOPWORDS, is_dictionary_word, proper_nouns, terms

_LATIN_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[.&'’-][A-Za-z0-9]+)*")
_NOT_NAMES = frozenset(
    (
        "january february march april may june july august september october november december jan feb mar apr jun jul aug "
        "sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday table figure source note level "
        "chapter section page no mr mrs ms dr prof ceo cto cfo coo gwh mwh kwh usd eur jpy cny rmb gbp us uk eu yuan euro "
        "dollar yen inc ltd corp co llc japanese chinese english american european german french korean spanish british up "
        "over in on by mou loi jv ai ev evs llm llms oem oems it ict iot ip ipo gdp kpi api app adas r&d faq adas phev hev "
        "sdk gpu cpu pdf url ok both these those its their according under while although because since however yes thus "
        "and or for from with without at as to one two three four five six seven eight nine ten first second third"
    ).split()
)


_ACRONYM = re.compile(r"[A-Z]{2,4}")
_SOURCE_LINE = re.compile(r"^.*(?:出所|出典|資料|より|もとに|基に|\b(?:Sources?|Notes?)\b).*$", re.M)
_MADE = re.compile(r"(?:が|にて|で)?(?:作成|整理|集計)(?=[\s。．、，)）」]|$)")
_MADE_BY = re.compile(
    r"\b(?:compiled|prepared|created|made|produced|summari[sz]ed|edited|drawn up|put together) by (?:the )?"
    r"|\bSources?\s?[:：]\s?(?=[^,;.]{2,60},? (?:based on|compiled|prepared|created|using)\b)"
)
_FEW = 3
_SHORTEST_PART, _LONGEST_COMPOUND = 3, 24
_LAST_OF_THREE = re.compile(r"([aeio]?)[^aeiou]$")


@dataclass(frozen=True, slots=True)
class Entity:
    """A name as it is written at [start, end), and the key that its spellings share."""

    surface: str
    key: str
    start: int
    end: int


@lru_cache(maxsize=65_536)
def entity_key(surface: str) -> str:
    """The key of a name: by sound for katakana and Latin, as folded without spaces for anything else or shorter.

    Abbreviations are read letter by letter, so they stand as they are (CATL is not カタール). Three consonants are few:
    the vowel before the last one tells apart what they do not (Japan, シャオペン).
    """
    written = "".join(unicodedata.normalize("NFKC", surface).split())
    if _ACRONYM.fullmatch(written):
        return written
    folded = fold_text(written)
    only_sounds = bool(re.fullmatch(r"[a-z0-9.&'’\-ァ-ヺー・]+", folded))
    if not only_sounds or any(character.isdigit() for character in folded):
        return folded
    key = name_key(surface)
    vowel = _LAST_OF_THREE.search(sound(surface)) if len(key) == _FEW else None
    return (key + vowel[1] if vowel else key) or folded


@lru_cache(maxsize=4096)
def spellings(text: str) -> Mapping[str, frozenset[str]]:
    """Every word of a text that could be a name's spelling, by key: Latin words, katakana runs and their parts."""
    folded = unicodedata.normalize("NFKC", text)
    words = set(LATIN_WORD.findall(folded)) | {entity.surface for entity in named_entities(folded)}
    for run in KATAKANA_RUN.findall(folded):
        words |= {run, *run.split("・"), *_parts(run)}
    found: dict[str, set[str]] = {}
    for word in words:
        found.setdefault(entity_key(word), set()).add(word)
    return {key: frozenset(surfaces) for key, surfaces in found.items()}


@lru_cache(maxsize=4096)
def _parts(run: str) -> tuple[str, ...]:
    """The katakana words of a compound: as the dictionary has them, or what is before a word that it has."""
    parts = [term for term in terms(run) if KATAKANA_RUN.fullmatch(term)]
    for at in range(_SHORTEST_PART, min(len(run), _LONGEST_COMPOUND) - _SHORTEST_PART + 1):
        if is_dictionary_word(run[at:]):
            return (*parts, run[:at], run[at:])
    return tuple(parts)


def named_entities(text: str) -> list[Entity]:
    """The names in a text, in order, without overlaps."""
    latin = ((match.start(), _latin_name(match[0])) for match in _LATIN_NAME.finditer(text))
    spans = [(start, start + length) for start, length in latin if length]
    spans += [_whole_run(text, start, end) for start, end in proper_nouns(text) if text[start:end] not in ERAS]
    found: list[Entity] = []
    for start, end in sorted(set(spans)):
        if not found or start >= found[-1].end:
            found.append(Entity(text[start:end], entity_key(text[start:end]), start, end))
    return found


def makers(text: str) -> set[str]:
    """The keys of the names that source lines give as who made a figure or a table (出所：公開資料よりＡ社作成)."""
    found: set[str] = set()
    for line in _SOURCE_LINE.findall(text):
        named = named_entities(line)
        for made in _MADE.finditer(line):
            found |= {entity.key for entity in named if entity.end == made.start()}
        for made in _MADE_BY.finditer(line):
            found |= {entity.key for entity in named if entity.start == made.end()}
    return found


def is_distinctive(surface: str) -> bool:
    """Whether a name could hardly be an ordinary word: not in Latin letters, or with two capitals (BMW, WeRide)."""
    return not surface.isascii() or sum(character.isupper() for character in surface) >= 2


@lru_cache(maxsize=65_536)
def _latin_name(word: str) -> int:
    """The length of the name that a Latin word is, without the possessive; 0 where it is none."""
    word = re.sub(r"['’]s$|['’]$", "", word)
    plain = word.lower()
    has_capital = any(character.isupper() for character in word)
    is_name = len(word) > 1 and has_capital and plain not in ENGLISH_STOPWORDS and plain not in _NOT_NAMES
    return len(word) if is_name else 0


def _whole_run(text: str, start: int, end: int) -> tuple[int, int]:
    """A katakana name is as long as its run (ポニー・エーアイ), whatever the dictionary makes of its parts."""
    if not KATAKANA_RUN.fullmatch(text[start:end]):
        return start, end
    run = next(match for match in KATAKANA_RUN.finditer(text) if match.start() <= start < match.end())
    return run.start(), run.end()
