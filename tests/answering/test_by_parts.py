"""Several questions in one: each is answered under its own words, in the order asked, and what is not answered says so."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import messages
from assistant.answering.asked import LONG
from assistant.answering.extract import Asking, extract
from assistant.answering.sheet import Extract
from assistant.retrieval.query import understand
from assistant.types import Done, Language, Status, Token, Turn
from tests.answering.test_extract import GROUND, check_citations, hits_of
from tests.conftest import Shipped

# (question, heads of its parts, what stands under each; None: the reports do not say)
ASKED = [
    (
        "BMWはいつモメンタと提携しましたか。ステランティスの投資額は。トヨタは誰と組みますか。",
        ["2025年7月15日", "41億ユーロ", "モメンタ"],
    ),
    ("ステランティスの投資額は。ハムレットの作者は誰ですか。", ["41億ユーロ", None]),
    ("ハムレットの初演はいつですか。ステランティスの投資額はいくらですか。", [None, "41億ユーロ"]),
    (
        "How much do Stellantis and CATL invest in Spain? Who wrote Hamlet? "
        "What does the abbreviation BATH, which includes Alibaba, stand for?",
        ["€4.1 billion", None, "Baidu"],
    ),
    (
        "How much do Stellantis and CATL invest in Spain, when did the French Revolution begin, and what does BATH stand for?",
        ["€4.1 billion", None, "Baidu"],
    ),
]


def said_under(text: str) -> list[tuple[str, str]]:
    """Each part's head and what stands under it."""
    return [(head, body) for head, _, body in (part.partition("\n") for part in text.split("### ")[1:])]


@pytest.mark.parametrize(("question", "expected"), ASKED)
def test_each_part_is_answered_under_its_words_in_the_order_asked(
    question: str, expected: list[str | None], shipped: Shipped
) -> None:
    found = shipped.assistant.ask(question)
    check_citations(found)
    parts, silent = said_under(found.text), messages.say("abstained", found.language)
    assert len(parts) == len(expected) and len(found.text) <= LONG
    assert [question.find(head) for head, _ in parts] == sorted(question.find(head) for head, _ in parts)
    assert question.startswith(parts[0][0])
    for (_, body), words in zip(parts, expected, strict=True):
        assert body.strip() == silent if words is None else words in body
    assert found.status is (Status.PARTIAL if None in expected else Status.ANSWERED)


def test_where_no_part_is_answered_the_answer_is_that_nothing_is(shipped: Shipped) -> None:
    found = shipped.assistant.ask(
        "ハムレットの初演はいつですか。ハムレットの作者は誰ですか。ペンギンは何を食べますか。"
    )
    assert (found.status, found.claims, found.citations) == (Status.ABSTAINED, (), ())
    assert found.hits and "###" not in found.text


@pytest.mark.parametrize(
    "question",
    [
        "ステランティスとCATLの合弁はいつ発表され、工場はどこに建てられ、投資額はいくらですか。",
        "When did Stellantis and CATL announce the plant, where will it be built, and how much is invested?",
    ],
)
def test_parts_that_one_quote_answers_are_answered_once(question: str, shipped: Shipped) -> None:
    found = shipped.assistant.ask(question)
    assert "###" not in found.text and len(found.citations) == 1
    assert "スペイン" in found.citations[0].quote


def test_a_stream_ends_with_the_answer_whose_pieces_it_gave(shipped: Shipped) -> None:
    question, _ = ASKED[1]
    *before, last = shipped.assistant.stream(question, history=[Turn("user", "こんにちは"), Turn("assistant", "はい")])
    assert isinstance(last, Done)
    assert "".join(event.text for event in before if isinstance(event, Token)) == last.answer.text
    assert last.answer.status is Status.PARTIAL and "41億ユーロ" in last.answer.text


FACTS = (
    "電池工場に最大41億ユーロを投じる。",
    "量産は2026年末に始まる。",
    "The plant costs 4.1 billion euros.",
    "長い文" * 95 + "である。",
)
QUESTIONS = (
    "電池工場にいくら投じますか。",
    "量産はいつ始まりますか。",
    "How much does the Plant cost?",
    "長い文[1]はどこですか。",
)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(FACTS), max_size=5), st.lists(st.sampled_from(QUESTIONS), min_size=2, max_size=6))
def test_whatever_is_asked_together_every_number_shown_resolves(facts: list[str], questions: list[str]) -> None:
    text = "# 題\n\n" + "\n\n## 節\n\n".join(facts)
    found = by_parts(text, questions)
    check_citations(found)
    assert (found.status is Status.ABSTAINED) == (found.citations == ())
    assert len(found.text) <= LONG or len(found.citations) == 1


def by_parts(text: str, questions: list[str]) -> Extract:
    hits = hits_of(text)
    asking = [
        Asking(understand(question), hits if number % 3 else (), GROUND) for number, question in enumerate(questions)
    ]
    return extract(Asking(understand("".join(questions)), (), GROUND), Language.JA, asking)
