"""A state database's address: read, completed, and as people may see it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from entrasim.errors import ConfigurationError

_EXPECTED = "expected sqlite:///PATH or postgresql+psycopg://USER@HOST/NAME"
_WAIT = "10"  # seconds that SQLite waits for another process's commit


def parse(address: str) -> URL:
    """The URL that an address is; of a file with its whole path, and how long to wait for it.

    Raises:
        ConfigurationError: it names no database that can be used.
    """
    try:
        url = make_url(address)
    except (ArgumentError, ValueError):
        # What was raised may quote the address, and with it a password.
        raise ConfigurationError(f"service.state is no database address; {_EXPECTED}") from None
    if url.drivername not in {"sqlite", "postgresql+psycopg"}:
        raise ConfigurationError(f"service.state: {url.drivername} can't be used; {_EXPECTED}")
    return _complete(url) if url.drivername == "sqlite" else url


def _complete(url: URL) -> URL:
    if url.database in {None, "", ":memory:"} or url.host or set(url.query) - {"timeout"}:
        raise ConfigurationError("service.state needs a file; expected sqlite:///PATH")
    wait = str(url.query.get("timeout", _WAIT))
    if not wait.isdecimal():
        raise ConfigurationError("service.state: timeout is a number of seconds")
    path = Path(url.database or "").absolute()
    return url.set(database=str(path), query={"timeout": wait})


def shown(url: URL) -> str:
    """A database's address as people may see it: no password, and no parameters."""
    if url.drivername == "sqlite":
        return str(url.database)
    return url.set(query={}).render_as_string(hide_password=True)


def without_password(text: str, url: URL) -> str:
    """A driver's message on one line, whatever it repeats of the address."""
    secrets = (url.password, url.query.get("password"), url.query.get("sslpassword"))
    for secret in filter(None, secrets):
        text = text.replace(str(secret), "***")
    return " ".join(text.split())
