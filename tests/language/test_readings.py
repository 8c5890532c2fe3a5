"""Names in Han by sound: they meet their Latin and katakana spellings both ways, and ordinary words meet nobody."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.language.readings import reading_keys, sought_readings


def meet(one: str, other: str) -> bool:
    """Whether a text that names `one` finds a text that names `other`."""
    return bool(set(sought_readings(one)) & set(reading_keys(other)))


@pytest.mark.parametrize(
    "pair",
    """
百度 Baidu
百度 バイドゥ
百度集団 Baidu
小米 Xiaomi
小米汽車 Xiaomi
小鵬汽車 シャオペン
吉利 ジーリー
美団 Meituan
美団 メイトゥアン
快手 Kuaishou
奇瑞 Qirui
比亜迪 Biyadi
寧徳時代 Ningde
長安汽車 Chang'an
長安汽車 Changan
重慶 Chongqing
成都 Chengdu
浙江 Zhejiang
蘇州 Suzhou
日立 Hitachi
日立 ヒタチ
東芝 Toshiba
三菱商事 Mitsubishi
日産 Nissan
富士通 Fujitsu
野村 Nomura
札幌 Sapporo
""".strip().splitlines(),
)
def test_a_name_in_han_meets_its_other_spellings_both_ways(pair: str) -> None:
    han, other = pair.split()
    assert meet(f"{han}が発表した。", f"{other} said so.")
    assert meet(f"{other}はどこか", f"相手は{han}だった。")


@pytest.mark.parametrize(
    "pair",
    """
百度 Alibaba
小米 Baidu
利用 リヨン
背景 Beijing
最小米国 Xiaomi
部分 Bufo
日立 Toshiba
動向 トンコウ
小米 small
""".strip().splitlines(),
)
def test_others_do_not_meet(pair: str) -> None:
    han, other = pair.split()
    assert not meet(f"{han}が発表した。", f"{other} said so.")
    assert not meet(f"{other}はどこか", f"相手は{han}だった。")


def test_an_ordinary_word_is_met_by_latin_names_alone() -> None:
    assert meet("Xiaomi", "小米") and not meet("シャオミ", "小米")
    assert meet("シャオペン", "小鵬")


def test_a_lower_case_word_of_english_names_nobody() -> None:
    assert reading_keys("the range of a battery, women, change") == []
    assert sought_readings("is there a huge range?") == []


def test_a_text_never_meets_itself() -> None:
    for text in ("百度と小米の利用が進んだ。", "Baidu and Xiaomi", "シャオペンとバイドゥ"):
        assert not meet(text, text)


@pytest.mark.parametrize("text", ["", "41", "の", "百", "（）", "𠮷野家", "A" * 5_000, "ア" * 5_000, "百度" * 3_000])
def test_odd_texts_are_no_trouble(text: str) -> None:
    assert len(reading_keys(text)) < 10_000


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="百度小米日立東芝のはバイドゥＢaiduXomi・, ", max_size=24))
def test_width_makes_no_difference_and_keys_are_plain(text: str) -> None:
    wide = text.translate({code: code + 0xFEE0 for code in range(0x41, 0x7B)})
    assert reading_keys(wide) == reading_keys(text)
    for key in reading_keys(text):
        script, sound = key.split("~")
        assert script in "holk" and sound.isascii() and sound.islower()
