"""What one file may cost: its size, pages and seconds; a file beyond that fails by itself, and is tried again with other limits."""

import os
import time
from pathlib import Path

import pytest

from assistant.indexing.reports import Failure
from assistant.indexing.sync import scan, sync
from assistant.indexing.workers import all_made
from assistant.models.embedders import BUNDLED, load
from assistant.reading.reader import Limits
from assistant.stores.codec import PackedReport
from tests.conftest import ENGLISH, JAPANESE, CountingEmbedder, write_corpus
from tests.reading.pdfs import pdf, words

TWO_PAGES = pdf([words(50, 80, "Valeo opened a laboratory in Lyon."), words(50, 80, "Momenta came to Graz in 2025.")])


def failures(result) -> dict[str, tuple[str, dict[str, str]]]:
    return {one.path: (one.code, dict(one.values)) for one in result.failed}


def test_a_large_file_and_one_of_many_pages_fail_and_the_others_are_read(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", {"a.md": JAPANESE, "two.pdf": TWO_PAGES})
    (corpus / "large.txt").write_text("Long. " * 400_000, encoding="utf-8")
    result = sync(corpus, tmp_path / "index", embedder=CountingEmbedder(), limits=Limits(megabytes=1, pages=1))
    assert result.added == ("a.md",)
    assert failures(result) == {
        "large.txt": ("file_too_large", {"megabytes": "3", "most": "1"}),
        "two.pdf": ("too_many_pages", {"pages": "2", "most": "1"}),
    }


def test_a_file_that_failed_is_tried_again_with_other_limits_and_one_that_was_read_is_not(tmp_path: Path) -> None:
    corpus, embedder = write_corpus(tmp_path / "corpus", {"two.pdf": TWO_PAGES, "a.md": JAPANESE}), CountingEmbedder()
    one, two = Limits(pages=1), Limits(pages=2)
    sync(corpus, tmp_path / "index", embedder=embedder, limits=one)
    assert "two.pdf" in failures(sync(corpus, tmp_path / "index", embedder=embedder, limits=one))
    assert sync(corpus, tmp_path / "index", embedder=embedder, limits=two).updated == ("two.pdf",)
    after = sync(corpus, tmp_path / "index", embedder=embedder, limits=one)
    assert (after.unchanged, after.failed) == (2, ())


def test_a_file_that_takes_too_long_is_ended_and_the_next_one_read(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", {"b.txt": ENGLISH})
    (corpus / "a.txt").write_text("A sentence about nothing. " * 300_000, encoding="utf-8")
    files, started = scan(corpus), time.monotonic()
    slow, quick = all_made(files, load(BUNDLED), 1, limits=Limits(seconds=4.0))
    assert isinstance(slow, Failure) and (slow.code, dict(slow.values)) == ("file_too_slow", {"most": "4"})
    assert isinstance(quick, PackedReport)
    assert time.monotonic() - started < 60


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_in_the_corpus_is_passed_over(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus", {"a.md": JAPANESE})
    os.mkfifo(corpus / "pipe.txt")
    assert list(scan(corpus)) == ["a.md"]
