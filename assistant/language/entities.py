"""Who and what a text names: companies, people, places, products. Pure.

Names are told by writing (capitals, katakana that no dictionary has) and by SudachiPy's proper nouns. A name's key is
shared by its spellings in both scripts (テスラ and Tesla).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from assistant.language.names import KATAKANA_RUN, name_key
from assistant.language.text import fold_text
from assistant.language.tokens import ENGLISH_STOPWORDS, proper_nouns

_LATIN_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[.&'’-][A-Za-z0-9]+)*")
_NOT_NAMES = frozenset(
    (
        "january february march april may june july august september october november december jan feb mar apr jun jul aug "
        "sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday table figure source note level "
        "chapter section page no mr mrs ms dr prof ceo cto cfo coo gwh mwh kwh usd eur jpy cny rmb gbp us uk eu yuan euro "
        "dollar yen inc ltd corp co llc japanese chinese english american european german french korean spanish british up "
        "over in on by mou loi jv ai ev evs llm llms oem oems it ict iot ip ipo gdp kpi api app adas r&d faq adas phev hev "
        "sdk gpu cpu pdf url both these those its their according under while although because since however yes thus "
        "and or for from with without at as to one two three four five six seven eight nine ten first second third"
    ).split()
)


@dataclass(frozen=True, slots=True)
class Entity:
    """A name as it is written at [start, end), and the key that its spellings share."""

    surface: str
    key: str
    start: int
    end: int


@lru_cache(maxsize=65_536)
def entity_key(surface: str) -> str:
    """The key of a name: by sound for katakana and Latin, as folded without spaces for anything else or shorter."""
    folded = "".join(fold_text(surface).split())
    only_sounds = bool(re.fullmatch(r"[a-z0-9.&'’\-ァ-ヺー・]+", folded))
    return (name_key(surface) if only_sounds and not any(c.isdigit() for c in folded) else "") or folded


def named_entities(text: str) -> list[Entity]:
    """The names in a text, in order, without overlaps."""
    spans = [
        (m.start(), m.start() + len(_bare(m[0]))) for m in _LATIN_NAME.finditer(text) if _is_latin_name(_bare(m[0]))
    ]
    spans += [_whole_run(text, start, end) for start, end in proper_nouns(text)]
    found: list[Entity] = []
    for start, end in sorted(set(spans)):
        if not found or start >= found[-1].end:
            found.append(Entity(text[start:end], entity_key(text[start:end]), start, end))
    return found


def is_distinctive(surface: str) -> bool:
    """Whether a name could hardly be an ordinary word: not in Latin letters, or with two capitals (BMW, WeRide)."""
    return not surface.isascii() or sum(character.isupper() for character in surface) >= 2


def _is_latin_name(word: str) -> bool:
    plain = word.lower()
    has_capital = any(character.isupper() for character in word)
    return len(word) > 1 and has_capital and plain not in ENGLISH_STOPWORDS and plain not in _NOT_NAMES


def _bare(word: str) -> str:
    """A Latin word without the possessive."""
    return re.sub(r"['’]s$|['’]$", "", word)


def _whole_run(text: str, start: int, end: int) -> tuple[int, int]:
    """A katakana name is as long as its run (ポニー・エーアイ), whatever the dictionary makes of its parts."""
    if not KATAKANA_RUN.fullmatch(text[start:end]):
        return start, end
    run = next(match for match in KATAKANA_RUN.finditer(text) if match.start() <= start < match.end())
    return run.start(), run.end()
