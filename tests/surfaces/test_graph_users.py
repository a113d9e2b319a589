"""/users over every form of tenant, as Graph answers."""

from __future__ import annotations

import pytest
from contoso_files import ADA, GRACE

from entrasim.directory.fixture.directory import read_tenant

KATHERINE = {
    "accountEnabled": True,
    "displayName": "Katherine Johnson",
    "mailNickname": "katherine",
    "userPrincipalName": "katherine@contoso.com",
    "passwordProfile": {"password": "xWwvJ]6NMw+bWH-d", "forceChangePasswordNextSignIn": True},
}
USUAL = {
    "businessPhones",
    "displayName",
    "givenName",
    "id",
    "jobTitle",
    "mail",
    "mobilePhone",
    "officeLocation",
    "preferredLanguage",
    "surname",
    "userPrincipalName",
}


async def hired(graph, **more):
    return (await graph.send("POST", "users", status=201, json={**KATHERINE, **more}))["id"]


async def test_users_are_listed_with_their_usual_properties(any_graph):
    body = await any_graph.get("users")

    assert body["@odata.context"] == f"{any_graph.url}/$metadata#users"
    assert [one["id"] for one in body["value"]] == [ADA, GRACE]
    assert all(set(one) == USUAL for one in body["value"])
    assert body["value"][0]["businessPhones"] == ["+44 20 1"]
    assert body["value"][1]["jobTitle"] is None


@pytest.mark.parametrize(
    "path",
    [
        f"users/{ADA}",
        f"users/{ADA.upper()}",
        "users/ada@contoso.com",
        "users/ADA%40contoso.com",
        "users('ada@contoso.com')",
        f"users('{ADA}')",
    ],
)
async def test_user_is_found_by_id_and_by_name(graph, path):
    body = await graph.get(f"{path}?$select=id,accountEnabled")

    assert (body["id"], body["accountEnabled"]) == (ADA, True)


async def test_created_user_is_answered_kept_and_read_by_the_provisioning_service(any_graph):
    answer = await any_graph.client.post("users", json={**KATHERINE, "jobTitle": "Mathematician"})

    made = answer.json()
    assert answer.status_code == 201
    assert answer.headers["location"] == f"{any_graph.url}/users/{made['id']}"
    assert set(made) - {"@odata.context"} == USUAL
    assert (made["jobTitle"], made["mail"], made["givenName"]) == ("Mathematician", None, None)
    assert await any_graph.get(f"users/{made['id']}") == made
    entries = {e.anchor.id: e for e in read_tenant(any_graph.folder, "Engagedly").entries}
    assert entries[made["id"]].properties["jobTitle"] == "Mathematician"
    assert "mail" not in entries[made["id"]].properties


async def test_password_is_kept_nowhere(any_graph):
    known = await hired(any_graph)
    await any_graph.send(
        "PATCH",
        f"users/{known}",
        status=204,
        json={"passwordProfile": {"password": "hunter2hunter2"}},
    )

    kept = "".join(path.read_text() for path in any_graph.folder.iterdir())

    assert "katherine" in kept
    assert "xWwvJ" not in kept
    assert "hunter2" not in kept
    body = await any_graph.get(f"users/{known}?$select=passwordProfile")
    assert body["passwordProfile"] is None


async def test_update_sets_and_null_clears(any_graph):
    change = {
        "jobTitle": None,
        "department": "Research",
        "businessPhones": [],
        "employeeOrgData": {"division": "Engines"},
        "onPremisesExtensionAttributes": {"extensionAttribute3": "c"},
        "extension_0123456789abcdef0123456789abcdef_grade": "A",
    }
    names = ",".join(change)

    await any_graph.send("PATCH", "users/ada@contoso.com", status=204, json=change)

    body = await any_graph.get(f"users/{ADA}?$select={names}")
    assert {name: body[name] for name in change} == change


async def test_change_of_one_member_of_a_complex_property_leaves_the_others(graph):
    for number in (1, 2):
        await graph.send(
            "PATCH",
            f"users/{ADA}",
            status=204,
            json={"onPremisesExtensionAttributes": {f"extensionAttribute{number}": "x"}},
        )

    body = await graph.get(f"users/{ADA}?$select=onPremisesExtensionAttributes")

    held = body["onPremisesExtensionAttributes"]
    assert held == {"extensionAttribute1": "x", "extensionAttribute2": "x"}


async def test_renamed_user_keeps_reports_and_groups(any_graph):
    rename = {"userPrincipalName": "amazing.grace@contoso.com", "displayName": "Amazing Grace"}
    await any_graph.send("PATCH", "users/grace@contoso.com", status=204, json=rename)

    manager = await any_graph.get("users/ada@contoso.com/manager")
    reports = await any_graph.get("users/amazing.grace@contoso.com/directReports?$select=id")

    assert (manager["id"], manager["displayName"]) == (GRACE, "Amazing Grace")
    assert [one["id"] for one in reports["value"]] == [ADA]


async def test_manager_is_set_referred_to_and_taken_away(any_graph):
    known = await hired(any_graph, **{"manager@odata.bind": f"{any_graph.url}/users/{ADA}"})
    path = f"users/{known}/manager"
    first = await any_graph.get(path)

    reference = {"@odata.id": f"{any_graph.url}/users/grace@contoso.com"}
    await any_graph.send("PUT", f"{path}/$ref", status=204, json=reference)
    second = await any_graph.get(f"{path}/$ref")
    await any_graph.send("DELETE", f"{path}/$ref", status=204)

    assert first["@odata.type"] == "#microsoft.graph.user"
    assert first["id"] == ADA
    assert GRACE in second["@odata.id"]
    code, _ = await any_graph.refused("GET", path, 404)
    assert code == "Request_ResourceNotFound"


async def test_managers_are_expanded_as_far_as_levels_reach(graph):
    known = await hired(graph, **{"manager@odata.bind": f"{graph.url}/users/{ADA}"})

    one = await graph.get(f"users/{known}?$select=id&$expand=manager($select=id)")
    all_of_them = await graph.get(
        f"users/{known}?$expand=manager($levels=max;$select=id)&$select=id"
    )

    assert one["manager"] == {"@odata.type": "#microsoft.graph.user", "id": ADA}
    assert all_of_them["manager"]["manager"]["id"] == GRACE
    assert "manager" not in await graph.get(f"users/{GRACE}?$expand=manager")


async def test_people_who_manage_each_other_are_expanded_once(graph):
    reference = {"@odata.id": f"{graph.url}/directoryObjects/{ADA}"}
    await graph.send("PUT", f"users/{GRACE}/manager/$ref", status=204, json=reference)

    body = await graph.get(f"users/{ADA}?$select=id&$expand=manager($levels=max;$select=id)")

    assert body["manager"]["id"] == GRACE
    assert body["manager"]["manager"] is None


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("$filter=startswith(displayName,'ada')", [ADA]),
        ("$filter=userPrincipalName eq 'GRACE@contoso.com' and accountEnabled eq true", [GRACE]),
        ("$filter=businessPhones/any(p:p eq '%2B44 20 1')", [ADA]),
        ("$filter=jobTitle eq null", [GRACE]),
        ("$orderby=displayName desc", [GRACE, ADA]),
        (f"$filter=id in ('{ADA}','{GRACE}')&$top=1", [ADA]),
        ('$search="displayName:hop"', [GRACE]),
    ],
)
async def test_users_are_found_by_queries(graph, query, expected):
    body = await graph.get(f"users?{query}", ConsistencyLevel="eventual")

    assert [one["id"] for one in body["value"]] == expected


async def test_next_link_leads_on(graph):
    first = await graph.get("users?$top=1&$select=id&$count=true", ConsistencyLevel="eventual")
    second = await graph.get(first["@odata.nextLink"])

    assert first["@odata.count"] == 2
    assert [*first["value"], *second["value"]] == [{"id": ADA}, {"id": GRACE}]
    assert "@odata.nextLink" not in second


async def test_number_of_users_is_plain_text(graph):
    answer = await graph.client.get("users/$count", headers={"ConsistencyLevel": "eventual"})

    assert answer.text == "2"
    assert answer.headers["content-type"].startswith("text/plain")


async def test_groups_of_a_user_are_listed_and_checked(graph):
    direct = await graph.get("users/ada@contoso.com/memberOf?$select=id,displayName")
    ids = await graph.send(
        "POST", f"users/{ADA}/getMemberGroups", status=200, json={"securityEnabledOnly": False}
    )
    checked = await graph.send(
        "POST",
        f"users/{ADA}/microsoft.graph.checkMemberGroups",
        status=200,
        json={"groupIds": [ids["value"][0], GRACE]},
    )

    assert direct["value"][0]["displayName"] == "Sales"
    assert ids["value"] == [direct["value"][0]["id"]] == checked["value"]


@pytest.mark.parametrize("name", sorted(KATHERINE))
async def test_user_without_an_obligatory_property_is_not_created(graph, name):
    body = {key: value for key, value in KATHERINE.items() if key != name}

    code, message = await graph.refused("POST", "users", json=body)

    assert code == "Request_BadRequest"
    assert f"'{name}'" in message
    assert len((await graph.get("users"))["value"]) == 2


async def test_name_that_is_taken_is_told_with_details(any_graph):
    body = {**KATHERINE, "userPrincipalName": "ADA@contoso.com"}

    answer = await any_graph.client.post("users", json=body)

    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (400, "Request_BadRequest")
    assert error["message"] == (
        "Another object with the same value for property userPrincipalName already exists."
    )
    assert error["details"][0]["target"] == "userPrincipalName"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"nickname": "x"}, "Invalid property 'nickname'"),
        ({"id": "x"}, "read-only"),
        ({"createdDateTime": "2026-01-01T00:00:00Z"}, "read-only"),
        ({"deletedDateTime": None}, "read-only"),
        ({"accountEnabled": "yes"}, "does not match schema"),
        ({"accountEnabled": None}, "accountEnabled"),
        ({"displayName": 7}, "does not match schema"),
        ({"displayName": ""}, "Invalid value specified for property 'displayName'"),
        ({"displayName": "x" * 257}, "'displayName' of resource 'User'"),
        ({"displayName": "a\nb"}, "'displayName'"),
        ({"displayName": "a\x00b"}, "'displayName'"),
        ({"employeeId": "12345678901234567"}, "'employeeId'"),
        ({"businessPhones": "x"}, "does not match schema"),
        ({"businessPhones": ["1", "2"]}, "'businessPhones'"),
        ({"businessPhones": None}, "does not match schema"),
        ({"otherMails": [1]}, "does not match schema"),
        ({"employeeHireDate": "yesterday"}, "'employeeHireDate'"),
        ({"employeeOrgData": {"team": "x"}}, "Invalid property 'team'"),
        ({"employeeOrgData": {"division": 1}}, "does not match schema"),
        ({"onPremisesExtensionAttributes": {"extensionAttribute16": "x"}}, "Invalid property"),
        ({"userPrincipalName": "no address"}, "'userPrincipalName'"),
        ({"userPrincipalName": None}, "'userPrincipalName'"),
        ({"passwordProfile": {"password": 7}}, "does not match schema"),
        ({"manager@odata.bind": "x"}, "Invalid URL format"),
        ({"manager": {"id": GRACE}}, "Invalid property 'manager'"),
        ({"extension_0123_x": {"a": 1}}, "does not match schema"),
    ],
)
async def test_change_that_graph_refuses_changes_nothing(graph, change, told):
    before = (graph.folder / "users.json").read_bytes()

    code, message = await graph.refused("PATCH", f"users/{ADA}", json={"city": "Bath", **change})

    assert code == "Request_BadRequest"
    assert told in message
    assert (graph.folder / "users.json").read_bytes() == before


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "users/nobody", None),
        ("PATCH", "users/nobody", {}),
        ("DELETE", "users/nobody", None),
        ("GET", "users/nobody/memberOf", None),
        ("PUT", f"users/{ADA}/manager/$ref", {"@odata.id": "https://g/v1.0/users/nobody"}),
        ("PATCH", f"users/{ADA}", {"manager@odata.bind": "https://g/v1.0/users/nobody"}),
    ],
)
async def test_object_that_is_not_there_is_not_found(graph, method, path, body):
    code, message = await graph.refused(method, path, 404, json=body)

    assert code == "Request_ResourceNotFound"
    assert "nobody" in message


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'"x"', b"\xff", b"[" * 5000, b'{"a":' * 5000, rb'{"displayName":"\ud800"}'],
)
async def test_body_that_is_no_object_is_a_bad_request(graph, body):
    code, _ = await graph.refused("POST", "users", content=body)

    assert code == "BadRequest"


async def test_body_beyond_bounds_is_refused(graph):
    answer = await graph.client.post("users", content=b" " * 2_000_000)

    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "RequestEntityTooLarge"


async def test_nobody_asks_for_themselves(graph):
    code, message = await graph.refused("GET", "me")

    assert (code, "delegated" in message) == ("BadRequest", True)


async def test_beta_answers_alike(graph):
    body = await graph.get(f"{graph.server.url}/beta/users?$top=1")

    assert body["@odata.context"] == f"{graph.server.url}/beta/$metadata#users"
    assert body["@odata.nextLink"].startswith(f"{graph.server.url}/beta/users?")
