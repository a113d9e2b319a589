"""The history that delta queries are answered from."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from delta_client import Contoso

from entrasim.api.delta.database import history_file
from entrasim.api.delta.remembering import Period
from entrasim.api.delta.telling import Round
from entrasim.api.delta.terms import usual
from entrasim.directory.fixture.graph_tenant import GraphTenant


@pytest.fixture
def contoso(tmp_path):
    made = Contoso(tmp_path)
    made.hire("ada", displayName="Ada")
    made.hire("bob", displayName="Bob")
    made.found("staff", "ada")
    made.save()
    yield made
    made.history.close()


async def told(contoso, collection, since, until):
    """What one large page tells."""
    period = Period(until.history, since.version, until.version)
    asked = Round(collection=collection, period=period, tracking=usual(collection), size=999)
    return (await contoso.history.page(asked, None)).items


async def test_look_at_an_untouched_tenant_makes_no_version(contoso):
    first = await contoso.history.look()

    second = await contoso.history.look()

    assert first.version == 1
    assert second == first


async def test_files_written_anew_with_the_same_content_make_no_version(contoso):
    first = await contoso.history.look()
    contoso.save()

    second = await contoso.history.look()

    assert second == first


async def test_change_that_was_undone_is_not_told(contoso):
    first = await contoso.history.look()
    contoso.users["ada"]["displayName"] = "Countess"
    contoso.found("staff", "ada", "bob")
    contoso.save()
    await contoso.history.look()
    contoso.users["ada"]["displayName"] = "Ada"
    contoso.found("staff", "ada")
    contoso.save()

    last = await contoso.history.look()

    assert last.version == first.version + 2
    assert await told(contoso, "users", first, last) == []
    assert await told(contoso, "groups", first, last) == []


async def test_purged_user_is_forgotten_after_a_week(contoso):
    await contoso.history.look()
    contoso.purge("bob")
    contoso.save()
    await contoso.history.look()
    before = _contents(contoso.file)
    for day in range(9):
        contoso.clock.advance(timedelta(days=1))
        contoso.users["ada"]["displayName"] = f"Ada {day}"
        contoso.save()
        last = await contoso.history.look()

    assert "'bob'" in before
    assert "'bob'" not in _contents(contoso.file)
    assert last.floor > 2


async def test_history_of_another_tenant_is_begun_anew(contoso):
    first = await contoso.history.look()
    contoso.history.close()
    contoso.folder = contoso.folder.rename(contoso.folder.with_name("fabrikam"))
    contoso.start()

    second = await contoso.history.look()

    assert second.version == 1
    assert second.history != first.history


async def test_two_processes_share_a_history(contoso):
    first = await contoso.history.look()
    other = type(contoso.history)(
        contoso.file, GraphTenant(contoso.folder, (), clock=contoso.clock)
    )
    contoso.users["ada"]["displayName"] = "Countess"
    contoso.save()

    seen_there = await other.look()
    seen_here = await contoso.history.look()

    other.close()
    assert seen_there == seen_here
    assert seen_here.version == first.version + 1


@pytest.mark.parametrize(
    ("state", "file"),
    [
        ("sqlite:////var/lib/hr.db", "/var/lib/hr-graph-history.db"),
        ("sqlite:///state/entrasim.db", "state/entrasim-graph-history.db"),
        ("postgresql+psycopg://hr@db/entrasim", "state/entrasim-graph-history.db"),
    ],
)
def test_history_lies_beside_the_state(state, file):
    assert history_file(state) == Path(file).absolute()


def _contents(file):
    with closing(sqlite3.connect(file)) as connection:
        return "\n".join(connection.iterdump())
