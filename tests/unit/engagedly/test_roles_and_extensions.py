"""Roles and attributes of one's own, as Entra sends them in both dialects."""

from __future__ import annotations

import json

import pytest
from scim_requests import create, patch

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
CUSTOM = "urn:ietf:params:scim:schemas:extension:CustomExtensionName:2.0:User"
ROLE_TYPE = "WindowsAzureActiveDirectoryRole"
AS_TEXT = json.dumps({"id": "1", "value": "Writer", "displayName": "Writer"})
READER = {"primary": False, "type": ROLE_TYPE, "displayName": "Reader", "value": "Reader"}
WRITER = {"primary": False, "type": ROLE_TYPE, "display": "Writer", "value": "Writer"}


@pytest.mark.parametrize(
    ("operation", "roles"),
    [
        (
            {"op": "Add", "path": "roles", "value": [{"value": AS_TEXT}]},
            [READER, {"value": AS_TEXT}],
        ),
        ({"op": "add", "path": "roles", "value": [WRITER]}, [READER, WRITER]),
        ({"op": "add", "path": "roles", "value": WRITER}, [READER, WRITER]),
        ({"op": "add", "value": {"roles": [WRITER], "title": "x"}}, [READER, WRITER]),
        ({"op": "add", "path": "roles", "value": [READER]}, [READER]),
        ({"op": "Replace", "path": "roles", "value": [{"value": AS_TEXT}]}, [{"value": AS_TEXT}]),
        ({"op": "replace", "path": "roles", "value": [WRITER]}, [WRITER]),
        ({"op": "remove", "path": 'roles[value eq "Reader"]'}, []),
        ({"op": "remove", "path": "roles", "value": [WRITER]}, [READER]),
        ({"op": "remove", "path": "roles", "value": []}, [READER]),
        (
            {"op": "Add", "path": 'roles[primary eq "True"].value', "value": "Writer"},
            [READER, {"primary": True, "value": "Writer"}],
        ),
        (
            {"op": "Replace", "path": 'roles[primary eq "False"].value', "value": "Writer"},
            [{**READER, "value": "Writer"}],
        ),
    ],
)
async def test_roles_are_added_replaced_and_removed(client, ada, operation, roles):
    known = (await create(client, ada, roles=[READER]))["id"]

    answer = await patch(client, known, operation)

    assert answer.json()["roles"] == roles
    assert (await client.get(f"/Users/{known}")).json()["roles"] == roles


async def test_only_role_is_replaced_and_removed_by_its_value_path(client, ada):
    known = (await create(client, ada, roles=[{"primary": True, "value": "Reader"}]))["id"]
    path = 'roles[primary eq "True"].value'

    replaced = await patch(client, known, {"op": "Replace", "path": path, "value": "Writer"})
    removed = await patch(client, known, {"op": "Remove", "path": path})

    assert replaced.json()["roles"] == [{"primary": True, "value": "Writer"}]
    assert removed.json()["roles"] == [{"primary": True}]


@pytest.mark.parametrize(
    "operations",
    [
        [
            {"op": "Replace", "path": f"{CUSTOM}:tag", "value": "701985"},
            {"op": "Add", "path": f"{CUSTOM}:costCentre", "value": "7"},
        ],
        [{"op": "replace", "value": {f"{CUSTOM}:tag": "701985", f"{CUSTOM}:costCentre": "7"}}],
        [{"op": "replace", "value": {CUSTOM: {"tag": "701985", "costCentre": "7"}}}],
    ],
    ids=["old dialect", "compliant dialect", "whole extension"],
)
async def test_extension_of_ones_own_is_kept_changed_and_echoed(client, ada, operations):
    made = await create(client, ada, **{CUSTOM: {"tag": "1", "old": "x"}})

    await patch(client, made["id"], *operations)
    await patch(client, made["id"], {"op": "Remove", "path": f"{CUSTOM}:old"})
    read = (await client.get(f"/Users/{made['id']}")).json()

    assert made[CUSTOM] == {"tag": "1", "old": "x"}
    assert read[CUSTOM] == {"tag": "701985", "costCentre": "7"}
    assert read["schemas"] == ada["schemas"]
    assert read[ENTERPRISE] == made[ENTERPRISE]


@pytest.mark.parametrize("op", ["Add", "add"])
async def test_extension_begins_with_its_first_attribute(client, ada, op):
    known = (await create(client, ada))["id"]

    answer = await patch(client, known, {"op": op, "path": f"{CUSTOM}:tag", "value": "1"})

    assert answer.json()[CUSTOM] == {"tag": "1"}


async def test_object_without_a_path_goes_to_the_attribute_that_its_urn_names(client, ada):
    known = (await create(client, ada))["id"]

    value = {f"{ENTERPRISE}:manager": {"value": "m2"}, f"{CUSTOM}:place": {"floor": 3}}
    read = (await patch(client, known, {"op": "replace", "value": value})).json()

    assert read[ENTERPRISE] == {**ada[ENTERPRISE], "manager": {"value": "m2"}}
    assert read[CUSTOM] == {"place": {"floor": 3}}


async def test_attribute_of_an_extension_is_not_taken_for_the_core_one_of_its_name(client, ada):
    made = await create(client, ada, **{CUSTOM: {"externalId": "7"}})

    by = {"filter": f'{CUSTOM}:externalId eq "7"'}
    found = (await client.get("/Users", params=by)).json()["Resources"]

    assert found == [made]
