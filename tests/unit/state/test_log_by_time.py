"""A page of the log costs a page, however long the log is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine, event

from entrasim.model.log import LogQuery
from entrasim.state import reading
from entrasim.state.tables import METADATA

EIGHT = datetime(2026, 1, 5, 8, tzinfo=UTC)


@pytest.fixture
def connection():
    engine = create_engine("sqlite://")
    METADATA.create_all(engine)
    with engine.connect() as opened:
        yield opened
    engine.dispose()


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"job_id": "slack"},
        {"job_id": "slack", "action": "create"},
        {"since": EIGHT, "until": EIGHT},
        {"action": "create"},
    ],
)
@pytest.mark.parametrize("descending", [True, False])
def test_records_are_read_in_the_order_of_an_index(connection, asked, descending):
    sent = []
    event.listen(connection, "before_cursor_execute", lambda *told: sent.append(told[2:4]))

    reading.records_by_time(
        connection, LogQuery(**asked, limit=50), beyond=None, descending=descending
    )
    statement, parameters = sent[-1]
    plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()

    assert "USING INDEX log_" in plan[0].detail
    assert [step.detail for step in plan if "TEMP B-TREE" in step.detail] == []
