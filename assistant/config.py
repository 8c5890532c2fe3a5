"""Settings: `assistant.toml`, then ASSISTANT_SECTION_KEY in the environment, then the command line; the later wins.

Reads files and the environment. Nothing below the facade sees Settings: parts get values by keyword.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import unquote

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from assistant.errors import UsageError, masked

CONFIG_FILE = "assistant.toml"
PREFIX = "ASSISTANT_"


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class UiSettings(_Section):
    """Messages of the command line and the web app."""

    language: Literal["auto", "ja", "en"] = "auto"


class EmbedderSettings(_Section):
    """ "bilingual" is the bundled model; anything else is a sentence-transformers name or local path."""

    model: str = "bilingual"


class LlmSettings(_Section):
    """auto | none | openai:NAME | ollama:NAME | transformers:NAME-or-PATH."""

    model: str = "auto"
    base_url: str | None = None
    api_key_env: str = "OPENAI_API_KEY"
    timeout_s: float = Field(default=60.0, gt=0)
    max_retries: int = Field(default=2, ge=0)
    temperature: float = Field(default=0.0, ge=0)
    context_tokens: int = Field(default=8000, ge=1000)


class RerankerSettings(_Section):
    """Any cross-encoder name or path, or none."""

    model: str = "none"


class StoreSettings(_Section):
    """The vector engine."""

    kind: Literal["faiss"] = "faiss"


class ReadingSettings(_Section):
    """What one file may cost: size, pages, seconds to read. A file beyond that is listed as failed."""

    max_mb: int = Field(default=200, ge=1)
    max_pages: int = Field(default=3000, ge=1)
    max_seconds: float = Field(default=300.0, gt=0)


class StateSettings(_Section):
    """Conversations, answer log and feedback: kept apart from the index, which may be deleted at any time."""

    dir: Path = Path("state")


class LogSettings(_Section):
    """The local record of answers."""

    enabled: bool = True
    keep_days: int = Field(default=90, ge=1)


def networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Addresses and networks, separated by commas; ValueError for what is neither."""
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


def _of_networks(text: str) -> str:
    networks(text)
    return text


class WebSettings(_Section):
    """The web app. `auth_file`: who may sign in. `trusted_header`: in which one of `trusted_proxies` names who it let in.
    `hosts`: the names, separated by commas, that a server without sign-in answers to besides localhost."""

    auth_file: Path | None = None
    max_upload_mb: int = Field(default=200, ge=1)
    trusted_header: str | None = Field(default=None, pattern=r"^[A-Za-z0-9-]+$")
    trusted_proxies: Annotated[str, AfterValidator(_of_networks)] = "127.0.0.0/8, ::1"
    hosts: str = ""


class Settings(_Section):
    """Every setting of the contract, with its default."""

    ui: UiSettings = UiSettings()
    embedder: EmbedderSettings = EmbedderSettings()
    llm: LlmSettings = LlmSettings()
    reranker: RerankerSettings = RerankerSettings()
    store: StoreSettings = StoreSettings()
    reading: ReadingSettings = ReadingSettings()
    state: StateSettings = StateSettings()
    log: LogSettings = LogSettings()
    web: WebSettings = WebSettings()


@dataclass(frozen=True, slots=True)
class LoadedSettings:
    """Settings in force and, for each "section.key" that is not a default, where it came from."""

    settings: Settings = field(default_factory=Settings)
    origins: Mapping[str, str] = field(default_factory=dict)


_MAKE_ANSWERS = ("embedder", "llm", "reranker", "store")


def recorded(settings: Settings) -> tuple[tuple[str, str], ...]:
    """The settings that an answer depends on, by "section.key", without what is secret in them."""
    sections = {name: getattr(settings, name) for name in _MAKE_ANSWERS}
    return tuple(
        (f"{name}.{key}", masked(str(value)))
        for name, section in sections.items()
        for key, value in section.model_dump().items()
    )


def secrets(settings: Settings, environ: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """What must never be written down: the key, whether it is used or not, and the password in the address."""
    key = (os.environ if environ is None else environ).get(settings.llm.api_key_env, "")
    found = re.search(r"://[^/\s]*?:([^/\s]*)@", settings.llm.base_url or "")
    password = found[1] if found else ""
    return tuple(secret for secret in (key, password, unquote(password)) if secret)


KEYS: Mapping[str, tuple[str, ...]] = {
    name: tuple(info.annotation.model_fields)  # type: ignore[union-attr]
    for name, info in Settings.model_fields.items()
}


def load(path: Path | None = None, environ: Mapping[str, str] | None = None) -> LoadedSettings:
    """Read the settings. A named file must exist; `assistant.toml` in the working directory may."""
    values: dict[str, dict[str, Any]] = {}
    origins: dict[str, str] = {}
    for origin, section, key, value in [
        *_from_file(path),
        *_from_environment(os.environ if environ is None else environ),
    ]:
        _check_key(section, key, origin)
        values.setdefault(section, {})[key] = value
        origins[f"{section}.{key}"] = origin
    try:
        return LoadedSettings(Settings.model_validate(values), origins)
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"][:2])
        raise UsageError(
            "setting_invalid", name=name, value=first["input"], reason=first["msg"], origin=origins.get(name, "")
        ) from error


def with_values(text: str, values: Mapping[str, str | None], section: str = "") -> str:
    """A TOML text with these keys set in a section (or before any), taken out where None; all else stays, comments too.

    ValueError where the text is no TOML, or `section` is no table in it.
    """
    import tomlkit

    document = tomlkit.parse(text)
    table: Any = document.setdefault(section, tomlkit.table()) if section else document
    if not isinstance(table, dict):
        raise ValueError(f"{section} is no table")
    for key, value in values.items():
        if value is None:
            table.pop(key, None)
        else:
            table[key] = value
    return tomlkit.dumps(document)


def _from_file(path: Path | None) -> list[tuple[str, str, str, Any]]:
    file = path or Path(CONFIG_FILE)
    if path is None and not file.is_file():
        return []
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise UsageError("config_missing", path=file) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError("config_unreadable", path=file, reason=error) from error
    rows: list[tuple[str, str, str, Any]] = []
    for section, keys in table.items():
        if not isinstance(keys, dict):
            _check_key(section, "", str(file))
            raise UsageError("setting_unknown", name=section, origin=file, nearest=f"[{section}]")
        rows += [(str(file), section, key, value) for key, value in keys.items()]
        if not keys:
            _check_key(section, None, str(file))
    return rows


def _from_environment(environ: Mapping[str, str]) -> list[tuple[str, str, str, Any]]:
    rows: list[tuple[str, str, str, Any]] = []
    for variable in sorted(environ):
        if not variable.startswith(PREFIX):
            continue
        section, _, key = variable.removeprefix(PREFIX).lower().partition("_")
        rows.append((variable, section, key, environ[variable]))
    return rows


def _check_key(section: str, key: str | None, origin: str) -> None:
    if section in KEYS and (key is None or key in KEYS[section]):
        return
    known = [f"{name}.{item}" for name, items in KEYS.items() for item in items]
    name = f"{section}.{key}" if key else section
    nearest = difflib.get_close_matches(name, known, n=1, cutoff=0.3)
    raise UsageError("setting_unknown", name=name, origin=origin, nearest=nearest[0] if nearest else known[0])
