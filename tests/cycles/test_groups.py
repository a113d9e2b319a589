"""Groups as objects, with their members as references (how-provisioning-works, spec of groups)."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from msgspec.structs import replace
from story import Story

from entrasim.config import load_schema
from entrasim.engine.cycle import run_cycle
from entrasim.errors import ConfigurationError, CredentialsRefusedError, TargetError
from entrasim.model.decision import AttributeChange, Delete, Skip, Status, Update
from entrasim.model.entry import Anchor, ObjectType, Presence
from entrasim.model.job import RestartScope, Scope
from entrasim.model.schema import Action
from entrasim.ports import Silence


@pytest.fixture
def story(story) -> Story:
    story.configure(schema=load_schema("scim", Path()).schema)
    return story


def writes(story: Story) -> list[str]:
    return [call for call, _ in story.target.writes]


async def test_assigned_group_is_created_empty_and_filled_afterwards(story):
    story.hire("ada")
    story.hire("bob")
    story.group("Sales", "ada", "bob")
    story.assign("Sales")

    execution = await story.cycle()
    silent = await story.cycle()

    assert writes(story) == []
    assert silent.requests == {"probe": 1}
    assert execution.state == "Succeeded"
    assert execution.counts.created == 3
    assert execution.counts.updated == 1
    assert story.members("Sales") == {"ada", "bob"}


async def test_group_is_created_after_its_members_and_gets_them_last(story):
    story.group("Sales", "ada")
    story.hire("ada")
    story.assign("Sales")

    await story.cycle()

    assert writes(story) == ["create", "create", "join"]
    assert story.target.writes[1] == ("create", "Sales")


async def test_who_joins_and_who_leaves_is_sent_and_nothing_else(story):
    for name in ("ada", "bob", "cem"):
        story.employ(name)
    story.group("Sales", "ada", "bob")
    story.assign("Sales")
    await story.cycle()

    story.group("Sales", "bob", "cem")
    await story.cycle()

    assert story.target.writes == [
        ("leave", story.target_id("ada")),
        ("join", story.target_id("cem")),
    ]
    assert [call for call, _ in story.target.calls] == ["probe", "read", "leave", "join"]
    assert story.members("Sales") == {"bob", "cem"}


async def test_renamed_group_is_updated(story):
    story.hire("ada")
    story.group("Sales", "ada")
    story.assign("Sales")
    await story.cycle()
    group = Anchor(ObjectType.GROUP, "Sales")

    entry = story.directory.entries[group]
    story.directory.put(replace(entry, properties={**entry.properties, "displayName": "Revenue"}))
    await story.cycle()

    [(_, changes)] = story.target.changes
    assert changes == (AttributeChange(attribute="displayName", before="Sales", after="Revenue"),)
    assert writes(story) == ["update"]


@pytest.mark.parametrize("way", ["unassigned", "soft-deleted", "purged"])
async def test_group_that_leaves_is_deleted_and_its_members_are_forgotten(story, way):
    story.employ("ada")
    story.group("Sales", "ada")
    story.assign("Sales")
    await story.cycle()
    anchor = Anchor(ObjectType.GROUP, "Sales")

    match way:
        case "unassigned":
            story.unassign("Sales")
        case "soft-deleted":
            story.directory.put(
                replace(
                    story.directory.entries[anchor],
                    presence=Presence.SOFT_DELETED,
                    deleted_at=story.clock.now(),
                )
            )
        case "purged":
            story.directory.put(replace(story.directory.entries[anchor], presence=Presence.PURGED))
    execution = await story.cycle()

    assert writes(story) == ["delete"]
    assert execution.counts.deleted == 1
    assert await story.store.memberships("engagedly", anchor) == ()


async def test_group_that_comes_back_is_created_anew_with_all_members(story):
    story.employ("ada")
    story.group("Sales", "ada")
    story.assign("Sales")
    await story.cycle()
    story.unassign("Sales")
    await story.cycle()

    story.assign("Sales")
    await story.cycle()

    assert writes(story) == ["create", "join"]
    assert story.members("Sales") == {"ada"}


async def test_unassigned_group_stays_under_skip_out_of_scope_deletions(story):
    story.employ("ada")
    story.group("Sales", "ada")
    story.assign("Sales")
    await story.cycle()
    story.configure(skip_out_of_scope_deletions=True)

    story.unassign("Sales")
    await story.cycle()

    assert story.target.writes == []
    assert story.members("Sales") == {"ada"}


async def test_group_whose_line_is_lost_from_a_file_is_left_alone(story):
    story.employ("ada")
    story.group("Sales", "ada")
    story.assign("Sales")
    await story.cycle()

    del story.directory.entries[Anchor(ObjectType.GROUP, "Sales")]
    await story.cycle()

    assert writes(story) == []


async def test_groups_can_be_kept_by_configuration(story):
    story.configure(delete_groups=False)
    story.employ("ada")
    story.group("Sales", "ada")
    story.assign("Sales")
    await story.cycle()

    story.unassign("Sales")
    await story.cycle()

    assert writes(story) == []


async def test_mapping_without_delete_keeps_groups(story):
    story.employ("ada")
    story.group("Sales", "ada")
    story.assign("Sales")
    allowed = frozenset({Action.ADD, Action.UPDATE})
    schema = story.job.schema
    mappings = tuple(replace(mapping, actions=allowed) for mapping in schema.mappings)
    story.configure(schema=replace(schema, mappings=mappings))
    await story.cycle()

    story.unassign("Sales")
    await story.cycle()

    assert writes(story) == []


async def test_mapping_without_update_creates_groups_and_never_fills_them(story):
    story.employ("ada")
    story.group("Sales", "ada")
    story.assign("Sales")
    allowed = frozenset({Action.ADD})
    schema = story.job.schema
    mappings = tuple(replace(mapping, actions=allowed) for mapping in schema.mappings)
    story.configure(schema=replace(schema, mappings=mappings))

    execution = await story.cycle()

    assert execution.state == "Succeeded"
    assert writes(story) == ["create", "create"]


async def test_deletions_of_groups_are_counted_by_the_guard(story):
    story.allow_deletions(1)
    story.employ("ada")
    for name in ("Sales", "Support"):
        story.group(name, "ada")
        story.assign(name)
    await story.cycle()

    story.unassign("Sales")
    story.unassign("Support")
    execution = await story.cycle()

    assert writes(story) == []
    assert execution.counts.staged_deletes == 2
    staged = await story.log("Sales")
    assert staged[-1].action == "stagedDelete"

    await story.restart(RestartScope.FORCE_DELETES)
    await story.cycle()
    assert writes(story) == ["delete", "delete"]


async def test_member_out_of_scope_is_left_out_and_told_of(story):
    story.hire("ada")
    story.hire("eve")
    story.group("Sales", "ada", "eve")
    story.assign("ada")
    story.assign("Sales")
    story.change("eve", accountEnabled=False)

    execution = await story.cycle()

    assert execution.state == "Succeeded"
    assert story.members("Sales") == {"ada"}
    told = [r for r in await story.log("Sales") if r.status is Status.WARNING]
    assert "eve@contoso.com" in str(told[-1].error_message)


async def test_member_who_comes_into_scope_later_does_not_join(story):
    story.employ("ada")
    story.hire("eve", accountEnabled=False)
    story.group("Sales", "ada", "eve")
    story.assign("Sales")
    await story.cycle()

    story.change("eve", accountEnabled=True)
    await story.cycle()

    assert story.members("Sales") == {"ada"}


async def test_heal_references_lets_a_member_join_who_comes_into_scope_later(story):
    story.configure(heal_references=True)
    story.employ("ada")
    story.hire("eve", accountEnabled=False)
    story.group("Sales", "ada", "eve")
    story.assign("Sales")
    await story.cycle()
    without = story.members("Sales")

    story.change("eve", accountEnabled=True)
    await story.cycle()

    assert without == {"ada"}
    assert story.members("Sales") == {"ada", "eve"}


async def test_member_who_is_disabled_stays_a_member(story):
    story.employ("ada")
    story.employ("eve")
    story.group("Sales", "ada", "eve")
    story.assign("Sales")
    await story.cycle()

    story.change("eve", accountEnabled=False)
    await story.cycle()
    story.group("Sales", "eve")
    await story.cycle()

    assert writes(story) == ["leave"]
    assert story.members("Sales") == {"eve"}


async def test_member_who_is_purged_is_taken_out_without_an_error(story):
    story.employ("ada")
    story.employ("eve")
    story.group("Sales", "ada", "eve")
    story.assign("Sales")
    await story.cycle()
    eve = story.target_id("eve")

    story.purge("eve")
    story.group("Sales", "ada")
    execution = await story.cycle()

    assert story.target.writes == [("delete", eve), ("leave", eve)]
    assert execution.state == "Succeeded"


async def test_nested_group_is_a_member_if_it_is_provisioned_itself(story):
    story.employ("ada")
    story.group("Everybody", "Sales", "Support")
    story.group("Sales", "ada")
    story.group("Support")
    story.assign("Everybody")
    story.assign("Sales")

    execution = await story.cycle()

    assert execution.state == "Succeeded"
    assert story.members("Everybody") == {"Sales"}
    assert story.members("Sales") == {"ada"}


async def test_groups_that_contain_each_other_are_linked(story):
    story.hire("ada")
    story.group("Left", "Right", "ada")
    story.group("Right", "Left")
    story.configure(scope=Scope.ALL)

    execution = await story.cycle()

    assert execution.state == "Succeeded"
    assert story.members("Left") == {"Right", "ada"}
    assert story.members("Right") == {"Left"}


async def test_member_that_is_refused_is_tried_again_and_the_others_are_not(story):
    for name in ("ada", "bob", "cem"):
        story.employ(name)
    story.group("Sales", "ada", "bob", "cem")
    story.assign("Sales")
    refused = TargetError("no room")
    story.target.fault = lambda call, who: refused if (call, who) == ("join", "t2") else None

    failed = await story.cycle()
    story.target.fault = lambda _call, _who: None
    story.wait(hours=6)
    mended = await story.cycle()
    silent = await story.cycle()

    assert failed.state == "EntryLevelErrors"
    assert failed.counts.escrowed == 1
    assert mended.state == "Succeeded"
    assert silent.requests == {"probe": 1}
    assert story.members("Sales") == {"ada", "bob", "cem"}


async def test_only_the_refused_member_is_sent_again(story):
    for name in ("ada", "bob"):
        story.employ(name)
    story.group("Sales", "ada", "bob")
    story.assign("Sales")
    refused = TargetError("no room")
    story.target.fault = lambda call, who: refused if (call, who) == ("join", "t1") else None
    await story.cycle()

    story.target.fault = lambda _call, _who: None
    story.wait(hours=6)
    await story.cycle()

    assert story.target.writes == [("join", "t1")]


async def test_member_whose_own_create_failed_is_added_once_it_is_there(story):
    story.employ("ada")
    story.employ("bob")
    story.group("Sales", "ada", "bob")
    story.assign("Sales")
    refused = TargetError("no")
    story.target.fault = lambda call, who: (
        refused if (call, who) == ("create", "bob@contoso.com") else None
    )

    failed = await story.cycle()
    before = story.members("Sales")
    story.target.fault = lambda _call, _who: None
    story.wait(hours=6)
    await story.cycle()

    assert failed.counts.escrowed == 2
    assert before == {"ada"}
    assert story.members("Sales") == {"ada", "bob"}


async def test_target_that_refuses_the_token_halfway_loses_no_member(story):
    for number in range(250):
        story.employ(f"user{number}")
    story.group("Sales", *(f"user{number}" for number in range(250)))
    story.assign("Sales")
    error = CredentialsRefusedError("gone")

    def refuse(call, _who):
        joins = sum(1 for name, _ in story.target.calls if name == "join")
        return error if call == "join" and joins > 150 else None

    story.target.fault = refuse
    with pytest.raises(CredentialsRefusedError):
        await story.cycle()
    story.target.fault = lambda _call, _who: None
    await story.cycle()

    assert writes(story) == ["join"] * 150
    assert len(story.members("Sales")) == 250


async def test_group_found_in_the_target_is_taken_over_and_filled(story):
    story.employ("ada")
    story.target.objects["old"] = {"displayName": "Sales", "externalId": "Sales"}
    story.target.groups.add("old")
    story.group("Sales", "ada")
    story.assign("Sales")

    await story.cycle()

    assert writes(story) == ["create", "join"]
    assert story.target.objects["old"]["members"] == (story.target_id("ada"),)


async def test_group_that_vanished_from_the_target_is_made_again_with_everybody(story):
    story.employ("ada")
    story.employ("bob")
    story.group("Sales", "ada")
    story.assign("Sales")
    await story.cycle()
    for known in story.target.groups & set(story.target.objects):
        del story.target.objects[known]

    story.group("Sales", "ada", "bob")
    await story.cycle()

    assert writes(story) == ["create", "join", "join"]
    assert story.members("Sales") == {"ada", "bob"}


async def test_two_groups_of_one_name_are_told_apart_by_an_error(story):
    story.employ("ada")
    story.group("g1", "ada")
    story.group("g2", "ada")
    for name in ("g1", "g2"):
        entry = story.directory.entries[Anchor(ObjectType.GROUP, name)]
        story.directory.put(replace(entry, properties={**entry.properties, "displayName": "Same"}))
        story.assign(name)

    execution = await story.cycle()

    assert execution.counts.escrowed == 1
    (failed,) = [r for r in await story.log() if r.status is Status.FAILURE]
    assert failed.error_code == "DuplicateSourceEntries"


async def test_large_group_is_remembered_and_logged_in_batches(story):
    names = [f"user{number}" for number in range(230)]
    for name in names:
        story.employ(name)
    story.group("Sales", *names)
    story.assign("Sales")

    execution = await story.cycle()

    updates = [r for r in await story.log("Sales") if r.action == "update"]
    assert [len(r.changes[0].after) for r in updates] == [100, 100, 30]
    assert execution.counts.updated == 1


async def test_plan_shows_what_the_cycle_then_sends(story):
    story.employ("ada")
    story.employ("bob")
    story.group("Sales", "ada")
    story.assign("Sales")
    await story.cycle()
    story.group("Sales", "bob")
    story.group("Support", "ada")
    story.assign("Support")

    _, outcomes = await story.plan()
    planned = [type(o.decision).__name__ for o in outcomes if o.anchor.object_type == "Group"]
    await story.cycle()
    happened = [r.action for r in await story.log() if r.cycle_id == "cycle-2"]

    assert planned == ["Create", "Update", "Update"]
    assert happened == ["create", "update", "update"]
    changes = [o.decision.changes for o in outcomes if isinstance(o.decision, Update)]
    assert changes[0] == (AttributeChange(attribute="members", before=("t1",), after=("t2",)),)


async def test_group_on_demand_takes_chosen_members_and_leaves_the_rest_to_the_cycle(story):
    for name in ("ada", "bob", "cem"):
        story.employ(name)
    await story.cycle()
    story.group("Sales", "ada", "bob", "cem")
    story.assign("Sales")

    await story.on_demand("Sales", "bob@contoso.com")
    on_demand = story.members("Sales")
    await story.cycle()

    assert on_demand == {"bob"}
    assert sorted(story.target.writes) == [("join", "t1"), ("join", "t3")]
    assert story.members("Sales") == {"ada", "bob", "cem"}


async def test_group_that_failed_on_demand_keeps_its_change_though_a_member_failed_too(story):
    story.employ("ada")
    story.group("Sales", "ada")
    story.assign("Sales")
    await story.cycle()
    anchor = Anchor(ObjectType.GROUP, "Sales")
    renamed = {"objectId": "Sales", "displayName": "Selling"}
    story.hire("bob")
    story.group("Sales", "ada", "bob")
    story.directory.put(replace(story.directory.entries[anchor], properties=renamed))
    story.target.fault = lambda call, _: TargetError("no room") if call == "update" else None
    outcomes = await story.on_demand("Selling", "bob")

    story.target.fault = lambda _call, _who: None
    await story.cycle()
    story.wait(hours=6)
    await story.cycle()

    assert [outcome.escrow.operation for outcome in outcomes] == ["update"]
    assert story.members("Selling") == {"ada", "bob"}


async def test_on_demand_takes_five_members_at_most_and_only_members(story):
    names = [f"user{number}" for number in range(6)]
    for name in (*names, "eve"):
        story.employ(name)
    await story.cycle()
    story.group("Sales", *names)
    story.assign("Sales")

    with pytest.raises(ConfigurationError, match="5 members at most"):
        await story.on_demand("Sales", *names)
    with pytest.raises(ConfigurationError, match="eve is no member"):
        await story.on_demand("Sales", "eve")

    assert story.target.writes == []


async def test_unassigned_group_is_deleted_on_demand(story):
    story.employ("ada")
    story.group("Sales", "ada")
    story.assign("Sales")
    await story.cycle()
    story.unassign("Sales")

    (outcome,) = await story.on_demand("Sales")

    assert isinstance(outcome.decision, Delete)


async def test_group_of_the_engagedly_profile_entitles_and_is_not_provisioned(story):
    story.configure(schema=load_schema("engagedly", Path()).schema)
    story.hire("ada")
    story.group("Sales", "ada")
    story.assign("Sales")

    execution = await story.cycle()

    assert execution.counts.created == 1
    assert writes(story) == ["create"]


async def test_progress_of_a_large_group_counts_its_batches(story):
    class Bar(Silence):
        total = done = 0

        def phase(self, name, total):
            del name
            self.total, self.done = total, 0

        def more(self, count):
            self.total += count

        def outcome(self, outcome, counts):
            del outcome, counts
            self.done += 1

    names = [f"u{number}" for number in range(250)]
    for name in names:
        story.employ(name)
    story.group("Sales", *names)
    story.assign("Sales")
    bar = Bar()

    await run_cycle(story.job, dataclasses.replace(story.ports, observer=bar))

    assert (bar.done, bar.total) == (4, 4)  # three batches of members, and the group itself


async def test_group_with_nothing_to_send_is_skipped_and_one_with_members_alone_is_not(story):
    story.employ("ada")
    story.group("Sales", "ada")
    story.assign("Sales")
    await story.cycle()

    story.employ("bob")
    story.group("Sales", "ada", "bob")
    joined = await story.cycle()
    await story.cycle(full=True)

    assert (joined.counts.updated, joined.counts.skipped) == (1, 0)
    logged = [r.action for r in await story.log("Sales") if r.cycle_id == "cycle-3"]
    assert logged == ["other"]


async def test_group_on_demand_with_nothing_to_send_says_so(story):
    story.employ("ada")
    story.group("Sales", "ada")
    story.assign("Sales")
    await story.cycle()

    (outcome,) = await story.on_demand("Sales", "ada")

    assert isinstance(outcome.decision, Skip)


async def test_members_whom_the_target_refuses_do_not_hold_up_the_others(story):
    names = [f"u{number:03}" for number in range(103)]
    for name in names:
        story.employ(name)
    await story.cycle()
    refused = {story.target_id(name) for name in names[:100]}
    story.group("Sales", *names)
    story.assign("Sales")
    error = TargetError("no such user")
    story.target.fault = lambda call, who: error if call == "join" and who in refused else None

    await story.cycle()

    (record,) = [r for r in await story.log("Sales") if r.error_code]
    assert story.members("Sales") == set(names[100:])
    assert record.error_message.startswith(
        "100 of members were not taken: u000@contoso.com, u001@contoso.com"
    )


async def test_group_on_demand_says_of_a_chosen_member_why_they_can_not_be_one_yet(story):
    story.hire("ada")
    story.group("Sales", "ada")
    story.assign("Sales")
    await story.cycle()
    story.hire("eve")
    story.group("Sales", "ada", "eve")

    outcomes = await story.on_demand("Sales", "eve")

    code, told = outcomes[-1].failure
    assert code == "UnableToResolveReferenceAttributeValue"
    assert told.startswith("eve can't be a member of Sales yet")
