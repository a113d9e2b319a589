"""What the engine may rely on, whatever the target.

A further target joins by a function in `TARGETS`: given an empty folder, an async context
manager around an empty target, which keeps `userName` unique.
"""

from __future__ import annotations

import asyncio
import socket
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial

import pytest
import uvicorn
from small_scim_server import SmallScimServer
from starlette.applications import Starlette

from entrasim.engagedly import Engagedly, EngagedlyServer
from entrasim.errors import ConflictError, TargetError
from entrasim.model.decision import AttributeChange
from entrasim.model.dialect import COMPLIANT, ENTRA
from entrasim.model.entry import ObjectType
from entrasim.model.schema import (
    AttributeDefinition,
    AttributeMapping,
    AttributeType,
    ObjectDefinition,
    ObjectMapping,
    Schema,
)
from entrasim.scim import ScimTarget, TenantUrl
from entrasim.testing.memory import MemoryTarget

USER, GROUP = ObjectType.USER, ObjectType.GROUP
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
MANAGER, WORK_MAIL = f"{ENTERPRISE}:manager", 'emails[type eq "work"].value'
ADA = {
    "userName": "ada@contoso.com",
    "active": True,
    "name.givenName": "Ada",
    "name.familyName": "Byron",
    WORK_MAIL: "ada@contoso.com",
    f"{ENTERPRISE}:department": "Poetry",
}


@asynccontextmanager
async def small_scim_server(_folder, dialect=ENTRA):
    scim = SmallScimServer()
    app = Starlette(routes=scim.routes())
    server = uvicorn.Server(uvicorn.Config(app, log_level="error", ws="none", lifespan="off"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/scim"
        async with connected(address, "t", dialect) as target:
            held = scim.resources["Groups"]
            target.members = lambda known: {m["value"] for m in held[known]["members"]}
            yield target
        server.should_exit = True
        await serving


@asynccontextmanager
async def engagedly(folder, dialect=ENTRA):
    stand_in = Engagedly(folder / "engagedly.db")
    async with EngagedlyServer(stand_in) as server:
        connection = stand_in.add_connection("Entra", base_url=server.base_url)
        async with connected(connection.base_url, connection.token, dialect) as target:
            held = stand_in.groups
            target.members = lambda known: {
                m["id"] for g in held() if g["id"] == known for m in g["members"]
            }
            yield target
    stand_in.close()


@asynccontextmanager
async def connected(address, token, dialect):
    target = ScimTarget.connect(
        tenant_url=TenantUrl.parse(address),
        token=token,
        schema=schema(),
        dialect=dialect,
        timeout=timedelta(seconds=10),
        concurrency=4,
    )
    yield target
    await target.close()


@asynccontextmanager
async def memory(_folder):
    target = MemoryTarget()
    target.members = lambda known: set(target.objects[known].get("members", ()))
    yield target


TARGETS = {
    "small SCIM server": small_scim_server,
    "small SCIM server, compliant": partial(small_scim_server, dialect=COMPLIANT),
    "Engagedly": engagedly,
    "Engagedly, compliant": partial(engagedly, dialect=COMPLIANT),
    "memory": memory,
}


@pytest.fixture(params=list(TARGETS))
async def target(request, tmp_path):
    async with TARGETS[request.param](tmp_path) as made:
        yield made


def schema():
    types = {"active": AttributeType.BOOLEAN, MANAGER: AttributeType.REFERENCE}
    mapping = ObjectMapping(
        name="Users",
        enabled=True,
        object_type=USER,
        target_object="User",
        attributes=tuple(
            AttributeMapping(
                target_attribute=name, expression=None, matching_priority=int(name == "userName")
            )
            for name in (*ADA, "title", MANAGER)
        ),
    )
    definitions = tuple(AttributeDefinition(name=name, type=kind) for name, kind in types.items())
    members = AttributeDefinition(name="members", type=AttributeType.REFERENCE, multivalued=True)
    groups = ObjectMapping(
        name="Groups",
        enabled=True,
        object_type=GROUP,
        target_object="Group",
        attributes=tuple(
            AttributeMapping(target_attribute=name, expression=None, matching_priority=rank)
            for rank, name in enumerate(("members", "displayName"))
        ),
    )
    return Schema(
        id="s",
        version="v",
        rule_id="r",
        mappings=(mapping, groups),
        target_objects={
            "User": ObjectDefinition(name="User", attributes=definitions),
            "Group": ObjectDefinition(name="Group", attributes=(members,)),
        },
        fingerprint="f",
    )


def new(**values):
    held = {**ADA, **values}
    return [AttributeChange(attribute=name, before=None, after=v) for name, v in held.items()]


def change(attribute, before, after):
    return AttributeChange(attribute=attribute, before=before, after=after)


async def test_probe_finds_nobody(target):
    await target.probe([USER])


async def test_new_object_is_given_as_it_was_made(target):
    made = await target.create(USER, new())

    assert made.id
    assert dict(made.values) == ADA


async def test_object_is_read_by_its_id(target):
    made = await target.create(USER, new())

    assert await target.read(USER, made.id) == made


async def test_object_is_found_by_its_matching_attribute(target):
    made = await target.create(USER, new())
    await target.create(USER, new(userName="grace@contoso.com"))

    assert await target.find(USER, "userName", "ADA@contoso.com") == (made,)


@pytest.mark.parametrize("name", ['a"b', "a\\b", "a+b@c.d", "a b", "é", "a&b=c#d", "(a)*"])
async def test_any_value_is_found_as_it_is(target, name):
    made = await target.create(USER, new(userName=name))

    assert await target.find(USER, "userName", name) == (made,)


async def test_nobody_is_found_by_an_unknown_value(target):
    await target.create(USER, new())

    assert await target.find(USER, "userName", 'x" or userName pr or userName eq "') == ()


async def test_several_may_be_found(target):
    await target.create(USER, new())
    await target.create(USER, new(userName="grace@contoso.com"))

    assert len(await target.find(USER, "name.familyName", "Byron")) == 2


async def test_unknown_id_is_nobody(target):
    assert await target.read(USER, "nobody/../1") is None


async def test_update_adds_replaces_and_removes(target):
    made = await target.create(USER, new())

    await target.update(
        USER,
        made.id,
        [
            change("title", None, "Analyst"),
            change("name.familyName", "Byron", "Lovelace"),
            change(WORK_MAIL, "ada@contoso.com", "ada.lovelace@contoso.com"),
            change(f"{ENTERPRISE}:department", "Poetry", None),
        ],
    )

    read = await target.read(USER, made.id)
    assert dict(read.values) == {
        "userName": "ada@contoso.com",
        "active": True,
        "title": "Analyst",
        "name.givenName": "Ada",
        "name.familyName": "Lovelace",
        WORK_MAIL: "ada.lovelace@contoso.com",
    }


async def test_disabled_object_reads_as_false(target):
    made = await target.create(USER, new())

    await target.update(USER, made.id, [change("active", True, False)])

    assert (await target.read(USER, made.id)).values["active"] is False


async def test_reference_holds_the_target_id(target):
    boss = await target.create(USER, new(userName="grace@contoso.com"))
    made = await target.create(USER, new())

    await target.update(USER, made.id, [change(MANAGER, None, boss.id)])

    assert (await target.read(USER, made.id)).values[MANAGER] == boss.id


async def test_reference_can_be_cleared(target):
    made = await target.create(USER, new(**{MANAGER: "17"}))

    await target.update(USER, made.id, [change(MANAGER, "17", None)])

    assert MANAGER not in (await target.read(USER, made.id)).values


async def test_taken_value_is_a_conflict_on_create(target):
    await target.create(USER, new())

    with pytest.raises(ConflictError):
        await target.create(USER, new())


async def test_taken_value_is_a_conflict_on_update(target):
    await target.create(USER, new())
    grace = await target.create(USER, new(userName="grace@contoso.com"))

    with pytest.raises(ConflictError):
        await target.update(
            USER, grace.id, [change("userName", "grace@contoso.com", "ada@contoso.com")]
        )

    assert (await target.read(USER, grace.id)).values["userName"] == "grace@contoso.com"


async def test_update_of_nobody_fails(target):
    with pytest.raises(TargetError):
        await target.update(USER, "nobody", [change("title", None, "Analyst")])


async def test_deleted_object_is_gone_and_its_name_is_free(target):
    made = await target.create(USER, new())

    await target.delete(USER, made.id)

    assert await target.read(USER, made.id) is None
    assert (await target.create(USER, new())).id != made.id


async def test_object_that_is_gone_can_be_deleted(target):
    await target.delete(USER, "nobody")


async def test_requests_are_counted(target):
    before = sum(target.requests_sent().values())

    await target.find(USER, "userName", "ada@contoso.com")

    assert sum(target.requests_sent().values()) == before + 1


@pytest.fixture
async def sales(target):
    """A group, and three users to be its members."""
    made = await target.create(GROUP, [change("displayName", None, "Sales")])
    names = ("ada", "bob", "cem")
    users = [await target.create(USER, new(userName=f"{n}@contoso.com")) for n in names]
    return made.id, [user.id for user in users]


async def test_group_is_found_by_its_name_and_nothing_else_is(target, sales):
    found = await target.find(GROUP, "displayName", "SALES")

    assert [resource.id for resource in found] == [sales[0]]
    assert dict(found[0].values) == {"displayName": "Sales"}


async def test_members_join_and_leave(target, sales):
    group, (ada, bob, cem) = sales

    first = await target.update_members(GROUP, group, change("members", None, (ada, bob)))
    second = await target.update_members(GROUP, group, change("members", (ada,), (cem,)))

    assert first == second == {}
    assert target.members(group) == {bob, cem}


async def test_member_can_be_added_twice_and_removed_twice(target, sales):
    group, (ada, bob, _) = sales

    for asked in (change("members", None, (ada, bob)), change("members", (ada,), None)):
        for _ in range(2):
            assert await target.update_members(GROUP, group, asked) == {}

    assert target.members(group) == {bob}


async def test_renamed_group_keeps_its_members_and_is_found_by_its_new_name(target, sales):
    group, (ada, *_) = sales
    await target.update_members(GROUP, group, change("members", None, (ada,)))

    await target.update(GROUP, group, [change("displayName", "Sales", "Sales UK")])

    assert [r.id for r in await target.find(GROUP, "displayName", "Sales UK")] == [group]
    assert await target.find(GROUP, "displayName", "Sales") == ()
    assert target.members(group) == {ada}


async def test_group_that_is_gone_takes_no_member(target, sales):
    group, (ada, *_) = sales
    await target.delete(GROUP, group)

    refused = await target.update_members(GROUP, group, change("members", None, (ada,)))

    assert list(refused) == [ada]
    assert isinstance(refused[ada], TargetError)


async def test_members_are_read_and_a_group_without_any_has_none(target, sales):
    group, (ada, bob, _) = sales

    before = await target.read_members(GROUP, group, "members")
    await target.update_members(GROUP, group, change("members", None, (ada, bob)))
    after = await target.read_members(GROUP, group, "members")

    assert before == ()
    assert set(after) == {ada, bob}


async def test_members_of_a_group_that_is_gone_are_not_known(target, sales):
    await target.delete(GROUP, sales[0])

    assert await target.read_members(GROUP, sales[0], "members") is None


async def test_everything_of_a_kind_is_read(target, sales):
    group, users = sales

    people, groups = await target.read_all(USER), await target.read_all(GROUP)

    assert {one.id: one.values["userName"] for one in people} == dict(
        zip(users, ("ada@contoso.com", "bob@contoso.com", "cem@contoso.com"), strict=True)
    )
    assert {one.id: dict(one.values) for one in groups} == {group: {"displayName": "Sales"}}


async def test_everything_of_an_empty_target_is_nothing(target):
    assert await target.read_all(USER) == ()
