"""Who is let in: whoever bears the key; where there is none, whoever asks for this machine.

A page of a foreign site can let its own name point to 127.0.0.1 and have a browser on this
machine read what is served there (DNS rebinding). Such a request names the foreign site as
its Host, or as its Origin.
"""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable
from secrets import compare_digest

from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

Headers = dict[str, str]
Recognise = Callable[[bytes], bool]
"""Whether a bearer's token was issued here, besides the key."""

Refuse = Callable[[int, str, Headers], ASGIApp]
"""Makes the answer of a status, in the shape that the asked one's errors have."""

_THIS_MACHINE = re.compile(rb"(?i)(https?://)?(localhost|127\.0\.0\.1|\[::1\])(:[0-9]+)?")
_CHALLENGE = {"WWW-Authenticate": 'Bearer, Basic realm="entrasim"'}


def guarded(
    app: ASGIApp,
    key: str | None,
    refuse: Refuse,
    *,
    recognise: Recognise = lambda _token: False,
    is_open: Callable[[str], bool] = lambda _path: False,
) -> ASGIApp:
    """An application that answers only to those who are let in.

    The key is borne as a bearer's token, or as the password by which a browser reads; with
    that nothing can be changed, since a browser sends it along for foreign pages, too. A
    bearer's token that is recognised does as well. Open paths ask for no key where there is one.
    """
    expected = None if key is None else key.encode()

    async def asked(scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        if expected is None and not _asks_this_machine(headers):
            found = refuse(421, "without a key only this machine is answered, by its name", {})
        elif (
            expected is not None
            and not is_open(scope.get("path", ""))
            and not _bears(expected, recognise, headers, scope.get("method", ""))
        ):
            found = refuse(401, "the token is missing, or another one", _CHALLENGE)
        else:
            found = app
        await found(scope, receive, send)

    return asked


def same(given: bytes, expected: bytes) -> bool:
    """Whether two secrets are the same; how long that takes says nothing of them."""
    return compare_digest(given, expected)


def _asks_this_machine(headers: dict[bytes, bytes]) -> bool:
    host, origin = headers.get(b"host", b""), headers.get(b"origin")
    named = (host,) if origin is None else (host, origin)
    return all(_THIS_MACHINE.fullmatch(name) for name in named)


def _bears(expected: bytes, recognise: Recognise, headers: dict[bytes, bytes], method: str) -> bool:
    scheme, _, given = headers.get(b"authorization", b"").partition(b" ")
    match scheme.lower():
        case b"bearer":
            return same(given.strip(), expected) or recognise(given.strip())
        case b"basic" if method in {"GET", "HEAD"}:
            return same(_password(given), expected)
    return False


def _password(given: bytes) -> bytes:
    try:
        return b64decode(given).partition(b":")[2]
    except ValueError:
        return b""
