"""Runs questions through anything that answers them; whatever it does, every question gets its row. Touches the clock."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from assistant import messages
from assistant.errors import AssistantError
from assistant.evaluation.measures import Case, Pair, Supports, is_quoted, measure
from assistant.evaluation.options import TIMEOUT_S
from assistant.evaluation.questions import Question
from assistant.evaluation.results import Results
from assistant.language.text import join_wrapped
from assistant.payloads import answer_payload, report_payload
from assistant.types import Answer, Hit

KEPT_HITS = 10
_KEPT_CHARACTERS = 200
_LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer with all that was retrieved for it: an abstention's own hits are only the nearest few."""

    answer: Answer
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a question has no answer: `kind` is "raised", "timeout" or "nonsense"."""

    kind: str
    reason: str


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


def record(case: Case, pairs: Mapping[str, Pair], failure: Failure | None = None) -> dict[str, Any]:
    """A question's line. `evidence` says at which rank each piece was found; of the hits the first ten are kept."""
    answer = answer_payload(case.answer) if case.answer else None
    if answer:
        answer["nearest"] = []
    return {
        "id": case.question.id,
        "question": _question(case.question),
        "failure": {"kind": failure.kind, "reason": failure.reason} if failure else None,
        "answer": answer,
        "evidence": [
            {"text": text, "rank": rank} for text, rank in zip(case.question.evidence, case.ranks, strict=True)
        ],
        "hits": [_hit(hit) for hit in case.hits[:KEPT_HITS]],
        "measures": {name: list(pair) for name, pair in pairs.items()},
        "seconds": round(case.seconds, 4),
    }


def _question(question: Question) -> dict[str, Any]:
    return {
        "text": question.text,
        "lang": question.language,
        "type": question.type,
        "doc": question.doc,
        "line": question.line,
        "history": [{"role": turn.role, "content": turn.content} for turn in question.history],
        "must_include": [list(group) for group in question.must_include],
        "references": [text for _, text in question.references],
    }


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "rank": hit.rank,
        "passage_id": hit.passage.passage_id,
        "report": report_payload(hit.report),
        "page": hit.passage.page,
        "section": hit.passage.section,
        "text": join_wrapped(hit.passage.text)[:_KEPT_CHARACTERS],
    }


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
