"""Whether a text speaks to a language model, to tell it what to do, instead of to a reader. Pure.

Few patterns, and narrow ones: what a report may say about models, rules or instructions is not meant by them.
"""

from __future__ import annotations

import re

_MODEL = r"(?:AI|LLM|GPT|ChatGPT|assistant|chatbot|(?:large )?language model)"
_RULES = r"(?:instructions?|rules?|prompts?|guidelines?|system message)"
_MODEL_JA = r"(?:AI|LLM|GPT|ChatGPT|アシスタント|チャットボット|(?:大規模)?言語モデル)"
_ORDERS = (
    rf"\b(?:ignore|disregard|forget|override|bypass)\b[^.!?\n]{{0,30}}\b(?:all|any|above|previous|prior|earlier|preceding|system|your|these)\b[^.!?\n]{{0,24}}\b{_RULES}\b",
    rf"\b(?:ignore|disregard|forget|override|bypass) (?:the |your )?(?:system )?{_RULES}\b[^.!?\n]{{0,20}}\b(?:above|before|so far|given)\b",
    rf"\byou are (?:now |no longer )?(?:an? |the )?(?:\w+ ){{0,2}}{_MODEL}\b",
    r"\b(?:reply|respond|answer) (?:only |exactly )?with (?:exactly|only|nothing but|the (?:following|exact)|this (?:text|sentence))\b|\b(?:reply|respond|answer) exactly\b",
    r"\byour (?:answer|reply|response|output) (?:must|should|has to|shall)\b",
    rf"\b(?:instructions?|orders?|note|message|attention) (?:to|for) (?:the |any |all )?{_MODEL}s?\b\s*[:：,.]",
    r"<\|?/?(?:im_start|im_end|system|endoftext)\|?>|\[/?INST\]|<</?SYS>>|^\s*#{2,}\s*(?:system|assistant|instruction)s?\s*[:：]?\s*$",
    r"(?-i:^\s*(?:>\s*)?(?:SYSTEM|ASSISTANT|System|Assistant)(?: (?:PROMPT|prompt|message))?\s*[:：]\s*\S)",
    r"(?:これまで|ここまで|以前|以上|上記|前述|今まで|すべて|全て|あらゆる|あなた|システム)の?[^。！？\n]{0,12}(?:指示|命令|ルール|規則|プロンプト|決まり)[^。！？\n]{0,8}(?:無視|忘れ|破棄|従わ)(?:し?て(?!い)|し?ろ|せよ|しなさい|ず|ないで|なさい)",
    rf"あなたは[^。！？\n]{{0,16}}{_MODEL_JA}(?:です|だ|である|として)",
    rf"{_MODEL_JA}(?:への|に対する|向けの?|宛の?)(?:指示|命令|メッセージ)\s*[:：。]",
    r"(?:とだけ|とのみ|次の(?:文|とおり|通り)(?:を|に)?(?:そのまま)?)(?:回答|返答|出力|返信|答え)(?:してください|して下さい|しなさい|しろ|せよ|よ|なさい|てください)",
)
_ORDER = re.compile("|".join(f"(?:{pattern})" for pattern in _ORDERS), re.I | re.M)


def is_an_order(text: str) -> bool:
    """Whether some words of a text give a language model an order."""
    return _ORDER.search(text) is not None
