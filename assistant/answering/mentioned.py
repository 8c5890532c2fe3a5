"""Which of a question's names a text mentions, in any of their spellings. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from assistant.language.aliases import AliasTable
from assistant.language.entities import entity_key, named_entities, spellings
from assistant.language.names import KATAKANA_RUN
from assistant.language.quantities import quantities
from assistant.language.readings import reading_keys, sought_readings
from assistant.language.text import fold_text

_IN_QUOTES = re.compile(r"[「『“\"]([^「」『』“”\"]{2,24})[」』”\"]")

Names = Sequence[frozenset[str]]


def names_of(question: str, aliases: AliasTable) -> list[frozenset[str]]:
    """The names of a question and what it puts in quotation marks, each as all the keys that mean it, by letters and by
    sound; units of amounts are none."""
    for start, end in sorted({(one.start, one.end) for one in quantities(question)}, reverse=True):
        question = f"{question[:start]} {question[end:]}"
    surfaces = [entity.surface for entity in named_entities(question)]
    surfaces += [run for run in (*KATAKANA_RUN.findall(question), *_IN_QUOTES.findall(question)) if run not in surfaces]
    return [aliases.same(entity_key(one)).union(sought_readings(one)) for one in surfaces]


@lru_cache(maxsize=20_000)
def _held(text: str) -> tuple[str, frozenset[str]]:
    return fold_text(text), frozenset({*spellings(text), *reading_keys(text)})


def mentioned(text: str, names: Names) -> int:
    """How many of the names a text mentions; CATL is no Qatar, though it sounds so."""
    if not names:
        return 0
    folded, held = _held(text)
    return sum(any(key in held or (not key.isascii() and key in folded) for key in keys) for keys in names)
