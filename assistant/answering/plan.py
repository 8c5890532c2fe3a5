"""How a question is gone about: what it asks by itself, without its history, and the parts that are looked for.

A language model is asked, in one short call, only where the question leans on its history or looks like several; what it
says is taken only where it holds on to the question's names and numbers. Else rules decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel, Field, ValidationError

from assistant.answering.calls import NOTHING_USED, Metered, pieces
from assistant.answering.parts import MOST_PARTS, may_have_parts, parts
from assistant.answering.prompts import plan_prompt
from assistant.errors import ModelError
from assistant.language.names import name_key, name_keys
from assistant.language.quantities import canonical_terms, quantities
from assistant.language.text import fold_text, is_content, language_of
from assistant.models.llms import LanguageModel
from assistant.retrieval.query import carried, names, understand
from assistant.types import Language, Query, ReportRef, Turn, Usage

_LONGEST_REPLY = 4_000
_LONGER, _MORE = 3, 200  # a question that stands by itself may have three times its characters and 200 more


@dataclass(frozen=True, slots=True)
class Plan:
    """`query` is the question as it was typed, `standalone` says the same without the history; `searches` begin with the
    whole. `failure` is set where the model let itself be waited for in vain: it is not asked again. `reports` are those of
    which a summary is asked for: one, or several where it is not clear which.
    """

    query: Query
    standalone: str
    searches: tuple[Query, ...]
    usage: Usage = NOTHING_USED
    failure: ModelError | None = None
    reports: tuple[ReportRef, ...] = ()


class _Reply(BaseModel):
    question: str = Field(default="")
    parts: list[str] = Field(default_factory=list, max_length=MOST_PARTS)


def language_for(query: Query) -> Language:
    """The language to answer in: the question's; where it is nothing but capitals ("BMW?"), that of the one before."""
    before = [turn.content for turn in query.history if turn.role == "user"]
    is_bare = bool(before) and query.language is Language.EN and query.text == query.text.upper()
    return language_of(before[-1]) if is_bare else query.language


def by_rule(query: Query) -> Plan:
    """The plan without a model: the question leans on its history as `understand` sees it, parts as the rules say."""
    return Plan(query, query.text, _searches(query, parts(query.text)))


def make_plan(query: Query, llm: LanguageModel | None, timeout_s: float) -> Plan:
    """The plan for a question; a model that fails at it or talks nonsense costs nothing but the attempt."""
    leans = bool(carried(query.text, query.history))
    if llm is None or not (leans or may_have_parts(query.text)):
        return by_rule(query)
    metered, failure, said = Metered(llm), None, ""
    try:
        said = "".join(pieces(metered, plan_prompt(query), timeout_s, _LONGEST_REPLY))
    except ModelError as error:
        failure = error if error.code == "llm_timeout" else None
    reply = _reply(said)
    standalone = reply.question.strip() if leans and _is_faithful(reply.question, query) else query.text
    whole = understand(standalone, query.history, query.scope)
    split = [part.strip() for part in reply.parts if _is_a_part(part, query)]
    asked = split if 1 < len(split) == len(reply.parts) else parts(standalone)
    return Plan(query, standalone, _searches(whole, asked), metered.usage, failure)


def _searches(whole: Query, asked: Sequence[str]) -> tuple[Query, ...]:
    if len(asked) < 2:
        return (whole,)
    history = (*whole.history, Turn("user", whole.text))  # a part may lean on the rest
    return (whole, *(understand(part, history, whole.scope) for part in asked if is_content(part)))


def _reply(said: str) -> _Reply:
    """The JSON in what a model said, or an empty one: malformed is the same as nothing to say."""
    try:
        return _Reply.model_validate_json(said[said.find("{") : said.rfind("}") + 1])
    except ValidationError:
        return _Reply()


def _is_faithful(rewritten: str, query: Query) -> bool:
    """Whether a rewritten question is still the question: in its language, with its names and numbers."""
    names_kept = all(fold_text(name) in fold_text(rewritten) for name in _names(query.text))
    numbers_kept = _numbers(query.text) <= _numbers(rewritten)
    return _is_a_part(rewritten, query) and language_of(rewritten) == query.language and names_kept and numbers_kept


def _is_a_part(part: str, query: Query) -> bool:
    """Whether a model's question is about what was said: no name and no number of its own, and not longer than sense."""
    said = "\n".join((query.text, *(turn.content for turn in query.history)))
    keys, folded = set(name_keys(said)), fold_text(said)
    own_names = [name for name in _names(part) if fold_text(name) not in folded and name_key(name) not in keys]
    fits = is_content(part) and len(part) <= _LONGER * len(query.text) + _MORE
    return fits and not own_names and _numbers(part) <= _numbers(said)


def _names(text: str) -> list[str]:
    """What is surely a name: katakana, capitals and digits; an English sentence begins with a capital as well."""
    return [
        name
        for name in names(text)
        if not name.isascii() or name[1:] != name[1:].lower() or (name[0].isupper() and not text.startswith(name))
    ]


def _numbers(text: str) -> set[str]:
    return {terms[0] for one in quantities(text) if (terms := canonical_terms(one))}
