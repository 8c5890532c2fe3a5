"""A side-car names the source of its report; what it says wrongly is told by field."""

import pytest

from assistant.errors import ReadingError
from assistant.reading.metadata import names, parse


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
