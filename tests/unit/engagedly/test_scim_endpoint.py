"""The stand-in's SCIM endpoint, as Entra and as others use it."""

from __future__ import annotations

import subprocess
import sys

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scim_requests import create, create_group, patch, search

from entrasim.engagedly import EngagedlyServer
from entrasim.errors import ConfigurationError

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


async def test_everything_that_was_sent_is_kept_and_echoed(client, ada):
    answer = await client.post("/Users", json=ada)
    made = answer.json()
    read = (await client.get(f"/Users/{made['id']}")).json()

    assert answer.headers["content-type"] == "application/scim+json"
    assert answer.headers["location"] == made["meta"]["location"]
    assert made == read
    kept = {name: value for name, value in read.items() if name not in {"id", "meta"}}
    extension = {**ada[ENTERPRISE], "manager": {"value": "boss-id"}}
    assert kept == {**{k: v for k, v in ada.items() if k != "meta"}, ENTERPRISE: extension}


@pytest.mark.parametrize(
    ("missing", "told"),
    [
        ({"name": {"familyName": "L"}}, "name.givenName"),
        ({"name": {"givenName": "A", "familyName": " "}}, "name.familyName"),
        ({"emails": [{"type": "home", "value": "a@b.c"}]}, 'emails[type eq "work"].value'),
        ({"userName": None}, "userName"),
    ],
)
async def test_name_and_mail_are_mandatory(client, ada, missing, told):
    answer = await client.post("/Users", json={**ada, **missing})

    assert answer.status_code == 400
    assert answer.json()["scimType"] == "invalidValue"
    assert told in answer.json()["detail"]


async def test_user_name_belongs_to_one_on_post_and_patch_in_any_case(client, ada):
    await create(client, ada)
    grace = await create(client, ada, userName="grace@contoso.com")

    posted = await client.post("/Users", json={**ada, "userName": "ADA@contoso.com"})
    operation = {"op": "Replace", "path": "userName", "value": "Ada@contoso.com"}
    patched = await patch(client, grace["id"], operation)

    assert (posted.status_code, patched.status_code) == (409, 409)
    assert posted.json()["scimType"] == "uniqueness"
    assert (await client.get(f"/Users/{grace['id']}")).json()["userName"] == "grace@contoso.com"


async def test_old_dialect_is_understood(client, ada):
    known = (await create(client, ada))["id"]

    answer = await patch(
        client,
        known,
        {"op": "Replace", "path": "active", "value": "False"},
        {"op": "Replace", "path": 'emails[type eq "work"].value', "value": "new@contoso.com"},
        {"op": "Add", "path": 'phoneNumbers[type eq "mobile"].value', "value": "1"},
        {"op": "Add", "path": 'roles[primary eq "True"].value', "value": "admin"},
        {"op": "Replace", "path": f"{ENTERPRISE}:department", "value": "Sales"},
        {"op": "Add", "path": f"{ENTERPRISE}:manager", "value": "m2"},
        {"op": "Replace", "path": "name.givenName", "value": "A."},
        {"op": "Add", "path": 'addresses[type eq "work"].region', "value": "UK"},
    )
    found = answer.json()

    assert answer.status_code == 200
    assert found["active"] is False
    assert found["emails"] == [{"primary": True, "type": "work", "value": "new@contoso.com"}]
    assert found["phoneNumbers"] == [{"type": "mobile", "value": "1"}]
    assert found["roles"] == [{"primary": True, "value": "admin"}]
    assert found[ENTERPRISE]["department"] == "Sales"
    assert found[ENTERPRISE]["manager"] == {"value": "m2"}
    assert found["name"] == {"givenName": "A.", "familyName": "Lovelace"}
    assert found["addresses"] == [{"type": "work", "locality": "London", "region": "UK"}]


async def test_compliant_dialect_is_understood(client, ada):
    known = (await create(client, ada))["id"]

    values = {"displayName": "A", "name.givenName": "B", f"{ENTERPRISE}:employeeNumber": "8"}
    answer = await patch(
        client,
        known,
        {"op": "replace", "value": values},
        {"op": "add", "path": "nickName", "value": "Countess"},
        {"op": "replace", "path": "active", "value": False},
        {"op": "remove", "path": f"{ENTERPRISE}:manager"},
    )
    found = answer.json()

    assert (found["displayName"], found["nickName"], found["active"]) == ("A", "Countess", False)
    assert found["name"]["givenName"] == "B"
    assert found[ENTERPRISE] == {"department": "Engineering", "employeeNumber": "8"}


async def test_failing_patch_changes_nothing(client, ada):
    known = (await create(client, ada))["id"]
    before = (await client.get(f"/Users/{known}")).json()

    answer = await patch(
        client,
        known,
        {"op": "Replace", "path": "title", "value": "x"},
        {"op": "Remove", "path": "name.givenName"},
    )

    assert answer.status_code == 400
    assert (await client.get(f"/Users/{known}")).json() == before


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('userName eq "ADA@contoso.com"', True),
        ('USERNAME Eq "ada@contoso.com" and active eq true', True),
        ('userName eq "ada@contoso.com" and active eq "False"', False),
        ('externalId eq "object-id-1"', True),
        ('externalId eq "OBJECT-ID-1"', False),
        (f'{ENTERPRISE}:employeeNumber eq "7"', True),
        ('emails[type eq "work"].value eq "ada@contoso.com"', True),
        ('name.familyName sw "love"', True),
        ("title pr", False),
        ('not (userName eq "ada@contoso.com")', False),
        ('userName eq "nobody"', False),
    ],
)
async def test_filters(client, ada, text, found):
    await create(client, ada)

    resources = await search(client, text)

    assert len(resources) == int(found)


async def test_pages_and_projections(client, ada):
    for number in range(5):
        await create(client, ada, userName=f"u{number}", externalId=f"x{number}")

    page = (await client.get("/Users?startIndex=2&count=2&attributes=userName")).json()
    rest = (await client.get("/Users?startIndex=5&excludedAttributes=emails,name")).json()

    assert (page["totalResults"], page["startIndex"], page["itemsPerPage"]) == (5, 2, 2)
    assert [set(r) for r in page["Resources"]] == [{"id", "schemas", "userName"}] * 2
    assert [r["userName"] for r in page["Resources"]] == ["u1", "u2"]
    assert not {"emails", "name"} & set(rest["Resources"][0])


async def test_deleted_user_is_gone_their_name_is_free_and_the_employee_blocked(
    client, ada, engagedly
):
    known = (await create(client, ada))["id"]

    deleted = await client.delete(f"/Users/{known}")
    again = await client.delete(f"/Users/{known}")
    read = await client.get(f"/Users/{known}")
    blocked = engagedly.employees("ada@contoso.com")
    await create(client, ada)

    assert (deleted.status_code, again.status_code, read.status_code) == (204, 404, 404)
    assert [e["status"] for e in blocked] == ["Blocked"]
    assert [e["status"] for e in engagedly.employees()] == ["Blocked", "Active"]
    assert len(await search(client, 'userName eq "ada@contoso.com"')) == 1


async def test_inactive_user_stays_readable_and_filterable(client, ada):
    known = (await create(client, ada, active=False))["id"]

    assert (await client.get(f"/Users/{known}")).json()["active"] is False
    assert len(await search(client, 'userName eq "ada@contoso.com"')) == 1


async def test_token_is_refused_as_soon_as_its_connection_is_deleted(client, ada, engagedly):
    await create(client, ada)

    engagedly.delete_connection("entra")
    refused = await client.get("/Users")

    assert refused.status_code == 401
    assert refused.headers["www-authenticate"] == "Bearer"
    assert [e["status"] for e in engagedly.employees()] == ["Active"]


async def test_recreated_connection_has_another_token(client, engagedly):
    engagedly.delete_connection("entra")
    made = engagedly.add_connection("entra", base_url="http://127.0.0.1/scim/v2")

    old = await client.get("/Users")
    new = await client.get("/Users", headers={"Authorization": f"Bearer {made.token}"})

    assert (old.status_code, new.status_code) == (401, 200)


async def test_token_is_not_in_the_file(engagedly, tmp_path):
    token = engagedly.add_connection("entra", base_url="http://127.0.0.1").token

    files = [path.read_bytes() for path in tmp_path.glob("engagedly.db*")]

    assert files
    assert not any(token.encode() in content for content in files)


async def test_people_survive_a_restart(client, ada, tmp_path):
    await create(client, ada)

    from entrasim.engagedly import Engagedly  # noqa: PLC0415 - another one on the same file

    other = Engagedly(tmp_path / "engagedly.db")
    assert [e["first_name"] for e in other.employees()] == ["Ada"]
    other.close()


async def test_discovery_describes_what_is_there(client):
    schemas = (await client.get("/Schemas")).json()["Resources"]
    types = (await client.get("/ResourceTypes")).json()["Resources"]
    configuration = (await client.get("/ServiceProviderConfig")).json()
    groups = (await client.get('/Groups?filter=displayName+eq+"x"')).json()

    assert {s["id"].rpartition(":")[2] for s in schemas} == {"User", "Group"}
    assert {t["endpoint"] for t in types} == {"/Users", "/Groups"}
    assert configuration["patch"]["supported"] is True
    assert (groups["totalResults"], groups["Resources"]) == (0, [])


async def test_rest_view_shows_employees_as_engagedly_does(client, ada, engagedly):
    boss = await create(client, ada, userName="boss", externalId="b")
    extension = {**ada[ENTERPRISE], "manager": boss["id"]}
    await create(client, ada, title="Engineer", **{ENTERPRISE: extension})
    root = str(client.base_url).removesuffix("/scim/v2/")
    async with httpx.AsyncClient() as plain:
        body = (await plain.get(f"{root}/beta/users?email=ADA@contoso.com")).json()

    assert body["success"] is True
    assert body["pagination"]["total_count"] == 2
    shown = {k: v for k, v in body["data"][1].items() if k != "id"}
    assert shown == {
        "first_name": "Ada",
        "middle_name": None,
        "last_name": "Lovelace",
        "email": "ada@Contoso.com",
        "employee_id": "7",
        "status": "Active",
        "job_title": "Engineer",
        "location": "London",
        "departments": ["Engineering"],
        "primary_reporter": "ada@Contoso.com",
    }
    assert engagedly.employees()[1]["job_title"] == "Engineer"


async def test_page_shows_people_without_running_their_scripts(client, ada):
    await create(client, ada, title="<script>alert(1)</script>")
    root = str(client.base_url).removesuffix("/scim/v2/")
    async with httpx.AsyncClient() as plain:
        page = await plain.get(f"{root}/")

    assert "&lt;script&gt;" in page.text
    assert "<script>" not in page.text
    assert page.headers["content-security-policy"].startswith("default-src 'none'")


@pytest.mark.parametrize(
    ("method", "path", "content", "status"),
    [
        ("POST", "/Users", b"{", 400),
        ("POST", "/Users", b"[]", 400),
        ("POST", "/Users", b'"' + b"x" * 1_100_000 + b'"', 413),
        ("GET", "/Users?filter=nonsense", None, 400),
        ("GET", "/Users?startIndex=x", None, 400),
        ("GET", "/Users/nobody", None, 404),
        ("PATCH", "/Users/nobody", b"{}", 404),
        ("POST", "/Groups", b"{}", 400),
        ("PUT", "/Groups", b"{}", 501),
        ("GET", "/Groups?filter=nonsense", None, 400),
        ("GET", "/Groups/nobody", None, 404),
        ("PATCH", "/Groups/nobody", b"{}", 404),
        ("DELETE", "/Groups/nobody", None, 404),
        ("GET", "/nowhere", None, 404),
    ],
)
async def test_mistakes_get_scim_errors(client, method, path, content, status):
    answer = await client.request(method, path, content=content)

    assert answer.status_code == status
    assert answer.json()["status"] == str(status)
    assert answer.json()["schemas"] == ["urn:ietf:params:scim:api:messages:2.0:Error"]


anything = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["op", "path", "value", "Operations", "userName", "name", "emails", "x"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)
operations = st.fixed_dictionaries(
    {
        "op": st.sampled_from(["Add", "replace", "Remove", "x"]),
        "value": anything,
        "path": st.sampled_from(
            [
                None,
                "active",
                "emails",
                "name",
                "name.givenName",
                'emails[type eq "work"]',
                'emails[type eq "work"].value',
                'emails[type eq "x" or value pr].y',
                f"{ENTERPRISE}:manager",
                "a[",
                "displayName",
                "members",
                "members.value",
                'members[value eq "x"]',
                'members[type eq "User" or not (display pr)]',
                'members[value eq "x"].display',
            ]
        ),
    }
)


@given(body=anything, changes=st.lists(operations, max_size=3), text=st.text(max_size=30))
@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_no_input_whatever_breaks_it(engagedly, ada, body, changes, text):
    if not engagedly.connections():
        engagedly.token = engagedly.add_connection("fuzz", base_url="http://127.0.0.1").token
    transport = httpx.ASGITransport(engagedly.asgi)
    headers = {"Authorization": f"Bearer {engagedly.token}"}
    base_url = "http://test/scim/v2"
    async with httpx.AsyncClient(transport=transport, base_url=base_url, headers=headers) as client:
        known = engagedly.resources()[0]["id"] if engagedly.resources() else None
        known = known or (await create(client, ada))["id"]
        group = next(iter(engagedly.groups()), None) or await create_group(client, "Sales")
        answers = [
            await client.post("/Users", json=body),
            await client.patch(f"/Users/{known}", json=body),
            await patch(client, known, *changes),
            await client.get("/Users", params={"filter": text}),
            await client.post("/Groups", json=body),
            await client.put(f"/Groups/{group['id']}", json=body),
            await patch(client, group["id"], *changes, kind="Groups"),
            await client.get("/Groups", params={"filter": text}),
        ]

    assert [a.status_code for a in answers if a.status_code >= 500] == []


def test_processes_that_come_to_a_new_file_at_once_all_open_it(tmp_path):
    code = (
        "import sys; from pathlib import Path; from entrasim.engagedly import Engagedly; "
        "Engagedly(Path(sys.argv[1])).connections()"
    )

    command = [sys.executable, "-c", code, str(tmp_path / "engagedly.db")]
    processes = [subprocess.Popen(command) for _ in range(4)]

    assert [process.wait() for process in processes] == [0] * 4


def test_file_that_is_no_database_is_left_alone(tmp_path):
    path = tmp_path / "engagedly.db"
    path.write_text("this is a text, and a long one at that " * 20)

    from entrasim.engagedly import Engagedly  # noqa: PLC0415 - refused here

    with pytest.raises(ConfigurationError, match="no database of the stand-in"):
        Engagedly(path)

    assert path.read_text().startswith("this is a text")


async def test_taken_port_is_an_os_error(engagedly):
    async with EngagedlyServer(engagedly) as server:
        with pytest.raises(OSError, match="in use"):
            await EngagedlyServer(engagedly, port=server.port).start()
