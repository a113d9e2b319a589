"""`entrasim drift`: the real program against the stand-in, whose records somebody edits by hand."""

from __future__ import annotations

import json
import sqlite3

import httpx
import pytest

from entrasim.scheduler.clocks import SystemClock
from entrasim.state import SqlStore

EVE = {
    "userName": "eve@contoso.com",
    "name": {"givenName": "Eve", "familyName": "Example"},
    "emails": [{"type": "work", "value": "eve@contoso.com"}],
}
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


@pytest.fixture
def query():
    """The query of the tenant URL, by which the dialect is chosen."""
    return ""


@pytest.fixture
async def firm(site, query):
    """Contoso with its groups provisioned; Mary left."""
    config = site.folder / "config" / "entrasim.toml"
    config.write_text(config.read_text().replace('schema = "engagedly"', 'schema = "scim"'))
    firm = Firm(site, query)
    assert (await firm.run("sync"))[0] == 0
    await firm.run("tenant", "user", "disable", "mary@contoso.com")
    assert (await firm.run("sync"))[0] == 0
    site.exchanges.clear()
    return firm


class Firm:
    """A site, and somebody who edits its target by hand."""

    def __init__(self, site, query):
        self.site, self.query = site, query

    async def run(self, *arguments):
        url = self.site.server.base_url + self.query
        return await self.site.run(*arguments, ENTRASIM_JOBS__ENGAGEDLY__TARGET__BASE_URL=url)

    async def drift(self, *arguments):
        """Run it for machines: exit code, report, and the writes that reached the target."""
        self.site.exchanges.clear()
        code, out, err = await self.run("drift", "--json", *arguments)
        assert code in {0, 1}, err
        sent = [one.method for one in self.site.exchanges if one.method != "GET"]
        return code, json.loads(out), sent

    async def by_hand(self, method, path, body=None):
        headers = {"Authorization": f"Bearer {self.site.token}"}
        async with httpx.AsyncClient(headers=headers) as client:
            url = f"{self.site.server.base_url}/{path}"
            answer = await client.request(method, url, json=body)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    async def edit(self, path, op, attribute, value):
        operation = {"op": op, "path": attribute, "value": value}
        await self.by_hand("PATCH", path, {"schemas": [PATCH], "Operations": [operation]})

    async def all(self, kind):
        return (await self.by_hand("GET", kind))["Resources"]

    async def id_of(self, kind, name):
        named = (
            r for r in await self.all(kind) if name in {r.get("userName"), r.get("displayName")}
        )
        return next(named)["id"]

    def rows(self):
        with sqlite3.connect(self.site.folder / "state" / "entrasim.db") as database:
            return list(database.iterdump())


async def tamper(firm) -> dict[str, str]:
    """Everything an operator fears; gives the ids of whom it is about."""
    names = {n: await firm.id_of("Users", f"{n}@contoso.com") for n in ("ada", "alan", "mary")}
    engineering = await firm.id_of("Groups", "Engineering")
    grace = await firm.id_of("Users", "grace@contoso.com")
    await firm.edit(f"Users/{names['ada']}", "replace", "title", "Queen")
    await firm.edit(f"Users/{names['mary']}", "replace", "active", value=True)
    await firm.edit(f"Groups/{engineering}", "add", "members", [{"value": grace}])
    await firm.by_hand("DELETE", f"Users/{names['alan']}")
    made = await firm.by_hand("POST", "Users", EVE)
    return {**names, "engineering": engineering, "grace": grace, "eve": made["id"]}


async def test_nothing_drifted_after_a_cycle(site):
    await site.sync()

    code, report, sent = await Firm(site, "").drift()

    assert (code, sent) == (0, [])
    assert report == {
        "drifted": [],
        "pending": [],
        "errors": [],
        "checked": 7,
        "healed": 0,
        "cycleRunning": False,
    }


async def test_what_was_edited_by_hand_is_reported_and_nothing_is_written(firm):
    ids = await tamper(firm)
    before = firm.rows()

    code, report, sent = await firm.drift("--unknown")

    kinds = {one["displayName"]: (one["kind"], one["targetId"]) for one in report["drifted"]}
    assert (code, sent) == (1, [])
    assert kinds == {
        "ada@contoso.com": ("changed", ids["ada"]),
        "mary@contoso.com": ("reactivated", ids["mary"]),
        "alan@contoso.com": ("missing", ids["alan"]),
        "Engineering": ("members", ids["engineering"]),
    }
    changes = {one["displayName"]: one["changes"] for one in report["drifted"]}
    title = {"attribute": "title", "from": "Queen", "to": "Head of Engineering"}
    members = {"attribute": "members", "from": [ids["grace"]], "to": [ids["alan"]]}
    assert changes["ada@contoso.com"] == [title]
    assert changes["Engineering"] == [members]
    assert [(one["targetId"], one["duplicateOf"]) for one in report["unknown"]] == [
        (ids["eve"], None)
    ]
    assert firm.rows() == before


@pytest.mark.parametrize("query", ["", "?aadOptscim062020"], ids=["entra", "compliant"])
async def test_heal_brings_everything_back_and_leaves_strangers_alone(firm):
    ids = await tamper(firm)

    code, report, sent = await firm.drift("--heal")
    after = await firm.drift("--unknown")
    synced = await firm.run("sync", "--json")

    assert (code, report["healed"], report["failed"], report["stagedDeletes"]) == (0, 4, [], 0)
    assert sorted(sent) == ["PATCH"] * 4 + ["POST"]
    assert (after[0], after[1]["drifted"]) == (0, [])
    assert [one["targetId"] for one in after[1]["unknown"]] == [ids["eve"]]
    assert json.loads(synced[1])["counts"]["updated"] == 0
    _, logged, _ = await firm.run("logs", "--object", "ada@contoso.com", "--json")
    last = json.loads(logged.splitlines()[-1])
    assert last["cycleId"].startswith("heal-")
    assert [one["newValue"] for one in last["modifiedProperties"]] == ["Head of Engineering"]


async def test_people_read_it_as_a_plan(firm):
    await tamper(firm)

    code, out, err = await firm.run("drift", "--unknown")
    healed, told, _ = await firm.run("drift", "--heal")

    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert (code, healed) == (1, 0)
    assert "~ changed ada@contoso.com Differs: title" in lines
    assert 'title "Queen" → "Head of Engineering"' in lines
    assert "- missing alan@contoso.com Gone from the target" in lines
    assert "members grace@contoso.com → alan@contoso.com" in lines
    assert any(line.startswith("? unknown eve@contoso.com User") for line in lines)
    assert lines[-1] == "9 objects compared: 4 drifted, 1 unknown"
    assert "entrasim drift --heal" in err
    assert told.splitlines()[-1] == "9 objects compared: 4 drifted, 4 healed"


async def test_paused_job_is_reported_on_but_not_healed(firm):
    await tamper(firm)
    await firm.run("job", "pause")

    report = await firm.drift()
    healed = await firm.run("drift", "--heal", "--json")

    assert (report[0], len(report[1]["drifted"])) == (1, 4)
    assert healed[0] == 3
    assert json.loads(healed[1])["error"]["code"] == "JobPaused"


async def test_reactivated_leavers_beyond_the_guard_are_held_back(firm):
    await firm.run("tenant", "user", "disable", "edsger@contoso.com")
    await firm.run("sync")
    for name in ("mary", "edsger"):
        known = await firm.id_of("Users", f"{name}@contoso.com")
        await firm.edit(f"Users/{known}", "replace", "active", value=True)
    config = firm.site.folder / "config" / "entrasim.toml"
    config.write_text(
        config.read_text().replace("# deletion_threshold = 500", "deletion_threshold = 1")
    )

    healed = await firm.run("drift", "--heal", "--json")
    again = await firm.drift()
    allowed = await firm.run("job", "restart", "--reset", "ForceDeletes")
    synced = await firm.run("sync", "--json")

    assert (healed[0], json.loads(healed[1])["stagedDeletes"]) == (3, 2)
    assert [one["reason"] for one in again[1]["pending"]] == ["held back by the deletion guard"] * 2
    assert (allowed[0], json.loads(synced[1])["counts"]["disabled"]) == (0, 2)


async def test_target_that_is_away_gives_four(site):
    code, out, _ = await site.run(
        "drift", "--json", ENTRASIM_JOBS__ENGAGEDLY__TARGET__BASE_URL="http://127.0.0.1:9/scim"
    )

    assert code == 4
    assert "error" in json.loads(out)


async def test_running_cycle_gives_five_to_healing_alone(site):
    await site.sync()
    store = SqlStore.open(f"sqlite:///{site.folder}/state/entrasim.db", clock=SystemClock())

    async with store.lock("engagedly"):
        reported, healed = await site.run("drift"), await site.run("drift", "--heal")
    await store.close()

    assert (reported[0], healed[0]) == (0, 5)
