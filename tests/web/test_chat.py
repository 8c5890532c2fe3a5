"""The conversation: events become exchanges, finished exchanges become history, errors become words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from assistant.types import Event, Language, Retrieved, Token, Turn
from assistant.web.chat import Asked, Exchange, broken, respond, stopped, turns
from tests.web.fakes import TEXT_EN, TEXT_JA, ScriptedStream, hits


def clock() -> Iterator[float]:
    """A second passes at every look."""
    now = 0.0
    while True:
        now += 1.0
        yield now


def ask(stream: ScriptedStream, question: str, history: Sequence[Exchange] = (), language: Language | None = None):
    return list(respond(question, history, stream=stream, language=language, clock=clock().__next__))


def said(exchange: Exchange) -> str:
    assert exchange.answer is not None
    return exchange.answer.text


def test_an_answer_grows_and_is_finished_at_the_end() -> None:
    states = ask(ScriptedStream(), "投資額は?")
    texts = [state.text for state in states]
    assert texts == sorted(texts, key=len)
    assert [state.answer for state in states[:-1]] == [None] * (len(states) - 1)
    assert said(states[-1]) == TEXT_JA
    assert "根拠" in states[-1].html and 'id="x1-e1"' in states[-1].html
    assert states[0].html.startswith(
        '<article class="exchange" id="x1" data-number="1"><h2 class="question" lang="ja">'
    )


@pytest.mark.parametrize(
    ("question", "choice", "words"),
    [
        ("投資額は?", None, Language.JA),
        ("How much?", None, Language.EN),
        ("How much?", Language.JA, Language.JA),
        ("投資額は?", Language.EN, Language.EN),
    ],
)
def test_words_and_answer_follow_the_question_unless_a_language_is_chosen(question, choice, words) -> None:
    stream = ScriptedStream()
    done = ask(stream, question, language=choice)[-1]
    assert stream.asked == [(question, (), choice)]
    assert (done.language, said(done)) == (words, TEXT_JA if words is Language.JA else TEXT_EN)


def test_finished_exchanges_are_the_history_of_the_next_question() -> None:
    stream = ScriptedStream()
    first = ask(stream, "投資額は?")[-1]
    failed = ask(stream, "壊れたら?", [first])[-1]
    second = ask(stream, "How much?", [first, failed])[-1]
    assert stream.asked[2][1] == (Turn("user", "投資額は?"), Turn("assistant", TEXT_JA))
    assert second.number == 3
    assert turns([first, failed, second])[2:] == (Turn("user", "How much?"), Turn("assistant", TEXT_EN))


def test_a_blank_message_asks_nothing() -> None:
    stream = ScriptedStream()
    assert ask(stream, " \n　") == []
    assert stream.asked == []


def test_an_error_becomes_words_and_leaves_the_question_to_be_edited() -> None:
    last = ask(ScriptedStream(), "What if it is broken?")[-1]
    assert (last.failed, last.answer, last.question) == (True, None, "What if it is broken?")
    assert 'role="alert"' in last.html
    assert "Traceback" not in last.html


def test_tokens_that_come_at_once_are_shown_together() -> None:
    states = list(respond("投資額は?", (), stream=ScriptedStream(), language=None, clock=lambda: 0.0))
    assert [len(state.text) for state in states[:2]] == [0, 0]
    assert len(states) == 3  # asked, found, done


def test_stopping_closes_the_stream_and_says_that_nothing_was_checked() -> None:
    stream = ScriptedStream()
    states = respond("投資額は?", (), stream=stream, language=None, clock=clock().__next__)
    state = [next(states) for _ in range(4)][-1]
    states.close()  # type: ignore[attr-defined]
    assert stream.closed == 1
    assert "確認していません" in stopped(state).html
    assert turns([stopped(state)]) == ()


def test_a_finished_answer_cannot_be_stopped_any_more() -> None:
    done = ask(ScriptedStream(), "投資額は?")[-1]
    assert stopped(done) is done


@pytest.mark.parametrize(
    ("sent", "asked"),
    [
        ('{"conversation": "0123456789abcdef", "number": 2}', Asked(conversation="0123456789abcdef", number=2)),
        ('{"conversation": "x\' OR 1", "number": 2}', Asked()),
        ('{"conversation": "ab", "number": -1}', Asked()),
        ("[]", Asked()),
        ("", Asked()),
    ],
)
def test_what_a_page_sends_along_is_taken_as_it_should_be_or_not_at_all(sent: str, asked: Asked) -> None:
    assert Asked.read(sent) == asked


def test_what_can_be_done_with_an_exchange_is_shown_once_it_is_over() -> None:
    states = ask(ScriptedStream(), "投資額は?")
    assert ['class="actions"' in state.html for state in states] == [False] * (len(states) - 1) + [True]
    assert 'class="actions"' in stopped(states[2]).html
    assert 'data-do="up"' not in stopped(states[2]).html


def test_a_stream_that_ends_without_an_answer_is_a_fault_that_is_shown() -> None:
    def stream(question: str, **setting: object) -> Iterator[Event]:
        return iter([Retrieved(hits()), Token("半")])

    last = list(respond("投資額は?", (), stream=stream, language=None))[-1]
    assert last == broken(last)
    assert "もう一度送信してください" in last.html
