"""What every store keeps its word on: the provisioning log."""

from __future__ import annotations

import pytest
from store_nouns import JOB, NOW, anchor, link, outcome

from entrasim.model.cycle import CycleKind
from entrasim.model.decision import Skip, Status, Subject
from entrasim.model.log import LogQuery


@pytest.fixture
async def cycle(store):
    return await store.open_cycle(JOB, CycleKind.INITIAL, NOW)


async def test_log_tells_an_outcome_as_graph_does(store, cycle):
    await store.record(cycle, outcome("ada", connection=link("ada", "t1")))
    await store.flush()

    (record,) = await store.records(LogQuery())

    assert (record.action, record.status, record.target_id) == ("create", Status.SUCCESS, "t1")
    assert (record.cycle_id, record.activity_at, record.duration_ms) == (cycle.id, NOW, 1000)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["ada", "Bea"]),
        ({"job_id": "engagedly"}, ["ada", "Bea"]),
        ({"job_id": "other"}, []),
        ({"cycle_id": "other"}, []),
        ({"subject": "ADA"}, ["ada"]),
        ({"subject": "t1"}, ["ada"]),
        ({"subject": "ÖSTEN"}, ["Bea"]),
        ({"action": "create"}, ["ada"]),
        ({"status": "skipped"}, ["Bea"]),
        ({"limit": 1}, ["Bea"]),
        ({"action": "other", "subject": "ada"}, []),
    ],
)
async def test_log_is_read_by_what_a_query_names(store, cycle, query, found):
    skip = Skip(subject=Subject(anchor=anchor("Bea"), display_name="Östen"), reason="r", code="c")
    await store.record(cycle, outcome("ada", connection=link("ada", "T1")))
    await store.record(cycle, outcome("Bea", decision=skip, display_name="Östen"))
    await store.record(cycle, outcome("quiet", logged=False))
    await store.flush()

    records = await store.records(LogQuery(**query))

    assert [record.source_id for record in records] == found


async def test_log_is_read_on_from_the_last_record_seen(store, cycle):
    await store.record(cycle, outcome("ada"))
    await store.flush()
    (seen,) = await store.records(LogQuery())

    await store.record(cycle, outcome("bea"))
    await store.flush()
    news = await store.records(LogQuery(after=seen.id))

    assert [record.source_id for record in news] == ["bea"]
