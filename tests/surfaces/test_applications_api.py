"""Applications and who is assigned to them, in Graph's paths, for both forms of a tenant."""

from __future__ import annotations

import json
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from served_api import ServedApi

from entrasim.directory.fixture.directory import read_tenant
from entrasim.errors import SourceError

DEFAULT = "00000000-0000-0000-0000-000000000000"
USER_ROLE = "18d14569-c3bd-439b-9a66-3a2aee01d14f"
NON_GALLERY = "8adf8e6e-67b2-4cf2-a259-e3dc5476c621"
ADA, SALES, MANAGER_ROLE = str(uuid4()), str(uuid4()), str(uuid4())
ENGAGEDLY = str(uuid4())
IN_GRAPHS_JSON = {
    "users": [
        {"id": ADA, "userPrincipalName": "ada@contoso.com", "displayName": "Ada Lovelace"},
        {
            "id": str(uuid4()),
            "userPrincipalName": "gone@contoso.com",
            "displayName": "Gone",
            "deletedDateTime": "2026-01-01T00:00:00Z",
        },
    ],
    "groups": [{"id": SALES, "displayName": "Sales", "members": [{"id": ADA}]}],
    "applications": [
        {
            "id": ENGAGEDLY,
            "appId": str(uuid4()),
            "displayName": "Engagedly",
            "appRoles": [{"id": MANAGER_ROLE, "displayName": "Manager", "value": "Manager"}],
        }
    ],
    "appRoleAssignments": [{"id": "assigned-long-ago", "principalId": SALES}],
}


@pytest.fixture(scope="module")
def short(tmp_path_factory):
    """The starter's tenant.yaml, which lists no application."""
    with ServedApi(tmp_path_factory.mktemp("short")) as served, served.client() as client:
        yield Served(served, client)


@pytest.fixture
def graphs(tmp_path):
    """A tenant in Graph's JSON; each test has its own."""
    with ServedApi(tmp_path) as served, served.client() as client:
        (served.tenant / "tenant.yaml").unlink()
        for name, rows in IN_GRAPHS_JSON.items():
            (served.tenant / f"{name}.json").write_text(json.dumps(rows))
        yield Served(served, client)


class Served:
    """A tenant's API, and what is asked of it again and again."""

    def __init__(self, api, client):
        self.api, self.client = api, client

    def __getattr__(self, method):
        return getattr(self.client, method)

    def values(self, path):
        answer = self.client.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()["value"]

    def ids(self, kind):
        found = getattr(self.api.objects(), kind).values()
        return {one.display_name: one.id for one in found}

    def engagedly(self):
        return self.ids("service_principals")["Engagedly"]

    def made(self, name="Salaries"):
        path = f"/applicationTemplates/{NON_GALLERY}/instantiate"
        answer = self.client.post(path, json={"displayName": name})
        assert answer.status_code == 201, answer.text
        return answer.json()

    def assign(self, resource, principal, role=DEFAULT, path=None):
        body = {"principalId": principal, "resourceId": resource, "appRoleId": role}
        return self.client.post(path or assigned_to(resource), json=body)


def assigned_to(resource):
    return f"/servicePrincipals/{resource}/appRoleAssignedTo"


def refused(answer):
    return answer.status_code, answer.json()["error"]["code"]


def test_application_of_the_configuration_is_a_service_principal(short):
    (found,) = short.values("/servicePrincipals?$filter=displayName eq 'Engagedly'")

    by_app_id = short.get(f"/servicePrincipals(appId='{found['appId']}')").json()
    assert found["servicePrincipalType"] == "Application"
    assert found["appOwnerOrganizationId"] == short.api.tenant_id
    assert by_app_id["id"] == found["id"]
    assert by_app_id["@odata.context"].endswith("/v1.0/$metadata#servicePrincipals/$entity")


def test_assigned_are_listed_with_both_names(short):
    found = short.values(assigned_to(short.engagedly()))

    names = {(a["principalDisplayName"], a["principalType"]) for a in found}
    assert {("Engineering", "Group"), ("Sales", "Group"), ("Grace Hopper", "User")} <= names
    assert set(found[0]) == {
        "id",
        "deletedDateTime",
        "appRoleId",
        "createdDateTime",
        "principalDisplayName",
        "principalId",
        "principalType",
        "resourceDisplayName",
        "resourceId",
    }


def test_pages_of_assignments_tell_each_once(short):
    known = short.engagedly()
    first = short.get(f"{assigned_to(known)}?$top=2").json()

    second = short.get(first["@odata.nextLink"]).json()

    names = [one["principalDisplayName"] for one in (*first["value"], *second["value"])]
    assert len(first["value"]) == 2
    assert names == [one["principalDisplayName"] for one in short.values(assigned_to(known))]


def test_new_application_leaves_assignments_to_the_others_as_they_were(short):
    known = short.engagedly()
    before = short.values(assigned_to(known))
    reading = read_tenant(short.api.tenant, "Engagedly")

    made = short.made("A newcomer")

    assert short.values(assigned_to(made["servicePrincipal"]["id"])) == []
    assert short.values(assigned_to(known)) == before
    after = read_tenant(short.api.tenant, "Engagedly")
    assert {a.principal_id for a in after.assignments} == {
        a.principal_id for a in reading.assignments
    }


def test_template_gives_an_application_and_its_service_principal(short):
    made = short.made("Made of a template")

    application, principal = made["application"], made["servicePrincipal"]
    assert application["appId"] == principal["appId"]
    assert application["id"] != principal["id"]
    assert principal["appRoles"][0]["id"] == USER_ROLE
    assert principal["applicationTemplateId"] == NON_GALLERY
    assert short.get(f"/applications/{application['id']}").json()["displayName"] == (
        "Made of a template"
    )
    assert "Made of a template" in (short.api.tenant / "tenant.yaml").read_text()


def test_templates_are_listed_and_shown(short):
    listed = short.values("/applicationTemplates")

    shown = short.get(f"/applicationTemplates/{NON_GALLERY}").json()
    assert [one["id"] for one in listed] == [NON_GALLERY]
    assert shown["supportedProvisioningTypes"] == ["sync"]
    assert refused(short.get(f"/applicationTemplates/{uuid4()}")) == (
        404,
        "Request_ResourceNotFound",
    )


def test_assigned_in_the_short_form_by_name(short):
    resource = short.made("By name")["servicePrincipal"]["id"]
    dorothy = short.ids("users")["Dorothy Vaughan"]

    answer = short.assign(resource, dorothy, USER_ROLE)

    made = answer.json()
    assert (answer.status_code, made["principalDisplayName"]) == (201, "Dorothy Vaughan")
    assert made["createdDateTime"] == "2026-01-05T08:00:00Z"
    assert short.get(f"{assigned_to(resource)}/{made['id']}").json()["id"] == made["id"]
    assert "principal: dorothy@contoso.com" in (short.api.tenant / "tenant.yaml").read_text()


def test_user_has_the_assignments_of_their_groups_too(short):
    alan = short.ids("users")["Alan Turing"]

    found = short.values(f"/users/{alan}/appRoleAssignments")
    by_name = short.values("/users/ALAN@contoso.com/appRoleAssignments")

    assert [(one["principalDisplayName"], one["principalType"]) for one in found] == [
        ("Engineering", "Group")
    ]
    assert by_name == found


def test_unassigned_in_the_short_form_by_id(short):
    resource = short.made("To be left")["servicePrincipal"]["id"]
    sales = short.ids("groups")["Sales"]
    side = f"/groups/{sales}/appRoleAssignments"
    made = short.assign(resource, sales, USER_ROLE, path=side).json()

    answer = short.delete(f"{side}/{made['id']}")

    assert answer.status_code == 204
    assert short.values(assigned_to(resource)) == []
    assert sales in {one["principalId"] for one in short.values(assigned_to(short.engagedly()))}


def test_assignment_is_written_as_graph_has_it(graphs):
    answer = graphs.assign(ENGAGEDLY, ADA, MANAGER_ROLE.upper())

    row = json.loads((graphs.api.tenant / "appRoleAssignments.json").read_text())[-1]
    assert answer.status_code == 201
    assert row == {
        "id": answer.json()["id"],
        "principalId": ADA,
        "resourceId": ENGAGEDLY,
        "appRoleId": MANAGER_ROLE,
        "createdDateTime": "2026-01-05T08:00:00Z",
    }


def test_two_roles_of_one_application_are_two_assignments(graphs):
    graphs.assign(ENGAGEDLY, ADA)

    answer = graphs.assign(ENGAGEDLY, ADA, MANAGER_ROLE)

    assert answer.status_code == 201
    assert graphs.get(f"{assigned_to(ENGAGEDLY)}/$count").text == "3"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"principalId": None}, (400, "Request_BadRequest")),
        ({"appRoleId": ""}, (400, "Request_BadRequest")),
        ({"resourceId": 7}, (400, "Request_BadRequest")),
        ({"principalId": "ada"}, (400, "Request_BadRequest")),
        ({"principalId": str(uuid4())}, (404, "Request_ResourceNotFound")),
        ({"resourceId": str(uuid4())}, (404, "Request_ResourceNotFound")),
        ({"appRoleId": str(uuid4())}, (400, "Request_BadRequest")),
        ({"principalId": SALES, "appRoleId": DEFAULT}, (400, "Request_BadRequest")),
    ],
)
def test_assignment_that_can_not_be_is_refused_and_nothing_changes(graphs, change, expected):
    before = (graphs.api.tenant / "appRoleAssignments.json").read_bytes()
    body = {"principalId": ADA, "resourceId": ENGAGEDLY, "appRoleId": MANAGER_ROLE, **change}

    answer = graphs.post(assigned_to(ENGAGEDLY), json=body)

    assert refused(answer) == expected
    assert (graphs.api.tenant / "appRoleAssignments.json").read_bytes() == before


def test_refusals_say_what_entra_says(graphs):
    unknown = graphs.assign(ENGAGEDLY, ADA, str(uuid4())).json()["error"]["message"]
    twice = graphs.assign(ENGAGEDLY, SALES).json()["error"]["message"]
    elsewhere = graphs.assign(ENGAGEDLY, ADA, path=f"/groups/{SALES}/appRoleAssignments")

    assert unknown.startswith("Permission being assigned was not found on application")
    assert twice == "Permission being assigned already exists on the object"
    assert elsewhere.json()["error"]["message"] == "Not a valid reference update."


def test_who_is_in_the_recycle_bin_is_neither_assigned_nor_asked(graphs):
    gone = graphs.ids("users")["Gone"]

    assert refused(graphs.assign(ENGAGEDLY, gone)) == (404, "Request_ResourceNotFound")
    assert graphs.get(f"/users/{gone}/appRoleAssignments").status_code == 404


def test_assignment_is_taken_back_by_its_own_side_alone(graphs):
    other = f"/users/{ADA}/appRoleAssignments/assigned-long-ago"

    assert refused(graphs.delete(other)) == (404, "Request_ResourceNotFound")
    assert graphs.delete(f"{assigned_to(ENGAGEDLY)}/assigned-long-ago").status_code == 204
    assert graphs.values(assigned_to(ENGAGEDLY)) == []


def test_assignment_to_whichever_application_is_taken_back_from_one(graphs):
    made = graphs.made()["servicePrincipal"]["id"]
    (graphs.api.tenant / "appRoleAssignments.json").write_text(json.dumps([{"principalId": ADA}]))
    (first,) = graphs.values(assigned_to(ENGAGEDLY))

    graphs.delete(f"{assigned_to(ENGAGEDLY)}/{first['id']}")

    assert graphs.values(assigned_to(ENGAGEDLY)) == []
    assert [one["principalId"] for one in graphs.values(assigned_to(made))] == [ADA]


def test_deleted_service_principal_takes_its_assignments_along(graphs):
    made = graphs.made()
    known, app_id = made["servicePrincipal"]["id"], made["servicePrincipal"]["appId"]
    graphs.assign(known, ADA, USER_ROLE)

    answer = graphs.delete(f"/servicePrincipals/{known}")

    assert answer.status_code == 204
    assert graphs.get(f"/servicePrincipals/{known}").status_code == 404
    assert graphs.values(f"/users/{ADA}/appRoleAssignments?$filter=resourceId eq {known}") == []
    assert graphs.get(f"/applications(appId='{app_id}')").status_code == 200


def test_job_of_a_deleted_application_stops_instead_of_disabling_everybody(graphs):
    graphs.delete(f"/servicePrincipals/{ENGAGEDLY}")

    with pytest.raises(SourceError, match='no application is called "Engagedly"'):
        read_tenant(graphs.api.tenant, "Engagedly")
    assert graphs.values(f"/users/{ADA}/appRoleAssignments") == []


def test_application_is_registered_first_and_served_later(graphs):
    body = {"displayName": "By hand", "appRoles": [], "tags": ["mine"]}
    registered = graphs.post("/applications", json=body).json()

    made = graphs.post("/servicePrincipals", json={"appId": registered["appId"]})
    again = graphs.post("/servicePrincipals", json={"appId": registered["appId"]})

    assert (made.status_code, made.json()["displayName"]) == (201, "By hand")
    assert refused(again) == (409, "Request_MultipleObjectsWithSameKeyValue")
    shown = graphs.get(f"/servicePrincipals/{made.json()['id']}").json()
    assert shown["tags"] == ["mine"]


def test_deleted_application_is_gone_with_its_service_principal(graphs):
    made = graphs.made()

    answer = graphs.delete(f"/applications/{made['application']['id']}")

    assert answer.status_code == 204
    assert graphs.get(f"/applications/{made['application']['id']}").status_code == 404
    assert graphs.get(f"/servicePrincipals/{made['servicePrincipal']['id']}").status_code == 404


def test_renamed_application_keeps_ids_and_assignments(graphs):
    made = graphs.made()
    known = made["servicePrincipal"]["id"]
    graphs.assign(known, ADA, USER_ROLE)

    answer = graphs.patch(f"/applications/{made['application']['id']}", json={"displayName": "New"})

    assert answer.status_code == 204
    (assignment,) = graphs.values(assigned_to(known))
    assert assignment["resourceDisplayName"] == "New"


def test_application_offers_the_roles_that_are_set(graphs):
    made = graphs.made()
    role = {
        "id": str(uuid4()),
        "displayName": "Auditor",
        "description": "Reads all",
        "value": "Auditor",
        "allowedMemberTypes": ["User"],
        "isEnabled": True,
    }
    graphs.patch(f"/applications/{made['application']['id']}", json={"appRoles": [role]})

    answer = graphs.assign(made["servicePrincipal"]["id"], ADA, role["id"])

    assert answer.status_code == 201
    shown = graphs.get(f"/servicePrincipals/{made['servicePrincipal']['id']}").json()
    assert [one["value"] for one in shown["appRoles"]] == ["Auditor"]


@pytest.mark.parametrize(
    "body",
    [
        {"displayName": ""},
        {"displayName": None},
        {"displayName": "x" * 300},
        {"accountEnabled": "yes"},
        {"tags": "one"},
        {"tags": [1]},
        {"appId": str(uuid4())},
        {"nosuchproperty": 1},
        ["displayName"],
    ],
)
def test_property_that_can_not_be_set_is_refused(graphs, body):
    before = (graphs.api.tenant / "applications.json").read_bytes()

    answer = graphs.patch(f"/servicePrincipals/{ENGAGEDLY}", json=body)

    assert answer.status_code == 400
    assert (graphs.api.tenant / "applications.json").read_bytes() == before


@pytest.mark.parametrize(
    "role",
    [
        {},
        {"id": "x", "displayName": "A", "allowedMemberTypes": ["User"]},
        {"id": USER_ROLE, "displayName": "A", "allowedMemberTypes": [{}]},
        {"id": USER_ROLE, "displayName": "A", "allowedMemberTypes": "User"},
        {"id": USER_ROLE, "displayName": 7, "allowedMemberTypes": ["User"]},
        {"id": USER_ROLE, "displayName": "A", "allowedMemberTypes": ["User"], "isEnabled": 1},
        {"id": USER_ROLE, "displayName": "A", "allowedMemberTypes": ["User"], "value": ["x"]},
    ],
)
def test_role_that_is_none_is_refused(graphs, role):
    answer = graphs.patch(f"/applications(appId='{appid(graphs)}')", json={"appRoles": [role]})

    assert refused(answer) == (400, "Request_BadRequest")


def appid(served):
    return served.get(f"/servicePrincipals/{ENGAGEDLY}").json()["appId"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/servicePrincipals/nobody"),
        ("GET", "/servicePrincipals(appId='nobody')"),
        ("PATCH", "/servicePrincipals/nobody"),
        ("DELETE", "/applications/nobody"),
        ("GET", "/servicePrincipals/nobody/appRoleAssignedTo"),
        ("GET", "/users/nobody/appRoleAssignments"),
        ("GET", "/users/nobody@contoso.com/appRoleAssignments"),
        ("GET", "/groups/nobody/appRoleAssignments"),
    ],
)
def test_id_that_leads_nowhere_is_told(short, method, path):
    answer = short.request(method, path, json={})

    assert refused(answer) == (404, "Request_ResourceNotFound")


def test_service_principal_asks_for_nothing_itself(short):
    assert short.values(f"/servicePrincipals/{short.engagedly()}/appRoleAssignments") == []


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from([USER_ROLE, "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(
    ["displayName", "appId", "appRoles", "tags", "notes", "principalId", "resourceId", "appRoleId"]
)
PATHS = st.sampled_from(
    [
        ("POST", "/applications"),
        ("POST", "/servicePrincipals"),
        ("POST", f"/applicationTemplates/{NON_GALLERY}/instantiate"),
        ("PATCH", "/servicePrincipals/{}"),
        ("PATCH", "/applications(appId='{}')"),
        ("POST", "/servicePrincipals/{}/appRoleAssignedTo"),
        ("POST", "/users/ada@contoso.com/appRoleAssignments"),
    ]
)


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(PATHS, ANYTHING | st.dictionaries(NAMES, ANYTHING, max_size=4))
def test_whatever_is_sent_nothing_breaks(short, asked, body):
    method, path = asked
    content = json.dumps(body).encode()

    answer = short.request(method, path.format(short.engagedly()), content=content)

    assert answer.status_code < 500, answer.text
    assert short.get("/servicePrincipals").status_code == 200
