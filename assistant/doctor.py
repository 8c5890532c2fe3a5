"""What `assistant doctor` looks at: is everything consistent, what is configured, what would be downloaded?

Reads the corpus, the index and the settings; changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant import messages
from assistant.assistant import Assistant
from assistant.config import KEYS, LoadedSettings
from assistant.errors import AssistantError, StoreError, masked
from assistant.indexing import sync as syncing
from assistant.models import rerankers
from assistant.models.embedders import BUNDLED
from assistant.payloads import Payload
from assistant.stores import generations
from assistant.stores.catalog import Catalog
from assistant.types import Language

_SECRETS = ("key", "token", "password", "secret")


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check came to: whether all is well, and in words what was found and what to do."""

    name: str
    ok: bool
    detail: str
    hint: str = ""


def examine(assistant: Assistant, loaded: LoadedSettings, language: Language) -> list[Finding]:
    """Every finding, in the order in which a person would look; one that fails does not stop the others."""
    checks: tuple[tuple[str, Callable[[], str]], ...] = (
        ("check_corpus", lambda: _corpus(assistant, language)),
        ("check_glossary", lambda: _glossary(assistant, language)),
        ("check_catalog", lambda: _catalog(assistant, language)),
        ("check_derived", lambda: _derived(assistant)),
        ("check_embedder", lambda: assistant.embedder.fingerprint),
        ("check_reranker", lambda: _reranker(assistant, language)),
        ("check_llm", lambda: _llm(assistant, language)),
        ("check_journal", lambda: _journal(assistant, language)),
        ("check_downloads", lambda: _downloads(loaded, language)),
    )
    findings = [_finding(name, check, language) for name, check in checks]
    return [*findings, *_files(assistant, language), *_settings(loaded, language)]


def doctor_payload(findings: Sequence[Finding]) -> Payload:
    """The findings as the contract's JSON."""
    return {"ok": all(one.ok for one in findings), "checks": [asdict(one) for one in findings]}


def _finding(name: str, check: Callable[[], str], language: Language) -> Finding:
    label = messages.say(name, language)
    try:
        return Finding(label, True, check())
    except AssistantError as error:
        message = messages.explain(error, language)
        return Finding(label, False, message.text, message.hint)


def _corpus(assistant: Assistant, language: Language) -> str:
    files = syncing.scan(assistant.corpus)
    return f"{assistant.corpus}: {messages.say('detail_files', language, files=len(files))}"


def _glossary(assistant: Assistant, language: Language) -> str:
    entries = syncing.read_glossary(assistant.corpus)
    return messages.say("detail_pairs", language, pairs=len(entries))


def _open_catalog(assistant: Assistant) -> Catalog:
    return Catalog.open_for_reading(assistant.index_folder, syncing.fingerprint(assistant.embedder))


def _catalog(assistant: Assistant, language: Language) -> str:
    catalog = _open_catalog(assistant)
    try:
        damaged = catalog.damaged()
        if damaged:
            raise StoreError("index_damaged", path=assistant.index_folder, reason=", ".join(damaged))
        reports, passages = catalog.counts()
    finally:
        catalog.close()
    return messages.say("detail_counts", language, reports=reports, passages=passages)


def _derived(assistant: Assistant) -> str:
    catalog = _open_catalog(assistant)
    try:
        generation, state, (_, passages) = generations.load(assistant.index_folder), catalog.state(), catalog.counts()
    finally:
        catalog.close()
    if generation.state != state:
        raise StoreError("derived_stale", path=assistant.index_folder)
    if not len(generation.dense) == len(generation.sparse) == passages:
        raise StoreError("derived_damaged", path=assistant.index_folder, reason="counts differ")
    return f"FAISS {len(generation.dense)}, BM25 {len(generation.sparse)}"


def _reranker(assistant: Assistant, language: Language) -> str:
    return assistant.reranker.fingerprint if assistant.reranker else messages.say("detail_no_reranker", language)


def _llm(assistant: Assistant, language: Language) -> str:
    model = assistant.language_model()
    return model.name if model else messages.say("detail_no_llm", language)


def _journal(assistant: Assistant, language: Language) -> str:
    journal = assistant.journal
    if journal is None:
        return messages.say("detail_no_journal", language)
    answers = journal.count()
    return messages.say("detail_journal", language, path=journal.path, answers=answers, days=journal.keep_days)


def _downloads(loaded: LoadedSettings, language: Language) -> str:
    wanted = (loaded.settings.embedder.model, loaded.settings.reranker.model)
    names = [name for name in wanted if name not in (BUNDLED, rerankers.NONE) and not Path(name).exists()]
    if not names:
        return messages.say("detail_no_downloads", language)
    return messages.say("detail_downloads", language, name=", ".join(names))


def _files(assistant: Assistant, language: Language) -> Iterator[Finding]:
    """The files that could not be read, then what is to be known of the reports that could: no errors."""
    try:
        catalog = _open_catalog(assistant)
    except StoreError:
        return
    try:
        rows = list(catalog.files().values())
    finally:
        catalog.close()
    label = messages.say("check_files", language)
    for row in rows:
        if row.state == "failed":
            message = messages.explain_code(row.code or "", dict(row.values), language)
            yield Finding(label, False, f"{row.path}: {message.text}", message.hint)
    label = messages.say("check_quality", language)
    for row in rows:
        for code, where in row.values if row.state == "report" else ():
            message = messages.explain_code(code, {"where": where}, language)
            yield Finding(label, True, f"{row.path}: {message.text}", message.hint)


def _settings(loaded: LoadedSettings, language: Language) -> Iterator[Finding]:
    """Every setting in force with where it came from; secrets are masked."""
    for section, keys in KEYS.items():
        for key in keys:
            name = f"{section}.{key}"
            value = getattr(getattr(loaded.settings, section), key)
            shown = "***" if _is_secret(key) and value else masked(str(value))
            origin = loaded.origins.get(name) or messages.say("default", language)
            yield Finding(f"{messages.say('check_settings', language)} {name}", True, f"{shown} ({origin})")


def _is_secret(key: str) -> bool:
    return not key.endswith("_env") and any(word in key.split("_") for word in _SECRETS)
