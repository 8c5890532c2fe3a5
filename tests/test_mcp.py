"""The MCP server, driven over stdio by the official Python client."""

import json
import sys
from pathlib import Path
from typing import Any

import anyio
import pytest
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

from assistant import mcp
from assistant.assistant import Assistant
from assistant.errors import UsageError
from tests.conftest import Shipped
from tests.reading.pdfs import pdf, words

ROOT = Path(__file__).parent.parent
PLANT = "How much are Stellantis and CATL investing in the Spanish battery plant?"


def call(corpus: Path, index: Path, *calls: tuple[str, dict[str, Any]]) -> tuple[list[str], list[Any]]:
    """The names of the server's tools, and the results of calls, in one session."""

    async def session() -> tuple[list[str], list[Any]]:
        arguments = ["-m", "assistant", "mcp", "--corpus", str(corpus), "--index", str(index)]
        environment = {"PYTHONPATH": str(ROOT), "LC_ALL": "en_US.UTF-8"}
        async with Client(
            stdio_client(StdioServerParameters(command=sys.executable, args=arguments, env=environment))
        ) as client:
            tools = [tool.name for tool in (await client.list_tools()).tools]
            return tools, [await client.call_tool(name, values) for name, values in calls]

    return anyio.run(session)


def test_the_client_lists_the_tools_and_calls_them(shipped: Shipped) -> None:
    tools, (asked, searched, looked_up, unknown) = call(
        shipped.corpus,
        shipped.index,
        ("ask", {"question": PLANT}),
        ("search", {"query": PLANT, "k": 2}),
        ("lookup", {"text": "Stellantis and CATL invest up to 4.1 billion euros in a battery plant in Spain."}),
        ("show", {"id": "ffffffffffff"}),
    )
    assert tools == ["search", "ask", "lookup", "cite", "reports", "show", "page_picture"]
    answer = json.loads(asked.content[0].text)
    assert answer["status"] == "answered" and "41億ユーロ" in answer["text"]
    assert len(json.loads(searched.content[0].text)["hits"]) == 2
    assert json.loads(looked_up.content[0].text)["sentences"][0]["stance"] == "supports"
    assert unknown.is_error and "ffffffffffff" in unknown.content[0].text


def test_a_quote_is_shown_cited_and_looked_at(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "plant.pdf").write_bytes(pdf([words(50, 50, "The plant costs 4.1 billion euros.")]))
    made = Assistant.open(tmp_path / "corpus", tmp_path / "index")
    made.sync()
    quote = made.search(made.understand("plant"))[0].passage.passage_id
    _, (shown, cited, picture) = call(
        tmp_path / "corpus",
        tmp_path / "index",
        ("show", {"id": quote}),
        ("cite", {"ids": [quote], "style": "apa"}),
        ("page_picture", {"id": quote}),
    )
    assert json.loads(shown.content[0].text)["text"] == "The plant costs 4.1 billion euros."
    assert "p. 1" in cited.content[0].text
    assert picture.content[0].mime_type == "image/png"


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mcp.server.mcpserver", None)
    with pytest.raises(UsageError) as raised:
        mcp.server(object(), "en")  # pyright: ignore[reportArgumentType]
    assert (raised.value.code, raised.value.values) == ("extra_missing", {"name": "mcp"})
