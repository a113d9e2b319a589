"""Managers: a second pass, once both ends have target ids (known-issues, Manager)."""

from __future__ import annotations

import pytest
from story import MANAGER

from entrasim.errors import TargetError
from entrasim.model.decision import AttributeChange, Status
from entrasim.model.job import RestartScope
from entrasim.model.schema import AttributeType

REFERENCE = AttributeType.REFERENCE


@pytest.mark.parametrize("first", ["boss", "ada"])
async def test_manager_and_report_created_in_one_cycle_are_linked_in_any_order(story, first):
    for name in (first, "ada" if first == "boss" else "boss"):
        story.employ(name, manager="boss" if name == "ada" else None)

    execution = await story.cycle()

    assert execution.state == "Succeeded"
    assert story.employee("ada")[MANAGER] == story.target_id("boss")
    assert (await story.store.connector_space("engagedly")).sources[0].pending is False


async def test_newcomer_whose_manager_is_known_is_created_with_them(story):
    story.employ("boss")
    await story.cycle()

    story.employ("ada", manager="boss")
    await story.cycle()

    assert story.target.writes == [("create", "ada@contoso.com")]
    assert story.employee("ada")[MANAGER] == "t1"


async def test_two_who_manage_each_other_are_linked(story):
    story.employ("ada", manager="boss")
    story.employ("boss", manager="ada")

    await story.cycle()

    assert story.employee("ada")[MANAGER] == story.target_id("boss")
    assert story.employee("boss")[MANAGER] == story.target_id("ada")


async def test_new_manager_replaces_the_old_one(story):
    story.employ("boss")
    story.employ("chief")
    story.employ("ada", manager="boss")
    await story.cycle()

    story.set_manager("ada", "chief")
    await story.cycle()

    [(_, changes)] = story.target.changes
    assert changes == (AttributeChange(attribute=MANAGER, before="t1", after="t2"),)


async def test_manager_who_is_gone_from_the_source_is_cleared(story):
    story.employ("boss")
    story.employ("ada", manager="boss")
    await story.cycle()

    story.set_manager("ada", None)
    await story.cycle()
    silent = await story.cycle()

    assert MANAGER not in story.employee("ada")
    assert silent.counts.imported == 0


async def test_manager_whom_nobody_ever_sent_is_not_cleared(story):
    story.target.objects["old"] = {"userName": "ada@contoso.com", MANAGER: "somebody"}
    story.employ("ada", jobTitle="Engineer")

    await story.cycle()

    assert story.target.objects["old"][MANAGER] == "somebody"


async def test_manager_out_of_scope_is_a_warning_and_not_healed_later(story):
    story.hire("boss")
    story.employ("ada", manager="boss")
    first = await story.cycle()

    story.assign("boss")
    second = await story.cycle()

    assert first.state == "Succeeded"
    (record, *_) = await story.log("ada@contoso.com")
    assert record.status is Status.WARNING
    assert record.error_code == "UnableToResolveReferenceAttributeValue"
    assert second.counts.created == 1
    assert MANAGER not in story.employee("ada")


async def test_restart_heals_a_manager_who_came_into_scope(story):
    story.hire("boss")
    story.employ("ada", manager="boss")
    await story.cycle()
    story.assign("boss")
    await story.cycle()

    await story.restart(RestartScope.WATERMARK)
    await story.cycle()

    assert story.employee("ada")[MANAGER] == story.target_id("boss")


@pytest.mark.parametrize("known", [False, True])
async def test_heal_references_does_better_than_entra(story, known):
    story.configure(heal_references=True)
    story.hire("boss")
    if known:
        story.assign("boss")
        await story.cycle()
        story.unassign("boss")
    await story.cycle()
    story.employ("ada", manager="boss")
    await story.cycle()
    assert MANAGER not in story.employee("ada")

    story.assign("boss")
    await story.cycle()

    assert story.employee("ada")[MANAGER] == story.target_id("boss")


async def test_reference_to_a_manager_who_left_stays_as_it_is(story):
    story.employ("boss")
    story.employ("ada", manager="boss")
    await story.cycle()

    story.unassign("boss")
    story.change("ada", jobTitle="Lead")
    await story.cycle()

    assert story.employee("ada")[MANAGER] == "t1"
    assert story.employee("ada")["title"] == "Lead"


async def test_report_waits_for_a_manager_who_failed(story):
    story.employ("boss")
    story.employ("ada", manager="boss")
    story.target.fault = lambda call, who: (
        TargetError("no") if (call, who) == ("create", "boss@contoso.com") else None
    )
    await story.cycle()

    story.target.fault = lambda _call, _subject: None
    story.wait(hours=6)
    execution = await story.cycle()

    assert execution.state == "Succeeded"
    assert story.employee("ada")[MANAGER] == story.target_id("boss")


async def test_attempts_are_counted_while_a_manager_goes_on_failing(story):
    story.employ("boss")
    story.employ("ada", manager="boss")
    story.target.fault = lambda call, who: (
        TargetError("no") if (call, who) == ("create", "boss@contoso.com") else None
    )

    for _ in range(3):
        story.wait(hours=6)
        await story.cycle()

    escrows = (await story.store.connector_space("engagedly")).escrows
    assert {e.source_anchor.id: e.attempts for e in escrows} == {"boss": 3, "ada": 3}


async def test_linked_user_with_a_new_manager_of_this_cycle_is_linked(story):
    story.employ("ada")
    await story.cycle()

    story.employ("boss")
    story.set_manager("ada", "boss")
    await story.cycle()
    silent = await story.cycle()

    assert story.employee("ada")[MANAGER] == story.target_id("boss")
    assert silent.counts.imported == 0


async def test_manager_out_of_scope_clears_the_former_one_if_missing_ones_are_exported(story):
    story.map(MANAGER, "[manager]", kind=REFERENCE, export_missing_references=True)
    story.hire("stranger")
    story.employ("boss")
    story.employ("ada", manager="boss")
    await story.cycle()

    story.set_manager("ada", "stranger")
    await story.cycle()
    [(_, cleared)] = story.target.changes
    silent = await story.cycle(full=True)

    assert cleared == (AttributeChange(attribute=MANAGER, before="t1", after=None),)
    assert MANAGER not in story.employee("ada")
    assert silent.counts.updated == 0


async def test_manager_out_of_scope_leaves_the_former_one_otherwise(story):
    story.hire("stranger")
    story.employ("boss")
    story.employ("ada", manager="boss")
    await story.cycle()

    story.set_manager("ada", "stranger")
    await story.cycle()

    (*_, record) = await story.log("ada@contoso.com")
    assert record.status is Status.WARNING
    assert story.employee("ada")[MANAGER] == story.target_id("boss")


async def test_missing_manager_is_no_warning_if_missing_ones_are_exported(story):
    story.map(MANAGER, "[manager]", kind=REFERENCE, export_missing_references=True)
    story.hire("stranger")
    story.employ("ada", manager="stranger")

    await story.cycle()

    (record,) = await story.log("ada@contoso.com")
    assert record.status is Status.SUCCESS
    assert MANAGER not in story.employee("ada")


async def test_missing_manager_clears_nothing_that_others_set(story):
    story.map(MANAGER, "[manager]", kind=REFERENCE, export_missing_references=True)
    story.target.objects["old"] = {"userName": "ada@contoso.com", MANAGER: "somebody"}
    story.hire("stranger")
    story.employ("ada", manager="stranger")

    await story.cycle()

    assert story.target.objects["old"][MANAGER] == "somebody"


async def test_manager_who_left_is_still_pointed_to_if_missing_ones_are_exported(story):
    story.map(MANAGER, "[manager]", kind=REFERENCE, export_missing_references=True)
    story.employ("boss")
    story.employ("ada", manager="boss")
    await story.cycle()

    story.unassign("boss")
    story.change("ada", jobTitle="Lead")
    await story.cycle()

    assert story.employee("ada")[MANAGER] == "t1"


async def test_manager_who_comes_into_scope_is_set_after_they_were_exported_as_missing(story):
    story.map(MANAGER, "[manager]", kind=REFERENCE, export_missing_references=True)
    story.hire("boss")
    story.employ("chief")
    story.employ("ada", manager="chief")
    await story.cycle()
    story.set_manager("ada", "boss")
    await story.cycle()

    story.assign("boss")
    story.change("ada", jobTitle="Lead")
    await story.cycle()

    assert story.employee("ada")[MANAGER] == story.target_id("boss")
