"""What the web app and the HTTP API refuse, and what to do about it, in Japanese and English."""

from __future__ import annotations

from assistant.messages.tables import Error, errors

WEB_ERRORS: dict[str, Error] = errors("""
busy
    混み合っています。
    Too many questions are waiting.
    {seconds}秒ほどしてからもう一度送ってください。
    Send it again in about {seconds} seconds.
request_invalid
    リクエストの {where} が正しくありません: {reason}
    {where} of the request is not right: {reason}
    /api/openapi.json の形に合わせてください。
    See /api/openapi.json for its shape.
request_refused
    このリクエストには応じられません（{status} {reason}）。
    This request cannot be served ({status} {reason}).
    /api/openapi.json でパスとメソッドを確認してください。
    See /api/openapi.json for paths and methods.
signin_needed
    サインインが必要です。
    You have to sign in.
    ブラウザーでは /signin を開き、プログラムからは Authorization: Bearer でトークンを送ってください。
    Open /signin in a browser; from a program send a token as Authorization: Bearer.
people_line
    {path} の{line}行目が 名前:password:… または 名前:token:… の形ではありません。
    Line {line} of {path} is neither NAME:password:… nor NAME:token:….
    その行を消して `python -m assistant.web.people {path} 名前` で作り直してください。
    Delete it and make it anew with `python -m assistant.web.people {path} NAME`.
people_none
    {path} にはサインインできる人がいません。
    {path} names nobody who may sign in.
    `python -m assistant.web.people {path} 名前` で追加してください。
    Add a person with `python -m assistant.web.people {path} NAME`.
person_invalid
    {name} という名前は使えません。
    Nobody can be called {name}.
    {longest}文字以内で、コロンや制御文字を含まない名前にしてください。
    Use at most {longest} characters, no colon, nothing unprintable.
password_short
    パスワードが短すぎます。
    The password is too short.
    {least}文字以上にしてください。
    Use {least} characters or more.
""")
