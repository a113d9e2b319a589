"""A reading of Graph: everything at first, then what changed."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
from fake_graph import member, removed, user

from entrasim.model.entry import Anchor, EntryChange, ObjectType, Presence, ReferenceChange

ADA, SALES = Anchor(ObjectType.USER, "ada"), Anchor(ObjectType.GROUP, "sales")


def by_id(reading):
    return {entry.anchor.id: entry for entry in reading.entries}


async def test_first_reading_gives_whole_objects_of_all_pages(graph, directory):
    graph.round("users", [user("ada", jobTitle="Engineer")], [], [user("bob")])
    graph.round("groups", [{"id": "sales", "displayName": "Sales"}])
    graph.assigned = ["sales"]

    reading = await directory.read(None)

    found = by_id(reading)
    assert (reading.complete, reading.absent) == (True, Presence.UNSEEN)
    assert set(found) == {"ada", "bob", "sales"}
    assert found["ada"].properties["jobTitle"] == "Engineer"
    assert [a.principal_id for a in reading.assignments] == ["sales"]


async def test_members_of_a_group_are_gathered_from_all_its_pages(graph, directory):
    graph.round("users", [user("ada"), user("bob"), user("cem")])
    graph.round(
        "groups",
        [{"id": "sales", "displayName": "Sales", "members@delta": [member("ada"), member("bob")]}],
        [{"id": "sales", "members@delta": [member("cem"), member("bob", left=True)]}],
    )

    reading = await directory.read(None)

    sales = by_id(reading)["sales"]
    assert sales.references == {"members": ("ada", "cem")}
    assert sales.properties["displayName"] == "Sales"


async def test_object_that_is_repeated_is_one_in_its_last_form(graph, directory):
    graph.round("users", [user("ada", city="Paris")], [user("ada", city="Oslo")])
    graph.round("groups")

    (ada,) = (await directory.read(None)).entries

    assert ada.properties["city"] == "Oslo"


async def test_recycle_bin_tells_who_was_deleted_and_when(graph, directory):
    graph.settle([user("ada")], assigned=[])
    bob = user("bob", deletedDateTime="2026-01-05T08:00:00Z")
    graph.bin["user"] = [{**bob, "userPrincipalName": "bobbob@contoso.com"}]

    reading = await directory.read(None)

    (gone,) = reading.changes
    assert gone.presence is Presence.SOFT_DELETED
    assert gone.deleted_at == datetime(2026, 1, 5, 8, tzinfo=UTC)
    assert gone.properties["userPrincipalName"] == "bob@contoso.com"


async def test_guest_in_the_recycle_bin_bears_the_names_of_before(graph, directory):
    graph.settle([user("ada")], assigned=[])
    name = "bob_fabrikam.com#EXT#@contoso.com"
    deleted = user("b-0", deletedDateTime="2026-01-05T08:00:00Z")
    graph.bin["user"] = [{**deleted, "userPrincipalName": f"b0{name}"}]

    (gone,) = (await directory.read(None)).changes

    assert gone.properties["userPrincipalName"] == "bob@fabrikam.com"
    assert gone.properties["originalUserPrincipalName"] == name


async def test_user_who_is_there_and_in_the_bin_is_there(graph, directory):
    graph.settle([user("ada")], assigned=[])
    graph.bin["user"] = [user("ada", deletedDateTime="2026-01-05T08:00:00Z")]

    reading = await directory.read(None)

    assert reading.changes == ()


async def test_removed_in_the_first_round_is_gone(graph, directory):
    graph.settle([user("ada"), removed("bob", "changed"), removed("cem", "deleted")], assigned=[])

    reading = await directory.read(None)

    assert set(by_id(reading)) == {"ada"}
    told = {change.anchor.id: change.presence for change in reading.changes}
    assert told == {"bob": Presence.SOFT_DELETED, "cem": Presence.PURGED}


async def test_last_word_of_the_first_round_counts(graph, directory):
    sales = {"id": "sales", "displayName": "Sales"}
    graph.round(
        "users",
        [user("ada"), removed("bob", "deleted")],
        [removed("ada", "changed"), user("bob", city="Oslo")],
    )
    graph.round(
        "groups",
        [{**sales, "members@delta": [member("ada")]}],
        [removed("sales", "deleted")],
        [sales],
    )

    reading = await directory.read(None)

    found = by_id(reading)
    assert set(found) == {"bob", "sales"}
    assert found["sales"].references == {}
    assert [(c.anchor.id, c.presence) for c in reading.changes] == [("ada", Presence.SOFT_DELETED)]


async def test_next_reading_gives_what_changed_in_a_handful_of_requests(graph, directory):
    graph.settle([user("ada"), user("bob")], {"id": "sales"}, assigned=["ada"])
    first = await directory.read(None)
    graph.requests.clear()
    graph.round("users", [{"id": "ada", "jobTitle": None}], begins="1", ends="2")
    left = [member("ada", left=True)]
    graph.round("groups", [{"id": "sales", "members@delta": left}], begins="1", ends="2")

    reading = await directory.read(first.watermark)

    assert reading.complete is False
    assert reading.changes == (
        EntryChange(
            anchor=SALES,
            properties={"objectId": "sales"},
            references={"members": ReferenceChange(left=("ada",))},
        ),
        EntryChange(anchor=ADA, properties={"objectId": "ada", "jobTitle": None}),
    )
    assert len(graph.requests) == 4
    assert graph.requests[-1][2]["prefer"] == "odata.maxpagesize=999, return=minimal"


async def test_moment_of_a_deletion_is_looked_up(graph, directory):
    graph.settle([user("ada")], assigned=[])
    first = await directory.read(None)
    graph.round("users", [removed("ada", "changed")], begins="1", ends="2")
    graph.bin["user"] = [user("ada", deletedDateTime="2026-01-05T08:00:00Z")]

    reading = await directory.read(first.watermark)

    assert reading.changes[-1] == EntryChange(
        anchor=ADA, presence=Presence.SOFT_DELETED, deleted_at=datetime(2026, 1, 5, 8, tzinfo=UTC)
    )


async def test_no_more_is_asked_for_than_the_mappings_need(graph, directory):
    graph.settle([user("ada")], assigned=[])

    await directory.read(None)

    (users,) = graph.asked("/users/delta")
    (groups,) = graph.asked("/groups/delta")
    assert {"id", "mail", "givenName", "manager", "accountEnabled"} <= set(
        users["$select"].split(",")
    )
    assert "aboutMe" not in users["$select"]
    assert groups["$select"] == "displayName,id,members"
    assert graph.asked("/directory/deletedItems/microsoft.graph.group") == []


async def test_managers_can_be_asked_for_apart(graph, directory_of):
    graph.settle([user("ada"), user("bob")], assigned=[])
    graph.objects["/users"] = {"value": [user("ada", manager={"id": "bob"}), user("bob")]}
    directory = directory_of(managers="expand")

    found = by_id(await directory.read(None))

    assert (found["ada"].references, found["bob"].references) == ({"manager": ("bob",)}, {})
    assert "manager" not in graph.asked("/users/delta")[0]["$select"]
    assert graph.asked("/users")[0]["$expand"] == "manager($select=id)"


async def test_manager_who_was_taken_away_is_told_when_asked_for_apart(graph, directory_of):
    graph.settle([user("ada")], assigned=[])
    graph.objects["/users"] = {"value": [user("ada")]}
    directory = directory_of(managers="expand")
    first = await directory.read(None)

    (change,) = (await directory.read(first.watermark)).changes

    assert change.references == {"manager": ReferenceChange(whole=True)}


async def test_list_of_managers_brings_nobody_back(graph, directory_of):
    graph.settle([user("ada"), removed("bob", "changed")], assigned=[])
    graph.objects["/users"] = {"value": [user("ada"), user("bob")]}  # it lags behind
    directory = directory_of(managers="expand")
    first = await directory.read(None)
    graph.round("users", [removed("ada", "changed")], begins="1", ends="2")

    again = await directory.read(first.watermark)

    assert set(by_id(first)) == {"ada"}
    assert [c.presence for c in again.changes if c.anchor == ADA] == [Presence.SOFT_DELETED]


async def test_application_is_found_by_its_name(graph, directory_of):
    graph.settle([user("ada")], assigned=["ada"])
    graph.objects["/servicePrincipals"] = {"value": [graph.principal]}
    directory = directory_of(service_principal_id=None, application="Engagedly")

    reading = await directory.read(None)

    assert [a.principal_id for a in reading.assignments] == ["ada"]
    assert graph.asked("/servicePrincipals")[0]["$filter"] == "displayName eq 'Engagedly'"


async def test_app_roles_are_those_of_the_service_principal(graph, directory):
    graph.settle([user("ada")], assigned=[])
    graph.principal["appRoles"] = [{"id": "r", "value": "Admin", "displayName": "Administrator"}]

    (role,) = (await directory.read(None)).app_roles

    assert msgspec.json.decode(role.text)["value"] == "Admin"
