"""Sign in to Graph, by azure-identity or by a token that is given."""

from __future__ import annotations

import logging
import sys
from types import TracebackType
from typing import Any, Self

from azure.core.credentials import AccessToken
from azure.core.credentials_async import AsyncTokenCredential
from azure.identity.aio import (
    AzureCliCredential,
    CertificateCredential,
    ClientSecretCredential,
    DefaultAzureCredential,
    ManagedIdentityCredential,
    WorkloadIdentityCredential,
)

from entrasim.directory.graph.diagnosing import without_secrets
from entrasim.directory.graph.source import GraphSource
from entrasim.errors import ConfigurationError


class GivenToken:
    """A token that somebody else has got; nobody knows how long it lives."""

    def __init__(self, token: str) -> None:
        self._token = AccessToken(token, sys.maxsize)

    async def get_token(
        self,
        *scopes: str,
        claims: str | None = None,
        tenant_id: str | None = None,
        enable_cae: bool = False,
        **kwargs: Any,  # noqa: ANN401 - azure's own
    ) -> AccessToken:
        """The token, whatever it is asked for."""
        del scopes, claims, tenant_id, enable_cae, kwargs
        return self._token

    async def close(self) -> None:
        """Nothing is open."""

    async def __aenter__(self) -> Self:
        """Nothing to open."""
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None = None,
        exc_value: BaseException | None = None,
        traceback: TracebackType | None = None,
    ) -> None:
        """Nothing to close."""


def credential_of(source: GraphSource) -> AsyncTokenCredential:
    """The credential that a source names; nothing is sent yet.

    What fails is told once, by whoever asked for the token, so azure-identity logs nothing.

    Raises:
        ConfigurationError: it can't be made of what is given, such as a broken certificate.
    """
    logging.getLogger("azure.identity").setLevel(logging.CRITICAL)
    try:
        return _made(source)
    except (ValueError, OSError) as error:
        key = "certificate" if source.credential == "certificate" else "credential"
        raise ConfigurationError(
            f"{source.place}.{key}: {without_secrets(str(error), source)}"
        ) from None


def _made(source: GraphSource) -> AsyncTokenCredential:
    options: dict[str, Any] = {"retry_total": 0}  # who asks is patient already
    if source.authority is not None:
        options["authority"] = source.authority
        options["disable_instance_discovery"] = source.authority_is_own
    if source.ca_file is not None:
        options["connection_verify"] = str(source.ca_file)
    match source.credential:
        case "secret":
            return ClientSecretCredential(
                source.tenant_id, source.client_id or "", source.client_secret or "", **options
            )
        case "certificate":
            return CertificateCredential(
                source.tenant_id,
                source.client_id or "",
                str(source.certificate),
                password=source.certificate_password,
                **options,
            )
        case "workload":
            return WorkloadIdentityCredential(
                tenant_id=source.tenant_id, client_id=source.client_id, **options
            )
        case "managed-identity":
            return ManagedIdentityCredential(client_id=source.client_id)
        case "cli":
            return AzureCliCredential(tenant_id=source.tenant_id)
        case "default":
            return DefaultAzureCredential(**options)
        case "token":
            return GivenToken(source.token or "")
