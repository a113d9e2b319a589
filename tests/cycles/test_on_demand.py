"""One object through all steps, now (provision-on-demand)."""

from __future__ import annotations

import pytest

from entrasim.errors import ConfigurationError, JobRunningError
from entrasim.model.decision import Create, Disable, Step, Update
from entrasim.model.job import ScheduleState


@pytest.mark.parametrize("name", ["ada", "ADA@contoso.com", "Ada"])
async def test_user_is_provisioned_under_any_of_their_names_and_nobody_else(story, name):
    story.employ("ada")
    story.employ("grace")

    (outcome,) = await story.on_demand(name)

    assert isinstance(outcome.decision, Create)
    assert story.target.writes == [("create", "ada@contoso.com")]
    steps = [verdict.step for verdict in outcome.verdicts]
    assert steps == [Step.IMPORT, Step.SCOPING, Step.MATCHING, Step.PROCESSING, Step.EXPORT]


async def test_watermark_stays_and_the_next_cycle_repeats_nothing(story):
    story.employ("grace")
    await story.cycle()
    before = await story.store.job_state(story.job)
    story.employ("ada")

    await story.on_demand("ada")
    unmoved = await story.store.job_state(story.job)
    execution = await story.cycle()

    assert unmoved == before
    assert execution.counts.created == 0
    assert story.target.calls == [("probe", "User")]


async def test_unassigned_user_is_disabled_by_it(story):
    story.employ("ada")
    await story.cycle()
    story.unassign("ada")

    (outcome,) = await story.on_demand("ada")

    assert isinstance(outcome.decision, Disable)


async def test_works_while_the_job_is_paused_but_not_beside_a_cycle(story):
    story.employ("ada")
    await story.cycle()
    await story.store.set_schedule(story.job, ScheduleState.PAUSED)
    story.change("ada", jobTitle="Lead")

    async with story.store.lock("engagedly"):
        with pytest.raises(JobRunningError):
            await story.on_demand("ada")
    (outcome,) = await story.on_demand("ada")

    assert isinstance(outcome.decision, Update)


async def test_manager_who_is_not_there_yet_is_left_to_the_next_cycle(story):
    story.employ("boss")
    story.employ("ada", manager="boss")

    await story.on_demand("ada")
    await story.cycle()

    manager = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager"
    assert story.employee("ada")[manager] == story.target_id("boss")


@pytest.mark.parametrize("what", ["nobody", "disabled", "deleted", "a group", "ambiguous"])
async def test_what_cant_be_chosen_is_refused_in_words(story, what):
    story.employ("ada", displayName="Twin")
    story.employ("ida", displayName="Twin")
    story.employ("off", accountEnabled=False)
    story.employ("gone")
    story.soft_delete("gone")
    story.group("Sales")
    text = {"disabled": "off", "deleted": "gone", "a group": "Sales", "ambiguous": "twin"}

    with pytest.raises(ConfigurationError, match=text.get(what, what)):
        await story.on_demand(text.get(what, what))

    assert story.target.writes == []
