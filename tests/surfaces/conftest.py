"""The API over a small Contoso."""

from __future__ import annotations

import pytest
from contoso_files import FORMS, write_tenant
from graph_api import graph_api


@pytest.fixture
async def graph(tmp_path):
    """The API over users.json and groups.json."""
    folder = tmp_path / "contoso"
    folder.mkdir()
    write_tenant(folder, "array")
    async with graph_api(folder) as found:
        yield found


@pytest.fixture(params=FORMS)
async def any_graph(request, tmp_path):
    """The API over each form of tenant in turn."""
    folder = tmp_path / "contoso"
    folder.mkdir()
    write_tenant(folder, request.param)
    async with graph_api(folder) as found:
        yield found
