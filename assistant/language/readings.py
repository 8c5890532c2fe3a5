"""Names in Han characters by sound: 百度 meets Baidu, 小米 Xiaomi, 宇樹 ユーシュー, 日立 Hitachi without a report saying so.

Han characters are read as pinyin (the character table of pypinyin, which is never imported: its phrases cost half a
second) and, where SudachiPy knows a name, in Japanese. A reading, a katakana name and a Latin word that is spelled like
pinyin or romaji meet in one folded sound. Words that a dictionary has as ordinary ones (小米 is a millet) are met by
Latin names alone. A key says which script gave it, so that a text never meets itself. Reads a package's table.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.util import find_spec
from itertools import islice, product
from pathlib import Path

from assistant.language.names import HAN_RUN, KATAKANA_RUN, LATIN_WORD, romaji
from assistant.language.places import PLACES
from assistant.language.text import fold_text
from assistant.language.tokens import ENGLISH_STOPWORDS, Part, parts

_NAME, _WORD, _LATIN, _KATAKANA = "h", "o", "l", "k"
# which keys of a text answer a name of the script on the left
_MEETS = {_LATIN: (_NAME, _WORD), _KATAKANA: (_NAME,), _NAME: (_LATIN, _KATAKANA), _WORD: (_LATIN,)}
_INITIAL = "(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
_FINAL = "(?:i(?:ao|ang|an|ong|ng|n|a|e|u)?|u(?:ang|an|ai|a|o|i|n|e)?|a(?:ng|n|i|o)?|e(?:ng|n|i|r)?|o(?:ng|u)?)"
_PINYIN = re.compile(rf"(?:{_INITIAL}{_FINAL}['’-]?){{2,4}}")
_ROMAJI = re.compile(
    r"(?:(?:k(?=k)|s(?=s)|t(?=[tc])|p(?=p))?(?:[kgnhbpmr]y|sh|ch|ts|[kgsztdnhbpmyrwjf])?[aiueo]|n(?![aiueoy])|m(?=[bpm]))+"
)
_FOLDS = (
    (r"[^a-z]", ""), (r"zh", "j"), (r"(?:sh|x)(?:i(?=[aueo]))?", "sh"), (r"(?:ch|q)(?:i(?=[aueo]))?", "C"),
    (r"ji(?=[aueo])", "j"), (r"([sz])i(?![aeiou])", r"\1u"), (r"c", "ts"), (r"C", "ch"), (r"hu(?=a)", "f"), (r"ng", "n"),
    (r"l", "r"), (r"m(?=[bpm])", "n"), (r"(?<=[bpmdtnrkgh])i(?=[aueo])", "y"), (r"ou", "o"), (r"(.)\1+", r"\1"),
)  # fmt: skip
# what folding a whole word changes where its folded syllables meet, and what it becomes
_JOINT = re.compile(r"(?P<j>sh|ch|j)i(?=[aueo])|(?P<n>n)g|(?<=[bpmdtnrkgh])(?P<y>i)(?=[aueo])|(.)(?=\4)")
_FEWEST_LETTERS, _FEWEST_KANA, _SHORTEST_SOUND = 5, 4, 5
_MOST_CHARACTERS, _MOST_READINGS = 4, 4
_HAN = re.compile(r"[㐀-鿿々]{2,}")


def reading_keys(text: str) -> list[str]:
    """The keys of what a text names in each script, in order, for an index."""
    return list(dict.fromkeys(f"{script}~{sound}" for script, sound in _sounds(text)))


def sought_readings(text: str) -> list[str]:
    """The keys under which another text gives the names of this one in another script."""
    return list(dict.fromkeys(f"{other}~{sound}" for script, sound in _sounds(text) for other in _met(script, sound)))


def _met(script: str, sound: str) -> tuple[str, ...]:
    """Places that everybody knows have their pairs elsewhere; they are no other word of the same sound (Beijing, 背景)."""
    return () if sound in _places() else _MEETS[script]


@cache
def _places() -> frozenset[str]:
    return frozenset(_fold(fold_text(name)) for _, name in PLACES)


def _sounds(text: str) -> Iterator[tuple[str, str]]:
    text = unicodedata.normalize("NFKC", text)
    for word in LATIN_WORD.findall(text):
        if word[0].isupper() and (sound := _latin(word)):
            yield _LATIN, sound
    for run in KATAKANA_RUN.findall(text):
        sound = _fold(romaji(run))
        if len(run) >= _FEWEST_KANA or len(sound) >= _SHORTEST_SOUND:
            yield _KATAKANA, sound
    for run in HAN_RUN.findall(text):
        yield from _han(run)


@lru_cache(maxsize=65_536)
def _latin(word: str) -> str:
    """The sound of a Latin word that is spelled as pinyin or romaji are, else ""."""
    folded = fold_text(word)
    is_spelled = _PINYIN.fullmatch(folded) or _ROMAJI.fullmatch(folded)
    is_name = len(folded) >= _FEWEST_LETTERS and folded not in ENGLISH_STOPWORDS
    return _fold(folded) if is_spelled and is_name else ""


@lru_cache(maxsize=65_536)
def _han(run: str) -> tuple[tuple[str, str], ...]:
    """The sounds of a run of Han: of the names that the dictionary knows in it, and of what it begins with."""
    found: list[tuple[str, str]] = []
    morphemes = parts(run)
    compounds = [part.surface for part in morphemes if part.is_name and len(part.surface) >= _MOST_CHARACTERS]
    for part in (*morphemes, *(piece for compound in compounds for piece in parts(compound, shortest=True))):
        if part.is_name and _HAN.fullmatch(part.surface):
            found += [(_NAME, sound) for sound in _pinyin(part.surface)]
            if len(sound := _fold(romaji(part.reading))) >= _SHORTEST_SOUND:
                found.append((_NAME, sound))
    for surface, is_ordinary in _beginnings(morphemes):
        found += [
            (_WORD if is_ordinary else _NAME, sound)
            for sound in _pinyin(surface)[: 1 if is_ordinary else _MOST_READINGS]
        ]
    return tuple(dict.fromkeys(found))


def _beginnings(morphemes: tuple[Part, ...]) -> Iterator[tuple[str, bool]]:
    """(what a run may begin with as a name, whether it is made of ordinary words): whole morphemes, two to four characters.

    An ordinary word is one of two characters; longer ones say what they mean.
    """
    surface, is_ordinary = "", True
    for number, part in enumerate(morphemes):
        surface, is_ordinary = surface + part.surface, is_ordinary and part.is_ordinary
        if len(surface) > _MOST_CHARACTERS:
            return
        if len(surface) == 2 or (len(surface) > 2 and not is_ordinary):
            yield surface, is_ordinary and number == 0


def _pinyin(surface: str) -> list[str]:
    """The sounds of a name read as pinyin, the commonest first; none where a character has no reading."""
    readings = product(*map(_syllables, surface))
    return list(dict.fromkeys(_JOINT.sub(_at_joint, "".join(one)) for one in islice(readings, _MOST_READINGS)))


@lru_cache(maxsize=8192)
def _syllables(character: str) -> tuple[str, ...]:
    """The two commonest readings of a character, folded, without tones."""
    letters = re.sub(r"[^a-z,]", "", unicodedata.normalize("NFD", _readings().get(str(ord(character)), "")))
    return tuple(map(_fold, list(dict.fromkeys(letters.split(",")))[:2])) if letters else ()


@cache
def _readings() -> dict[str, str]:
    """The readings of every character, by its code point, as pypinyin writes them: the commonest first, with tones."""
    spec = find_spec("pypinyin")
    assert spec is not None and spec.origin is not None
    return json.loads((Path(spec.origin).parent / "pinyin_dict.json").read_text(encoding="utf-8"))


@lru_cache(maxsize=65_536)
def _fold(sound: str) -> str:
    for pattern, replacement in _FOLDS:
        sound = re.sub(pattern, replacement, sound)
    return sound


def _at_joint(match: re.Match[str]) -> str:
    return match["j"] or match["n"] or ("y" if match["y"] else "")
