"""A job on Graph, which another entrasim serves, sends what a job on the tenant's files sends."""

from __future__ import annotations

import json
import re
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
import pytest
from daemon import Daemon
from site_of_work import Site

from entrasim.config import write_starter
from entrasim.engagedly import Engagedly, EngagedlyServer

CLOCK = ("--virtual-clock", "2026-01-05T08:00:00Z")
ON_GRAPH = """
[jobs.directory]
kind = "graph"
tenant_id = "contoso.com"
base_url = "{url}/v1.0"
credential = "token"
token = "env:GRAPH_TOKEN"
application = "Engagedly"

[jobs.target]"""
COUNTED = {"rules": [{"fault": "delay", "time": "0.001s", "name": "asked"}]}
ID = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
PROBE = re.compile(f"(?<=userName\\+eq\\+%22){ID.pattern}(?=%22)")
KAY = {
    "accountEnabled": True,
    "displayName": "Kay McNulty",
    "givenName": "Kay",
    "surname": "McNulty",
    "mailNickname": "kay",
    "userPrincipalName": "kay@contoso.com",
    "mail": "kay@contoso.com",
    "passwordProfile": {"password": "Not-kept-0"},
}


@dataclass
class Side:
    """A daemon whose clock is turned from here, and the target it writes to."""

    site: Site
    daemon: Daemon
    client: httpx.AsyncClient
    seen: int = 0
    names: dict[str, str] = field(default_factory=dict)

    async def cycle(self) -> dict:
        """Let forty minutes pass; what the cycle that was due then did."""
        answer = await self.client.post("/entrasim/clock/advance", json={"by": "PT40M"})
        (execution,) = answer.json()["executions"]
        return execution

    def sent(self) -> list[str]:
        """Each request that has reached the target since this was last asked, in no order."""
        new, self.seen = self.site.exchanges[self.seen :], len(self.site.exchanges)
        held = self.site.engagedly.resources()
        self.names |= {one["id"]: f"{{id of {one['userName']}}}" for one in held}
        return sorted(map(self._record, new))

    def _record(self, exchange) -> str:
        """A request with its status, with names for the ids that the target chose."""
        body = json.dumps(json.loads(exchange.body), sort_keys=True) if exchange.body else ""
        query = PROBE.sub("{somebody who is not there}", exchange.query)
        text = f"{exchange.method} {exchange.path}?{query} {exchange.status} {body}"
        return ID.sub(lambda found: self.names.get(found[0], found[0]), text)


@asynccontextmanager
async def target_in(folder):
    """A folder with the starter's configuration, and a stand-in that writes all down."""
    folder.mkdir()
    write_starter(folder)
    engagedly = Engagedly(folder / "engagedly.db")
    site = Site(folder, engagedly)
    site.gate.set()
    async with EngagedlyServer(engagedly, wrap=site.recorded) as server:
        site.server = server
        site.token = engagedly.add_connection("test", base_url=server.base_url).token
        yield site
    engagedly.close()


@asynccontextmanager
async def side_of(site, **environment):
    daemon = await Daemon.started(site, *CLOCK, **environment)
    url = daemon.url.removesuffix("/health")
    try:
        await daemon.line_with("cycle ended")  # the initial one
        async with httpx.AsyncClient(base_url=url, timeout=60) as client:
            yield Side(site, daemon, client)
    finally:
        await daemon.stopped()


class Company:
    """A tenant that is edited through the first daemon's Graph, and read by both."""

    def __init__(self, files: Side, graph: Side) -> None:
        self._files, self._graph = files, graph
        self.asked = 0  # of Graph, in the latest cycle
        self.client = files.client

    async def compare(self) -> list[str]:
        """One cycle of each side, which must agree; the writes, by method, in no order."""
        by_files, before = await self._files.cycle(), await self.asked_so_far()
        by_graph = await self._graph.cycle()
        self.asked = await self.asked_so_far() - before
        assert by_graph["state"] == by_files["state"] == "Succeeded"
        assert by_graph["requests"] == by_files["requests"]
        return self.writes()

    def writes(self) -> list[str]:
        """The writes that reached both targets alike since this was last asked."""
        by_graph, by_files = self._graph.sent(), self._files.sent()
        assert by_graph == by_files
        methods = [record.partition(" ")[0] for record in by_graph]
        return [method for method in methods if method != "GET"]

    async def change(self, method: str, path: str, json: object = None) -> dict:
        answer = await self.client.request(method, f"/v1.0/{path}", json=json)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else {}

    async def ids(self, kind: str, name: str) -> dict[str, str]:
        return {one[name]: one["id"] for one in (await self.change("GET", kind))["value"]}

    def at(self, known: str) -> dict[str, str]:
        return {"@odata.id": f"{self.client.base_url}/v1.0/directoryObjects/{known}"}

    async def expire(self, how: str) -> None:
        answer = await self.client.post("/entrasim/deltaTokens/expire", json={"how": how})
        assert answer.status_code == 204, answer.text

    async def asked_so_far(self) -> int:
        """The requests that have reached Graph."""
        answer = await self.client.get("/entrasim/faults")
        return answer.json()["counts"].get("asked", 0)


@pytest.fixture
async def company(tmp_path):
    async with (
        target_in(tmp_path / "one") as one,
        target_in(tmp_path / "two") as two,
        side_of(one) as files,
    ):
        await files.client.put("/entrasim/faults", json=COUNTED)
        read_by_graph(two.folder / "config" / "entrasim.toml", files.client.base_url)
        told = {"GRAPH_TOKEN": "any", "ENTRASIM_JOBS__ENGAGEDLY__FIDELITY": "entra"}
        async with side_of(two, **told) as graph:
            yield Company(files, graph)


def read_by_graph(configuration, url):
    """Have the job read its directory from a Graph instead of files."""
    instead = ON_GRAPH.format(url=str(url).rstrip("/"))
    before, _, rest = configuration.read_text().partition("\n[jobs.directory]")
    configuration.write_text(before + instead + rest.partition("\n[jobs.target]")[2])


async def test_ten_cycles_send_the_same_from_files_and_from_graph(company):
    counted = [await company.asked_so_far()]
    people = await company.ids("users", "userPrincipalName")
    groups = await company.ids("groups", "displayName")
    ada, alan, mary = (f"users/{people[f'{who}@contoso.com']}" for who in ("ada", "alan", "mary"))
    sales = f"groups/{groups['Sales']}"

    async def cycle():
        found = await company.compare()
        counted.append(company.asked)
        return found

    assert company.writes().count("POST") == 7
    assert await cycle() == []

    await company.change("PATCH", ada, {"jobTitle": "CTO", "city": None})
    assert await cycle() == ["PATCH"]

    await company.change("PUT", f"{alan}/manager/$ref", company.at(people["grace@contoso.com"]))
    assert await cycle() == ["PATCH"]

    kay = await company.change("POST", "users", KAY)
    await company.change("POST", f"{sales}/members/$ref", company.at(kay["id"]))
    assert await cycle() == ["POST"]

    await company.change("DELETE", f"{sales}/members/{people['edsger@contoso.com']}/$ref")
    assert await cycle() == ["PATCH"]

    await company.change("DELETE", mary)
    assert await cycle() == ["PATCH"]

    await company.expire("expired")
    assert await cycle() == []

    await company.change("POST", f"directory/deletedItems/{people['mary@contoso.com']}/restore")
    assert await cycle() == ["PATCH"]

    await company.change("DELETE", f"users/{kay['id']}")
    await company.change("DELETE", f"directory/deletedItems/{kay['id']}")
    assert await cycle() == ["DELETE"]

    await company.expire("reset")
    await company.change("PATCH", ada, {"jobTitle": "Fellow"})
    assert await cycle() == ["PATCH"]

    # Of the initial cycle and of those above: users, groups and assignments are asked for with
    # the service principal, after a deletion who is in the recycle bin; a token whose time is
    # over costs a request for each collection, and the reading is whole.
    assert counted == [5, 4, 4, 4, 4, 4, 5, 6, 4, 4, 6]
