"""A question that asks several things, taken apart by rule; and what was found for its parts, put together. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.language.sentences import sentence_spans
from assistant.language.tokens import terms
from assistant.retrieval.search import fuse
from assistant.types import Hit

MOST_PARTS = 6
_SHORTEST = {True: 5, False: 12}  # characters of a part, in Japanese and in English
_INTERROGATIVE = re.compile(
    r"何|いつ|どこ|誰|だれ|なぜ|どう|どの|どれ|どんな|どちら|いくら|いくつ|"
    r"\b(?:what|when|where|who|whom|whose|which|why|how)\b",
    re.I,
)
_ASKS = re.compile(
    r"[?？]|(?:か|(?:教え|示し|挙げ|述べ|説明し|比較し|まとめ)て(?:ください|下さい|ほしい)?|[^、。]は)[。.!！]?$|"
    r"^(?:please\s+)?(?:tell|explain|list|describe|name|give|compare|show)\b|"
    r"\b(?:is|are|was|were|do|does|did|will|would|can|could|has|have)\s+(?:it|they|there|the|this|that)\b",
    re.I,
)
_BREAK = re.compile(
    r"[、，](?:(?:それと|それから|また|あと|さらに|加えて|そして)[、，]?)?|(?:それと|それから)[、，]?|;\s*|"
    r"(?:,?\s+and(?:\s+also)?,?|,(?=[^?]*,?\sand\s+(?:(?:in|by|for|to|at|since|with)\s+)?(?:what|when|where|who|why|which|how)\b))\s+(?=(?:(?:in|by|for|to|at|since|with)\s+)?(?:what|when|where|who|whom|whose|why|which|how)\b)",
    re.I,
)
_LISTED = re.compile(r"(?:いつ(?:から|まで)?|何[をが]|誰[がとに]|どこ[でにへのを]?)$")
_LEADS_IN = re.compile(
    r"^(?:(?:それと|それから|また|あと|さらに|加えて|そして)[、，]?|(?:and\s+)?also,?\s+|and,?\s+)", re.I
)
_WIDE = re.compile(r"[぀-ヿ㐀-鿿]")


def parts(question: str) -> tuple[str, ...]:
    """The things that a question asks, in its own words; one, the whole question, where no rule takes it apart.

    It is taken apart at sentences, at "and also" and its like, and at a comma that has a question word on both sides or
    stands in a series of questions.
    """
    pieces = [piece for start, end in sentence_spans(question) for piece in _pieces(question[start:end])]
    asking = [piece for piece in pieces if _ASKS.search(piece) or _INTERROGATIVE.search(piece)]
    found = tuple(
        piece for at, piece in enumerate(asking) if at == 0 or terms(piece)
    )  # 「それはなぜですか」 asks of the last
    return found[:MOST_PARTS] if len(found) > 1 else (question.strip(),)


def may_have_parts(question: str) -> bool:
    """Whether it is worth asking a language model what the parts of a question are."""
    return len(parts(question)) > 1 or len(_INTERROGATIVE.findall(question)) > 1


def merged(found: Sequence[Sequence[Hit]], k: int) -> list[Hit]:
    """What several searches found as one list, by their scores; at most k. The first, for the whole question, counts
    as much as the others together.

    Round robin was tried and lost: a part on its own often misses what the whole question finds.
    """
    if len(found) == 1:
        return list(found[0][:k])
    rankings = {f"{at:02}": [(hit.passage.passage_id, hit.score) for hit in hits] for at, hits in enumerate(found)}
    by_id: dict[str, Hit] = {}
    for hit in sorted((hit for hits in found for hit in hits), key=lambda hit: hit.rank):
        by_id.setdefault(hit.passage.passage_id, hit)
    others = 1 / (len(found) - 1)
    fused = fuse(rankings, {name: others if at else 1.0 for at, name in enumerate(rankings)}, k)
    return [replace(by_id[name], rank=rank, score=score) for rank, (name, score, _) in enumerate(fused, start=1)]


def _pieces(sentence: str) -> list[str]:
    pieces, start = [], 0
    for found in _BREAK.finditer(sentence):
        before, after = sentence[start : found.start()], sentence[found.end() :]
        if _stands_alone(before) and _stands_alone(after) and not _is_listed(before, after):
            pieces.append(before)
            start = found.end()
    return [_LEADS_IN.sub("", piece.strip()) for piece in (*pieces, sentence[start:])]


def _is_listed(before: str, after: str) -> bool:
    """Whether two question words stand side by side: 「いつ、どこで」 is one thing."""
    return bool(_LISTED.search(before) and _INTERROGATIVE.match(after))


def _stands_alone(words: str) -> bool:
    return bool(_INTERROGATIVE.search(words)) and len(words.strip()) >= _SHORTEST[bool(_WIDE.search(words))]
