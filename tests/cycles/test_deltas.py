"""A directory that tells what changed, and forgets at times (Graph's delta queries)."""

from __future__ import annotations

from pathlib import Path

import pytest
from story import MANAGER

from entrasim.config import load_schema
from entrasim.errors import TargetUnreachableError
from entrasim.model.decision import Status
from entrasim.model.entry import Anchor, ObjectType, Presence
from entrasim.testing.memory_delta import MemoryDeltaDirectory


@pytest.fixture
def deltas(story):
    story.directory = MemoryDeltaDirectory()
    return story


def employed(story, *names):
    for name in names:
        story.employ(name, jobTitle="Engineer")


async def test_change_is_put_on_top_of_what_is_remembered(deltas):
    employed(deltas, "ada")
    await deltas.cycle()

    deltas.change("ada", city="London")
    execution = await deltas.cycle()

    assert execution.counts.imported == 1
    assert deltas.employee("ada")["title"] == "Engineer"
    assert deltas.employee("ada")['addresses[type eq "work"].locality'] == "London"


async def test_newcomer_in_a_delta_is_created(deltas):
    employed(deltas, "ada")
    await deltas.cycle()

    employed(deltas, "bob")
    await deltas.cycle()

    assert deltas.target.writes == [("create", "bob@contoso.com")]


async def test_member_who_leaves_an_assigned_group_is_disabled(deltas):
    for name in ("ada", "bob"):
        deltas.hire(name)
    deltas.group("sales", "ada", "bob")
    deltas.assign("sales")
    await deltas.cycle()

    deltas.group("sales", "bob")
    execution = await deltas.cycle()

    assert execution.counts.disabled == 1
    assert deltas.employee("ada")["active"] is False


async def test_expired_watermark_is_a_full_reading_and_no_write(deltas):
    employed(deltas, "ada", "bob")
    await deltas.cycle()

    deltas.directory.forgetful = True
    execution = await deltas.cycle()

    assert deltas.target.calls == [("probe", "User")]
    assert execution.counts.imported == 0


async def test_who_is_absent_from_a_full_reading_is_left_alone_and_reported(deltas):
    employed(deltas, "ada", "bob")
    await deltas.cycle()

    deltas.lose("ada")
    deltas.directory.assignments.pop("ada")
    deltas.directory.forgetful = True
    await deltas.cycle()

    assert deltas.target.writes == []
    last = (await deltas.log())[-1]
    assert (last.source_id, last.status) == ("ada", Status.SKIPPED)
    assert "not in the full reading" in last.steps[-1].description.lower()


async def test_who_was_absent_and_is_purged_by_a_later_delta_is_deleted(deltas):
    employed(deltas, "ada", "bob")
    await deltas.cycle()
    ada = deltas.entry("ada")
    deltas.lose("ada")
    deltas.directory.forgetful = True
    await deltas.cycle()

    deltas.directory.put(ada)
    deltas.purge("ada")
    await deltas.cycle()

    assert deltas.target.writes == [("delete", "t1")]


async def test_who_was_absent_and_comes_back_is_brought_up_to_date(deltas):
    employed(deltas, "ada", "bob")
    await deltas.cycle()
    ada = deltas.entry("ada")
    deltas.lose("ada")
    deltas.directory.forgetful = True
    await deltas.cycle()

    deltas.directory.put(ada)
    deltas.change("ada", jobTitle="Lead")
    deltas.directory.forgetful = True
    await deltas.cycle()

    assert deltas.target.writes == [("update", "t1")]


async def test_who_is_hired_again_takes_over_from_somebody_who_is_absent(deltas):
    employed(deltas, "ada", "bob")
    await deltas.cycle()
    deltas.lose("ada")
    deltas.directory.assignments.pop("ada")
    deltas.employ("ada2", mail="ada@contoso.com", jobTitle="Lead")
    deltas.directory.forgetful = True

    execution = await deltas.cycle()

    assert execution.counts.escrowed == 0
    assert deltas.employee("ada")["title"] == "Lead"
    assert len(deltas.target.objects) == 2


async def test_what_was_soft_deleted_stays_so_in_a_full_reading_without_it(deltas):
    employed(deltas, "ada", "bob")
    await deltas.cycle()
    deltas.soft_delete("ada")
    await deltas.cycle()

    deltas.lose("ada")
    deltas.directory.forgetful = True
    await deltas.cycle()

    assert deltas.target.writes == []


async def test_who_is_absent_after_a_soft_delete_is_deleted_when_its_time_is_over(deltas):
    employed(deltas, "ada", "bob")
    await deltas.cycle()
    deltas.soft_delete("ada")
    await deltas.cycle()
    deltas.lose("ada")
    deltas.directory.forgetful = True
    await deltas.cycle()

    deltas.wait(days=30)
    await deltas.cycle()

    assert deltas.target.writes == [("delete", "t1")]


async def test_time_of_the_recycle_bin_is_over_in_a_full_reading_too(deltas):
    employed(deltas, "ada", "bob")
    await deltas.cycle()
    deltas.soft_delete("ada")
    await deltas.cycle()

    deltas.lose("ada")
    deltas.wait(days=30)
    deltas.directory.forgetful = True
    await deltas.cycle()

    assert deltas.target.writes == [("delete", "t1")]


async def test_initial_cycle_reads_everything_whatever_was_read_before(deltas):
    employed(deltas, "ada")
    await deltas.cycle()

    await deltas.cycle(full=True)

    assert deltas.directory.asked == [None, None]


async def test_cleared_attribute_is_as_if_it_had_never_been(deltas):
    employed(deltas, "ada", "bob")
    await deltas.cycle()
    deltas.change("ada", jobTitle=None)
    await deltas.cycle()

    deltas.directory.forgetful = True
    execution = await deltas.cycle()

    assert execution.counts.imported == 0


@pytest.fixture
def team(deltas):
    """Grace manages Ada and Bob, and all three are a group that is provisioned."""
    deltas.configure(schema=load_schema("scim", Path()).schema)
    deltas.employ("grace")
    deltas.employ("ada", manager="grace")
    deltas.employ("bob", manager="grace")
    deltas.group("team", "grace", "ada", "bob")
    deltas.assign("team")
    return deltas


@pytest.mark.parametrize("forgetful", [False, True])
async def test_manager_and_member_in_the_recycle_bin_stay_what_they_were(team, forgetful):
    await team.cycle()

    team.soft_delete("grace")
    team.directory.forgetful = forgetful
    await team.cycle()

    assert team.target.writes == [("update", team.target_id("grace"))]
    assert team.members("team") == {"grace", "ada", "bob"}


async def test_member_in_the_recycle_bin_is_a_member_once_however_the_group_changes(team):
    await team.cycle()
    team.soft_delete("grace")
    await team.cycle()

    team.employ("cem")
    team.group("team", "grace", "ada", "bob", "cem")
    await team.cycle()

    space = await team.store.connector_space(team.job.id)
    [group] = [r.entry for r in space.sources if r.entry.anchor.id == "team"]
    assert sorted(group.references["members"]) == ["ada", "bob", "cem", "grace"]


async def test_member_in_the_recycle_bin_leaves_where_a_directory_tells_of_all_members(story):
    story.configure(schema=load_schema("scim", Path()).schema)
    for name in ("ada", "bob"):
        story.employ(name)
    story.group("team", "ada", "bob")
    story.assign("team")
    await story.cycle()
    story.soft_delete("ada")
    await story.cycle()

    story.group("team", "bob")
    await story.cycle()

    assert story.members("team") == {"bob"}


async def test_new_manager_takes_the_place_of_one_in_the_recycle_bin(team):
    await team.cycle()
    team.soft_delete("grace")
    await team.cycle()

    team.set_manager("ada", "bob")
    await team.cycle()

    assert team.employee("ada")[MANAGER] == team.target_id("bob")
    space = await team.store.connector_space(team.job.id)
    [ada] = [r.entry for r in space.sources if r.entry.anchor.id == "ada"]
    assert ada.references == {"manager": ("bob",)}


async def test_who_is_restored_is_enabled_and_nothing_else_is_sent(team):
    await team.cycle()
    team.soft_delete("grace")
    await team.cycle()

    team.restore("grace")
    await team.cycle()

    assert team.target.writes == [("update", team.target_id("grace"))]


async def test_who_is_purged_leaves_the_group_and_is_nobodys_manager(team):
    await team.cycle()
    team.soft_delete("grace")
    await team.cycle()
    known = team.target_id("grace")

    team.purge("grace")
    await team.cycle()

    assert ("delete", known) in team.target.writes
    assert team.members("team") == {"ada", "bob"}
    assert MANAGER not in team.employee("ada")


async def test_failed_cycle_reads_on_from_where_it_came_to(deltas):
    for name in ("ada", "bob"):
        deltas.hire(name)
    deltas.group("sales", "bob")
    deltas.assign("sales")
    await deltas.cycle()
    deltas.group("sales", "ada", "bob")
    deltas.target.fault = lambda call, _: TargetUnreachableError("gone") if call == "find" else None
    with pytest.raises(TargetUnreachableError):
        await deltas.cycle()

    deltas.group("sales", "bob")  # the delta since the watermark tells of no Ada
    deltas.target.fault = lambda _call, _subject: None
    await deltas.cycle()

    assert deltas.directory.asked == [None, "1", "2"]
    assert deltas.target.writes == []


async def test_object_that_was_purged_and_is_made_again_begins_anew(deltas):
    employed(deltas, "ada", "bob")
    deltas.change("ada", city="London")
    await deltas.cycle()
    deltas.purge("ada")
    await deltas.cycle()

    employed(deltas, "ada")
    await deltas.cycle()

    assert deltas.target.writes == [("create", "ada@contoso.com")]
    state = await deltas.store.connector_space(deltas.job.id)
    [record] = [r for r in state.sources if r.entry.anchor.id == "ada"]
    assert record.entry.presence is Presence.PRESENT
    assert "city" not in record.entry.properties


async def test_members_of_a_group_that_a_full_reading_lacks_keep_access_and_roles(deltas):
    deltas.offer("admin")
    roles = "AssertiveAppRoleAssignmentsComplex([appRoleAssignments])"
    deltas.map("roles", roles, multivalued=True)
    deltas.hire("ada")
    deltas.group("sales", "ada")
    deltas.assign("sales", "admin")
    await deltas.cycle()

    del deltas.directory.entries[Anchor(ObjectType.GROUP, "sales")]
    deltas.directory.forgetful = True
    execution = await deltas.cycle()

    assert deltas.target.writes == []
    assert execution.counts.disabled == 0
