"""The language-model port, and models behind it through llama-index. None is an implementation: answers are extracted.

Speaks to the network only when a model is used. Every failure is a ModelError in words that a person can act on. No key
that merely lies in the environment is ever used: the settings have to name it or an address.
"""

from __future__ import annotations

import base64
import http.client
import ipaddress
import json
import os
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Protocol

from assistant.errors import ModelError, UsageError, masked
from assistant.types import Turn

EXTRACTIVE = "extractive"
OLLAMA_URL = "http://127.0.0.1:11434"
_OPENAI_URL = "https://api.openai.com/v1"
_KINDS = ("openai", "ollama", "transformers")
_PROBE_SECONDS = 0.5
_NEW_TOKENS = 1024
_STATUS_CODES = {
    400: "llm_refused",
    401: "llm_unauthorised",
    403: "llm_unauthorised",
    404: "llm_unknown_model",
    429: "llm_quota",
}


class LanguageModel(Protocol):
    """A backend is one method: messages in, pieces of text out. Failures are `ModelError`s."""

    name: str

    def stream(self, messages: Sequence[Turn]) -> Iterator[str]:
        """The model's answer, piece by piece; closing the iterator stops the request."""
        ...


class ChatModel:
    """Any llama-index chat model; it is made when it is first asked, so that choosing one costs nothing. One that the
    server chooses has its address for a name until then."""

    def __init__(self, name: str, make: Callable[[], Any], timeout_s: float, address: str = "") -> None:
        self.name = name
        self._make = make
        self._timeout_s = timeout_s
        self._address = address
        self._model: Any = None

    def stream(self, messages: Sequence[Turn]) -> Iterator[str]:
        """The answer's pieces. Foreign exceptions are translated here."""
        from llama_index.core.base.llms.types import ChatMessage

        asked = [ChatMessage(role=turn.role, content=turn.content) for turn in messages]
        try:
            self._model = self._model or self._make()
            finished: bool | None = None
            for chunk in self._model.stream_chat(asked):
                finished = _is_finished(chunk.raw)
                if chunk.delta:
                    yield chunk.delta
            if not finished:
                reason = "no stream of an answer" if finished is None else "the stream broke off"
                raise ModelError("llm_broken", name=self.name, reason=reason)
        except ModelError:
            raise
        except Exception as error:
            raise _translated(error, self.name, self._timeout_s, self._address) from error


def _is_finished(raw: Any) -> bool:
    """Whether a chunk says that the answer is complete; chunks that cannot say so count as complete."""
    choices = getattr(raw, "choices", None)
    return not choices or getattr(choices[0], "finish_reason", None) is not None


def choose(
    model: str,
    *,
    base_url: str | None = None,
    api_key: str | None = None,
    key_was_named: bool = False,
    timeout_s: float = 60.0,
    max_retries: int = 2,
    temperature: float = 0.0,
    context_tokens: int = 8000,
    ollama_url: str = OLLAMA_URL,
) -> LanguageModel | None:
    """The language model of the settings, or None for none.

    `auto` takes an OpenAI-compatible endpoint only where the settings name its address or its key's variable
    (`key_was_named`), else an Ollama that answers on this machine, else none. UsageError for a name that is no model's.
    """
    kind, _, name = model.partition(":")
    options = {"temperature": temperature, "timeout": timeout_s}
    if model == "none":
        return None
    if model == "auto":
        if base_url or (key_was_named and api_key):
            return _openai(None, base_url, api_key, max_retries, context_tokens, options)
        return _local_ollama(ollama_url, context_tokens, options)
    if kind not in _KINDS or not name:
        raise UsageError("llm_name_invalid", name=model)
    if kind == "openai":
        return _openai(name, base_url, api_key, max_retries, context_tokens, options)
    if kind == "ollama":
        return _ollama(name, base_url or ollama_url, context_tokens, options)
    return _transformers(name, timeout_s)


def _openai(
    name: str | None,
    base_url: str | None,
    api_key: str | None,
    retries: int,
    context_tokens: int,
    options: dict[str, Any],
) -> ChatModel:
    if not base_url and not api_key:
        raise ModelError("llm_no_key", name=f"openai:{name}")
    url = (base_url or _OPENAI_URL).rstrip("/")
    shown = f"openai:{name}" if name else f"openai:{masked(url)}"

    def make() -> Any:
        try:
            from llama_index.llms.openai_like import OpenAILike
        except ImportError as error:
            raise ModelError("llm_package_missing", name=shown, package="llama-index-llms-openai-like") from error
        model = name or first_model(url, api_key, shown)
        chosen.name = f"openai:{model}"
        return OpenAILike(
            model=model,
            api_base=url,
            api_key=api_key or "none",
            is_chat_model=True,
            max_retries=retries,
            context_window=context_tokens,
            **options,
        )

    chosen = ChatModel(shown, make, options["timeout"], url)
    return chosen


def _ollama(name: str, url: str, context_tokens: int, options: dict[str, Any]) -> ChatModel:
    def make() -> Any:
        try:
            from llama_index.llms.ollama import Ollama
        except ImportError as error:
            raise ModelError("llm_package_missing", name=f"ollama:{name}", package="llama-index-llms-ollama") from error
        return Ollama(
            model=name,
            base_url=url,
            temperature=options["temperature"],
            request_timeout=options["timeout"],
            context_window=context_tokens,
        )

    return ChatModel(f"ollama:{name}", make, options["timeout"])


def _local_ollama(url: str, context_tokens: int, options: dict[str, Any]) -> ChatModel | None:
    models = ollama_models(url)
    return _ollama(models[0], url, context_tokens, options) if models else None


def ollama_models(url: str = OLLAMA_URL) -> list[str]:
    """The models that an Ollama lists; none where none answers."""
    try:
        return [str(one["name"]) for one in _get_json(f"{url}/api/tags", None, _PROBE_SECONDS).get("models") or []]
    except (OSError, ValueError, AttributeError, KeyError, TypeError, http.client.HTTPException):
        return []


def address_of(name: str, base_url: str | None) -> str:
    """Where a model of that name is asked: the address of its server, or "" where it runs in this process."""
    defaults = {"openai": _OPENAI_URL, "ollama": OLLAMA_URL}
    return (base_url or defaults[kind]) if (kind := name.partition(":")[0]) in defaults else ""


def is_here(address: str) -> bool:
    """Whether an address is this very machine's; "" is."""
    host = urllib.parse.urlsplit(address).hostname or ""
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return not address or host == "localhost" or host.endswith(".localhost")


def first_model(url: str, api_key: str | None, shown: str) -> str:
    """The first model that an OpenAI-compatible server lists."""
    try:
        return str(_get_json(f"{url}/models", api_key, 10.0)["data"][0]["id"])
    except urllib.error.HTTPError as error:
        raise _of_status(error.code, shown, url) from error
    except OSError as error:
        raise ModelError("llm_unreachable", name=shown, reason=getattr(error, "reason", error)) from error
    except (ValueError, LookupError, TypeError, AttributeError, http.client.HTTPException) as error:
        raise ModelError("llm_broken", name=shown, reason="/models") from error


def _get_json(url: str, api_key: str | None, seconds: float) -> Any:
    parts = urllib.parse.urlsplit(url)
    user, _, host = parts.netloc.rpartition("@")
    basic = f"Basic {base64.b64encode(urllib.parse.unquote(user).encode()).decode()}" if user else None
    authorization = f"Bearer {api_key}" if api_key else basic
    headers = {"Authorization": authorization} if authorization else {}
    request = urllib.request.Request(parts._replace(netloc=host).geturl(), headers=headers)
    opener = (
        urllib.request.build_opener(urllib.request.ProxyHandler({}))
        if "127.0.0.1" in url
        else urllib.request.build_opener()
    )
    with opener.open(request, timeout=seconds) as response:
        return json.loads(response.read())


def _transformers(name: str, timeout_s: float) -> LanguageModel:
    return TransformersModel(name, timeout_s)


class TransformersModel:
    """A Hugging Face model in this process, by name or local path."""

    def __init__(self, path: str, timeout_s: float) -> None:
        self.name = f"transformers:{path}"
        self._path = path
        self._timeout_s = timeout_s
        self._loaded: tuple[Any, Any] | None = None

    def stream(self, messages: Sequence[Turn]) -> Iterator[str]:
        """The answer's pieces, generated in a thread of its own; closing the iterator stops it."""
        from threading import Event, Thread

        from transformers import TextIteratorStreamer

        tokenizer, model = self._load()
        stop = Event()

        streamer = TextIteratorStreamer(tokenizer, skip_prompt=True, skip_special_tokens=True, timeout=self._timeout_s)
        inputs = tokenizer(_as_text(tokenizer, messages), return_tensors="pt", truncation=True)
        options = {"max_new_tokens": _NEW_TOKENS, "do_sample": False, "streamer": streamer}
        options["stopping_criteria"] = [lambda input_ids, scores, **kwargs: stop.is_set()]
        worker = Thread(target=model.generate, kwargs={**inputs, **options}, daemon=True)
        worker.start()
        try:
            yield from (piece for piece in streamer if piece)
        except Exception as error:
            raise _translated(error, self.name, self._timeout_s) from error
        finally:
            stop.set()
            worker.join(self._timeout_s)

    def _load(self) -> tuple[Any, Any]:
        if self._loaded is None:
            from transformers import AutoModelForCausalLM, AutoTokenizer

            try:
                tokenizer = AutoTokenizer.from_pretrained(self._path)
                self._loaded = tokenizer, AutoModelForCausalLM.from_pretrained(self._path)
            except (OSError, ValueError) as error:
                raise ModelError("llm_not_loaded", name=self.name, reason=str(error).splitlines()[0]) from error
        return self._loaded


def _as_text(tokenizer: Any, messages: Sequence[Turn]) -> str:
    if tokenizer.chat_template:
        chat = [{"role": turn.role, "content": turn.content} for turn in messages]
        return tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=True)
    return "\n\n".join(f"{turn.role}: {turn.content}" for turn in messages) + "\n\nassistant:"


def _of_status(status: int, name: str, address: str) -> ModelError:
    """What an HTTP status means; an address without /v1 that is not found is more likely wrong than the model's name."""
    if status == 404 and address and "/v1" not in address:
        return ModelError("llm_no_api", name=name, url=address)
    return ModelError(_STATUS_CODES.get(status, "llm_server"), name=name, reason=f"HTTP {status}")


def _translated(error: Exception, name: str, timeout_s: float, address: str = "") -> ModelError:
    """A foreign exception as one of ours, by status, then by what its class is called."""
    reason = " ".join(str(error).split())[:200]
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        if status == 400 and ("context" in reason.lower() or "token" in reason.lower()):
            return ModelError("llm_context", name=name, reason=reason)
        if "content_filter" in reason or "content filter" in reason.lower():
            return ModelError("llm_filtered", name=name)
        return _of_status(status, name, address)
    kind = type(error).__name__.lower()
    if "timeout" in kind or kind == "empty":
        return ModelError("llm_timeout", name=name, seconds=f"{timeout_s:g}")
    if "connect" in kind or isinstance(error, ConnectionError):
        return ModelError("llm_unreachable", name=name, reason=reason)
    return ModelError("llm_broken", name=name, reason=reason or kind)


def key_from(environ: Mapping[str, str] | None, variable: str) -> str | None:
    """The key in a variable of the environment, or None."""
    return (os.environ if environ is None else environ).get(variable) or None
