"""The door of reading: suffixes, identities, paths, and text files in every Japanese encoding."""

import hashlib
import unicodedata
from pathlib import Path, PurePosixPath

import pytest

from assistant.errors import ReadingError
from assistant.reading.reader import READERS, corpus_path, digest, is_readable, read, read_bytes
from assistant.types import BlockKind

TEXT = "蓄電池の合弁が相次ぐ\n\n投資額は最大41億ユーロ（前年比3割増）に達した。カタカナも読める。\n"


@pytest.mark.parametrize(
    ("suffix", "media_type"),
    [
        (".txt", "text/plain"),
        (".text", "text/plain"),
        (".md", "text/markdown"),
        (".markdown", "text/markdown"),
        (".html", "text/html"),
        (".htm", "text/html"),
        (".pdf", "application/pdf"),
    ],
)
def test_the_suffix_says_the_media_type(suffix, media_type):
    assert READERS[suffix][0] == media_type
    assert is_readable(PurePosixPath(f"報告{suffix}")) and is_readable(Path(f"REPORT{suffix.upper()}"))


@pytest.mark.parametrize("name", ["data.bin", "deck.ppt", "報告書", "archive.pdf.zip", ".txt", "a.txt~", "a."])
def test_another_suffix_is_not_readable(name):
    assert not is_readable(PurePosixPath(name))


def test_a_report_is_known_by_the_first_twelve_digits_of_its_bytes_sha256():
    data = TEXT.encode()
    report = read(data, PurePosixPath("合弁.txt"))
    assert report.sha256 == digest(data) == hashlib.sha256(data).hexdigest()
    assert report.report_id == report.sha256[:12]
    assert read(data, PurePosixPath("別名.md")).report_id == report.report_id
    assert read(data + b"\n", PurePosixPath("合弁.txt")).report_id != report.report_id


def test_a_report_carries_its_path_type_text_blocks_and_title():
    report = read(TEXT.encode(), PurePosixPath("sub/合弁.TXT"))
    assert (report.path, report.media_type, report.text) == (PurePosixPath("sub/合弁.TXT"), "text/plain", TEXT)
    assert [(b.kind, report.text[b.start : b.end]) for b in report.blocks] == [
        (BlockKind.HEADING, "蓄電池の合弁が相次ぐ"),
        (BlockKind.PARAGRAPH, "投資額は最大41億ユーロ（前年比3割増）に達した。カタカナも読める。"),
    ]
    assert report.ref.title == "蓄電池の合弁が相次ぐ" and report.pages == ()


def test_a_report_without_a_title_is_called_by_its_file():
    assert read("売上は増えた。".encode(), PurePosixPath("sub/決算.txt")).ref.title == "決算"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932", "euc_jp", "iso2022_jp"])
def test_a_text_file_reads_the_same_in_every_japanese_encoding(encoding):
    data = TEXT.encode(encoding)
    report = read(data, PurePosixPath("a.txt"))
    assert report.text == TEXT
    assert report.report_id == hashlib.sha256(data).hexdigest()[:12]


def test_windows_line_ends_are_line_feeds_in_the_canonical_text():
    assert read(TEXT.replace("\n", "\r\n").encode("cp932"), PurePosixPath("a.txt")).text == TEXT


def test_markdown_and_html_are_read_by_their_own_readers():
    markdown = read("# 題名\n\n**本文**。\n".encode(), PurePosixPath("a.md"))
    assert (markdown.ref.title, markdown.text) == ("題名", "題名\n本文。")
    page = "<html><head><title>題名</title></head><body><main><h1>題名</h1><p>本文は短い。</p></main></body></html>"
    html = read(page.encode(), PurePosixPath("a.html"))
    assert html.media_type == "text/html" and "本文は短い。" in html.text and "<" not in html.text


@pytest.mark.parametrize("suffix", [".txt", ".md", ".html", ".pdf"])
@pytest.mark.parametrize("data", [b"", b"\n \r\n\t"])
def test_an_empty_file_is_an_error(suffix, data):
    with pytest.raises(ReadingError, match="file_empty"):
        read(data, PurePosixPath(f"a{suffix}"))


@pytest.mark.parametrize("data", ["\ufeff\n".encode(), "\u3000\n".encode()])
def test_a_file_of_white_space_is_empty(data):
    with pytest.raises(ReadingError, match="file_empty"):
        read(data, PurePosixPath("a.txt"))


def test_a_file_without_words_has_no_text():
    with pytest.raises(ReadingError, match="file_no_text"):
        read(b"<!-- nothing -->\n", PurePosixPath("a.md"))


def test_a_picture_called_text_is_refused():
    with pytest.raises(ReadingError, match="file_binary"):
        read(b"\x89PNG\r\n\x1a\n\x00\x00", PurePosixPath("a.txt"))


def test_paths_are_relative_posix_and_nfc():
    decomposed = unicodedata.normalize("NFD", "資料/ガイド・Café.txt")
    assert corpus_path(Path("corpus") / decomposed, Path("corpus")) == PurePosixPath("資料/ガイド・Café.txt")
    assert str(corpus_path(Path("corpus/a/b.md"), Path("corpus"))) == "a/b.md"


def test_a_file_is_read_as_its_bytes(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"\xef\xbb\xbfa\r\n")
    assert read_bytes(tmp_path / "a.txt") == b"\xef\xbb\xbfa\r\n"


def test_a_file_that_cannot_be_opened_says_why(tmp_path):
    with pytest.raises(ReadingError, match=r"file_unreadable \(reason=No such file or directory\)"):
        read_bytes(tmp_path / "none.txt")
    with pytest.raises(ReadingError, match="file_unreadable"):
        read_bytes(tmp_path)
