"""Joining, moving, leaving and returning (how-provisioning-works, Incremental cycles)."""

from __future__ import annotations

from datetime import timedelta

from entrasim.model.decision import AttributeChange, Status
from entrasim.model.job import RestartScope


def change(attribute, before, after):
    return AttributeChange(attribute=attribute, before=before, after=after)


async def test_unchanged_incremental_cycle_sends_the_probe_and_nothing_else(story):
    story.employ("ada")
    story.employ("grace", manager="ada")
    await story.cycle()

    execution = await story.cycle()

    assert execution.cycle.kind == "incremental"
    assert story.target.calls == [("probe", "User")]
    assert execution.counts.imported == 0
    assert len(await story.log()) == 3  # two creations, one manager


async def test_change_of_two_attributes_is_one_update_with_both(story):
    story.employ("ada", jobTitle="Engineer")
    await story.cycle()

    story.change("ada", jobTitle="Lead", city="London")
    await story.cycle()

    [(target_id, changes)] = story.target.changes
    assert target_id == "t1"
    assert changes == (
        change("title", "Engineer", "Lead"),
        change('addresses[type eq "work"].locality', None, "London"),
    )


async def test_value_that_is_cleared_in_the_source_is_not_cleared_in_the_target(story):
    story.employ("ada", jobTitle="Engineer")
    await story.cycle()

    story.change("ada", jobTitle=None)
    await story.cycle()

    assert story.target.writes == []
    assert story.employee("ada")["title"] == "Engineer"


async def test_linked_user_is_never_matched_again_when_the_mail_changes(story):
    story.employ("ada")
    await story.cycle()

    story.change("ada", mail="countess@contoso.com")
    await story.cycle()

    assert story.target.calls == [("probe", "User"), ("read", "t1"), ("update", "t1")]
    assert story.employee("countess")["displayName"] == "Ada"


async def test_user_who_is_unassigned_is_disabled_not_deleted(story):
    story.employ("ada", jobTitle="Engineer")
    await story.cycle()

    story.change("ada", jobTitle="Lead")
    story.unassign("ada")
    execution = await story.cycle()

    assert execution.counts.disabled == 1
    assert story.target.changes == [("t1", (change("active", True, False),))]
    assert (await story.connection("ada")).managed is False


async def test_user_whose_account_is_disabled_is_disabled_and_stays_managed(story):
    story.employ("ada")
    await story.cycle()

    story.change("ada", accountEnabled=False)
    await story.cycle()

    assert story.employee("ada")["active"] is False
    assert (await story.connection("ada")).managed is True


async def test_user_who_is_soft_deleted_is_disabled(story):
    story.employ("ada")
    story.employ("grace")
    await story.cycle()

    story.soft_delete("ada")
    execution = await story.cycle()

    assert execution.counts.disabled == 1
    assert story.employee("ada")["active"] is False


async def test_user_who_is_purged_is_deleted(story):
    story.employ("ada")
    story.employ("grace")
    await story.cycle()

    story.purge("ada")
    execution = await story.cycle()

    assert execution.counts.deleted == 1
    assert story.target.writes == [("delete", "t1")]
    assert [r.action for r in await story.log("ada@contoso.com")] == ["create", "delete"]


async def test_tombstone_of_a_stranger_is_nobodys_business(story):
    story.employ("ada")
    story.purge("stranger")

    execution = await story.cycle()

    assert (execution.counts.imported, execution.counts.skipped) == (1, 0)
    assert await story.log("stranger") == ()


async def test_thirty_days_in_the_recycle_bin_are_a_purge(story):
    story.employ("ada")
    story.employ("grace")
    await story.cycle()
    story.soft_delete("ada")
    await story.cycle()

    story.clock.advance(timedelta(days=29))
    still_there = await story.cycle()
    story.clock.advance(timedelta(days=1))
    gone = await story.cycle()

    assert still_there.counts.deleted == 0
    assert gone.counts.deleted == 1


async def test_user_who_was_unassigned_first_and_is_deleted_later_gets_no_delete(story):
    story.employ("ada")
    story.employ("grace")
    await story.cycle()
    story.unassign("ada")
    await story.cycle()

    story.purge("ada")
    await story.cycle()

    assert story.target.writes == []
    assert story.employee("ada")["active"] is False


async def test_deletion_that_comes_with_the_loss_of_the_assignment_is_still_a_delete(story):
    story.employ("ada")
    story.employ("grace")
    await story.cycle()

    story.soft_delete("ada")
    story.unassign("ada")
    await story.cycle()
    story.lose("ada")
    execution = await story.cycle()

    assert execution.counts.deleted == 1


async def test_user_restored_without_assignment_is_no_longer_managed(story):
    story.employ("ada")
    story.employ("grace")
    await story.cycle()
    story.soft_delete("ada")
    story.unassign("ada")
    await story.cycle()

    story.restore("ada")
    await story.cycle()

    assert story.target.writes == []
    assert (await story.connection("ada")).managed is False


async def test_line_lost_from_a_file_disables_but_never_deletes(story):
    story.employ("ada")
    story.employ("grace")
    await story.cycle()

    story.lose("ada")
    story.unassign("ada")
    lost = await story.cycle()
    story.clock.advance(timedelta(days=60))
    later = await story.cycle()

    assert lost.counts.disabled == 1
    assert later.counts.deleted == 0
    assert "t1" in story.target.objects


async def test_user_who_comes_back_is_enabled_and_brought_up_to_date_in_one_update(story):
    story.employ("ada", jobTitle="Engineer")
    await story.cycle()
    story.unassign("ada")
    await story.cycle()

    story.assign("ada")
    story.change("ada", jobTitle="Lead")
    execution = await story.cycle()

    assert execution.counts.enabled == 1
    assert story.target.changes == [
        ("t1", (change("active", False, True), change("title", "Engineer", "Lead")))
    ]
    assert (await story.connection("ada")).managed is True


async def test_restored_and_reenabled_users_are_enabled(story):
    story.employ("ada")
    story.employ("grace")
    await story.cycle()
    story.soft_delete("ada")
    story.change("grace", accountEnabled=False)
    story.employ("alan")
    await story.cycle()

    story.restore("ada")
    story.change("grace", accountEnabled=True)
    execution = await story.cycle()

    assert execution.counts.enabled == 2
    assert story.employee("ada")["active"] is True


async def test_disabled_user_who_was_never_provisioned_is_neither_created_nor_matched(story):
    story.employ("ada", accountEnabled=False)
    story.employ("grace")

    await story.cycle()

    assert ("find", "ada@contoso.com") not in story.target.calls
    (record,) = await story.log("ada@contoso.com")
    assert (record.status, record.error_code) == (Status.SKIPPED, "NotEffectivelyEntitled")


async def test_change_of_a_disabled_user_sends_nothing(story):
    story.employ("ada")
    story.employ("grace")
    await story.cycle()
    story.change("ada", accountEnabled=False)
    await story.cycle()

    story.change("ada", jobTitle="Lead")
    await story.cycle()

    assert story.target.writes == []


async def test_skip_out_of_scope_deletions_leaves_who_is_unassigned_alone(story):
    story.configure(skip_out_of_scope_deletions=True)
    story.employ("ada")
    await story.cycle()

    story.unassign("ada")
    await story.cycle()

    assert story.employee("ada")["active"] is True
    assert story.target.writes == []


async def test_initial_cycle_brings_everything_up_to_date_and_links_survive(story):
    story.employ("ada")
    await story.cycle()
    story.target.objects["t1"]["title"] = "Somebody's drift"

    story.change("ada", jobTitle="Engineer")
    await story.restart(RestartScope.WATERMARK)
    execution = await story.cycle()

    assert execution.cycle.kind == "initial"
    assert story.target.writes == [("update", "t1")]


async def test_forgotten_connector_space_matches_everybody_again(story):
    story.employ("ada")
    await story.cycle()

    await story.restart(RestartScope.FULL)
    execution = await story.cycle()

    assert execution.counts.created == 0
    assert ("find", "ada@contoso.com") in story.target.calls
    assert (await story.connection("ada")).target_anchor == "t1"
