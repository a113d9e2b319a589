"""Quarantines by failures: when too many of a job's objects are in escrow."""

from __future__ import annotations

import pytest

from entrasim.errors import TargetError
from entrasim.model.job import QuarantineReason, Safety


def bounds(**fields):
    known = {"escrow_floor": 4, "escrow_share": 0.4, "escrow_limit": 8, "escrow_total": 10}
    return Safety(**{**known, **fields})


async def employ(story, *, failing, well):
    for number in range(failing + well):
        story.employ(f"user{number}")
    names = {f"user{number}@contoso.com" for number in range(failing)}
    refused = TargetError("no room")
    story.target.fault = lambda call, who: refused if call == "create" and who in names else None
    return await story.cycle()


@pytest.mark.parametrize(
    ("failing", "well", "reason"),
    [
        (3, 0, None),
        (4, 6, None),
        (5, 6, "EncounteredEscrowProportionThreshold"),
        (8, 30, None),
        (9, 90, "EncounteredEscrowProportionThreshold"),
        (11, 90, "EncounteredTotalEscrowThreshold"),
    ],
    ids=["too few to ask", "40 %", "more than 40 %", "limit", "above the limit", "above the total"],
)
async def test_too_many_failed_objects_are_a_quarantine(story, failing, well, reason):
    story.configure(safety=bounds())

    execution = await employ(story, failing=failing, well=well)

    held = execution.health.quarantine
    assert (held.reason.value if held else None) == reason


async def test_failed_references_count_for_the_total_alone(story):
    story.configure(safety=bounds())
    story.employ("boss")
    for number in range(10):
        story.employ(f"user{number}", manager="boss")
    refused = TargetError("no room")
    story.target.fault = lambda call, who: (
        refused if (call, who) == ("create", "boss@contoso.com") else None
    )
    references = await story.cycle()

    story.configure(safety=bounds(escrow_total=11))
    enough = await story.cycle()

    assert references.health.quarantine.reason is QuarantineReason.TOTAL_ESCROWS
    assert enough.health.quarantine is None


async def test_quarantine_by_failures_outlasts_cycles_in_which_none_is_due(story):
    story.configure(safety=bounds())
    await employ(story, failing=6, well=2)

    quiet = await story.cycle()
    story.target.fault = lambda _call, _who: None
    story.wait(hours=6)
    mended = await story.cycle()

    assert quiet.requests == {"probe": 1}
    assert quiet.health.quarantine is not None
    assert mended.health.quarantine is None


async def test_share_is_of_those_the_job_looks_after_not_of_those_who_left(story):
    story.configure(safety=bounds())
    for number in range(10):
        story.employ(f"left{number}")
    await story.cycle()
    for number in range(10):
        story.unassign(f"left{number}")
    await story.cycle()

    execution = await employ(story, failing=5, well=4)

    assert execution.health.quarantine.message.startswith("5 of 9 objects failed")


async def test_failures_are_told_of_before_leavers_who_wait(story):
    story.configure(safety=bounds(deletion_threshold=1))
    for number in range(2):
        story.employ(f"left{number}")
    await story.cycle()
    for number in range(2):
        story.unassign(f"left{number}")

    execution = await employ(story, failing=6, well=2)

    assert execution.counts.staged_deletes == 2
    assert execution.health.quarantine.reason is QuarantineReason.ESCROW_PROPORTION
