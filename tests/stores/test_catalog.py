"""The catalog gives back what it was given; each way of being unusable has a name of its own, and sync makes it anew."""

import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path, PurePosixPath

import numpy as np
import pytest

from assistant.errors import AssistantError, StoreError
from assistant.indexing.passages import split
from assistant.indexing.sync import fingerprint, sync
from assistant.indexing.terms import search_terms
from assistant.reading import reader
from assistant.retrieval.query import understand
from assistant.retrieval.search import Searcher
from assistant.stores.catalog import FILE_NAME, Catalog, FileRow
from assistant.stores.codec import pack_whole
from assistant.stores.dense import eight_bit
from assistant.stores.index import Index
from assistant.types import Box, LineBox, Page, Passage, Report, Source
from tests.conftest import ENGLISH, JAPANESE, CountingEmbedder

MADE_WITH = {"embedder": "counting/1", "terms": "t/1"}
EMBEDDER = CountingEmbedder()


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return Catalog.open_for_writing(tmp_path, MADE_WITH)


def japanese() -> Report:
    """A report with every optional field filled."""
    report = reader.read(JAPANESE.encode(), PurePosixPath("部 1/電池.md"))
    boxed = replace(report.blocks[0], page=1, boxes=(LineBox(0, 4, 1, Box(0.1, 0.2, 0.5, 0.25)),))
    source = Source("題", "著者", "発行", "2025-12", "https://reports.example/", "ja", "原本")
    pages = (Page(1, 0, len(report.text), 595.0, 842.0),)
    return replace(report, blocks=(boxed, *report.blocks[1:]), pages=pages, source=source)


def english() -> Report:
    return reader.read(ENGLISH.encode(), PurePosixPath("outlook.txt"))


def put(catalog: Catalog, report: Report) -> tuple[Passage, ...]:
    passages = split(report)
    texts = [passage.search_text for passage in passages]
    terms = [search_terms(text) for text in texts]
    words = [passage.words(unit.start, unit.end) for passage in passages for unit in passage.units]
    units = eight_bit(EMBEDDER.embed_passages(words))
    catalog.put_report(pack_whole(report, passages, terms, EMBEDDER.embed_passages(texts), units), "reading/1")
    return passages


def test_a_report_and_its_passages_come_back_equal(catalog: Catalog) -> None:
    for report in (japanese(), english()):
        passages = put(catalog, report)
        assert catalog.report(report.report_id) == report
        assert catalog.passages_of(report.report_id) == list(passages)
        assert catalog.passages([passages[0].passage_id, "nothing:0-1"]) == {passages[0].passage_id: passages[0]}
        assert catalog.refs()[report.report_id] == report.ref
    assert catalog.report("ffffffffffff") is None
    assert catalog.counts() == (2, len(split(japanese())) + len(split(english())))
    assert catalog.damaged() == []


def test_entries_carry_terms_and_vectors_by_passage_id(catalog: Catalog) -> None:
    passages = (*put(catalog, japanese()), *put(catalog, english()))
    by_id = {passage.passage_id: passage.search_text for passage in passages}
    entries = list(catalog.entries())
    assert [entry.passage_id for entry in entries] == sorted(by_id)
    for entry in entries:
        assert entry.terms == search_terms(by_id[entry.passage_id])
        expected = EMBEDDER.embed_queries([by_id[entry.passage_id]])[0]
        assert np.abs(entry.vector - expected).max() < 1e-3


def test_everything_is_there_after_closing_and_opening(catalog: Catalog, tmp_path: Path) -> None:
    put(catalog, japanese())
    catalog.close()
    opened = Catalog.open_for_reading(tmp_path, MADE_WITH)
    assert opened.report(japanese().report_id) == japanese()
    opened.close()


def test_a_report_takes_the_place_of_the_one_at_its_path(catalog: Catalog) -> None:
    put(catalog, english())
    changed = reader.read(ENGLISH.replace("Lyon", "Graz").encode(), PurePosixPath("outlook.txt"))
    put(catalog, changed)
    assert list(catalog.refs()) == [changed.report_id]
    assert catalog.passages_of(english().report_id) == []
    assert {entry.passage_id.partition(":")[0] for entry in catalog.entries()} == {changed.report_id}


def test_removing_takes_report_passages_and_file(catalog: Catalog) -> None:
    put(catalog, english())
    catalog.remove("outlook.txt")
    assert (catalog.refs(), catalog.files(), catalog.counts(), list(catalog.entries())) == ({}, {}, (0, 0), [])


def test_a_rename_moves_the_path_and_nothing_else(catalog: Catalog) -> None:
    passages = put(catalog, english())
    state = catalog.state()
    catalog.rename({"outlook.txt": "部 2/見通し.txt"})
    assert catalog.refs()[english().report_id].path == PurePosixPath("部 2/見通し.txt")
    assert list(catalog.files()) == ["部 2/見通し.txt"]
    assert catalog.passages_of(english().report_id) == list(passages)
    assert catalog.state() != state  # long-lived readers have to see the new path


def test_file_rows_come_back_equal(catalog: Catalog) -> None:
    rows = [
        FileRow("a b.pdf", "0" * 64, "failed", code="pdf_damaged", values=(("reason", "途中"),), reader="reading/1"),
        FileRow("写し.txt", "1" * 64, "duplicate"),
    ]
    for row in rows:
        catalog.put_file(row)
    assert catalog.files() == {row.path: row for row in rows}


def test_an_inactive_report_is_kept_but_not_searched(catalog: Catalog) -> None:
    put(catalog, japanese())
    put(catalog, english())
    both = catalog.state()
    catalog.set_active({english().report_id: False})
    assert list(catalog.refs()) == [japanese().report_id]
    assert set(catalog.refs(active_only=False)) == {japanese().report_id, english().report_id}
    assert {entry.passage_id.partition(":")[0] for entry in catalog.entries()} == {japanese().report_id}
    assert catalog.report(english().report_id) == english()
    assert catalog.state() != both


def test_the_state_tells_what_is_searched_whatever_the_order(tmp_path: Path) -> None:
    states = []
    for name, reports in {"one": (japanese(), english()), "two": (english(), japanese())}.items():
        (tmp_path / name).mkdir()
        catalog = Catalog.open_for_writing(tmp_path / name, MADE_WITH)
        for report in reports:
            put(catalog, report)
        states.append(catalog.state())
        catalog.remove("outlook.txt")
        assert catalog.state() != states[0]
        catalog.close()
    assert states[0] == states[1]


def test_a_put_that_fails_changes_nothing(catalog: Catalog) -> None:
    put(catalog, english())
    before = (catalog.state(), catalog.files())
    changed = reader.read(ENGLISH.replace("Lyon", "Graz").encode(), PurePosixPath("outlook.txt"))
    none = EMBEDDER.embed_passages([])
    packed = pack_whole(changed, [], [], none, eight_bit(none))
    twice = ("id", b"", b"", b"", b"", "")
    with pytest.raises(StoreError, match="index_damaged"):
        catalog.put_report(replace(packed, passages=(twice, twice)), "reading/1")
    assert (catalog.state(), catalog.files()) == before


# What cannot be used


def write(folder: Path, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(folder / FILE_NAME)) as database:
        database.execute(statement, values)
        database.commit()


def flip_in_the_payload(folder: Path) -> None:
    """Flip one byte in the middle of a passage's stored words, where SQLite does not look."""
    with closing(sqlite3.connect(folder / FILE_NAME)) as database:
        (payload,) = database.execute("SELECT payload FROM passages ORDER BY passage_id").fetchone()
    data = bytearray((folder / FILE_NAME).read_bytes())
    at = data.index(payload[:40]) + 20
    data[at] ^= 0xFF
    (folder / FILE_NAME).write_bytes(data)


def truncate(folder: Path) -> None:
    data = (folder / FILE_NAME).read_bytes()
    (folder / FILE_NAME).write_bytes(data[: len(data) // 2])


DAMAGES: dict[str, tuple[str, Callable[[Path], object]]] = {
    "another version": ("index_version", lambda at: write(at, "UPDATE meta SET value = '0' WHERE key = 'schema'")),
    "another embedder": (
        "index_fingerprint",
        lambda at: write(at, "UPDATE meta SET value = 'x' WHERE key = 'embedder'"),
    ),
    "no fingerprint": ("index_fingerprint", lambda at: write(at, "DELETE FROM meta WHERE key = 'embedder'")),
    "no version": ("index_version", lambda at: write(at, "DELETE FROM meta WHERE key = 'schema'")),
    "no bytes": ("index_half_written", lambda at: (at / FILE_NAME).write_bytes(b"")),
    "a table missing": ("index_half_written", lambda at: write(at, "DROP TABLE passages")),
    "random bytes": ("index_damaged", lambda at: (at / FILE_NAME).write_bytes(random.Random(1).randbytes(9000))),
    "another file": ("index_damaged", lambda at: (at / FILE_NAME).write_text("hello " * 2000, encoding="utf-8")),
    "cut in half": ("index_damaged", truncate),
    "a flipped byte": ("index_damaged", flip_in_the_payload),
}


@pytest.fixture
def index(small_corpus: Path, tmp_path: Path) -> Path:
    """A synced index of the small corpus."""
    sync(small_corpus, tmp_path / "index", embedder=EMBEDDER)
    return tmp_path / "index"


def read_everything(folder: Path) -> None:
    catalog = Catalog.open_for_reading(folder, fingerprint(EMBEDDER))
    with closing(catalog):
        for report_id in catalog.refs():
            catalog.report(report_id)
            catalog.passages_of(report_id)
        list(catalog.entries())


def found(folder: Path) -> list[tuple[str, str, str, float]]:
    opened = Index(folder, fingerprint=fingerprint(EMBEDDER), embedder=EMBEDDER)
    questions = ("Where did Valeo open a laboratory?", "BMWは何を開発しますか", "41億ユーロ")
    with closing(opened):
        hits = [hit for question in questions for hit in Searcher(opened, EMBEDDER).search(understand(question), 9)]
    return [(hit.passage.passage_id, str(hit.report.path), hit.passage.text, hit.score) for hit in hits]


def test_a_missing_catalog_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="index_missing"):
        Catalog.open_for_reading(tmp_path, MADE_WITH)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_wrong_is_told_by_name_and_never_read(damage: str, index: Path) -> None:
    code, spoil = DAMAGES[damage]
    spoil(index)
    with pytest.raises(StoreError) as caught:
        read_everything(index)
    assert caught.value.code == code
    assert str(index) in caught.value.values["path"] or code == "index_fingerprint"


@pytest.mark.parametrize("damage", DAMAGES)
def test_sync_says_what_was_wrong_and_makes_it_anew(damage: str, index: Path, small_corpus: Path) -> None:
    expected = found(index)
    DAMAGES[damage][1](index)
    heard: list[str] = []
    result = sync(small_corpus, index, embedder=EMBEDDER, notice=lambda error: heard.append(error.code))
    wanted = {"report_damaged"} if damage == "a flipped byte" else {DAMAGES[damage][0]}
    assert set(heard) == wanted
    assert (result.reports, result.failed) == (2, ())
    assert found(index) == expected
    read_everything(index)


def test_only_the_report_that_is_damaged_is_read_again(index: Path, small_corpus: Path) -> None:
    flip_in_the_payload(index)
    embedder = CountingEmbedder()
    result = sync(small_corpus, index, embedder=embedder)
    assert result.unchanged == 1
    assert len({text.split("\n")[0] for text in embedder.passages}) == 1


def test_remaking_while_the_notice_is_kept_loses_nothing(index: Path, small_corpus: Path) -> None:
    truncate(index)
    kept: list[AssistantError] = []
    sync(small_corpus, index, embedder=EMBEDDER, notice=kept.append)
    kept.clear()
    assert sync(small_corpus, index, embedder=EMBEDDER, notice=kept.append).unchanged == 2
    assert kept == []


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("passages", "payload"),
        ("passages", "terms"),
        ("passages", "vector"),
        ("reports", "payload"),
        ("reports", "source"),
    ],
)
def test_what_is_stored_of_a_report_is_covered_by_a_checksum(table: str, column: str, index: Path) -> None:
    with closing(sqlite3.connect(index / FILE_NAME)) as database:
        for rowid, data in database.execute(f"SELECT rowid, {column} FROM {table}").fetchall():
            database.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (data[:-1] + b"?", rowid))
        database.commit()
    with pytest.raises(StoreError, match="index_damaged"):
        read_everything(index)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE files SET details = x'789c00'",
        "UPDATE files SET state = 'repord'",
        "UPDATE files SET sha256 = 'f' || substr(sha256, 2)",
        "UPDATE files SET path = 'x' || substr(path, 2)",
        "UPDATE reports SET path = 'x' || substr(path, 2)",
        "UPDATE reports SET sha256 = 'f' || substr(sha256, 2)",
        "UPDATE reports SET passages = passages + 1",
        "UPDATE reports SET active = 0",
        "UPDATE passages SET report_id = (SELECT min(report_id) FROM reports)",
        "UPDATE passages SET report_id = 'x' || substr(report_id, 2)",
        "UPDATE passages SET ordinal = ordinal + 100",
        "DELETE FROM passages",
        "DELETE FROM files",
        "DELETE FROM reports",
    ],
)
def test_a_sync_mends_what_is_wrong_in_any_column(statement: str, index: Path, small_corpus: Path) -> None:
    expected = found(index)
    write(index, statement)
    result = sync(small_corpus, index, embedder=EMBEDDER)
    assert (result.reports, result.failed, result.duplicates) == (2, (), ())
    assert found(index) == expected


def test_after_any_flipped_byte_a_sync_ends_where_a_fresh_one_does(index: Path, small_corpus: Path) -> None:
    expected, data = found(index), (index / FILE_NAME).read_bytes()
    moments, wrong = random.Random(11), list[str]()
    for number in range(40):
        at, bit = moments.randrange(len(data)), 1 << moments.randrange(8)
        copy = index.with_name(f"index-{number}")
        shutil.copytree(index, copy)
        (copy / FILE_NAME).write_bytes(data[:at] + bytes([data[at] ^ bit]) + data[at + 1 :])
        try:
            sync(small_corpus, copy, embedder=EMBEDDER)
            if found(copy) != expected:
                wrong.append(f"byte {at}, bit {bit}: other hits")
        except Exception as error:
            wrong.append(f"byte {at}, bit {bit}: {type(error).__name__}: {error}")
    assert not wrong, "\n".join(wrong)
