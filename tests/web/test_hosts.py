"""Which names the server answers to, and what its pages may ask of others."""

from __future__ import annotations

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from assistant.types import Language
from assistant.web.hosts import OwnHostOnly, OwnNames


@pytest.fixture
def client() -> TestClient:
    """A client of an app that is known as reports.example as well."""
    app = FastAPI(openapi_url=None)
    app.add_middleware(OwnHostOnly)
    app.add_middleware(OwnNames, names=["Reports.example"], language=None)
    app.add_api_route("/", lambda: "in")
    return TestClient(app)


OWN = [
    "localhost:7860",
    "127.0.0.1:7860",
    "127.0.0.1",
    "[::1]:7860",
    "app.localhost",
    "192.0.2.7",
    "REPORTS.example:80",
]


@pytest.mark.parametrize("host", OWN)
def test_this_machine_answers_to_its_numbers_and_to_the_names_that_are_set(client: TestClient, host: str) -> None:
    assert client.get("/", headers={"host": host}).json() == "in"


@pytest.mark.parametrize("host", ["evil.example:7860", "localhost.evil.example", "127.0.0.1.evil.example", "", "[::1"])
def test_a_name_that_somebody_made_point_here_gets_nothing(client: TestClient, host: str) -> None:
    response = client.get("/", headers={"host": host, "accept-language": "en"})
    assert response.status_code == 421
    assert "[web] hosts" in response.json()["hint"]
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/", headers={"host": host}):
        pass


def test_who_is_refused_is_told_in_the_language_of_the_server_or_of_the_browser() -> None:
    app = OwnNames(FastAPI(openapi_url=None), [], Language.JA)
    assert "evil.example" in (told := TestClient(app).get("/", headers={"host": "evil.example"}).json()["error"])
    assert "名前" in told


def test_pages_may_ask_no_other_host(client: TestClient) -> None:
    headers = client.get("/", headers={"host": "localhost"}).headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer"
