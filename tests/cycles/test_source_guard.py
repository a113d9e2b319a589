"""The source guard: don't believe a directory that is suddenly empty or half."""

from __future__ import annotations

import pytest

from entrasim.errors import ShrunkSourceError, SourceError


async def employ_many(story, count):
    for number in range(count):
        story.employ(f"user{number}")
    await story.cycle()


async def remembered(story):
    return await story.store.connector_space(story.job.id)


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


async def test_directory_that_fails_in_the_middle_writes_nothing(story):
    await employ_many(story, 3)
    before = await remembered(story)
    story.unassign("user0")
    story.change("user1", jobTitle="Lead")
    story.directory.fault = lambda: SourceError("the second page was answered by 503")

    with pytest.raises(SourceError, match="503"):
        await story.cycle()

    assert story.target.writes == []
    assert await remembered(story) == before
    (execution,) = await story.store.executions("engagedly", 1)
    assert execution.error == ("SourceUnreadable", "the second page was answered by 503")


async def test_what_a_failed_reading_missed_is_done_by_the_next(story):
    await employ_many(story, 3)
    story.unassign("user0")
    story.directory.fault = lambda: SourceError("503")
    with pytest.raises(SourceError):
        await story.cycle()

    story.directory.fault = lambda: None
    execution = await story.cycle()

    assert execution.counts.disabled == 1


async def test_groups_that_shrank_are_refused(story):
    for number in range(20):
        story.group(f"Team {number}")
    await employ_many(story, 3)

    for number in range(11):
        story.lose_group(f"Team {number}")
    with pytest.raises(ShrunkSourceError, match="20 groups to 9"):
        await story.cycle()

    assert story.target.writes == []


async def test_size_of_the_last_good_cycle_counts_not_that_of_a_failed_one(story):
    await employ_many(story, 40)
    kept = dict(story.directory.entries)
    for number in range(21):
        story.lose(f"user{number}")
    for _ in range(2):
        with pytest.raises(ShrunkSourceError):
            await story.cycle()

    story.directory.entries = kept
    execution = await story.cycle()

    assert execution.counts.disabled == 0


async def test_refusal_says_what_is_gone_and_what_to_do(story):
    await employ_many(story, 20)
    for number in range(11):
        story.lose(f"user{number}")

    with pytest.raises(ShrunkSourceError) as refused:
        await story.cycle()

    assert str(refused.value) == (
        "the directory shrank from 20 users to 9, more than the 50% allowed; nobody was disabled: "
        "repair the directory, or say --accept-shrunk-source once if it is right"
    )
