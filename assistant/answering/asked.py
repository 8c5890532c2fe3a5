"""What kind of fact a question asks for, and how much of an answer it needs. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from assistant.language.quantities import quantities

SHORT, LONG = 600, 1200


class Kind(StrEnum):
    """The kind of fact that is asked for."""

    WHEN = "when"
    HOW_MUCH = "how_much"
    WHY = "why"
    DEFINE = "define"
    LIST = "list"
    COMPARE = "compare"
    OTHER = "other"


_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (Kind.COMPARE, re.compile(r"比べ|比較|違い|違う|違いますか|それぞれ|対比|差は|差が|\b(?:compare|compared|differ|difference|versus|vs|respectively|each)\b", re.I)),
    (Kind.LIST, re.compile(r"すべて|全て|一覧|列挙|挙げ|何がありますか|どんな(?:企業|会社|事例|項目|分野)|どの(?:企業|会社|都市)|つの|"
                           r"\b(?:list|all|every|which \w+s|what are|name the|both|across)\b", re.I)),
    (Kind.WHEN, re.compile(r"いつ|何年|何月|何日|時期|日付|期間|\b(?:when|what date|which year|what year|since when|by when)\b", re.I)),
    (Kind.HOW_MUCH, re.compile(r"いくつ|いくら|何[%％社両台件個人名種枚本元円か割倍カヶヵ都]|どれくらい|どのくらい|どれだけ|比率|割合|何パーセント|金額|価格|料金|規模|"
                               r"\b(?:how (?:many|much|large|big|long|far|often)|what (?:share|percentage|price|number|amount|figure|proportion)|cost)\b", re.I)),
    (Kind.WHY, re.compile(r"なぜ|理由|どうして|原因|背景|きっかけ|狙い|目的|\b(?:why|reason|what (?:made|led|caused|drove)|purpose)\b", re.I)),
    (Kind.DEFINE, re.compile(r"とは(?:何|どん|、|？|\?|$)|定義|意味|何のこと|どういう(?:もの|意味)|\b(?:what (?:exactly )?(?:is|does) .{1,40}(?:mean)?|define|definition|meaning|stand for)\b", re.I)),
)  # fmt: skip
_REASON = re.compile(
    r"ため|から[、。]|により|によって|きっかけ|背景|理由|目的|狙い|ので|\b(?:because|due to|since|so that|in order|aim)\b",
    re.I,
)
_DEFINITION = re.compile(
    r"とは|を指す|のこと|という意味|の略|造語|する技術|\b(?:means|refers to|is a|is an|stands for|defined as)\b", re.I
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question's kind and the length its answer may have, in characters."""

    kind: Kind
    length: int


def asked(question: str) -> Asked:
    """What a question asks for; the first kind in the order compare, list, when, how much, why, define that fits."""
    kind = next((kind for kind, pattern in _KINDS if pattern.search(question)), Kind.OTHER)
    return Asked(kind, LONG if kind in (Kind.LIST, Kind.COMPARE) else SHORT)


@lru_cache(maxsize=20_000)
def has_kind(text: str, kind: Kind) -> bool:
    """Whether a text holds the kind of fact that is asked for; True where nothing particular is."""
    if kind is Kind.WHEN:
        return any(quantity.kind == "date" for quantity in quantities(text))
    if kind is Kind.HOW_MUCH:
        return any(quantity.kind != "date" for quantity in quantities(text))
    if kind is Kind.WHY:
        return bool(_REASON.search(text))
    return bool(_DEFINITION.search(text)) if kind is Kind.DEFINE else True
