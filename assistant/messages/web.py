"""What the web app and the HTTP API refuse, and what to do about it, in Japanese and English."""

from __future__ import annotations

WEB_ERRORS = {
    "busy": (
        ("混み合っています。", "Too many questions are waiting."),
        ("{seconds}秒ほどしてからもう一度送ってください。", "Send it again in about {seconds} seconds."),
    ),
    "request_invalid": (
        ("リクエストの {where} が正しくありません: {reason}", "{where} of the request is not right: {reason}"),
        ("/api/openapi.json の形に合わせてください。", "See /api/openapi.json for its shape."),
    ),
    "request_refused": (
        (
            "このリクエストには応じられません（{status} {reason}）。",
            "This request cannot be served ({status} {reason}).",
        ),
        ("/api/openapi.json でパスとメソッドを確認してください。", "See /api/openapi.json for paths and methods."),
    ),
}
