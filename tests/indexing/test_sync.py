"""The index follows the corpus: by content, without embedding twice, and one bad report never stops the others."""

import os
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.errors import AssistantError, CorpusError, StoreError
from assistant.indexing.sync import fingerprint, scan, sync
from assistant.retrieval.query import understand
from assistant.retrieval.search import Searcher
from assistant.stores.catalog import Catalog
from assistant.stores.index import Index, writer_lock
from assistant.types import FailedFile, SyncResult
from tests.conftest import ENGLISH, JAPANESE, CountingEmbedder, write_corpus
from tests.reading.pdfs import pdf, words

Sync = Callable[..., SyncResult]


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def run(small_corpus: Path, index: Path, embedder: CountingEmbedder) -> Sync:
    """Sync the small corpus with the counting embedder."""
    return lambda **more: sync(small_corpus, index, embedder=embedder, **more)


def found(index: Path, embedder: CountingEmbedder, question: str) -> list[tuple[str, str, float]]:
    opened = Index(index, fingerprint=fingerprint(embedder), embedder=embedder)
    hits = Searcher(opened, embedder).search(understand(question), 10)
    opened.close()
    return [(str(hit.report.path), hit.passage.text, hit.score) for hit in hits]


def paths_found(index: Path, embedder: CountingEmbedder, question: str) -> set[str]:
    return {path for path, _, _ in found(index, embedder, question)}


def bytes_under(folder: Path) -> dict[str, tuple[bytes, int]]:
    files = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".lock")
    return {str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns) for path in files}


def test_a_first_sync_adds_every_report(run: Sync, index: Path, embedder: CountingEmbedder) -> None:
    result = run()
    assert result.added == ("outlook.txt", "電池.md")
    assert (result.updated, result.removed, result.duplicates, result.superseded, result.failed) == ((),) * 5
    assert (result.unchanged, result.reports) == (0, 2)
    assert result.passages == len(embedder.passages)
    assert found(index, embedder, "モメンタと運転支援システムを開発する企業")[0][1].startswith(
        "1-1\t2025年7月15日\tBMW"
    )


def test_a_second_sync_does_nothing_and_writes_nothing(run: Sync, index: Path, embedder: CountingEmbedder) -> None:
    run()
    before, embedded = bytes_under(index), len(embedder.passages)
    result = run()
    assert (result.unchanged, result.reports) == (2, 2)
    assert (result.added, result.updated, result.removed, result.duplicates, result.failed) == ((),) * 5
    assert bytes_under(index) == before
    assert len(embedder.passages) == embedded


def test_touching_a_file_changes_nothing(run: Sync, small_corpus: Path, embedder: CountingEmbedder) -> None:
    run()
    embedded = len(embedder.passages)
    os.utime(small_corpus / "outlook.txt", (1, 1))
    assert run().unchanged == 2
    assert len(embedder.passages) == embedded


def test_a_changed_report_is_read_again_alone(
    run: Sync, small_corpus: Path, index: Path, embedder: CountingEmbedder
) -> None:
    run()
    embedder.passages.clear()
    (small_corpus / "outlook.txt").write_text(ENGLISH.replace("Lyon", "Grenoble"), encoding="utf-8")
    result = run()
    assert (result.updated, result.added, result.removed, result.unchanged) == (("outlook.txt",), (), (), 1)
    assert embedder.passages and all("Zaragoza" in text or "Grenoble" in text for text in embedder.passages)
    assert any("Grenoble" in text for _, text, _ in found(index, embedder, "Where did Valeo open a laboratory?"))
    assert not any("Lyon" in text for _, text, _ in found(index, embedder, "Valeo laboratory in Lyon"))


def test_a_removed_report_is_found_no_more(
    run: Sync, small_corpus: Path, index: Path, embedder: CountingEmbedder
) -> None:
    run()
    (small_corpus / "outlook.txt").unlink()
    result = run()
    assert (result.removed, result.unchanged, result.reports) == (("outlook.txt",), 1, 1)
    assert paths_found(index, embedder, "Where did Valeo open a laboratory?") <= {"電池.md"}


def test_a_renamed_report_is_updated_without_embedding(
    run: Sync, small_corpus: Path, index: Path, embedder: CountingEmbedder
) -> None:
    run()
    before, embedded = found(index, embedder, "Valeo laboratory"), len(embedder.passages)
    (small_corpus / "sub").mkdir()
    (small_corpus / "outlook.txt").rename(small_corpus / "sub" / "renamed.txt")
    result = run()
    assert (result.updated, result.added, result.removed) == (("sub/renamed.txt",), (), ())
    assert (result.unchanged, result.reports) == (1, 2)
    assert len(embedder.passages) == embedded
    renamed = [(path.replace("outlook", "sub/renamed"), text, score) for path, text, score in before]
    assert found(index, embedder, "Valeo laboratory") == renamed


def test_a_second_file_with_the_same_bytes_is_a_duplicate(
    run: Sync, small_corpus: Path, index: Path, embedder: CountingEmbedder
) -> None:
    run()
    embedded = len(embedder.passages)
    (small_corpus / "z-copy.txt").write_text(ENGLISH, encoding="utf-8")
    for _ in range(2):
        result = run()
        assert (result.duplicates, result.failed, result.added) == (("z-copy.txt",), (), ())
        assert result.reports == 2
    assert len(embedder.passages) == embedded
    assert "z-copy.txt" not in paths_found(index, embedder, "Valeo laboratory")


def test_when_the_first_of_two_same_files_goes_the_other_takes_its_place(
    run: Sync, small_corpus: Path, index: Path, embedder: CountingEmbedder
) -> None:
    (small_corpus / "z-copy.txt").write_text(ENGLISH, encoding="utf-8")
    run()
    (small_corpus / "outlook.txt").unlink()
    result = run()
    assert (result.removed, result.duplicates, result.reports) == (("outlook.txt",), (), 2)
    assert "z-copy.txt" in paths_found(index, embedder, "Valeo laboratory")


def test_two_reports_that_trade_names_are_both_still_found(
    run: Sync, small_corpus: Path, index: Path, embedder: CountingEmbedder
) -> None:
    write_corpus(small_corpus, {"a.txt": "Alpha was built in Zaragoza.", "b.txt": "Beta was built in Turin."})
    run()
    write_corpus(small_corpus, {"b.txt": "Alpha was built in Zaragoza.", "a.txt": "Beta was built in Turin."})
    result = run()
    assert result.reports == 4
    assert result.duplicates == ()
    assert found(index, embedder, "Where was Alpha built?")[0][:2] == ("b.txt", "Alpha was built in Zaragoza.")
    assert found(index, embedder, "Where was Beta built?")[0][:2] == ("a.txt", "Beta was built in Turin.")


def test_a_report_that_moves_to_a_name_whose_report_changes_is_still_found(
    run: Sync, small_corpus: Path, index: Path, embedder: CountingEmbedder
) -> None:
    write_corpus(small_corpus, {"a.txt": "Alpha was built in Zaragoza.", "b.txt": "Beta was built in Turin."})
    run()
    write_corpus(small_corpus, {"a.txt": "Beta was built in Turin.", "b.txt": "Gamma was built in Graz."})
    assert run().reports == 4
    assert "Beta was built in Turin." in [text for _, text, _ in found(index, embedder, "Where was Beta built?")]


BAD = {
    "encrypted.pdf": (pdf([words(50, 50, "Secret words")], password="secret"), "pdf_encrypted"),
    "truncated.pdf": (pdf([words(50, 50, "Cut off words")])[:300], "pdf_damaged"),
    "empty.pdf": (b"", "file_empty"),
    "no-pages.pdf": (pdf([]), "pdf_no_pages"),
    "blank.txt": (b" \n\n", "file_empty"),
    "picture.txt": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4, "file_binary"),
    "noise.txt": (bytes(range(256)) * 40, "file_binary"),
    "letter.docx": (b"PK\x03\x04 not really", "office_damaged"),
    "letter.doc": (b"\xd0\xcf\x11\xe0 old", "format_not_yet"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_cannot_be_read_is_listed_and_the_others_are_indexed(
    name: str, run: Sync, small_corpus: Path, index: Path, embedder: CountingEmbedder
) -> None:
    data, code = BAD[name]
    (small_corpus / name).write_bytes(data)
    result = run()
    assert [(one.path, one.code) for one in result.failed] == [(name, code)]
    assert (result.added, result.reports) == (("outlook.txt", "電池.md"), 2)
    assert "outlook.txt" in paths_found(index, embedder, "Valeo laboratory")


def test_a_failed_file_is_listed_again_without_being_written_and_retried_when_its_bytes_change(
    run: Sync, small_corpus: Path, index: Path
) -> None:
    (small_corpus / "bad.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    first = run()
    before = bytes_under(index)
    assert run().failed == first.failed == (FailedFile("bad.txt", "file_binary", first.failed[0].values),)
    assert bytes_under(index) == before
    (small_corpus / "bad.txt").write_text("Now it can be read.", encoding="utf-8")
    result = run()
    assert (result.failed, result.reports) == ((), 3)
    assert "bad.txt" in (*result.added, *result.updated)


def test_a_report_whose_new_bytes_cannot_be_read_is_found_no_more(
    run: Sync, small_corpus: Path, index: Path, embedder: CountingEmbedder
) -> None:
    run()
    (small_corpus / "outlook.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    result = run()
    assert ([one.path for one in result.failed], result.reports) == (["outlook.txt"], 1)
    assert paths_found(index, embedder, "Valeo laboratory in Lyon") <= {"電池.md"}


def test_a_file_that_grows_while_it_is_read_is_kept_as_it_was_read(
    run: Sync, small_corpus: Path, index: Path, embedder: CountingEmbedder
) -> None:
    growing = small_corpus / "outlook.txt"

    def grow(done: int, total: int, path: str) -> None:
        with growing.open("a", encoding="utf-8") as file:
            file.write("Gamma was built in Graz.\n")

    assert run(progress=grow).reports == 2
    assert next(text.count("Gamma") for _, text, _ in found(index, embedder, "Where was Gamma built?")) == 1
    assert run().updated == ("outlook.txt",)
    assert next(text.count("Gamma") for _, text, _ in found(index, embedder, "Where was Gamma built?")) == 3
    assert run().unchanged == 2


def test_an_unexpected_exception_over_one_report_does_not_stop_the_others(
    small_corpus: Path, index: Path, make_embedder: type[CountingEmbedder]
) -> None:
    (small_corpus / "a-first.txt").write_text("This one is cursed.", encoding="utf-8")
    embedder = make_embedder(fails_on="cursed")
    result = sync(small_corpus, index, embedder=embedder)
    assert [(one.path, one.code, dict(one.values)) for one in result.failed] == [
        ("a-first.txt", "report_unexpected", {"reason": "RuntimeError: the embedder stumbled"})
    ]
    assert result.reports == 2


def test_a_name_that_is_no_unicode_does_not_stop_the_others(run: Sync, small_corpus: Path) -> None:
    try:
        Path(os.fsdecode(os.fsencode(small_corpus) + b"/\x83\x8c\x83|.txt")).write_bytes(b"From a Japanese archive.")
    except (OSError, UnicodeError):
        pytest.skip("this file system takes only Unicode names")
    result = run()
    assert result.reports >= 2
    assert set(result.added) >= {"outlook.txt", "電池.md"}


@pytest.mark.parametrize("encoding", ["shift_jis", "euc_jp", "utf-16", "utf-8-sig"])
def test_japanese_text_is_read_in_the_encodings_it_comes_in(
    encoding: str, run: Sync, small_corpus: Path, index: Path, embedder: CountingEmbedder
) -> None:
    words = "広州の工場では、リン酸鉄リチウム電池をつくっています。新しい設備は二千二十六年に入ります。"
    (small_corpus / "old.txt").write_bytes(words.encode(encoding))
    assert run().failed == ()
    assert ("old.txt", words) in [hit[:2] for hit in found(index, embedder, "広州の工場の電池は何ですか")]


def test_readme_hidden_and_other_files_are_not_reports(run: Sync, small_corpus: Path) -> None:
    others = {"README.md": "# 説明\n\n読まない。", ".hidden.md": "# 隠し", ".git/a.md": "# 中", "~$電池.docx": "lock"}
    write_corpus(small_corpus, {**others, "sub/readme.txt": "Not read either.", "data.json": "{}"})
    result = run()
    assert result.added == ("outlook.txt", "電池.md")
    assert result.failed == ()


def test_a_link_out_of_the_corpus_is_not_followed(run: Sync, small_corpus: Path, tmp_path: Path) -> None:
    secret = tmp_path / "outside.txt"
    secret.write_text("Not for the index.", encoding="utf-8")
    try:
        (small_corpus / "link.txt").symlink_to(secret)
        (small_corpus / "inside.txt").symlink_to(small_corpus / "outlook.txt")
    except OSError:
        pytest.skip("this platform makes no links")
    result = run()
    assert "link.txt" not in scan(small_corpus)
    assert (result.reports, len(result.duplicates)) == (2, 1)


def test_a_path_with_spaces_and_decomposed_japanese_is_stored_composed(run: Sync, small_corpus: Path) -> None:
    name = "第 1 部/ガバナンス の報告.txt"
    write_corpus(small_corpus, {unicodedata.normalize("NFD", name): "統治の仕組みを述べる。"})
    assert name in run().added
    assert run().unchanged == 3


def test_a_digest_steps_back_for_its_original_and_comes_back_when_it_goes(
    run: Sync, small_corpus: Path, index: Path, embedder: CountingEmbedder
) -> None:
    digest = "---\ntitle: 要約\ndigest_of: 架空電池の動向　2025\n---\n\n# 要約\n\n鉄鉱石は豪州で採れる。\n"
    original = "---\ntitle: 架空電池の動向2025\n---\n\n# 原本\n\n鉄鉱石はブラジルでも採れる。\n"
    write_corpus(small_corpus, {"digest.md": digest})
    assert run().superseded == ()
    assert "digest.md" in paths_found(index, embedder, "鉄鉱石はどこで採れますか")
    embedded = len(embedder.passages)
    write_corpus(small_corpus, {"original.md": original})
    for added in (("original.md",), ()):
        result = run()
        assert (result.added, result.superseded, result.reports) == (added, ("digest.md",), 3)
    assert "digest.md" not in paths_found(index, embedder, "鉄鉱石はどこで採れますか")
    new = len(embedder.passages)
    (small_corpus / "original.md").unlink()
    result = run()
    assert (result.removed, result.superseded, result.reports) == (("original.md",), (), 3)
    assert paths_found(index, embedder, "鉄鉱石はどこで採れますか") >= {"digest.md"}
    assert len(embedder.passages) == new > embedded


def test_an_empty_a_missing_and_a_file_corpus_are_told_apart(
    tmp_path: Path, index: Path, embedder: CountingEmbedder
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "README.md").write_text("# 説明", encoding="utf-8")
    (tmp_path / "file").write_text("x", encoding="utf-8")
    for name, code in (("empty", "corpus_empty"), ("missing", "corpus_missing"), ("file", "corpus_not_a_folder")):
        with pytest.raises(CorpusError, match=code):
            sync(tmp_path / name, index, embedder=embedder)


def test_a_corpus_that_became_empty_says_what_was_removed_and_leaves_nothing_to_be_found(
    run: Sync, small_corpus: Path, index: Path, embedder: CountingEmbedder
) -> None:
    run()
    for path in small_corpus.iterdir():
        path.unlink()
    result = run()
    assert (set(result.removed), result.reports) == ({"outlook.txt", "電池.md"}, 0)
    assert found(index, embedder, "Valeo laboratory") == []
    with pytest.raises(CorpusError, match="corpus_empty"):
        run()


def test_progress_counts_every_file_up_to_all(run: Sync) -> None:
    heard: list[tuple[int, int, str]] = []
    run(progress=lambda *step: heard.append(step))
    assert heard == [(0, 2, "outlook.txt"), (1, 2, "電池.md"), (2, 2, "")]


def test_another_embedder_makes_the_index_anew_and_says_why(
    run: Sync, small_corpus: Path, index: Path, make_embedder: type[CountingEmbedder]
) -> None:
    run()
    other, heard = make_embedder("counting/2"), list[AssistantError]()
    result = sync(small_corpus, index, embedder=other, notice=heard.append)
    assert [(error.code, error.values["part"]) for error in heard] == [("index_fingerprint", "embedder")]
    assert result.added == ("outlook.txt", "電池.md")
    assert len(other.passages) == result.passages


def test_two_writers_do_not_write_at_once(run: Sync, index: Path) -> None:
    run()
    with writer_lock(index, 0), pytest.raises(StoreError, match="index_locked"), writer_lock(index, 0):
        raise AssertionError("unreachable")


def test_any_history_of_changes_ends_like_a_fresh_build(
    run: Sync, small_corpus: Path, index: Path, embedder: CountingEmbedder, tmp_path: Path
) -> None:
    run()
    steps: list[dict[str, str | None]] = [
        {"b.md": JAPANESE.replace("BMW", "ヴァレオ"), "outlook.txt": None},
        {"outlook.txt": ENGLISH, "電池.md": JAPANESE.replace("41億", "52億")},
        {"b.md": None, "c.txt": "Valeo moved its laboratory to Graz."},
    ]
    for step in steps:
        for name, text in step.items():
            if text is None:
                (small_corpus / name).unlink()
            else:
                write_corpus(small_corpus, {name: text})
        run()
    fresh = tmp_path / "fresh"
    sync(small_corpus, fresh, embedder=embedder)
    for question in ("Where is the laboratory of Valeo?", "モメンタと何を開発しますか", "52億ユーロ", "September 2025"):
        assert found(index, embedder, question) == found(fresh, embedder, question) != []


def test_the_files_table_remembers_why_a_file_failed(run: Sync, small_corpus: Path, index: Path) -> None:
    (small_corpus / "letter.doc").write_bytes(b"\xd0\xcf")
    run()
    catalog = Catalog.open_for_reading(index, fingerprint(CountingEmbedder()))
    row = catalog.files()["letter.doc"]
    catalog.close()
    assert (row.state, row.code, row.values) == ("failed", "format_not_yet", (("suffix", ".doc"),))
