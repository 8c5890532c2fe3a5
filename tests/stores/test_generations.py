"""Derived indexes: swapped whole, never opened half-written, rebuilt from the catalog without embedding."""

import json
import random
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from assistant.errors import StoreError
from assistant.indexing.sync import fingerprint, sync
from assistant.retrieval.query import understand
from assistant.retrieval.search import Searcher
from assistant.stores import generations
from assistant.stores.catalog import Catalog
from assistant.stores.generations import CURRENT, FOLDER
from assistant.stores.index import Index
from tests.conftest import ENGLISH, CountingEmbedder, write_corpus


@pytest.fixture
def index(small_corpus: Path, tmp_path: Path, embedder: CountingEmbedder) -> Path:
    """A synced index; what is embedded from here on is counted from zero."""
    sync(small_corpus, tmp_path / "index", embedder=embedder)
    embedder.passages.clear()
    return tmp_path / "index"


def place(index: Path) -> Path:
    """The folder of the current generation."""
    return index / FOLDER / (index / CURRENT).read_text(encoding="utf-8")


def found(index: Path, embedder: CountingEmbedder) -> list[tuple[str, float]]:
    questions = ("Where did Valeo open a laboratory?", "BMWは何を開発しますか", "41億ユーロ")
    opened = Index(index, fingerprint=fingerprint(embedder), embedder=embedder)
    with closing(opened):
        hits = [hit for question in questions for hit in Searcher(opened, embedder).search(understand(question), 9)]
    return [(hit.passage.passage_id, hit.score) for hit in hits]


def catalog_of(index: Path, embedder: CountingEmbedder) -> Catalog:
    return Catalog.open_for_reading(index, fingerprint(embedder))


def test_a_build_becomes_current_and_the_old_one_goes(
    index: Path, small_corpus: Path, embedder: CountingEmbedder
) -> None:
    old = place(index)
    write_corpus(small_corpus, {"new.txt": "Valeo moved to Graz."})
    sync(small_corpus, index, embedder=embedder)
    assert place(index) != old
    assert [path.name for path in (index / FOLDER).iterdir()] == [place(index).name]


def test_a_generation_holds_every_searched_passage_and_its_state(index: Path, embedder: CountingEmbedder) -> None:
    with closing(catalog_of(index, embedder)) as catalog:
        loaded = generations.load(index)
        assert loaded.state == catalog.state()
        assert loaded.dense.passage_ids == [entry.passage_id for entry in catalog.entries()]
        assert len(loaded.sparse) == len(loaded.dense) == catalog.counts()[1]


def test_one_made_in_memory_answers_the_same_and_leaves_no_trace(index: Path, embedder: CountingEmbedder) -> None:
    before = sorted(path.relative_to(index) for path in index.rglob("*"))
    vector = embedder.embed_queries(["Valeo"])[0]
    with closing(catalog_of(index, embedder)) as catalog:
        made, loaded = generations.build_in_memory(catalog, embedder), generations.load(index)
    weights = {"words": {"valeo": 1.0, "bmw": 0.5}}
    assert made.sparse.search(weights, 9) == loaded.sparse.search(weights, 9) != []
    assert made.dense.search(vector, 9) == loaded.dense.search(vector, 9) != []
    assert sorted(path.relative_to(index) for path in index.rglob("*") if ".db-" not in path.name) == before


def test_a_folder_without_manifest_is_half_written_and_never_opened(index: Path, embedder: CountingEmbedder) -> None:
    expected = found(index, embedder)
    (place(index) / "manifest.json").unlink()
    with pytest.raises(StoreError, match="derived_missing"):
        generations.load(index)
    assert found(index, embedder) == expected
    assert embedder.passages == []
    assert (place(index) / "manifest.json").is_file()


def test_what_a_kill_left_beside_the_current_one_is_not_searched_and_goes(
    index: Path, small_corpus: Path, embedder: CountingEmbedder
) -> None:
    expected = found(index, embedder)
    shutil.copytree(place(index), index / FOLDER / "building-0123-99")
    (index / FOLDER / "building-0123-99" / "dense.faiss").write_bytes(b"half")
    assert found(index, embedder) == expected
    write_corpus(small_corpus, {"new.txt": "Valeo moved to Graz."})
    sync(small_corpus, index, embedder=embedder)
    assert not (index / FOLDER / "building-0123-99").exists()


def test_a_missing_current_is_rebuilt_without_embedding(index: Path, embedder: CountingEmbedder) -> None:
    expected = found(index, embedder)
    (index / CURRENT).unlink()
    assert generations.current_name(index) is None
    with pytest.raises(StoreError, match="derived_missing"):
        generations.load(index)
    assert found(index, embedder) == expected
    assert embedder.passages == []


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"nowhere", b"../../corpus", b"\n"])
def test_a_current_that_names_nothing_is_rebuilt(content: bytes, index: Path, embedder: CountingEmbedder) -> None:
    expected = found(index, embedder)
    (index / CURRENT).write_bytes(content)
    assert found(index, embedder) == expected
    assert generations.load(index).state


def test_missing_generations_are_rebuilt_by_sync_too(
    index: Path, small_corpus: Path, embedder: CountingEmbedder
) -> None:
    expected = found(index, embedder)
    shutil.rmtree(index / FOLDER)
    result = sync(small_corpus, index, embedder=embedder)
    assert (result.unchanged, embedder.passages) == (2, [])
    assert generations.load(index).state
    assert found(index, embedder) == expected


def test_another_format_is_told_and_rebuilt(index: Path, embedder: CountingEmbedder) -> None:
    expected = found(index, embedder)
    manifest = place(index) / "manifest.json"
    changed = {**json.loads(manifest.read_text(encoding="utf-8")), "format": "generation/0"}
    for text in (json.dumps(changed), "[]", "null", '"generation/1"'):
        manifest.write_text(text, encoding="utf-8")
        with pytest.raises(StoreError, match="derived_version"):
            generations.load(index)
    assert found(index, embedder) == expected


def test_a_manifest_without_a_state_is_told(index: Path, embedder: CountingEmbedder) -> None:
    expected = found(index, embedder)
    manifest = place(index) / "manifest.json"
    rest = json.loads(manifest.read_text(encoding="utf-8"))
    del rest["state"]
    manifest.write_text(json.dumps(rest), encoding="utf-8")
    with pytest.raises(StoreError, match="derived_"):
        generations.load(index)
    assert found(index, embedder) == expected


def checked_files(index: Path) -> list[Path]:
    return [path for path in sorted(place(index).rglob("*")) if path.stat().st_size and path.name.count(".lock") == 0]


def flip(file: Path, at: int) -> None:
    data = bytearray(file.read_bytes())
    data[at % len(data)] ^= 0x10
    file.write_bytes(data)


def test_a_flipped_byte_in_any_file_is_noticed_and_mended(index: Path, embedder: CountingEmbedder) -> None:
    expected, moments = found(index, embedder), random.Random(3)
    count = len([path for path in checked_files(index) if path.is_file()])
    assert count >= 8
    for number in range(count):
        file = [path for path in checked_files(index) if path.is_file()][number]
        if file.name == "manifest.json":
            continue
        flip(file, moments.randrange(10**6))
        with pytest.raises(StoreError, match="derived_damaged"):
            generations.load(index)
        assert found(index, embedder) == expected, file.name
    assert embedder.passages == []


def test_a_flipped_byte_in_the_manifest_is_noticed_or_means_nothing(index: Path) -> None:
    state, manifest = generations.load(index).state, place(index) / "manifest.json"
    text = manifest.read_text(encoding="utf-8")
    positions = random.Random(5).sample(range(len(text)), 40)
    for at in [text.index('"state"') + 2, text.index(state) + 3, *positions]:
        flip(manifest, at)
        try:
            loaded = generations.load(index)
            meant = json.loads(manifest.read_text(encoding="utf-8"))
            assert loaded.state == meant["state"] and (loaded.state == state) == (meant == json.loads(text)), at
        except StoreError as error:
            assert error.code.startswith("derived_"), at
        flip(manifest, at)
    assert manifest.read_text(encoding="utf-8") == text


def test_a_stale_generation_is_rebuilt_before_it_is_searched(
    index: Path, small_corpus: Path, embedder: CountingEmbedder
) -> None:
    old = index.with_name("old")
    shutil.copytree(index / FOLDER, old / FOLDER)
    shutil.copy(index / CURRENT, old / CURRENT)
    write_corpus(small_corpus, {"outlook.txt": ENGLISH.replace("Lyon", "Graz")})
    sync(small_corpus, index, embedder=embedder)
    expected, embedded = found(index, embedder), len(embedder.passages)
    shutil.rmtree(index / FOLDER)
    shutil.copytree(old / FOLDER, index / FOLDER)
    shutil.copy(old / CURRENT, index / CURRENT)
    assert found(index, embedder) == expected
    assert len(embedder.passages) == embedded


def test_a_write_is_whole_and_leaves_no_temporary_file(tmp_path: Path) -> None:
    generations.write_atomically(tmp_path / "current", b"one")
    generations.write_atomically(tmp_path / "current", b"two")
    assert (tmp_path / "current").read_bytes() == b"two"
    assert [path.name for path in tmp_path.iterdir()] == ["current"]
