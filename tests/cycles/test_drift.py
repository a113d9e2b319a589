"""Drift: somebody edits the target by hand, and the job is asked what it thinks of that."""

from __future__ import annotations

import copy
from datetime import timedelta

from entrasim.errors import TransientTargetError
from entrasim.model.cycle import CycleKind
from entrasim.model.decision import REDACTED, AttributeChange
from entrasim.model.drift import DriftKind
from entrasim.model.job import ScheduleState
from entrasim.model.schema import FlowBehavior


def kinds(report) -> list[tuple[str, str]]:
    return [(drift.anchor.id, drift.kind.value) for drift in report.drifted]


async def test_target_that_was_left_alone_has_not_drifted(settled):
    report = await settled.drift()

    assert report.drifted == report.pending == report.errors == ()
    assert report.checked == 4
    assert {call for call, _ in settled.target.calls} == {"probe", "read"}


async def test_title_changed_by_hand_is_drift(settled):
    settled.employee("ada")["title"] = "Queen"

    report = await settled.drift()

    (drift,) = report.drifted
    assert (drift.kind, drift.target_id) == (DriftKind.CHANGED, settled.target_id("ada"))
    assert drift.changes == (AttributeChange(attribute="title", before="Queen", after="Engineer"),)
    assert drift.reason == "Differs: title"


async def test_what_else_changes_about_a_leaver_is_nobodys_business(settled):
    settled.employee("cem")["title"] = "Consultant"

    report = await settled.drift()

    assert report.drifted == ()


async def test_somebody_unassigned_is_not_touched_whatever_becomes_of_them(settled):
    settled.unassign("bob")
    await settled.cycle()
    settled.employee("bob")["active"] = True

    report, healing = await settled.drift(), await settled.heal()

    assert report.drifted == ()
    assert [one.anchor.id for one in report.unmanaged] == ["bob"]
    assert healing.healed == 0
    assert settled.target.writes == []


async def test_record_with_the_same_matching_value_is_unknown_and_stays(settled):
    settled.target.objects["twin"] = {"userName": "ADA@contoso.com"}
    settled.target.objects["stranger"] = {"userName": "eve@contoso.com"}

    report = await settled.drift(unknown=True)
    await settled.heal()

    assert report.drifted == ()
    told = {one.target_id: one.duplicates and one.duplicates.anchor.id for one in report.unknown}
    assert told == {"twin": "ada", "stranger": None}
    assert settled.target.writes == []


async def test_nobody_is_listed_unless_somebody_asks(settled):
    report = await settled.drift()

    assert report.unknown is None
    assert "read all" not in {call for call, _ in settled.target.calls}


async def test_change_of_the_source_is_no_drift_before_it_was_read(settled):
    settled.change("ada", jobTitle="CTO")

    report = await settled.drift()

    assert report.drifted == report.pending == ()


async def test_who_failed_is_pending_and_no_drift(settled):
    settled.change("ada", jobTitle="CTO")
    settled.target.fault = lambda call, _: (
        TransientTargetError("busy") if call == "update" else None
    )
    await settled.cycle()
    settled.target.fault = lambda *_: None

    report = await settled.drift()

    (pending,) = report.pending
    assert report.drifted == ()
    assert pending.anchor.id == "ada"
    assert pending.reason == "failed and is tried again: InternalServerError: busy"


async def test_who_is_held_back_is_pending(settled):
    settled.allow_deletions(1)
    settled.soft_delete("ada")
    settled.soft_delete("bob")
    await settled.cycle()

    report = await settled.drift()

    assert {one.anchor.id: one.reason for one in report.pending} == dict.fromkeys(
        ("ada", "bob"), "held back by the deletion guard"
    )
    assert report.drifted == ()


async def test_changed_mapping_is_pending_and_no_drift(settled):
    settled.map("title", 'Join(" ", [jobTitle], [surname])')

    report, healing = await settled.drift(), await settled.heal()

    assert (report.checked, report.drifted, len(report.pending)) == (0, (), 4)
    assert healing.healed == 0
    assert settled.target.writes == []


async def test_links_under_another_tenant_url_are_pending(settled):
    settled.configure(target_url="http://127.0.0.1:9999/scim/v2")

    report = await settled.drift()

    assert (report.checked, len(report.pending)) == (0, 4)


async def test_report_leaves_the_store_as_it_was_and_writes_nothing_to_the_target(settled):
    settled.employee("ada")["title"] = "Queen"
    settled.employee("cem")["active"] = True
    del settled.target.objects[settled.target_id("bob")]
    state, space = (
        await settled.store.job_state(settled.job),
        await settled.store.connector_space("engagedly"),
    )
    objects, log = copy.deepcopy(settled.target.objects), await settled.log()

    report = await settled.drift(unknown=True)

    assert len(report.drifted) == 3
    assert settled.target.writes == []
    assert settled.target.objects == objects
    assert await settled.store.job_state(settled.job) == state
    assert await settled.store.connector_space("engagedly") == space
    assert await settled.log() == log


async def test_who_can_not_be_read_is_told_and_the_others_are_compared(settled):
    settled.employee("grace")["title"] = "Queen"
    ada = settled.target_id("ada")
    settled.target.fault = lambda _, who: TransientTargetError("busy") if who == ada else None

    report = await settled.drift()

    assert [(one.anchor.id, one.code) for one in report.errors] == [("ada", "InternalServerError")]
    assert kinds(report) == [("grace", "changed")]


async def test_report_works_while_the_job_is_paused(settled):
    settled.employee("ada")["title"] = "Queen"
    await settled.store.set_schedule(settled.job, ScheduleState.PAUSED)

    report = await settled.drift()

    assert kinds(report) == [("ada", "changed")]


async def test_running_cycle_is_told(settled):
    await settled.store.open_cycle(settled.job, CycleKind.INCREMENTAL, settled.clock.now())

    report = await settled.drift()

    assert report.running


async def test_value_that_is_sent_each_time_or_is_never_the_same_is_no_drift(story):
    story.map("title", "[jobTitle]", flow_behavior=FlowBehavior.ALWAYS)
    story.map("nickName", "Now()")
    story.employ("ada", jobTitle="Engineer")
    await story.cycle()
    story.clock.advance(timedelta(days=1))

    report = await story.drift()

    assert (report.checked, report.drifted) == (1, ())


async def test_redacted_value_is_drift_and_not_shown(story):
    story.map("title", "Redact([jobTitle])")
    story.employ("ada", jobTitle="Spymaster")
    await story.cycle()
    story.employee("ada")["title"] = "Postman"

    (drift,) = (await story.drift()).drifted

    assert drift.changes == (
        AttributeChange(attribute="title", before=REDACTED, after=REDACTED, redacted=True),
    )
    assert "Spymaster" not in str(drift)
    assert "Postman" not in str(drift)


async def test_reason_of_a_filtered_leaver_is_told(story):
    story.employ("ada", department="Sales")
    story.only_if('department EQUALS "Sales"')
    story.configure(skip_out_of_scope_deletions=True)
    await story.cycle()
    story.change("ada", department="Legal")
    await story.cycle()

    report = await story.drift()

    assert report.drifted == ()
    assert [one.anchor.id for one in report.unmanaged] == ["ada"]
