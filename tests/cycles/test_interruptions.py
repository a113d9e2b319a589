"""Cycles that end in the middle: nothing is lost, nothing is done twice."""

from __future__ import annotations

import pytest
from story import MANAGER

from entrasim.errors import (
    AnswerLostError,
    CredentialsRefusedError,
    JobPausedError,
    JobRunningError,
    TargetUnreachableError,
)
from entrasim.model.job import ScheduleState


class Killed(BaseException):
    """The process dies here."""


def dies_at(call, subject):
    def fault(called, about):
        if (called, about) == (call, subject):
            raise Killed

    return fault


async def restarted(story):
    """What a new process finds: the lock is free, the calls go through."""
    story.store._locked.clear()  # noqa: SLF001 - a dead process holds no lock
    story.target.fault = story.target.lose_answer = lambda _call, _subject: None


@pytest.mark.parametrize("when", ["before the POST", "after the POST"])
async def test_killed_at_a_create_nobody_is_created_twice(story, when):
    story.configure(concurrency=1)
    story.employ("boss")
    story.employ("ada", manager="boss")
    hook = "fault" if when == "before the POST" else "lose_answer"
    setattr(story.target, hook, dies_at("create", "ada@contoso.com"))
    with pytest.raises(Killed):
        await story.cycle()

    await restarted(story)
    execution = await story.cycle()
    silent = await story.cycle()

    assert execution.state == "Succeeded"
    assert len(story.target.objects) == 2
    assert story.employee("ada")[MANAGER] == story.target_id("boss")
    assert silent.counts.imported == 0


async def test_killed_at_a_create_and_the_mail_changes_nobody_is_created_twice(story):
    story.configure(concurrency=1)
    story.employ("ada")
    story.target.lose_answer = dies_at("create", "ada@contoso.com")
    with pytest.raises(Killed):
        await story.cycle()

    await restarted(story)
    story.change("ada", mail="countess@contoso.com")
    await story.cycle()

    assert [v["userName"] for v in story.target.objects.values()] == ["countess@contoso.com"]


async def test_killed_at_a_create_and_unassigned_the_employee_is_disabled(story):
    story.employ("ada")
    story.employ("grace")
    story.configure(concurrency=1)
    story.target.lose_answer = dies_at("create", "ada@contoso.com")
    with pytest.raises(Killed):
        await story.cycle()

    await restarted(story)
    story.unassign("ada")
    await story.cycle()

    assert story.employee("ada")["active"] is False


async def test_killed_before_the_second_pass_managers_are_linked_by_the_next_cycle(story):
    story.configure(concurrency=1)
    story.employ("ada", manager="boss")
    story.employ("boss")
    story.target.fault = dies_at("update", "t1")
    with pytest.raises(Killed):
        await story.cycle()

    await restarted(story)
    await story.cycle()

    assert story.employee("ada")[MANAGER] == story.target_id("boss")


async def test_killed_in_an_incremental_cycle_the_change_is_carried_by_the_next(story):
    story.employ("ada")
    await story.cycle()
    story.target.fault = dies_at("update", "t1")
    story.change("ada", jobTitle="Lead")
    with pytest.raises(Killed):
        await story.cycle()

    await restarted(story)
    execution = await story.cycle()

    assert execution.counts.updated == 1
    assert story.employee("ada")["title"] == "Lead"


async def test_answer_lost_to_a_create_is_settled_by_matching_never_by_a_second_create(story):
    story.employ("ada")
    story.target.lose_answer = lambda call, _: (
        AnswerLostError("reset") if call == "create" else None
    )
    lost = await story.cycle()

    story.target.lose_answer = lambda _call, _subject: None
    execution = await story.cycle()

    assert lost.counts.escrowed == 1
    assert story.target.calls[:2] == [("probe", "User"), ("find", "ada@contoso.com")]
    assert execution.counts.created == 0
    assert (await story.connection("ada")).target_anchor == "t1"


async def test_intent_that_cant_be_settled_creates_nothing(story):
    story.employ("ada")
    story.target.lose_answer = lambda call, _: (
        AnswerLostError("reset") if call == "create" else None
    )
    await story.cycle()

    story.target.fault = lambda call, _: AnswerLostError("hangs") if call == "find" else None
    await story.cycle()

    assert story.target.writes == []


async def test_failed_probe_ends_the_cycle_before_any_write(story):
    story.employ("ada")
    story.target.fault = lambda call, _: (
        TargetUnreachableError("nobody there") if call == "probe" else None
    )

    with pytest.raises(TargetUnreachableError):
        await story.cycle()

    assert story.target.writes == []
    (execution,) = await story.store.executions("engagedly", 1)
    assert execution.error == (TargetUnreachableError.code, "nobody there")


async def test_credentials_refused_in_the_middle_end_the_cycle_without_a_thousand_failures(story):
    story.configure(concurrency=2)
    for number in range(50):
        story.employ(f"user{number}")
    story.target.fault = lambda call, who: (
        CredentialsRefusedError("401") if (call, who) == ("create", "user10@contoso.com") else None
    )

    with pytest.raises(CredentialsRefusedError):
        await story.cycle()
    await restarted(story)
    execution = await story.cycle()

    assert execution.state == "Succeeded"
    assert len(story.target.objects) == 50


async def test_cycle_of_a_paused_job_is_refused(story):
    story.employ("ada")
    await story.store.set_schedule(story.job, ScheduleState.PAUSED)

    with pytest.raises(JobPausedError, match="entrasim job start"):
        await story.cycle()

    assert story.target.calls == []


async def test_cycle_of_a_running_job_is_refused(story):
    async with story.store.lock("engagedly"):
        with pytest.raises(JobRunningError):
            await story.cycle()
