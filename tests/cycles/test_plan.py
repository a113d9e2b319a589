"""The plan shows what the cycle would send, and writes nothing."""

from __future__ import annotations

from story import MANAGER

from entrasim.model.decision import Create, Disable, Skip, Update
from entrasim.model.job import ScheduleState


async def company(story):
    """Everything that can happen in one cycle."""
    story.employ("ada", mail="x@contoso.com")
    story.employ("leaver")
    story.employ("stayer")
    await story.cycle()
    story.change("ada", mail="y@contoso.com")
    story.employ("bea", mail="x@contoso.com", manager="cleo")
    story.employ("cleo")
    story.unassign("leaver")
    story.hire("outsider")


def sent(outcomes):
    """What decisions would send, placeholders resolved to names."""
    return [
        (type(o.decision), o.anchor.id, [(c.attribute, c.after) for c in o.decision.changes])
        for o in outcomes
        if not isinstance(o.decision, Skip)
    ]


async def test_plan_is_what_the_cycle_does(story):
    await company(story)

    story.target.calls.clear()
    execution, outcomes = await story.plan()
    planned_writes = list(story.target.writes)
    real = await story.cycle()

    assert planned_writes == []
    assert execution.counts == real.counts
    kinds = [(kind, who) for kind, who, _ in sent(outcomes)]
    assert kinds == [
        (Disable, "leaver"),
        (Update, "ada"),
        (Create, "bea"),
        (Create, "cleo"),
        (Update, "bea"),
    ]
    assert [len(changes) for _, changes in story.target.changes] == [
        len(changes) for _, _, changes in sent(outcomes)
    ]


async def test_id_that_the_target_has_yet_to_give_stands_under_the_name(story):
    await company(story)

    _, outcomes = await story.plan()

    assert (Update, "bea", [(MANAGER, "{id of cleo@contoso.com}")]) in sent(outcomes)


async def test_plan_leaves_the_store_as_it_was(story):
    await company(story)
    before = await story.store.connector_space("engagedly")
    logged = await story.log()

    await story.plan(full=True)

    assert await story.store.connector_space("engagedly") == before
    assert await story.log() == logged


async def test_plan_works_while_the_job_is_paused_or_running(story):
    await company(story)
    await story.store.set_schedule(story.job, ScheduleState.PAUSED)

    async with story.store.lock("engagedly"):
        execution, _ = await story.plan()

    assert execution.counts.created == 2


async def test_plan_tells_newcomers_apart_who_lack_the_first_matching_attribute(story):
    story.map("externalId", "[employeeId]", matching_priority=0)
    story.map("nickName", "[nick]", matching_priority=1)
    story.map("userName", "[mail]", matching_priority=2)
    story.employ("ada", nick="a")
    story.employ("bob", manager="ada")
    story.employ("cem", manager="bob")
    story.employ("dan", manager="cem", nick="d")

    execution, outcomes = await story.plan()
    planned = [o.decision.changes for o in outcomes if isinstance(o.decision, Update)]

    managers = {change.after for changes in planned for change in changes}
    assert execution.counts.escrowed == 0
    assert managers == {"{id of a}", "{id of bob@contoso.com}", "{id of cem@contoso.com}"}
