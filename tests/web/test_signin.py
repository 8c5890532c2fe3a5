"""Signing in: the file of people, what is closed to strangers, cookies, tokens, a proxy's header, and too many tries."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from assistant.config import networks
from assistant.errors import UsageError
from assistant.web import people, signin
from assistant.web.people import People
from assistant.web.reader import reader_of
from assistant.web.signin import Door, Guard

HTML = {"accept": "text/html", "accept-language": "ja"}


def add(path: Path, name: str, *options: str, password: str = "", **patched: object) -> str:
    """Run the command; returns what it prints."""
    with pytest.MonkeyPatch.context() as patch:
        out = io.StringIO()
        patch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
        patch.setattr("sys.stdout", out)
        assert people.main([str(path), name, *options]) == 0
    return out.getvalue().strip()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Two people, one of them with a token, and a comment."""
    path = tmp_path / "people"
    path.write_text("# who may come in\n", encoding="utf-8")
    add(path, "佐藤", password="とても長い合言葉")
    add(path, "smith", password="correct horse")
    return path


def client(door: Door, host: str = "192.0.2.7", **options: object) -> TestClient:
    """A client of an app behind the door that says who it takes somebody for."""
    app = FastAPI(openapi_url=None)
    app.add_middleware(Guard, door=door, language=None)
    app.include_router(signin.routes(door, None))

    @app.get("/")
    @app.get("/healthz")
    def who(request: Request) -> str:
        return reader_of(request)

    return TestClient(app, client=(host, 50000), follow_redirects=False)


def signed_in(door: Door, name: str, password: str) -> TestClient:
    browser = client(door)
    response = browser.post("/signin", data={"name": name, "password": password})
    assert (response.status_code, response.headers["location"]) == (303, "/")
    return browser


@pytest.fixture
def door(file: Path, tmp_path: Path) -> Door:
    return Door(People(file, tmp_path / "state"))


def test_strangers_see_the_sign_in_page_and_nothing_else(door: Door) -> None:
    stranger = client(door)
    assert stranger.get("/", headers=HTML).headers["location"] == "/signin"
    assert [stranger.get(path).status_code for path in ("/", "/who", "/nowhere", "/healthz/", "//healthz")] == [401] * 5
    assert stranger.post("/gradio_api/queue/join").json()["error"] == "You have to sign in."
    with pytest.raises(WebSocketDisconnect), stranger.websocket_connect("/queue"):
        pass
    assert stranger.get("/healthz").status_code == 200
    page = stranger.get("/signin", headers=HTML).text
    assert '<html lang="ja">' in page and "パスワード" in page and "<script" not in page


@pytest.mark.parametrize(("name", "password"), [("佐藤", "とても長い合言葉"), ("smith", "correct horse")])
def test_whoever_signs_in_is_named_until_they_sign_out(door: Door, name: str, password: str) -> None:
    browser = signed_in(door, name, password)
    assert browser.get("/").json() == name
    assert name in browser.get("/signin").text
    browser.post("/signout")
    assert browser.get("/").status_code == 401


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(door: Door) -> None:
    response = client(door).post("/signin", data={"name": "smith", "password": "correct horse"})
    cookie = response.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Secure" not in cookie
    secure = TestClient(client(door).app, base_url="https://x", follow_redirects=False)
    response = secure.post("/signin", data={"name": "smith", "password": "correct horse"})
    assert "Secure" in response.headers["set-cookie"]


@pytest.mark.parametrize(
    ("name", "password"), [("smith", "wrong"), ("nobody", "correct horse"), ("", ""), ("佐藤", "")]
)
def test_a_wrong_name_or_password_is_told_the_same(door: Door, name: str, password: str) -> None:
    response = client(door).post("/signin", data={"name": name, "password": password})
    assert response.status_code == 401 and "The name or the password is wrong." in response.text
    assert "set-cookie" not in response.headers


def test_after_ten_wrong_tries_even_the_right_one_has_to_wait(door: Door) -> None:
    browser = client(door)
    tries = [browser.post("/signin", data={"name": f"x{number}", "password": "x"}).status_code for number in range(10)]
    assert tries == [401] * 10
    refused = browser.post("/signin", data={"name": "smith", "password": "correct horse"})
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "60")
    other = TestClient(browser.app, client=("192.0.2.8", 1), follow_redirects=False)
    assert other.post("/signin", data={"name": "smith", "password": "correct horse"}).status_code == 303


def test_forged_old_and_struck_out_cookies_are_nobody_s(
    door: Door, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = door.people
    assert made
    good = made.session("smith")
    assert made.of_session(good) == "smith"
    head, _, signature = good.rpartition(".")
    other = made.session("佐藤").split(".")[0]
    for forged in ("", "x", f"{head}.", f"{other}.{head.split('.')[1]}.{signature}", f"{head}9.{signature}", "é.1.2"):
        assert made.of_session(forged) is None
    with monkeypatch.context() as later:
        later.setattr("time.time", lambda: 4e9)
        assert made.of_session(good) is None
    add(file, "smith", password="another one")
    assert made.of_session(good) is None


def test_a_restart_signs_nobody_out(door: Door, file: Path, tmp_path: Path) -> None:
    assert door.people
    again = People(file, tmp_path / "state")
    assert again.of_session(door.people.session("smith")) == "smith"
    assert People(file, tmp_path / "elsewhere").of_session(door.people.session("smith")) is None


def test_a_token_is_printed_once_and_kept_hashed(door: Door, file: Path) -> None:
    token = add(file, "smith", "--token")
    assert len(token) > 40 and token not in file.read_text(encoding="utf-8")
    program = client(door)
    assert program.get("/", headers={"authorization": f"Bearer {token}"}).json() == "smith"
    for wrong in (f"Bearer {token}x", "Bearer ", f"Basic {token}", token):
        assert program.get("/", headers={"authorization": wrong}).status_code == 401
    add(file, "smith", "--remove")
    assert program.get("/", headers={"authorization": f"Bearer {token}"}).status_code == 401
    assert file.read_text(encoding="utf-8").startswith("# who may come in\n佐藤:password:scrypt$")


def test_a_proxy_s_header_counts_from_a_trusted_address_only(file: Path, tmp_path: Path) -> None:
    door = Door(None, "X-Remote-User", networks("10.0.0.0/8, ::1"))
    named = {"x-remote-user": "佐藤".encode()}
    assert client(door, "10.1.2.3").get("/", headers=named).json() == "佐藤"
    assert client(door, "::ffff:10.1.2.3").get("/", headers=named).json() == "佐藤"
    for stranger, headers in (("192.0.2.7", named), ("10.1.2.3", {}), ("10.1.2.3", {"x-remote-user": "a:b"})):
        assert client(door, stranger).get("/", headers=headers).status_code == 401
    both = Door(People(file, tmp_path / "state"), "X-Remote-User", networks("10.0.0.0/8"))
    browser = signed_in(both, "smith", "correct horse")
    assert browser.get("/", headers=named).json() == "smith"


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("# nobody\n", "people_none", None),
        ("\nsmith\n", "people_line", "2"),
        ("smith:password:secret", "people_line", "1"),
        ("smith:password:scrypt$x$8$1$00$00", "people_line", "1"),
        ("smith:token:abc", "people_line", "1"),
        (" smith :token:sha256$" + "0" * 64, "people_line", "1"),
    ],
)
def test_a_bad_file_of_people_is_told_with_its_line(tmp_path: Path, text: str, code: str, line: str | None) -> None:
    path = tmp_path / "people"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as raised:
        People(path, tmp_path / "state")
    assert (raised.value.code, raised.value.values.get("line")) == (code, line)


def test_a_file_that_breaks_while_the_server_runs_changes_nothing(door: Door, file: Path) -> None:
    file.write_text("broken\n", encoding="utf-8")
    assert door.people and door.people.knows("smith", "correct horse")


@pytest.mark.parametrize(("name", "password", "words"), [("a:b", "long enough", "a:b"), ("smith", "short", "8")])
def test_the_command_refuses_what_cannot_be_used(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    password: str,
    words: str,
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
    assert people.main([str(tmp_path / "people"), name]) == 2
    assert words in capsys.readouterr().err and not (tmp_path / "people").exists()
