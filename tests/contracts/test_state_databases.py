"""What the store promises of its databases, with several processes at work."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text
from store_nouns import CLOCK, JOB, NOW

from entrasim.errors import JobRunningError
from entrasim.model.cycle import CycleKind, CycleState
from entrasim.model.log import LogQuery
from entrasim.state import SqlStore
from entrasim.state.tables import METADATA

_PROCESS = Path(__file__).with_name("store_process.py")


@contextmanager
def process(*arguments):
    """Another process, gone by the end of the block."""
    command = [sys.executable, _PROCESS, *arguments]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes) as started:
        try:
            yield started
        finally:
            started.kill()


@contextmanager
def connected(url):
    engine = create_engine(url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def killed(url):
    """The same database, for a client that a server knows by name."""
    return f"{url}?application_name=killed" if url.startswith("postgresql") else url


def wait_for_the_server(url):
    """Return once a server has seen that a killed client is gone; a file knows at once."""
    others = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'killed'"
    with connected(url) as connection:
        while connection.dialect.name == "postgresql" and connection.scalar(text(others)):
            connection.rollback()


async def test_migrations_make_the_tables_that_the_models_describe(url):
    await SqlStore.open(url, clock=CLOCK).close()

    with connected(url) as connection:
        options = {"compare_type": True, "render_as_batch": True}
        context = MigrationContext.configure(connection, opts=options)
        difference = compare_metadata(context, METADATA)

    assert difference == []


async def test_what_was_remembered_is_there_when_opened_again(url):
    store = SqlStore.open(url, clock=CLOCK)
    await store.want_cycle(JOB, NOW)
    await store.close()

    again = SqlStore.open(url, clock=CLOCK)
    state = await again.job_state(JOB)
    await again.close()

    assert state.cycle_wanted_at == NOW


async def test_processes_that_open_a_new_database_at_once_all_succeed(url):
    with process("open", url) as one, process("open", url) as two, process("open", url) as three:
        codes = [each.wait(60) for each in (one, two, three)]

    assert codes == [0, 0, 0]


async def test_two_stores_of_one_process_share_the_lock(url):
    one, two = SqlStore.open(url, clock=CLOCK), SqlStore.open(url, clock=CLOCK)

    async with one.lock(JOB.id):
        with pytest.raises(JobRunningError):
            async with two.lock(JOB.id):
                pass
    async with two.lock(JOB.id):
        await one.close()
    await two.close()


async def test_lock_of_another_process_ends_when_that_is_killed(url):
    store = SqlStore.open(url, clock=CLOCK)

    with process("hold", killed(url)) as holder:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(JobRunningError, match="engagedly"):
            async with store.lock(JOB.id):
                pass
        holder.kill()
        holder.wait(10)
    wait_for_the_server(url)

    async with store.lock(JOB.id):
        await store.close()


async def test_process_killed_while_recording_leaves_a_prefix_of_its_outcomes(url):
    with process("record", killed(url)) as recorder:
        seen = 0
        while seen < 500:
            seen = int(recorder.stdout.readline())
        recorder.kill()
        recorder.wait(10)
    wait_for_the_server(url)

    store = SqlStore.open(url, clock=CLOCK)
    records = await store.records(LogQuery())
    space = await store.connector_space(JOB.id)
    await store.open_cycle(JOB, CycleKind.INITIAL, NOW)
    (execution,) = await store.executions(JOB.id, 5)
    await store.close()

    expected = [f"user{number}" for number in range(len(records))]
    assert [record.source_id for record in records] == expected
    assert {connection.matching_value for connection in space.connections} == set(expected)
    assert len(records) > seen
    assert execution.state is CycleState.FAILED
