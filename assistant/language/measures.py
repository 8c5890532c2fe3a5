"""What the bare numbers of a table are measured in: （単位：億円）, "(in millions of USD)", 売上高(%) -> quantities. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from assistant.language.quantities import quantities
from assistant.language.text import fold_text
from assistant.types import Quantity

_BRACKETED = re.compile(r"[(\[【〔]([^()\[\]【】〔〕]{1,48})[)\]】〕]")
_LABELLED = re.compile(r"(?:単位\s?:?|\bunits?\s?:|\bin)\s*([^()。]{1,32})$")
_LAST = re.compile(r"(?:^|[\s,、])((?:[a-z$€£¥]+\s)?[^\s,、()\d]+)$")
_LABEL = re.compile(r"^(?:単位\s?:?|units?\s?:|in\s|figures in\s)\s*")
_PLURAL = re.compile(r"\b(thousand|million|billion|trillion)s?\b(?:\sof\b)?")
_SCALE_AFTER = re.compile(r"([a-z$€£¥]+?)\s?(thousand|million|billion|trillion|mn|bn|tn|m|k|b)")
_KINDS = ("number", "money", "percent")
_YEAR = re.compile(r"(?:19|20)\d\d")


def cell_quantities(words: str, header: str, caption: str | None) -> list[Quantity]:
    """The bare numbers of a cell in what its header is measured in, else its caption; offsets count in `words`.

    1,234 under （単位：億円） is 123,400,000,000 JPY, precise to 億. A number with a unit of its own is left out.
    """
    own = _measures(header)
    measures = own or _measures(caption or "")
    if not measures or (not own and _YEAR.fullmatch(words.strip())):
        return []
    bare = [one for one in quantities(words) if one.kind == "number" and not one.unit and one.value is not None]
    return [_measured(one, measure) for one in bare for measure in measures]


def unscaled(text: str) -> str:
    """A text, folded, without the measures that scale: where 億円 is meant, a bare number is not in 円."""
    folded = fold_text(text)
    for phrase, measure in _phrases(folded):
        if _power(measure):
            folded = folded.replace(phrase, " ")
    return folded


@lru_cache(maxsize=4096)
def _measures(text: str) -> tuple[Quantity, ...]:
    return tuple(dict.fromkeys(measure for _, measure in _phrases(fold_text(text))))


def _phrases(folded: str) -> Iterator[tuple[str, Quantity]]:
    """(words, one of it) of every measure that a header or caption names."""
    found = [match[1] for match in _BRACKETED.finditer(folded)]
    labelled, last = _LABELLED.search(folded), _LAST.search(folded)
    found += [labelled[1]] if labelled else [last[1]] if last else []
    for words in found:
        for phrase in re.split(r"[、,;]\s?", _LABEL.sub("", words.strip())):
            measure = _one(phrase.strip())
            if measure is not None:
                yield phrase.strip(), measure


def _one(phrase: str) -> Quantity | None:
    """One of what a phrase names, read as a quantity: 億円 as 1億円, "USD million" as "USD 1 million"."""
    if any(map(str.isdecimal, phrase)):
        return None
    phrase = _PLURAL.sub(r"\1", phrase).removesuffix(" units")
    forms = [f"10{phrase[1:]}" if phrase.startswith("十") else f"1{phrase}", f"1 {phrase}"]
    before = _SCALE_AFTER.fullmatch(phrase)
    forms += [f"{before[1]} 1 {before[2]}", f"{before[1]} 1{before[2]}", f"{before[1]}1{before[2]}"] if before else []
    for form in forms:
        read = quantities(form)
        if len(read) == 1 and (read[0].start, read[0].end) == (0, len(form)) and read[0].kind in _KINDS:
            return replace(read[0], start=0, end=0)
    return None


def _power(measure: Quantity) -> int:
    return measure.value.adjusted() if measure.value else 0


def _measured(one: Quantity, measure: Quantity) -> Quantity:
    value = one.value.scaleb(_power(measure)) if one.value is not None else None
    precision = one.precision + _power(measure)
    return replace(one, kind=measure.kind, value=value, unit=measure.unit, precision=precision)
