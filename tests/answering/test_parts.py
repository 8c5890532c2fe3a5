"""Questions that ask several things: taken apart by rule, and what was found for the parts put together."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answering.parts import MOST_PARTS, may_have_parts, merged, parts
from assistant.types import Hit
from tests.answering.test_prompts import a_hit

ONE = [
    "BMWとモメンタは何を共同開発しますか",
    "中国のAI企業は何社ありますか?",
    "いつ、どこで発表しましたか。",
    "価格、日付、社名を教えてください。",
    "DeepSeekを採用したのはどの会社で、トヨタです。",
    "What do BMW and Momenta build?",
    "Who works with Momenta and CATL?",
    "We look at China. When was the law passed?",
    "The U.S. vs. China: who leads?",
    "電池",
    "?",
]


@pytest.mark.parametrize("question", ONE)
def test_a_question_about_one_thing_stays_whole(question: str) -> None:
    assert parts(question) == (question.strip(),)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("BMWはいつ発表しましたか？また、相手はどこですか？", ("BMWはいつ発表しましたか？", "相手はどこですか？")),
        ("BMWとモメンタの違いは何ですか。それと価格は？", ("BMWとモメンタの違いは何ですか。", "価格は？")),
        ("合弁はいくら投資し、工場をどこに建てますか。", ("合弁はいくら投資し", "工場をどこに建てますか。")),
        ("参加企業数は何社ですか。ブース数も教えてください。", ("参加企業数は何社ですか。", "ブース数も教えてください。")),
        ("Who are the partners? And what do they build?", ("Who are the partners?", "what do they build?")),
        ("Who are the partners and also what do they build?", ("Who are the partners", "what do they build?")),
        (
            "How much will they invest, and in what year does production start?",
            ("How much will they invest", "in what year does production start?"),
        ),
        ("Compare BMW with Audi. Also, how many plants are there?", ("Compare BMW with Audi.", "how many plants are there?")),
        ("BMWは何を発表しましたか。What did Audi announce?", ("BMWは何を発表しましたか。", "What did Audi announce?")),
    ],
)  # fmt: skip
def test_a_question_about_several_things_is_taken_apart(question: str, expected: tuple[str, ...]) -> None:
    assert parts(question) == expected
    assert may_have_parts(question)


def test_at_most_six_parts_are_looked_for() -> None:
    assert len(parts("工場はどこですか。" * 40)) == MOST_PARTS


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(["何を", "、", "ですか", "。", "?", " and ", "what ", "BMW", "it is", "\n"]) | st.text(max_size=3), max_size=12).map("".join))  # fmt: skip
def test_parts_are_the_questions_own_words(question: str) -> None:
    found = parts(question)
    assert found and all(part in question for part in found)


def ids(hits: list[Hit]) -> list[int]:
    return [hit.passage.anchor.start // 100_000 for hit in hits]


def test_what_several_searches_found_comes_first_and_the_whole_question_counts_most() -> None:
    a, b, c, d = (a_hit(f"text {number}", number) for number in range(1, 5))
    ranked = [[_at(hit, rank) for rank, hit in enumerate(hits, start=1)] for hits in ([a, b, c], [b, d], [b, a])]
    found = merged(ranked, 10)
    assert ids(found) == [2, 1, 3, 4]
    assert [hit.rank for hit in found] == [1, 2, 3, 4]
    assert [hit.score for hit in found] == sorted((hit.score for hit in found), reverse=True)
    assert ids(merged(ranked, 2)) == [2, 1]


def test_one_search_stays_as_it_is() -> None:
    hits = [a_hit("one", 1), a_hit("two", 2)]
    assert merged([hits], 5) == hits and merged([hits], 1) == hits[:1]
    assert merged([[], []], 5) == []


def _at(hit: Hit, rank: int) -> Hit:
    return Hit(hit.passage, hit.report, rank, 1.0, ())
