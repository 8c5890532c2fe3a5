"""Decodes text files: marks, UTF-8, UTF-16 without a mark, the Japanese encodings by plausibility, then the rest."""

from __future__ import annotations

import codecs
import re

from assistant.errors import ReadingError
from assistant.language.text import canonical_newlines

_MARKS = (  # UTF-32's little-endian mark begins with UTF-16's: longest first
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BINARY = (
    b"\x89PNG",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"%PDF-",
    b"GIF8",
    b"\xff\xd8\xff",
    b"\x1f\x8b",
    b"\xd0\xcf\x11\xe0",
)
_JAPANESE = ("cp932", "euc_jp")
_PLAUSIBLE = 0.9
_MOST_CONTROLS = 0.02
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_ORDINARY = re.compile(r"[ぁ-ゖァ-ヶー一-鿿々〆　-〕！-～←-⇔①-⑳Ⅰ-Ⅹ㈱℃℡№■-◯★☆♪…‥―×÷±−°′″§¶]")
_KANA = re.compile(r"[ぁ-ゖァ-ヶ]")
_LONE = re.compile(r"(?<=[A-Za-z])[^\x00-\x7f](?![^\x00-\x7f])")
_HALF_KANA = re.compile(r"[｡-ﾟ]")
_ESCAPES = (b"\x1b$@", b"\x1b$B", b"\x1b(J", b"\x1b$(D")


def decode(data: bytes, name: str) -> str:
    """The text of a file, newlines as `\\n`.

    Errors: `ReadingError` file_binary (the bytes are not text, whatever the suffix says) or file_empty.
    """
    if data.startswith(_BINARY):
        raise ReadingError("file_binary", file=name)
    text = canonical_newlines(_decoded(data, name))
    if not text.strip():
        raise ReadingError("file_empty", file=name)
    if len(_CONTROLS.findall(text)) > _MOST_CONTROLS * len(text):
        raise ReadingError("file_binary", file=name)
    return text


def _decoded(data: bytes, name: str) -> str:
    marked = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)
    if marked:
        return data.decode(marked, "replace")
    wide = _utf16(data)
    if wide:
        return data.decode(wide, "replace")
    if b"\0" in data:
        raise ReadingError("file_binary", file=name)
    if any(escape in data for escape in _ESCAPES) and (text := _strict(data, "iso2022_jp_2")) is not None:
        return text
    for attempt in (_utf8, _japanese):
        if (text := attempt(data)) is not None:
            return text
    return _guessed(data, name)


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _utf8(data: bytes) -> str | None:
    """UTF-8; also where a few bytes of many are damaged, which then read U+FFFD."""
    if (text := _strict(data, "utf-8")) is not None:
        return text
    text = data.decode("utf-8", "replace")
    damaged, sound = text.count("\ufffd"), sum(character > "\x7f" for character in text)
    return text if sound > 20 * damaged else None


def _utf16(data: bytes) -> str | None:
    """UTF-16 without a mark: the zero halves of its ASCII characters (line ends at least) all lie on one side."""
    even, odd = data[0::2].count(0), data[1::2].count(0)
    encoding = "utf-16-le" if odd > 10 * even else "utf-16-be" if even > 10 * odd else None
    text = _strict(data, encoding) if encoding else None
    return encoding if text is not None and _plausibility(text) >= _PLAUSIBLE else None


def _japanese(data: bytes) -> str | None:
    """Shift_JIS or EUC-JP, whichever reads more like Japanese; None where neither does."""
    texts = [text for encoding in _JAPANESE if (text := _strict(data, encoding)) is not None]
    best = max(texts, key=_plausibility, default=None)
    return best if best is not None and _plausibility(best) >= _PLAUSIBLE else None


def _plausibility(text: str) -> float:
    """The share of the characters outside ASCII that Japanese writing is made of, at most about 1.

    Kana count a tenth extra; half-width kana count a tenth where no others stand beside them (so EUC-JP looks when it
    is read as Shift_JIS); single ideographs inside Latin words count nothing: they are another encoding's accents.
    """
    beyond = sum(character > "\x7f" for character in text)
    if not beyond:
        return 1.0
    kana = len(_KANA.findall(text))
    if not kana and 2 * len(_LONE.findall(text)) >= beyond:
        return 0.0
    half = 1.0 if 10 * kana >= beyond else 0.1
    return (len(_ORDINARY.findall(text)) + half * len(_HALF_KANA.findall(text)) + 0.1 * kana) / beyond


def _guessed(data: bytes, name: str) -> str:
    import charset_normalizer

    best = charset_normalizer.from_bytes(data).best()
    if best is None:
        raise ReadingError("file_binary", file=name)
    return str(best)
