"""A real HTTP server on loopback that speaks the OpenAI chat protocol with SSE and plays scripted models.

A script is a function from the request's messages to a `Reply`: what is streamed, piece by piece, or how it fails.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Messages = list[dict[str, Any]]
PASSAGE = re.compile(r"^\[([A-Z][A-Z0-9]{1,5})\] (.*)\n((?:> .*\n?)+)", re.M)
SOURCE = re.compile(r"^Source (\d+):\n(.*?)(?=^Source \d+:|^-{4,}|\Z)", re.M | re.S)


@dataclass(frozen=True)
class Reply:
    """What a scripted model does: pieces to stream, or an error status; `hang` seconds before anything, `drip` between."""

    pieces: Sequence[str] = ()
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: str | None = None
    hang: float = 0.0
    drip: float = 0.0
    truncated: bool = False
    endless: str | None = None


Script = Callable[[Messages], Reply]


def passages(messages: Messages) -> list[tuple[str, str]]:
    """(marker, text) of every passage that a model was sent, in order."""
    prompt = "\n".join(str(message["content"]) for message in messages if message["role"] == "user")
    return [(m[1], "\n".join(line[2:] for line in m[3].splitlines())) for m in PASSAGE.finditer(prompt)]


def labelled(messages: Messages) -> dict[str, str]:
    """{label: text} of what any system sent a model to cite from: our passages, or llama-index's numbered sources (of a
    number that its example uses too the later text)."""
    prompt = "\n".join(str(message["content"]) for message in messages)
    return dict(passages(messages)) or {m[1]: m[2].strip() for m in SOURCE.finditer(prompt)}


def saying(text: str, size: int = 7) -> Reply:
    """A whole answer, streamed in small pieces."""
    return Reply([text[at : at + size] for at in range(0, len(text), size)])


def _completion(text: str) -> dict[str, Any]:
    """A whole answer in one piece, for clients that do not stream."""
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}
    head = {"id": "x", "object": "chat.completion", "created": 0, "model": "scripted"}
    return {**head, "choices": [choice], "usage": usage}


def is_planning(messages: Messages) -> bool:
    """Whether a request only prepares a question: it holds no passage and asks for JSON."""
    return not passages(messages) and '"parts"' in str(messages[0]["content"])


def planning(reply: Script, answer: Script) -> Script:
    """A model that says one thing when a question is prepared and another when it is answered."""
    return lambda messages: (reply if is_planning(messages) else answer)(messages)


@dataclass
class Played:
    """A running server: its address and every request that it got."""

    url: str
    requests: list[dict[str, Any]] = field(default_factory=list)


@contextmanager
def playing(script: Script) -> Iterator[Played]:
    """Serve a script on a free loopback port."""
    played = Played("")

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            pass

        def do_GET(self) -> None:
            if not self.path.startswith("/v1/"):
                return self._whole(404, "<html>not found</html>")
            self._whole(200, json.dumps({"object": "list", "data": [{"id": "scripted", "object": "model"}]}))

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            played.requests.append({**request, "authorization": self.headers.get("Authorization")})
            reply = script(request["messages"]) if self.path.startswith("/v1/") else Reply(status=404)
            time.sleep(reply.hang)
            if reply.status != 200 or reply.body is not None:
                self._whole(reply.status, reply.body or json.dumps({"error": {"message": "scripted"}}), reply.headers)
            elif not request.get("stream"):
                self._whole(200, json.dumps(_completion("".join(reply.pieces))))
            else:
                self._stream(reply)

        def _whole(self, status: int, body: str, headers: dict[str, str] | None = None) -> None:
            data = body.encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/html" if body.startswith("<") else "application/json")
            self.send_header("Content-Length", str(len(data)))
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(data)

        def _stream(self, reply: Reply) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Connection", "close")
            self.end_headers()
            try:
                for piece in reply.pieces:
                    self._event({"index": 0, "delta": {"role": "assistant", "content": piece}, "finish_reason": None})
                    time.sleep(reply.drip)
                while reply.endless is not None:
                    self._event({"index": 0, "delta": {"content": reply.endless}, "finish_reason": None})
                if not reply.truncated:
                    self._event({"index": 0, "delta": {}, "finish_reason": "stop"})
                    self.wfile.write(b"data: [DONE]\n\n")
            except OSError:  # the client has had enough
                self.close_connection = True

        def _event(self, choice: dict[str, Any]) -> None:
            chunk = {
                "id": "x",
                "object": "chat.completion.chunk",
                "created": 0,
                "model": "scripted",
                "choices": [choice],
            }
            self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
            self.wfile.flush()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    played.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield played
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
