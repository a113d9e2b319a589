"""The state of every released version goes on where it was, with nothing lost and nothing sent."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from released_state import PEOPLE, TARGET

from entrasim.model.log import LogQuery
from entrasim.scheduler.clocks import SystemClock
from entrasim.state import SqlStore
from entrasim.state.migrating import revisions

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

RELEASED = {path.stem: path for path in Path(__file__).with_name("released").glob("*.sql")}


def contents(database):
    """Every table's rows, as sets of columns and values."""
    database.row_factory = sqlite3.Row
    names = database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
    return {
        name: [dict(row) for row in database.execute(f'SELECT * FROM "{name}"')]  # noqa: S608 - ours
        for (name,) in names
        if name != "alembic_version"
    }


def loaded(sql, path=":memory:"):
    """What a text of SQL makes of an empty database."""
    with closing(sqlite3.connect(path)) as database:
        database.executescript(sql)
        return contents(database)


def linked(path):
    """The target ids of the people who were carried over."""
    with closing(sqlite3.connect(path)) as database:
        statement = "SELECT source_id, target_anchor FROM connections WHERE job_id = 'engagedly'"
        return dict(database.execute(statement).fetchall())


def here(sql, site, ids):
    """A released state as it would be, had its target been this one."""
    for row in loaded(sql)["connections"]:
        if row["job_id"] == "engagedly":
            sql = sql.replace(row["target_anchor"], ids[row["source_id"]])
    return sql.replace(TARGET, site.server.base_url)


def lost(before, after):
    """The rows that aren't there any more, as far as their columns still are."""
    return [
        (table, row)
        for table, rows in before.items()
        for row in rows
        if not any(_kept(row, other) for other in after[table])
    ]


def _kept(row, other):
    """Whether a row is in another: values as they were, JSON objects with more in them at most."""
    return all(
        name in other and (other[name] == value or _grown(value, other[name]))
        for name, value in row.items()
    )


def _grown(value, other):
    if not (isinstance(value, str) and value.startswith("{") and isinstance(other, str)):
        return False
    return json.loads(value).items() <= json.loads(other).items()


def test_every_migration_has_a_state_of_its_version_to_be_tried_with():
    assert sorted(RELEASED) == revisions(), "python tests/acceptance/released_state.py makes one"


@pytest.mark.parametrize("revision", sorted(RELEASED))
def test_state_of_a_released_version_has_a_row_in_every_table(revision):
    sql = RELEASED[revision].read_text(encoding="utf-8")

    found = loaded(sql)

    assert [table for table, rows in found.items() if not rows] == []
    assert re.search(r'"alembic_version" VALUES\(\'(\d+)\'\)', sql).group(1) == revision


@pytest.mark.parametrize("revision", sorted(RELEASED))
async def test_log_of_a_released_version_is_found_by_time(tmp_path, revision):
    state = tmp_path / "entrasim.db"
    loaded(RELEASED[revision].read_text(encoding="utf-8"), state)
    store = SqlStore.open(f"sqlite:///{state}", clock=SystemClock())

    records = await store.records_by_time(LogQuery(since=LONG_AGO), descending=False)
    whole = await store.records(LogQuery())

    await store.close()
    assert sorted(record.id for record in records) == sorted(record.id for record in whole)
    assert [r.activity_at for r in records] == sorted(record.activity_at for record in whole)


@pytest.mark.parametrize("revision", sorted(RELEASED))
async def test_state_of_a_released_version_goes_on_where_it_was(site, revision):
    site.write_users(PEOPLE)
    await site.sync()
    state = site.folder / "state" / "entrasim.db"
    sql = here(RELEASED[revision].read_text(encoding="utf-8"), site, linked(state))
    state.unlink()
    before, sent = loaded(sql, state), len(site.exchanges)

    code, _, err = await site.run("job", "status")
    with closing(sqlite3.connect(state)) as database:
        after = contents(database)
    first = await site.sync()
    writes = [e for e in site.exchanges[sent:] if e.method != "GET"]
    silent = await site.sync()
    with closing(sqlite3.connect(state)) as database:
        others = contents(database)

    assert (code, err) == (0, "")
    assert lost(before, after) == []
    assert first["counts"]["escrowed"] == 0
    assert writes == []
    assert silent["requests"] == {"total": 1, "byMethod": {"GET": 1}}
    theirs = {t: [r for r in rows if r.get("job_id") == "other"] for t, rows in before.items()}
    assert lost(theirs, others) == []
