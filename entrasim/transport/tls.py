"""Whom to believe that they are who they say."""

from __future__ import annotations

import ssl
from pathlib import Path

from entrasim.errors import ConfigurationError


def verifying(ca_file: Path | None) -> ssl.SSLContext:
    """TLS that verifies servers, by the system's authorities or by those of a file alone.

    Raises:
        ConfigurationError: the file holds no certificate.
    """
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        raise ConfigurationError(f"ca_file {ca_file}: no CA certificate: {error}") from None
