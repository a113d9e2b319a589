"""The tenant URL: where the endpoint is, and which dialect it asks for.

Source: learn.microsoft.com/entra/identity/app-provisioning/
application-provisioning-config-problem-scim-compatibility
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlsplit

from entrasim.errors import ConfigurationError
from entrasim.scim.encoding import encode_segment

_FLAGS = {"aadoptscim062020": True, "azureadscimpatch2017": False}
_STANDARD_PORTS = {"http": 80, "https": 443}
_AS_WRITTEN = "%/:?@!$&'()*+,;=~"


@dataclass(frozen=True, slots=True)
class TenantUrl:
    """A tenant URL, taken apart.

    Attributes:
        base: scheme, host, port and path, normalised, without a slash at the end; it is
            the identity that links belong to.
        query: parameters of the user's own, kept on every request.
        compliant: whether the compliant dialect was asked for (`aadOptscim062020`); the old
            one is the default, and `AzureAdScimPatch2017` says so.
    """

    base: str
    query: str
    compliant: bool

    @classmethod
    def parse(cls, text: str) -> TenantUrl:
        """Take a tenant URL apart; the flags in its query are for us and are not sent.

        Raises:
            ConfigurationError: it is no http(s) URL, or carries a password or a fragment.
        """
        try:
            parts = urlsplit(text.strip())
            base = _base(parts)
        except ValueError as error:
            raise ConfigurationError(f"target.base_url is no URL: {error}") from None
        compliant, kept = False, []
        for parameter in filter(None, parts.query.split("&")):
            flag = _FLAGS.get(parameter.partition("=")[0].casefold())
            if flag is None:
                kept.append(quote(parameter, safe=_AS_WRITTEN))
            else:
                compliant = flag
        return cls(base, "&".join(kept), compliant)

    def of(self, endpoint: str, target_id: str | None = None, query: str = "") -> str:
        """A request's URL. An id is one segment of the path, whatever is in it."""
        path = endpoint if target_id is None else f"{endpoint}/{encode_segment(target_id)}"
        parameters = "&".join(filter(None, (self.query, query)))
        return f"{self.base}/{path}" + (f"?{parameters}" if parameters else "")


def _base(parts: SplitResult) -> str:
    host, port = parts.hostname, parts.port
    if parts.scheme not in _STANDARD_PORTS or not host:
        raise ConfigurationError("target.base_url must look like https://host/scim/v2")
    if parts.username is not None or parts.fragment:
        raise ConfigurationError(
            "target.base_url must have neither user, password nor fragment (#); "
            "the token goes into target.token"
        )
    host = f"[{host}]" if ":" in host else host
    address = host if port in {None, _STANDARD_PORTS[parts.scheme]} else f"{host}:{port}"
    return f"{parts.scheme}://{address}{quote(parts.path, safe=_AS_WRITTEN).rstrip('/')}"
