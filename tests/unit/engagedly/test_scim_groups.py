"""The stand-in's groups: made, found, shown, changed and deleted."""

from __future__ import annotations

import sqlite3

import httpx
import pytest
from scim_requests import create, create_group, member_ids, patch, search

from entrasim.engagedly import Engagedly

CORE = "urn:ietf:params:scim:schemas:core:2.0:Group"


async def test_group_is_kept_and_shown_as_it_was_made(client):
    made = await create_group(client, "Sales", note={"any": [1, None]})
    read = (await client.get(f"/Groups/{made['id']}")).json()

    assert made == read
    assert {name: value for name, value in read.items() if name not in {"id", "meta"}} == {
        "schemas": [CORE],
        "externalId": "object-id-of-Sales",
        "displayName": "Sales",
        "members": [],
        "note": {"any": [1, None]},
    }
    assert read["meta"]["resourceType"] == "Group"
    assert read["meta"]["location"] == f"{client.base_url}Groups/{read['id']}"
    assert read["meta"]["created"].endswith("Z")


async def test_members_are_shown_with_name_kind_and_place(client, ada):
    person, nested = await create(client, ada), await create_group(client, "Berlin")

    group = await create_group(client, "Sales", person, nested)

    assert group["members"] == [
        {
            "value": person["id"],
            "$ref": person["meta"]["location"],
            "type": "User",
            "display": "Ada Lovelace",
        },
        {
            "value": nested["id"],
            "$ref": nested["meta"]["location"],
            "type": "Group",
            "display": "Berlin",
        },
    ]


@pytest.mark.parametrize("name", [None, "", "  ", 7])
async def test_group_needs_a_name(client, name):
    answer = await client.post("/Groups", json={"schemas": [CORE], "displayName": name})

    assert (answer.status_code, answer.json()["scimType"]) == (400, "invalidValue")
    assert "displayName" in answer.json()["detail"]


async def test_name_belongs_to_one_group_on_post_patch_and_put_in_any_case(client):
    await create_group(client, "Sales")
    other = await create_group(client, "Legal")
    path, rename = f"/Groups/{other['id']}", {"op": "Replace", "path": "displayName"}

    posted = await client.post("/Groups", json={"displayName": "SALES"})
    patched = await patch(client, other["id"], {**rename, "value": "sales"}, kind="Groups")
    put = await client.put(path, json={"displayName": "Sales"})

    assert [answer.status_code for answer in (posted, patched, put)] == [409] * 3
    assert posted.json()["scimType"] == "uniqueness"
    assert (await client.get(path)).json() == other


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('displayName eq "SALES"', ["Sales"]),
        (f'{CORE}:displayName eq "Sales"', ["Sales"]),
        ('externalId eq "object-id-of-Legal"', ["Legal"]),
        ('externalId eq "OBJECT-ID-OF-LEGAL"', []),
        ('id eq "{sales}"', ["Sales"]),
        ('id eq "{sales}" and members.value eq "{ada}"', ["Sales"]),
        ('id eq "{legal}" and members.value eq "{ada}"', []),
        ('members.value eq "{ada}"', ["Sales", "Both"]),
        ('members[value eq "{ada}"]', ["Sales", "Both"]),
        ('members.value eq "{ada}" and members.value eq "{grace}"', ["Both"]),
        ('members.value eq "{ada}" and not (displayName eq "Both")', ["Sales"]),
        ('members[display eq "Grace"] or displayName eq "Legal"', ["Legal", "Both"]),
        ("not (members pr)", ["Legal"]),
        ('displayName eq "nothing"', []),
    ],
)
async def test_filters(client, ada, text, found):
    person = await create(client, ada)
    grace = await create(client, ada, userName="grace", displayName="Grace")
    sales, legal = await create_group(client, "Sales", person), await create_group(client, "Legal")
    await create_group(client, "Both", person, grace)
    ids = {"sales": sales["id"], "legal": legal["id"], "ada": person["id"], "grace": grace["id"]}
    for name, known in ids.items():
        text = text.replace(f"{{{name}}}", known)

    resources = await search(client, text, kind="Groups")

    assert [group["displayName"] for group in resources] == found


async def test_pages_and_projections(client, ada):
    person = await create(client, ada)
    groups = [await create_group(client, f"g{number}", person) for number in range(4)]
    first = f"/Groups/{groups[0]['id']}"

    page = (await client.get("/Groups?startIndex=2&count=2&attributes=displayName")).json()
    listed = (await client.get("/Groups?excludedAttributes=members")).json()
    members = (await client.get(f"{first}?attributes=members")).json()
    read = (await client.get(f"{first}?excludedAttributes=members")).json()

    assert (page["totalResults"], page["startIndex"], page["itemsPerPage"]) == (4, 2, 2)
    assert [set(group) for group in page["Resources"]] == [{"id", "schemas", "displayName"}] * 2
    assert [group["displayName"] for group in page["Resources"]] == ["g1", "g2"]
    assert not any("members" in group for group in [*listed["Resources"], read])
    assert [member["value"] for member in members["members"]] == [person["id"]]


@pytest.mark.parametrize(
    "operations",
    [
        [
            {"op": "Replace", "path": "displayName", "value": "Sales UK"},
            {"op": "Replace", "path": "externalId", "value": "x"},
        ],
        [{"op": "replace", "value": {"displayName": "Sales UK", "externalId": "x"}}],
        [{"op": "add", "value": {f"{CORE}:displayName": "Sales UK", "EXTERNALID": "x"}}],
    ],
    ids=["old dialect", "compliant dialect", "by URN"],
)
async def test_group_is_renamed_and_keeps_its_members(client, ada, operations):
    person = await create(client, ada)
    group = await create_group(client, "Sales", person)

    answer = await patch(client, group["id"], *operations, kind="Groups")
    [found] = await search(client, 'displayName eq "Sales UK"', kind="Groups")

    assert (answer.status_code, answer.content) == (204, b"")
    assert (found["id"], found["externalId"]) == (group["id"], "x")
    assert [member["value"] for member in found["members"]] == [person["id"]]
    assert await search(client, 'displayName eq "Sales"', kind="Groups") == []


async def test_patch_that_asks_for_attributes_is_answered_with_them(client):
    group = await create_group(client, "Sales")
    operation = {"op": "replace", "path": "displayName", "value": "Legal"}

    path = f"/Groups/{group['id']}?attributes=displayName"
    answer = await client.patch(path, json={"Operations": [operation]})

    assert answer.json() == {"schemas": [CORE], "id": group["id"], "displayName": "Legal"}


async def test_put_replaces_name_and_members(client, ada):
    person = await create(client, ada)
    grace = await create(client, ada, userName="grace@contoso.com")
    group = await create_group(client, "Sales", person)

    body = {"displayName": "Legal", "members": [{"value": grace["id"]}]}
    answer = await client.put(f"/Groups/{group['id']}", json=body)

    assert answer.status_code == 200
    assert answer.json()["displayName"] == "Legal"
    assert "externalId" not in answer.json()
    assert await member_ids(client, group) == [grace["id"]]


async def test_deleted_group_is_gone_its_name_is_free_and_other_groups_lose_it(client, ada):
    group = await create_group(client, "Sales", await create(client, ada))
    around = await create_group(client, "Everybody", group)

    deleted = await client.delete(f"/Groups/{group['id']}")
    again = await client.delete(f"/Groups/{group['id']}")
    read = await client.get(f"/Groups/{group['id']}")
    renewed = await create_group(client, "Sales")

    assert (deleted.status_code, again.status_code, read.status_code) == (204, 404, 404)
    assert await member_ids(client, around) == []
    assert renewed["members"] == []


async def test_deleted_user_is_taken_out_of_all_groups(client, ada):
    person, other = await create(client, ada), await create(client, ada, userName="grace")
    groups = [await create_group(client, name, person, other) for name in ("Sales", "Legal")]

    await client.delete(f"/Users/{person['id']}")

    assert [await member_ids(client, group) for group in groups] == [[other["id"]]] * 2


async def test_users_show_the_groups_that_they_are_in_and_take_no_others(client, ada):
    person = await create(client, ada, groups=[{"value": "claimed"}])
    group = await create_group(client, "Sales", person)
    path = f"/Users/{person['id']}"

    shown = (await client.get(path)).json()
    without = (await client.get(f"{path}?excludedAttributes=groups")).json()
    found = await search(client, f'groups.value eq "{group["id"]}"')

    assert "groups" not in {**person, **without}
    reference = {"value": group["id"], "$ref": group["meta"]["location"], "display": "Sales"}
    assert shown["groups"] == [{**reference, "type": "direct"}]
    assert found == [shown]


async def test_page_shows_groups_and_the_first_of_their_members(client, ada):
    people = [await create(client, ada, userName=f"u{n}", displayName=f"U{n}") for n in range(7)]
    await create_group(client, "<b>Sales</b>", *people)
    root = str(client.base_url).removesuffix("/scim/v2/")

    async with httpx.AsyncClient() as plain:
        page = (await plain.get(f"{root}/")).text

    assert "Groups (1)" in page
    assert "<td>&lt;b&gt;Sales&lt;/b&gt;<td>7<td>U0, U1, U2, U3, U4, and 2 more" in page


def test_file_of_an_earlier_version_gets_what_it_lacks_and_keeps_its_people(tmp_path, engagedly):
    made = engagedly.add_connection("entra", base_url="http://127.0.0.1")
    engagedly.close()
    with sqlite3.connect(tmp_path / "engagedly.db") as file:
        file.execute("DROP TABLE engagedly_groups")
        file.execute("DROP TABLE engagedly_memberships")
    file.close()

    opened = Engagedly(tmp_path / "engagedly.db")
    connections, groups = opened.connections(), opened.groups()
    opened.close()

    assert [connection.name for connection in connections] == [made.name]
    assert groups == []
