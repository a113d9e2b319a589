"""What keeps a cycle from doing harm: the deletion guard and the source guard."""

from __future__ import annotations

import pytest

from entrasim.errors import ShrunkSourceError
from entrasim.model.job import RestartScope


async def employ_many(story, count):
    for number in range(count):
        story.employ(f"user{number}")
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
    story.allow_deletions(2)
    await employ_many(story, 6)
    for number in range(3):
        story.unassign(f"user{number}")
    await story.cycle()

    execution = await story.cycle()

    assert execution.counts.staged_deletes == 3
    assert story.target.writes == []


async def test_fewer_staged_leavers_than_the_threshold_still_wait_for_a_word(story):
    story.allow_deletions(2)
    await employ_many(story, 6)
    for number in range(3):
        story.unassign(f"user{number}")
    await story.cycle()

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
    story.allow_deletions(2)
    await employ_many(story, 6)
    for number in range(3):
        story.unassign(f"user{number}")
    await story.cycle()

    for number in range(3):
        story.assign(f"user{number}")
    execution = await story.cycle()

    assert execution.counts.staged_deletes == 0
    assert story.target.writes == []
    assert (await story.store.job_state(story.job)).quarantine is None
    assert (await story.connection("user0")).staged is None


async def test_restart_decides_about_staged_leavers_anew(story):
    story.allow_deletions(2)
    await employ_many(story, 6)
    for number in range(3):
        story.unassign(f"user{number}")
    await story.cycle()

    story.assign("user0")
    await story.restart(RestartScope.QUARANTINE_STATE)
    execution = await story.cycle()

    assert execution.counts.disabled == 2


async def test_directory_without_users_writes_nothing(story):
    await employ_many(story, 3)

    for number in range(3):
        story.lose(f"user{number}")
    with pytest.raises(ShrunkSourceError, match="no users"):
        await story.cycle()

    assert story.target.writes == []
    (execution,) = await story.store.executions("engagedly", 1)
    assert (execution.state, execution.error[0]) == ("Failed", "SourceShrunk")


@pytest.mark.parametrize(
    ("had", "lost", "refused"), [(20, 11, True), (20, 10, False), (19, 15, False)]
)
async def test_source_that_lost_more_than_half_is_refused_from_twenty_objects_on(
    story, had, lost, refused
):
    await employ_many(story, had)

    for number in range(lost):
        story.lose(f"user{number}")
        story.unassign(f"user{number}")
    if refused:
        with pytest.raises(ShrunkSourceError, match="shrank from 20 users to 9"):
            await story.cycle()
    else:
        execution = await story.cycle()
        assert execution.counts.disabled == lost


async def test_assignments_that_shrank_are_refused_too(story):
    await employ_many(story, 20)

    for number in range(11):
        story.unassign(f"user{number}")
    with pytest.raises(ShrunkSourceError, match="20 assignments to 9"):
        await story.cycle()

    assert story.target.writes == []


async def test_last_assignment_of_few_may_well_go(story):
    await employ_many(story, 3)

    for number in range(3):
        story.unassign(f"user{number}")
    execution = await story.cycle()

    assert execution.counts.disabled == 3


async def test_shrunk_source_is_accepted_once_when_somebody_says_so(story):
    await employ_many(story, 20)
    for number in range(11):
        story.lose(f"user{number}")
        story.unassign(f"user{number}")

    execution = await story.cycle(accept_shrunk=True)
    after = await story.cycle()

    assert execution.counts.disabled == 11
    assert after.state == "Succeeded"


async def test_refused_source_leaves_everything_for_the_next_good_cycle(story):
    await employ_many(story, 20)
    kept = dict(story.directory.entries)
    for number in range(15):
        story.lose(f"user{number}")
    with pytest.raises(ShrunkSourceError):
        await story.cycle()

    story.directory.entries = kept
    story.change("user19", jobTitle="Lead")
    execution = await story.cycle()

    assert (execution.counts.updated, execution.counts.disabled) == (1, 0)
