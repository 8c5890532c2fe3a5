"""The model view: what is said of where data goes, and a choice that is tested, kept and used; no secret is shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant import config
from assistant.assistant import Assistant
from assistant.config import LlmSettings, LoadedSettings, Settings
from assistant.errors import AssistantError
from assistant.models.llms import address_of, is_here
from assistant.types import Language
from assistant.web.model import Choice, InUse, ModelDesk, banner, render_model
from tests.conftest import UNKEPT
from tests.llm_server import Reply, playing, saying
from tests.web.test_render import Parsed

KEY = "sk-very-secret-0123456789"
WRITTEN = """# mine
[ui]
language = "ja"   # always

[llm]
timeout_s = 5.0  # impatient
model = "none"
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TEST_KEY", KEY)
    (tmp_path / "assistant.toml").write_text(WRITTEN, encoding="utf-8")
    return tmp_path / "assistant.toml"


def desk_of(file: Path) -> tuple[ModelDesk, Assistant]:
    loaded = config.load(file if file.exists() else None, {})
    settings = loaded.settings.model_copy(update={"log": UNKEPT})
    assistant = Assistant.open(file.parent / "corpus", file.parent / "index", settings)
    return ModelDesk(assistant, LoadedSettings(settings, loaded.origins), file), assistant


def used(model: str, **llm: str) -> InUse:
    settings = Settings(llm=LlmSettings.model_validate(llm))
    address = address_of(model, settings.llm.base_url)
    return InUse(model, None, "" if is_here(address) else address, settings, Path("assistant.toml"), ())


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("", True),
        ("http://127.0.0.1:11434", True),
        ("http://localhost:8000/v1", True),
        ("http://[::1]:8000/v1", True),
        ("https://api.openai.com/v1", False),
        ("http://192.168.0.7:8000/v1", False),
        ("http://127.0.0.1.evil.example/v1", False),
        ("http://127.0.0.1@evil.example/v1", False),
    ],
)
def test_an_address_is_this_machine_s_or_another_s(address: str, here: bool) -> None:
    assert is_here(address) is here


def test_the_view_says_whether_anything_leaves_the_machine() -> None:
    stays = Parsed(render_model(used("ollama:a"), Language.EN, may_change=True))
    assert "Nothing leaves this machine" in stays.words and stays.with_class("stays")
    leaves = Parsed(
        render_model(used("openai:m", base_url="https://u:pw@llm.example/v1"), Language.JA, may_change=True)
    )
    assert "llm.example" in leaves.words and leaves.with_class("leaves") and "pw" not in str(leaves.elements)
    fixed = Parsed(render_model(used(""), Language.EN, may_change=False))
    assert "assistant.toml" in fixed.words and not fixed.with_class("choose")


def test_a_banner_offers_a_model_where_there_is_none() -> None:
    assert "#model" in banner(used(""), Language.JA) and banner(used("ollama:a"), Language.JA) == ""


def test_a_choice_is_tested_kept_and_used_and_the_rest_of_the_file_stays(file: Path) -> None:
    desk, assistant = desk_of(file)
    with playing(lambda messages: saying("ready <b>")) as server:
        choice = Choice(kind="openai", name="m1", base_url=server.url, api_key_env="TEST_KEY")
        name, seconds, said = desk.test(choice)
        assert (name, said) == ("openai:m1", "ready <b>") and seconds < 20
        assert assistant.language_model() is None
        desk.keep(choice)
    model = assistant.language_model()
    assert model is not None and model.name == "openai:m1" and desk.in_use().choice == choice
    text = file.read_text(encoding="utf-8")
    assert text.startswith('# mine\n[ui]\nlanguage = "ja"   # always\n') and "timeout_s = 5.0  # impatient" in text
    assert KEY not in text and config.load(file, {}).settings.llm.api_key_env == "TEST_KEY"
    assert KEY not in render_model(desk.in_use(), Language.EN, may_change=True)
    desk.keep(Choice(kind="none"))
    assert assistant.language_model() is None
    assert config.load(file, {}).settings.llm == LlmSettings(model="none", timeout_s=5.0)


def test_a_first_choice_makes_the_file(file: Path) -> None:
    file.unlink()
    desk, _ = desk_of(file)
    desk.keep(Choice(kind="ollama", name="qwen3:8b"))
    assert file.read_text(encoding="utf-8") == '[llm]\nmodel = "ollama:qwen3:8b"\n'


@pytest.mark.parametrize("broken", ["[llm\n", "[llm]\nmodle = 'x'\n", "llm = 3\n"])
def test_a_file_that_is_not_valid_is_never_overwritten(file: Path, broken: str) -> None:
    desk, _ = desk_of(file)
    file.write_text(broken, encoding="utf-8")
    with pytest.raises(AssistantError):
        desk.keep(Choice(kind="none"))
    assert file.read_text(encoding="utf-8") == broken


def test_what_the_environment_overrules_is_said(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_LLM_MODEL", "none")
    desk, assistant = desk_of(file)
    with pytest.raises(AssistantError, match=r"config_overruled \(names=ASSISTANT_LLM_MODEL\)"):
        desk.keep(Choice(kind="ollama", name="a"))
    assert assistant.language_model() is None


@pytest.mark.parametrize(
    ("choice", "code"),
    [
        (Choice(kind="none"), "model_none"),
        (Choice(kind="ollama"), "model_unnamed"),
        (Choice(kind="openai"), "model_unnamed"),
        (Choice(kind="openai", base_url="file:///etc/passwd"), "model_address"),
        (Choice(kind="openai", base_url="http://[a"), "model_address"),
        (Choice(kind="openai", name="m", api_key_env=KEY), "model_variable"),
        (Choice(kind="openai", name="m", api_key_env="NOT_SET_HERE"), "model_key_unset"),
        (Choice(kind="openai", name="m", base_url="http://127.0.0.1:9/v1"), "llm_unreachable"),
    ],
)
def test_what_is_no_choice_is_refused_in_words_and_nothing_is_kept(file: Path, choice: Choice, code: str) -> None:
    desk, _ = desk_of(file)
    with pytest.raises(AssistantError, match=code) as refused:
        desk.test(choice)
    assert KEY not in str(refused.value) and file.read_text(encoding="utf-8") == WRITTEN


def test_a_model_that_says_nothing_or_refuses_is_an_error(file: Path) -> None:
    desk, _ = desk_of(file)
    for reply, code in ((saying(" "), "llm_empty"), (Reply(status=401), "llm_unauthorised")):
        with playing(lambda messages, reply=reply: reply) as server, pytest.raises(AssistantError, match=code):
            desk.test(Choice(kind="openai", name="m", base_url=server.url))
