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

    OVERVIEW = "overview"
    WHEN = "when"
    HOW_MUCH = "how_much"
    WHY = "why"
    DEFINE = "define"
    LIST = "list"
    COMPARE = "compare"
    OTHER = "other"


_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (Kind.OVERVIEW, re.compile(r"要約|要点(?:は|を|$)|まとめて|概要を|全体像|どんな(?:資料|レポート|報告書|文書)|何について(?:の|書)|"
                               r"\b(?:summar(?:y|ise|ize)|overview|key (?:points|takeaways|findings)|main (?:points|findings|takeaways)|gist|tl;?dr|"
                               r"what (?:is|are) (?:this|the|these) (?:reports?|documents?|decks?|papers?|articles?) about)\b", re.I)),
    (Kind.COMPARE, re.compile(r"比べ|比較|違い|違う|違いますか|それぞれ|対比|差は|差が|\b(?:compare|compared|differ|difference|versus|vs|respectively|each)\b", re.I)),
    (Kind.LIST, re.compile(r"すべて|全て|全部|一覧|列挙|挙げ|何がありますか|どんな(?:企業|会社|事例|項目|分野)(?!と)|[三四五六七八九3-9]つの|[3-9三四五六七八九]種類|"
                           r"\b(?:list|everything|all(?! of (?:it|this))|every|each of|which (?!is\b|was\b|has\b|does\b|this\b)(?:\w+ )?\w{2,}(?<!s)s(?! is\b)|what (?:are|sorts|kinds)|name (?:the|every|all)|both|across)\b", re.I)),
    (Kind.WHEN, re.compile(r"いつ|何年|何月|何日|時期|日付|期間|\b(?:when|what date|which year|what year|since when|by when)\b", re.I)),
    (Kind.HOW_MUCH, re.compile(r"いくつ|いくら|何[%％社両台件個人名種枚本元円か割倍カヶヵ都]|どれくらい|どのくらい|どれだけ|比率|割合|何パーセント|金額|価格|料金|規模|"
                               r"\b(?:how (?:many|much|large|big|long|far|often)|what (?:share|percentage|price|number|amount|figure|proportion)|cost)\b", re.I)),
    (Kind.WHY, re.compile(r"なぜ|理由|どうして|原因|背景|きっかけ|狙い|目的|\b(?:why|reason|what (?:made|led|caused|drove)|purpose)\b", re.I)),
    (Kind.DEFINE, re.compile(r"とは(?:何|どん|、|？|\?|$)|定義|意味|何のこと|って何|(?:何|なに)を(?:指|意味)|どういう(?:もの|意味)|\b(?:what (?:exactly )?(?:is|does) .{1,40}(?:mean)?|define|definition|meaning|stand for)\b", re.I)),
)  # fmt: skip
_REASON = re.compile(
    r"ため|から[、。]|により|によって|きっかけ|背景|理由|目的|狙い|ので|\b(?:because|due to|since|so that|in order|aim)\b",
    re.I,
)
_DEFINITION = re.compile(
    r"とは|を指す|のこと|という意味|の略|造語|する技術|\b(?:means|refers to|is a|is an|stands for|defined as)\b", re.I
)


_ACROSS = re.compile(
    r"(?:両|双方の|2つの|二つの|複数の|各|すべての|全ての)(?:資料|レポート|報告|文書)|資料(?:間|同士)|"
    r"\b(?:both|two|all|each|across|between) (?:the |of the |of these |these )?(?:\w+ )?(?:reports|documents|sources|papers|decks)\b|\btogether\b",
    re.I,
)
_FACTS = (Kind.WHEN, Kind.HOW_MUCH, Kind.WHY, Kind.DEFINE)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question asks for: its kind, every kind of fact in it, whether over several reports, and how long an
    answer may be (characters)."""

    kind: Kind
    facts: tuple[Kind, ...] = ()
    is_across: bool = False

    @property
    def length(self) -> int:
        """How many characters the answer may have."""
        return LONG if self.is_across or self.kind in (Kind.LIST, Kind.COMPARE, Kind.OVERVIEW) else SHORT

    def held_by(self, text: str) -> float:
        """The share of the kinds of fact asked for that a text holds; 0 where none in particular is asked for."""
        return sum(has_kind(text, kind) for kind in self.facts) / max(1, len(self.facts))


def asked(question: str) -> Asked:
    """What a question asks for; the first kind in the order of `_KINDS` that fits."""
    kinds = [kind for kind, pattern in _KINDS if pattern.search(question)]
    facts = tuple(kind for kind in kinds if kind in _FACTS)
    return Asked(kinds[0] if kinds else Kind.OTHER, facts, bool(_ACROSS.search(question)))


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
