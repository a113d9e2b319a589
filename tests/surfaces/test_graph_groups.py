"""/groups and their members, as Graph answers."""

from __future__ import annotations

import pytest
from contoso_files import ADA, GRACE, SALES

ENGINEERS = {
    "displayName": "Engineers",
    "mailEnabled": False,
    "mailNickname": "engineers",
    "securityEnabled": True,
}
EXISTS = (
    "One or more added object references already exist for the following modified properties: "
    "'members'."
)


def reference(graph, known):
    return {"@odata.id": f"{graph.url}/directoryObjects/{known}"}


async def made(graph, **more):
    return (await graph.send("POST", "groups", status=201, json={**ENGINEERS, **more}))["id"]


async def ids(graph, path):
    return [one["id"] for one in (await graph.get(path))["value"]]


async def test_group_is_created_with_its_members(any_graph):
    bound = [f"{any_graph.url}/users/{ADA}", f"{any_graph.url}/directoryObjects/{GRACE}"]
    answer = await any_graph.client.post(
        "groups", json={**ENGINEERS, "description": "They\nbuild", "members@odata.bind": bound}
    )

    group = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"{any_graph.url}/groups/{group['id']}"
    assert (group["description"], group["groupTypes"]) == ("They\nbuild", [])
    assert group["createdDateTime"] == "2026-01-05T08:00:00Z"
    assert await any_graph.get(f"groups/{group['id']}") == group
    assert await ids(any_graph, f"groups/{group['id']}/members") == [ADA, GRACE]


async def test_groups_are_listed_by_queries(any_graph):
    await made(any_graph)

    body = await any_graph.get("groups?$filter=displayName eq 'sales'&$expand=members($select=id)")

    (sales,) = body["value"]
    assert sales["id"] == SALES
    assert sales["members"] == [{"@odata.type": "#microsoft.graph.user", "id": ADA}]
    assert (await any_graph.client.get("groups/$count")).text == "2"


async def test_member_is_added_once_and_removed_once(any_graph):
    path = f"groups/{SALES}/members"

    await any_graph.send("POST", f"{path}/$ref", status=204, json=reference(any_graph, GRACE))
    added = await ids(any_graph, path)
    twice = await any_graph.refused("POST", f"{path}/$ref", json=reference(any_graph, GRACE))
    await any_graph.send("DELETE", f"{path}/{ADA}/$ref", status=204)
    removed = await ids(any_graph, path)

    assert added == [ADA, GRACE]
    assert twice == ("Request_BadRequest", EXISTS)
    assert removed == [GRACE]
    await any_graph.refused("DELETE", f"{path}/{ADA}/$ref", 404)


async def test_update_renames_and_binds_members(any_graph):
    bound = [f"{any_graph.url}/users/{GRACE}"]
    change = {"displayName": "Sellers", "members@odata.bind": bound}

    await any_graph.send("PATCH", f"groups/{SALES}", status=204, json=change)

    assert (await any_graph.get(f"groups/{SALES}"))["displayName"] == "Sellers"
    assert await ids(any_graph, f"groups/{SALES}/members") == [ADA, GRACE]
    _, told = await any_graph.refused("PATCH", f"groups/{SALES}", json=change)
    assert told == EXISTS


async def test_members_of_groups_in_groups_are_members_transitively(graph):
    outer = await made(graph)
    await graph.send(
        "POST", f"groups/{outer}/members/$ref", status=204, json=reference(graph, SALES)
    )
    await graph.send(
        "POST", f"groups/{SALES}/members/$ref", status=204, json=reference(graph, outer)
    )

    assert await ids(graph, f"groups/{outer}/members") == [SALES]
    assert await ids(graph, f"groups/{outer}/members/microsoft.graph.user") == []
    assert await ids(graph, f"groups/{outer}/transitiveMembers/graph.user") == [ADA]
    assert await ids(graph, f"groups/{SALES}/memberOf") == [outer]
    assert set(await ids(graph, f"users/{ADA}/transitiveMemberOf")) == {SALES, outer}
    assert await ids(graph, f"users/{ADA}/memberOf") == [SALES]


async def test_members_are_selected_paged_and_counted(graph):
    path = f"groups/{SALES}/members"
    await graph.send("POST", f"{path}/$ref", status=204, json=reference(graph, GRACE))

    first = await graph.get(f"{path}?$select=id,userPrincipalName&$top=1")
    second = await graph.get(first["@odata.nextLink"])

    assert first["value"] == [
        {"@odata.type": "#microsoft.graph.user", "id": ADA, "userPrincipalName": "ada@contoso.com"}
    ]
    assert [one["id"] for one in second["value"]] == [GRACE]
    assert (await graph.client.get(f"{path}/$count")).text == "2"


async def test_group_has_no_owners(graph):
    known = await made(graph, **{"owners@odata.bind": [f"{graph.url}/users/{ADA}"]})

    assert await ids(graph, f"groups/{known}/owners") == []
    assert (await graph.get(f"groups/{known}?$expand=owners"))["owners"] == []


async def test_deleted_security_group_is_gone(any_graph):
    await any_graph.send("DELETE", f"groups/{SALES}", status=204)

    await any_graph.refused("GET", f"groups/{SALES}", 404)
    assert await ids(any_graph, "directory/deletedItems/microsoft.graph.group") == []
    assert await ids(any_graph, f"users/{ADA}/memberOf") == []


async def test_deleted_group_of_microsoft_365_waits_in_the_recycle_bin(any_graph):
    known = await made(any_graph, groupTypes=["Unified"], mailEnabled=True)
    await any_graph.send("DELETE", f"groups/{known}", status=204)
    waiting = await ids(any_graph, "directory/deletedItems/graph.group")

    await any_graph.send("POST", f"directory/deletedItems/{known}/restore", status=200)

    assert waiting == [known]
    assert (await any_graph.get(f"groups/{known}"))["groupTypes"] == ["Unified"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"displayName": None}, "'displayName'"),
        ({"securityEnabled": "yes"}, "does not match schema"),
        ({"securityEnabled": False}, "'securityEnabled'"),
        ({"mailEnabled": True}, "mail-enabled"),
        ({"groupTypes": ["Unified"]}, "mail-disabled"),
        ({"jobTitle": "x"}, "Invalid property 'jobTitle'"),
        ({"mail": "x@contoso.com"}, "read-only"),
        ({"members@odata.bind": "x"}, "does not match schema"),
        ({"members@odata.bind": ["x"]}, "Invalid URL format"),
        ({"members@odata.bind": [f"https://g/v1.0/users/{ADA}"] * 21}, "limit of 20"),
    ],
)
async def test_group_that_graph_refuses_is_not_created(graph, change, told):
    code, message = await graph.refused("POST", "groups", json={**ENGINEERS, **change})

    assert code == "Request_BadRequest"
    assert told in message
    assert await ids(graph, "groups") == [SALES]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "groups/none", None),
        ("GET", f"groups/{ADA}", None),
        ("GET", "groups/none/members", None),
        ("POST", f"groups/{SALES}/members/$ref", {"@odata.id": "https://g/v1.0/users/none"}),
        ("DELETE", f"groups/{SALES}/members/none/$ref", None),
        ("PATCH", f"groups/{SALES}", {"members@odata.bind": ["https://g/v1.0/users/none"]}),
    ],
)
async def test_what_is_not_there_is_not_found(graph, method, path, body):
    code, _ = await graph.refused(method, path, 404, json=body)

    assert code == "Request_ResourceNotFound"
