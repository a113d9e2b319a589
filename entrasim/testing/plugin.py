"""The pytest plugin: one fixture, `entra`. Imports nothing heavy, since pytest always loads it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from entrasim.testing.harness import Entra


@pytest.fixture
def entra(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Entra]:
    """An Entra of the test's own: an empty tenant, a clock, and a stand-in target.

    Works in synchronous and asynchronous tests, whichever event loop these bring.
    """
    from entrasim.testing.harness import Entra  # noqa: PLC0415 - only for tests that want it

    with Entra(tmp_path_factory.mktemp("entra")) as harness:
        yield harness
