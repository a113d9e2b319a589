"""What it takes to compare the tenant with what is remembered of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from entrasim.api.delta.comparing import newest, remember
from entrasim.api.delta.database import open_history
from entrasim.directory.fixture.graph_tenant import GraphTenant
from entrasim.scheduler.clocks import VirtualClock

MONDAY = datetime(2026, 1, 5, 8, tzinfo=UTC)


@pytest.fixture
def history(tmp_path):
    opened = open_history(tmp_path / "history.db")
    yield opened
    opened.close()


async def steps_to_change(history, folder, people, department):
    """SQLite's steps, in thousands, until everybody is remembered in another department."""
    lines = (f"  p{n}@contoso.com: {{department: {department}}}\n" for n in range(people))
    (folder / "tenant.yaml").write_text(f"tenant: contoso.com\nusers:\n{''.join(lines)}")
    objects = await GraphTenant(folder, ["A"], clock=VirtualClock(MONDAY)).objects()
    counted = []
    with history.writing.begin() as connection:
        driver = connection.connection.driver_connection
        driver.set_progress_handler(lambda: counted.append(1) and None, 1000)
        remember(connection, objects, MONDAY + timedelta(minutes=newest(connection)))
        driver.set_progress_handler(None, 0)
    return len(counted)


async def test_work_for_four_times_the_changes_is_about_four_times_the_work(history, tmp_path):
    tenants = [tmp_path / name for name in ("small", "large")]
    for tenant in tenants:
        tenant.mkdir()
    small, large = tenants
    await steps_to_change(history, small, 300, "Sales")
    few = await steps_to_change(history, small, 300, "Research")
    await steps_to_change(history, large, 1200, "Sales")

    many = await steps_to_change(history, large, 1200, "Research")

    assert many < 8 * few
