"""Which way a statement points: rise or fall, affirmed or denied, in Japanese and English. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping

_BY_HOW_MUCH = r"(?: by| from| about| around| some| nearly| almost| over| more than)* [\d€$¥£]"
_IS = r"(?:\b(?:is|are|was|were|been)|[,;(]) ?"  # "was up 5%", not "made up 46%"
_UP = re.compile(
    r"増(?!産ライン)|(?<!立ち)(?<!来)(?<!仕)上が|上昇|高く|拡大|向上|高ま|伸び(?!悩)|成長率?が?高|急成長|引き上げ|上回|改善|躍進|強化|"
    r"\b(?:rise|rises|rising|rose|risen|increas\w+|grow|grows|growing|grew|grown|growth|expand\w*|improv\w+|gain\w*|surg\w+|jump\w*|climb\w*|rais\w+|strengthen\w*|higher|accelerat\w+)\b|"
    rf"{_IS}up{_BY_HOW_MUCH}",
    re.I,
)
_DOWN = re.compile(
    r"減(?!速材)|下が|安く|低下|下落|縮小|短縮|削減|落ち込|鈍化|引き下げ|下回|悪化|抑え|[▲△](?=\d)|(?<![\d%A-Za-z])[-−](?=\d[\d.,]*\s?[%％])|"
    r"\b(?:fall|falls|falling|fell|fallen|declin\w+|decreas\w+|drop\w*|reduc\w+|shrink\w*|shrank|shrunk|shorten\w*|narrow\w*|cut|cuts|cutting|slash\w*|lower|slow\w*|worsen\w*|weaken\w*)\b|"
    rf"{_IS}down{_BY_HOW_MUCH}",
    re.I,
)
_NEGATED = re.compile(
    r"ない(?!か)|ません(?!か)|ずに|ず[、。]|せず|未(?=だ|達|定|発表|公表|実)|不可|不要|不十分|禁止|対象外|除外|なし|無し|困難|非(?=公開|営利)|"
    r"\b(?:not|no|never|neither|nor|none|without|cannot|unable|fail\w*|lack\w*|yet to|un(?:available|likely|able|necessary)|nothing|hardly|rarely|exclud\w+|prohibit\w*|forbid\w*|barred|except\w*)\b|n't\b|n’t\b",
    re.I,
)
_NOT_A_DENIAL = re.compile(
    r"に(?:満た|届か|及ば)(?:ない|ず)|だけでなく|だけではな|のみならず|にとどまらず|に過ぎない|にすぎない|なければならない|しかない|かもしれない|少なくない|ではないか|間違いない|欠かせない|"
    r"問わず|限らず|ざるを(?:得|え)(?:ない|ません)|ずには(?:いられ|おか)(?:ない|ません)|ない(?:わけ|こと|もの)(?:で)?(?:は|も)(?:ない|ありません)|なく(?:は|も)(?:ない|ありません)|"
    r"\b(?:not un(?!til\b|der\b|less\b)\w+|not (?:impossible|without|rare)|(?:can(?:not|'t) but)|never fails? to|not only|not just|not merely|no less than|no fewer than|no more than|no longer than|nothing but|no doubt|not least)\b",
    re.I,
)


_PROFIT = re.compile(r"黒字|利益|\bprofits?\b|\bearned\b", re.I)
_LOSS = re.compile(r"赤字|損失|\bloss(?:es)?\b|\blost\b", re.I)
_ANSWER_WORD = re.compile(
    r"^\s*(?:yes|no|none|not (?:yet|quite|exactly)|(?:it|they) (?:did|does|do|is|are|was|were) not|that is not (?:so|right)|"
    r"the (?:premise|date|figure) is \w+|はい|ええ|いいえ|いや|違います|前提が(?:違|異な|誤|間違)\w*|\w{1,4}が(?:違|異な)い?ます)(?:,? (?:slightly|partly|mostly))?"
    r"\s*(?:[,.:;、。—–]|\s-\s|$)\s*",
    re.I,
)
_DENIED_AT_THE_END = re.compile(
    r"(?:ない|ません|なかった|ではない|いない|おらず|できず|不可|禁止する|困難である)[」』）)]?[。．]?\s*$"
)


_DENIED = (
    re.compile(r"(?P<denied>[^、。，；はがをに]{1,40}では(?:なく(?!な)|ありません|ない(?=です|。|、)))"),
    re.compile(r"\b(?P<denied>not [^.,;:]{1,40}?)(?=,?\s+but\b|,?\s+it (?:is|was)\b)", re.I),
    re.compile(r"[,(]\s*(?P<denied>not [^.,;:()]{1,40}?)(?=\s*[.,;:()]|\s*$)", re.I),
    re.compile(r"\b(?P<denied>(?:[Rr]ather than|[Ii]nstead of) (?:the )?[\w.%€$¥-]*[\w%](?: [A-Z][\w-]*)*)"),
)


def direction_of(text: str) -> str | None:
    """ "up" or "down" where a text points one way only, else None."""
    return _which(text, {"up": _UP, "down": _DOWN})


def result_of(text: str) -> str | None:
    """ "profit" or "loss" where a text speaks of one only, else None."""
    return _which(text, {"profit": _PROFIT, "loss": _LOSS})


def _which(text: str, ways: Mapping[str, re.Pattern[str]]) -> str | None:
    found = [name for name, pattern in ways.items() if pattern.search(text)]
    return found[0] if len(found) == 1 else None


def without_answer_word(text: str) -> str:
    """A text without the yes or no that it begins with ("No, …", "The premise is wrong: …", いいえ。)."""
    return _ANSWER_WORD.sub("", text)


def is_negated(text: str) -> bool:
    """Whether a text denies something; idioms that only look like it ("not only", だけでなく) do not count."""
    return bool(_NEGATED.search(_NOT_A_DENIAL.sub(" ", without_answer_word(text))))


def denied_spans(text: str) -> list[tuple[int, int]]:
    """Spans of what a text names only to deny it, in favour of something else it says: "not X but Y", XではなくY."""
    return [match.span("denied") for pattern in _DENIED for match in pattern.finditer(text)]


def ends_in_denial(text: str) -> bool:
    """Whether a Japanese sentence denies what it says as a whole: its last predicate is negated."""
    return bool(_DENIED_AT_THE_END.search(_NOT_A_DENIAL.sub(" ", text)))
