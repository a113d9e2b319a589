"""How the daemon proves who it is: by a CA of its own, or by a certificate somebody issued."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from entrasim.config import Configuration


@dataclass(frozen=True, slots=True)
class ServerTls:
    """What a server is given, and what its clients are told to trust; nothing for plain HTTP."""

    context: ssl.SSLContext | None = None
    ca: Path | None = None


def server_tls(configuration: Configuration, *, by_local_ca: bool) -> ServerTls:
    """TLS as configured or asked for; a certificate of the configuration comes first.

    Raises:
        ConfigurationError: the configured certificate can't be used.
        StateError: the local CA can't be made, kept or used.
    """
    if (given := configuration.certificate) is not None:
        from entrasim.protection.local_tls import given_tls  # noqa: PLC0415 - slow to import

        return ServerTls(given_tls(given.certificate, given.key))
    if not by_local_ca:
        return ServerTls()
    from entrasim.bootstrap import state_folder  # noqa: PLC0415 - likewise
    from entrasim.protection.local_tls import LocalTls  # noqa: PLC0415 - likewise

    folder, host = state_folder(configuration) / "tls", configuration.service.host
    # By the system's clock, as clients look at certificates.
    local = LocalTls(folder, host, now=lambda: datetime.now(UTC))
    return ServerTls(local.context, local.ca)
