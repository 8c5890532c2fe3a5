"""Rise against fall, affirmed against denied, in both languages."""

import pytest

from assistant.language.polarity import (
    denied_spans,
    direction_of,
    ends_in_denial,
    is_negated,
    result_of,
    without_answer_word,
)


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("売上は5%増えた。", "up"),
        ("生産が増加した。", "up"),
        ("比率が上昇した。", "up"),
        ("市場が拡大する。", "up"),
        ("Sales rose by 5%.", "up"),
        ("Costs are growing.", "up"),
        ("It increased.", "up"),
        ("売上は5%減った。", "down"),
        ("価格が下落した。", "down"),
        ("市場が縮小する。", "down"),
        ("費用を削減する。", "down"),
        ("Sales fell by 5%.", "down"),
        ("Prices declined.", "down"),
        ("It was cut.", "down"),
        ("▲5%", "down"),
        ("工場はスペインにある。", None),
        ("The plant is in Spain.", None),
        ("売上は増えたが利益は減った。", None),
        ("増産ラインを見学した。", None),
        ("Sales rose while profits fell.", None),
        ("", None),
    ],
)
def test_which_way_a_text_points(text: str, direction: str | None) -> None:
    assert direction_of(text) == direction


@pytest.mark.parametrize(
    "text",
    [
        "工場は稼働していない。",
        "まだ公表されていません。",
        "時期は未定である。",
        "値下げせず、品質を上げた。",
        "利用は不可である。",
        "The plant is not open.",
        "It doesn't sell there.",
        "No partner was named.",
        "They never agreed.",
        "It is unable to sell.",
    ],
)
def test_a_denial_is_one(text: str) -> None:
    assert is_negated(text)


@pytest.mark.parametrize(
    "text",
    [
        "工場は稼働している。",
        "価格だけでなく機能でも争う。",
        "欠かせない部品である。",
        "伸びるかもしれない。",
        "The plant is open.",
        "It sells not only in China but also in Japan.",
        "No, it opens in 2026.",
        "いいえ、2026年に稼働する。",
        "It has no less than 2,000 staff.",
        "採用しないわけではない。",
        "撤退せざるを得ない。",
        "可能性はなくはない。",
        "It is not unusual in the industry.",
        "Growth is not impossible.",
        "",
    ],
)
def test_what_only_looks_like_a_denial_is_none(text: str) -> None:
    assert not is_negated(text)


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("工場はまだ稼働していない。", True),
        ("外資は参加できません。", True),
        ("稼働していない工場を買収した。", False),
        ("品質が欠かせない。", False),
        ("工場が稼働した。", False),
    ],
)
def test_a_sentence_is_denied_as_a_whole_by_its_last_predicate(text: str, denied: bool) -> None:
    assert ends_in_denial(text) is denied


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("It was not 40% but 31%.", ["not 40%"]),
        ("ICRA 2023 was in London, not Yokohama.", ["not Yokohama"]),
        ("Momenta rather than Huawei built it.", ["rather than Huawei"]),
        ("2023年は横浜ではなくロンドンで開かれた。", ["横浜ではなく"]),
        ("工場は稼働していない。", []),
        ("The plant is not open.", []),
        ("価格だけではなく機能でも争う。", ["価格だけではなく"]),
    ],
)
def test_what_is_named_only_to_be_denied_is_found(text: str, denied: list[str]) -> None:
    assert [text[start:end] for start, end in denied_spans(text)] == denied


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("はい。", ""),
        ("いいえ、2026年に稼働する。", "2026年に稼働する。"),
        ("前提が違います。", ""),
        ("No, it opens in 2026.", "it opens in 2026."),
        ("Yes, slightly: up to 4.1 billion euros.", "up to 4.1 billion euros."),
        ("The premise is wrong: it opens in 2026.", "it opens in 2026."),
        ("No-one knows.", "No-one knows."),
        ("2026年に稼働する。", "2026年に稼働する。"),
    ],
)
def test_a_yes_or_no_at_the_start_can_be_left_out(text: str, rest: str) -> None:
    assert without_answer_word(text) == rest


@pytest.mark.parametrize(
    ("text", "direction"),
    [
        ("Operating profit was up 5% year on year.", "up"),
        ("The market was worth €3 billion, up 5.4% on the year.", "up"),
        ("Additions were down by about 8%.", "down"),
        ("38% use it, up from 24% in 2018.", "up"),
        ("Skin care made up 46% of sales.", None),
        ("Stellantis invests up to 4.1 billion euros.", None),
    ],
)
def test_up_and_down_point_where_they_say_by_how_much(text, direction):
    assert direction_of(text) == direction


@pytest.mark.parametrize("text", ["全産業平均の8割に満たない。", "目標に届かない水準である。", "前年に及ばない。"])
def test_falling_short_denies_nothing(text):
    assert not is_negated(text)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("3.2億元の赤字", "loss"),
        ("21.4億元の黒字", "profit"),
        ("The company lost 320 million yuan.", "loss"),
        ("Net profit was $3 million.", "profit"),
        ("赤字から黒字に転じた", None),
        ("売上高は12億円", None),
    ],
)
def test_a_profit_is_told_from_a_loss(text, result):
    assert result_of(text) == result
