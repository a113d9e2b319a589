"""A group of a thousand, of whom many come and go, in both dialects."""

from __future__ import annotations

import json
from collections import Counter

import httpx
import pytest

PEOPLE, MEMBERS, JOINING, LEAVING = 1300, 1000, 300, 200


def patch(operation: dict) -> str:
    schemas = ["urn:ietf:params:scim:api:messages:2.0:PatchOp"]
    return json.dumps({"schemas": schemas, "Operations": [operation]}, separators=(",", ":"))


def by_value(op: str, member: str) -> str:
    return patch({"op": op, "path": "members", "value": [{"$ref": None, "value": member}]})


def by_filter(op: str, member: str) -> str:
    return patch({"op": op, "path": f'members[value eq "{member}"]'})


@pytest.fixture
def firm(site):
    """Thirteen hundred people, all assigned themselves, and one group that is assigned too."""
    tenant = site.folder / "config" / "tenants" / "contoso"
    (tenant / "tenant.yaml").unlink()
    ids = [f"u{number}" for number in range(PEOPLE)]
    (tenant / "users.json").write_text(json.dumps([person(each) for each in ids]))
    assignments = [{"principalId": each} for each in [*ids, "crew"]]
    (tenant / "appRoleAssignments.json").write_text(json.dumps(assignments))
    config = site.folder / "config" / "entrasim.toml"
    config.write_text(config.read_text().replace('schema = "engagedly"', 'schema = "scim"'))
    return site


def person(name: str) -> dict:
    mail = f"{name}@contoso.com"
    names = {"displayName": name, "givenName": name, "surname": "Example"}
    return {"id": name, "userPrincipalName": mail, "mail": mail, **names}


def write_crew(site, numbers) -> None:
    members = [{"id": f"u{number}"} for number in numbers]
    groups = [{"id": "crew", "displayName": "Crew", "members": members}]
    tenant = site.folder / "config" / "tenants" / "contoso"
    (tenant / "groups.json").write_text(json.dumps(groups))


async def crew_of(site) -> dict:
    """The group, as the target shows it."""
    headers = {"Authorization": f"Bearer {site.token}"}
    async with httpx.AsyncClient(headers=headers) as client:
        answer = await client.get(f"{site.server.base_url}/Groups")
    (group,) = answer.json()["Resources"]
    return group


async def cycle(site, **environment) -> list:
    """One cycle that succeeds; gives the requests it sent after its probes."""
    site.exchanges.clear()
    code, _, err = await site.run("sync", "--json", **environment)
    assert code == 0, err
    return [one for one in site.exchanges if "filter=" not in one.query]


@pytest.mark.timeout(240)
async def test_who_joins_and_who_leaves_a_thousand_is_told_one_by_one_in_both_dialects(firm):
    site, url = firm, f"{firm.server.base_url}?aadOptscim062020"
    compliant = {"ENTRASIM_JOBS__ENGAGEDLY__TARGET__BASE_URL": url}
    everybody, left, joined = range(MEMBERS), range(LEAVING), range(MEMBERS, PEOPLE)
    write_crew(site, everybody)
    await cycle(site, ENTRASIM_JOBS__ENGAGEDLY__TARGET__MEMBERS_PER_REQUEST="100")
    ids = {one["userName"].partition("@")[0]: one["id"] for one in site.engagedly.resources()}
    assert await members(site) == {ids[f"u{number}"] for number in everybody}

    group = f"/scim/v2/Groups/{(await crew_of(site))['id']}"
    write_crew(site, range(LEAVING, PEOPLE))
    read, *sent = await cycle(site)
    silent = await cycle(site)

    assert (read.method, read.path, read.query) == ("GET", group, "excludedAttributes=members")
    assert {(one.method, one.path) for one in sent} == {("PATCH", group)}
    assert Counter(one.body.decode() for one in sent) == Counter(
        [by_value("Remove", ids[f"u{number}"]) for number in left]
        + [by_value("Add", ids[f"u{number}"]) for number in joined]
    )
    assert await members(site) == {ids[f"u{number}"] for number in range(LEAVING, PEOPLE)}
    assert silent == []

    write_crew(site, everybody)
    read, *sent = await cycle(site, **compliant)
    silent = await cycle(site, **compliant)

    assert (read.method, read.path, read.query) == ("GET", group, "excludedAttributes=members")
    assert {(one.method, one.path) for one in sent} == {("PATCH", group)}
    assert Counter(one.body.decode() for one in sent) == Counter(
        [by_filter("remove", ids[f"u{number}"]) for number in joined]
        + [by_value("add", ids[f"u{number}"]) for number in left]
    )
    assert await members(site) == {ids[f"u{number}"] for number in everybody}
    assert silent == []


async def members(site) -> set[str]:
    return {member["value"] for member in (await crew_of(site))["members"]}
