"""A server as people start it: the README's example runs against it, and what schemathesis makes up never breaks it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

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

from tests.conftest import Shipped
from tests.web.conftest import ROOT

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLE = re.compile(r"^## Over HTTP$.*?^```python\n(.*?)^```$", re.M | re.S)


@pytest.fixture(scope="module")
def address(shipped: Shipped, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where `assistant serve` answers over a copy of the digests that ship."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "corpus").mkdir()
    for digest in shipped.corpus.iterdir():
        (folder / "corpus" / digest.name).write_bytes(digest.read_bytes())
    command = [sys.executable, "-m", "assistant", "serve", "--port", "0", "--corpus", "corpus", "--index", "index"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "en_US.UTF-8", "ASSISTANT_LLM_MODEL": "none"}
    with subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            yield next(match[0] for line in process.stderr if (match := re.search(r"http://\S+", line)))
        finally:
            process.terminate()


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
