"""TLS by a CA of one's own: made once, kept, and its server's certificate renewed in time.

The folder holds `ca.pem`, which clients are told to trust, `ca-key.pem`, and `server.pem`, the
server's certificate with its key. Keys are readable for their owner alone.
"""

from __future__ import annotations

import logging
import socket
import ssl
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509

from entrasim.errors import ConfigurationError, StateError
from entrasim.protection import certificates
from entrasim.protection.certificates import Key, Signed
from entrasim.protection.private_files import private_folder, read_if_there, write_whole

_log = logging.getLogger(__name__)

_DAY = timedelta(days=1)
_ALWAYS = ("localhost", "127.0.0.1", "::1")
_EVERY_ADDRESS = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - looked for, not listened at


class LocalTls:
    """A server's side of TLS, by the CA that lives in a folder.

    Attributes:
        ca: the certificate that clients are told to trust.
        context: what a server is given; a certificate that nears its end is renewed while it
            serves.
    """

    def __init__(self, folder: Path, host: str, *, now: Callable[[], datetime]) -> None:
        """Find or make CA and certificate; several may do so at once.

        Raises:
            StateError: the folder can't be used, or the CA in it can't.
        """
        self.ca = folder / "ca.pem"
        self._folder, self._now, self._names = folder, now, _names_of(host)
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._looked_at = self._renew()
        self.context.sni_callback = self._on_hello  # also called for clients that name no host

    def _on_hello(self, _connection: object, _name: object, _context: object) -> None:
        """Look once a day whether to renew, so that years of serving need no restart."""
        now = self._now()
        if now - self._looked_at < _DAY:
            return
        self._looked_at = now
        try:
            self._renew()
        except StateError as error:  # the present one is good for a month yet
            _log.warning("the server's certificate was not renewed: %s", error)

    def _renew(self) -> datetime:
        now, path = self._now(), self._folder / "server.pem"
        with private_folder(self._folder):
            authority = _authority(self._folder, now)
            found = _server(read_if_there(path))
            if found is None or not certificates.serves(found, authority, self._names, now):
                made = certificates.new_server(authority, self._names, now)
                pem = certificates.in_pem(made.certificate)
                write_whole(path, certificates.key_in_pem(made.key) + pem)
            self.context.load_cert_chain(path)
        return now


def given_tls(certificate: Path, key: Path | None) -> ssl.SSLContext:
    """A server's side of TLS by a certificate, with its chain, that somebody else issued.

    Raises:
        ConfigurationError: the files hold no certificate and its key.
    """
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(certificate, key)
    except OSError as error:
        reason = error.strerror or error
        told = f"service.tls_certificate {certificate}: is no certificate with its key: {reason}"
        raise ConfigurationError(told) from None
    return context


def _authority(folder: Path, now: datetime) -> Signed:
    """The CA of a folder; its key is there before its certificate, which follows from the key."""
    key_path, path = folder / "ca-key.pem", folder / "ca.pem"
    key = _key(key_path)
    if key is None:
        key = certificates.new_key()
        write_whole(key_path, certificates.key_in_pem(key))
    found = _certificate(read_if_there(path))
    if found is None or found.public_key() != key.public_key():
        made = certificates.new_authority(key, now)
        write_whole(path, certificates.in_pem(made.certificate), mode=0o644)
        return made
    if found.not_valid_after_utc <= now:
        raise StateError(
            f"{path}: the CA has come to its end; remove {folder} to have another one made, and "
            "give that to the clients"
        )
    return Signed(found, key)


def _key(path: Path) -> Key | None:
    content = read_if_there(path)
    try:
        return None if content is None else certificates.key_from(content)
    except (ValueError, TypeError):
        raise StateError(
            f"{path}: is no private key; bring it back, or remove {path.parent} to have another "
            "CA made, and give that to the clients"
        ) from None


def _server(content: bytes | None) -> Signed | None:
    certificate = _certificate(content)
    if content is None or certificate is None:
        return None
    try:
        return Signed(certificate, certificates.key_from(content))
    except (ValueError, TypeError):
        return None


def _certificate(content: bytes | None) -> x509.Certificate | None:
    try:
        return None if content is None else x509.load_pem_x509_certificate(content)
    except ValueError:
        return None


def _names_of(host: str) -> tuple[str, ...]:
    """What clients may call this machine by."""
    return (*_ALWAYS, socket.gethostname().lower() if host in _EVERY_ADDRESS else host)
