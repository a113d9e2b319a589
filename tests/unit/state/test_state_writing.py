"""The thread that writes: groups, and what happens when the disk won't."""

from __future__ import annotations

import asyncio
import resource
import sqlite3
from contextlib import contextmanager

import pytest
from recorded import ADA, CLOCK, CYCLE, link, outcome
from sqlalchemy import event

from entrasim.errors import StateError
from entrasim.model.decision import Subject
from entrasim.model.entry import Anchor, ObjectType
from entrasim.model.log import LogQuery
from entrasim.state import SqlStore
from entrasim.state.database import open_database
from entrasim.state.reading import records
from entrasim.state.writer import Writer


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path}/entrasim.db?timeout=0"


@contextmanager
def locked(url):
    """The database, locked by somebody else."""
    path = url.removeprefix("sqlite:///").partition("?")[0]
    holder = sqlite3.connect(path)
    holder.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        holder.close()


@contextmanager
def full_disk(size):
    """No file may grow beyond a size."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def write(store, count):
    """Record outcomes, and see that they are committed."""
    for _ in range(count):
        await store.record(CYCLE, outcome())
    await store.flush()


async def test_outcomes_that_wait_are_committed_together(url):
    database = open_database(url)
    commits = []
    event.listen(database.reading, "commit", commits.append)
    writer = Writer(database.writing)

    for _ in range(3_000):
        await writer.accept(lambda batch: batch.add_outcome(CYCLE, outcome()))
    await writer.run(lambda _: None)
    writer.close()
    with database.reading.connect() as connection:
        written = len(records(connection, LogQuery()))
    database.close()

    assert written == 3_000
    assert len(commits) < 300


async def test_disk_that_is_full_is_told_to_everybody_from_then_on(url):
    store = SqlStore.open(url, clock=CLOCK)

    with full_disk(300_000), pytest.raises(StateError, match="can't be written: d") as first:
        await write(store, 20_000)
    calls = [
        store.flush(),
        store.record(CYCLE, outcome()),
        store.records(LogQuery()),
        store.connector_space("engagedly"),
    ]
    answers = await asyncio.gather(*calls, return_exceptions=True)
    await store.close()

    assert [str(answer) for answer in answers] == [str(first.value)] * len(calls)
    assert first.value.__cause__ is not None


async def test_what_was_committed_before_a_failure_is_there_after_it(url):
    store = SqlStore.open(url, clock=CLOCK)
    await write(store, 1)

    with locked(url), pytest.raises(StateError, match="locked"):
        await write(store, 1)
    await store.close()
    again = SqlStore.open(url, clock=CLOCK)
    found = await again.records(LogQuery())
    await again.close()

    assert len(found) == 1


async def test_failure_that_nobody_heard_of_is_told_at_closing(url):
    store = SqlStore.open(url, clock=CLOCK)

    with locked(url):
        await store.record(CYCLE, outcome())
        with pytest.raises(StateError, match="locked"):
            await store.close()


async def test_outcome_that_contradicts_what_is_known_is_not_dropped_silently(url):
    store = SqlStore.open(url, clock=CLOCK)
    ida = Subject(anchor=Anchor(ObjectType.USER, "ida"), display_name="ida@contoso.com")

    await store.record(CYCLE, outcome(connection=link(ADA, "t1")))
    await store.record(CYCLE, outcome(subject=ida, connection=link(ida, "t1")))
    with pytest.raises(StateError, match="UNIQUE"):
        await store.flush()
    await store.close()


async def test_call_that_is_given_up_does_not_stop_the_others(url):
    store = SqlStore.open(url, clock=CLOCK)

    given_up = [asyncio.ensure_future(store.flush()) for _ in range(50)]
    await asyncio.sleep(0)
    for each in given_up:
        each.cancel()
    await store.record(CYCLE, outcome())
    await store.flush()
    found = await store.records(LogQuery())
    await store.close()

    assert len(found) == 1


def test_store_serves_one_event_loop_after_another(url):
    store = SqlStore.open(url, clock=CLOCK)

    asyncio.run(store.record(CYCLE, outcome()))
    asyncio.run(store.flush())
    found = asyncio.run(store.records(LogQuery()))
    asyncio.run(store.close())

    assert len(found) == 1


async def test_closed_store_says_so(url):
    store = SqlStore.open(url, clock=CLOCK)
    await store.close()
    await store.close()

    with pytest.raises(StateError, match="closed"):
        await store.record(CYCLE, outcome())
