"""Who joins and leaves a group of the stand-in, in both of Entra's dialects and beyond."""

from __future__ import annotations

import pytest
from scim_requests import create, create_group, member_ids, patch
from sqlalchemy import Engine, event

CORE = "urn:ietf:params:scim:schemas:core:2.0:Group"


@pytest.fixture
async def people(client, ada):
    """Three users, who are in no group yet."""
    names = ("ada", "grace", "alan")
    return [await create(client, ada, userName=f"{name}@contoso.com") for name in names]


@pytest.fixture
async def sales(client, people):
    """A group of the first two."""
    return await create_group(client, "Sales", *people[:2])


def filled(operation, people):
    """An operation with ids for the names in it."""
    if isinstance(operation, str):
        for name, person in zip(("ada", "grace", "alan"), people, strict=True):
            operation = operation.replace(f"<{name}>", person["id"])
        return operation
    if isinstance(operation, list):
        return [filled(part, people) for part in operation]
    if isinstance(operation, dict):
        return {name: filled(part, people) for name, part in operation.items()}
    return operation


ALAN, ADA = {"value": "<alan>"}, {"value": "<ada>"}


@pytest.mark.parametrize(
    ("operation", "left"),
    [
        ({"op": "Add", "path": "members", "value": [{"$ref": None, **ALAN}]}, [0, 1, 2]),
        ({"op": "add", "path": "members", "value": [ALAN, ALAN, ADA]}, [0, 1, 2]),
        ({"op": "add", "path": "members", "value": ALAN}, [0, 1, 2]),
        ({"op": "add", "path": f"{CORE}:members", "value": [ALAN]}, [0, 1, 2]),
        ({"op": "add", "value": {"members": [ALAN]}}, [0, 1, 2]),
        ({"op": "Add", "path": "members", "value": []}, [0, 1]),
        ({"op": "Remove", "path": "members", "value": [{"$ref": None, **ADA}]}, [1]),
        ({"op": "Remove", "path": "members", "value": [ALAN]}, [0, 1]),
        ({"op": "Remove", "path": "members", "value": []}, [0, 1]),
        ({"op": "remove", "path": 'members[value eq "<ada>"]'}, [1]),
        ({"op": "remove", "path": f'{CORE}:members[value eq "<ada>"]'}, [1]),
        ({"op": "remove", "path": 'members[value eq "<alan>"]'}, [0, 1]),
        ({"op": "remove", "path": 'members[value eq "<ada>" or value eq "<grace>"]'}, []),
        ({"op": "remove", "path": 'members[value eq "<ada>" and type eq "Group"]'}, [0, 1]),
        ({"op": "remove", "path": 'members[type eq "user"]'}, []),
        ({"op": "remove", "path": "members"}, []),
        ({"op": "Replace", "path": "members", "value": [ALAN]}, [2]),
        ({"op": "replace", "value": {"members": [ALAN, ADA]}}, [2, 0]),
        ({"op": "replace", "path": "members", "value": []}, []),
    ],
)
async def test_members_join_and_leave(client, people, sales, operation, left):
    answer = await patch(client, sales["id"], filled(operation, people), kind="Groups")

    assert answer.status_code == 204, answer.text
    assert await member_ids(client, sales) == [people[number]["id"] for number in left]


@pytest.mark.parametrize(
    ("operation", "scim_type"),
    [
        ({"op": "Add", "path": "members", "value": [{"value": "nobody"}]}, "invalidValue"),
        ({"op": "replace", "value": {"members": [ALAN, {"value": "nobody"}]}}, "invalidValue"),
        ({"op": "Add", "path": "members", "value": ["<alan>"]}, "invalidValue"),
        ({"op": "Remove", "path": "members", "value": [{"display": "Ada"}]}, "invalidValue"),
        ({"op": "add", "path": 'members[value eq "<alan>"]', "value": ALAN}, "invalidPath"),
        ({"op": "replace", "path": "members.display", "value": "x"}, "mutability"),
        (
            {"op": "replace", "path": 'members[value eq "<ada>"].display', "value": "x"},
            "mutability",
        ),
        ({"op": "remove", "path": "displayName"}, "invalidValue"),
    ],
)
async def test_refused_change_leaves_the_whole_group_as_it_was(
    client, people, sales, operation, scim_type
):
    joins = {"op": "Add", "path": "members", "value": [ALAN]}
    renamed = {"op": "Replace", "path": "displayName", "value": "Legal"}

    operations = [filled(each, people) for each in (joins, renamed, operation)]
    answer = await patch(client, sales["id"], *operations, kind="Groups")

    assert (answer.status_code, answer.json()["scimType"]) == (400, scim_type)
    assert (await client.get(f"/Groups/{sales['id']}")).json() == sales


async def test_new_group_with_somebody_unknown_is_refused(client):
    body = {"displayName": "Sales", "members": [{"value": "nobody"}]}

    answer = await client.post("/Groups", json=body)

    assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidValue")
    assert "nobody" in answer.json()["detail"]
    assert (await client.get("/Groups")).json()["totalResults"] == 0


async def test_deleted_user_can_join_no_group(client, people, sales):
    await client.delete(f"/Users/{people[2]['id']}")

    joins = filled({"op": "Add", "path": "members", "value": [ALAN]}, people)
    answer = await patch(client, sales["id"], joins, kind="Groups")

    assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidValue")


async def test_group_joins_a_group_and_leaves_it(client, sales):
    around = await create_group(client, "Everybody")
    joins = {"op": "Add", "path": "members", "value": [{"value": sales["id"]}]}
    leaves = {"op": "remove", "path": f'members[value eq "{sales["id"]}"]'}

    await patch(client, around["id"], joins, kind="Groups")
    joined = await member_ids(client, around)
    await patch(client, around["id"], leaves, kind="Groups")

    assert joined == [sales["id"]]
    assert await member_ids(client, around) == []


async def test_name_and_members_change_in_one_operation(client, people, sales):
    value = filled({"displayName": "Legal", "members": [ALAN]}, people)

    await patch(client, sales["id"], {"op": "replace", "value": value}, kind="Groups")

    assert (await client.get(f"/Groups/{sales['id']}")).json()["displayName"] == "Legal"
    assert await member_ids(client, sales) == [people[2]["id"]]


@pytest.fixture
def work_of_sqlite():
    """Every step of SQLite's machine, one by one; the number of steps says what a request costs."""
    steps = []

    def watch(connection, *_):
        connection.connection.dbapi_connection.set_progress_handler(lambda: steps.append(1), 1)

    event.listen(Engine, "before_cursor_execute", watch)
    yield steps
    event.remove(Engine, "before_cursor_execute", watch)


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "Add", "path": "members", "value": [ALAN]},
        {"op": "Remove", "path": "members", "value": [ALAN]},
        {"op": "remove", "path": 'members[value eq "<alan>"]'},
    ],
)
async def test_one_member_costs_as_much_in_a_large_group_as_in_a_small_one(
    client, ada, people, work_of_sqlite, operation
):
    others = [await create(client, ada, userName=f"u{number}") for number in range(30)]
    groups = [await create_group(client, "S", others[0]), await create_group(client, "L", *others)]

    costs = []
    for group in groups:
        work_of_sqlite.clear()
        await patch(client, group["id"], filled(operation, people), kind="Groups")
        costs.append(len(work_of_sqlite))

    assert 0 < costs[1] < costs[0] + len(others)


async def test_group_is_never_its_own_member(client):
    group = await create_group(client, "Sales")
    themselves = {"op": "Add", "path": "members", "value": [{"value": group["id"]}]}

    answer = await patch(client, group["id"], themselves, kind="Groups")

    assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidValue")


async def test_id_can_not_be_written(client):
    group = await create_group(client, "Sales")

    answer = await patch(
        client, group["id"], {"op": "Replace", "path": "id", "value": "x"}, kind="Groups"
    )

    assert (answer.status_code, answer.json()["scimType"]) == (400, "mutability")
