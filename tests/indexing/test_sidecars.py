"""What stands beside a report names its source: noticed, in force after the next sync, and never a report lost for it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.indexing.sync import fingerprint, sync
from assistant.stores.catalog import Catalog
from assistant.types import Source, SyncResult
from tests.conftest import ENGLISH, CountingEmbedder, write_corpus

Sync = Callable[[], SyncResult]


@pytest.fixture
def run(small_corpus: Path, tmp_path: Path, embedder: CountingEmbedder) -> Sync:
    """Sync the small corpus."""
    return lambda: sync(small_corpus, tmp_path / "index", embedder=embedder)


@pytest.fixture
def source(tmp_path: Path, embedder: CountingEmbedder) -> Callable[[str], Source]:
    """The source of the report at a path, as the index holds it."""

    def look(path: str) -> Source:
        catalog = Catalog.open_for_reading(tmp_path / "index", fingerprint(embedder))
        refs = {str(ref.path): ref.source for ref in catalog.refs(active_only=False).values()}
        catalog.close()
        return refs[path]

    return look


def test_a_side_car_goes_before_what_the_file_says(run: Sync, source, small_corpus: Path, embedder) -> None:
    run()
    before = source("outlook.txt")
    write_corpus(small_corpus, {"outlook.txt.meta.toml": 'title = "Battery outlook"\nissued = 2024\n'})
    result = run()
    assert (result.added, result.updated, result.unchanged, result.failed) == ((), ("outlook.txt",), 1, ())
    assert source("outlook.txt").title == "Battery outlook"
    assert source("outlook.txt").issued == "2024"
    assert any(text.startswith("Battery outlook\n") for text in embedder.passages)
    assert run().unchanged == 2
    (small_corpus / "outlook.txt.meta.toml").unlink()
    assert run().updated == ("outlook.txt",)
    assert source("outlook.txt") == before


def test_the_stem_is_enough_and_japanese_names_are_met(run: Sync, source, small_corpus: Path) -> None:
    write_corpus(small_corpus, {"電池.meta.toml": 'publisher = "別の研究所"', "電池.md.meta.toml": 'author = "調査部"'})
    run()
    assert (source("電池.md").author, source("電池.md").publisher) == ("調査部", "架空総合研究所")
    (small_corpus / "電池.md.meta.toml").unlink()
    assert run().updated == ("電池.md",)
    assert (source("電池.md").author, source("電池.md").publisher) == (None, "別の研究所")


def test_a_wrong_side_car_is_told_by_its_name_until_it_is_corrected(run: Sync, source, small_corpus: Path) -> None:
    write_corpus(small_corpus, {"outlook.txt.meta.toml": 'titel = "Battery outlook"'})
    result = run()
    assert result.added == ("outlook.txt", "電池.md")
    assert [(one.path, one.code) for one in result.failed] == [("outlook.txt.meta.toml", "sidecar_key")]
    again = run()
    assert (again.failed, again.unchanged) == (result.failed, 2)
    write_corpus(small_corpus, {"outlook.txt.meta.toml": 'title = "Battery outlook"'})
    corrected = run()
    assert (corrected.failed, corrected.updated, corrected.removed) == ((), ("outlook.txt",), ())
    assert source("outlook.txt").title == "Battery outlook"


def test_a_report_that_moves_away_from_its_side_car_leaves_it_behind(run: Sync, source, small_corpus: Path) -> None:
    write_corpus(small_corpus, {"outlook.txt.meta.toml": 'title = "Battery outlook"'})
    run()
    (small_corpus / "outlook.txt").rename(small_corpus / "moved.txt")
    result = run()
    assert (result.updated, result.added, result.removed) == (("moved.txt",), (), ())
    assert source("moved.txt").title != "Battery outlook"


def test_a_report_that_moves_with_its_side_car_is_not_embedded_again(
    run: Sync, source, small_corpus: Path, embedder: CountingEmbedder
) -> None:
    write_corpus(small_corpus, {"outlook.txt.meta.toml": 'title = "Battery outlook"'})
    run()
    embedded = len(embedder.passages)
    for suffix in ("", ".meta.toml"):
        (small_corpus / f"outlook.txt{suffix}").rename(small_corpus / f"moved.txt{suffix}")
    assert run().updated == ("moved.txt",)
    assert source("moved.txt").title == "Battery outlook"
    assert len(embedder.passages) == embedded


def test_a_copy_in_front_of_a_report_without_its_side_car_is_still_one_report(
    run: Sync, source, small_corpus: Path
) -> None:
    write_corpus(small_corpus, {"outlook.txt.meta.toml": 'title = "Battery outlook"'})
    run()
    write_corpus(small_corpus, {"copy.txt": ENGLISH})
    result = run()
    assert (result.updated, result.duplicates, result.reports) == (("copy.txt",), ("outlook.txt",), 2)
    assert source("copy.txt").title != "Battery outlook"


def test_a_side_car_makes_a_digest_step_back_for_its_original(run: Sync, small_corpus: Path) -> None:
    write_corpus(
        small_corpus,
        {"原本.md": "# 電池産業の展望\n\n本文です。\n", "outlook.meta.toml": 'digest_of = "電池産業の展望"'},
    )
    assert run().superseded == ("outlook.txt",)


def test_a_side_car_that_links_out_of_the_corpus_is_not_read(
    run: Sync, source, small_corpus: Path, tmp_path: Path
) -> None:
    (tmp_path / "outside.toml").write_text('title = "Elsewhere"', encoding="utf-8")
    (small_corpus / "outlook.txt.meta.toml").symlink_to(tmp_path / "outside.toml")
    run()
    assert source("outlook.txt").title != "Elsewhere"
