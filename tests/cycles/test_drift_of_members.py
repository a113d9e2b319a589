"""Drift of groups: members that were added or removed by hand in the target."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace
from story import Story

from entrasim.config import load_schema
from entrasim.errors import StoppedError, TargetError
from entrasim.model.decision import AttributeChange
from entrasim.model.entry import Anchor, ObjectType
from entrasim.model.schema import Action, FlowType

SALES = Anchor(ObjectType.GROUP, "Sales")


@pytest.fixture
async def story(story) -> Story:
    """Ada and Bob are in Sales, Cem is not; all of them are in the target."""
    story.configure(schema=load_schema("scim", Path()).schema)
    for name in ("ada", "bob", "cem"):
        story.employ(name)
    story.group("Sales", "ada", "bob")
    story.assign("Sales")
    await story.cycle()
    return story


def put(story: Story, *ids: str) -> None:
    """Let a group of the target have these members, by hand."""
    story.target_group("Sales")["members"] = ids


def members_changed(before: tuple[str, ...], after: tuple[str, ...]) -> AttributeChange:
    return AttributeChange(attribute="members", before=before or None, after=after or None)


async def test_group_that_was_left_alone_has_not_drifted(story):
    report = await story.drift()

    assert (report.checked, report.drifted) == (4, ())


async def test_removed_and_added_members_are_drift(story):
    ada, bob, cem = map(story.target_id, ("ada", "bob", "cem"))
    put(story, bob, cem, "stranger")

    (drift,) = (await story.drift()).drifted

    assert (drift.anchor, drift.kind.value) == (SALES, "members")
    assert drift.changes == (members_changed((cem, "stranger"), (ada,)),)
    assert story.target.writes == []


async def test_members_are_brought_back_and_foreign_ones_go(story):
    ada, bob, cem = map(story.target_id, ("ada", "bob", "cem"))
    put(story, bob, cem, "stranger")

    healing = await story.heal()

    assert healing.healed == 1
    assert set(story.target_group("Sales")["members"]) == {ada, bob}
    assert sorted(story.target.writes) == sorted(
        [("leave", cem), ("leave", "stranger"), ("join", ada)]
    )
    assert (await story.drift()).drifted == ()


async def test_next_cycle_has_nothing_to_do_after_healing(story):
    put(story, story.target_id("cem"))
    await story.heal()

    silent = await story.cycle()

    assert silent.requests == {"probe": 1}
    assert story.members("Sales") == {"ada", "bob"}


async def test_name_and_members_are_one_drift(story):
    story.target_group("Sales").update(displayName="Revenue", members=())

    report, healing = await story.drift(), await story.heal()

    (drift,) = report.drifted
    assert drift.kind.value == "changed"
    assert drift.reason == "Differs: displayName, members"
    assert healing.healed == 1
    assert story.members("Sales") == {"ada", "bob"}


async def test_group_that_is_gone_is_made_again_with_its_members(story):
    gone = next(iter(story.target.groups))
    del story.target.objects[gone]

    report, healing = await story.drift(), await story.heal()

    assert [(d.display_name, d.kind.value) for d in report.drifted] == [("Sales", "missing")]
    assert healing.healed == 1
    assert story.members("Sales") == {"ada", "bob"}
    assert (await story.drift()).drifted == ()


async def test_member_whose_record_is_gone_is_made_again_and_joins(story):
    ada, bob = map(story.target_id, ("ada", "bob"))
    del story.target.objects[ada]
    put(story, bob)

    report, healing = await story.drift(), await story.heal()

    assert [d.kind.value for d in report.drifted] == ["missing", "members"]
    assert healing.healed == 2
    assert story.members("Sales") == {"ada", "bob"}
    assert (await story.drift()).drifted == ()


async def test_member_whose_record_is_gone_but_still_named_by_the_group_is_replaced(story):
    del story.target.objects[story.target_id("ada")]

    await story.heal()

    assert story.members("Sales") == {"ada", "bob"}


async def test_group_made_anew_by_hand_is_linked_and_gets_its_own_members(story):
    gone = next(iter(story.target.groups))
    values = story.target.objects.pop(gone)
    story.target.objects["by-hand"] = {**values, "members": (story.target_id("cem"),)}
    story.target.groups.add("by-hand")

    report, healing = await story.drift(), await story.heal()

    assert [d.kind.value for d in report.drifted] == ["replaced"]
    assert healing.healed == 1
    assert story.members("Sales") == {"ada", "bob"}
    assert (await story.drift()).drifted == ()


async def test_who_is_no_member_since_they_are_out_of_scope_is_no_drift(story):
    story.hire("eve")
    story.group("Sales", "ada", "bob", "eve")
    await story.cycle()

    report = await story.drift()

    assert report.drifted == ()


async def test_interrupted_healing_is_finished_by_the_next_cycle(story):
    ada, bob, cem = map(story.target_id, ("ada", "bob", "cem"))
    put(story, bob, cem)
    asked = iter([StoppedError("the process died")])
    story.target.fault = lambda call, _: next(asked, None) if call in {"join", "leave"} else None
    with pytest.raises(StoppedError):
        await story.heal()

    await story.cycle()

    assert set(story.target_group("Sales")["members"]) == {ada, bob}
    assert await told(story) == {ada, bob}


async def test_member_that_is_not_taken_leaves_the_group_for_the_next_cycle(story):
    put(story, story.target_id("bob"))
    story.target.fault = lambda call, _: TargetError("full") if call == "join" else None

    healing = await story.heal()
    story.target.fault = lambda *_: None
    story.wait(hours=6)
    await story.cycle()

    assert healing.healed == 0
    assert [one.display_name for one in healing.failed] == ["Sales"]
    assert story.members("Sales") == {"ada", "bob"}


async def test_members_that_only_ever_join_may_have_company(story):
    schema = story.job.schema
    mappings = [replace(m, attributes=tuple(map(adding, m.attributes))) for m in schema.mappings]
    story.configure(schema=replace(schema, mappings=tuple(mappings)))
    put(story, story.target_id("bob"), "stranger")

    report, _ = await story.drift(), await story.heal()

    assert report.drifted[0].changes == (members_changed((), (story.target_id("ada"),)),)
    assert "stranger" in story.target_group("Sales")["members"]


def adding(attribute):
    many = attribute.target_attribute == "members"
    return replace(attribute, flow_type=FlowType.MULTI_VALUE_ADD_ONLY) if many else attribute


async def test_members_of_a_mapping_without_updates_are_not_asked_for(story):
    story.permit(Action.ADD)
    put(story)

    report = await story.drift()

    assert report.drifted == ()


async def test_group_among_the_members_is_compared_too(story):
    story.group("Europe", "Sales")
    story.assign("Europe")
    await story.cycle()
    inner = next(i for i, v in story.target.objects.items() if v["displayName"] == "Sales")
    story.target_group("Europe")["members"] = ()

    (drift,) = (await story.drift()).drifted

    assert drift.changes == (members_changed((), (inner,)),)


async def test_correcting_what_is_remembered_is_not_logged_as_a_change(story):
    put(story, story.target_id("bob"))

    await story.heal()

    last = (await story.log("Sales"))[-1]
    assert last.action == "update"
    assert last.changes == (members_changed((), (story.target_id("ada"),)),)


async def told(story: Story) -> set[str]:
    sent = await story.store.memberships("engagedly", SALES)
    return {one.target_anchor for one in sent}
