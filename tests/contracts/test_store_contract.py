"""What every store keeps its word on: the objects of a job."""

from __future__ import annotations

import asyncio

import pytest
from msgspec.structs import replace
from store_nouns import (
    JOB,
    NOW,
    REACHED,
    SALES,
    anchor,
    ended,
    escrow,
    intent,
    link,
    membership,
    outcome,
    source,
)

from entrasim.errors import JobRunningError
from entrasim.model.connection import ConnectorSpace, Leave
from entrasim.model.cycle import CycleKind, Stage
from entrasim.model.entry import Anchor, Assignment, ObjectType, Presence
from entrasim.model.job import RestartScope
from entrasim.model.log import LogQuery


@pytest.fixture
async def cycle(store):
    return await store.open_cycle(JOB, CycleKind.INITIAL, NOW)


@pytest.fixture(params=[True, False])
def flushed(request, store):
    """Commits what was recorded before, or leaves it to be committed with what follows."""

    async def flush():
        if request.param:
            await store.flush()

    return flush


async def test_unknown_job_has_an_empty_connector_space_and_no_executions(store):
    assert await store.connector_space("unknown") == ConnectorSpace()
    assert await store.executions("unknown", 5) == ()
    assert await store.records(LogQuery(job_id="unknown")) == ()


async def test_what_was_staged_is_there(store, cycle):
    assignment = Assignment(id="a1", principal_id="ada", app_role_id="role")
    records = (source("ada", pending=True), source("grace", entitled=True))

    await store.stage(cycle, Stage(sources=records, assignments=(assignment,)))
    space = await store.connector_space(JOB.id)

    assert sorted(space.sources, key=lambda record: record.entry.anchor) == list(records)
    assert space.assignments == (assignment,)


async def test_staging_again_replaces_assignments_and_changed_records_alone(store, cycle):
    first = tuple(Assignment(id=name, principal_id=name) for name in ("a", "b"))
    await store.stage(cycle, Stage(sources=(source("ada"), source("bea")), assignments=first))

    second = (Assignment(id="b", principal_id="other"), Assignment(id="c", principal_id="c"))
    await store.stage(cycle, Stage(sources=(source("ada", pending=True),), assignments=second))
    space = await store.connector_space(JOB.id)

    assert sorted(space.assignments, key=lambda assignment: assignment.id) == list(second)
    assert {r.entry.anchor.id: r.pending for r in space.sources} == {"ada": True, "bea": False}


async def test_how_far_the_directory_was_read_is_remembered_with_what_was_read(store, cycle):
    await store.stage(cycle, Stage(sources=(source("ada"),), assignments=(), read_to="here"))
    await store.stage(cycle, Stage(sources=(source("bea"),), assignments=()))  # on demand
    state = await store.job_state(JOB)

    assert (state.read_to, state.watermark) == ("here", None)


async def test_purged_source_stays_as_a_tombstone(store, cycle):
    purged = source("ada")
    purged = replace(purged, entry=replace(purged.entry, presence=Presence.PURGED))

    await store.stage(cycle, Stage(sources=(purged,), assignments=()))
    await store.record(cycle, outcome("ada"))
    await store.flush()

    assert (await store.connector_space(JOB.id)).sources == (purged,)


async def test_open_intent_stays_until_an_outcome_settles_it(store, cycle):
    await store.open_intents(cycle, [intent("ada"), intent("bea")])
    await store.record(cycle, outcome("ada"))
    await store.record(cycle, outcome("bea", intent_settled=True))
    await store.flush()

    space = await store.connector_space(JOB.id)

    assert space.intents == (intent("ada"),)


async def test_outcome_keeps_link_and_source(store, cycle):
    connection = link(
        "ada", "t1", external_id="x", managed=False, disabled=True, staged=Leave.DELETE
    )

    await store.record(cycle, outcome("ada", connection=connection, source=source("ada")))
    await store.flush()
    space = await store.connector_space(JOB.id)

    assert (space.connections, space.sources) == ((connection,), (source("ada"),))


async def test_outcome_without_link_forgets_it(store, cycle):
    await store.record(cycle, outcome("ada", connection=link("ada", "t1")))
    await store.record(cycle, outcome("ada"))
    await store.flush()

    space = await store.connector_space(JOB.id)

    assert space.connections == ()


async def test_link_that_takes_a_target_object_over_displaces_the_other(store, cycle, flushed):
    await store.record(cycle, outcome("ada", connection=link("ada", "t1")))
    await flushed()

    takes = outcome("ida", connection=link("ida", "t1"), displaced=anchor("ada"))
    await store.record(cycle, takes)
    await store.flush()
    space = await store.connector_space(JOB.id)

    assert [connection.source_anchor.id for connection in space.connections] == ["ida"]


async def test_two_links_exchange_their_target_objects(store, cycle):
    for name, target_id in (("ada", "t1"), ("bea", "t2")):
        await store.record(cycle, outcome(name, connection=link(name, target_id)))
    await store.flush()

    takes = {"connection": link("ada", "t2"), "displaced": anchor("bea")}
    await store.record(cycle, outcome("ada", **takes))
    await store.record(cycle, outcome("bea", connection=link("bea", "t1")))
    await store.flush()
    space = await store.connector_space(JOB.id)

    assert {c.source_anchor.id: c.target_anchor for c in space.connections} == {
        "ada": "t2",
        "bea": "t1",
    }


async def test_user_and_group_may_bear_one_target_id(store, cycle):
    group = Anchor(ObjectType.GROUP, "ada")

    await store.record(cycle, outcome("ada", connection=link("ada", "1")))
    connection = replace(link("ada", "1"), source_anchor=group)
    await store.record(cycle, outcome("ada", anchor=group, connection=connection))
    await store.flush()
    space = await store.connector_space(JOB.id)

    assert {c.source_anchor.object_type for c in space.connections} == set(ObjectType)


async def test_failure_is_escrowed_until_it_is_not(store, cycle):
    await store.record(cycle, outcome("ada", failure=("C", "m"), escrow=escrow("ada")))
    await store.flush()
    failed = await store.connector_space(JOB.id)

    await store.record(cycle, outcome("ada"))
    await store.flush()
    recovered = await store.connector_space(JOB.id)

    assert failed.escrows == (escrow("ada"),)
    assert recovered.escrows == ()


async def test_jobs_do_not_know_each_other(store, cycle):
    other = await store.open_cycle(replace(JOB, id="other"), CycleKind.INITIAL, NOW)
    for each in (cycle, other):
        await store.record(each, outcome("ada", connection=link("ada", "t1")))
    await store.restart(replace(JOB, id="other"), frozenset({RestartScope.FULL}))

    space = await store.connector_space(JOB.id)

    assert space.connections == (link("ada", "t1"),)
    assert (await store.connector_space("other")).connections == ()


async def test_job_is_locked_for_one_at_a_time(store):
    async with store.lock("engagedly"), store.lock("other"):
        with pytest.raises(JobRunningError, match="engagedly"):
            async with store.lock("engagedly"):
                pass

    async with store.lock("engagedly"):
        pass


async def test_cycle_runs_as_long_as_somebody_holds_its_job(store):
    async with store.lock("engagedly"):
        held = await store.cycle_runs("engagedly")
        other = await store.cycle_runs("other")

    assert (held, other) == (True, False)
    assert not await store.cycle_runs("engagedly")


async def test_outcomes_are_kept_in_the_order_in_which_they_came(store, cycle):
    names = [f"user{number}" for number in range(6_000)]

    await asyncio.gather(
        *(store.record(cycle, outcome(name, connection=link(name, f"t-{name}"))) for name in names)
    )
    await store.close_cycle(ended(cycle), reached=REACHED)
    space = await store.connector_space(JOB.id)

    assert {connection.source_anchor.id for connection in space.connections} == set(names)
    assert [record.source_id for record in await store.records(LogQuery())] == names


def of_sales(target_id="g1", **fields):
    """An outcome of the group Sales, linked to a group of the target."""
    connection = replace(link("Sales", target_id), source_anchor=SALES)
    return outcome("Sales", anchor=SALES, connection=connection, **fields)


async def members_of_sales(store):
    await store.flush()
    return {one.member.id: one for one in await store.memberships("engagedly", SALES)}


async def test_members_that_joined_are_remembered_until_they_leave(store, cycle):
    ada, bob = membership("ada", "t1"), membership("bob", "t2")
    await store.record(cycle, of_sales(anew=True, joined=(ada, bob)))
    first = await members_of_sales(store)

    moved = membership("bob", "t9")
    await store.record(cycle, of_sales(joined=(moved,), left=(ada,)))

    assert first == {"ada": ada, "bob": bob}
    assert await members_of_sales(store) == {"bob": moved}


async def test_group_that_is_linked_anew_has_no_members(store, cycle, flushed):
    await store.record(cycle, of_sales(anew=True, joined=(membership("ada", "t1"),)))
    await flushed()

    bob = membership("bob", "t2")
    await store.record(cycle, of_sales("g2", anew=True, joined=(bob,)))

    assert await members_of_sales(store) == {"bob": bob}


async def test_group_without_link_has_no_members(store, cycle, flushed):
    await store.record(cycle, of_sales(anew=True, joined=(membership("ada", "t1"),)))
    await flushed()

    await store.record(cycle, outcome("Sales", anchor=SALES))

    assert await members_of_sales(store) == {}


async def test_displaced_group_has_no_members(store, cycle, flushed):
    await store.record(cycle, of_sales(anew=True, joined=(membership("ada", "t1"),)))
    await flushed()
    other = Anchor(ObjectType.GROUP, "Revenue")

    connection = replace(link("Revenue", "g1"), source_anchor=other)
    taken = outcome("Revenue", anchor=other, connection=connection, displaced=SALES, anew=True)
    await store.record(cycle, taken)

    assert await members_of_sales(store) == {}


async def test_forgetting_the_connector_data_store_forgets_members(store, cycle):
    await store.record(cycle, of_sales(anew=True, joined=(membership("ada", "t1"),)))

    await store.restart(JOB, frozenset({RestartScope.CONNECTOR_DATA_STORE}))

    assert await members_of_sales(store) == {}
