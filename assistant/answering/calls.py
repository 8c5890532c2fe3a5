"""Calls to a language model: bounded in length and time, and counted. Reads the clock."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence

from assistant.errors import ModelError
from assistant.models.llms import LanguageModel
from assistant.types import Turn, Usage

NOTHING_USED = Usage()
_SLOWEST = 5.0


class Metered:
    """A model that counts what goes through it; as much a LanguageModel as the one it counts for."""

    def __init__(self, llm: LanguageModel, used: Usage = NOTHING_USED) -> None:
        """`used` is what was counted before."""
        self.name = llm.name
        self.usage = used
        self._llm = llm

    def stream(self, messages: Sequence[Turn]) -> Iterator[str]:
        """The model's pieces; counted also when it fails or is stopped."""
        sent = sum(estimated_tokens(turn.content) for turn in messages)
        received: list[str] = []
        pieces = self._llm.stream(messages)
        try:
            for piece in pieces:
                received.append(piece)
                yield piece
        finally:
            self.name = self._llm.name  # a server that chooses its model has told its name by now
            self.usage += Usage(1, sent, estimated_tokens("".join(received)))
            _close(pieces)


def pieces(llm: LanguageModel, messages: Sequence[Turn], timeout_s: float, longest: int) -> Iterator[str]:
    """The model's pieces until it is done or has said `longest` characters; ModelError when it drips for too long."""
    started, length = 0.0, 0
    stream = llm.stream(messages)
    try:
        for piece in stream:
            started = started or time.monotonic()  # waiting for the first piece is the model's own time limit
            yield piece[: longest - length]
            length += len(piece)
            if length >= longest:
                return
            if time.monotonic() - started > timeout_s * _SLOWEST:
                raise ModelError("llm_timeout", name=llm.name, seconds=f"{timeout_s * _SLOWEST:g}")
    finally:
        _close(stream)


def estimated_tokens(text: str) -> int:
    """Tokens of a text on the safe side: one a Japanese character, one for four characters of anything else."""
    wide = len(re.findall(r"[぀-ヿ㐀-鿿＀-￯]", text))
    return wide + (len(text) - wide + 3) // 4


def _close(stream: Iterator[str]) -> None:
    close = getattr(stream, "close", None)
    if close is not None:
        close()
