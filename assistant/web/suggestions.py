"""Questions that the reports lead on to: from headings and table rows beside what an answer cites. Pure.

Only such are offered as the reports answer; who calls says how to find that out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice, zip_longest

from assistant import messages
from assistant.language.text import join_wrapped, language_of
from assistant.types import Answer, Language, Passage
from assistant.web import templates

MOST = 3
_TRIED = 8
_NEAR = 12
_LENGTH = range(3, 29)
_NUMBER = re.compile(r"^\s*(?:第?[\d.．]+[章節部]?[.．、:：]?)\s*")
_VALUE = re.compile(r"\d")


def topic(heading: str) -> str:
    """A heading without its number."""
    return _NUMBER.sub("", join_wrapped(heading)).strip()


def is_topic(text: str) -> bool:
    """Whether a question about it is short enough to be read at a glance and long enough to mean something."""
    return len(text) in _LENGTH


def follow_ups(
    answer: Answer,
    language: Language,
    *,
    passages: Callable[[str], Sequence[Passage]],
    is_answered: Callable[[str], bool],
) -> list[str]:
    """At most three questions; `passages` gives a report's in order. Topics in the reader's language come first."""
    found = [_topics(passages(report_id), cited) for report_id, cited in _cited(answer).items()]
    asked = answer.question.casefold()
    topics = [one for one in dict.fromkeys(_in_turn(found)) if is_topic(one) and one.casefold() not in asked]
    topics.sort(key=lambda one: language_of(one) is not language)
    questions = (messages.say("starter", language, topic=one) for one in topics[:_TRIED])
    return list(islice(filter(is_answered, questions), MOST))


def _cited(answer: Answer) -> dict[str, set[str]]:
    """The passages that an answer cites (of an abstention, those that came closest), by report."""
    near = answer.citations or answer.hits[:MOST]
    reports: dict[str, set[str]] = {}
    for one in near:
        reports.setdefault(one.report.report_id, set()).add(one.passage.passage_id)
    return reports


def _topics(passages: Sequence[Passage], cited: set[str]) -> Iterator[str]:
    """What stands near the cited passages, the nearest first: the names in rows of the same tables, then the headings."""
    places = [at for at, one in enumerate(passages) if one.passage_id in cited]
    known = {heading for at in places for heading in passages[at].heading_path}
    near = sorted(range(len(passages)), key=lambda at: min((abs(at - place) for place in places), default=at))
    for at in near[: _NEAR * max(1, len(places))]:
        one = passages[at]
        if one.passage_id not in cited:
            yield from (topic(heading) for heading in one.heading_path[-1:] if heading not in known)
            yield from _names(one)


def _names(passage: Passage) -> Iterator[str]:
    """The first cell of a row that is a name rather than a number or a date."""
    for block in passage.blocks:
        cells = (join_wrapped(passage.words(cell.start, cell.end)).strip() for cell in block.cells)
        yield from islice((cell for cell in cells if is_topic(cell) and not _VALUE.search(cell)), 1)


def _in_turn(found: Iterable[Iterable[str]]) -> Iterator[str]:
    return (one for one in chain.from_iterable(zip_longest(*found)) if one)


def render_follow_ups(questions: Sequence[str], language: Language) -> str:
    """The questions as buttons that ask them."""
    return templates.render("follow", language, questions=questions)
