"""Names and loanwords across scripts: katakana and Latin spellings of one word meet in one key.

A key is the word's consonants after both spellings were folded to the sounds that Japanese keeps apart
(ステランティス and Stellantis -> strnts); with three consonants a last vowel stays (Honda -> hnda, Hyundai -> hndi), with
fewer all vowels do (ヴァレオ, Valeo -> bareo). The u or o with which katakana ends after a consonant is none (ロボット, robot).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from assistant.language.text import fold_text
from assistant.language.tokens import ENGLISH_STOPWORDS

KATAKANA_RUN = re.compile(r"[ァ-ヺー][ァ-ヺー・]*[ァ-ヺー]")
HAN_RUN = re.compile(r"[㐀-鿿々]{2,12}")
LATIN_WORD = re.compile(r"[A-Za-z][A-Za-z]+(?:[.’'][A-Za-z]+)*")

_DIGRAPHS = {
    "キャ": "kya", "キュ": "kyu", "キョ": "kyo", "シャ": "sha", "シュ": "shu", "ショ": "sho", "シェ": "she",
    "チャ": "cha", "チュ": "chu", "チョ": "cho", "チェ": "che", "ニャ": "nya", "ニュ": "nyu", "ニョ": "nyo",
    "ヒャ": "hya", "ヒュ": "hyu", "ヒョ": "hyo", "ミャ": "mya", "ミュ": "myu", "ミョ": "myo", "リャ": "rya",
    "リュ": "ryu", "リョ": "ryo", "ギャ": "gya", "ギュ": "gyu", "ギョ": "gyo", "ジャ": "ja", "ジュ": "ju",
    "ジョ": "jo", "ジェ": "je", "ビャ": "bya", "ビュ": "byu", "ビョ": "byo", "ピャ": "pya", "ピュ": "pyu",
    "ピョ": "pyo", "ファ": "fa", "フィ": "fi", "フェ": "fe", "フォ": "fo", "フュ": "fyu", "ティ": "ti", "ディ": "di",
    "トゥ": "tu", "ドゥ": "du", "デュ": "dyu", "テュ": "tyu", "ウィ": "wi", "ウェ": "we", "ウォ": "wo", "ヴァ": "va",
    "ヴィ": "vi", "ヴェ": "ve", "ヴォ": "vo", "ウイ": "wi", "ウエ": "we", "ウオ": "wo",
    "クア": "kwa", "クイ": "kwi", "クエ": "kwe", "クオ": "kwo", "クァ": "kwa", "クィ": "kwi", "クェ": "kwe", "クォ": "kwo",
    "グァ": "gwa", "ツァ": "tsa", "ツィ": "tsi", "ツェ": "tse", "ツォ": "tso", "イェ": "ye",
}  # fmt: skip
_KANA = dict(
    zip(
        "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲンガギグゲゴザジズゼゾダヂヅデドバビブベボパピプペポヴァィゥェォャュョヮヰヱ",
        (
            "a i u e o ka ki ku ke ko sa shi su se so ta chi tsu te to na ni nu ne no ha hi fu he ho ma mi mu me "
            "mo ya yu yo ra ri ru re ro wa o n ga gi gu ge go za ji zu ze zo da ji zu de do ba bi bu be bo pa pi "
            "pu pe po vu a i u e o ya yu yo wa i e"
        ).split(),
        strict=True,
    )
)
_LATIN_RULES = (
    (r"ay(?![aeiou])", "ei"), (r"d?g(?=e)", "j"), (r"ee", "i"), (r"oo", "u"), (r"er(?=[^aeiouyr])", "a"),
    (r"ore\b", "oru"), (r"sch", "sh"), (r"\beu", "yu"), (r"ph", "f"), (r"hua", "fa"), (r"xi(?=[aeou])", "sh"), (r"\bx(?=[aeiou])", "sh"), (r"zh", "j"), (r"q(?=i)", "ch"),
    (r"tion\b", "shon"), (r"sion\b", "shon"), (r"ture\b", "cha"), (r"qu", "kw"), (r"ck", "k"), (r"c(?=[eiy])", "s"),
    (r"ch", "C"), (r"c", "k"), (r"C", "ch"), (r"x", "ks"), (r"th", "s"), (r"gh(?=t|\b)", ""), (r"wh", "w"),
    (r"ng\b", "n"), (r"dg", "j"), (r"(?<=[^aeiou])e[sd]?\b", ""), (r"(?<=[bcdfghjklmnpqrstvwxz])y\b", "i"),
    (r"[aeo]r\b", "a"), (r"re\b", "a"), (r"r(?=[^aeiouyr])", ""), (r"r\b", ""),
)  # fmt: skip
_SHARED_RULES = (
    (r"l", "r"), (r"v", "b"), (r"z", "s"), (r"ts", "s"), (r"sh", "s"), (r"ch", "t"), (r"j", "s"), (r"q", "k"),
    (r"m(?=[bpf])", "n"), (r"y", "i"), (r"(.)\1+", r"\1"), (r"(?<=[^aeiou])u\b|(?<=[td])o\b", ""),
)  # fmt: skip
_LATIN_PATTERNS, _SHARED_PATTERNS = (
    [(re.compile(pattern), replacement) for pattern, replacement in rules] for rules in (_LATIN_RULES, _SHARED_RULES)
)
_VOWELS = re.compile(r"[aeiou]")
_LAST_VOWEL = re.compile(r"[aeio]?$")
_FULL_KEY_BELOW = 3


def romaji(katakana: str) -> str:
    """Hepburn-like romanisation; long vowels and small ッ are dropped, unknown characters too."""
    katakana, out, index = katakana.replace("ー", "").replace("ッ", "").replace("・", ""), [], 0
    while index < len(katakana):
        pair = katakana[index : index + 2]
        step = 2 if pair in _DIGRAPHS else 1
        out.append(_DIGRAPHS[pair] if step == 2 else _KANA.get(katakana[index], ""))
        index += step
    return "".join(out)


@lru_cache(maxsize=65_536)
def name_key(word: str) -> str:
    """The key under which the spellings of one name meet, or "" for a word too short to be told apart."""
    heard = sound(word)
    skeleton = _VOWELS.sub("", heard)
    if len(skeleton) == _FULL_KEY_BELOW:
        skeleton += _LAST_VOWEL.findall(heard)[0].replace("e", "i")
    key = skeleton if len(skeleton) >= _FULL_KEY_BELOW else heard
    return key if len(key) >= _FULL_KEY_BELOW else ""


def sound(word: str) -> str:
    """A word in the sounds that Japanese keeps apart, vowels included: Valeo and ヴァレオ -> bareo."""
    folded = fold_text(word)
    katakana = re.sub(r"[^ァ-ヺー・]", "", folded)
    heard = romaji(katakana) if katakana else _rewrite(re.sub(r"[^a-z]", "", folded), _LATIN_PATTERNS)
    return _rewrite(heard, _SHARED_PATTERNS)


def name_keys(text: str) -> list[str]:
    """The keys of every katakana run and Latin word of a text, parts of runs joined by ・ included.

    English function words name nothing (until is not Intel).
    """
    words: list[str] = []
    for run in KATAKANA_RUN.findall(fold_text(text).replace("･", "・")):
        words += [run, *(part for part in run.split("・") if part != run)]
    latin = LATIN_WORD.findall(unicodedata.normalize("NFKC", text))
    words += [word for word in latin if word.lower() not in ENGLISH_STOPWORDS]
    return [key for key in map(name_key, words) if key]


def _rewrite(heard: str, rules: Sequence[tuple[re.Pattern[str], str]]) -> str:
    for pattern, replacement in rules:
        heard = pattern.sub(replacement, heard)
    return heard
