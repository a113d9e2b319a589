"""Ports for people: the usual one, the next free one, or exactly the one asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from entrasim.cli import output
from entrasim.errors import ConfigurationError
from entrasim.serving import AsgiServer

S = TypeVar("S", bound=AsgiServer)

_NEXT = 20  # ports after the usual one that are tried


async def listen(make: Callable[[int], S], *, asked: int | None, default: int) -> S:
    """Start a server on the port asked for, else on the usual one or the next that is free.

    Raises:
        ConfigurationError: the port that was asked for can't be had.
    """
    ports = range(default, default + _NEXT) if asked is None else [asked]
    for port in ports:
        server = make(port)
        try:
            await server.start()
        except (OSError, OverflowError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            continue
        if asked is None and port != default:
            output.note(f"Port {default} is taken; port {port} is used instead.")
        return server
    raise ConfigurationError(f"port {ports[0]}: {reason}; name another one")
