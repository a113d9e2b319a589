"""A stand-in on a real socket, and a client with its token."""

from __future__ import annotations

import httpx
import pytest

from entrasim.engagedly import Engagedly, EngagedlyServer

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


@pytest.fixture
def engagedly(tmp_path):
    found = Engagedly(tmp_path / "engagedly.db")
    yield found
    found.close()


@pytest.fixture
async def client(engagedly):
    """A client that bears the token of the connection "entra"."""
    async with EngagedlyServer(engagedly) as server:
        made = engagedly.add_connection("entra", base_url=server.base_url)
        headers = {"Authorization": f"Bearer {made.token}"}
        async with httpx.AsyncClient(base_url=server.base_url, headers=headers) as found:
            yield found


@pytest.fixture
def ada():
    """A user as Entra posts one."""
    return {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User", ENTERPRISE],
        "externalId": "object-id-1",
        "userName": "ada@contoso.com",
        "active": True,
        "displayName": "Ada Lovelace",
        "emails": [{"primary": True, "type": "work", "value": "ada@Contoso.com"}],
        "meta": {"resourceType": "User"},
        "name": {"givenName": "Ada", "familyName": "Lovelace"},
        "addresses": [{"type": "work", "locality": "London"}],
        ENTERPRISE: {"department": "Engineering", "employeeNumber": "7", "manager": "boss-id"},
        "urn:contoso:custom": {"badge": [1, {"deep": None}]},
    }
