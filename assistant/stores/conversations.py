"""Conversations: who asked what in which order, with the answers and what was thought of them. Kept in the journal's file.

Every call names its reader, and nobody sees or changes what is another's. An exchange is kept when it is asked and again
when it is answered, so that a kill loses no question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from pydantic import TypeAdapter, ValidationError

from assistant.stores.journal import Journal
from assistant.types import Answer, Record, Status

_LONGEST_TITLE = 200
_NEAREST = 5


@dataclass(frozen=True, slots=True)
class Conversation:
    """One line of the list. `at` is when it was last asked something, as an ISO time in UTC."""

    id: str
    title: str
    at: str


@dataclass(frozen=True, slots=True)
class Kept:
    """One exchange. `answer` is None where none was finished; `verdict` is "up", "down" or empty."""

    number: int
    question: str
    answer: Answer | None = None
    verdict: str = ""
    note: str = ""


class Conversations:
    """What is kept of conversations. Errors: StoreError of the journal where its file cannot be read or written."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def of(self, reader: str) -> list[Conversation]:
        """A reader's conversations, the last one first."""
        with self._journal.writing() as db:
            rows = db.execute(
                "SELECT conversation_id, title, at FROM conversations WHERE reader = ? ORDER BY at DESC, rowid DESC",
                (reader,),
            )
            return [Conversation(*row) for row in rows]

    def exchanges(self, reader: str, conversation: str = "") -> list[Kept]:
        """The exchanges of a conversation, or of all of a reader's, in order; none where there is no such one."""
        with self._journal.writing() as db:
            rows = db.execute(
                "SELECT number, question, answer, verdict, note FROM exchanges JOIN conversations USING (conversation_id)"
                " WHERE reader = ? AND ? IN ('', conversation_id) ORDER BY at, conversation_id, number",
                (reader, conversation),
            ).fetchall()
        return [Kept(number, question, _answer(answer), *said) for number, question, answer, *said in rows]

    def size(self, reader: str, conversation: str) -> int:
        """How many exchanges a conversation has."""
        with self._journal.writing() as db:
            mine = (conversation, reader)
            (found,) = db.execute(
                "SELECT count(number) FROM exchanges JOIN conversations USING (conversation_id)"
                " WHERE (conversation_id, reader) = (?, ?)",
                mine,
            ).fetchone()
        return int(found)

    def keep(self, reader: str, conversation: str, number: int, question: str, answer: Answer | None = None) -> None:
        """Keep an exchange in place of what stood at its number and after; the first one begins and names a conversation.

        Forgets conversations that were last used longer ago than the journal keeps answers.
        """
        fit, now = self._journal.fit, self._journal.now
        with self._journal.writing() as db:
            old = "SELECT conversation_id FROM conversations WHERE at < ?"
            db.execute(f"DELETE FROM exchanges WHERE conversation_id IN ({old})", (now(-self._journal.keep_days),))
            db.execute("DELETE FROM conversations WHERE at < ?", (now(-self._journal.keep_days),))
            begun = (conversation, reader, fit(question)[:_LONGEST_TITLE], now())
            db.execute("INSERT OR IGNORE INTO conversations VALUES (?, ?, ?, ?)", begun)
            mine = (conversation, reader)
            if db.execute(
                "UPDATE conversations SET at = ? WHERE (conversation_id, reader) = (?, ?)", (now(), *mine)
            ).rowcount:
                db.execute("DELETE FROM exchanges WHERE conversation_id = ? AND number >= ?", (conversation, number))
                row = (conversation, number, fit(question), self._written(answer))
                db.execute("INSERT INTO exchanges (conversation_id, number, question, answer) VALUES (?, ?, ?, ?)", row)

    def rename(self, reader: str, conversation: str, title: str) -> None:
        """Give a conversation another title."""
        words = self._journal.fit(" ".join(title.split()))[:_LONGEST_TITLE]
        with self._journal.writing() as db:
            mine = (words, conversation, reader)
            db.execute("UPDATE conversations SET title = ? WHERE (conversation_id, reader) = (?, ?)", mine)

    def delete(self, reader: str, conversation: str) -> None:
        """Forget a conversation."""
        with self._journal.writing() as db:
            mine = (conversation, reader)
            if db.execute("DELETE FROM conversations WHERE (conversation_id, reader) = (?, ?)", mine).rowcount:
                db.execute("DELETE FROM exchanges WHERE conversation_id = ?", (conversation,))

    def judge(self, reader: str, conversation: str, number: int, verdict: str, note: str) -> None:
        """Keep what a reader thinks of an answer."""
        with self._journal.writing() as db:
            db.execute(
                "UPDATE exchanges SET verdict = ?, note = ? WHERE conversation_id = ? AND number = ? AND EXISTS"
                " (SELECT 1 FROM conversations AS own WHERE (own.conversation_id, own.reader) = (?, ?))",
                (verdict, self._journal.fit(note), conversation, number, conversation, reader),
            )

    def _written(self, answer: Answer | None) -> str:
        if answer is None:
            return ""
        hits: Sequence = answer.hits[:_NEAREST] if answer.status is Status.ABSTAINED else ()
        shown = replace(answer, hits=tuple(hits), record=Record(scope=answer.record.scope))
        return self._journal.as_json(_answers().dump_python(shown, mode="json"))


@cache
def _answers() -> TypeAdapter[Answer]:
    return TypeAdapter(Answer)


def _answer(written: str) -> Answer | None:
    """An answer as it was kept; None where there is none, or one of a version that had other fields."""
    try:
        return _answers().validate_json(written) if written else None
    except ValidationError:
        return None
