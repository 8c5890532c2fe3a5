"""Which language model a setting means, how foreign failures are named, and a real model in this process."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from assistant import messages
from assistant.errors import ModelError, UsageError
from assistant.models.llms import TransformersModel, _translated, choose, first_model, key_from
from assistant.types import Language, Turn
from tests.llm_server import Reply, playing

NOWHERE = "http://127.0.0.1:9"


@pytest.fixture
def serve() -> Iterator[Callable[[str], str]]:
    """Serve one body for every GET on a free loopback port."""
    servers: list[tuple[HTTPServer, threading.Thread]] = []

    def serving(body: str, status: int = 200) -> str:
        class Handler(BaseHTTPRequestHandler):
            def log_message(self, format: str, *args: Any) -> None:
                pass

            def do_GET(self) -> None:
                data = body.encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

        server = HTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield serving
    for server, thread in servers:
        server.shutdown()
        server.server_close()
        thread.join(5)


def test_none_is_none() -> None:
    assert choose("none", base_url=NOWHERE, api_key="k", key_was_named=True) is None


@pytest.mark.parametrize(
    ("model", "options", "name"),
    [
        ("openai:gpt-x", {"api_key": "k"}, "openai:gpt-x"),
        ("openai:org/model-7b", {"base_url": NOWHERE}, "openai:org/model-7b"),
        ("openai:name:tag", {"base_url": NOWHERE}, "openai:name:tag"),
        ("ollama:llama3:8b", {}, "ollama:llama3:8b"),
        ("transformers:some/path", {}, "transformers:some/path"),
        ("auto", {"base_url": f"{NOWHERE}/v1/"}, f"openai:{NOWHERE}/v1"),
        ("auto", {"api_key": "k", "key_was_named": True}, "openai:https://api.openai.com/v1"),
    ],
)
def test_every_form_of_the_setting_and_nothing_is_touched_yet(model: str, options: dict[str, Any], name: str) -> None:
    chosen = choose(model, ollama_url=NOWHERE, **options)
    assert chosen is not None and chosen.name == name


@pytest.mark.parametrize("model", ["", "gpt-x", "openai:", "ollama:", "transformers:", "azure:gpt", "Auto", "OPENAI:x"])
def test_a_name_that_is_no_models_is_a_usage_error(model: str) -> None:
    with pytest.raises(UsageError, match="llm_name_invalid"):
        choose(model, ollama_url=NOWHERE)


def test_openai_without_key_and_address_says_so() -> None:
    with pytest.raises(ModelError, match="llm_no_key"):
        choose("openai:gpt-x")


@pytest.mark.parametrize("options", [{}, {"api_key": "k"}, {"key_was_named": True}])
def test_auto_uses_no_key_that_merely_lies_about(options: dict[str, Any]) -> None:
    assert choose("auto", ollama_url=NOWHERE, **options) is None


@pytest.mark.parametrize(
    "body", ["{}", '{"models": []}', '{"models": [{}]}', "[]", "null", '{"models": [3]}', '{"models": 3}', "<html>", ""]
)
def test_auto_takes_no_ollama_that_lists_nothing(serve: Callable[[str], str], body: str) -> None:
    assert choose("auto", ollama_url=serve(body)) is None


def test_auto_takes_the_first_model_of_an_ollama_that_answers(serve: Callable[[str], str]) -> None:
    chosen = choose("auto", ollama_url=serve(json.dumps({"models": [{"name": "llama3:8b"}, {"name": "x"}]})))
    assert chosen is not None and chosen.name == "ollama:llama3:8b"


def test_the_first_model_that_a_server_lists(serve: Callable[..., str]) -> None:
    assert first_model(serve('{"data": [{"id": "a/b"}, {"id": "c"}]}'), None, "openai:x") == "a/b"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("{}", 200, "llm_broken"),
        ('{"data": []}', 200, "llm_broken"),
        ("<html>", 200, "llm_broken"),
        ("[]", 200, "llm_broken"),
        ("no", 401, "llm_unauthorised"),
        ("no", 404, "llm_no_api"),
        ("no", 429, "llm_quota"),
        ("no", 500, "llm_server"),
    ],
)
def test_a_server_that_lists_nothing_is_named(serve: Callable[..., str], body: str, status: int, code: str) -> None:
    with pytest.raises(ModelError, match=code):
        first_model(serve(body, status), None, "openai:x")


def test_a_server_that_is_not_there_is_named() -> None:
    with pytest.raises(ModelError, match="llm_unreachable"):
        first_model(NOWHERE, None, "openai:x")


class StatusError(Exception):
    def __init__(self, status_code: int, words: str = "no") -> None:
        super().__init__(words)
        self.status_code = status_code


class APITimeoutError(Exception):
    pass


class APIConnectionError(Exception):
    pass


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (StatusError(400), "llm_refused"),
        (StatusError(400, "maximum context length is 4096"), "llm_context"),
        (StatusError(400, "content_filter triggered"), "llm_filtered"),
        (StatusError(401), "llm_unauthorised"),
        (StatusError(403), "llm_unauthorised"),
        (StatusError(404), "llm_unknown_model"),
        (StatusError(429), "llm_quota"),
        (StatusError(500), "llm_server"),
        (StatusError(503), "llm_server"),
        (APITimeoutError("slow"), "llm_timeout"),
        (TimeoutError("slow"), "llm_timeout"),
        (APIConnectionError("gone"), "llm_unreachable"),
        (ConnectionResetError("gone"), "llm_unreachable"),
        (ValueError("not json"), "llm_broken"),
        (KeyError(), "llm_broken"),
    ],
)
def test_foreign_failures_become_ours_in_words_of_both_languages(error: Exception, code: str) -> None:
    ours = _translated(error, "openai:x", 3.0)
    assert ours.code == code
    for language in Language:
        said = messages.explain(ours, language)
        assert "openai:x" in said.text and said.hint and "{" not in said.text


@pytest.mark.parametrize(
    ("address", "code"),
    [("http://h:1", "llm_no_api"), ("http://h:1/v1", "llm_unknown_model"), ("", "llm_unknown_model")],
)
def test_what_is_not_found_at_an_address_without_v1_is_the_address(address: str, code: str) -> None:
    assert _translated(StatusError(404), "openai:x", 3.0, address).code == code


def test_a_user_and_password_in_the_address_are_sent_and_never_shown() -> None:
    with playing(lambda messages: Reply()) as played:
        url = played.url.replace("http://", "http://me:hunter2@")
        assert first_model(url, None, "openai:x") == "scripted"
        chosen = choose("auto", base_url=url)
    assert chosen is not None and "hunter2" not in chosen.name and "***@127.0.0.1" in chosen.name
    with pytest.raises(ModelError) as caught:
        first_model(url, None, chosen.name)
    assert "hunter2" not in str(caught.value)


def test_a_key_comes_from_the_variable_that_is_named() -> None:
    assert key_from({"MY_KEY": "k", "EMPTY": ""}, "MY_KEY") == "k"
    assert key_from({"EMPTY": ""}, "EMPTY") is None and key_from({}, "MY_KEY") is None


def test_a_transformers_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="llm_not_loaded"):
        list(TransformersModel(str(tmp_path / "none"), 1.0).stream([Turn("user", "x")]))


def test_a_tiny_transformers_model_answers_in_this_process(tmp_path: Path) -> None:
    import torch
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace
    from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    words = ["<unk>", "<s>", "</s>", *"user : assistant system the plant opens in 2026".split()]
    tokenizer = Tokenizer(WordLevel({word: at for at, word in enumerate(words)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = Whitespace()
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, unk_token="<unk>", bos_token="<s>", eos_token="</s>", model_max_length=64
    ).save_pretrained(tmp_path)
    torch.manual_seed(1)
    config = LlamaConfig(
        vocab_size=len(words),
        hidden_size=16,
        intermediate_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=2,
        max_position_embeddings=2048,
        bos_token_id=1,
        eos_token_id=2,
        pad_token_id=0,
    )
    LlamaForCausalLM(config).eval().save_pretrained(tmp_path)
    model = choose(f"transformers:{tmp_path}", timeout_s=30.0)
    assert model is not None
    stream = model.stream([Turn("system", "the plant"), Turn("user", "opens in 2026")])
    pieces = [piece for piece, _ in zip(stream, range(5), strict=False)]
    stream.close()  # type: ignore[attr-defined]
    assert pieces and set("".join(pieces).split()) <= set(words)
    assert model.name == f"transformers:{tmp_path}"
    again = model.stream([Turn("system", "the plant"), Turn("user", "opens in 2026")])
    assert [piece for piece, _ in zip(again, range(5), strict=False)] == pieces
    again.close()  # type: ignore[attr-defined]
