"""Questions that no report answers, whatever it holds: opinions, what points at nothing; and other languages. Pure."""

from __future__ import annotations

import regex

from assistant.language.tokens import ENGLISH_STOPWORDS
from assistant.types import Query

_OPINION = regex.compile(
    r"どう(?:思|考え|感じ)|(?:あなた|きみ|君|AI)の(?:意見|考え|見解)|\bwhat (?:do|would) you (?:think|say|recommend|suggest|advise|prefer)\b"
    r"|\byour (?:\w+ )?(?:opinion|view|advice|recommendation)s?\b|\bhow do you feel\b",
    regex.I,
)
_LEANING = regex.compile(
    r"(?:思|考え|感じ)(?:い)?ますか|\b(?:do|would) you (?:think|believe|recommend|suggest|advise|prefer|invest|buy)\b|\bshould (?:I|we|my|our)\b",
    regex.I,
)
_FACT = regex.compile(
    r"なぜ|何|どの|どこ|いつ|誰|だれ|いくら|どれ|どちら|\b(?:why|what|which|who|when|where|how)\b", regex.I
)
_POINTING = regex.compile(
    r"[上下前次左右](?:記)?の(?:表|図|グラフ|スライド|一覧|文章)|[上下]記の"
    r"|\b(?:table|chart|figure|graph|slide|list|text|passage) (?:above|below)\b"
    r"|\b(?:above|following|below|preceding|previous) (?:table|chart|figure|graph|slide|list|text|passage)\b",
    regex.I,
)
_OTHER_LETTERS = regex.compile(
    r"[\p{Cyrillic}\p{Hangul}\p{Arabic}\p{Thai}\p{Devanagari}\p{Hebrew}]{2}|[吗么谁哪这们您呢]"
)
_KANA = regex.compile(r"[\p{Hiragana}\p{Katakana}]")
_OTHER_WORDS = frozenset(
    "el la los las del que y en cuánto cuanto cuál cual quién por para una es son le les des du et est quel quelle combien "
    "qui dans une der das und ist sind wie viel wieviel welche wer il gli di che quanto quale chi nel della os em qual quem "
    "het een van hoeveel welke".split()
)


def refusal(query: Query) -> str | None:
    """The message about a question that no report answers: for an opinion or advice, and for what points at a table or
    text that the conversation does not have."""
    if _OPINION.search(query.text) or (_LEANING.search(query.text) and not _FACT.search(query.text)):
        return "refused_opinion"
    return "refused_pointing" if _POINTING.search(query.text) and not query.history else None


def is_other_language(text: str) -> bool:
    """Whether a text seems to be in neither Japanese nor English: by its letters, or by its small words."""
    if _KANA.search(text):
        return False
    words = regex.findall(r"\p{L}+", text.lower())
    theirs = sum(word in _OTHER_WORDS for word in words)
    return bool(_OTHER_LETTERS.search(text)) or theirs > sum(word in ENGLISH_STOPWORDS for word in words)
