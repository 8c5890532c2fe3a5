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


def test_what_an_id_or_a_style_lacks_is_told_in_words(tmp_path: Path) -> None:
    corpus, index = tmp_path / "corpus", tmp_path / "index"
    corpus.mkdir()
    (corpus / "a.md").write_text("# 展望\n\n投資額は最大41億ユーロである。\n", encoding="utf-8")
    (corpus / "b.md").write_text("# 港\n\n拡張は2027年に終わる。\n", encoding="utf-8")
    made = Assistant.open(corpus, index)
    made.sync()
    replaced, removed = made.report("a.md"), made.report("b.md").report_id
    start = replaced.text.index("最大")
    quote = f"{replaced.report_id}:{start}-{start + 7}"
    (corpus / "a.md").write_text("# 展望\n\n前置き。\n\n投資額は最大41億ユーロである。\n", encoding="utf-8")
    (corpus / "b.md").unlink()
    made.sync()
    now = made.report("a.md")
    wanted = [
        ("show", {"id": quote}, (now.report_id, f"{now.report_id}:{now.text.index('最大')}")),
        ("cite", {"ids": [quote]}, (now.report_id,)),
        ("page_picture", {"id": quote}, (now.report_id,)),
        ("show", {"id": removed}, ("b.md", "removed")),
        ("show", {"id": "eeeeeeeeeeee:0-5"}, ("eeeeeeeeeeee", "assistant search")),
        ("show", {"id": f"{now.report_id}:5-99999"}, ("99999",)),
        ("cite", {"ids": [now.report_id], "style": "mla"}, ("mla", "apa", "bibtex")),
        ("lookup", {"text": "---"}, ()),
    ]
    _, results = call(corpus, index, *[(name, values) for name, values, _ in wanted])
    for (name, values, told_of), result in zip(wanted, results, strict=True):
        told = result.content[0].text
        assert result.is_error is (name != "lookup"), (name, values, told)
        assert all(word in told for word in told_of), told
        assert "Traceback" not in told and str(tmp_path) not in told
    assert json.loads(results[-1].content[0].text)["sentences"] == []


def test_without_the_package_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mcp.server.mcpserver", None)
    with pytest.raises(UsageError) as raised:
        mcp.server(object(), "en")  # pyright: ignore[reportArgumentType]
    assert (raised.value.code, raised.value.values) == ("extra_missing", {"name": "mcp"})
