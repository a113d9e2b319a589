"""Cycles against a real SCIM endpoint, in both dialects: what was sent reads back as sent.

Otherwise the same PATCH would go out whenever somebody changes.
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from entrasim.engagedly import Engagedly, EngagedlyServer
from entrasim.engine.cycle import run_cycle
from entrasim.model.cycle import CycleRequest
from entrasim.model.dialect import COMPLIANT, ENTRA
from entrasim.model.entry import ObjectType
from entrasim.ports import Ports
from entrasim.scim import ScimTarget, TenantUrl

BADGE = "urn:ietf:params:scim:schemas:extension:CustomExtensionName:2.0:User:CustomAttribute"
PRIMARY = 'roles[primary eq "True"].value'
WORK_MAIL = 'emails[type eq "work"].value'
VALUES = {
    WORK_MAIL: ("mail", "ada@contoso.com", "countess@contoso.com"),
    'phoneNumbers[type eq "work"].value': ("telephoneNumber", "+44 1815", "+44 1852"),
    'phoneNumbers[type eq "mobile"].value': ("mobile", "+44 77", "+44 78"),
    'phoneNumbers[type eq "fax"].value': ("facsimileTelephoneNumber", "+44 2", "+44 3"),
    'addresses[type eq "work"].locality': ("city", "London", "Ockham"),
    'addresses[type eq "work"].streetAddress': ("streetAddress", "St James", "Ockham Park"),
    'addresses[type eq "work"].country': ("country", "UK", "England"),
    PRIMARY: ("role", "Analyst", "Author"),
    BADGE: ("badge", "701984", "701985"),
}
"""Target attributes, where each comes from, and two values of it."""
OLD = {target: old for target, (_, old, _) in VALUES.items()}
NEW = {target: new for target, (_, _, new) in VALUES.items()}
BEFORE = {source: old for source, old, _ in VALUES.values()}
AFTER = {source: new for source, _, new in VALUES.values()}


@pytest.fixture(params=[ENTRA, COMPLIANT], ids=["default", "compliant"])
async def cycle(request, story, tmp_path):
    """Runs a cycle against an endpoint of its own; gives how many requests it sent."""
    stand_in, opened = Engagedly(tmp_path / "engagedly.db"), []
    async with EngagedlyServer(stand_in) as server:
        connection = stand_in.add_connection("Entra", base_url=server.base_url)

        async def run(*, full=False):
            target = ScimTarget.connect(
                tenant_url=TenantUrl.parse(connection.base_url),
                token=connection.token,
                schema=story.job.schema,
                dialect=request.param,
                timeout=timedelta(seconds=10),
                concurrency=4,
            )
            opened.append(target)
            ports = Ports(story.directory, target, story.store, story.clock)
            execution = await run_cycle(story.job, ports, CycleRequest(full=full))
            assert execution.state == "Succeeded"
            return execution.requests

        async def held(*attributes):
            (found,) = await opened[-1].find(ObjectType.USER, "externalId", "ada")
            return {name: found.values.get(name) for name in attributes or VALUES}

        run.held = held
        yield run
        for target in opened:
            await target.close()
    stand_in.close()


@pytest.fixture
def story(story):
    for target, (source, _, _) in VALUES.items():
        story.map(target, f"[{source}]")
    return story


async def test_value_paths_and_extensions_are_created_and_read_back(story, cycle):
    story.employ("ada", **BEFORE)

    await cycle()
    silent = await cycle(full=True)

    assert await cycle.held() == OLD
    assert silent == {"GET": 2}


async def test_value_paths_and_extensions_are_brought_up_to_date(story, cycle):
    story.employ("ada", **BEFORE)
    await cycle()

    story.change("ada", **AFTER)
    changed = await cycle()
    silent = await cycle(full=True)

    assert await cycle.held() == NEW
    assert changed["PATCH"] == 1
    assert silent == {"GET": 2}


async def test_value_paths_and_extensions_are_added_to_somebody_who_lacks_them(story, cycle):
    story.employ("ada")
    await cycle()

    story.change("ada", **BEFORE)
    await cycle()
    silent = await cycle(full=True)

    assert await cycle.held() == OLD
    assert silent == {"GET": 2}


async def test_value_that_is_gone_from_the_source_is_not_cleared(story, cycle):
    story.employ("ada", **BEFORE)
    await cycle()

    story.change("ada", **dict.fromkeys(set(BEFORE) - {"mail"}))
    silent = await cycle()

    assert await cycle.held() == OLD
    assert silent == {"GET": 2}


@pytest.mark.parametrize(
    "function", ["AppRoleAssignmentsComplex", "AssertiveAppRoleAssignmentsComplex"]
)
async def test_roles_are_added_changed_and_sent_no_more(story, cycle, function):
    story.unmap(PRIMARY)
    story.map("roles", f"{function}([appRoleAssignments])", multivalued=True)
    story.offer("admin", "author")
    story.employ("ada")
    story.assign("ada", "admin")
    created = await cycle()

    story.assign("ada", "author")
    changed = await cycle()
    silent = await cycle(full=True)

    held = await cycle.held("roles")
    assert (created["POST"], changed["PATCH"]) == (1, 1)
    assert len(held["roles"]) == 2
    assert silent == {"GET": 2}


async def test_asserted_roles_are_taken_away(story, cycle):
    story.unmap(PRIMARY)
    story.map("roles", "AssertiveAppRoleAssignmentsComplex([appRoleAssignments])", multivalued=True)
    story.offer("admin", "author")
    story.employ("ada")
    story.assign("ada", "admin", "author")
    await cycle()

    story.unassign("ada", "admin", "author")
    await cycle()
    silent = await cycle(full=True)

    assert await cycle.held("roles") == {"roles": None}
    assert silent == {"GET": 2}


async def test_one_value_for_a_list_of_objects_is_an_object(story, cycle):
    story.unmap(PRIMARY)
    story.map("roles", "[role]")
    story.employ("ada", role="Analyst")
    await cycle()

    silent = await cycle(full=True)
    story.change("ada", role="Author")
    await cycle()

    assert silent == {"GET": 2}
    assert await cycle.held("roles") == {"roles": ("Author",)}
