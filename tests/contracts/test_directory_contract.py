"""What every directory promises; run on each form of a tenant that can be read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from directory_forms import ADA, FORMS, GRACE, JOHN, ROLE, SALES, write_tenant

from entrasim.directory.fixture import FixtureDirectory
from entrasim.model.entry import Anchor, Assignment, Entry, ObjectType, Presence

PEOPLE = {
    ADA: Entry(
        anchor=Anchor(ObjectType.USER, ADA),
        properties={
            "objectId": ADA,
            "userPrincipalName": "ada@contoso.com",
            "displayName": "Ada Lovelace",
            "givenName": "Ada",
            "surname": "Lovelace",
            "mail": "ada@contoso.com",
            "mailNickname": "ada",
            "accountEnabled": True,
            "telephoneNumber": "+44 20 1",
            "physicalDeliveryOfficeName": "London",
        },
        references={"manager": (GRACE,)},
    ),
    GRACE: Entry(
        anchor=Anchor(ObjectType.USER, GRACE),
        properties={
            "objectId": GRACE,
            "userPrincipalName": "grace@contoso.com",
            "displayName": "Grace Hopper",
            "givenName": "Grace",
            "surname": "Hopper",
            "mail": "hopper@contoso.com",
            "mailNickname": "grace",
            "accountEnabled": False,
        },
    ),
    JOHN: Entry(
        anchor=Anchor(ObjectType.USER, JOHN),
        properties={
            "objectId": JOHN,
            "userPrincipalName": "john@contoso.com",
            "displayName": "john@contoso.com",
            "mail": "john@contoso.com",
            "mailNickname": "john",
            "accountEnabled": True,
        },
        presence=Presence.SOFT_DELETED,
        deleted_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    ),
    SALES: Entry(
        anchor=Anchor(ObjectType.GROUP, SALES),
        properties={"objectId": SALES, "displayName": "Sales"},
        references={"members": (ADA, JOHN)},
    ),
}


@pytest.fixture(params=FORMS)
async def directory(request, tmp_path):
    write_tenant(tmp_path, request.param)
    found = FixtureDirectory(tmp_path, application="Engagedly")
    yield found
    await found.close()


async def test_reading_holds_every_object_in_the_words_of_the_provisioning_service(directory):
    reading = await directory.read(None)

    assert {entry.anchor.id: entry for entry in reading.entries} == PEOPLE
    assert reading.complete


async def test_reading_holds_the_assignments_to_the_one_application(directory):
    reading = await directory.read(None)

    assert reading.assignments == (
        Assignment(id="one", principal_id=SALES),
        Assignment(id="two", principal_id=GRACE, app_role_id=ROLE),
    )


async def test_watermark_of_an_unchanged_tenant_stays(directory):
    first = await directory.read(None)

    second = await directory.read(first.watermark)

    assert second.watermark == first.watermark


@pytest.mark.parametrize("text", [GRACE, "GRACE@contoso.com", "Hopper@Contoso.com", "grace hopper"])
async def test_somebody_is_found_by_id_upn_mail_and_display_name(directory, text):
    found = await directory.look_up(text)

    assert found.entries[0] == PEOPLE[GRACE]
    assert not found.complete


async def test_who_was_looked_up_comes_before_manager_and_groups(directory):
    found = await directory.look_up("ada@contoso.com")

    first, *related = [entry.anchor.id for entry in found.entries]
    assert first == ADA
    assert set(related) == {GRACE, SALES}


async def test_nobody_of_that_name_is_no_error(directory):
    found = await directory.look_up("nobody@contoso.com")

    assert found.entries == ()
