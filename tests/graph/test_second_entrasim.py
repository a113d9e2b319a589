"""A job on Graph that another entrasim serves does what a job on the tenant's files does."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from fake_graph import TOKEN
from msgspec.structs import replace

from entrasim.api.application import daemon_app
from entrasim.api.delta import ChangeHistory
from entrasim.api.surroundings import Surroundings
from entrasim.config import load, write_starter
from entrasim.directory.fixture import FixtureDirectory, TenantEditor
from entrasim.directory.fixture.graph_tenant import GraphTenant
from entrasim.directory.graph import GraphDirectory, GraphSource
from entrasim.engine.cycle import run_cycle
from entrasim.engine.needs import attributes_read
from entrasim.model.job import Job
from entrasim.ports import Ports
from entrasim.scheduler.clocks import VirtualClock
from entrasim.serving import AsgiServer
from entrasim.testing.memory import MemoryTarget
from entrasim.testing.memory_store import MemoryStore

APPLICATION = "Engagedly"
MANAGER = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager"


class Side:
    """One job, from its directory to a target of its own."""

    def __init__(self, directory, clock, job):
        self.job, self.target = job, MemoryTarget()
        self.ports = Ports(directory, self.target, MemoryStore(), clock)

    async def cycle(self):
        """What a cycle counted, sent and left behind, without the ids that the target chose."""
        self.target.calls.clear()
        execution = await run_cycle(self.job, self.ports)
        held = self.target.objects
        people = {
            values["userName"]: {
                name: held[value]["userName"] if name == MANAGER and value in held else value
                for name, value in values.items()
            }
            for values in held.values()
        }
        # Graph tells that a group changed when one of its members went into the recycle bin.
        counts = replace(execution.counts, imported=0)
        return counts, Counter(call for call, _ in self.target.calls), people


@pytest.fixture
async def company(tmp_path, schema):
    clock = VirtualClock(datetime(2026, 1, 5, 8, tzinfo=UTC))
    folder = tmp_path / "contoso"
    folder.mkdir()
    editor = TenantEditor(folder, application=APPLICATION, clock=clock)
    tenant = GraphTenant(folder, (APPLICATION,), clock=clock)
    history = ChangeHistory(tmp_path / "history.db", tenant)
    write_starter(tmp_path)
    configuration = load(
        tmp_path / "config" / "entrasim.toml",
        {"ENGAGEDLY_TOKEN": "t", "ENTRASIM_SERVICE__STATE": f"sqlite:///{tmp_path / 'state.db'}"},
    )
    around = Surroundings(None, configuration, MemoryStore(), clock, tenant, history=history)
    app = daemon_app(around)
    job = Job(id="j", graph_id="scim.j", schema=schema, target_url="http://127.0.0.1:8421/scim/v2")
    async with AsgiServer(app) as server:
        source = GraphSource(
            place="jobs.j.directory",
            base_url=f"{server.url}/v1.0",
            scope="https://127.0.0.1/.default",
            tenant_id=tenant.id,
            credential="token",
            token=TOKEN,
            application=APPLICATION,
        )
        graph = GraphDirectory(source, attributes_read(schema))
        files = FixtureDirectory(folder, application=APPLICATION)
        yield Company(editor, history, clock, Side(files, clock, job), Side(graph, clock, job))
        await graph.close()
    history.close()


class Company:
    """A tenant, and two jobs that read it, by its files and by Graph."""

    def __init__(self, editor, history, clock, files, graph):
        self.tenant, self.history, self.clock = editor, history, clock
        self._files, self._graph = files, graph

    async def compare(self):
        """One cycle of each; they must agree. Gives the calls, of which most are reads."""
        self.clock.advance(timedelta(minutes=40))
        by_files, by_graph = await self._files.cycle(), await self._graph.cycle()
        assert by_graph == by_files
        return by_graph[1]

    def hire(self, name, **properties):
        self.tenant.add_user(f"{name}@contoso.com", properties)


def writes(calls):
    return {call: n for call, n in calls.items() if call in {"create", "update", "delete"}}


async def test_ten_cycles_give_the_same_by_files_and_by_graph(company):
    tenant = company.tenant
    for name in ("grace", "ada", "alan", "mary"):
        company.hire(name, givenName=name.title(), surname="Example")
    tenant.add_group("Sales")
    for name in ("ada", "alan"):
        tenant.add_member("Sales", f"{name}@contoso.com")
    tenant.set_user("ada@contoso.com", {"manager": "grace@contoso.com"})
    for who in ("Sales", "grace@contoso.com", "mary@contoso.com"):
        tenant.assign(who)
    assert writes(await company.compare())["create"] == 4

    tenant.set_user("ada@contoso.com", {"jobTitle": "CTO", "city": "London"})
    assert writes(await company.compare()) == {"update": 1}

    tenant.set_user("ada@contoso.com", {"manager": None, "city": None})
    await company.compare()

    tenant.remove_member("Sales", "alan@contoso.com")
    company.hire("edsger")
    tenant.add_member("Sales", "edsger@contoso.com")
    assert writes(await company.compare()) == {"create": 1, "update": 1}

    tenant.delete_user("mary@contoso.com")
    assert writes(await company.compare()) == {"update": 1}

    await company.history.expire()
    assert writes(await company.compare()) == {}

    tenant.restore_user("mary@contoso.com")
    tenant.disable_user("grace@contoso.com")
    assert writes(await company.compare()) == {"update": 2}

    tenant.delete_user("edsger@contoso.com")
    await company.compare()
    tenant.purge_user("edsger@contoso.com")
    assert writes(await company.compare()) == {"delete": 1}

    tenant.unassign("Sales")
    assert writes(await company.compare()) == {"update": 1}
    assert writes(await company.compare()) == {}


async def test_reset_history_is_a_full_reading_and_no_write(company):
    company.hire("ada")
    company.tenant.assign("ada@contoso.com")
    await company.compare()

    await company.history.expire("reset")

    assert writes(await company.compare()) == {}
