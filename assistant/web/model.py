"""The model view: what answers, whether anything leaves this machine, and choosing another language model.

`render_model` is pure; `ModelDesk` asks models, reads and writes the settings' file. No secret is ever shown.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field

from assistant import config, messages
from assistant.answering.calls import pieces
from assistant.assistant import Assistant, language_model
from assistant.config import PREFIX, LlmSettings, LoadedSettings
from assistant.errors import AssistantError, ModelError, UsageError, masked
from assistant.models import llms
from assistant.models.embedders import BUNDLED
from assistant.stores.generations import write_atomically
from assistant.types import Language, Turn
from assistant.web import templates

KINDS = ("none", "ollama", "openai")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
_PATIENCE_S = 20.0
_LONGEST_REPLY = 200
_GREETING = (Turn("user", "Reply with one word: ready"),)


class Choice(BaseModel):
    """What a person chose: no model, one of an Ollama on this machine, or one of an OpenAI-compatible server."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    kind: Literal["none", "ollama", "openai"]
    name: str = Field("", max_length=200)
    base_url: str = Field("", max_length=500)
    api_key_env: str = Field("", max_length=100)


@dataclass(frozen=True, slots=True)
class InUse:
    """What answers now. `model` is its name, empty for none; `fault` says why it cannot be used; `address` is where it is
    asked, empty on this machine. `overruled` are settings of the environment, which go before the file's."""

    model: str
    fault: AssistantError | None
    address: str
    settings: config.Settings
    file: Path
    overruled: tuple[str, ...]
    listed: tuple[str, ...] = ()

    @property
    def choice(self) -> Choice:
        """The settings as the form shows them."""
        kind, _, name = (self.settings.llm.model if ":" in self.settings.llm.model else self.model).partition(":")
        server = masked(self.settings.llm.base_url or "")
        named = self.settings.llm.api_key_env if "api_key_env" in self.settings.llm.model_fields_set else ""
        is_auto = self.settings.llm.model == "auto"
        return Choice(
            kind="ollama" if kind == "ollama" else "openai" if kind == "openai" or (is_auto and server) else "none",
            name="" if is_auto and kind == "openai" else name,
            base_url=server,
            api_key_env=named,
        )


class ModelDesk:
    """The language model of an assistant, and the settings' file in which another is kept."""

    def __init__(self, assistant: Assistant, loaded: LoadedSettings, file: Path | None = None) -> None:
        """`file`: the settings' file where it is not `assistant.toml` in the working directory."""
        self._assistant = assistant
        self._loaded = loaded
        self._file = (file or Path(config.CONFIG_FILE)).absolute()
        self._writing = Lock()

    def in_use(self, *, listing: bool = False) -> InUse:
        """What answers now; with `listing` also the models of an Ollama on this machine."""
        model, fault = "", None
        try:
            chosen = self._assistant.language_model()
            model = chosen.name if chosen else ""
        except AssistantError as error:
            fault = error
            model = error.values.get("name", "")
        settings, origins = self._loaded.settings, self._loaded.origins
        address = llms.address_of(model, settings.llm.base_url)
        overruled = sorted(where for name, where in origins.items() if name.startswith("llm.") and PREFIX in where)
        listed = tuple(llms.ollama_models()) if listing else ()
        away = "" if llms.is_here(address) else masked(urlsplit(address).netloc or address)
        return InUse(model, fault, away, settings, self._file, tuple(overruled), listed)

    def test(self, choice: Choice) -> tuple[str, float, str]:
        """(name, seconds, the first words) of a real, tiny request to the model that was chosen; ModelError where it fails."""
        impatient = {"timeout_s": min(_PATIENCE_S, self._loaded.settings.llm.timeout_s), "max_retries": 0}
        llm = language_model(self._wanted(choice).model_copy(update=impatient))
        if llm is None:
            raise UsageError("model_none")
        started = time.perf_counter()
        said = "".join(pieces(llm, _GREETING, _PATIENCE_S, _LONGEST_REPLY)).strip()
        if not said:
            raise ModelError("llm_empty", name=llm.name)
        return llm.name, time.perf_counter() - started, said

    def keep(self, choice: Choice) -> None:
        """Write the choice into the settings' file, whose other keys and comments stay, and answer with it from now on.

        UsageError where the file is not valid (it is left alone), cannot be written, or the environment says otherwise.
        """
        wanted = self._wanted(choice)
        values = {key: getattr(wanted, key) if key in wanted.model_fields_set else None for key in _KEPT}
        with self._writing:
            config.load(self._file if self._file.exists() else None)
            try:
                before = self._file.read_bytes().decode("utf-8-sig") if self._file.exists() else ""
                write_atomically(self._file.resolve(), config.with_values(before, values, "llm").encode())
            except (OSError, ValueError) as error:
                raise UsageError("config_unwritable", path=self._file, reason=error) from error
            self._loaded = config.load(self._file)
        self._assistant.use(self._loaded.settings)
        in_force = self._loaded.settings.llm
        if any(getattr(in_force, key) != getattr(wanted, key) for key in _KEPT):
            raise UsageError("config_overruled", names=", ".join(self.in_use().overruled))

    def _wanted(self, choice: Choice) -> LlmSettings:
        now = self._loaded.settings.llm
        others = {key: value for key, value in now.model_dump(exclude_unset=True).items() if key not in _KEPT}
        return LlmSettings.model_validate({**others, **_settings_of(choice, now)})


_KEPT = ("model", "base_url", "api_key_env")


def _settings_of(choice: Choice, now: LlmSettings) -> Mapping[str, str]:
    """The settings that a choice stands for; UsageError for what is none."""
    if choice.kind == "none":
        return {"model": "none"}
    if choice.kind == "ollama":
        if not choice.name:
            raise UsageError("model_unnamed")
        return {"model": f"ollama:{choice.name}"}
    made = {"model": f"openai:{choice.name}" if choice.name else "auto"}
    if choice.base_url:
        with suppress(ValueError):
            parts = urlsplit(choice.base_url)
            if parts.scheme in ("http", "https") and parts.hostname:
                is_kept = choice.base_url == masked(now.base_url or "")
                made["base_url"] = (now.base_url or "") if is_kept else choice.base_url
        if "base_url" not in made:
            raise UsageError("model_address", value=choice.base_url)
    if choice.api_key_env:
        if not _VARIABLE.fullmatch(choice.api_key_env):
            raise UsageError("model_variable")  # may be the key itself: it is not repeated
        if not os.environ.get(choice.api_key_env):
            raise UsageError("model_key_unset", name=choice.api_key_env)
        made["api_key_env"] = choice.api_key_env
    if not (choice.base_url or choice.api_key_env):
        raise UsageError("model_unnamed")
    return made


# What is shown ------------------------------------------------------------------------------------------------------


def banner(used: InUse, language: Language) -> str:
    """One line that offers to connect a model, or says that the one of the settings cannot be used; empty where one is."""
    return "" if used.model and not used.fault else templates.render("banner", language, fault=_fault(used, language))


def render_model(used: InUse, language: Language, *, may_change: bool) -> str:
    """What is in use and what leaves the machine; with `may_change` the form in which another model is chosen."""
    return templates.render(
        "model",
        language,
        used=used,
        settings=used.settings,
        bundled=BUNDLED,
        fault=_fault(used, language),
        may_change=may_change,
        kinds=KINDS,
        ollama_url=llms.OLLAMA_URL,
    )


def _fault(used: InUse, language: Language) -> str | None:
    return messages.explain(used.fault, language).text if used.fault else None
