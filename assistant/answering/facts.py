"""The dates, amounts, names and words of a quote in the reader's language: help in reading, not a translation. Pure.

Nothing here is guessed from context: figures are the quote's own quantities written out anew, names are spelled as the
question or the reports spell them, words come from the vocabulary that both languages share.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from assistant.language.agreement import bound_at
from assistant.language.aliases import AliasTable
from assistant.language.entities import Entity, entity_key, named_entities
from assistant.language.formatting import format_quantity, format_range
from assistant.language.names import HAN_RUN, KATAKANA_RUN, LATIN_WORD, name_key, romaji
from assistant.language.places import PLACES
from assistant.language.quantities import UNIT_WORDS, quantities
from assistant.language.text import fold_text
from assistant.language.tokens import ENGLISH_STOPWORDS, surfaces, terms
from assistant.types import Language, Quantity

Glosses = Callable[[Sequence[str], Language], list[str | None]]
Spelling = Callable[[str], str | None]

MOST_WORDS = 10
_LONGEST_READ = 8
_LONGEST_NAME = 6
_PLACES = {
    Language.EN: dict(reversed(PLACES)),
    Language.JA: {english: japanese for japanese, english in reversed(PLACES)},
}
_COMPOUND = re.compile(r"[㐀-鿿々ァ-ヺー]+")
_LATIN_NAME = re.compile(
    r"(?<![A-Za-z0-9_/.:?=&-])[A-Za-z]*[A-Z][A-Za-z0-9.&'’-]*"
    r"(?: (?:(?:of|for|on|in|and|the) )?[A-Z0-9][A-Za-z0-9.&'’-]*)*(?![A-Za-z0-9_/:?=&])"
)
_YEAR_END = {Language.EN: "end of {}", Language.JA: "{}末"}
_END_AFTER = re.compile(r"年?末|\s*year[- ]end")
_END_BEFORE = re.compile(r"\bend of $", re.I)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, in which language and with what question; and what is known of names and words.

    `spelling(name)` gives how the reports spell a katakana name in Latin letters; `glosses(words, language)` the
    nearest words of a language.
    """

    language: Language
    question: str
    aliases: AliasTable
    spelling: Spelling
    glosses: Glosses

    def figures(self, text: str) -> list[str]:
        """The dates and amounts of a text, in order."""
        found: list[str] = []
        for _, group in groupby(quantities(text), key=lambda one: (one.start, one.end)):
            ones = list(group)
            if len(ones) == 2:
                found.append(format_range(ones[0], ones[1], self.language))
            elif _says_something(ones[0]):
                found.append(self._figure(text, ones[0]))
        return [figure for figure in dict.fromkeys(found) if figure]

    def _figure(self, text: str, one: Quantity) -> str:
        written = format_quantity(one, self.language, bound_at(text, one.start, one.end))
        ends = _END_AFTER.match(text, one.end) or _END_BEFORE.search(text[: one.start])
        if ends and one.date is not None and one.date[1] is None:
            return _YEAR_END[self.language].format(written)
        if one.kind == "vague" and self.language is Language.EN:
            unit = next((word for word in UNIT_WORDS if not word.isascii() and text.startswith(word, one.end)), "")
            plural = {"USD": "dollars", "EUR": "euros", "JPY": "yen", "CNY": "yuan"}.get(UNIT_WORDS.get(unit, ""), "")
            return f"{written} of {plural}" if plural and written.endswith("s") else f"{written} {plural}".strip()
        return written

    def names(self, text: str) -> list[str]:
        """The names of a text as a reader of the language writes them; a Han name without such a spelling stands as it is."""
        named = named_entities(text)
        surfaces_named = [entity.surface for entity in named]
        found = self._own_names(text) + [self._whole(text, entity) for entity in named]
        found += [self.name(run) for run in KATAKANA_RUN.findall(text) if self._as_asked(run)]
        inside = [
            key for key in self.aliases.found_in(text) if not any(key in one and key != one for one in surfaces_named)
        ]
        found += [self._known(key) for key in inside]
        spelled = dict.fromkeys(name for name in found if name)
        return [name for name in spelled if not any(name != other and name in other for other in spelled)]

    def _whole(self, text: str, entity: Entity) -> str | None:
        """A name as it is spelled; a Han name without a spelling as all of the short run that it stands in (小馬智行, not 智行)."""
        name = self.name(entity.surface)
        runs = (run for run in HAN_RUN.finditer(text) if run.start() <= entity.start < run.end())
        run = next(runs, None) if name == entity.surface else None
        return run[0] if run and len(run[0]) <= _LONGEST_READ else name

    def _own_names(self, text: str) -> list[str | None]:
        """Names that already stand in the reader's letters, word for word (Hugging Face)."""
        if self.language is Language.JA:
            return []
        return [run for run in _LATIN_NAME.findall(text) if len(run) > 1 and len(run.split()) <= _LONGEST_NAME]

    def new_names(self, text: str) -> list[str]:
        """The names of a text that the question does not say itself."""
        asked = fold_text(self.question)
        said = {entity.key for entity in named_entities(self.question)} | {
            *map(entity_key, LATIN_WORD.findall(self.question))
        }
        said |= {other for key in said for other in self.aliases.same(key)}
        return [name for name in self.names(text) if entity_key(name) not in said and fold_text(name) not in asked]

    def name(self, surface: str) -> str | None:
        """One name as the question or the reports spell it in the reader's letters."""
        if surface.isascii() == (self.language is Language.EN):
            return surface if self.language is Language.JA else None
        known = _PLACES[self.language].get(surface) or self._as_asked(surface) or self._known(entity_key(surface))
        if known or self.language is Language.JA:
            return known
        return self.spelling(surface) or self._as_read(surface) if KATAKANA_RUN.fullmatch(surface) else surface

    def _as_asked(self, surface: str) -> str | None:
        key = name_key(surface)
        words = (
            LATIN_WORD.findall(self.question) if self.language is Language.EN else KATAKANA_RUN.findall(self.question)
        )
        return next((word for word in words if key and word[0].isupper() and name_key(word) == key), None)

    def _known(self, key: str) -> str | None:
        place = _PLACES[self.language].get(key)
        others = [name for name in self.aliases.names(key) if name.isascii() == (self.language is Language.EN)]
        others = [name for name in others if not name.startswith("(")]
        return place or (max(others, key=lambda name: (len(name) > 2, -len(name))) if others else None)

    def _as_read(self, surface: str) -> str | None:
        """A short name by its sound; what is put together of common words is no name (オープンソース)."""
        if len(surface) > _LONGEST_READ or any(self.glosses(surfaces(surface), self.language)):
            return None
        return f"{romaji(surface).capitalize()} ({surface})"

    def words(self, text: str) -> list[str]:
        """What other words of a text mean, those first that the question does not already use; at most `MOST_WORDS`."""
        phrases = self._phrases(text)
        asked = set(terms(self.question))
        new = [phrase for phrase in phrases if not set(terms(phrase)) <= asked]
        return new[:MOST_WORDS]

    def _phrases(self, text: str) -> list[str]:
        if self.language is Language.JA:
            written = [word.lower() for word in LATIN_WORD.findall(text) if word.lower() not in ENGLISH_STOPWORDS]
            return [gloss for gloss in dict.fromkeys(self.glosses(written, self.language)) if gloss]
        named = [(entity.start, entity.end) for entity in named_entities(text)]
        runs = [m for m in _COMPOUND.finditer(text) if not any(s <= m.start() and m.end() <= e for s, e in named)]
        phrases = [self._phrase(run[0]) for run in runs]
        return [phrase for phrase in dict.fromkeys(phrases) if phrase]

    def _phrase(self, compound: str) -> str:
        """A compound word by word: 電池工場 -> battery factory; empty where less than half of it is known."""
        parts = [part for part in surfaces(compound) if len(part) > 1]
        known = [gloss for gloss in self.glosses(parts, self.language) if gloss]
        return " ".join(dict.fromkeys(known)) if parts and 2 * len(known) >= len(parts) else ""


def _says_something(one: Quantity) -> bool:
    """Whether a quantity is worth telling: not a bare number of one or two digits, which rather numbers something."""
    return one.kind not in ("word",) and not (
        one.kind == "number" and not one.unit and one.value is not None and one.value < 10
    )
