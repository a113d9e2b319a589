"""Which Graph is read, as whom, and for which application."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import SplitResult, urlsplit

CredentialKind = Literal[
    "secret", "certificate", "workload", "managed-identity", "cli", "default", "token"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class GraphSource:
    """Which Graph is read, as whom, and for which application.

    Attributes:
        place: the table of the configuration that says so, for what people are told.
        base_url: where Graph is, with its version: `https://graph.microsoft.com/v1.0`.
        scope: what a token is asked for.
        authority: who gives tokens; None leaves it to the credential.
        authority_is_own: whether it is none of Microsoft's, which knows no instance discovery.
        ca_file: the authority that vouches for both servers, instead of the system's.
        service_principal_id: the application; without it, it is looked up by `application`.
        managers: whether the delta tells who manages whom, or each reading asks for it.
    """

    place: str
    base_url: str
    scope: str
    tenant_id: str
    credential: CredentialKind
    authority: str | None = None
    authority_is_own: bool = False
    client_id: str | None = None
    client_secret: str | None = field(default=None, repr=False)
    certificate: Path | None = None
    certificate_password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    ca_file: Path | None = None
    service_principal_id: str | None = None
    application: str | None = None
    managers: Literal["delta", "expand"] = "delta"

    @property
    def address(self) -> SplitResult:
        """The parts of the base URL."""
        return urlsplit(self.base_url)

    def is_ours(self, link: str) -> bool:
        """Whether a link leads to this very Graph, so that the token may go there."""
        try:
            there, here = urlsplit(link), self.address
            same_port = there.port == here.port
        except ValueError:
            return False
        known = (there.scheme, there.hostname, there.username) == (here.scheme, here.hostname, None)
        return known and same_port
