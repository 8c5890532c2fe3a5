"""The library: files as HTML, what comes in lands whole in the corpus or not at all, and nothing outside is touched."""

from __future__ import annotations

import json
import re
import time
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.types import Language, Source
from assistant.web.intake import Incoming, RefusedError, describe, remove
from assistant.web.library import Shelved, render_frame, render_shelf
from assistant.web.serve import Backstage
from assistant.web.words import word
from tests.conftest import NO_MODEL
from tests.web.fakes import EVIL, REPORT, SHELVED, TABLE_REPORT
from tests.web.test_render import Parsed


def take_in(corpus: Path, name: str, data: bytes = b"words", most_mb: int = 1) -> str:
    incoming = Incoming(corpus, name, most_mb)
    try:
        incoming.write(data)
        return incoming.keep()
    finally:
        incoming.discard()


@pytest.mark.parametrize(
    ("language", "states"),
    [
        (Language.JA, ["読み込み済み", "原本を優先", "重複", "読み込めません"]),
        (Language.EN, ["Ready", "Original used instead", "Duplicate", "Not readable"]),
    ],
)
def test_every_file_is_shown_with_its_state_and_facts(language: Language, states: list[str]) -> None:
    parsed = Parsed(render_shelf(SHELVED, language))
    assert [word(f"file_{one.state}", language) for one in SHELVED] == states
    assert all(state in parsed.words for state in states)
    assert all(fact in parsed.words for fact in ("架空総合研究所", "2025-12-04", "48", "batteries.pdf"))
    assert "文章が見つかりません。" in parsed.words or "There is no text in it." in parsed.words


def test_file_names_titles_and_publishers_are_text() -> None:
    ref = replace(REPORT, source=Source(title=EVIL, publisher=EVIL, issued=EVIL))
    parsed = Parsed(render_shelf([Shelved(EVIL, "report", ref), Shelved(EVIL, "duplicate", twin=EVIL)], Language.JA))
    tags = {"ul", "li", "div", "h3", "h4", "a", "p", "span", "svg", "path", "button"}
    assert {tag for tag, _ in parsed.elements} <= tags
    assert parsed.words.count("<script>alert(1)</script>") == 7
    assert json.loads(parsed.with_class("edit")[0]["data-facts"])["publisher"] == EVIL
    assert [one["data-path"] for one in parsed.with_class("remove")] == [EVIL, EVIL]


def test_files_stand_under_their_collection_with_what_is_to_be_known_of_them() -> None:
    parsed = Parsed(render_shelf(SHELVED, Language.EN))
    assert len(parsed.with_class("shelf")) == 2 and len(parsed.with_class("collection")) == 1
    assert "2025Files: 1" in parsed.words and parsed.words.index("2025Files: 1") > parsed.words.index("copy.pdf")
    assert "Pages without text: 7" in parsed.words
    assert [one["href"] for tag, one in parsed.elements if tag == "a"] == [
        f"#read={one.report_id}" for one in (REPORT, TABLE_REPORT)
    ]


KNOWN = Source(title="old", publisher="P", issued="2025-01-01")
SAID = {"title": "old", "publisher": "P", "issued": "2025-01-01"}


def test_what_is_known_of_a_report_is_written_beside_it_and_read_by_the_next_sync(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    take_in(corpus, "a.md", "# 電池\n\n協業は2025年7月15日に発表された。\n".encode())
    assistant = Assistant.open(corpus, tmp_path / "index", NO_MODEL)
    assistant.sync()
    (corpus / "a.meta.toml").write_text("# by hand\ndigest_of = 'x'  # why\n", encoding="utf-8")
    said = {
        "title": ' "<b>電池"\n の展望 ',
        "publisher": "",
        "issued": "2025-12",
        "url": "https://a.example/?q=1",
        "more": "x",
    }
    describe(corpus, "a.md", replace(KNOWN, url=None), said)
    assert sorted(one.name for one in corpus.iterdir()) == ["a.md", "a.md.meta.toml", "a.meta.toml"]
    written = (corpus / "a.md.meta.toml").read_text(encoding="utf-8")
    assert written.startswith("# by hand\ndigest_of = 'x'  # why\n") and "more" not in written
    assistant.sync()
    (ref,) = assistant.reports()
    assert ref.source == Source('"<b>電池" の展望', None, None, "2025-12", "https://a.example/?q=1", None, "x")


@pytest.mark.parametrize(
    ("fact", "code"),
    [
        ({"issued": "2025-02-30"}, "refused_date"),
        ({"issued": "last year"}, "refused_date"),
        ({"url": "javascript:alert(1)"}, "refused_url"),
        ({"url": "https://"}, "refused_url"),
        ({"url": "http://[a"}, "refused_url"),
        ({"title": "x" * 501}, "refused_fact"),
        ({"author": "a\0b"}, "refused_fact"),
    ],
)
def test_a_fact_that_is_none_is_refused_and_nothing_is_written(tmp_path: Path, fact: dict[str, str], code: str) -> None:
    take_in(tmp_path, "a.md")
    with pytest.raises(RefusedError, match=code):
        describe(tmp_path, "a.md", KNOWN, SAID | fact)
    assert [one.name for one in tmp_path.iterdir()] == ["a.md"]


@pytest.mark.parametrize("broken", ["= no toml", "titel = 'x'", "issued = 'soon'"])
def test_a_side_car_that_cannot_be_read_is_left_alone(tmp_path: Path, broken: str) -> None:
    take_in(tmp_path, "a.md")
    (tmp_path / "a.md.meta.toml").write_text(broken)
    with pytest.raises(RefusedError, match="refused_sidecar"):
        describe(tmp_path, "a.md", KNOWN, SAID | {"title": "new"})
    assert (tmp_path / "a.md.meta.toml").read_text() == broken


@pytest.mark.parametrize("path", ["b.md", "../a.md", "README.md"])
def test_only_reports_are_described(tmp_path: Path, path: str) -> None:
    (tmp_path / "README.md").write_text("x")
    with pytest.raises(RefusedError, match="refused_gone"):
        describe(tmp_path, path, KNOWN, SAID | {"title": "new"})


def test_the_frame_is_well_formed_and_says_what_is_taken() -> None:
    assert "200 MB" in Parsed(render_frame((".pdf", ".md"), 200, Language.EN)).words


@pytest.mark.parametrize("name", ["a.md", "レポート（2025年） 第1版.md", "<img src=x>.txt", "A.PDF"])
def test_a_file_lands_under_its_name_and_leaves_nothing_else(tmp_path: Path, name: str) -> None:
    assert take_in(tmp_path / "corpus", name) == name
    assert [one.name for one in (tmp_path / "corpus").iterdir()] == [name]


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../a.md", "refused_name"),
        ("..\\a.md", "refused_name"),
        ("/tmp/a.md", "refused_name"),
        ("C:a.md", "refused_name"),
        ("a\0.md", "refused_name"),
        ("fdp.\u202emd.md", "refused_name"),
        ("a" * 300 + ".md", "refused_name"),
        ("\ud800.md", "refused_name"),
        (".hidden.md", "refused_type"),
        ("README.md", "refused_type"),
        ("a.exe", "refused_type"),
        ("", "refused_type"),
        ("..", "refused_type"),
    ],
)
def test_a_name_that_is_none_is_refused_and_nothing_is_written(tmp_path: Path, name: str, code: str) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    with pytest.raises(RefusedError, match=code):
        take_in(corpus, name)
    assert list(tmp_path.rglob("*")) == [corpus]


@pytest.mark.parametrize(
    ("data", "code"), [(b"", "refused_empty"), (b"x" * 1_000_001, "refused_size")], ids=["empty", "large"]
)
def test_a_file_without_bytes_or_with_too_many_leaves_nothing(tmp_path: Path, data: bytes, code: str) -> None:
    with pytest.raises(RefusedError, match=code):
        take_in(tmp_path, "a.md", data)
    assert list(tmp_path.iterdir()) == []


def test_a_file_never_replaces_another(tmp_path: Path) -> None:
    take_in(tmp_path, "が.md", b"first")
    slow = Incoming(tmp_path, "b.md", 1)
    slow.write(b"late")
    take_in(tmp_path, "b.md", b"early")
    for again in (lambda: take_in(tmp_path, "か\u3099.MD".replace("MD", "md"), b"second"), slow.keep):
        with pytest.raises(RefusedError, match="refused_taken"):
            again()
    slow.discard()
    assert {one.name: one.read_bytes() for one in tmp_path.iterdir()} == {"が.md": b"first", "b.md": b"early"}


def test_only_files_of_the_corpus_are_removed(tmp_path: Path) -> None:
    corpus, outside = tmp_path / "corpus", tmp_path / "outside.md"
    outside.write_text("stays")
    take_in(corpus, "a.md")
    (corpus / "README.md").write_text("stays")
    (corpus / "link.md").symlink_to(outside)
    for path in ("../outside.md", str(outside), "README.md", "link.md", "", "b.md"):
        with pytest.raises(RefusedError, match="refused_gone"):
            remove(corpus, path)
    remove(corpus, "a.md")
    assert outside.exists() and sorted(one.name for one in corpus.iterdir()) == ["README.md", "link.md"]


def test_what_is_added_and_removed_is_read_in_the_background(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    take_in(corpus, "a.md", "# 電池\n\n協業は2025年7月15日に発表された。\n".encode())
    backstage = Backstage(Assistant.open(corpus, tmp_path / "index"), most_mb=1)
    assert [(one.path, one.state) for one in backstage.files()] == [("a.md", "waiting")]
    backstage.start()
    assert settled(backstage) == [("a.md", "report")]
    take_in(corpus, "broken.pdf", b"no pdf")
    take_in(corpus, "same.md", (corpus / "a.md").read_bytes())
    backstage.changed()
    assert settled(backstage) == [("a.md", "report"), ("broken.pdf", "failed"), ("same.md", "duplicate")]
    assert re.search("1", backstage.status(Language.EN))
    remove(corpus, "broken.pdf")
    remove(corpus, "a.md")
    backstage.changed()
    assert settled(backstage) == [("same.md", "report")]
    remove(corpus, "same.md")
    backstage.changed()
    assert settled(backstage) == []


def settled(backstage: Backstage) -> list[tuple[str, str]]:
    ends = time.monotonic() + 60
    while backstage.is_busy and time.monotonic() < ends:
        time.sleep(0.05)
    return [(one.path, one.state) for one in backstage.files()]
