"""The sparse terms of a text by field: what the index stores of passages, and questions are matched by."""

from __future__ import annotations

from assistant.language import tokens
from assistant.language.names import name_keys
from assistant.language.quantities import quantity_terms
from assistant.stores.codec import Terms

FINGERPRINT = f"{tokens.FINGERPRINT};names/1;quantities/1"


def search_terms(text: str) -> Terms:
    """Words, name keys and canonical quantities of a text."""
    return Terms(tuple(tokens.terms(text)), tuple(name_keys(text)), tuple(quantity_terms(text)))
