"""Access tokens: issued, and recognised again."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from entrasim.errors import StateError
from entrasim.protection.private_files import private_folder, read_if_there, write_whole

LIFE = timedelta(seconds=3599)
"""How long a token lasts, by the real time that clients live by."""

_ALGORITHM = "RS256"
_TOO_LONG = 8192  # bytes of a bearer's token; ours have about a thousand


class TokenIssuer:
    """Signs access tokens by a key of its own.

    The key is made when it is needed. With a file it is kept there, so that tokens outlive
    the process; without one it goes with the process.
    """

    def __init__(
        self,
        key_file: Path | None = None,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._file, self._now = key_file, now
        self._known: rsa.RSAPrivateKey | None = None
        self._turn = Lock()

    def issue(self, *, issuer: str, audience: str, tenant: str, client: str) -> str:
        """A token for an application.

        Raises:
            StateError: the key can't be read or kept.
        """
        # learn.microsoft.com/entra/identity-platform/access-token-claims-reference
        issued = int(self._now().timestamp())
        claims = {
            "aud": audience,
            "iss": issuer,
            "iat": issued,
            "nbf": issued,
            "exp": issued + int(LIFE.total_seconds()),
            "appid": client,
            "appidacr": "1",
            "idp": issuer,
            "sub": client,
            "tid": tenant,
            "uti": uuid4().hex,
            "ver": "1.0",
        }
        headers = {"kid": self._public()["kid"]}
        return jwt.encode(claims, self._key, algorithm=_ALGORITHM, headers=headers)

    def accepts(self, token: bytes) -> bool:
        """Whether a token was issued here and has not come to its end."""
        if len(token) > _TOO_LONG or not self._has_key:
            return False
        try:
            jwt.decode(
                token,
                self._key.public_key(),
                algorithms=[_ALGORITHM],
                options={"require": ["exp", "iat", "tid"], "verify_aud": False},
            )
        except (jwt.InvalidTokenError, StateError):
            return False
        return True

    def keys(self) -> list[dict[str, Any]]:
        """The public key, as a JSON Web Key Set lists it (RFC 7517)."""
        return [self._public()]

    @property
    def _has_key(self) -> bool:
        return self._known is not None or (self._file is not None and self._file.exists())

    @property
    def _key(self) -> rsa.RSAPrivateKey:
        with self._turn:
            if self._known is None:
                self._known = _new_key() if self._file is None else _kept_key(self._file)
            return self._known

    def _public(self) -> dict[str, Any]:
        found = json.loads(RSAAlgorithm.to_jwk(self._key.public_key()))
        named = json.dumps({name: found[name] for name in ("e", "kty", "n")}, separators=(",", ":"))
        thumbprint = sha256(named.encode()).digest()  # RFC 7638
        kid = urlsafe_b64encode(thumbprint).decode().rstrip("=")
        return {"kty": "RSA", "use": "sig", "kid": kid, "n": found["n"], "e": found["e"]}


def _new_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _kept_key(path: Path) -> rsa.RSAPrivateKey:
    with private_folder(path.parent):
        content = read_if_there(path)
        if content is None:
            key = _new_key()
            write_whole(path, _in_pem(key))
            return key
    try:
        found = serialization.load_pem_private_key(content, password=None)
    except (ValueError, TypeError):
        found = None
    if not isinstance(found, rsa.RSAPrivateKey):
        raise StateError(f"{path}: is no RSA key; remove it to have another one made")
    return found


def _in_pem(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
