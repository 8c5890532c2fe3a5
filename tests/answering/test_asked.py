"""What kind of fact a question asks for, in both languages."""

import pytest

from assistant.answering.asked import LONG, SHORT, Kind, asked, has_kind


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("BMWとの提携はいつ公表されましたか", Kind.WHEN),
        ("When was the partnership announced?", Kind.WHEN),
        ("In which year did ICRA take place in Paris?", Kind.WHEN),
        ("投資額はいくらですか", Kind.HOW_MUCH),
        ("AI企業は何社ありますか", Kind.HOW_MUCH),
        ("How many companies are there?", Kind.HOW_MUCH),
        ("What percentage of cars had Level 2?", Kind.HOW_MUCH),
        ("なぜ地図の扱いが難しいのですか", Kind.WHY),
        ("Why is the supply chain a handicap?", Kind.WHY),
        ("低空経済とは何ですか", Kind.DEFINE),
        ("低空経済って何を指す言葉ですか", Kind.DEFINE),
        ("What does NOA mean?", Kind.DEFINE),
        ("モメンタと提携した会社をすべて挙げてください", Kind.LIST),
        ("Name all companies that work with Momenta", Kind.LIST),
        ("米国と中国の比率はどう違いますか", Kind.COMPARE),
        ("How do the US and China compare?", Kind.COMPARE),
        ("BMWとモメンタは何を共同開発しますか", Kind.OTHER),
        ("Who supplies the tyres?", Kind.OTHER),
    ],
)
def test_the_kind_of_a_question(question: str, kind: Kind) -> None:
    assert asked(question).kind is kind


def test_lists_and_comparisons_may_be_twice_as_long() -> None:
    assert (SHORT, LONG) == (600, 1200)
    assert asked("すべて挙げてください").length == asked("How do they differ?").length == LONG
    assert asked("投資額はいくらですか").length == asked("Who?").length == SHORT


@pytest.mark.parametrize(
    ("kind", "yes", "no"),
    [
        (Kind.WHEN, "2025年7月15日に公表した。", "最大41億ユーロを投じる。"),
        (Kind.WHEN, "It was announced on 15 July 2025.", "It costs 4.1 billion euros."),
        (Kind.HOW_MUCH, "最大41億ユーロを投じる。", "2025年7月15日に公表した。"),
        (Kind.HOW_MUCH, "It has 2,000 employees.", "Production started in July 2025."),
        (Kind.WHY, "技術が成熟したためである。", "技術は成熟した。"),
        (Kind.WHY, "It closed because of the cost.", "It closed in spring."),
        (Kind.DEFINE, "NOAとは、自動で走る機能である。", "NOAを載せる。"),
        (Kind.DEFINE, "NOA stands for navigation on autopilot.", "They sell NOA."),
    ],
)
def test_whether_a_text_holds_that_kind_of_fact(kind: Kind, yes: str, no: str) -> None:
    assert (has_kind(yes, kind), has_kind(no, kind)) == (True, False)


@pytest.mark.parametrize("kind", [Kind.LIST, Kind.COMPARE, Kind.OTHER])
def test_where_nothing_particular_is_asked_anything_will_do(kind: Kind) -> None:
    assert has_kind("技術は成熟した。", kind)
