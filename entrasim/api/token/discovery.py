"""The documents by which clients find the token endpoint.

Source: learn.microsoft.com/entra/identity-platform/v2-protocols-oidc; what entrasim doesn't
offer, such as signing in as a person, is left out but for `authorization_endpoint`, which MSAL
insists on.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit


def openid_document(base: str, tenant: str) -> dict[str, Any]:
    """A tenant's OpenID configuration."""
    here = f"{base}/{tenant}"
    return {
        "token_endpoint": f"{here}/oauth2/v2.0/token",
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "jwks_uri": f"{here}/discovery/v2.0/keys",
        "response_modes_supported": ["query", "fragment", "form_post"],
        "response_types_supported": ["code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "scopes_supported": ["openid"],
        "grant_types_supported": ["client_credentials"],
        "issuer": f"{here}/v2.0",
        "authorization_endpoint": f"{here}/oauth2/v2.0/authorize",
        "tenant_region_scope": None,
        "cloud_instance_name": urlsplit(base).netloc,
        "msgraph_host": urlsplit(base).netloc,
    }


def instance_document(base: str, tenant: str) -> dict[str, Any]:
    """Which clouds there are: this one."""
    host = urlsplit(base).netloc
    return {
        "tenant_discovery_endpoint": f"{base}/{tenant}/v2.0/.well-known/openid-configuration",
        "api-version": "1.1",
        "metadata": [{"preferred_network": host, "preferred_cache": host, "aliases": [host]}],
    }


def keys_document(keys: list[dict[str, Any]]) -> dict[str, Any]:
    """The keys that tokens are signed by."""
    return {"keys": keys}
