"""Sentence spans: where they end, and where they must not."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.language.sentences import sentence_spans


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("売上は3.2%増えた。利益は5％減った。", ["売上は3.2%増えた。", "利益は5％減った。"]),
        ("成長率は３．２％。次も同じ。", ["成長率は３．２％。", "次も同じ。"]),
        ("本当！？すごい。はい！いいえ？", ["本当！？", "すごい。", "はい！", "いいえ？"]),
        ("売上は伸びた…。次は？", ["売上は伸びた…。", "次は？"]),
        ("提携した．次の文．", ["提携した．", "次の文．"]),
        ("提携先はBYD.𠮷野家では。", ["提携先はBYD.", "𠮷野家では。"]),
        ("提携先はBYD.中国では首位。", ["提携先はBYD.", "中国では首位。"]),
    ],
)
def test_japanese_sentences_end_at_their_full_stops(text, expected):
    assert sentences(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It rose 3.2%. Sales fell.", ["It rose 3.2%.", "Sales fell."]),
        ("Version 3.2.1 is out. It works.", ["Version 3.2.1 is out.", "It works."]),
        ("Yes! No? Wait... What now", ["Yes!", "No?", "Wait...", "What now"]),
        ('He said "Stop." Then he left.', ['He said "Stop."', "Then he left."]),
        ("He said “Stop.” Then he left.", ["He said “Stop.”", "Then he left."]),
        ("He said ‘Stop.’ Then he left.", ["He said ‘Stop.’", "Then he left."]),
        ("“Is it? No,” he said. Next.", ["“Is it? No,” he said.", "Next."]),
        ("Pony.ai launched. It grew.", ["Pony.ai launched.", "It grew."]),
        ("Only 4. More came.", ["Only 4.", "More came."]),
    ],
)
def test_english_sentences_end_before_a_capital(text, expected):
    assert sentences(text) == expected


def test_mixed_text_is_cut_in_both_languages():
    assert sentences("BYDは2位。Sales rose 3.2%. 次は？ OK!") == ["BYDは2位。", "Sales rose 3.2%.", "次は？", "OK!"]


@pytest.mark.parametrize(
    "text",
    [
        "彼は「行く。」と言った。",
        "彼は“行く。”と言った。",
        "「終わった。まだだ。」と書いた。",
        "売上（前年比3割増。過去最高。）は続く。",
        "増えた【速報。】と伝えた。",
        "It (Mr. Wang said. Twice.) was so.",
        "The firm [see below. Or above.] grew.",
    ],
)
def test_nothing_is_cut_inside_brackets(text):
    assert sentences(text) == [text]


def test_a_closing_bracket_after_the_stop_belongs_to_the_sentence():
    assert sentences("（注：2024年の値。）本文。「はい。」") == ["（注：2024年の値。）本文。", "「はい。」"]
    assert sentences('"It is." And more.') == ['"It is."', "And more."]


@pytest.mark.parametrize(
    "text",
    [
        "Mr. Smith joined Acme Inc. as chief engineer.",
        "The U.S. market grew, e.g. for BYD, by approx. 4%.",
        "See Fig. 3, No. 5 and Vol. 2.",
        "Vehicles, i.e. cars etc. are counted.",
        "A. Smith said so.",
        "J.P. Morgan said so.",
        "It cost approx. EUR 5 million, cf. Table 3.",
        "Dr. Li vs. Prof. Wang",
    ],
)
def test_an_abbreviation_does_not_end_a_sentence(text):
    assert sentences(text) == [text]


def test_a_list_number_does_not_end_a_sentence():
    assert sentences("1. First item. Second part") == ["1. First item.", "Second part"]
    assert sentences("Agenda:\n12. BYDの動向。次") == ["Agenda:\n12. BYDの動向。", "次"]


@pytest.mark.parametrize(
    "text", ["見出しのみ", "売上は増え、利益は減った", "句点のない文\n次の行", "A title", "3.2%", "？？？"]
)
def test_text_without_a_full_stop_is_one_sentence(text):
    assert sentences(text) == [text]


def test_a_wrapped_line_does_not_end_a_sentence():
    assert sentences("利益は増加\nした。次の\n文。") == ["利益は増加\nした。", "次の\n文。"]
    assert sentences("Profits\nrose. Sales\nfell.") == ["Profits\nrose.", "Sales\nfell."]


def test_white_space_alone_is_no_sentence():
    assert sentence_spans("") == []
    assert sentence_spans(" \n\t\u3000") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("閉じない「括弧。次の文。最後", ["閉じない「括弧。", "次の文。", "最後"]),
        ("(unclosed. Next one. Third", ["(unclosed.", "Next one.", "Third"]),
        ("a) 一。b) 二。", ["a) 一。", "b) 二。"]),
        ("一」二。三（四。五", ["一」二。", "三（四。", "五"]),
        ("（一「二）三。四。", ["（一「二）三。", "四。"]),
    ],
)
def test_a_bracket_without_its_partner_holds_nothing_together(text, expected):
    assert sentences(text) == expected


def test_a_bracket_that_closes_far_away_holds_nothing_together():
    far = "（" + "長い文。" * 150 + "）終わり。"
    assert len(sentences(far)) == 151
    near = "（" + "長い文。" * 50 + "）終わり。"
    assert sentences(near) == [near]


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="あ中。．！？.!?()（）「」“”\"' \n\u3000aAZ15%…e.g", max_size=60))
def test_spans_are_trimmed_in_order_and_cover_every_character(text):
    end, kept = 0, ""
    for start, stop in sentence_spans(text):
        assert end <= start < stop <= len(text)
        assert text[start:stop] == text[start:stop].strip()
        kept += text[start:stop]
        end = stop
    assert "".join(kept.split()) == "".join(text.split())


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 99), st.integers(0, 99), st.sampled_from(["%", "％", "倍", "億円", " million"]))
def test_a_decimal_number_is_never_cut(whole, part, unit):
    number = f"{whole}.{part}{unit}"
    assert sentences(f"売上は{number}である。次。") == [f"売上は{number}である。", "次。"]
    assert sentences(f"It was {number} then. Next.") == [f"It was {number} then.", "Next."]


@pytest.mark.parametrize(
    "brackets",
    [
        "(" * 20_000,
        ")" * 20_000,
        "（。" * 10_000,
        "(" * 10_000 + ")" * 10_000,
        "「。」" * 7_000,
        "「" * 20_000 + "）" * 20_000,
        "(」" * 10_000,
        "。" * 40_000,
        "." * 40_000,
    ],
)
def test_twenty_thousand_brackets_are_read_at_once(brackets):
    started = time.process_time()
    assert "".join(sentences(brackets)) == brackets
    assert time.process_time() - started < 40
