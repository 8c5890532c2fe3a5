"""A server as people start it: the README's example runs against it, and what schemathesis makes up never breaks it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from assistant.web import people
from tests.conftest import Shipped
from tests.web.conftest import ROOT

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLE = re.compile(r"^## Over HTTP$.*?^```python\n(.*?)^```$", re.M | re.S)


@contextmanager
def serving(folder: Path, shipped: Shipped, **settings: str) -> Iterator[str]:
    """Where `assistant serve` answers over a copy of the digests that ship."""
    (folder / "corpus").mkdir()
    for digest in shipped.corpus.iterdir():
        (folder / "corpus" / digest.name).write_bytes(digest.read_bytes())
    with subprocess.Popen(serve(), cwd=folder, env=environment(settings), stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            yield next(match[0] for line in process.stderr if (match := re.search(r"http://\S+", line)))
        finally:
            process.terminate()


def serve(*options: str) -> list[str]:
    return [sys.executable, "-m", "assistant", "serve", "--port", "0", *options]


def environment(settings: dict[str, str]) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "en_US.UTF-8", "ASSISTANT_LLM_MODEL": "none", **settings}


@pytest.fixture(scope="module")
def address(shipped: Shipped, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("served"), shipped) as address:
        yield address


def test_the_readme_s_example_runs(address: str, tmp_path: Path) -> None:
    found = EXAMPLE.search((ROOT / "README.md").read_text(encoding="utf-8"))
    assert found
    example = found[1].replace("127.0.0.1:7860", urlsplit(address).netloc)
    done = subprocess.run(
        [sys.executable, "-c", example], cwd=tmp_path, capture_output=True, encoding="utf-8", timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("41億ユーロ") >= 4 and "supported: " in done.stdout and "(2025, December 4)" in done.stdout


@settings(max_examples=12, database=None, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def breaks_nothing(operation: schemathesis.APIOperation, data: st.DataObject) -> None:
    """Requests that the document allows, and requests that it does not."""
    modes = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    case = data.draw(st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in modes)))
    case.call_and_validate(checks=CHECKS)


def test_nothing_that_is_made_up_from_the_document_breaks_the_server(address: str) -> None:
    schema = schemathesis.openapi.from_url(f"{address}/api/openapi.json")
    operations = [result.ok() for result in schema.get_all_operations()]
    for operation in operations:
        breaks_nothing(operation)
    assert len(operations) == 10


def test_with_a_file_of_people_every_route_is_closed_until_they_sign_in(shipped: Shipped, tmp_path: Path) -> None:
    people.change(tmp_path / "people", "smith", "password", people.hashed("correct horse"))
    people.change(tmp_path / "people", "smith", "token", people.hashed_token("a token"))
    paths = ("/config", "/gradio_api/info", "/library", "/api/openapi.json", "/api/v1/library", "/theme.css")
    with (
        serving(tmp_path, shipped, ASSISTANT_WEB_AUTH_FILE="people") as address,
        httpx.Client(base_url=address) as browser,
    ):
        assert [browser.get(path).status_code for path in paths] == [401] * len(paths)
        assert browser.post("/gradio_api/queue/join", json={}).status_code == 401
        assert browser.get("/", headers={"accept": "text/html"}).headers["location"] == "/signin"
        browser.post("/signin", data={"name": "smith", "password": "correct horse"})
        assert [browser.get(path).status_code for path in ("/", *paths)] == [200] * (len(paths) + 1)
        asked = httpx.post(
            f"{address}/api/v1/search", json={"query": "電池"}, headers={"authorization": "Bearer a token"}, timeout=60
        )
        assert asked.json()["hits"]


def test_what_cannot_be_served_safely_is_told_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "people").write_text("# people\nsmith:secret\n", encoding="utf-8")
    bad = environment({"ASSISTANT_WEB_AUTH_FILE": "people"})
    done = subprocess.run(serve(), cwd=tmp_path, env=bad, capture_output=True, text=True)
    assert done.returncode == 2 and "Line 2 of people" in done.stderr
    open_to_all = serve("--host", "192.0.2.1")
    done = subprocess.run(open_to_all, cwd=tmp_path, env=environment({}), capture_output=True, text=True)
    assert done.returncode == 2 and done.stderr.startswith("Careful: whoever reaches 192.0.2.1 can ask")
