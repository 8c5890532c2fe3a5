"""A question as search sees it: weighted words, name keys and canonical quantities, follow-ups included. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.errors import UsageError
from assistant.language.aliases import AliasTable
from assistant.language.entities import entity_key
from assistant.language.names import HAN_RUN, KATAKANA_RUN, LATIN_WORD, name_key
from assistant.language.quantities import canonical_terms, quantities
from assistant.language.readings import sought_readings
from assistant.language.text import canonical_newlines, fold_text, is_content, language_of
from assistant.language.tokens import ENGLISH_STOPWORDS, terms
from assistant.types import Query, Scope, Term, Turn

LONGEST_QUESTION = 10_000
CARRIED = 0.35
_LOANWORD = 0.7
_LESS_PRECISE = 0.3
_ALIAS = 0.9
_HAN_SHARE = 0.1
NO_ALIASES = AliasTable(())
_FOLLOWS_UP = re.compile(
    r"^(?:では|じゃあ|それ|その|これ|この|そこ|同じ|同社|同氏|両社|両者|他に|ほかに|また|なぜ|いつから)|それ|同社|同じ|その(?!他)|上記|前述|"
    r"\b(?:it|its|that|those|these|they|them|their|he|she|this|same|there|former|latter|one|ones|also|and)\b",
    re.I,
)
_ENUMERATES = re.compile(
    r"すべて|全て|全部|一覧|列挙|網羅|[漏も]れなく|リストアップ|挙げて|(?:どのような|どんな).{1,30}(?:あります|ある|います|いる)か|"
    r"\b(?:(?<!at )(?<!after )all|every|each|list|enumerate|name the|complete overview)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Weights:
    """Query terms with their weights, by field of the sparse index; a group is one word under several names."""

    words: Mapping[str, float]
    names: Mapping[str, float]
    quantities: Mapping[str, float]
    entities: Mapping[str, float]
    groups: tuple[Mapping[str, float], ...] = ()

    def by_field(self) -> dict[str, Mapping[str, float]]:
        """The same as the sparse index takes it."""
        return {"words": self.words, "names": self.names, "quantities": self.quantities, "entities": self.entities}


def checked(text: str) -> str:
    """The question, trimmed; UsageError when it is empty, only punctuation, or longer than anybody asks."""
    stripped = canonical_newlines(text).strip()
    if not stripped:
        raise UsageError("question_empty")
    if not is_content(stripped):
        raise UsageError("question_no_words", text=stripped[:40])
    if len(stripped) > LONGEST_QUESTION:
        raise UsageError("question_too_long", length=len(stripped), limit=LONGEST_QUESTION)
    return stripped


def enumerates(text: str) -> bool:
    """Whether a question wants everything that there is of something, and not one answer."""
    return bool(_ENUMERATES.search(unicodedata.normalize("NFKC", text)))


def understand(text: str, history: Sequence[Turn] = (), scope: Scope | None = None) -> Query:
    """The question with its terms; what is carried over from earlier questions weighs less. `scope`: what it is put to."""
    text = checked(text)
    weighted = dict.fromkeys(terms(text), 1.0)
    for term in _carried_terms(text, history):
        weighted.setdefault(term, CARRIED)
    return Query(
        text,
        language_of(text),
        tuple(history),
        tuple(Term(term, weight) for term, weight in weighted.items()),
        tuple(quantities(text)),
        tuple(names(text)),
        scope,
    )


def names(text: str) -> list[str]:
    """Words of a question that could be names: katakana runs and Latin words, but no function words and no units."""
    text = unicodedata.normalize("NFKC", text)
    measured = [(quantity.start, quantity.end) for quantity in quantities(text)]
    found = [*KATAKANA_RUN.finditer(text), *LATIN_WORD.finditer(text)]
    words = [
        match[0] for match in found if not any(start < match.end() and match.start() < end for start, end in measured)
    ]
    return [word for word in dict.fromkeys(words) if word.lower() not in ENGLISH_STOPWORDS]


def weigh(query: Query, aliases: AliasTable = NO_ALIASES) -> Weights:
    """The weights of a question's terms in each field of the sparse index; names bring their aliases along."""
    keys: dict[str, float] = {}
    entities: dict[str, float] = {}
    for weight, text in [(1.0, query.text), *((CARRIED, turn) for turn in carried(query.text, query.history))]:
        for name in names(text):
            certain = name[0].isupper() or not name.isascii()
            _add_name(name, weight * (1.0 if certain else _LOANWORD), keys, entities)
        for run in HAN_RUN.findall(fold_text(text)):
            _add_name(run, weight * _HAN_SHARE, keys, entities)
        for key in sought_readings(text):
            entities[key] = max(entities.get(key, 0.0), weight * _ALIAS)
        for key in [*(entity_key(name) for name in names(text)), *aliases.found_in(text)]:
            for other in aliases.names(key):
                _add_name(other, weight * _ALIAS, keys, entities)
    numbers: dict[str, float] = {}
    for quantity in query.quantities:
        for position, term in enumerate(canonical_terms(quantity)):
            numbers[term] = max(numbers.get(term, 0.0), 1.0 if position == 0 else _LESS_PRECISE)
    return Weights({term.text: term.weight for term in query.terms}, keys, numbers, entities)


def _add_name(name: str, weight: float, keys: dict[str, float], entities: dict[str, float]) -> None:
    """Han names are looked for among the entities, anything else word by word by its sound."""
    if HAN_RUN.fullmatch(name):
        entities[name] = max(entities.get(name, 0.0), weight)
    for key in filter(None, map(name_key, name.split())):
        keys[key] = max(keys.get(key, 0.0), weight)


def carried(text: str, history: Sequence[Turn]) -> list[str]:
    """Earlier questions that a follow-up leans on, the last one first."""
    asked = [turn.content for turn in reversed(history) if turn.role == "user"]
    leans = bool(_FOLLOWS_UP.search(text)) or len(terms(text)) < 4
    return asked[:2] if leans else []


def _carried_terms(text: str, history: Sequence[Turn]) -> list[str]:
    return [term for turn in carried(text, history) for term in terms(turn)]
