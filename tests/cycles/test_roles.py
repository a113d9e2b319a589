"""App roles (customize-application-attributes, "Provisioning a role to a SCIM app")."""

from __future__ import annotations

import pytest
from msgspec import json
from msgspec.structs import replace

from entrasim.model.decision import AttributeChange
from entrasim.model.entry import DEFAULT_ACCESS, Anchor, ObjectType, Presence

PRIMARY = 'roles[primary eq "True"].value'
SINGLE = "SingleAppRoleAssignment([appRoleAssignments])"
ADDING = "AppRoleAssignmentsComplex([appRoleAssignments])"
ASSERTING = "AssertiveAppRoleAssignmentsComplex([appRoleAssignments])"
PLAIN = "AppRoleAssignments([appRoleAssignments])"
SEVERAL = [ADDING, ASSERTING, PLAIN]


@pytest.fixture
def story(story):
    story.offer("admin", "author", "reader")
    return story


def role(name):
    """A role as expressions give it."""
    return json.encode({"id": name, "value": name, "displayName": name.title()}).decode()


def roles(*names):
    return tuple(map(role, names))


def sent(story):
    return [change for _, changes in story.target.changes for change in changes]


async def test_single_role_is_its_value(story):
    story.map(PRIMARY, SINGLE)
    story.hire("ada")
    story.assign("ada", "admin")

    await story.cycle()

    assert story.employee("ada")[PRIMARY] == "admin"


@pytest.mark.parametrize("expression", SEVERAL)
async def test_several_roles_are_all_sent_when_their_user_is_created(story, expression):
    story.map("roles", expression, multivalued=True)
    story.hire("ada")
    story.assign("ada", "admin", "author")

    await story.cycle()

    assert story.employee("ada")["roles"] == roles("admin", "author")


@pytest.mark.parametrize("expression", [SINGLE, *SEVERAL])
async def test_default_access_is_no_role(story, expression):
    story.offer(DEFAULT_ACCESS)
    story.map("roles", expression, multivalued=True)
    story.employ("ada")

    await story.cycle()

    assert "roles" not in story.employee("ada")


async def test_default_access_beside_a_role_adds_nothing_to_it(story):
    story.offer(DEFAULT_ACCESS)
    story.map("roles", ASSERTING, multivalued=True)
    story.employ("ada")
    story.assign("ada", "admin")

    await story.cycle()

    assert story.employee("ada")["roles"] == roles("admin")


async def test_role_of_a_group_goes_to_its_members(story):
    story.map("roles", ASSERTING, multivalued=True)
    story.hire("ada")
    story.hire("bob")
    story.group("Sales", "ada", "bob")
    story.assign("Sales", "author")
    story.assign("bob", "admin")

    await story.cycle()

    assert story.employee("ada")["roles"] == roles("author")
    assert set(story.employee("bob")["roles"]) == set(roles("author", "admin"))


async def test_role_of_a_nested_group_goes_to_nobody(story):
    story.map("roles", ASSERTING, multivalued=True)
    story.employ("ada")
    story.group("Inner", "ada")
    story.group("Outer", "Inner")
    story.assign("Outer", "admin")

    await story.cycle()

    assert "roles" not in story.employee("ada")


async def test_role_given_twice_is_one_role(story):
    story.map("roles", ASSERTING, multivalued=True)
    story.hire("ada")
    story.group("Sales", "ada")
    story.assign("Sales", "admin")
    story.assign("ada", "admin")

    await story.cycle()

    assert story.employee("ada")["roles"] == roles("admin")


@pytest.mark.parametrize("presence", [Presence.SOFT_DELETED, Presence.PURGED])
async def test_deleted_group_takes_its_role_along(story, presence):
    story.map("roles", ASSERTING, multivalued=True)
    story.employ("ada")
    story.group("Sales", "ada")
    story.assign("Sales", "admin")
    await story.cycle()

    anchor = Anchor(ObjectType.GROUP, "Sales")
    story.directory.put(replace(story.directory.entries[anchor], presence=presence))
    await story.cycle()

    assert story.employee("ada")["roles"] == ()


async def test_user_who_leaves_a_group_loses_its_role(story):
    story.map("roles", ASSERTING, multivalued=True)
    story.employ("ada")
    story.group("Sales", "ada")
    story.assign("Sales", "admin")
    await story.cycle()

    story.group("Sales")
    await story.cycle()

    assert story.employee("ada")["roles"] == ()


@pytest.mark.parametrize("expression", SEVERAL)
async def test_unchanged_roles_are_not_sent_again(story, expression):
    story.map("roles", expression, multivalued=True)
    story.hire("ada")
    story.assign("ada", "admin", "author")
    await story.cycle()

    silent = await story.cycle()
    await story.cycle(full=True)

    assert silent.requests == {"probe": 1}
    assert story.target.writes == []


@pytest.mark.parametrize("expression", SEVERAL)
async def test_roles_that_the_target_gives_back_as_names_are_the_same(story, expression):
    story.target.objects["old"] = {"userName": "ada@contoso.com", "roles": ("author", "Admin")}
    story.map("roles", expression, multivalued=True)
    story.hire("ada")
    story.assign("ada", "admin", "author")

    await story.cycle()

    assert "roles" not in {change.attribute for change in sent(story)}


async def test_order_of_assignments_does_not_matter(story):
    story.map("roles", ASSERTING, multivalued=True)
    story.hire("ada")
    story.assign("ada", "admin", "author")
    await story.cycle()

    story.unassign("ada", "admin")
    story.assign("ada", "admin")
    await story.cycle()

    assert story.target.writes == []


async def test_new_display_name_of_a_role_is_no_change(story):
    story.map("roles", ASSERTING, multivalued=True)
    story.hire("ada")
    story.assign("ada", "admin")
    await story.cycle()

    known = story.directory.app_roles["admin"]
    story.directory.app_roles["admin"] = replace(known, text=known.text.replace("Admin", "Boss"))
    await story.cycle()

    assert story.target.writes == []


async def test_single_role_that_changes_is_replaced(story):
    story.map(PRIMARY, SINGLE)
    story.hire("ada")
    story.assign("ada", "admin")
    await story.cycle()

    story.unassign("ada", "admin")
    story.assign("ada", "author")
    await story.cycle()

    assert sent(story) == [AttributeChange(attribute=PRIMARY, before="admin", after="author")]


async def test_single_role_that_is_gone_is_not_cleared(story):
    story.map(PRIMARY, SINGLE)
    story.employ("ada")
    story.assign("ada", "admin")
    await story.cycle()

    story.unassign("ada", "admin")
    await story.cycle()

    assert story.target.writes == []
    assert story.employee("ada")[PRIMARY] == "admin"


async def test_further_role_is_added_and_the_others_are_not_named(story):
    story.map("roles", ADDING, multivalued=True)
    story.hire("ada")
    story.assign("ada", "admin")
    await story.cycle()

    story.assign("ada", "author")
    await story.cycle()

    assert sent(story) == [AttributeChange(attribute="roles", before=None, after=roles("author"))]
    assert story.employee("ada")["roles"] == roles("admin", "author")


async def test_role_that_was_added_is_never_taken_away(story):
    story.map("roles", ADDING, multivalued=True)
    story.hire("ada")
    story.assign("ada", "admin", "author")
    await story.cycle()

    story.unassign("ada", "admin")
    await story.cycle()

    assert story.target.writes == []
    assert story.employee("ada")["roles"] == roles("admin", "author")


async def test_asserted_roles_replace_what_is_there(story):
    story.target.objects["old"] = {"userName": "ada@contoso.com", "roles": roles("reader")}
    story.map("roles", ASSERTING, multivalued=True)
    story.hire("ada")
    story.assign("ada", "admin", "author")

    await story.cycle()

    assert AttributeChange(
        attribute="roles", before=roles("reader"), after=roles("admin", "author")
    ) in sent(story)
    assert story.employee("ada")["roles"] == roles("admin", "author")


async def test_asserted_roles_replace_even_nothing(story):
    story.target.objects["old"] = {"userName": "ada@contoso.com"}
    story.map("roles", ASSERTING, multivalued=True)
    story.hire("ada")
    story.assign("ada", "admin")

    await story.cycle()

    assert AttributeChange(attribute="roles", before=(), after=roles("admin")) in sent(story)


async def test_asserted_roles_take_the_last_one_away(story):
    story.map("roles", ASSERTING, multivalued=True)
    story.employ("ada")
    story.assign("ada", "admin")
    await story.cycle()

    story.unassign("ada", "admin")
    await story.cycle()
    silent = await story.cycle(full=True)

    assert story.employee("ada")["roles"] == ()
    assert silent.counts.updated == 0


async def test_asserting_no_roles_of_somebody_without_any_sends_nothing(story):
    story.target.objects["old"] = {"userName": "ada@contoso.com"}
    story.map("roles", ASSERTING, multivalued=True)
    story.employ("ada")

    await story.cycle()

    assert "roles" not in {change.attribute for change in sent(story)}


async def test_user_whose_last_assignment_was_a_role_is_disabled(story):
    story.map("roles", ASSERTING, multivalued=True)
    story.hire("ada")
    story.assign("ada", "admin")
    story.employ("bob")
    await story.cycle()

    story.unassign("ada", "admin")
    execution = await story.cycle()

    assert execution.counts.disabled == 1
    assert [change.attribute for change in sent(story)] == ["active"]


async def test_changed_roles_are_nobodys_business_without_a_mapping_that_reads_them(story):
    story.employ("ada")
    await story.cycle()

    story.assign("ada", "admin")
    execution = await story.cycle()

    assert execution.counts.imported == 0


async def test_mapping_that_begins_to_read_roles_sends_them(story):
    story.hire("ada")
    story.assign("ada", "admin")
    await story.cycle()

    story.map("roles", ADDING, multivalued=True)
    await story.cycle()

    assert sent(story) == [AttributeChange(attribute="roles", before=None, after=roles("admin"))]


async def test_roles_are_left_out_on_demand_and_follow_in_the_next_cycle(story):
    story.map("roles", ASSERTING, multivalued=True)
    story.hire("ada")
    story.assign("ada", "admin")

    await story.on_demand("ada")
    without = dict(story.employee("ada"))
    await story.cycle()

    assert "roles" not in without
    assert story.employee("ada")["roles"] == roles("admin")


async def test_roles_stay_when_their_user_is_provisioned_on_demand(story):
    story.map("roles", ASSERTING, multivalued=True)
    story.hire("ada")
    story.assign("ada", "admin")
    await story.cycle()

    story.change("ada", jobTitle="Lead")
    await story.on_demand("ada")

    assert [change.attribute for change in sent(story)] == ["title"]
    assert story.employee("ada")["roles"] == roles("admin")


async def test_plan_of_roles_is_what_the_cycle_sends(story):
    story.map("roles", ADDING, multivalued=True)
    story.hire("ada")
    story.assign("ada", "admin")
    await story.cycle()
    story.assign("ada", "author")

    _, (outcome,) = await story.plan()
    await story.cycle()

    assert list(outcome.decision.changes) == sent(story)
