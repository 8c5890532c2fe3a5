"""The sparse terms of a text by field: what the index stores of passages, and questions are matched by."""

from __future__ import annotations

from assistant.language import tokens
from assistant.language.aliases import mine
from assistant.language.entities import entity_key, is_distinctive, named_entities
from assistant.language.names import HAN_RUN, name_keys
from assistant.language.quantities import quantity_terms
from assistant.language.readings import reading_keys
from assistant.language.text import fold_text
from assistant.stores.codec import Terms

FINGERPRINT = f"{tokens.FINGERPRINT};names/4;quantities/4;entities/4"


CERTAIN = "!"


def search_terms(text: str) -> Terms:
    """Words, name keys, canonical quantities and entities of a text; runs of Han are entities too, as they stand.

    Names that can hardly be ordinary words are entered a second time, marked as certain; names in Han by sound as well.
    """
    named = named_entities(text)
    certain = [f"{CERTAIN}{entity.key}" for entity in named if is_distinctive(entity.surface)]
    aliases = [f"{CERTAIN}{entity_key(name)}" for alias in mine(text) for name in (alias.name, alias.other)]
    runs = HAN_RUN.findall(fold_text(text))
    entities = dict.fromkeys([*(entity.key for entity in named), *certain, *aliases, *runs, *reading_keys(text)])
    return Terms(tuple(tokens.terms(text)), tuple(name_keys(text)), tuple(quantity_terms(text)), tuple(entities))
