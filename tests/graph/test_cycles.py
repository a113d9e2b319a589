"""Cycles whose directory is Graph."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from fake_graph import PRINCIPAL, member, refusal, removed, user

from entrasim.engine.cycle import run_cycle
from entrasim.engine.on_demand import provision_on_demand
from entrasim.errors import SourceError
from entrasim.model.entry import ObjectType
from entrasim.model.job import Job
from entrasim.model.log import LogQuery
from entrasim.ports import Ports
from entrasim.scheduler.clocks import VirtualClock
from entrasim.testing.memory import MemoryTarget
from entrasim.testing.memory_store import MemoryStore

SALES = {"id": "sales", "displayName": "Sales"}


@dataclass
class Provisioning:
    """One job from the fake Graph to a target in memory."""

    job: Job
    ports: Ports
    target: MemoryTarget = field(default_factory=MemoryTarget)

    async def cycle(self):
        self.target.calls.clear()
        self.target.changes.clear()
        self.ports.clock.advance(timedelta(minutes=40))
        return await run_cycle(self.job, self.ports)

    def employee(self, name):
        mail = f"{name}@contoso.com"
        return next((v for v in self.target.objects.values() if v["userName"] == mail), None)

    async def log(self, name):
        return await self.ports.store.records(LogQuery(subject=name))


@pytest.fixture
def provisioning(directory, schema):
    url = "http://127.0.0.1:8421/scim/v2"
    job = Job(id="engagedly", graph_id="scim.contoso.1", schema=schema, target_url=url)
    target, clock = MemoryTarget(), VirtualClock(datetime(2026, 1, 5, 8, tzinfo=UTC))
    return Provisioning(job, Ports(directory, target, MemoryStore(), clock), target)


@pytest.fixture
async def settled(graph, provisioning):
    """Ada manages Bob; Cem is in Sales, which is assigned."""
    graph.settle(
        [user("ada"), user("bob", **{"manager@delta": [{"id": "ada"}]}), user("cem")],
        {**SALES, "members@delta": [member("cem")]},
        assigned=["ada", "bob", "sales"],
    )
    await provisioning.cycle()
    return provisioning


async def test_initial_cycle_creates_whoever_is_entitled(settled):
    assert [name for name, _ in settled.target.writes].count("create") == 3
    assert all(settled.employee(name)["active"] for name in ("ada", "bob", "cem"))


async def test_nothing_new_is_nothing_sent(settled):
    execution = await settled.cycle()

    assert settled.target.writes == []
    assert execution.counts.imported == 0


async def test_change_reaches_the_target(settled, graph):
    graph.round("users", [{"id": "ada", "jobTitle": "CTO"}], begins="1", ends="2")
    await settled.cycle()

    assert settled.employee("ada")["title"] == "CTO"


async def test_soft_deleted_user_is_disabled_and_a_purged_one_deleted(settled, graph):
    graph.round("users", [removed("ada", "changed")], begins="1", ends="2")
    graph.round("users", [removed("ada", "deleted")], begins="2", ends="3")

    await settled.cycle()
    disabled = settled.employee("ada")["active"]
    await settled.cycle()

    assert disabled is False
    assert settled.employee("ada") is None


@pytest.mark.parametrize(
    "after", [f"/servicePrincipals/{PRINCIPAL}/appRoleAssignedTo", "/groups/delta", "/users/delta"]
)
@pytest.mark.parametrize("name", ["ada", "cem"])
async def test_user_who_is_deleted_while_graph_is_read_is_deleted_once_they_are_purged(
    settled, graph, after, name
):
    def delete():
        graph.round("users", [removed(name, "changed")], begins="1", ends="2")
        left = {"id": "sales", "members@delta": [member("cem", left=True)]}
        graph.round("groups", [left] if name == "cem" else [], begins="1", ends="2")
        graph.assigned = [known for known in graph.assigned if known != name]

    graph.meanwhile[after] = delete
    await settled.cycle()
    await settled.cycle()
    disabled = settled.employee(name)["active"]

    graph.round("users", [removed(name, "deleted")], begins="2", ends="3")
    await settled.cycle()

    assert disabled is False
    assert settled.employee(name) is None


async def test_user_who_is_restored_while_graph_is_read_is_enabled_by_the_next_cycle(
    settled, graph
):
    graph.round("users", [removed("cem", "changed")], begins="1", ends="2")
    left = {"id": "sales", "members@delta": [member("cem", left=True)]}
    graph.round("groups", [left], begins="1", ends="2")
    await settled.cycle()

    def restore():
        graph.round("users", [user("cem")], begins="2", ends="3")
        back = {"id": "sales", "members@delta": [member("cem")]}
        graph.round("groups", [back], begins="2", ends="3")

    graph.meanwhile["/groups/delta"] = restore
    await settled.cycle()
    await settled.cycle()

    assert settled.employee("cem")["active"] is True


async def test_restored_user_is_enabled(settled, graph):
    graph.round("users", [removed("ada", "changed")], begins="1", ends="2")
    graph.round("users", [user("ada")], begins="2", ends="3")

    await settled.cycle()
    await settled.cycle()

    assert settled.employee("ada")["active"] is True


async def test_members_who_join_and_leave_over_pages_are_enabled_and_disabled(settled, graph):
    graph.round("users", [user("dan"), user("eve")], begins="1", ends="2")
    graph.round(
        "groups",
        [{"id": "sales", "members@delta": [member("dan")]}],
        [{"id": "sales", "members@delta": [member("eve"), member("cem", left=True)]}],
        begins="1",
        ends="2",
    )

    await settled.cycle()

    assert settled.employee("cem")["active"] is False
    assert settled.employee("dan")["active"] is True
    assert settled.employee("eve")["active"] is True


async def test_expired_state_is_a_full_reading_and_no_write(settled, graph, caplog):
    graph.troubles["users-1"] = [refusal(400, "syncStateNotFound")]

    execution = await settled.cycle()

    assert settled.target.writes == []
    assert execution.counts.imported == 0
    assert len(graph.asked("/users/delta")) == 3
    assert "reading everything anew" in caplog.text


async def test_user_who_is_absent_from_a_full_reading_is_left_alone_and_reported(settled, graph):
    graph.troubles["users-1"] = [refusal(410, "resyncRequired")]
    graph.round("users", [user("bob", **{"manager@delta": [{"id": "ada"}]}), user("cem")])

    await settled.cycle()

    latest = max(await settled.log("ada"), key=lambda record: record.activity_at)
    assert settled.target.writes == []
    assert settled.employee("ada")["active"] is True
    assert latest.status.value == "skipped"
    assert "left as it is" in latest.steps[-1].description


async def test_user_who_is_absent_is_left_alone_though_their_manager_was_purged(settled, graph):
    graph.troubles["users-1"] = [refusal(410, "resyncRequired")]
    graph.round("users", [removed("ada", "deleted"), user("cem")])
    graph.assigned = ["sales"]

    await settled.cycle()

    assert settled.employee("ada") is None
    assert settled.employee("bob")["active"] is True


async def test_members_of_a_group_that_is_absent_from_a_full_reading_keep_their_access(
    settled, graph
):
    graph.troubles["groups-1"] = [refusal(410, "resyncRequired")]
    graph.round("groups")

    await settled.cycle()

    assert settled.target.writes == []


async def test_graph_that_fails_in_the_middle_writes_nothing_and_keeps_the_watermark(
    settled, graph
):
    graph.round("users", [user("dan")], [user("eve")], begins="1", ends="2")
    graph.assigned += ["dan"]
    graph.troubles["users-1-page-1"] = [refusal(503, "ServiceUnavailable")] * 6

    with pytest.raises(SourceError):
        await settled.cycle()
    nothing = list(settled.target.writes)
    await settled.cycle()

    assert nothing == []
    assert settled.employee("dan")["active"] is True


async def test_one_user_is_provisioned_on_demand(settled, graph):
    graph.objects["/users"] = {"value": [user("fay", manager={"id": "ada"})]}
    graph.objects["/groups"] = {"value": []}
    graph.objects["/users/ada"] = user("ada")
    groups = {"value": [SALES]}
    graph.objects["/users/fay/memberOf"] = groups
    graph.objects["/users/ada/memberOf"] = {"value": []}

    (outcome,) = await provision_on_demand(settled.job, "fay@contoso.com", settled.ports)

    assert outcome.failure is None
    assert settled.employee("fay")["active"] is True
    assert graph.asked("/users")[-1]["$filter"].startswith("userPrincipalName eq 'fay@contoso.com'")


async def test_manager_in_the_recycle_bin_stays_on_demand(settled, graph):
    before = dict(settled.employee("bob"))
    graph.round("users", [removed("ada", "changed")], begins="1", ends="2")
    await settled.cycle()
    graph.objects["/users"] = {"value": [user("bob", manager=None)]}
    graph.objects["/groups"] = {"value": []}
    graph.objects["/users/bob/memberOf"] = {"value": []}

    (outcome,) = await provision_on_demand(settled.job, "bob@contoso.com", settled.ports)
    await settled.cycle()

    assert outcome.failure is None
    assert settled.employee("bob") == before


async def test_group_is_looked_up_with_all_its_members(graph, directory):
    known = "0b0b0b0b-0000-0000-0000-000000000001"
    graph.objects[f"/groups/{known}"] = {"id": known, "displayName": "Sales"}
    graph.objects[f"/groups/{known}/members"] = {"value": [{"id": "ada"}, {"id": "bob"}]}

    (group,) = (await directory.look_up(known)).entries

    assert group.anchor.object_type is ObjectType.GROUP
    assert group.references == {"members": ("ada", "bob")}
