"""What the page remembers of conversations: kept rows become exchanges that can be shown, and exchanges become rows.

Touches the journal through what it is given. A conversation that cannot be kept goes on, and says so.
"""

from __future__ import annotations

from dataclasses import replace

from assistant.errors import StoreError
from assistant.language.text import language_of
from assistant.messages import explain
from assistant.stores.conversations import Conversations, Kept
from assistant.types import Language
from assistant.web.chat import Exchange, History, answered, stopped


class Memory:
    """A reader's conversations. Without `kept` nothing is remembered but what a page holds itself."""

    def __init__(self, kept: Conversations | None) -> None:
        self._kept = kept

    def history(self, reader: str, conversation: str, shown: History, language: Language | None) -> History:
        """A conversation as it stands: what is shown, unless more of it was kept (in another tab, before a restart)."""
        try:
            if not self._kept or not conversation or self._kept.size(reader, conversation) <= len(shown):
                return shown
            kept = self._kept.exchanges(reader, conversation)
        except StoreError:  # said when the next exchange cannot be kept
            return shown
        return tuple(_exchange(one, language) for one in kept)

    def keep(self, reader: str, conversation: str, exchange: Exchange) -> Exchange:
        """Keep an exchange; it comes back with a notice where that is not possible."""
        try:
            if self._kept and conversation:
                self._kept.keep(reader, conversation, exchange.number, exchange.question, exchange.answer)
        except StoreError as error:
            return replace(exchange, notice=explain(error, exchange.language).text)
        return exchange


def _exchange(kept: Kept, language: Language | None) -> Exchange:
    scope = kept.answer.record.scope if kept.answer else None
    words = language or language_of(kept.question)
    exchange = Exchange(kept.number, kept.question, words, verdict=kept.verdict, scope=scope)
    return stopped(exchange) if kept.answer is None else answered(exchange, kept.answer, language)
