"""Requests to the stand-in, as tests put them."""

from __future__ import annotations

PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


async def create(client, body, **changes):
    """A new user."""
    return await _created(client, "/Users", {**body, **changes})


async def create_group(client, name, *members, **changes):
    """A new group, as Entra posts one; members are resources."""
    body = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "externalId": f"object-id-of-{name}",
        "displayName": name,
        "members": [{"value": member["id"]} for member in members],
        "meta": {"resourceType": "Group"},
    }
    return await _created(client, "/Groups", {**body, **changes})


async def patch(client, known, *operations, kind="Users"):
    """A PATCH of a user or group."""
    return await client.patch(
        f"/{kind}/{known}", json={"schemas": [PATCH], "Operations": list(operations)}
    )


async def search(client, text, kind="Users"):
    """The resources that a filter picks."""
    return (await client.get(f"/{kind}", params={"filter": text})).json()["Resources"]


async def member_ids(client, group):
    """The ids of a group's members, as they joined."""
    read = (await client.get(f"/Groups/{group['id']}")).json()
    return [member["value"] for member in read["members"]]


async def _created(client, path, body):
    answer = await client.post(path, json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()
