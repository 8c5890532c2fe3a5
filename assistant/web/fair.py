"""Who may work now: one line for questions from the page and from the API, fair between people. Threads wait in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition

from assistant.errors import BusyError

AT_ONCE = 4
EACH_AT_ONCE = 2
MOST_WAITING = 200
MOST_WAITING_EACH = 50
RETRY_AFTER_S = 5


class Line:
    """At most `at_once` pieces of work, of one person `each` (a person without a name has no share of their own).

    Next is who has least in hand, then who came first: however much one asks, another waits for one piece of work.
    """

    def __init__(
        self,
        at_once: int = AT_ONCE,
        each: int = EACH_AT_ONCE,
        most_waiting: int = MOST_WAITING,
        most_waiting_each: int = MOST_WAITING_EACH,
    ) -> None:
        self._at_once = at_once
        self._each = each
        self._most_waiting = most_waiting
        self._most_waiting_each = most_waiting_each
        self._waiting: list[tuple[str, object]] = []
        self._working: Counter[str] = Counter()
        self._changed = Condition()

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    @contextmanager
    def turn(self, person: str) -> Iterator[None]:
        """Wait for a turn and hold it. Errors: `BusyError`, at once, when the line is full."""
        ticket = (person, object())
        with self._changed:
            self._refuse_too_many(person)
            self._waiting.append(ticket)
            try:
                self._changed.wait_for(lambda: self._next() is ticket)
                self._working[person] += 1
            finally:
                self._waiting.remove(ticket)
                self._changed.notify_all()
        try:
            yield
        finally:
            with self._changed:
                self._working[person] -= 1
                self._changed.notify_all()

    def _refuse_too_many(self, person: str) -> None:
        own = sum(one == person for one, _ in self._waiting)
        if len(self._waiting) >= self._most_waiting or (person and own >= self._most_waiting_each):
            raise BusyError("busy", seconds=RETRY_AFTER_S)

    def _next(self) -> tuple[str, object] | None:
        if self._working.total() >= self._at_once:
            return None
        ready = (one for one in self._waiting if not one[0] or self._working[one[0]] < self._each)
        return min(ready, key=lambda one: self._working[one[0]], default=None)
