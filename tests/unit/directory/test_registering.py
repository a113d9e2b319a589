"""Applications that come, change and go, in every form of a tenant."""

from __future__ import annotations

import pytest

from entrasim.directory.fixture.graph_tenant import GraphTenant
from entrasim.directory.fixture.registering import change_application, register, unassign_all

NEW = {"id": "new", "appId": "new-app", "displayName": "Salaries"}


@pytest.fixture
def tenant(tmp_path, form, clock):
    assert form
    return GraphTenant(tmp_path, ["Engagedly"], clock=clock)


async def registered(tenant):
    await tenant.edit(lambda edit: register(edit, tenant.applications, dict(NEW)))


async def assigned(directory):
    return [(a.id, a.principal_id) for a in (await directory.read(None)).assignments]


async def engagedly(tenant):
    found = (await tenant.objects()).service_principals.values()
    return next(one for one in found if one.display_name == "Engagedly")


async def test_newcomer_changes_neither_the_others_nor_who_is_assigned(tenant, directory):
    before, people = await engagedly(tenant), {known for _, known in await assigned(directory)}

    await registered(tenant)

    after = await engagedly(tenant)
    assert (after.id, after.properties["appId"]) == (before.id, before.properties["appId"])
    assert {known for _, known in await assigned(directory)} == people
    objects = await tenant.objects()
    assert {a.resource_id for a in objects.assignments.values()} == {after.id}
    assert set(objects.service_principals) == {after.id, "new"}


async def test_ids_of_assignments_stay_when_another_application_comes(tenant):
    before = set((await tenant.objects()).assignments)

    await registered(tenant)

    assert set((await tenant.objects()).assignments) == before


async def test_renamed_application_keeps_its_ids_and_those_assigned(tenant):
    before = await tenant.objects()
    (known,) = before.service_principals
    app_id = before.service_principals[known].properties["appId"]
    change = {"displayName": "Engagedly Inc."}

    await tenant.edit(lambda e: change_application(e, tenant.applications, app_id, change))

    after = await tenant.objects()
    assert after.service_principals[known].display_name == "Engagedly Inc."
    assert set(after.assignments) == set(before.assignments)


async def test_all_are_unassigned_from_one_application_alone(tenant, editor):
    await registered(tenant)
    one = (await tenant.objects()).service_principals["new"]
    ours = await engagedly(tenant)
    editor.assign("grace@contoso.com")

    await tenant.edit(lambda e: unassign_all(e, tenant.applications, one.properties))
    left = (await tenant.objects()).assignments.values()

    assert {a.resource_id for a in left} == {ours.id}
    await tenant.edit(lambda e: unassign_all(e, tenant.applications, ours.properties))
    assert (await tenant.objects()).assignments == {}


async def test_command_line_assigns_to_its_own_application_beside_others(tenant, editor):
    await registered(tenant)

    editor.assign("grace@contoso.com")

    found = (await tenant.objects()).assignments.values()
    assert {a.resource_id for a in found} == {(await engagedly(tenant)).id}


async def test_application_without_a_service_principal_is_none_to_assign_to(tenant):
    await registered(tenant)
    gone = {"servicePrincipal": False}

    await tenant.edit(lambda e: change_application(e, tenant.applications, "new-app", gone))

    objects = await tenant.objects()
    assert "new" not in objects.service_principals
    assert "Salaries" in {one.display_name for one in objects.applications.values()}
