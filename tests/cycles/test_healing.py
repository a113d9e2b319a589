"""Healing: what drifted is brought back by the requests of a cycle, and nothing else is sent."""

from __future__ import annotations

import pytest
from story import MANAGER

from entrasim.errors import JobPausedError, JobRunningError, TransientTargetError
from entrasim.model.decision import AttributeChange
from entrasim.model.drift import DriftKind
from entrasim.model.job import ScheduleState


def kinds(report) -> list[tuple[str, str]]:
    return [(drift.anchor.id, drift.kind.value) for drift in report.drifted]


async def test_title_changed_by_hand_is_healed_by_one_update(settled):
    settled.employee("ada")["title"] = "Queen"

    healing = await settled.heal()

    assert healing.healed == 1
    assert settled.target.writes == [("update", settled.target_id("ada"))]
    assert settled.employee("ada")["title"] == "Engineer"
    assert kinds(await settled.drift()) == []
    assert [r.action for r in await settled.log("ada")][-1] == "update"


async def test_reactivated_leaver_is_drift_and_is_disabled_again(settled):
    settled.employee("cem")["active"] = True

    report, healing = await settled.drift(), await settled.heal()

    (drift,) = report.drifted
    assert drift.kind is DriftKind.REACTIVATED
    assert drift.reason == "Has access in the target. The account is disabled in the directory"
    assert healing.healed == 1
    assert settled.target.writes == [("update", settled.target_id("cem"))]
    assert settled.employee("cem")["active"] is False
    assert (await settled.connection("cem")).disabled


async def test_active_employee_deactivated_by_hand_is_enabled_again(settled):
    settled.employee("ada")["active"] = False

    report, healing = await settled.drift(), await settled.heal()

    assert kinds(report) == [("ada", "deactivated")]
    assert healing.healed == 1
    assert settled.employee("ada")["active"] is True


async def test_record_that_is_gone_is_made_again_and_whoever_pointed_to_it_follows(settled):
    old = settled.target_id("grace")
    del settled.target.objects[old]

    report, healing = await settled.drift(), await settled.heal()

    assert kinds(report) == [("grace", "missing")]
    assert healing.healed == 1
    new = settled.target_id("grace")
    assert new != old
    assert [call for call, _ in settled.target.writes] == ["create", "update", "update"]
    assert {settled.employee(name)[MANAGER] for name in ("ada", "bob")} == {new}
    assert kinds(await settled.drift()) == []


async def test_record_of_a_leaver_that_is_gone_is_forgotten_and_not_made_again(settled):
    del settled.target.objects[settled.target_id("cem")]

    report, healing = await settled.drift(), await settled.heal()

    assert kinds(report) == [("cem", "missing")]
    assert healing.healed == 1
    assert settled.target.writes == []
    assert kinds(await settled.drift()) == []


async def test_record_made_anew_by_hand_is_linked_instead(settled):
    values = settled.target.objects.pop(settled.target_id("ada"))
    settled.target.objects["by-hand"] = {**values, "title": "Queen"}

    report, healing = await settled.drift(), await settled.heal()

    (drift,) = report.drifted
    assert drift.kind is DriftKind.REPLACED
    assert drift.reason == "Gone from the target; by-hand has the matching value instead"
    assert healing.healed == 1
    assert settled.employee("ada")["title"] == "Engineer"
    assert (await settled.connection("ada")).target_anchor == "by-hand"


async def test_manager_changed_by_hand_is_healed(settled):
    settled.employee("ada")[MANAGER] = settled.target_id("bob")

    report, healing = await settled.drift(), await settled.heal()

    grace, bob = settled.target_id("grace"), settled.target_id("bob")
    assert report.drifted[0].changes == (
        AttributeChange(attribute=MANAGER, before=bob, after=grace),
    )
    assert report.names == {bob: "bob@contoso.com", grace: "grace@contoso.com"}
    assert healing.healed == 1
    assert settled.employee("ada")[MANAGER] == grace


async def test_heal_leaves_the_watermark_and_the_other_objects_alone(settled):
    settled.employee("ada")["title"] = "Queen"
    before = await settled.store.job_state(settled.job)

    await settled.heal()

    assert await settled.store.job_state(settled.job) == before
    silent = await settled.cycle()
    assert settled.target.writes == []
    assert silent.requests == {"probe": 1}


async def test_more_reactivated_leavers_than_the_guard_allows_are_held_back(settled):
    for name in ("ada", "bob"):
        settled.change(name, accountEnabled=False)
    await settled.cycle()
    for name in ("ada", "bob", "cem"):
        settled.employee(name)["active"] = True
    settled.allow_deletions(2)

    healing = await settled.heal()

    assert (healing.healed, healing.held_back) == (0, 3)
    assert settled.target.writes == []
    assert [one.anchor.id for one in (await settled.drift()).pending] == ["ada", "bob", "cem"]


async def test_many_past_leavers_do_not_count_for_the_guard(settled):
    for name in ("ada", "bob"):
        settled.change(name, accountEnabled=False)
    await settled.cycle()
    settled.employee("cem")["active"] = True
    settled.allow_deletions(1)

    healing = await settled.heal()

    assert (healing.healed, healing.held_back) == (1, 0)


async def test_who_can_not_be_healed_is_escrowed_and_the_next_cycle_tries_again(settled):
    settled.employee("ada")["title"] = "Queen"
    settled.employee("cem")["active"] = True
    settled.target.fault = lambda call, _: (
        TransientTargetError("busy") if call == "update" else None
    )
    healing = await settled.heal()
    settled.target.fault = lambda *_: None

    await settled.cycle()

    assert healing.healed == 0
    assert {one.anchor.id: one.code for one in healing.failed} == dict.fromkeys(
        ("ada", "cem"), "InternalServerError"
    )
    assert settled.employee("ada")["title"] == "Engineer"
    assert settled.employee("cem")["active"] is False
    assert kinds(await settled.drift()) == []


async def test_paused_job_is_not_healed(settled):
    settled.employee("ada")["title"] = "Queen"
    await settled.store.set_schedule(settled.job, ScheduleState.PAUSED)

    with pytest.raises(JobPausedError, match="entrasim job start"):
        await settled.heal()

    assert settled.target.calls == []


async def test_job_whose_cycle_runs_is_not_healed(settled):
    async with settled.store.lock(settled.job.id):
        with pytest.raises(JobRunningError):
            await settled.heal()

    assert settled.target.calls == []


async def test_pending_change_of_somebody_who_points_to_a_healed_record_is_not_forgotten(settled):
    settled.change("ada", jobTitle="CTO")
    settled.target.fault = lambda call, _: (
        TransientTargetError("busy") if call == "update" else None
    )
    await settled.cycle()
    settled.target.fault = lambda *_: None
    del settled.target.objects[settled.target_id("grace")]

    await settled.heal()
    await settled.cycle()

    assert settled.employee("ada")["title"] == "CTO"
    assert settled.employee("ada")[MANAGER] == settled.target_id("grace")
    assert kinds(await settled.drift()) == []
