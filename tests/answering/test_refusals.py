"""Questions that are refused whatever the reports hold, and the ones that only look like them."""

import pytest

from assistant.answering.refusals import is_other_language, refusal
from assistant.retrieval.query import understand
from assistant.types import Status, Turn
from tests.conftest import Shipped


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("中国企業と組むべきだと思いますか", "refused_opinion"),
        ("この市場についてどう思う？", "refused_opinion"),
        ("Do you think we should partner with a Chinese company?", "refused_opinion"),
        ("What do you think of the battery market?", "refused_opinion"),
        ("上の表には何がありますか", "refused_pointing"),
        ("上記の企業の売上は？", "refused_pointing"),
        ("What is in the table above?", "refused_pointing"),
        ("なぜ提携したと思いますか", None),
        ("日本企業は何をすべきですか", None),
        ("Which table lists the partnerships?", None),
        ("What above all drives demand?", None),
        ("What does the report recommend to Japanese companies?", None),
    ],
)
def test_an_opinion_and_what_points_at_nothing_are_refused(question: str, code: str | None) -> None:
    assert refusal(understand(question)) == code


def test_what_points_into_the_conversation_is_not_refused() -> None:
    history = (Turn("user", "BMWの提携をすべて表で"), Turn("assistant", "4件あります。"))
    assert refusal(understand("上の表で最も新しいものは？", history)) is None


@pytest.mark.parametrize(
    "text",
    ["¿Cuánto invierten en la planta de España?", "Combien investissent-ils dans une usine ?", "Wie viel kostet die Fabrik?", "这家公司投资了多少", "얼마나 투자합니까", "Сколько стоит завод?"],
)  # fmt: skip
def test_another_language_is_recognised(text: str) -> None:
    assert is_other_language(text)


@pytest.mark.parametrize(
    "text",
    ["How much is El Salvador paying?", "BMW Brilliance partnerships 2025", "電池投資額", "工場の投資額は？", "What is La Poste's share in the van market?", "CATL"],
)  # fmt: skip
def test_names_and_keywords_are_no_other_language(text: str) -> None:
    assert not is_other_language(text)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("中国企業と組むべきだと思いますか", "意見や助言は述べません"),
        ("What is in the table above?", "name the report, the table or the company"),
        ("¿Cuánto cuesta la catedral de Sevilla para los turistas?", "Please ask in Japanese or English"),
    ],
)
def test_a_refusal_says_what_would_help(question: str, words: str, shipped: Shipped) -> None:
    answer = shipped.assistant.ask(question)
    assert answer.status is Status.ABSTAINED
    assert words in answer.text
