"""The deletion guard: what keeps a cycle from seeing off too many at once."""

from __future__ import annotations

import pytest

from entrasim.errors import TargetUnreachableError, TransientTargetError
from entrasim.model.job import QuarantineReason, RestartScope


async def employ_many(story, count):
    for number in range(count):
        story.employ(f"user{number}")
    await story.cycle()


async def hold_three_back(story):
    """Let three of six leave at once, of whom two would be allowed."""
    story.allow_deletions(2)
    await employ_many(story, 6)
    for number in range(3):
        story.unassign(f"user{number}")
    await story.cycle()


async def test_leavers_above_the_threshold_are_staged_and_everything_else_is_sent(story):
    story.allow_deletions(2)
    await employ_many(story, 6)

    for number in range(3):
        story.unassign(f"user{number}")
    story.change("user5", jobTitle="Lead")
    story.employ("ada")
    execution = await story.cycle()

    assert (execution.counts.staged_deletes, execution.counts.disabled) == (3, 0)
    assert (execution.counts.updated, execution.counts.created) == (1, 1)
    state = await story.store.job_state(story.job)
    assert state.quarantine.reason == "TooManyDeletes"
    assert {r.action for r in await story.log("user0")} == {"create", "stagedDelete"}


async def test_as_many_leavers_as_the_threshold_are_sent(story):
    story.allow_deletions(2)
    await employ_many(story, 6)

    story.unassign("user0")
    story.purge("user1")
    execution = await story.cycle()

    assert (execution.counts.disabled, execution.counts.deleted) == (1, 1)


async def test_threshold_of_zero_is_no_threshold(story):
    story.allow_deletions(0)
    await employ_many(story, 6)

    for number in range(5):
        story.unassign(f"user{number}")
    execution = await story.cycle()

    assert execution.counts.disabled == 5


async def test_staged_leavers_count_again_in_a_quiet_cycle(story):
    await hold_three_back(story)

    execution = await story.cycle()

    assert execution.counts.staged_deletes == 3
    assert story.target.writes == []


async def test_fewer_staged_leavers_than_the_threshold_still_wait_for_a_word(story):
    await hold_three_back(story)

    story.assign("user0")
    story.assign("user1")
    execution = await story.cycle()

    assert execution.counts.staged_deletes == 1
    assert story.target.writes == []


async def test_force_deletes_sends_what_was_staged_and_counts_new_leavers_anew(story):
    story.allow_deletions(2)
    await employ_many(story, 9)
    for number in range(3):
        story.unassign(f"user{number}")
    await story.cycle()

    for number in range(3, 6):
        story.unassign(f"user{number}")
    await story.restart(RestartScope.FORCE_DELETES)
    allowed = await story.cycle()
    after = await story.cycle()

    assert (allowed.counts.disabled, allowed.counts.staged_deletes) == (3, 3)
    assert (after.counts.disabled, after.counts.staged_deletes) == (0, 3)


async def test_repaired_source_ends_the_quarantine_without_a_request(story):
    await hold_three_back(story)

    for number in range(3):
        story.assign(f"user{number}")
    execution = await story.cycle()

    assert execution.counts.staged_deletes == 0
    assert story.target.writes == []
    assert (await story.store.job_state(story.job)).quarantine is None
    assert (await story.connection("user0")).staged is None


async def test_restart_decides_about_staged_leavers_anew(story):
    await hold_three_back(story)

    story.assign("user0")
    await story.restart(RestartScope.QUARANTINE_STATE)
    execution = await story.cycle()

    assert execution.counts.disabled == 2


def refuse_once(story, name, error):
    """Let the target fail whatever is done to one person."""
    target_id = story.target_id(name)
    story.target.fault = lambda call, who: error if (call, who) == ("update", target_id) else None


async def stage_three_of(story, count):
    story.allow_deletions(2)
    await employ_many(story, count)
    for number in range(3):
        story.unassign(f"user{number}")
    await story.cycle()


async def test_leaver_who_was_allowed_and_failed_is_tried_again_and_holds_nobody_back(story):
    await stage_three_of(story, 8)
    await story.restart(RestartScope.FORCE_DELETES)
    refuse_once(story, "user0", TransientTargetError("503"))
    allowed = await story.cycle()

    story.target.fault = lambda _call, _who: None
    story.unassign("user7")
    after = await story.cycle()

    assert (allowed.counts.disabled, allowed.counts.escrowed) == (2, 1)
    assert allowed.health.quarantine is None
    assert (after.counts.disabled, after.counts.staged_deletes) == (2, 0)


async def test_allowance_outlasts_a_cycle_that_failed_in_the_middle(story):
    story.configure(concurrency=1)
    await stage_three_of(story, 8)
    await story.restart(RestartScope.FORCE_DELETES)
    refuse_once(story, "user1", TargetUnreachableError("gone"))
    with pytest.raises(TargetUnreachableError):
        await story.cycle()

    story.target.fault = lambda _call, _who: None
    story.unassign("user6")
    story.unassign("user7")
    after = await story.cycle()

    assert (after.counts.disabled, after.counts.staged_deletes) == (4, 0)


async def test_staged_leavers_who_cannot_be_verified_at_a_new_url_still_hold_others_back(story):
    await stage_three_of(story, 8)
    story.configure(target_url="https://elsewhere.example/scim")
    staged = {story.target_id(f"user{number}") for number in range(3)}
    story.target.fault = lambda call, who: (
        TransientTargetError("503") if call == "read" and who in staged else None
    )

    story.unassign("user7")
    execution = await story.cycle()

    assert story.target.writes == []
    assert execution.health.quarantine.reason is QuarantineReason.TOO_MANY_DELETES
