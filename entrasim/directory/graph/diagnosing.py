"""What is wrong when Graph refuses, and where a person sets it right."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

import msgspec

from entrasim.directory.graph.pages import UNREADABLE
from entrasim.directory.graph.source import GraphSource
from entrasim.errors import SourceError
from entrasim.transport import (
    Answer,
    NoAnswerError,
    NotSentError,
    TlsError,
    TransportError,
    UntrustedServerError,
)

_GRANT = (
    "grant it in the Entra admin center under App registrations > (the application that signs "
    "in) > API permissions > Application permissions, and grant admin consent there"
)
_PERMISSIONS = (
    ("/directory/deletedItems/microsoft.graph.group", "Group.Read.All"),
    ("/directory/deletedItems/", "User.Read.All"),
    ("/servicePrincipals", "Application.Read.All"),
    ("/groups", "GroupMember.Read.All"),
    ("/users/{id}/memberOf", "GroupMember.Read.All"),
    ("/users", "User.Read.All"),
)
"""The least privileged ones, from the page of each call (learn.microsoft.com/graph/api)."""

_SIGN_IN = {
    "90002": ("tenant_id", "Entra knows no tenant {tenant_id}"),
    "900023": ("tenant_id", "{tenant_id} is no id of a tenant"),
    "50059": ("tenant_id", "Entra can't tell which tenant is meant"),
    "700016": ("client_id", "tenant {tenant_id} has no application {client_id}"),
    "900144": ("client_id", "it is missing"),
    "7000215": ("client_secret", "it is not the secret of {client_id}; give its value, not its id"),
    "7000222": ("client_secret", "it has expired; make a new one under Certificates & secrets"),
    "7000218": ("credential", "the application asks for a secret or certificate"),
    "700027": ("certificate", "it is none that was uploaded for {client_id}, or has expired"),
    "7000112": ("client_id", "application {client_id} is disabled in tenant {tenant_id}"),
    "700211": ("credential", "no federated identity credential of {client_id} has that issuer"),
    "700212": ("credential", "no federated identity credential of {client_id} has that audience"),
    "700213": ("credential", "no federated identity credential of {client_id} has that subject"),
    "500011": ("cloud", "the tenant's cloud has no Graph at that address"),
    "900382": ("cloud", "the tenant belongs to another cloud"),
    "53003": ("client_id", "a policy of Conditional Access forbids it to sign in"),
}
"""learn.microsoft.com/entra/identity-platform/reference-error-codes"""

_KEYS = {"secret": "client_secret", "certificate": "certificate", "token": "token"}
"""Where a kind of credential stands, if it isn't `credential` itself that chose it."""

_LONGEST = 200
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]+")
_CODE = re.compile(r"AADSTS(\d+)")
_RESET = frozenset({"syncstatenotfound", "syncstateinvalid", "resyncrequired"})
_GONE, _BAD_REQUEST = 410, 400
_NO_ID = "Invalid object identifier"  # what Graph says of an id that is no GUID


class StateLostError(SourceError):
    """Graph doesn't know any more what it told last: read the whole directory anew."""


class AbsentError(SourceError):
    """Graph has nothing of that id."""


class _Told(msgspec.Struct):
    code: str = ""
    message: str = ""


class _Body(msgspec.Struct):
    error: _Told = msgspec.field(default_factory=_Told)


def refusal(answer: Answer, url: str, source: GraphSource) -> SourceError:
    """Say of an answer that is none what it means."""
    told, path = _told(answer), urlsplit(url).path.removeprefix(source.address.path)
    message = printable(told.message)[:_LONGEST]
    said = f"{answer.status} {printable(told.code)[:_LONGEST]}: {message}".rstrip(": ")
    if answer.status == _GONE or _is_reset(answer.status, told.code):
        return StateLostError(f"Graph lost the state of {path} ({said})")
    match answer.status:
        case 401:
            key = _KEYS.get(source.credential, "credential")
            return SourceError(f"Graph refuses the token ({said}); correct {source.place}.{key}")
        case 403:
            return SourceError(
                f"Graph forbids to read {path} ({said}); it takes the permission "
                f"{_permission(path)}: {_GRANT}"
            )
        case 404 | 400 if answer.status != _BAD_REQUEST or _NO_ID in told.message:
            if not told.code:
                key = f"{source.place}.base_url"
                return SourceError(f"{key}: what answers there is no Graph ({said} for {path})")
            return AbsentError(f"Graph has nothing at {path} ({said})")
        case _:
            times = f" to {answer.times} requests" * (answer.times > 1)
            return SourceError(f"Graph answered {said}{times} for {path}; nothing was written")


def refused_sign_in(text: str, source: GraphSource) -> SourceError:
    """Say why there is no token, by the code that Entra gives, without its secrets."""
    found = _CODE.search(text)
    code = found.group(1) if found else ""
    if code in _SIGN_IN:
        key, why = _SIGN_IN[code]
        known = why.format(tenant_id=source.tenant_id, client_id=source.client_id)
        return SourceError(f"{source.place}.{key}: {known} (AADSTS{code})")
    said = f"AADSTS{code}" if code else without_secrets(text, source)
    return SourceError(f"{source.place}.credential: no token for Graph: {said}")


def no_sign_in(error: BaseException, source: GraphSource) -> TransportError:
    """Say why whoever gives tokens can't be reached, and whether that may pass."""
    where = f"signing in at {source.authority}" if source.authority else "signing in"
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return UntrustedServerError(f"{where}: {cause.verify_message}")
        if isinstance(cause, ssl.SSLError):
            return TlsError(f"{where}: no TLS connection: {cause.reason}")
    for cause in causes:
        if isinstance(cause, OSError) and cause.strerror:
            return NotSentError(f"{where}: {cause.strerror}")
    return NoAnswerError(f"{where}: {without_secrets(str(error), source)}")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """What led to an error, the first cause first."""
    if error is not None:
        yield from _causes(error.__cause__ or error.__context__)
        yield error


def no_service_principal(source: GraphSource) -> SourceError:
    """Say that the application isn't there, and what is often taken for its id."""
    return SourceError(
        f"{source.place}.service_principal_id: tenant {source.tenant_id} has no service "
        f"principal {source.service_principal_id}; give the Object ID that the Entra admin center "
        "shows under Enterprise applications > (the application) > Properties, not that of the "
        "app registration"
    )


def without_secrets(text: str, source: GraphSource) -> str:
    """The first line of a text, short, and without what the configuration keeps secret."""
    for secret in (source.client_secret, source.certificate_password, source.token):
        text = text.replace(secret, "***") if secret else text
    return printable(text.strip().partition("\n")[0])[:_LONGEST]


def printable(text: str) -> str:
    """A text of Graph's without what would steer a terminal."""
    return _UNPRINTABLE.sub(" ", text)


def _told(answer: Answer) -> _Told:
    try:
        return msgspec.json.decode(answer.content, type=_Body).error
    except UNREADABLE:
        return _Told()


def _is_reset(status: int, code: str) -> bool:
    return 400 <= status < 500 and code.casefold() in _RESET  # noqa: PLR2004 - the 400-class


def _permission(path: str) -> str:
    plain = re.sub(r"^/users/[^/]+/memberOf", "/users/{id}/memberOf", path)
    return next((known for start, known in _PERMISSIONS if plain.startswith(start)), "it names")
