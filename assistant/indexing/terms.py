"""The sparse terms of a text by field: what the index stores of passages, and questions are matched by."""

from __future__ import annotations

from assistant.language import tokens
from assistant.language.entities import named_entities
from assistant.language.names import HAN_RUN, name_keys
from assistant.language.quantities import quantity_terms
from assistant.language.text import fold_text
from assistant.stores.codec import Terms

FINGERPRINT = f"{tokens.FINGERPRINT};names/3;quantities/3;entities/1"


def search_terms(text: str) -> Terms:
    """Words, name keys, canonical quantities and entities of a text; runs of Han are entities too, as they stand."""
    entities = dict.fromkeys([*(entity.key for entity in named_entities(text)), *HAN_RUN.findall(fold_text(text))])
    return Terms(tuple(tokens.terms(text)), tuple(name_keys(text)), tuple(quantity_terms(text)), tuple(entities))
