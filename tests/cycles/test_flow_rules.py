"""When an attribute flows, and what an object mapping lets be done to its objects."""

from __future__ import annotations

import pytest
from story import MANAGER

from entrasim.errors import TargetError
from entrasim.model.decision import AttributeChange, Enable, Update
from entrasim.model.schema import Action, AttributeType, FlowBehavior, FlowType

LISTS = "urn:ietf:params:scim:schemas:extension:contoso:2.0:User:lists"


def writes(story):
    return [call for call, _ in story.target.writes]


def sent(story):
    """Attributes and values of the last cycle's updates."""
    return [(c.attribute, c.after) for _, changes in story.target.changes for c in changes]


async def test_attribute_for_creation_only_is_created_and_never_updated(story):
    story.map("title", "[jobTitle]", flow_type=FlowType.OBJECT_ADD_ONLY)
    story.employ("ada", jobTitle="Engineer")
    await story.cycle()

    story.change("ada", jobTitle="Lead", department="R&D")
    await story.cycle()

    assert story.employee("ada")["title"] == "Engineer"
    assert len(sent(story)) == 1


async def test_attribute_for_creation_only_is_not_sent_to_somebody_found_in_the_target(story):
    story.target.objects["old"] = {"userName": "ada@contoso.com"}
    story.map("title", "[jobTitle]", flow_type=FlowType.OBJECT_ADD_ONLY)
    story.employ("ada", jobTitle="Engineer")

    await story.cycle()

    assert "title" not in story.target.objects["old"]


async def test_manager_for_creation_only_is_set_once_both_are_there_and_never_changed(story):
    story.map(
        MANAGER, "[manager]", kind=AttributeType.REFERENCE, flow_type=FlowType.OBJECT_ADD_ONLY
    )
    for name in ("boss", "chief"):
        story.employ(name)
    story.employ("ada", manager="boss")
    await story.cycle()
    first = story.employee("ada")[MANAGER]

    story.set_manager("ada", "chief")
    await story.cycle()

    assert first == story.target_id("boss")
    assert story.employee("ada")[MANAGER] == first
    assert writes(story) == []


@pytest.mark.parametrize(
    "flow_type",
    [FlowType.ATTRIBUTE_ADD_ONLY, FlowType.VALUE_ADD_ONLY, FlowType.MULTI_VALUE_ADD_ONLY],
)
async def test_attribute_that_is_only_added_fills_a_gap_and_replaces_nothing(story, flow_type):
    story.target.objects["a"] = {"userName": "ada@contoso.com", "title": "Countess"}
    story.target.objects["b"] = {"userName": "bob@contoso.com"}
    story.map("title", "[jobTitle]", flow_type=flow_type)
    for name in ("ada", "bob"):
        story.employ(name, jobTitle="Engineer")

    await story.cycle()

    assert story.employee("ada")["title"] == "Countess"
    assert story.employee("bob")["title"] == "Engineer"


@pytest.mark.parametrize("flow_type", [FlowType.VALUE_ADD_ONLY, FlowType.MULTI_VALUE_ADD_ONLY])
async def test_values_that_are_only_added_leave_those_that_are_there(story, flow_type):
    story.target.objects["old"] = {"userName": "ada@contoso.com", LISTS: ("all", "old")}
    story.map(LISTS, "[lists]", multivalued=True, flow_type=flow_type)
    story.employ("ada", lists=("ALL", "new"))

    await story.cycle()
    added = story.target.changes[-1][1][-1]
    await story.cycle(full=True)

    assert added == AttributeChange(attribute=LISTS, before=None, after=("new",))
    assert story.employee("ada")[LISTS] == ("all", "old", "new")
    assert LISTS not in dict(sent(story))


async def test_attribute_that_is_only_added_leaves_a_list_that_has_anything_in_it(story):
    story.target.objects["old"] = {"userName": "ada@contoso.com", LISTS: ("all",)}
    story.map(LISTS, "[lists]", multivalued=True, flow_type=FlowType.ATTRIBUTE_ADD_ONLY)
    story.employ("ada", lists=("new",))

    await story.cycle()

    assert story.employee("ada")[LISTS] == ("all",)


async def test_list_that_always_flows_is_replaced_and_compared_in_any_order(story):
    story.target.objects["a"] = {"userName": "ada@contoso.com", LISTS: ("all", "old")}
    story.target.objects["b"] = {"userName": "bob@contoso.com", LISTS: ("New", "all")}
    story.map(LISTS, "[lists]", multivalued=True)
    for name in ("ada", "bob"):
        story.employ(name, lists=("all", "new"))

    await story.cycle()

    assert story.employee("ada")[LISTS] == ("all", "new")
    assert story.employee("bob")[LISTS] == ("New", "all")


async def test_one_value_for_a_list_is_a_list_of_one(story):
    story.map(LISTS, "[department]", multivalued=True)
    story.employ("ada", department="all")

    await story.cycle()
    created = story.employee("ada")[LISTS]
    await story.cycle(full=True)

    assert created == ("all",)
    assert writes(story) == []


async def test_attribute_that_flows_always_is_sent_with_every_look_at_its_user(story):
    story.map("title", "[jobTitle]", flow_behavior=FlowBehavior.ALWAYS)
    story.employ("ada", jobTitle="Engineer")
    await story.cycle()

    silent = await story.cycle()
    story.change("ada", department="R&D")
    await story.cycle()

    assert silent.requests == {"probe": 1}
    assert ("title", "Engineer") in sent(story)


async def test_active_that_flows_always_brings_nobody_back_who_was_there(story):
    active = next(
        a for a in story.job.schema.mappings[0].attributes if a.target_attribute == "active"
    )
    story.map("active", active.expression, flow_behavior=FlowBehavior.ALWAYS)
    story.employ("ada")
    await story.cycle()

    story.change("ada", jobTitle="Lead")
    _, (outcome,) = await story.plan()
    await story.cycle()

    assert type(outcome.decision) is Update
    assert dict(sent(story)).keys() == {"active", "title"}


async def test_mapping_without_add_creates_nobody_and_updates_who_is_there(story):
    story.permit(Action.UPDATE, Action.DELETE)
    story.target.objects["old"] = {"userName": "ada@contoso.com"}
    for name in ("ada", "bob"):
        story.employ(name, jobTitle="Engineer")

    execution = await story.cycle()

    assert execution.state == "Succeeded"
    assert writes(story) == ["update"]
    assert story.target.objects.keys() == {"old"}
    (skipped,) = await story.log("bob@contoso.com")
    assert "no creation" in str(skipped.steps[-1].description)


async def test_user_whom_a_mapping_without_add_passed_over_is_created_once_it_may_be(story):
    story.permit(Action.UPDATE, Action.DELETE)
    story.employ("ada")
    await story.cycle()

    story.permit(*Action)
    await story.cycle(full=True)

    assert writes(story) == ["create"]


async def test_mapping_without_update_creates_and_neither_updates_nor_disables(story):
    story.permit(Action.ADD, Action.DELETE)
    for name in ("ada", "bob", "cem"):
        story.employ(name)
    await story.cycle()

    story.change("ada", jobTitle="Lead")
    story.unassign("bob")
    story.soft_delete("cem")
    execution = await story.cycle()

    assert execution.state == "Succeeded"
    assert writes(story) == []
    assert "title" not in story.employee("ada")
    assert story.employee("bob")["active"] is True


async def test_mapping_without_update_deletes_who_is_purged(story):
    story.permit(Action.ADD, Action.DELETE)
    story.employ("ada")
    story.employ("bob")
    await story.cycle()

    story.purge("ada")
    await story.cycle()

    assert writes(story) == ["delete"]


async def test_mapping_without_delete_disables_who_is_purged(story):
    story.permit(Action.ADD, Action.UPDATE)
    story.employ("ada")
    story.employ("bob")
    await story.cycle()

    story.purge("ada")
    await story.cycle()

    assert writes(story) == ["update"]
    assert story.employee("ada")["active"] is False


async def test_mapping_without_delete_sends_nothing_when_the_recycle_bin_is_emptied(story):
    story.permit(Action.ADD, Action.UPDATE)
    story.employ("ada")
    story.employ("bob")
    await story.cycle()
    story.soft_delete("ada")
    await story.cycle()

    story.purge("ada")
    await story.cycle()

    assert writes(story) == []
    assert story.employee("ada")["active"] is False


async def test_user_who_comes_back_is_enabled_whatever_else_changed(story):
    story.employ("ada", jobTitle="Engineer")
    story.employ("bob")
    await story.cycle()
    story.unassign("ada")
    await story.cycle()

    story.assign("ada")
    story.change("ada", jobTitle="Lead")
    _, outcomes = await story.plan()

    (decision,) = [o.decision for o in outcomes]
    assert type(decision) is Enable
    assert {c.attribute for c in decision.changes} == {"active", "title"}


async def test_refused_update_is_sent_again_with_what_changed_since(story):
    story.employ("ada")
    await story.cycle()
    story.change("ada", jobTitle="Lead")
    story.target.fault = lambda call, _: TargetError("no") if call == "update" else None
    await story.cycle()

    story.target.fault = lambda _call, _subject: None
    story.change("ada", jobTitle="Head")
    await story.cycle()

    assert dict(sent(story)) == {"title": "Head"}


async def test_several_values_for_an_attribute_that_takes_one_fail_the_object(story):
    story.map("title", 'Split([jobTitle], ",")')
    story.employ("ada", jobTitle="Lead")
    story.employ("bob", jobTitle="Lead,Fool")

    await story.cycle()

    (record,) = await story.log("bob@contoso.com")
    assert story.employee("ada")["title"] == "Lead"
    assert record.error_code == "InvalidValue"
    assert record.error_message.startswith("title: takes one value, and Split([jobTitle]")
