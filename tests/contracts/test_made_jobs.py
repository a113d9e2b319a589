"""What the state remembers for the API: jobs that are made, their links, cycles and log."""

from __future__ import annotations

from datetime import timedelta

import pytest
from msgspec.structs import replace
from store_nouns import CLOCK, JOB, NOW, ended, escrow, intent, link, made, outcome, source

from entrasim.errors import JobRunningError
from entrasim.model.cycle import Counts, CycleKind, CycleState, Milestones, Stage
from entrasim.model.job import ScheduleState
from entrasim.model.log import LogQuery
from entrasim.state import SqlStore


@pytest.fixture
async def store(url):
    """A new state of either kind."""
    opened = SqlStore.open(url, clock=CLOCK)
    yield opened
    await opened.close()


async def a_cycle_of(store, job_id):
    """Leave something in every table."""
    job = replace(JOB, id=job_id)
    cycle = await store.open_cycle(job, CycleKind.INITIAL, NOW)
    await store.stage(
        cycle, Stage(sources=(source("ada", entitled=True, pending=True),), assignments=())
    )
    await store.open_intents(cycle, [intent("bob")])
    await store.record(cycle, outcome("ada", connection=link("ada", "t1")))
    await store.record(cycle, outcome("eve", failure=("c", "m"), escrow=escrow("eve")))
    await store.close_cycle(ended(cycle), reached=None)
    return job


async def test_job_that_was_made_is_remembered_as_it_is(store):
    await store.define(made("slack-1"))

    assert await store.definitions() == (made("slack-1"),)


async def test_schema_of_a_job_that_was_made_is_replaced(store):
    await store.define(made("slack-1"))

    known = await store.change_schema("slack-1", "{}")

    (found,) = await store.definitions()
    assert (known, found.schema_text) == (True, "{}")
    assert not await store.change_schema("another", "{}")


async def test_removed_job_leaves_its_name_and_its_log_and_nothing_else(store):
    await store.define(made("slack-1"))
    job = await a_cycle_of(store, "slack-1")
    await a_cycle_of(store, "other")

    await store.remove("slack-1")
    await store.sweep()

    (found,) = await store.definitions()
    space = await store.connector_space("slack-1")
    assert (found.removed_at, found.schema_text) == (NOW, "")
    assert (space.sources, space.connections, space.intents, space.escrows) == ((), (), (), ())
    assert await store.executions("slack-1", 1) == ()
    assert len(await store.records(LogQuery(job_id="slack-1"))) == 2
    assert len((await store.connector_space("other")).connections) == 1
    assert (await store.job_state(job)).schedule is ScheduleState.ACTIVE


async def test_removed_job_is_forgotten_after_its_running_cycle(store):
    await store.define(made("slack-1"))
    await a_cycle_of(store, "slack-1")

    async with store.lock("slack-1"):
        await store.remove("slack-1")
        await store.sweep()
        during = await store.connector_space("slack-1")
    await store.sweep()

    assert len(during.connections) == 1
    assert (await store.connector_space("slack-1")).connections == ()


async def a_log(store, *names):
    """A record a minute, each in a cycle of its own."""
    records = []
    for minutes, name in enumerate(names):
        at = NOW + timedelta(minutes=minutes)
        cycle = await store.open_cycle(JOB, CycleKind.INCREMENTAL, at)
        await store.record(cycle, outcome(name, began_at=at, ended_at=at))
        await store.close_cycle(ended(cycle), reached=None)
        records += [record.id for record in await store.records(LogQuery(cycle_id=cycle.id))]
    return records


@pytest.mark.parametrize("descending", [True, False])
async def test_log_is_read_by_time_from_beyond_a_record_on(store, descending):
    records = await a_log(store, "ada", "bob", "eve")
    records = records[::-1] if descending else records

    first = await store.records_by_time(LogQuery(limit=2), descending=descending)
    rest = await store.records_by_time(LogQuery(), first[-1].id, descending=descending)

    assert [one.id for one in first] == records[:2]
    assert [one.id for one in rest] == records[2:]
    assert await store.records_by_time(LogQuery(), "unknown") is None


@pytest.mark.parametrize(
    ("span", "found"),
    [({"since": 1}, ["bob", "eve"]), ({"until": 1}, ["ada", "bob"]), ({"since": 3}, [])],
)
async def test_log_is_read_by_a_span_of_time(store, span, found):
    await a_log(store, "ada", "bob", "eve")
    query = LogQuery(**{name: NOW + timedelta(minutes=at) for name, at in span.items()})

    records = await store.records(query)

    assert [record.source_id for record in records] == found


async def test_milestones_are_the_cycles_that_people_ask_about(store):
    states = [
        (CycleState.FAILED, 0),
        (CycleState.SUCCEEDED, 3),
        (CycleState.SUCCEEDED, 0),
        (CycleState.ENTRY_LEVEL_ERRORS, 2),
    ]
    for minutes, (state, created) in enumerate(states):
        at = NOW + timedelta(minutes=minutes)
        cycle = await store.open_cycle(JOB, CycleKind.INCREMENTAL, at)
        execution = replace(ended(cycle, state), counts=Counts(created=created))
        await store.close_cycle(execution, reached=None)

    found = await store.milestones(JOB.id)

    assert found.last.state is CycleState.ENTRY_LEVEL_ERRORS
    assert found.succeeded.counts.created == 0
    assert found.exported == found.first_succeeded
    assert found.exported.counts.created == 3
    assert await store.milestones("other") == Milestones()


async def test_link_is_found_by_the_id_on_either_side_and_forgotten(store):
    await a_cycle_of(store, JOB.id)

    by_source = await store.connection(JOB.id, "ada")
    by_target = await store.connection(JOB.id, "t1")
    counted = await store.counted(JOB.id)
    await store.forget_connection(JOB.id, by_source.connection.source_anchor)

    space = await store.connector_space(JOB.id)
    assert by_source == by_target
    assert by_source.connection.target_anchor == "t1"
    assert counted == {"User": 1}
    assert space.connections == ()
    assert [source.pending for source in space.sources] == [True]
    assert await store.connection(JOB.id, "ada") is None


async def test_link_is_not_forgotten_while_a_cycle_runs(store):
    await a_cycle_of(store, JOB.id)
    found = await store.connection(JOB.id, "ada")

    async with store.lock(JOB.id):
        with pytest.raises(JobRunningError):
            await store.forget_connection(JOB.id, found.connection.source_anchor)
