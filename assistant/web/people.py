"""Who may come in: people with hashed passwords and tokens, in one file. Reads and writes it, and the key of cookies.

A line a password or token: NAME:password:scrypt$N$R$P$SALT$HASH or NAME:token:sha256$HASH; # begins a comment. Made by
`python -m assistant.web.people FILE NAME` (which asks for the password), `… NAME --token` and `… NAME --remove`.
"""

from __future__ import annotations

import argparse
import getpass
import hashlib
import hmac
import os
import secrets
import sys
import time
import unicodedata
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Semaphore

from assistant import messages
from assistant.errors import AssistantError, UsageError

LONGEST_NAME = 64
SHORTEST_PASSWORD = 8
SESSION_S = 14 * 24 * 3600
KEY_FILE = "session.key"
_COST = (2**14, 8, 1)
_HASHING = Semaphore(2)  # 16 MB each


@dataclass(frozen=True, slots=True)
class Register:
    """The people of a file: hashed password by name, name by hashed token."""

    passwords: Mapping[str, str]
    tokens: Mapping[str, str]


def read(path: Path) -> Register:
    """The people of a file. Errors: `UsageError` file_missing; people_line, with the line; people_none."""
    passwords: dict[str, str] = {}
    tokens: dict[str, str] = {}
    for number, line in enumerate(_lines(path), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        name, kind, value = (*line.split(":", 2), "", "")[:3]
        if not is_name(name) or kind not in ("password", "token") or not _is_hash(kind, value):
            raise UsageError("people_line", path=path, line=number)
        if kind == "token":
            tokens[value] = name
        else:
            passwords[name] = value
    if not passwords and not tokens:
        raise UsageError("people_none", path=path)
    return Register(passwords, tokens)


def is_name(name: str) -> bool:
    """Whether a person can be called that: short, printable, without a colon and without space around it."""
    return 0 < len(name) <= LONGEST_NAME and name.isprintable() and name == name.strip() and ":" not in name


def _is_hash(kind: str, value: str) -> bool:
    if kind == "token":
        return value.startswith("sha256$") and len(value) == 71
    try:
        return len(_parts(value)) == 5
    except ValueError:
        return False


def _lines(path: Path) -> list[str]:
    try:
        return unicodedata.normalize("NFC", path.read_text(encoding="utf-8-sig")).splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError("file_missing", path=path, reason=error) from error


def hashed(password: str) -> str:
    """A password as it is kept."""
    salt = secrets.token_bytes(16)
    return f"scrypt${'$'.join(map(str, _COST))}${salt.hex()}${_scrypt(password, *_COST, salt).hex()}"


def hashed_token(token: str) -> str:
    """A token as it is kept. It is random and long, so that one round of hashing is enough."""
    return f"sha256${hashlib.sha256(token.encode()).hexdigest()}"


def _scrypt(password: str, n: int, r: int, p: int, salt: bytes) -> bytes:
    words = unicodedata.normalize("NFC", password).encode("utf-8", "replace")
    with _HASHING:
        return hashlib.scrypt(words, salt=salt, n=n, r=r, p=p, maxmem=2**26)


def _parts(kept: str) -> tuple[int, int, int, bytes, bytes]:
    """What a kept password was hashed with, and its hash; ValueError where it is none."""
    scheme, n, r, p, salt, digest = kept.split("$")
    if scheme != "scrypt" or not salt or not digest:
        raise ValueError(kept)
    return int(n), int(r), int(p), bytes.fromhex(salt), bytes.fromhex(digest)


def _matches(password: str, kept: str) -> bool:
    n, r, p, salt, digest = _parts(kept)
    return hmac.compare_digest(_scrypt(password, n, r, p, salt), digest)


class People:
    """The people of a file, which may change while the server runs; what cannot be read then is left as it was."""

    def __init__(self, path: Path, state: Path) -> None:
        """`state` is the folder that keeps the cookies' key. Errors: as `read`; `UsageError` file_unwritable."""
        self._path = path
        self._register = read(path)
        self._seen = self._stamp()
        self._key = _key(state / KEY_FILE)
        self._nobody = hashed(secrets.token_hex())

    def _stamp(self) -> tuple[int, int]:
        stat = self._path.stat()
        return stat.st_mtime_ns, stat.st_size

    def _now(self) -> Register:
        with suppress(OSError, UsageError):
            if (stamp := self._stamp()) != self._seen:
                self._register, self._seen = read(self._path), stamp
        return self._register

    def knows(self, name: str, password: str) -> bool:
        """Whether this is the person's password; takes as long for a name that nobody has."""
        kept = self._now().passwords.get(name)
        return _matches(password, kept or self._nobody) and kept is not None

    def of_token(self, token: str) -> str | None:
        """Whose token it is."""
        return self._now().tokens.get(hashed_token(token))

    def session(self, name: str) -> str:
        """A signed cookie that lasts `SESSION_S` seconds, or until the password changes."""
        head = f"{urlsafe_b64encode(name.encode()).decode()}.{int(time.time()) + SESSION_S}"
        return f"{head}.{self._signature(head, name)}"

    def of_session(self, cookie: str) -> str | None:
        """Whose cookie it is, if it is one of ours, of somebody who is still there, and not too old."""
        head, _, signature = cookie.rpartition(".")
        encoded, _, until = head.partition(".")
        try:
            name = urlsafe_b64decode(encoded.encode()).decode()
            is_over = int(until) < time.time()
        except ValueError:
            return None
        known = name in self._now().passwords and not is_over
        return name if known and hmac.compare_digest(signature, self._signature(head, name)) else None

    def _signature(self, head: str, name: str) -> str:
        signed = f"{head}.{self._register.passwords.get(name, '')}".encode()
        return hmac.new(self._key, signed, hashlib.sha256).hexdigest()


def _key(path: Path) -> bytes:
    """The key of cookies, made once and kept, so that a restart signs nobody out."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _write(path, secrets.token_bytes(32))
        return path.read_bytes()
    except OSError as error:
        raise UsageError("file_unwritable", path=path, reason=error.strerror or error) from error


def _write(path: Path, data: bytes) -> None:
    """Put a file in place whole, readable by nobody else."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)


# Changing the file ----------------------------------------------------------------------------------------------------


def change(path: Path, name: str, kind: str, value: str | None) -> None:
    """Add a person's token, set a person's password, or (without a value) strike out every line of the person."""
    name = unicodedata.normalize("NFC", name)
    if not is_name(name):
        raise UsageError("person_invalid", name=name, longest=LONGEST_NAME)
    lines = _lines(path) if path.exists() else []
    struck = f"{name}:" if value is None else f"{name}:password:" if kind == "password" else "\n"
    kept = [line for line in lines if not line.startswith(struck)]
    added = [f"{name}:{kind}:{value}"] if value is not None else []
    try:
        _write(path, "".join(f"{line}\n" for line in (*kept, *added)).encode())
    except OSError as error:
        raise UsageError("file_unwritable", path=path, reason=error.strerror or error) from error


def main(argv: Sequence[str] | None = None) -> int:
    """`python -m assistant.web.people FILE NAME [--token | --remove]`."""
    language = messages.interface_language("auto")
    parser = argparse.ArgumentParser(prog="python -m assistant.web.people", description="Add a person who may sign in.")
    parser.add_argument("file", type=Path, help="the file named in [web] auth_file")
    parser.add_argument("name")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--token", action="store_true", help="make a token for the HTTP API and print it, once")
    what.add_argument("--remove", action="store_true", help="strike the person out, with every token")
    arguments = parser.parse_args(argv)
    try:
        if arguments.token:
            token = secrets.token_urlsafe(32)
            change(arguments.file, arguments.name, "token", hashed_token(token))
            print(token)
        elif arguments.remove:
            change(arguments.file, arguments.name, "", None)
        else:
            password = _asked(messages.say("password_for", language, name=arguments.name) + " ")
            change(arguments.file, arguments.name, "password", hashed(password))
    except AssistantError as error:
        message = messages.explain(error, language)
        print(f"{message.text}\n{message.hint}", file=sys.stderr)
        return error.exit_status
    print(messages.say("people_changed", language, path=arguments.file, name=arguments.name), file=sys.stderr)
    return 0


def _asked(prompt: str) -> str:
    """The password, typed unseen, or one line of standard input."""
    password = getpass.getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    if len(password) < SHORTEST_PASSWORD:
        raise UsageError("password_short", least=SHORTEST_PASSWORD)
    return password


if __name__ == "__main__":
    sys.exit(main())
