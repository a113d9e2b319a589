"""The target in SCIM 2.0, as Entra's client speaks it."""

from entrasim.scim.target import ScimTarget
from entrasim.scim.tenant_url import TenantUrl

__all__ = ["ScimTarget", "TenantUrl"]
