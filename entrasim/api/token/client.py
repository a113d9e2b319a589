"""What an application says of itself when it asks for a token."""

from __future__ import annotations

from base64 import b64decode
from typing import Literal
from urllib.parse import parse_qsl, unquote_plus

from msgspec import Struct

from entrasim.api.token.sign_in_error import SignInError, missing
from entrasim.protection.admission import same

_MOST_PARAMETERS = 50
_ANYTHING = "/.default"
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


class Application(Struct, frozen=True, kw_only=True):
    """An application that asks for a token by client credentials.

    Attributes:
        audience: the resource that the token is for.
        proof: the secret, or the assertion that it signed.
    """

    id: str
    audience: str
    proof: str
    kind: Literal["secret", "assertion"]

    def proves_itself(self, secret: str | None) -> bool:
        """Whether the proof is right; where no secret is set, any one is.

        An assertion is signed by a certificate, and none is registered beside a secret.
        """
        if secret is None:
            return True
        return self.kind == "secret" and same(self.proof.encode(), secret.encode())

    def __repr__(self) -> str:
        return f"Application({self.id!r})"  # the proof is nobody's business


def read_application(body: bytes, authorization: str = "") -> Application:
    """An application from the form that it sent, or its id and secret from the header.

    Raises:
        SignInError: what is missing, or can't be granted.
    """
    form = {**_basic(authorization), **_form(body)}
    grant = _given(form, "grant_type")
    if grant != "client_credentials":
        told = f"The app requested an unsupported grant type '{grant:.60}'."
        raise SignInError(400, "unsupported_grant_type", 70003, told)
    client, scope = _given(form, "client_id"), _given(form, "scope")
    if not scope.endswith(_ANYTHING) or " " in scope.strip():
        told = (
            f"The provided value for scope {scope:.200} is not valid. Client credential flows must "
            "have a scope value with /.default suffixed to the resource identifier (application "
            "ID URI)."
        )
        raise SignInError(400, "invalid_scope", 1002012, told)
    proof, kind = _proof(form)
    return Application(id=client, audience=scope.removesuffix(_ANYTHING), proof=proof, kind=kind)


def _proof(form: dict[str, str]) -> tuple[str, Literal["secret", "assertion"]]:
    if secret := form.get("client_secret"):
        return secret, "secret"
    if assertion := form.get("client_assertion"):
        if form.get("client_assertion_type") != _ASSERTION:
            raise missing("client_assertion_type")
        return assertion, "assertion"
    told = (
        "'client_assertion', 'client_secret' or 'request' is required for the "
        "'client_credentials' grant type."
    )
    raise SignInError(401, "invalid_client", 7000216, told)


def _given(form: dict[str, str], name: str) -> str:
    if not (value := form.get(name, "").strip()):
        raise missing(name)
    return value


def _basic(authorization: str) -> dict[str, str]:
    """RFC 6749 §2.3.1: id and secret as name and password, each encoded as in a form."""
    scheme, _, given = authorization.partition(" ")
    if scheme.lower() != "basic":
        return {}
    try:
        client, _, secret = b64decode(given, validate=True).decode().partition(":")
    except ValueError:
        raise SignInError(400, "invalid_request", 90013, "The header is no Basic one.") from None
    return {"client_id": unquote_plus(client), "client_secret": unquote_plus(secret)}


def _form(body: bytes) -> dict[str, str]:
    """The parameters of a form; of one that comes twice, the first (RFC 6749 §3.2 forbids it)."""
    try:
        pairs = parse_qsl(body.decode(), max_num_fields=_MOST_PARAMETERS)
    except ValueError:
        raise SignInError(400, "invalid_request", 90013, "The request body is no form.") from None
    return dict(reversed(pairs))
