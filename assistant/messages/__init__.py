"""What a person reads, in Japanese and English: errors with what to do next, and the words of the command line."""

from __future__ import annotations

import locale
import os
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.errors import AssistantError
from assistant.messages.errors import ERRORS
from assistant.messages.words import WORDS
from assistant.types import Language


@dataclass(frozen=True, slots=True)
class Message:
    """What went wrong and where, and what to do about it."""

    text: str
    hint: str


def say(name: str, language: Language, /, **values: object) -> str:
    """A word or sentence of the interface in a language."""
    return WORDS[name][_column(language)].format(**values)


def explain(error: AssistantError, language: Language) -> Message:
    """An error in words: what, where, and what to do."""
    return explain_code(error.code, error.values, language)


def explain_code(code: str, values: Mapping[str, str], language: Language) -> Message:
    """The same for a code and values that were stored."""
    what, hint = ERRORS.get(code, ERRORS["unexpected"])
    filled = _Filled(values if code in ERRORS else {"reason": f"{code} {dict(values)}"})
    column = _column(language)
    return Message(what[column].format_map(filled), hint[column].format_map(filled))


def interface_language(setting: str, environ: Mapping[str, str] | None = None) -> Language:
    """The language of messages: as set, else Japanese where the locale says so, else English."""
    if setting in ("ja", "en"):
        return Language(setting)
    environ = os.environ if environ is None else environ
    names = [environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE")]
    chosen = next((name for name in names if name and name not in ("C", "POSIX", "C.UTF-8")), "") or _system_locale()
    return Language.JA if chosen.lower().startswith(("ja", "japanese")) else Language.EN


def _system_locale() -> str:
    if os.name != "nt":
        return ""
    return locale.getlocale()[0] or ""


def _column(language: Language) -> int:
    return 0 if language is Language.JA else 1


class _Filled(dict[str, str]):
    """Values for a message; one that is missing shows as "?", so that an error can always be told."""

    def __missing__(self, key: str) -> str:
        return "?"
