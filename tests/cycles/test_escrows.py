"""Objects that fail: when they are tried again, and what becomes of them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from entrasim.errors import AnswerLostError, TargetError, TransientTargetError
from entrasim.model.job import RestartScope

MANAGER = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager"


def refuse(story, call, who=None, error=None):
    """Let the target refuse a kind of call, to somebody or to all."""
    refused = error or TargetError("no room")
    story.target.fault = lambda c, w: refused if c == call and who in {None, w} else None


def relent(story):
    story.target.fault = lambda _call, _who: None


async def escrows(story):
    return (await story.store.connector_space(story.job.id)).escrows


async def test_refused_user_is_tried_after_6_12_and_24_hours_and_then_daily(story):
    story.employ("ada")
    refuse(story, "create")
    tried = []
    for number in range(int(timedelta(days=3) / timedelta(minutes=40))):
        await story.cycle()
        if story.target.writes:
            tried.append(number * 40 / 60)

    assert tried == pytest.approx([0, 6, 12, 24, 48], abs=0.7)


async def test_failure_of_the_target_is_tried_again_in_the_next_cycle(story):
    story.employ("ada")
    refuse(story, "create", error=TransientTargetError("503"))
    await story.cycle()

    relent(story)
    execution = await story.cycle()

    assert execution.counts.created == 1


async def test_changed_user_is_tried_again_at_once(story):
    story.employ("ada")
    refuse(story, "create")
    await story.cycle()

    relent(story)
    story.change("ada", jobTitle="Lead")
    execution = await story.cycle()

    assert execution.counts.created == 1
    assert await escrows(story) == ()


async def test_user_who_recovers_is_brought_fully_up_to_date(story):
    story.employ("boss")
    story.employ("ada")
    await story.cycle()
    refuse(story, "update")
    story.change("ada", jobTitle="Lead")
    await story.cycle()
    story.set_manager("ada", "boss")
    await story.cycle()

    relent(story)
    story.wait(hours=12)
    await story.cycle()

    held = story.employee("ada")
    assert (held["title"], held[MANAGER]) == ("Lead", story.target_id("boss"))


async def test_failure_says_how_often_it_was_tried_and_when_next(story):
    story.employ("ada")
    refuse(story, "create")
    await story.cycle()
    story.wait(hours=6)
    await story.cycle()

    first, second = await story.log("ada@contoso.com")

    assert first.error_message == "no room (tried once, again on 2026-01-05 14:40 UTC)"
    assert second.error_message == (
        "no room (tried 2 times, since 2026-01-05 08:40 UTC, again on 2026-01-05 20:40 UTC)"
    )
    assert second.steps[-1].details["next try"] == "on 2026-01-05 20:40 UTC"


async def test_user_is_given_up_after_28_days_until_they_change(story):
    story.employ("ada")
    refuse(story, "create")
    await story.cycle()
    for _ in range(28):
        story.wait(days=1)
        await story.cycle()
    given_up = await escrows(story)
    story.wait(days=2)
    quiet = await story.cycle()

    relent(story)
    story.change("ada", jobTitle="Lead")
    again = await story.cycle()

    record = (await story.log("ada@contoso.com"))[-2]
    assert given_up == ()
    assert quiet.requests == {"probe": 1}
    assert "given up: it is tried again when it changes in the directory" in record.error_message
    assert again.counts.created == 1


async def test_cleared_escrows_are_not_tried_until_an_initial_cycle(story):
    story.employ("ada")
    refuse(story, "create")
    await story.cycle()

    relent(story)
    await story.restart(RestartScope.ESCROWS)
    story.wait(days=2)
    quiet = await story.cycle()
    initial = await story.cycle(full=True)

    assert quiet.requests == {"probe": 1}
    assert initial.counts.created == 1


async def test_report_is_linked_as_soon_as_the_manager_who_failed_is_there(story):
    story.employ("boss")
    story.employ("ada", manager="boss")
    refuse(story, "create", "boss@contoso.com")
    await story.cycle()

    relent(story)
    story.change("boss", jobTitle="Chief")
    await story.cycle()

    assert story.employee("ada")[MANAGER] == story.target_id("boss")
    assert await escrows(story) == ()


async def test_manager_who_arrives_does_not_end_the_escrow_of_a_refused_update(story):
    story.configure(heal_references=True)
    story.hire("boss")
    story.employ("ada", manager="boss")
    await story.cycle()
    refuse(story, "update")
    story.change("ada", jobTitle="Lead")
    await story.cycle()

    relent(story)
    story.assign("boss")
    await story.cycle()
    (escrow,) = await escrows(story)
    story.wait(hours=6)
    await story.cycle()

    held = story.employee("ada")
    assert escrow.operation == "update"
    assert (held["title"], held[MANAGER]) == ("Lead", story.target_id("boss"))


async def test_failed_reference_is_kept_as_one(story):
    story.employ("boss")
    story.employ("ada", manager="boss")
    refuse(story, "create", "boss@contoso.com")

    await story.cycle()

    kept = {e.source_anchor.id: e.operation for e in await escrows(story)}
    assert kept == {"boss": "create", "ada": "reference"}


async def test_interrupted_create_that_cannot_be_settled_is_tried_by_the_same_schedule(story):
    story.employ("ada")
    story.target.lose_answer = lambda call, _: (
        AnswerLostError("reset") if call == "create" else None
    )
    await story.cycle()
    story.target.lose_answer = lambda _call, _who: None
    story.target.objects["twin"] = dict(story.employee("ada"))
    await story.cycle()

    quiet = await story.cycle()
    del story.target.objects["twin"]
    story.wait(hours=6)
    mended = await story.cycle()

    assert quiet.requests == {"probe": 1}
    assert mended.counts.created == 0
    assert await escrows(story) == ()
    assert (await story.connection("ada")).target_anchor == story.target_id("ada")


async def test_forgotten_connector_data_store_keeps_no_escrow_of_somebody_who_is_gone(story):
    story.employ("grace")
    story.employ("ada")
    refuse(story, "create", "ada@contoso.com")
    await story.cycle()

    await story.restart(RestartScope.CONNECTOR_DATA_STORE)
    story.lose("ada")
    story.unassign("ada")
    await story.cycle()

    assert await escrows(story) == ()
