"""From what was found to what is answered: by the language model where there is one, else by extraction.

A model that fails is replaced, visibly. Reads the clock through the model's time limits; touches nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from assistant import messages
from assistant.answering.calls import Metered
from assistant.answering.extract import Extract
from assistant.answering.generate import Generated, generate
from assistant.answering.plan import Plan
from assistant.answering.prompts import answer_prompt
from assistant.answering.summary import summarise
from assistant.answering.verify import Verifier
from assistant.errors import ModelError
from assistant.models.llms import EXTRACTIVE, LanguageModel
from assistant.types import Fallback, Hit, Language, Query, Reading, Status, Token, Usage

Made = Extract | Generated


@dataclass(frozen=True, slots=True)
class LlmLimits:
    """How much a language model is sent (tokens) and how long it is waited for (seconds between pieces)."""

    context_tokens: int = 8000
    timeout_s: float = 60.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was made, by which model, of what was found, from which passages (ids); why a configured model did not."""

    made: Made
    llm: str
    hits: tuple[Hit, ...]
    passages: tuple[str, ...]
    usage: Usage
    fallback: Fallback | None = None


@dataclass(frozen=True, slots=True)
class Answerer:
    """Makes answers of what was found. `message_language`: of why a model was not used; default: the answer's."""

    load_llm: Callable[[], LanguageModel | None]
    search: Callable[[Query], Sequence[Hit]]
    extract: Callable[[Plan, Sequence[Hit], Language], Extract]
    verifier: Callable[[], Verifier]
    limits: LlmLimits
    message_language: Language | None = None

    def answer(self, plan: Plan, hits: Sequence[Hit], language: Language) -> Iterator[Token | Reading | Outcome]:
        """The answer's text piece by piece, then what came of it. Without hits no model is asked."""
        if len(plan.reports) > 1:
            yield from self._asking_back(plan, hits, language)
            return
        fallback, usage = None, plan.usage
        try:
            llm = self.load_llm()
            if plan.failure is not None:
                raise plan.failure
            if llm is not None and hits:
                metered = Metered(llm, plan.usage)
                try:
                    yield from self._generated(plan, hits, metered, language)
                    return
                finally:
                    usage = metered.usage
        except ModelError as error:
            reason = messages.explain(error, self.message_language or language).text
            fallback = Fallback(error.values.get("name", ""), reason)
        hits = self.search(plan.query) if plan.reports else hits
        made = self.extract(plan, hits, language)
        text = made.text or messages.say("abstained", language)
        yield from (Token(line) for line in text.splitlines(keepends=True))
        yield Outcome(made, EXTRACTIVE, tuple(hits), tuple(hit.passage.passage_id for hit in hits), usage, fallback)

    def _generated(
        self, plan: Plan, hits: Sequence[Hit], llm: Metered, language: Language
    ) -> Iterator[Token | Reading | Outcome]:
        verifier, timeout_s, context_tokens = self.verifier(), self.limits.timeout_s, self.limits.context_tokens
        if plan.reports:
            options = {"language": language, "context_tokens": context_tokens, "timeout_s": timeout_s}
            events, sent = summarise(plan.query.text, hits, llm, verifier, **options), hits
        else:
            prompt = answer_prompt(replace(plan.query, text=plan.standalone), hits, language, context_tokens)
            events = generate(prompt, llm, verifier, language=language, timeout_s=timeout_s)
            sent = list(prompt.hits.values())
        passages = tuple(hit.passage.passage_id for hit in sent)
        for event in events:
            if isinstance(event, Generated):
                yield Outcome(event, llm.name, tuple(hits), passages, llm.usage)
            else:
                yield event

    def _asking_back(self, plan: Plan, hits: Sequence[Hit], language: Language) -> Iterator[Token | Outcome]:
        text = messages.say("which_report", language, titles=" / ".join(ref.title for ref in plan.reports))
        yield Token(text)
        yield Outcome(Generated(Status.ABSTAINED, text, (), ()), EXTRACTIVE, tuple(hits), (), plan.usage)
