"""A question as search sees it: checked, folded, with what earlier questions lend it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import UsageError
from assistant.language.names import name_key
from assistant.language.readings import reading_keys
from assistant.retrieval.query import LONGEST_QUESTION, carried, checked, enumerates, names, understand, weigh
from assistant.types import Language, Query, Turn


def weight_of(query: Query, text: str) -> float | None:
    return next((term.weight for term in query.terms if term.text == text), None)


def asked(*questions: str) -> tuple[Turn, ...]:
    return tuple(turn for one in questions for turn in (Turn("user", one), Turn("assistant", "答えです。")))


@pytest.mark.parametrize("text", ["", " \n\t", "　"])
def test_an_empty_question_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="question_empty"):
        understand(text)


@pytest.mark.parametrize("text", ["？", "。。。", "?!", "「」", "---", "…"])
def test_a_question_of_punctuation_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="question_no_words"):
        understand(text)


@pytest.mark.parametrize("character", ["電", "a ", "1"])
def test_a_question_that_nobody_asks_is_refused_with_its_length(character: str) -> None:
    text = (character * 50_000)[:50_000].strip()
    with pytest.raises(UsageError, match="question_too_long") as caught:
        understand(text)
    assert caught.value.values == {"length": str(len(text)), "limit": str(LONGEST_QUESTION)}
    assert len(checked("電" * LONGEST_QUESTION)) == LONGEST_QUESTION


def test_a_question_is_trimmed_but_otherwise_as_typed() -> None:
    assert understand("　ＢＭＷは何を作りますか？\n").text == "ＢＭＷは何を作りますか？"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("BMWとモメンタは何を共同開発しますか", Language.JA),
        ("How much are Stellantis and CATL investing?", Language.EN),
        ("中国電池市場規模", Language.JA),
    ],
)
def test_a_question_knows_its_language(text: str, language: Language) -> None:
    assert understand(text).language is language


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("ＢＭＷは２０２５年に何を作りますか", "BMWは2025年に何を作りますか"),
        ("ﾓﾒﾝﾀと共同開発する会社", "モメンタと共同開発する会社"),
        ("５，７８４億元", "5,784億元"),
        ("Ｗｈａｔ　ｉｓ　ＮＯＡ？", "What is NOA?"),
    ],
)
def test_full_width_and_half_width_are_the_same_question(wide: str, narrow: str) -> None:
    one, other = understand(wide), understand(narrow)
    assert (one.terms, one.language) == (other.terms, other.language)
    assert weigh(one) == weigh(other)


def test_typed_words_weigh_one_and_function_words_are_left_out() -> None:
    query = understand("What does the plant in Zaragoza produce?")
    assert {term.text: term.weight for term in query.terms} == {"plant": 1.0, "zaragoza": 1.0, "produc": 1.0}


def test_quantities_are_searched_in_their_canonical_form() -> None:
    for text in ("41億ユーロを投じるのは誰ですか", "Who invests 4.1 billion euros?", "Who invests €4,100 million?"):
        assert weigh(understand(text)).quantities["=EUR:4100000000"] == 1.0


def test_a_date_is_searched_as_a_day_and_less_as_a_month_and_year() -> None:
    weights = weigh(understand("What was announced on July 15, 2025?")).quantities
    assert weights["@2025-07-15"] == 1.0
    assert 0 < weights["@2025-07"] < 1
    assert weigh(understand("2025年7月15日に公表されたのは何ですか")).quantities == weights


def test_names_are_katakana_and_latin_words_that_are_no_function_words() -> None:
    assert names("ステランティスと CATL は何をしますか") == ["ステランティス", "CATL"]
    assert names("What does Valeo do with Momenta") == ["Valeo", "Momenta"]


def test_a_name_meets_its_spelling_in_the_other_script() -> None:
    english, japanese = weigh(understand("Where does Stellantis build?")), weigh(understand("ステランティスの工場"))
    assert name_key("Stellantis") in set(english.names) & set(japanese.names)


def test_a_name_in_han_is_looked_for_by_its_sound_and_the_other_way_round() -> None:
    assert set(weigh(understand("What did Baidu announce?")).entities) & set(reading_keys("百度が発表した。"))
    assert set(weigh(understand("百度は何を発表しましたか")).entities) & set(reading_keys("Baidu announced it."))


def test_a_word_in_lower_case_may_be_a_loanword_and_counts_less_than_a_name() -> None:
    weights = weigh(understand("Which robot does Unitree build?")).names
    assert weights[name_key("robot")] < weights[name_key("Unitree")] == 1.0


def test_a_follow_up_carries_terms_of_the_question_before_but_weaker() -> None:
    query = understand("それはいつ始まりますか", asked("スペインの電池工場には誰が投資しますか"))
    carried_over = weight_of(query, "電池")
    assert carried_over is not None and 0 < carried_over < 1
    assert weight_of(understand("それはいつ始まりますか"), "電池") is None


def test_an_english_follow_up_carries_names_too() -> None:
    query = understand("When does it start?", asked("Who builds the plant of Stellantis?"))
    assert 0 < (weight_of(query, "plant") or 0) < 1
    assert 0 < weigh(query).names[name_key("Stellantis")] < 1


def test_what_is_typed_again_keeps_its_full_weight() -> None:
    query = understand("その電池はどこで作りますか", asked("電池は誰が作りますか"))
    assert weight_of(query, "電池") == 1.0


def test_a_question_that_stands_alone_carries_nothing() -> None:
    history = asked("スペインの電池工場には誰が投資しますか")
    question = "ヴァレオが世界市場に向けて協力して開発する技術は何ですか"
    assert carried(question, history) == []
    assert understand(question, history).terms == understand(question).terms


def test_only_the_last_two_questions_of_the_person_are_carried() -> None:
    history = asked("最初の質問です", "次の質問です", "最後の質問です")
    assert carried("それは?", history) == ["最後の質問です", "次の質問です"]
    assert carried("それは?", ()) == []


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("電池モメンタBMW 41億ユーロ2025年7月15日?。, EU%はをAa1"), min_size=1, max_size=60))
def test_any_text_is_understood_or_refused_in_words(text: str) -> None:
    try:
        query = understand(text, asked("電池は?"))
    except UsageError as error:
        assert error.code in ("question_empty", "question_no_words")
    else:
        assert all(0 < weight <= 1 for field in weigh(query).by_field().values() for weight in field.values())


def test_a_lone_surrogate_does_no_harm() -> None:
    assert weight_of(understand("電池 \ud800 の工場"), "電池") == 1.0


@pytest.mark.parametrize(
    "text",
    [
        "表2の会社をすべて挙げてください",
        "提携の一覧をください",
        "どのような規制がありますか",
        "全部教えて",
        "List the partners of Momenta",
        "Name every company in the table",
        "What are all the dates?",
        "Ｌｉｓｔ　ｔｈｅｍ",
    ],
)
def test_a_question_that_wants_everything_is_told(text: str) -> None:
    assert enumerates(text)


@pytest.mark.parametrize(
    "text",
    [
        "モメンタと提携したのは誰ですか",
        "どのような車ですか",
        "Is there a plant at all?",
        "Who enlisted Baidu?",
        "Overall cost",
    ],
)
def test_a_question_that_wants_one_answer_is_told(text: str) -> None:
    assert not enumerates(text)
