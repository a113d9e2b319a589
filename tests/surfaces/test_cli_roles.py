"""App roles as people meet them at the command line."""

from __future__ import annotations

import json

import pytest

ROLE = 'roles[primary eq "True"].value'


@pytest.fixture
async def with_roles(site):
    """A job whose schema sends one role."""
    await site.run("schema", "export", "config/roles.json")
    path = site.folder / "config" / "roles.json"
    document = json.loads(path.read_text())
    mappings = document["synchronizationRules"][0]["objectMappings"]
    (users,) = [mapping for mapping in mappings if mapping["enabled"]]
    source = {"type": "Function", "expression": "SingleAppRoleAssignment([appRoleAssignments])"}
    users["attributeMappings"].append({"targetAttributeName": ROLE, "source": source})
    for directory in document["directories"]:
        for known in directory["objects"]:
            known["attributes"].append({"name": ROLE, "type": "String"})
    path.write_text(json.dumps(document))
    configure(site, 'schema = "engagedly"', 'schema = "roles.json"')
    return site


def configure(site, before, after):
    path = site.folder / "config" / "entrasim.toml"
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after, 1))


async def test_roles_are_refused_where_everybody_is_in_scope(with_roles):
    configure(with_roles, '# scope = "assigned"', 'scope = "all"')

    code, _, err = await with_roles.run("sync")

    assert code == 2
    assert 'gives the roles of assignments, and jobs.engagedly.scope = "all"' in err
    assert ROLE in err
    assert with_roles.exchanges == []


async def test_roles_are_planned_for_those_who_are_assigned(with_roles):
    code, _, err = await with_roles.run("plan")

    assert code == 0, err
