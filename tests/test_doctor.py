"""The doctor looks at everything, says what is wrong with what to do, hides secrets, and changes nothing."""

import shutil
from pathlib import Path

import pytest

from assistant import config
from assistant.assistant import Assistant
from assistant.config import LoadedSettings
from assistant.doctor import Finding, examine
from assistant.errors import ModelError
from assistant.types import Language
from tests.conftest import ENGLISH, NO_MODEL, Shipped, write_corpus
from tests.reading.pdfs import pdf, words


@pytest.fixture
def healthy(small_corpus: Path, tmp_path: Path) -> Assistant:
    assistant = Assistant.open(small_corpus, tmp_path / "index", NO_MODEL)
    assistant.sync()
    return assistant


def look(assistant: Assistant, loaded: LoadedSettings | None = None) -> dict[str, Finding]:
    findings = examine(assistant, loaded or LoadedSettings(), Language.EN)
    return {finding.name: finding for finding in findings}


def ill(assistant: Assistant) -> dict[str, Finding]:
    return {name: finding for name, finding in look(assistant).items() if not finding.ok}


def test_a_healthy_index_has_nothing_to_complain_of(healthy: Assistant, small_corpus: Path) -> None:
    found = look(healthy)
    assert ill(healthy) == {}
    assert found["corpus"].detail == f"{small_corpus}: 2 files"
    assert found["catalog"].detail.startswith("2 reports, ")
    passages = found["catalog"].detail.split()[2]
    assert found["search index"].detail == f"FAISS {passages}, BM25 {passages}"
    assert found["embedder"].detail == healthy.embedder.fingerprint
    assert found["language model"].detail == "none (answers are verbatim extracts)"
    assert found["downloads"].detail == "none"


def test_a_missing_index_says_to_sync(small_corpus: Path, tmp_path: Path) -> None:
    found = ill(Assistant.open(small_corpus, tmp_path / "none", NO_MODEL))
    assert set(found) == {"catalog", "search index"}
    assert all("assistant sync" in finding.hint for finding in found.values())
    assert not (tmp_path / "none").exists()


def test_a_missing_corpus_is_said(healthy: Assistant, small_corpus: Path) -> None:
    shutil.rmtree(small_corpus)
    assert list(ill(healthy)) == ["corpus"]


def test_a_stale_search_index_is_said(healthy: Assistant, small_corpus: Path, tmp_path: Path) -> None:
    old = tmp_path / "old"
    shutil.copytree(healthy.index_folder, old)
    write_corpus(small_corpus, {"outlook.txt": ENGLISH.replace("Lyon", "Graz")})
    healthy.sync()
    shutil.rmtree(healthy.index_folder / "generations")
    shutil.copytree(old / "generations", healthy.index_folder / "generations")
    shutil.copy(old / "current", healthy.index_folder / "current")
    found = ill(healthy)
    assert list(found) == ["search index"]
    assert "out of date" in found["search index"].detail


def test_a_damaged_search_index_is_said(healthy: Assistant) -> None:
    (dense,) = healthy.index_folder.rglob("dense.faiss")
    dense.write_bytes(b"x" + dense.read_bytes()[1:])
    found = ill(healthy)
    assert list(found) == ["search index"]
    assert "damaged" in found["search index"].detail


def test_a_damaged_catalog_is_said(healthy: Assistant) -> None:
    (healthy.index_folder / "catalog.db").write_bytes(b"noise" * 4000)
    found = ill(healthy)
    assert {"catalog", "search index"} == set(found)
    assert "damaged" in found["catalog"].detail and "assistant sync" in found["catalog"].hint


def test_files_that_could_not_be_read_are_listed_with_their_reason(healthy: Assistant, small_corpus: Path) -> None:
    write_corpus(small_corpus, {"letter.doc": b"old", "空.txt": b""})
    healthy.sync()
    details = [f.detail for f in examine(healthy, LoadedSettings(), Language.EN) if not f.ok]
    assert details == ["letter.doc: Files of type .doc cannot be read.", "空.txt: The file is empty."]


def test_it_speaks_japanese_too(healthy: Assistant) -> None:
    findings = {finding.name: finding for finding in examine(healthy, LoadedSettings(), Language.JA)}
    assert findings["言語モデル"].detail == "使いません（原文の抜粋で答えます）"
    assert findings["ダウンロード"].detail == "ありません"


def test_every_setting_is_listed_with_where_it_came_from(healthy: Assistant, tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('[llm]\nmodel = "none"\n', encoding="utf-8")
    loaded = config.load(tmp_path / "mine.toml", {"ASSISTANT_UI_LANGUAGE": "ja"})
    found = look(healthy, loaded)
    assert found["settings llm.model"].detail == f"none ({tmp_path / 'mine.toml'})"
    assert found["settings ui.language"].detail == "ja (ASSISTANT_UI_LANGUAGE)"
    assert found["settings web.max_upload_mb"].detail == "200 (default)"
    assert {name.split()[1] for name in found if name.startswith("settings ")} == {
        f"{section}.{key}" for section, keys in config.KEYS.items() for key in keys
    }


def test_a_password_in_a_base_url_is_not_shown(healthy: Assistant) -> None:
    loaded = config.load(environ={"ASSISTANT_LLM_BASE_URL": "http://someone:hunter2@127.0.0.1:1/v1"})
    assert not any("hunter2" in finding.detail for finding in look(healthy, loaded).values())


def test_the_name_of_a_key_s_variable_is_no_secret_and_its_value_never_shown(
    healthy: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MY_KEY", "sk-very-secret")
    found = look(healthy, config.load(environ={"ASSISTANT_LLM_API_KEY_ENV": "MY_KEY"}))
    assert found["settings llm.api_key_env"].detail.startswith("MY_KEY")
    assert not any("sk-very-secret" in finding.detail for finding in found.values())


def test_an_embedder_that_would_be_downloaded_is_named(healthy: Assistant) -> None:
    loaded = config.load(environ={"ASSISTANT_EMBEDDER_MODEL": "someone/some-model"})
    assert look(healthy, loaded)["downloads"].detail == "someone/some-model (from Hugging Face)"


def test_a_model_that_cannot_be_used_is_said(small_corpus: Path, healthy: Assistant) -> None:
    def fail() -> None:
        raise ModelError("embedder_missing", name="fake:model", reason="no such file")

    other = Assistant(
        corpus=small_corpus, index_folder=healthy.index_folder, load_embedder=lambda: healthy.embedder, load_llm=fail
    )
    found = ill(other)
    assert list(found) == ["language model"]
    assert "fake:model" in found["language model"].detail


def test_looking_changes_nothing(shipped: Shipped, tmp_path: Path) -> None:
    copy = tmp_path / "index"
    shutil.copytree(shipped.index, copy)
    before = {path: path.read_bytes() for path in copy.rglob("*") if path.is_file() and ".db-" not in path.name}
    assert ill(Assistant.open(shipped.corpus, copy, NO_MODEL)) == {}
    after = {path: path.read_bytes() for path in copy.rglob("*") if path.is_file() and ".db-" not in path.name}
    assert after == before


def test_what_a_report_lacks_is_told_and_is_no_error(small_corpus: Path, tmp_path: Path) -> None:
    write_corpus(small_corpus, {"scan.pdf": pdf([words(72, 100, "Batteries were built in Lyon. " * 3), b""])})
    assistant = Assistant.open(small_corpus, tmp_path / "index", NO_MODEL)
    assistant.sync()
    (small_corpus / "scan.pdf").rename(small_corpus / "moved.pdf")
    assistant.sync()
    found = look(assistant)["quality of reports"]
    assert (found.ok, found.detail) == (True, "moved.pdf: Pages without text: 2")
    assert "OCR" in found.hint
    assert ill(assistant) == {}
