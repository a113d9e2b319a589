"""Put a soak together, run it, and judge it."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from random import Random

from benchmarks.soak import weather
from benchmarks.soak.company import Company
from benchmarks.soak.course import run
from benchmarks.soak.endpoint import Endpoint
from benchmarks.soak.engine import CODE, Engine
from benchmarks.soak.judging import judge
from benchmarks.soak.model import Rules
from benchmarks.soak.plan import Plan
from benchmarks.soak.report import Report
from benchmarks.soak.scene import Scene
from benchmarks.soak.schema import write_schema
from benchmarks.soak.service import Service

_CONFIGURATION = """\
[service]
state = "sqlite:///{folder}/entrasim.db"
[[jobs]]
id = "soak"
schema = "schema.json"
deletion_threshold = {threshold}
[jobs.directory]
kind = "fixture"
path = "tenant"
[jobs.target]
base_url = "{base_url}"
token = "env:SOAK_TOKEN"
timeout = "{timeout}s"
"""


async def soak(plan: Plan, folder: Path, *, least: int, code: Path = CODE) -> Report:
    """Run a soak in a folder; entrasim's process runs the packages in `code`."""
    began, company = time.perf_counter(), Company(plan.people, Rules(plan.threshold), _chance(plan))
    async with Endpoint(folder / "target.db", _chance(plan), lambda: company.now) as endpoint:
        token = _configure(folder, plan, endpoint)
        engine = Engine(folder / "entrasim.toml", {"SOAK_TOKEN": token}, code)
        service = Service(engine, endpoint, company.now, _chance(plan))
        scene = Scene(plan, service, company, folder / "tenant")
        try:
            await run(scene, _tell)
        finally:
            await engine.close()
        endpoint.fail()
    return judge(scene, least=least, seconds=time.perf_counter() - began)


def _tell(scene: Scene) -> None:
    """Show on a terminal how far it has come."""
    if sys.stderr.isatty():
        done = f"{scene.past:4.0%}, {scene.service.cycles:,} cycles, "
        sys.stderr.write(f"\r{done}{scene.service.endpoint.requests:,} requests ")
        sys.stderr.flush()


def _chance(plan: Plan) -> Random:
    """Everybody has a chance of their own, so that one's draws don't change another's."""
    return Random(plan.seed)  # noqa: S311 - no secret hangs on it


def _configure(folder: Path, plan: Plan, endpoint: Endpoint) -> str:
    base_url, token = endpoint.connect()
    write_schema(folder / "schema.json")
    text = _CONFIGURATION.format(
        folder=folder,
        threshold=plan.threshold,
        base_url=base_url,
        timeout=weather.TIMEOUT.total_seconds(),
    )
    (folder / "entrasim.toml").write_text(text, encoding="utf-8")
    return token
