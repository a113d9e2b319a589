"""What every store keeps its word on: jobs, their cycles and restarts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace
from store_nouns import JOB, NOW, REACHED, SCHEMA, ended, escrow, intent, link, outcome, source

from entrasim.model.connection import Leave
from entrasim.model.cycle import CycleKind, CycleState, Stage
from entrasim.model.job import (
    Announcement,
    Health,
    Quarantine,
    QuarantineReason,
    RestartScope,
    ScheduleState,
    Scope,
)
from entrasim.model.notice import Notice, NoticeKind


def quarantine(reason):
    return Quarantine(
        reason=reason,
        code="Error",
        message="something is wrong",
        series_began_at=NOW,
        series_count=2,
        began_at=NOW + timedelta(hours=2),
        cycle_id="cycle-7",
        next_attempt_at=NOW + timedelta(hours=7),
    )


HELD_BACK = quarantine(QuarantineReason.TOO_MANY_DELETES)
REFUSED = quarantine(QuarantineReason.EXCEPTION)
ANNOUNCEMENT = Announcement(
    notice=Notice(
        job_id=JOB.id,
        kind=NoticeKind.QUARANTINE_BEGAN,
        reason="EncounteredQuarantineException",
        message="401",
        began_at=NOW,
    ),
    told=("mail",),
)


@pytest.fixture
async def cycle(store):
    return await store.open_cycle(JOB, CycleKind.INITIAL, NOW)


async def test_new_job_is_remembered_as_it_was_first_configured(store):
    first = await store.job_state(replace(JOB, starts_active=False))

    again = await store.job_state(JOB)

    assert first.schedule is again.schedule is ScheduleState.PAUSED
    assert (again.watermark, again.last_started_at, again.running_cycle_id) == (None, None, None)


async def test_good_cycle_moves_the_watermark_with_scope_schema_and_size(store):
    job = replace(JOB, scope=Scope.ALL)
    cycle = await store.open_cycle(job, CycleKind.INITIAL, NOW)

    await store.close_cycle(ended(cycle), reached=REACHED)
    state = await store.job_state(JOB)

    assert (state.watermark, state.source_size) == ("w1", REACHED.source_size)
    assert (state.scope, state.schema_fingerprint) == (Scope.ALL, SCHEMA.fingerprint)
    assert state.running_cycle_id is None


async def test_cycle_that_reached_nothing_leaves_the_watermark(store, cycle):
    await store.close_cycle(ended(cycle), reached=REACHED)

    later = await store.open_cycle(JOB, CycleKind.INCREMENTAL, NOW)
    failed = ended(later, CycleState.FAILED, error=("CycleFailed", "no answer"))
    await store.close_cycle(failed, reached=None)
    state = await store.job_state(JOB)

    assert (state.watermark, state.source_size) == ("w1", REACHED.source_size)


async def test_closing_a_cycle_replaces_the_quarantine(store, cycle):
    await store.close_cycle(ended(cycle, health=Health(quarantine=HELD_BACK)), reached=REACHED)
    quarantined = await store.job_state(JOB)

    later = await store.open_cycle(JOB, CycleKind.INCREMENTAL, NOW)
    await store.close_cycle(ended(later), reached=REACHED)
    free = await store.job_state(JOB)

    assert (quarantined.quarantine, free.quarantine) == (HELD_BACK, None)


async def test_executions_are_read_newest_first(store):
    executions = []
    for minutes in range(3):
        began_at = NOW + timedelta(minutes=minutes)
        cycle = await store.open_cycle(JOB, CycleKind.INCREMENTAL, began_at)
        executions.append(ended(cycle, requests={"GET": minutes}))
        await store.close_cycle(executions[-1], reached=REACHED)

    latest = await store.executions(JOB.id, 2)

    assert latest == (executions[2], executions[1])


async def test_cycle_left_open_is_closed_as_failed_by_the_next(store, cycle):
    later = await store.open_cycle(JOB, CycleKind.INCREMENTAL, NOW)

    (execution,) = await store.executions(JOB.id, 5)
    state = await store.job_state(JOB)

    assert (execution.cycle, execution.state) == (cycle, CycleState.FAILED)
    assert execution.error is not None
    assert execution.error[0] == "Interrupted"
    assert state.running_cycle_id == later.id


async def test_pause_and_wish_for_a_cycle_are_remembered_until_it_begins(store):
    await store.set_schedule(JOB, ScheduleState.PAUSED)
    await store.want_cycle(JOB, NOW)
    waiting = await store.job_state(JOB)

    await store.open_cycle(JOB, CycleKind.INITIAL, NOW)
    begun = await store.job_state(JOB)

    assert (waiting.schedule, waiting.cycle_wanted_at) == (ScheduleState.PAUSED, NOW)
    assert (begun.cycle_wanted_at, begun.last_started_at) == (None, NOW)


@pytest.mark.parametrize(
    ("scope", "kept"),
    [
        (RestartScope.WATERMARK, {"connections", "sources", "intents", "escrows", "quarantine"}),
        (RestartScope.ESCROWS, {"connections", "sources", "intents", "watermark", "quarantine"}),
        (
            RestartScope.QUARANTINE_STATE,
            {"connections", "sources", "intents", "watermark", "escrows"},
        ),
        (RestartScope.CONNECTOR_DATA_STORE, {"quarantine"}),
        (RestartScope.FULL, set()),
        (
            RestartScope.FORCE_DELETES,
            {
                "connections",
                "sources",
                "intents",
                "watermark",
                "escrows",
                "quarantine",
                "force_deletes",
            },
        ),
    ],
)
async def test_restart_forgets_what_its_scope_names(store, cycle, scope, kept):
    await store.stage(cycle, Stage(sources=(source("ada"),), assignments=()))
    await store.open_intents(cycle, [intent("ada")])
    await store.record(cycle, outcome("ada", connection=link("ada", "t"), escrow=escrow("ada")))
    await store.close_cycle(ended(cycle, health=Health(quarantine=REFUSED)), reached=REACHED)

    await store.restart(JOB, frozenset({scope}))
    space, state = await store.connector_space(JOB.id), await store.job_state(JOB)

    tables = ("connections", "sources", "intents", "escrows")
    marks = ("watermark", "quarantine", "force_deletes")
    there = {name for name in tables if getattr(space, name)}
    assert there | {name for name in marks if getattr(state, name)} == kept


async def test_restart_keeps_staged_leaves(store, cycle):
    connection = link("ada", "t", staged=Leave.DISABLE)
    await store.record(cycle, outcome("ada", connection=connection))

    await store.restart(JOB, frozenset({RestartScope.WATERMARK, RestartScope.FORCE_DELETES}))

    assert (await store.connector_space(JOB.id)).connections == (connection,)


async def test_lifting_a_quarantine_has_staged_leaves_decided_about_anew(store, cycle):
    await store.stage(cycle, Stage(sources=(source("ada"), source("bob")), assignments=()))
    await store.record(cycle, outcome("ada", connection=link("ada", "t", staged=Leave.DISABLE)))
    await store.record(cycle, outcome("bob", connection=link("bob", "u")))
    await store.flush()

    await store.restart(JOB, frozenset({RestartScope.QUARANTINE_STATE}))

    space = await store.connector_space(JOB.id)
    assert {c.staged for c in space.connections} == {None}
    assert {r.entry.anchor.id: r.pending for r in space.sources} == {"ada": True, "bob": False}


async def test_job_whose_health_is_exhausted_is_disabled(store, cycle):
    health = Health(quarantine=REFUSED, successive_failures=40, exhausted=True)

    await store.close_cycle(ended(cycle, CycleState.FAILED, health=health), reached=None)

    state = await store.job_state(JOB)
    assert state.schedule is ScheduleState.DISABLED
    assert (state.quarantine, state.successive_failures) == (REFUSED, 40)


async def test_pause_outlasts_an_exhausted_health(store, cycle):
    await store.set_schedule(JOB, ScheduleState.PAUSED)

    await store.close_cycle(ended(cycle, health=Health(exhausted=True)), reached=None)

    assert (await store.job_state(JOB)).schedule is ScheduleState.PAUSED


@pytest.mark.parametrize("how", ["start", "restart"])
async def test_disabled_job_starts_with_a_clean_slate(store, cycle, how):
    health = Health(quarantine=REFUSED, successive_failures=40, exhausted=True)
    await store.close_cycle(ended(cycle, health=health), reached=None)

    if how == "start":
        await store.set_schedule(JOB, ScheduleState.ACTIVE)
    else:
        await store.restart(JOB, frozenset({RestartScope.WATERMARK}))

    state = await store.job_state(JOB)
    assert state.schedule is ScheduleState.ACTIVE
    assert (state.quarantine, state.successive_failures) == (None, 0)


async def test_what_people_were_told_of_a_quarantine_is_remembered(store, cycle):
    await store.close_cycle(ended(cycle, health=Health(quarantine=REFUSED)), reached=None)

    await store.announced(JOB.id, ANNOUNCEMENT)

    held = (await store.job_state(JOB)).quarantine
    assert held == replace(REFUSED, announced=ANNOUNCEMENT)


async def test_what_was_told_of_a_quarantine_that_ended_is_forgotten(store, cycle):
    await store.close_cycle(ended(cycle), reached=None)

    await store.announced(JOB.id, ANNOUNCEMENT)

    assert (await store.job_state(JOB)).quarantine is None


async def test_forcing_deletes_lifts_the_guards_quarantine(store, cycle):
    await store.close_cycle(ended(cycle, health=Health(quarantine=HELD_BACK)), reached=REACHED)

    await store.restart(JOB, frozenset({RestartScope.FORCE_DELETES}))
    state = await store.job_state(JOB)

    assert (state.force_deletes, state.quarantine) == (True, None)


@pytest.mark.parametrize(
    ("ends_as", "still_allowed"),
    [
        (CycleState.SUCCEEDED, False),
        (CycleState.ENTRY_LEVEL_ERRORS, False),
        (CycleState.FAILED, True),
    ],
)
async def test_forced_deletes_are_allowed_to_one_cycle(store, ends_as, still_allowed):
    await store.restart(JOB, frozenset({RestartScope.FORCE_DELETES}))

    cycle = await store.open_cycle(JOB, CycleKind.INITIAL, NOW)
    await store.close_cycle(ended(cycle, ends_as), reached=None)

    assert (await store.job_state(JOB)).force_deletes is still_allowed


async def test_restart_just_before_an_incremental_cycle_is_opened_holds_for_the_next(store, cycle):
    await store.close_cycle(ended(cycle), reached=REACHED)
    await store.restart(JOB, frozenset({RestartScope.WATERMARK}))

    opened = await store.open_cycle(JOB, CycleKind.INCREMENTAL, NOW)
    await store.close_cycle(ended(opened), reached=REACHED)

    assert (await store.job_state(JOB)).watermark is None


async def test_size_of_the_source_is_kept_whatever_a_restart_said_meanwhile(store, cycle):
    await store.restart(JOB, frozenset({RestartScope.WATERMARK}))

    await store.close_cycle(ended(cycle), reached=REACHED)

    assert (await store.job_state(JOB)).source_size == REACHED.source_size


@pytest.mark.parametrize(
    ("scope", "mark", "expected"),
    [
        (RestartScope.FORCE_DELETES, "force_deletes", True),
        (RestartScope.WATERMARK, "watermark", None),
        (RestartScope.FULL, "watermark", None),
    ],
)
async def test_restart_during_a_cycle_holds_for_the_next(store, cycle, scope, mark, expected):
    await store.restart(JOB, frozenset({scope}))

    await store.close_cycle(ended(cycle), reached=REACHED)
    state = await store.job_state(JOB)

    assert getattr(state, mark) == expected
