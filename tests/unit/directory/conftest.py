"""Fixtures for a tenant in a folder."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from contoso_files import FORMS, write_tenant

from entrasim.directory.fixture import FixtureDirectory, TenantEditor
from entrasim.scheduler.clocks import VirtualClock


@pytest.fixture(params=FORMS)
def form(request, tmp_path):
    """Each form in turn, written to the test's folder."""
    write_tenant(tmp_path, request.param)
    return request.param


@pytest.fixture
def clock():
    return VirtualClock(datetime(2026, 1, 5, 8, tzinfo=UTC))


@pytest.fixture
def directory(tmp_path):
    return FixtureDirectory(tmp_path, application="Engagedly")


@pytest.fixture
def editor(tmp_path, clock):
    return TenantEditor(tmp_path, application="Engagedly", clock=clock)
