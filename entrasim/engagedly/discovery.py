"""What the endpoint says of itself: /Schemas, /ResourceTypes, /ServiceProviderConfig."""

from __future__ import annotations

from functools import cache
from typing import Any

Json = dict[str, Any]


@cache
def documents() -> dict[str, list[Json]]:
    """The resources of each discovery endpoint, as scim2-models describes them."""
    from scim2_models import EnterpriseUser, Group, ResourceType, User  # noqa: PLC0415 - slow to import, and seldom asked for

    schemas = [model.to_schema() for model in (User, EnterpriseUser, Group)]
    types = [ResourceType.from_resource(model) for model in (User[EnterpriseUser], Group)]
    return {
        "Schemas": [schema.model_dump(mode="json", exclude_none=True) for schema in schemas],
        "ResourceTypes": [kind.model_dump(mode="json", exclude_none=True) for kind in types],
    }


SERVICE_PROVIDER_CONFIG: Json = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"],
    "patch": {"supported": True},
    "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
    "filter": {"supported": True, "maxResults": 1000},
    "changePassword": {"supported": False},
    "sort": {"supported": False},
    "etag": {"supported": False},
    "authenticationSchemes": [
        {
            "type": "oauthbearertoken",
            "name": "Token of a connection",
            "description": "Authorization: Bearer TOKEN (RFC 6750)",
            "primary": True,
        }
    ],
}
