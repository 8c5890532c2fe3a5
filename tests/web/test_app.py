"""The app over HTTP: health, page pictures, headers, nothing public; and a server that says what is wrong."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from email.message import Message

import pytest

from tests.web.conftest import ROOT


def get(url: str) -> tuple[int, Message, bytes]:
    try:
        request = urllib.request.Request(url, headers={"Accept-Language": "ja,en;q=0.5"})
        with urllib.request.urlopen(request) as response:
            return response.status, response.headers, response.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.headers, error.read()


def test_the_app_is_healthy(address: str) -> None:
    assert get(f"{address}/healthz")[::2] == (200, b"ok")


def test_a_picture_may_be_kept(address: str) -> None:
    status, headers, body = get(f"{address}/pages/0123456789ab:10-20")
    assert (status, headers["content-type"], body[:4]) == (200, "image/png", b"\x89PNG")
    assert headers["cache-control"] == "private, max-age=86400, immutable"


@pytest.mark.parametrize("path", ["ffffffffffff:10-20", "0123456789ab", "0123456789ab:1-x", "..%2F/a:1-2"])
def test_a_picture_that_there_is_not_is_a_plain_sentence(address: str, path: str) -> None:
    status, headers, body = get(f"{address}/pages/{path}")
    assert status == 404
    if "%2F" not in path:
        assert headers["content-type"].startswith("text/plain")
        assert body.decode() == "このページの画像は表示できません。"


def test_browsers_are_told_to_stay_on_this_host(address: str) -> None:
    policy = get(f"{address}/")[1]["content-security-policy"]
    assert policy.startswith("default-src 'self'; ")
    assert "http" not in policy


def test_no_endpoint_is_offered_to_others(address: str) -> None:
    assert json.loads(get(f"{address}/gradio_api/info")[2])["named_endpoints"] == {}
    assert [get(f"{address}/{path}")[0] for path in ("openapi.json", "docs", "redoc")] == [404, 404, 404]


def test_a_port_in_use_is_a_usage_error() -> None:
    code = (
        "import sys\nfrom assistant.errors import UsageError\nfrom assistant.web.app import serve\n"
        "for host in ('127.0.0.1', '192.0.2.1'):\n"
        "    try: serve(None, host, int(sys.argv[1]))\n"
        "    except UsageError as error: print(error.code, error.values['port'])\n"
    )
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run([sys.executable, "-c", code, port], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["port_in_use", port, "address_unusable", port]


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("add?name=..%2Fa.md", {"X-Library": "1"}, 409),
        ("add?name=a.exe", {"X-Library": "1"}, 409),
        ("add?name=a.md", {}, 409),
        ("remove?path=..%2Fa.md", {"X-Library": "1"}, 409),
        ("remove?path=a.md", {}, 409),
        ("describe?path=a.md", {"Content-Type": "application/json"}, 409),
    ],
)
def test_the_library_refuses_in_words_what_is_not_for_it(
    address: str, path: str, headers: dict[str, str], status: int
) -> None:
    request = urllib.request.Request(f"{address}/library/{path}&language=ja", b"{}", headers)
    with pytest.raises(urllib.error.HTTPError) as refused, urllib.request.urlopen(request):
        pass
    with refused.value as reply:
        assert reply.code == status
        assert json.load(reply)["text"].endswith("。")


@pytest.mark.parametrize("headers", [{}, {"X-Library": "1", "Host": "elsewhere.example"}])
def test_a_model_is_chosen_only_from_this_machine_and_by_this_page(address: str, headers: dict[str, str]) -> None:
    headers = {"Content-Type": "application/json", **headers}
    for path in ("model", "model/test"):
        request = urllib.request.Request(f"{address}/{path}?language=ja", b'{"kind": "none"}', headers)
        with pytest.raises(urllib.error.HTTPError, match="409") as refused, urllib.request.urlopen(request):
            pass
        refused.value.close()
    shown = urllib.request.Request(f"{address}/model?language=en", headers={"Host": "elsewhere.example"})
    with urllib.request.urlopen(shown) as reply:
        assert b"<form" not in reply.read()
