"""The tokens of the bundled model's tokenizer, quicker than the tokenizer finds them: the same ones, tested on any text.

The tokenizer folds a text, leaves out what is said twice more soon after (`REPEATED`: a paragraph's topic words would
drown the others in its mean) and cuts the rest into runs of one script (`RUNS`). Its regular-expression engine takes
nearly all of the time for the first; here the repeats are looked for one by one, and a run's tokens are kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from typing import Any

import regex

RUNS = r"[\p{Han}々〆ヶ]+|[\p{Hiragana}]+|[\p{Katakana}ー]+|[\p{Latin}]+|[\p{Greek}\p{Cyrillic}\p{Hangul}]+|[0-9]+|[%€$£¥+#℃°]"
# Said twice more, within 80 characters or 12 words each time: two or three kanji, a katakana run, a Latin word or a
# number. Every group is atomic or of few characters, so that no text makes the search slow: 200 steps a place at most,
# where the tokenizer's engine gives up (and takes the program with it) after millions.
_NEAR, _WORDS_NEAR = 80, 12
_KANJI, _KATAKANA, _WORD, _BETWEEN = r"[\p{Han}々〆ヶ]", r"[\p{Katakana}ー]", r"[\p{Latin}0-9]", r"[^\p{Latin}0-9]"
REPEATED = "(?m)" + "|".join(
    [
        rf"(?<h>{_KANJI}{{2,3}})(?=(?>.{{0,{_NEAR}}}?\k<h>){{2}})",
        rf"(?<!{_KATAKANA})(?<k>(?>{_KATAKANA}{{2,}}))(?=(?>.{{0,{_NEAR}}}?\k<k>(?!{_KATAKANA})){{2}})",
        rf"(?<!{_WORD})(?<w>(?>{_WORD}{{2,}}))(?=(?>{_BETWEEN}++(?:{_WORD}++{_BETWEEN}++){{0,{_WORDS_NEAR}}}?\k<w>(?!{_WORD})){{2}})",
    ]
)
_CUTS = [(REPEATED, False), (RUNS, True)]
_RUNS_KEPT = 1 << 16
_GAP = "\n"  # stands in no run, and never next to a repeat's end
_run, _kanji, _katakana, _word = map(regex.compile, (RUNS, f"{_KANJI}{{2,}}", f"{_KATAKANA}{{2,}}", f"{_WORD}+"))


def tokens_of(tokenizer: Any) -> Callable[[str], list[int]]:
    """What gives a text's token ids: as `tokenizer.encode` would, without special tokens. A tokenizer that cuts texts
    in another way than the bundled one is asked itself."""
    if tokenizer.normalizer is None or _cuts(tokenizer.pre_tokenizer) != _CUTS:
        return lambda text: tokenizer.encode(text, add_special_tokens=False).ids
    model, folded = tokenizer.model, tokenizer.normalizer.normalize_str
    of_run = lru_cache(maxsize=_RUNS_KEPT)(lambda run: [token.id for token in model.tokenize(run)])
    return lambda text: list(chain.from_iterable(map(of_run, _run.findall(without_repeats(folded(text))))))


def _cuts(part: Any) -> list[tuple[str, bool]]:
    found = json.loads(part.__getstate__()).get("pretokenizers", []) if part else []
    return [(one["pattern"]["Regex"], one["invert"]) for one in found if one.get("behavior") == "Removed"]


def without_repeats(text: str) -> str:
    """A text with a gap in the place of each match of `REPEATED`."""
    kept, end = [], 0
    found = chain(_repeated_kanji(text), _repeated_katakana(text), _repeated_words(text))
    for start, stop in sorted(found, key=itemgetter(0)):  # a sign that is both kanji and katakana is kanji first
        if start >= end:
            kept.append(text[end:start])
            end = stop
    return _GAP.join([*kept, text[end:]])


def _repeated_kanji(text: str) -> Iterator[tuple[int, int]]:
    find = text.find
    for run in _kanji.finditer(text):
        first, last = run.span()
        for start in range(first, last - 1):
            for stop in (start + 3, start + 2):
                said = text[start:stop]
                at = find(said, stop, stop + _NEAR + len(said)) if stop <= last else -1
                if at >= 0 and find(said, at + len(said), at + 2 * len(said) + _NEAR) >= 0:
                    yield start, stop
                    break


def _repeated_katakana(text: str) -> Iterator[tuple[int, int]]:
    """Katakana runs; what repeats one may begin inside another run but ends with it."""
    ends = {run.end() for run in _katakana.finditer(text)}
    for run in _katakana.finditer(text):
        at = _next_ending(text, run[0], run.end(), ends)
        if at is not None and _next_ending(text, run[0], at, ends) is not None:
            yield run.span()


def _next_ending(text: str, said: str, start: int, ends: set[int]) -> int | None:
    """The end of the next `said` within reach that ends a run."""
    limit = start + _NEAR + len(said)
    while (at := text.find(said, start, limit)) >= 0:
        if at + len(said) in ends:
            return at + len(said)
        start = at + 1
    return None


def _repeated_words(text: str) -> Iterator[tuple[int, int]]:
    words = [(word[0], *word.span()) for word in _word.finditer(text)]
    following: dict[str, tuple[int, bool]] = {}  # the next place of a word, and whether another is near that
    found = []
    for place in range(len(words) - 1, -1, -1):
        said, start, end = words[place]
        after, has_third = following.get(said, (place + 2 * _WORDS_NEAR, False))
        is_near = after - place <= _WORDS_NEAR + 1
        if is_near and has_third and end - start > 1:
            found.append((start, end))
        following[said] = place, is_near
    return iter(found)
