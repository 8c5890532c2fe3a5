"""The language-model port. None is an implementation: without one, answers are extracted from the reports verbatim."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from assistant.errors import ModelError, UsageError
from assistant.types import Turn

EXTRACTIVE = "extractive"
_KINDS = ("openai", "ollama", "transformers")


class LanguageModel(Protocol):
    """A backend is one method: messages in, pieces of text out. Failures are `ModelError`s."""

    name: str

    def stream(self, messages: Sequence[Turn]) -> Iterator[str]:
        """The model's answer, piece by piece; closing the iterator stops the request."""
        ...


def choose(model: str, *, base_url: str | None = None) -> LanguageModel | None:
    """The language model of a setting, or None for none. `auto` never uses what was not set for this program.

    Raises UsageError for a name that is no model's, ModelError for one that cannot be used.
    """
    kind, _, name = model.partition(":")
    if model == "none" or (model == "auto" and base_url is None):
        return None
    if model != "auto" and (kind not in _KINDS or not name):
        raise UsageError("llm_name_invalid", name=model)
    raise ModelError("llm_not_yet", name=base_url if model == "auto" else model)
