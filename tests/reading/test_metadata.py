"""A side-car names the source of its report; what it says wrongly is told by field."""

from pathlib import PurePosixPath

import pytest

from assistant.errors import ReadingError
from assistant.reading.metadata import names, parse
from assistant.reading.reader import read


def test_every_field_of_a_source_can_be_given():
    text = (
        'title = "中国の自動車産業"\nauthor = "調査部"\npublisher = "研究所"\nissued = 2025-12-04\n'
        'url = "https://example.org/a"\nlanguage = "ja"\ndigest_of = "原本"\n'
    )
    assert parse(text.encode(), "a.pdf.meta.toml") == {
        "title": "中国の自動車産業",
        "author": "調査部",
        "publisher": "研究所",
        "issued": "2025-12-04",
        "url": "https://example.org/a",
        "language": "ja",
        "digest_of": "原本",
    }


@pytest.mark.parametrize(
    ("line", "issued"), [("2025", "2025"), ('"2025-12"', "2025-12"), ("2025-12-04T10:00:00", "2025-12-04")]
)
def test_a_date_is_as_precise_as_it_is_given(line: str, issued: str):
    assert parse(f"issued = {line}".encode(), "a.meta.toml") == {"issued": issued}


def test_an_empty_text_takes_away_and_an_empty_file_says_nothing():
    assert parse(b'author = ""', "a.meta.toml") == {"author": None}
    assert parse(b"\n", "a.meta.toml") == {}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932", "utf-16"])
def test_a_side_car_is_read_in_the_encodings_that_editors_save(encoding: str):
    assert parse('title = "自動車産業の報告書です"'.encode(encoding), "a.meta.toml") == {
        "title": "自動車産業の報告書です"
    }


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("title = 報告書", "sidecar_unreadable", "line 1"),
        ('titel = "A"', "sidecar_key", "title"),
        ('[report]\ntitle = "A"', "sidecar_key", "title"),
        ('author = ["A", "B"]', "sidecar_value", "author"),
        ('issued = "December 2025"', "sidecar_value", "2025-12"),
        ('issued = "2025-13"', "sidecar_value", "2025-13"),
    ],
)
def test_a_mistake_is_named(text: str, code: str, says: str):
    with pytest.raises(ReadingError, match=says) as raised:
        parse(text.encode(), "a.pdf.meta.toml")
    assert raised.value.code == code


def test_the_whole_name_goes_before_the_stem():
    assert names("sub/a.b.pdf") == ("sub/a.b.pdf.meta.toml", "sub/a.b.meta.toml")


@pytest.mark.parametrize(
    ("line", "issued"),
    [
        ("Harbour Energy Advisory, 15 May 2025", "2025-05-15"),
        ("Published by Lantern Market Insights, 3 September 2024", "2024-09-03"),
        ("株式会社北都総研  令和7年1月", "2025-01"),
        ("(上海諮詢 2024年10月)", "2024-10"),
        ("2025年5月 / 銀杏証券リサーチ", "2025-05"),
        ("発行: 飲料総合研究所 2025年6月20日", "2025-06-20"),
        ("2025年5月の概況", None),
        ("2025年2月期決算の分析", None),
        ("調査は2024年5月から2024年6月", None),
        ("市場は2024年に伸びた", None),
        ("展望 2025", None),
    ],
)
def test_a_line_under_the_title_says_when_a_report_was_issued(line: str, issued: str | None):
    assert read(f"# 市場の展望\n\n{line}\n\n本文である。\n".encode(), PurePosixPath("a.md")).source.issued == issued


def test_what_a_text_says_of_its_date_goes_before_the_day_its_file_was_saved_but_not_before_its_front_matter():
    text = "---\ntitle: 展望\ndate: 2025-02-14\n---\n\n# 展望\n\n研究所 2024年10月\n\n本文である。\n"
    assert read(text.encode(), PurePosixPath("a.md")).source.issued == "2025-02-14"
