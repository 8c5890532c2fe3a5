"""Search terms of a text: morphemes in normalised form for Japanese (SudachiPy), folded stems for English.

Compounds give their parts as well, so that 先進運転支援システム is found by 運転支援. The dictionaries are loaded on first use.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from assistant.language.text import fold_text, is_content

FINGERPRINT = "sudachi-core-normalised-c+a/porter2/3"

_JAPANESE = "぀-ヿ㐀-鿿々〆〇\U00020000-\U0003ffff"
_JAPANESE_RUN = re.compile(f"[{_JAPANESE}]+")
_PIECES = re.compile(
    r"([a-z0-9]*[a-zß-ɏ][a-zß-ɏ0-9]*(?:['’][a-zß-ɏ]+|[-&+./][a-zß-ɏ0-9]+)*|\d+(?:[.,]\d+)*)"
    rf"|([{_JAPANESE}]+)|((?:(?![a-zß-ɏ0-9{_JAPANESE}])[^\W_])+)",
    re.I,
)
_INITIALS = re.compile(r"\b[A-Z](?:\.[A-Z])+\b\.?")
_SKIPPED_POS = frozenset({"助詞", "助動詞", "補助記号", "記号", "空白", "接続詞", "感動詞", "連体詞"})
_KATAKANA = re.compile(r"[ァ-ヺー]{3,}")
_PARTS = re.compile(r"[^a-zß-ɏ0-9]+", re.I)

ENGLISH_STOPWORDS = frozenset(
    (
        "a about above after again all also am an and any are as at be because been before being between both "
        "but by can could did do does doing down during each else ever few for from further had has have "
        "having he her here hers him his how i if in into is it its itself just let like me more most much "
        "many my no nor not now of off on once only or other our out over own per please s same she should so "
        "some such t than that the their them then there these they this those through to too under until up "
        "upon us very was we were what when where which while who whom whose why will with within would yet "
        "you your tell explain describe give say says said according report reports"
    ).split()
)
JAPANESE_STOPWORDS = frozenset(
    (
        "為る 有る 居る 成る 出来る 事 物 為 所 其れ 此れ 其の 此の 何 何の 何処 何時 何れ 誰 何故 如何 教える 下さる 呉れる 言う 於く 因る 就く 対する 関する "
        "様 等 及び 又 内 中 的 者 ます です 御 具体的 さ れる られる 無い 良い そう どう どの どれ どこ いつ なぜ 資料 レポート 報告 説明 幾つ 幾ら 書く 達 "
        "其々 つく くださる おる 頂く 仰る 年 月 日 人 社 位 程 丈 迄"
    ).split()
)


_UNKNOWN = 0xF000_0000  # numbers from here on say "not in the dictionary", of many words
_WORDS: dict[int, tuple[tuple[str, ...], bool]] = {}  # by the dictionary's number
_of_thread = threading.local()


@cache
def _dictionary() -> Any:
    from sudachipy import Dictionary

    return Dictionary(dict="core")


def _tokenizer() -> Any:
    """The tokenizer of this thread: one tokenizer must not be used by two threads at once."""
    if not hasattr(_of_thread, "tokenizer"):
        from sudachipy import SplitMode

        _of_thread.tokenizer = _dictionary().tokenizer(mode=SplitMode.C)
    return _of_thread.tokenizer


@cache
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("english")


def terms(text: str) -> list[str]:
    """The search terms of a text in order, repeated as often as they occur; empty for text without content words."""
    found: list[str] = []
    plain = _INITIALS.sub(lambda initials: initials[0].replace(".", ""), unicodedata.normalize("NFKC", text))
    stands_out = not plain.isupper()
    for latin, japanese, other in _PIECES.findall(plain):
        if japanese:
            found += _analyse(japanese)[0]
        elif (written := latin or other)[0].isalnum():
            found += _latin(written if stands_out else fold_text(written))
    return found


@lru_cache(maxsize=65_536)
def _latin(written: str) -> tuple[str, ...]:
    word = re.sub(r"'[sS]$", "", written.replace("’", "'"))
    if _is_function_word(word):
        return ()
    parts = [part for part in _PARTS.split(word) if part]
    whole = _stem(fold_text(word))
    if len(parts) < 2 or word[0].isdigit():
        return (whole,)
    return (whole, *(_stem(fold_text(part)) for part in parts if len(part) > 1 and not _is_function_word(part)))


def _is_function_word(word: str) -> bool:
    """Whether a word says nothing by itself; in capitals it is a name, whatever it means in small letters (US, IT)."""
    return fold_text(word) in ENGLISH_STOPWORDS and not (len(word) > 1 and word.isupper())


def _stem(word: str) -> str:
    return _stemmer().stemWord(word)


def proper_nouns(text: str) -> list[tuple[int, int]]:
    """Spans of the Japanese words of a text that name something: proper nouns, and katakana that no dictionary has."""
    spans: list[tuple[int, int]] = []
    for match in _JAPANESE_RUN.finditer(text):
        spans += [(match.start() + start, match.start() + end) for start, end in _analyse(match[0])[1]]
    return spans


def surfaces(text: str) -> list[str]:
    """The shortest words of a Japanese text as they are written, function words and marks left out."""
    from sudachipy import SplitMode

    found = [morpheme for chunk in _chunks(text) for morpheme in _tokenizer().tokenize(chunk, SplitMode.A)]
    return [morpheme.surface() for morpheme in found if morpheme.part_of_speech()[0] not in _SKIPPED_POS]


def is_dictionary_word(text: str) -> bool:
    """Whether a text is one word of the dictionary that names nobody in particular: a common noun or a place."""
    morphemes = _tokenizer().tokenize(text[:40])
    if len(morphemes) != 1 or morphemes[0].is_oov():
        return False
    pos = morphemes[0].part_of_speech()
    return pos[1] == "普通名詞" or pos[2] == "地名"


def is_description(text: str) -> bool:
    """Whether a text is made of common words of the dictionary alone (電気自動車), and so names nobody."""
    return all(part.is_ordinary for part in parts(text[:40]))


@dataclass(frozen=True, slots=True)
class Part:
    """One morpheme with its reading in katakana; whether it is a known name (of no country), or a common word."""

    surface: str
    reading: str
    is_name: bool
    is_ordinary: bool


def parts(text: str, shortest: bool = False) -> tuple[Part, ...]:
    """The morphemes of a short Japanese text, in order: the longest that the dictionary has, or the shortest."""
    from sudachipy import SplitMode

    found = []
    for morpheme in _tokenizer().tokenize(text, SplitMode.A if shortest else SplitMode.C):
        pos, is_known = morpheme.part_of_speech(), not morpheme.is_oov()
        is_name = pos[1] == "固有名詞" and pos[3] != "国"
        is_ordinary = is_known and pos[1] in ("普通名詞", "一般", "名詞的", "*")
        found.append(Part(morpheme.surface(), morpheme.reading_form(), is_known and is_name, is_ordinary))
    return tuple(found)


@lru_cache(maxsize=8192)
def _analyse(run: str) -> tuple[tuple[str, ...], tuple[tuple[int, int], ...]]:
    """(search terms, spans of names) of a run of Japanese text."""
    found: list[str] = []
    names: list[tuple[int, int]] = []
    offset = 0
    for chunk in _chunks(run):
        for morpheme in _tokenizer().tokenize(chunk):
            number = morpheme.word_id()
            word = _WORDS.get(number)
            if word is None:
                word = _word(morpheme)
                if number < _UNKNOWN:
                    _WORDS[number] = word
            found += word[0]
            if word[1] and morpheme.end() - morpheme.begin() > 1:
                names.append((offset + morpheme.begin(), offset + morpheme.end()))
        offset += len(chunk)
    return tuple(found), tuple(names)


def _word(morpheme: Any) -> tuple[tuple[str, ...], bool]:
    """(search terms, whether it is a name) of a morpheme: for a word of the dictionary the same wherever it stands."""
    pos = morpheme.part_of_speech()
    if pos[0] in _SKIPPED_POS and not (morpheme.is_oov() and is_content(morpheme.surface())):  # 𠮷 is no mark
        return (), False
    whole = fold_text(morpheme.normalized_form())
    parts = [fold_text(part.normalized_form()) for part in morpheme.split("A")]
    terms = tuple(term for term in [whole, *(parts if len(parts) > 1 else ())] if _is_term(term))
    return terms, _is_name(morpheme.surface(), pos, morpheme.is_oov())


def _is_name(surface: str, pos: tuple[str, ...], is_unknown: bool) -> bool:
    if pos[0] != "名詞":
        return False
    return pos[1] == "固有名詞" or (is_unknown and bool(_KATAKANA.fullmatch(surface)))


def _is_term(term: str) -> bool:
    return term not in JAPANESE_STOPWORDS and is_content(term)


def _chunks(piece: str, size: int = 10_000) -> list[str]:
    """Sudachi refuses more than 49,149 bytes at once; only absurd runs without white space are that long."""
    return [piece[at : at + size] for at in range(0, len(piece), size)]
