"""Name keys: the spellings of one name meet, different names do not."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.language.names import name_key, name_keys, romaji

PAIRS = """
Stellantis ステランティス
Continental コンチネンタル
Valeo ヴァレオ
Valeo バレオ
Grab グラブ
Baidu バイドゥ
Huawei ファーウェイ
Tencent テンセント
Momenta モメンタ
Alibaba アリババ
Xiaomi シャオミ
Toyota トヨタ
Honda ホンダ
Nissan ニッサン
Mazda マツダ
Suzuki スズキ
Hitachi ヒタチ
Denso デンソー
Panasonic パナソニック
Samsung サムスン
Siemens シーメンス
Intel インテル
Nvidia エヌビディア
Google グーグル
Microsoft マイクロソフト
Amazon アマゾン
Tesla テスラ
Volvo ボルボ
Uber ウーバー
Mobileye モービルアイ
Leapmotor リープモーター
WeRide ウィーライド
Foxconn フォックスコン
ByteDance バイトダンス
Infineon インフィニオン
Schaeffler シェフラー
Philips フィリップス
Indonesia インドネシア
Brazil ブラジル
platform プラットフォーム
battery バッテリー
partner パートナー
combination コンビネーション
computer コンピューター
Software ソフトウエア
software ソフトウェア
Server サーバー
Bosch ボッシュ
Ford フォード
Waymo ウェイモ
Wayve ウェイブ
Geely ジーリー
Qualcomm クアルコム
Hyundai ヒュンダイ
Hyundai ヒョンデ
budget バジェット
robot ロボット
sensor センサー
charger チャージャー
speed スピード
quick クイック
"""


@pytest.mark.parametrize("pair", PAIRS.strip().splitlines())
def test_a_name_in_katakana_and_in_latin_letters_has_one_key(pair):
    latin, katakana = pair.split()
    assert name_key(latin) == name_key(katakana) != ""


@pytest.mark.parametrize(
    "pair",
    """
BMW Benz
BYD BMW
Momenta Moderna
モメンタ モデルナ
Toyota Tesla
Baidu ByteDance
Grab Uber
Valeo Volvo
ヴァレオ ボルボ
Continental Stellantis
Nissan Nio
Huawei Foxconn
Samsung Siemens
Tencent Denso
Sony Suzuki
Mazda Magna
テスラ トルコ
Honda Hyundai
ホンダ ヒュンダイ
Honda ヒュンダイ
chicks タクシー
デンソー テンセント
インテル インドネシア
""".strip().splitlines(),
)
def test_different_names_have_different_keys(pair):
    one, other = pair.split()
    assert name_key(one) != name_key(other)
    assert name_key(one) and name_key(other)


@pytest.mark.parametrize(
    "spellings",
    [
        "サーバー サーバ",
        "コンピューター コンピュータ",
        "ﾎﾝﾀﾞ ホンダ",
        "Ｈｏｎｄａ honda HONDA",
        "モメンタ モメンター モーメンタ",
        "ウィーライド ウィライド",
    ],
)
def test_long_vowels_width_and_case_make_no_difference(spellings):
    assert len({name_key(spelling) for spelling in spellings.split()}) == 1


@pytest.mark.parametrize("word", ["", "a", "EV", "AI", "IT", "GM", "ア", "アイ", "ー", "ー・", "東京", "売上は", "41"])
def test_a_word_too_short_to_be_told_apart_has_no_key(word):
    assert name_key(word) == ""


def test_romaji_drops_long_vowels_and_small_tsu():
    assert romaji("ファーウェイ") == "fawei"
    assert romaji("ボッシュ") == "boshu"
    assert romaji("ポニー・エーアイ") == "ponieai"


def test_the_names_of_a_text_are_its_katakana_runs_their_parts_and_its_latin_words():
    assert name_keys("(ポニー・エーアイ)はPony.aiのこと") == [
        name_key("ポニー・エーアイ"),
        name_key("ポニー"),
        name_key("エーアイ"),
        name_key("Pony.ai"),
    ]
    assert name_keys("ﾎﾟﾆｰ･ｴｰｱｲ") == name_keys("ポニー・エーアイ")


def test_full_width_letters_are_letters():
    assert name_keys("ＢＭＷとＴｅｓｌａ") == name_keys("BMWとTesla") == [name_key("BMW"), name_key("Tesla")]


def test_a_function_word_of_english_is_no_name():
    assert name_keys("until Intel") == [name_key("Intel")]
    assert name_keys("Until THIS, such as there") == []


def test_a_text_in_one_script_meets_the_same_text_in_the_other():
    japanese = set(name_keys("ステランティスはモメンタと提携し、ヴァレオも加わる。"))
    english = set(name_keys("Stellantis partners with Momenta; Valeo joins."))
    assert japanese & english == {name_key("Stellantis"), name_key("Momenta"), name_key("Valeo")}


@pytest.mark.parametrize("text", ["", "41に増えた。", "ア、イ。", "A b 3"])
def test_a_text_without_names_has_no_keys(text):
    assert name_keys(text) == []


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=30))
def test_keys_are_three_lower_case_letters_or_more_or_a_run_of_han(text):
    for key in name_keys(text):
        letters = len(key) >= 3 and key.isascii() and key.islower()
        assert key.isalpha() and (letters or 2 <= len(key) <= 12)


@settings(max_examples=100, deadline=None)
@given(
    st.text(alphabet="アイウカキサシスタチツナニマミラリルレロワンバビブパピプガギゴッャュョ", min_size=2, max_size=12)
)
def test_a_long_vowel_mark_at_the_end_changes_nothing(katakana):
    assert name_key(katakana + "ー") == name_key(katakana)
