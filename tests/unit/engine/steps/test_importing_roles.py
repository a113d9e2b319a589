"""App roles become a property of the users they are given to, directly or by a group."""

from __future__ import annotations

from entrasim.engine.compiled import APP_ROLES
from entrasim.engine.steps import importing
from entrasim.model.connection import SourceRecord
from entrasim.model.entry import (
    DEFAULT_ACCESS,
    Anchor,
    AppRole,
    Assignment,
    Entry,
    ObjectType,
    Reading,
)

ADMIN = AppRole(id="1", text='{"id":"1","value":"admin","displayName":"Admin"}')
ADA = Entry(anchor=Anchor(ObjectType.USER, "ada"), properties={"displayName": "Ada"})
SALES = Entry(anchor=Anchor(ObjectType.GROUP, "sales"), references={"members": ("ada",)})


def reading(*entries, complete, given_to="ada", role="1"):
    assignment = Assignment(id="a", principal_id=given_to, app_role_id=role)
    return Reading(
        entries=entries,
        assignments=(assignment,),
        app_roles=(ADMIN, AppRole(id=DEFAULT_ACCESS, text="access")),
        complete=complete,
        watermark="w",
    )


def known(*entries):
    return {entry.anchor: SourceRecord(entry=entry) for entry in entries}


def read_roles(found):
    return {e.anchor.id: e.properties.get(APP_ROLES) for e in found.entries}


def test_role_is_among_the_users_properties():
    found = importing.with_app_roles(reading(ADA, complete=True), {})

    assert read_roles(found) == {"ada": (ADMIN.text,)}


def test_user_whose_roles_alone_changed_is_in_an_incomplete_reading_too():
    found = importing.with_app_roles(reading(complete=False), known(ADA))

    assert read_roles(found) == {"ada": (ADMIN.text,)}
    assert found.entries[0].properties["displayName"] == "Ada"


def test_user_whose_roles_are_the_same_is_not_in_an_incomplete_reading():
    (before,) = importing.with_app_roles(reading(ADA, complete=True), {}).entries

    found = importing.with_app_roles(reading(complete=False), known(before))

    assert found.entries == ()


def test_user_who_lost_their_roles_is_in_an_incomplete_reading_without_them():
    (before,) = importing.with_app_roles(reading(ADA, complete=True), {}).entries

    found = importing.with_app_roles(reading(complete=False, given_to="bob"), known(before))

    assert found.entries == (ADA,)


def test_members_of_a_group_that_was_read_before_have_its_role():
    found = importing.with_app_roles(reading(complete=False, given_to="sales"), known(ADA, SALES))

    assert read_roles(found) == {"ada": (ADMIN.text,)}


def test_absent_user_of_a_complete_reading_is_not_brought_back_by_a_role():
    found = importing.with_app_roles(reading(complete=True), known(ADA))

    assert found.entries == ()


def test_default_access_and_unknown_roles_are_none():
    for role in (DEFAULT_ACCESS, "unknown"):
        found = importing.with_app_roles(reading(ADA, complete=True, role=role), {})

        assert found.entries == (ADA,)
