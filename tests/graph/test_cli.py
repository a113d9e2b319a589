"""The commands of a job whose directory is Graph."""

from __future__ import annotations

import json

import pytest
from fake_graph import PRINCIPAL, TOKEN, refusal, user

_TABLE = """\
kind = "graph"
tenant_id = "0f0f0f0f-0000-0000-0000-000000000001"
service_principal_id = "{principal}"
token = "env:GRAPH_TOKEN"
base_url = "{base_url}"
"""


@pytest.fixture
def on_graph(site, graph):
    """A job of the starter, on Graph instead of its files."""
    path = site.folder / "config" / "entrasim.toml"
    before, _, after = path.read_text().partition('kind = "fixture"\n')
    _, _, rest = after.partition('application = "Engagedly"\n')
    path.write_text(before + _TABLE.format(principal=PRINCIPAL, base_url=graph.base_url) + rest)
    graph.settle([user("ada"), user("bob")], {"id": "sales"}, assigned=["ada"])

    async def run(*arguments):
        return await site.run(*arguments, GRAPH_TOKEN=TOKEN)

    return run


async def test_connection_of_both_ends_is_tested(on_graph, site):
    code, out, err = await on_graph("test-connection")
    _, as_json, _ = await on_graph("test-connection", "--json")

    assert (code, err) == (0, "")
    assert "the directory can be read: " in out
    assert 'the assignments to "Engagedly"' in out
    assert "answers as a SCIM endpoint" in out
    assert json.loads(as_json)["source"][-1] == "deleted users"
    assert [e.method for e in site.exchanges] == ["GET", "GET"]


async def test_cycle_carries_over_who_is_assigned(on_graph, site):
    planned, plan, _ = await on_graph("plan")
    synced, out, _ = await on_graph("sync", "--json")
    _, again, _ = await on_graph("sync", "--json")
    _, logged, _ = await on_graph("logs", "--json", "--action", "create")

    assert (planned, synced) == (0, 0)
    assert "+ create    ada@contoso.com" in plan
    assert json.loads(out)["counts"]["created"] == 1
    assert json.loads(again)["counts"]["imported"] == 0
    assert [employee["email"] for employee in site.engagedly.employees()] == ["ada@contoso.com"]
    assert json.loads(logged)["tenantId"] == "0f0f0f0f-0000-0000-0000-000000000001"
    assert json.loads(logged)["servicePrincipal"]["displayName"] == PRINCIPAL


async def test_expiry_is_said_and_writes_nothing(on_graph, graph, site):
    await on_graph("sync")
    site.exchanges.clear()
    graph.troubles["users-1"] = [refusal(400, "syncStateNotFound")]

    code, _, err = await on_graph("sync")

    assert code == 0
    assert "reading everything anew" in err
    assert [e.method for e in site.exchanges] == ["GET"]


@pytest.mark.parametrize("command", ["sync", "test-connection", "plan"])
async def test_missing_permission_gives_four_and_says_which(on_graph, graph, site, command):
    graph.troubles["/users/delta"] = [refusal(403, "Authorization_RequestDenied")] * 2

    code, out, err = await on_graph(command, "--json")

    assert code == 4
    assert "User.Read.All" in json.loads(out)["error"]["message"]
    assert "grant it in the Entra admin center" in err
    assert TOKEN not in out + err
    assert [e for e in site.exchanges if e.method != "GET"] == []


async def test_one_person_is_provisioned_on_demand(on_graph, graph, site):
    graph.objects["/users/ada@contoso.com"] = user("ada")
    graph.objects["/groups"] = {"value": []}
    graph.troubles["/groups/ada@contoso.com"] = [
        refusal(400, "Request_BadRequest", "Invalid object identifier 'ada@contoso.com'.")
    ]
    graph.objects["/users/ada/memberOf"] = {"value": []}

    code, out, err = await on_graph("provision-on-demand", "ada@contoso.com")

    assert (code, err) == (0, "")
    assert "ada@contoso.com" in out
    assert [employee["email"] for employee in site.engagedly.employees()] == ["ada@contoso.com"]


@pytest.mark.parametrize(
    "command", [["tenant", "show"], ["tenant", "user", "add", "x@contoso.com"]], ids=" ".join
)
async def test_tenant_commands_are_for_fixtures(on_graph, command):
    code, _, err = await on_graph(*command)

    assert code == 2
    assert "jobs.engagedly.directory is Microsoft Graph, which entrasim only reads" in err
