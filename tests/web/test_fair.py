"""The line: who is next, how many at once, and when it is full."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from assistant.errors import BusyError
from assistant.web.fair import Line


def until(is_so: Callable[[], bool]) -> None:
    for _ in range(500):
        if is_so():
            return
        time.sleep(0.01)
    raise AssertionError("it never came to that")


class People:
    """Threads that each hold a turn until they are let go; `served` is the order in which they got it."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.served: list[str] = []
        self.threads: list[threading.Thread] = []
        self._go: dict[str, threading.Event] = {}

    def ask(self, person: str, name: str) -> None:
        """One piece of work of a person; it stands in the line, or works, when this returns."""
        known = len(self.line) + len(self.served)
        self._go[name] = threading.Event()
        self.threads.append(threading.Thread(target=self._work, args=(person, name), daemon=True))
        self.threads[-1].start()
        until(lambda: len(self.line) + len(self.served) > known)

    def _work(self, person: str, name: str) -> None:
        with self.line.turn(person):
            self.served.append(name)
            self._go[name].wait(10)

    def done(self, *names: str) -> None:
        """Let some finish, one after the other."""
        for name in names:
            count, waiting = len(self.served), len(self.line)
            self._go[name].set()
            if waiting:
                until(lambda count=count: len(self.served) > count)


def test_who_asks_much_does_not_keep_others_waiting() -> None:
    people = People(Line(at_once=2, each=1))
    for name in ("a1", "a2", "a3"):
        people.ask("a", name)
    assert people.served == ["a1"]
    people.ask("b", "b1")
    until(lambda: people.served == ["a1", "b1"])


def test_next_is_who_has_least_in_hand_then_who_came_first() -> None:
    people = People(Line(at_once=2, each=2))
    for person, name in (("a", "a1"), ("a", "a2"), ("a", "a3"), ("b", "b1"), ("c", "c1")):
        people.ask(person, name)
    people.done("a1", "b1", "c1")
    assert people.served == ["a1", "a2", "b1", "c1", "a3"]


def test_people_without_a_name_share_everything() -> None:
    people = People(Line(at_once=3, each=1))
    for name in ("1", "2", "3", "4"):
        people.ask("", name)
    assert people.served == ["1", "2", "3"]
    people.done("2")
    assert people.served[-1] == "4"


def test_a_full_line_is_an_error_at_once() -> None:
    people = People(Line(at_once=1, each=1, most_waiting=3, most_waiting_each=1))
    for person, name in (("a", "a1"), ("a", "a2"), ("b", "b1")):
        people.ask(person, name)
    with pytest.raises(BusyError, match="busy"), people.line.turn("a"):
        pass
    people.ask("c", "c1")
    with pytest.raises(BusyError), people.line.turn("d"):
        pass


def test_work_that_fails_gives_its_turn_back() -> None:
    line = Line(at_once=1)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), line.turn("a"):
            raise ZeroDivisionError
    assert len(line) == 0
