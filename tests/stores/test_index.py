"""An index folder for readers: they go on while somebody writes, and move on when the writer has."""

from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from assistant.errors import StoreError
from assistant.indexing.sync import fingerprint, sync
from assistant.retrieval.query import understand
from assistant.retrieval.search import Searcher
from assistant.stores.generations import CURRENT
from assistant.stores.index import Index, writer_lock
from tests.conftest import ENGLISH, CountingEmbedder, write_corpus


@pytest.fixture
def folder(small_corpus: Path, tmp_path: Path, embedder: CountingEmbedder) -> Path:
    sync(small_corpus, tmp_path / "index", embedder=embedder)
    return tmp_path / "index"


@pytest.fixture
def index(folder: Path, embedder: CountingEmbedder) -> Iterator[Index]:
    opened = Index(folder, fingerprint=fingerprint(embedder), embedder=embedder)
    yield opened
    opened.close()


def texts(index: Index, embedder: CountingEmbedder, question: str = "Where is the laboratory of Valeo?") -> list[str]:
    return [hit.passage.text for hit in Searcher(index, embedder).search(understand(question), 5)]


def test_a_missing_index_is_told_and_nothing_is_made(tmp_path: Path, embedder: CountingEmbedder) -> None:
    index = Index(tmp_path / "nowhere", fingerprint=fingerprint(embedder), embedder=embedder)
    for part in ("catalog", "generation"):
        with pytest.raises(StoreError, match="index_missing"):
            getattr(index, part)
    assert not (tmp_path / "nowhere").exists()


def test_an_index_made_otherwise_is_not_searched(folder: Path, make_embedder: type[CountingEmbedder]) -> None:
    other = make_embedder("counting/2")
    index = Index(folder, fingerprint=fingerprint(other), embedder=other)
    with pytest.raises(StoreError, match="index_fingerprint"):
        texts(index, other)


def test_a_reader_goes_on_while_somebody_holds_the_lock(index: Index, folder: Path, embedder: CountingEmbedder) -> None:
    expected = texts(index, embedder)
    with writer_lock(folder, 0):
        assert texts(index, embedder) == expected
        fresh = Index(folder, fingerprint=fingerprint(embedder), embedder=embedder)
        assert texts(fresh, embedder) == expected
        fresh.close()


def test_a_reader_makes_its_own_index_while_a_writer_has_none_yet(
    index: Index, folder: Path, embedder: CountingEmbedder
) -> None:
    expected = texts(index, embedder)
    (folder / CURRENT).unlink()
    index.close()
    with writer_lock(folder, 0):
        assert texts(index, embedder) == expected
        assert not (folder / CURRENT).exists()
    assert embedder.passages.count(embedder.passages[0]) == 1


def test_a_reader_moves_on_after_a_sync(
    index: Index, folder: Path, small_corpus: Path, embedder: CountingEmbedder
) -> None:
    assert "Lyon" in texts(index, embedder)[0]
    write_corpus(small_corpus, {"outlook.txt": ENGLISH.replace("Lyon", "Graz")})
    sync(small_corpus, folder, embedder=embedder)
    assert "Graz" in texts(index, embedder)[0]
    assert not any("Lyon" in text for text in texts(index, embedder))


def test_a_reader_moves_on_when_the_index_was_made_anew(
    index: Index, folder: Path, small_corpus: Path, embedder: CountingEmbedder
) -> None:
    texts(index, embedder)
    (folder / "catalog.db").unlink()
    write_corpus(small_corpus, {"outlook.txt": ENGLISH.replace("Lyon", "Graz")})
    sync(small_corpus, folder, embedder=embedder)
    assert "Graz" in texts(index, embedder)[0]


def test_a_reader_sees_a_moved_report_under_its_new_path(
    index: Index, folder: Path, small_corpus: Path, embedder: CountingEmbedder
) -> None:
    texts(index, embedder)
    (small_corpus / "outlook.txt").rename(small_corpus / "renamed.txt")
    sync(small_corpus, folder, embedder=embedder)
    hits = Searcher(index, embedder).search(understand("Where is the laboratory of Valeo?"), 1)
    assert [str(hit.report.path) for hit in hits] == ["renamed.txt"]


def test_a_reader_finds_every_report_at_any_moment_of_a_sync(
    index: Index, folder: Path, small_corpus: Path, embedder: CountingEmbedder
) -> None:
    (before, *_), seen = texts(index, embedder), list[str]()
    write_corpus(small_corpus, {"outlook.txt": ENGLISH.replace("Lyon", "Graz")})
    sync(small_corpus, folder, embedder=embedder, progress=lambda *_: seen.append(texts(index, embedder)[0]))
    (after, *_) = texts(index, embedder)
    assert "Graz" in after
    assert len(seen) == 3
    assert set(seen) <= {before, after}


def test_readers_in_other_threads_never_stumble_over_a_writer(
    index: Index, folder: Path, small_corpus: Path, embedder: CountingEmbedder
) -> None:
    problems: list[BaseException] = []
    done = False

    def read() -> None:
        try:
            while not done:
                texts(index, embedder)
        except BaseException as error:
            problems.append(error)

    readers = [Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for city in ("Graz", "Lyon", "Graz", "Lyon"):
        write_corpus(small_corpus, {"outlook.txt": ENGLISH.replace("Lyon", city)})
        sync(small_corpus, folder, embedder=embedder)
    done = True
    for reader in readers:
        reader.join()
    assert problems == []


def test_the_lock_is_free_after_an_error(folder: Path) -> None:
    with pytest.raises(ZeroDivisionError), writer_lock(folder, 0):
        raise ZeroDivisionError
    with writer_lock(folder, 0):
        pass
