"""One tree of errors. Each carries a code and values; `messages.explain` turns them into words in either language.

Foreign exceptions are translated once, where the library is called. No answer is a value, not an error.
"""

from __future__ import annotations

import re

_USER_AND_PASSWORD = re.compile(r"(?<=://)[^/\s]*@")
_KEY_IN_A_QUERY = re.compile(r"(?<=[?&])([\w-]*(?:key|token|secret|password|signature|sig|code))=[^&#\s'\"]+", re.I)


def masked(text: str) -> str:
    """A text in which no URL shows a user, a password or a key: they are nobody's business."""
    return _KEY_IN_A_QUERY.sub(r"\1=***", _USER_AND_PASSWORD.sub("***@", text))


class AssistantError(Exception):
    """Something a person has to know: `code` names the message, `values` fill it in (file, line, limit ...)."""

    exit_status = 1

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = {name: masked(str(value)) for name, value in values.items()}

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value}" for name, value in self.values.items())
        return f"{self.code} ({details})" if details else self.code


class UsageError(AssistantError):
    """What was typed cannot be used: an empty question, an unknown setting, an option that is not one."""

    exit_status = 2


class CorpusError(AssistantError):
    """The folder of reports is missing, is a file or is empty; or no report of it has an id, path or page."""


class ReadingError(AssistantError):
    """One report could not be read; `sync` lists it as failed and goes on."""


class StoreError(AssistantError):
    """The index is missing, damaged, of another version, or made with another embedder: says what to run."""


class ModelError(AssistantError):
    """An embedder, reranker or language model is absent, misconfigured or failed."""


class BusyError(AssistantError):
    """Too much is waiting already; the same may be asked again a little later."""
