"""Encodings: Japanese and English text files read the same whatever they were saved as."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import ReadingError
from assistant.reading.encodings import decode

JAPANESE = "中国の自動車産業は、過当競争の様相を呈している。\n売上は41億ユーロ（前年比3割増）。カタカナも。\n"


@pytest.mark.parametrize(
    "encoding",
    ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp932", "shift_jis", "euc_jp", "iso2022_jp"],
)
def test_japanese_reads_the_same_in_every_encoding(encoding):
    assert decode(JAPANESE.encode(encoding), "a.txt") == JAPANESE


@pytest.mark.parametrize("encoding", ["ascii", "utf-16-le", "utf-16", "cp932"])
def test_english_reads_the_same_in_every_encoding(encoding):
    assert decode("Sales rose by 4%.\n".encode(encoding), "a.txt") == "Sales rose by 4%.\n"


@pytest.mark.parametrize("word", ["市場", "①売上高は㈱トヨタ", "表", "ｶﾀｶﾅと漢字のまざった文章です"])
def test_short_shift_jis_is_seen(word):
    assert decode(word.encode("cp932"), "a.txt") == word


def test_western_accents_are_not_taken_for_japanese():
    text = "The café’s naïve résumé costs £5 – or so they say in the façade of the Citroën plant.\n" * 3
    assert decode(text.encode("cp1252"), "a.txt") == text


def test_newlines_are_line_feeds():
    assert decode(b"a\r\nb\rc\n", "a.txt") == "a\nb\nc\n"


def test_a_damaged_byte_in_utf8_costs_one_character():
    data = JAPANESE.encode()
    assert decode(data[:-2], "a.txt") == JAPANESE[:-2] + "\ufffd"


@pytest.mark.parametrize(
    "data",
    [b"\x89PNG\r\n\x1a\n", b"PK\x03\x04abc", b"%PDF-1.7", b"text\x00with\x00\x00nuls\x01", bytes(range(1, 32)) * 9],
)
def test_binary_files_are_refused(data):
    with pytest.raises(ReadingError, match=r"file_binary \(file=a.txt\)"):
        decode(data, "a.txt")


@pytest.mark.parametrize("data", [b"", b" \r\n\t", b"\xef\xbb\xbf\n", "\u3000\n".encode()])
def test_files_without_words_are_empty(data):
    with pytest.raises(ReadingError, match="file_empty"):
        decode(data, "a.txt")


@given(st.binary(max_size=60))
def test_any_bytes_are_text_or_refused(data):
    try:
        text = decode(data, "a.txt")
    except ReadingError as error:
        assert error.code in ("file_binary", "file_empty")
    else:
        assert text.strip() and "\r" not in text
