"""Runs questions through anything that answers them; whatever it does, every question gets its row. Touches the clock."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from assistant import messages
from assistant.errors import AssistantError
from assistant.evaluation.measures import Case, Supports, is_quoted, measure
from assistant.evaluation.options import TIMEOUT_S
from assistant.evaluation.questions import Question
from assistant.evaluation.record import Failure, record
from assistant.evaluation.results import Results
from assistant.types import Answer, Hit

_LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer with all that was retrieved for it: an abstention's own hits are only the nearest few."""

    answer: Answer
    hits: tuple[Hit, ...]


Answerer = Callable[[Question], Answer | Reply]


def run(
    questions: Iterable[Question],
    answer: Answerer,
    results: Results,
    *,
    done: set[str] | frozenset[str] = frozenset(),
    timeout_s: float = TIMEOUT_S,
    supports: Supports = is_quoted,
    progress: Callable[[], None] = lambda: None,
) -> None:
    """Ask every question that is not `done` and append its row to `results`, which were begun.

    An answerer that raises, gives back something else or takes longer than `timeout_s` fails that question; the run
    goes on, after a time-out in a new thread, the stuck one being left behind. `supports` judges citations.
    Errors: StoreError run_unwritable when a row cannot be written; all rows before it are kept.
    """
    worker = _Worker(answer)
    for question in questions:
        if question.id not in done:
            results.append(_row(question, *worker.ask(question, timeout_s), supports))
            progress()


def _row(question: Question, reply: Any, seconds: float, supports: Supports) -> dict[str, Any]:
    """A question's row. What came back and is no answer, in whole or in part, is a failure with its reason."""
    if not isinstance(reply, Failure):
        try:
            case = _case(question, reply, seconds, supports)
            return record(case, measure(case))
        except Exception as error:  # an answer whose parts are not what they should be becomes this question's row
            reply = Failure("nonsense", _reason(error))
    case = Case(question, None, (), seconds)
    return record(case, measure(case), reply)


def _case(question: Question, reply: Any, seconds: float, supports: Supports) -> Case:
    if isinstance(reply, Answer):
        reply = Reply(reply, reply.hits)
    if not isinstance(reply, Reply):
        raise TypeError(f"not an answer: {reply!r}")
    return Case(question, reply.answer, tuple(reply.hits), seconds, supports)


def _reason(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:_LONGEST_REASON]


class _Worker:
    """Answers in a thread of its own, so that one that hangs can be left behind. A daemon: it never holds the exit."""

    def __init__(self, answer: Answerer) -> None:
        self._answer = answer
        self._start()

    def _start(self) -> None:
        self._questions: queue.SimpleQueue[Question] = queue.SimpleQueue()
        self._replies: queue.SimpleQueue[tuple[Any, float]] = queue.SimpleQueue()
        threading.Thread(target=_work, args=(self._answer, self._questions, self._replies), daemon=True).start()

    def ask(self, question: Question, timeout_s: float) -> tuple[Any, float]:
        """What came back, or a Failure; and the seconds it took."""
        self._questions.put(question)
        try:
            return self._replies.get(timeout=timeout_s)
        except queue.Empty:
            self._start()
            return Failure("timeout", f"{timeout_s:g} s"), timeout_s


def _work(
    answer: Answerer, questions: queue.SimpleQueue[Question], replies: queue.SimpleQueue[tuple[Any, float]]
) -> None:
    while True:
        question = questions.get()
        started = time.perf_counter()
        reply = _asked(answer, question)
        replies.put((reply, time.perf_counter() - started))


def _asked(answer: Answerer, question: Question) -> Any:
    try:
        return answer(question)
    except AssistantError as error:
        return Failure("raised", messages.explain(error, question.language).text)
    except BaseException as error:  # whatever it is, SystemExit too, it is this question's row and not the run's end
        return Failure("raised", _reason(error))
