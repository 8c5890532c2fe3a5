"""The sparse terms of a text by field: what the index stores of passages, and questions are matched by."""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.language import tokens
from assistant.language.aliases import mine
from assistant.language.entities import entity_key, is_distinctive, makers, named_entities
from assistant.language.measures import cell_quantities
from assistant.language.names import HAN_RUN, name_keys
from assistant.language.quantities import canonical_terms, quantity_terms
from assistant.language.readings import reading_keys
from assistant.language.text import fold_text
from assistant.stores.codec import Terms
from assistant.types import Passage

FINGERPRINT = f"{tokens.FINGERPRINT};names/4;quantities/6;entities/6"


CERTAIN, MAKER = "!", "@"
_NUMERAL = re.compile(r"[\d㈀-㏿⼀-⿕🄀-🄊]+|[一二三四五六七八九](?=[つ割倍社名人件億万兆])|元年")
_WORD_END = re.compile(r"[!-~]*")
_AROUND = 32  # characters: no quantity reaches further from its digits, and no address is cut


def search_terms(text: str) -> Terms:
    """Words, name keys, canonical quantities and entities of a text; runs of Han are entities too, as they stand.

    Names that can hardly be ordinary words are entered a second time, marked as certain; names in Han by sound as well;
    who made a figure or a table, marked as its maker.
    """
    words, names, quantities = plain_terms(text)
    named = named_entities(text)
    certain = [f"{CERTAIN}{entity.key}" for entity in named if is_distinctive(entity.surface)]
    aliases = [f"{CERTAIN}{entity_key(name)}" for alias in mine(text) for name in (alias.name, alias.other)]
    runs = HAN_RUN.findall(fold_text(text))
    made_by = [f"{MAKER}{key}" for key in sorted(makers(text))]
    own = [entity.key for entity in named]
    entities = dict.fromkeys([*own, *certain, *aliases, *made_by, *runs, *reading_keys(text)])
    return Terms(words, names, quantities, tuple(entities))


def plain_terms(text: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """The words, name keys and canonical quantities of a text: its search terms but for the entities."""
    return tuple(tokens.terms(text)), tuple(name_keys(text)), tuple(quantity_terms(_around_numbers(text)))


def passage_terms(passage: Passage) -> Terms:
    """The terms of a passage's search text, and its tables' bare numbers in what header or caption measures them in."""
    found = search_terms(passage.search_text)
    cells = ((block, cell) for block in passage.blocks for cell in block.cells)
    measured = [
        term
        for block, cell in cells
        for one in cell_quantities(passage.words(cell.start, cell.end), cell.header, block.caption)
        for term in canonical_terms(one)
    ]
    return replace(found, quantities=(*found.quantities, *measured))


def _around_numbers(text: str) -> str:
    """The stretches of a text that could hold a quantity: what does not is most of it, and reading it takes long."""
    stretches: list[str] = []
    done = 0
    for numeral in _NUMERAL.finditer(text):
        start = max(done, numeral.start() - _AROUND)
        while start > done and "!" <= text[start - 1] <= "~":
            start -= 1
        end = _WORD_END.match(text, min(numeral.end() + _AROUND, len(text))).end()  # type: ignore[union-attr]
        if start > done or not stretches:
            stretches.append("\n。\n")
        stretches.append(text[start:end] if end > done else "")
        done = max(done, end)
    return "".join(stretches)
