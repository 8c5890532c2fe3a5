"""How answers and evidence are compared: inclusion, overlap, character F1, chrF, tokens. Pure; the same in both languages."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from assistant.types import Language

_MARKERS = re.compile(r"\s*\[\d+\]")
_BULLETS = re.compile(r"^[ \t]*[-*・][ \t]+", re.M)
_JAPANESE = re.compile(r"[぀-ヿ㐀-䶿一-鿿々豈-﫿]")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
_TOKENS = re.compile(r"(?P<wide>[⺀-鿿豈-﫿＀-￯぀-ヿ가-힯])|(?P<run>[^\s⺀-鿿豈-﫿＀-￯぀-ヿ가-힯]+)")
_TOKEN_LENGTH = 4
_CHRF_ORDER = 6
_CHRF_BETA = 2.0


def compared(text: str) -> str:
    """Text as answers are compared: after NFKC and lower-casing (CONTRACT.md, "Question files")."""
    return unicodedata.normalize("NFKC", text).lower()


def bare(text: str) -> str:
    """An answer's words without its citation markers and list bullets."""
    return _BULLETS.sub("", _MARKERS.sub("", text)).strip()


def includes(text: str, groups: Sequence[Sequence[str]]) -> bool:
    """Whether a text holds one alternative of each group."""
    said = compared(text)
    return all(any(compared(alternative) in said for alternative in group) for group in groups)


def in_script(groups: Sequence[Sequence[str]], language: Language) -> tuple[tuple[str, ...], ...]:
    """The groups with only the alternatives that are written in a language's script.

    English: those without kana or Han. Japanese: those with kana or Han, and those without Latin letters (numbers). A
    group that would be left empty keeps all of its alternatives: a name that has one spelling is read by everyone.
    """
    return tuple(tuple(one for one in group if _is_in_script(one, language)) or tuple(group) for group in groups)


def _is_in_script(text: str, language: Language) -> bool:
    japanese = bool(_JAPANESE.search(text))
    return not japanese if language is Language.EN else japanese or not _LATIN.search(text)


def char_f1(text: str, reference: str) -> float:
    """F1 of the characters that two texts share, counted as often as both have them; SQuAD's F1 with characters for
    words, as JSQuAD counts Japanese. After NFKC and lower-casing, without white space; identical texts score 1."""
    said, wanted = Counter(_characters(text)), Counter(_characters(reference))
    shared = (said & wanted).total()
    return 2 * shared / (said.total() + wanted.total()) if shared else 0.0


def chrf(text: str, reference: str) -> float:
    """chrF2 (Popović 2015) as sacreBLEU computes it, over 0..1: n-grams of 1 to 6 characters without white space,
    precision and recall averaged over the lengths that both texts have, recall weighing twice. After NFKC and
    lower-casing."""
    said, wanted = _characters(text), _characters(reference)
    orders = range(1, min(_CHRF_ORDER, len(said), len(wanted)) + 1)
    if not orders:
        return 0.0
    shares = [_shared_ngrams(said, wanted, order) for order in orders]
    precision, recall = (sum(share[side] for share in shares) / len(shares) for side in (0, 1))
    weight = _CHRF_BETA**2
    return (1 + weight) * precision * recall / (weight * precision + recall) if precision + recall else 0.0


def _shared_ngrams(said: str, wanted: str, order: int) -> tuple[float, float]:
    mine, theirs = _ngrams(said, order), Counter(_ngrams(wanted, order))
    both = Counter(ngram for ngram in mine if ngram in theirs)
    shared = sum(min(count, theirs[ngram]) for ngram, count in both.items())
    return shared / len(mine), shared / theirs.total()


def _ngrams(text: str, order: int) -> list[str]:
    return [text[start : start + order] for start in range(len(text) - order + 1)]


def _characters(text: str) -> str:
    return "".join(compared(text).split())


def tokens(text: str) -> int:
    """An estimate of a language model's tokens, the same for every model: one for each kana, ideograph, hangul or
    full-width sign, and one for every four characters begun of any other run without white space."""
    return sum(1 if match["wide"] else math.ceil(len(match["run"]) / _TOKEN_LENGTH) for match in _TOKENS.finditer(text))
