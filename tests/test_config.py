"""Settings: file, environment, their order, and what is said about a wrong one."""

from pathlib import Path

import pytest

from assistant.config import KEYS, Settings, load
from assistant.errors import UsageError


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, text: str, name: str = "assistant.toml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_without_file_and_environment_everything_is_at_its_default(here):
    loaded = load(environ={})
    assert loaded.settings == Settings()
    assert loaded.origins == {}


def test_the_defaults_are_the_contract_s():
    settings = Settings()
    assert (settings.ui.language, settings.embedder.model, settings.llm.model) == ("auto", "bilingual", "auto")
    assert (settings.llm.base_url, settings.llm.api_key_env) == (None, "OPENAI_API_KEY")
    assert (settings.reranker.model, settings.store.kind, settings.log.enabled) == ("none", "faiss", True)
    assert settings.state.dir == Path("state")


def test_every_key_of_the_contract_is_known():
    assert {section: set(keys) for section, keys in KEYS.items()} == {
        "ui": {"language"},
        "embedder": {"model"},
        "llm": {"model", "base_url", "api_key_env", "timeout_s", "max_retries", "temperature", "context_tokens"},
        "reranker": {"model"},
        "store": {"kind"},
        "reading": {"max_mb", "max_pages", "max_seconds"},
        "state": {"dir"},
        "log": {"enabled", "keep_days"},
        "web": {"auth_file", "max_upload_mb", "trusted_header", "trusted_proxies", "hosts"},
    }


def test_the_file_in_the_working_directory_is_read(here):
    write(here, '[ui]\nlanguage = "ja"\n[llm]\nmodel = "ollama:日本語モデル"\ntimeout_s = 5\n[log]\nenabled = false\n')
    loaded = load(environ={})
    assert loaded.settings.ui.language == "ja"
    assert loaded.settings.llm.model == "ollama:日本語モデル"
    assert loaded.settings.llm.timeout_s == 5.0
    assert loaded.settings.log.enabled is False
    assert loaded.origins == {
        "ui.language": "assistant.toml",
        "llm.model": "assistant.toml",
        "llm.timeout_s": "assistant.toml",
        "log.enabled": "assistant.toml",
    }


def test_a_named_file_is_read_instead_of_the_one_in_the_working_directory(here):
    write(here, '[ui]\nlanguage = "ja"\n[embedder]\nmodel = "elsewhere"\n')
    named = write(here, '[ui]\nlanguage = "en"\n', "設定.toml")
    loaded = load(named, {})
    assert (loaded.settings.ui.language, loaded.settings.embedder.model) == ("en", "bilingual")
    assert loaded.origins == {"ui.language": str(named)}


def test_the_environment_wins_over_the_file(here):
    write(here, '[llm]\nmodel = "none"\nbase_url = "http://file"\n')
    loaded = load(environ={"ASSISTANT_LLM_BASE_URL": "http://env", "ASSISTANT_LOG_KEEP_DAYS": "7", "PATH": "/bin"})
    assert (loaded.settings.llm.model, loaded.settings.llm.base_url, loaded.settings.log.keep_days) == (
        "none",
        "http://env",
        7,
    )
    assert loaded.origins == {
        "llm.model": "assistant.toml",
        "llm.base_url": "ASSISTANT_LLM_BASE_URL",
        "log.keep_days": "ASSISTANT_LOG_KEEP_DAYS",
    }


@pytest.mark.parametrize(("written", "value"), [("true", True), ("false", False), ("1", True), ("0", False)])
def test_a_switch_is_read_from_the_environment(here, written, value):
    assert load(environ={"ASSISTANT_LOG_ENABLED": written}).settings.log.enabled is value


def test_the_process_environment_is_what_is_read_by_default(here, monkeypatch):
    monkeypatch.setenv("ASSISTANT_WEB_MAX_UPLOAD_MB", "12")
    assert load().settings.web.max_upload_mb == 12


@pytest.mark.parametrize(
    ("text", "name", "nearest"),
    [
        ('[llm]\nbase_ulr = "x"\n', "llm.base_ulr", "llm.base_url"),
        ('[embeder]\nmodel = "x"\n', "embeder.model", "embedder.model"),
        ("[log]\nkeepdays = 3\n", "log.keepdays", "log.keep_days"),
        ('[ui]\nlang = "ja"\n', "ui.lang", "ui.language"),
    ],
)
def test_an_unknown_key_is_an_error_that_names_the_nearest(here, text, name, nearest):
    write(here, text)
    with pytest.raises(UsageError, match="setting_unknown") as caught:
        load(environ={})
    assert caught.value.values == {"name": name, "origin": "assistant.toml", "nearest": nearest}


def test_an_unknown_variable_is_an_error_that_names_the_nearest(here):
    with pytest.raises(UsageError, match="setting_unknown") as caught:
        load(environ={"ASSISTANT_LLM_TIMEOUT": "3"})
    assert caught.value.values == {
        "name": "llm.timeout",
        "origin": "ASSISTANT_LLM_TIMEOUT",
        "nearest": "llm.timeout_s",
    }


@pytest.mark.parametrize("text", ['model = "x"\n', "[nowhere]\n", "[[llm]]\nmodel = 'x'\n"])
def test_what_is_no_known_section_is_an_error(here, text):
    write(here, text)
    with pytest.raises(UsageError, match="setting_unknown"):
        load(environ={})


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ('[ui]\nlanguage = "fr"\n', "ui.language", "fr"),
        ("[llm]\ntimeout_s = 0\n", "llm.timeout_s", "0"),
        ("[llm]\nmax_retries = -1\n", "llm.max_retries", "-1"),
        ('[llm]\ncontext_tokens = "many"\n', "llm.context_tokens", "many"),
        ('[store]\nkind = "milvus"\n', "store.kind", "milvus"),
        ("[log]\nkeep_days = 0\n", "log.keep_days", "0"),
        ("[embedder]\nmodel = 3\n", "embedder.model", "3"),
    ],
)
def test_a_value_that_cannot_be_used_is_an_error_that_says_where_it_came_from(here, text, name, value):
    write(here, text)
    with pytest.raises(UsageError, match="setting_invalid") as caught:
        load(environ={})
    found = caught.value.values
    assert (found["name"], found["value"], found["origin"]) == (name, value, "assistant.toml")
    assert found["reason"]


def test_a_wrong_value_of_the_environment_names_its_variable(here):
    with pytest.raises(UsageError, match="setting_invalid") as caught:
        load(environ={"ASSISTANT_UI_LANGUAGE": "日本語"})
    assert caught.value.values["value"] == "日本語"
    assert caught.value.values["origin"] == "ASSISTANT_UI_LANGUAGE"


def test_a_named_file_has_to_exist(here):
    with pytest.raises(UsageError, match=r"config_missing \(path=none.toml\)"):
        load(Path("none.toml"), {})


@pytest.mark.parametrize(
    "data",
    [b"[ui\n", b"[ui]\nlanguage = ja\n", b'[ui]\nlanguage = "\x83\x65"\n', b"[ui]\nlanguage='ja'\nlanguage='en'\n"],
)
def test_a_malformed_file_is_an_error_that_names_it(here, data):
    (here / "assistant.toml").write_bytes(data)
    with pytest.raises(UsageError, match="config_unreadable") as caught:
        load(environ={})
    assert caught.value.values["path"] == "assistant.toml" and caught.value.values["reason"]


def test_a_folder_is_no_settings_file(here):
    with pytest.raises(UsageError, match="config_unreadable"):
        load(here, {})


def test_a_byte_order_mark_does_no_harm(here):
    (here / "assistant.toml").write_bytes('\ufeff[ui]\nlanguage = "ja" # 画面の言語\n'.encode())
    assert load(environ={}).settings.ui.language == "ja"


def test_settings_cannot_be_changed_afterwards():
    with pytest.raises(ValueError, match="frozen"):
        Settings().ui.language = "ja"
