"""A tenant in a folder, its delta queries, and a client that folds what they tell."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from starlette.routing import Mount

from entrasim.api.application import VERSIONS, answering
from entrasim.api.delta import ChangeHistory
from entrasim.api.delta.routes import routes as deltas
from entrasim.api.numbering import numbered
from entrasim.directory.fixture.graph_tenant import GraphTenant
from entrasim.scheduler.clocks import VirtualClock

EIGHT = datetime(2026, 1, 5, 8, tzinfo=UTC)


class Contoso:
    """A tenant whose files are edited by hand, and the application that serves it."""

    def __init__(self, folder: Path, clock: VirtualClock | None = None) -> None:
        self.folder, self.clock = folder / "contoso", clock or VirtualClock(EIGHT)
        self.users: dict[str, dict] = {}
        self.groups: dict[str, dict] = {}
        self.file = folder / "state" / "history.db"
        self.folder.mkdir(exist_ok=True)
        self.start()

    def start(self) -> None:
        """Begin as a daemon does that was just started."""
        tenant = GraphTenant(self.folder, (), clock=self.clock)
        self.history = ChangeHistory(self.file, tenant)
        routes = deltas(self.history, self.clock)
        self.app = numbered(answering([Mount(version, routes=routes) for version in VERSIONS]))

    def restart(self) -> None:
        self.history.close()
        self.start()

    def save(self) -> None:
        """Write the files, each a new one, as editors do."""
        for name, rows in (("users", self.users), ("groups", self.groups)):
            fresh = self.folder.parent / f"{name}.new"
            fresh.write_text(json.dumps([*rows.values()]), encoding="utf-8")
            fresh.replace(self.folder / f"{name}.json")

    def hire(self, known: str, **properties: object) -> None:
        name = f"{known}@contoso.com"
        self.users[known] = {"id": known, "userPrincipalName": name, **properties}

    def found(self, known: str, *members: str, **properties: object) -> None:
        listed = [{"id": member} for member in members]
        self.groups[known] = {"id": known, "displayName": known, "members": listed, **properties}

    def purge(self, known: str) -> None:
        """Delete a user for good, with all references to them."""
        del self.users[known]
        for user in self.users.values():
            if user.get("manager") == {"id": known}:
                del user["manager"]
        for group in self.groups.values():
            group["members"] = [one for one in group["members"] if one["id"] != known]


class Follower:
    """A client that holds what it was told, object by object.

    Attributes:
        held: properties by id; `manager` and `members` are ids.
        pages: how many pages it has read.
        told: how many changes of members it was told.
    """

    def __init__(self, http, url: str, prefer: str = "") -> None:
        self.http, self.link, self.prefer = http, url, prefer
        self.held: dict[str, dict] = {}
        self.pages = self.told = 0
        self.done = False

    async def follow(self) -> None:
        """A whole round."""
        self.done = False
        while not self.done:
            await self.turn()

    async def turn(self) -> list[dict]:
        """One page."""
        answer = await self.http.get(self.link, headers={"Prefer": self.prefer})
        assert answer.status_code == 200, answer.text
        page = answer.json()
        for item in page["value"]:
            self._fold(item)
        self.pages += 1
        self.done = "@odata.deltaLink" in page
        self.link = page["@odata.deltaLink" if self.done else "@odata.nextLink"]
        return page["value"]

    def _fold(self, item: dict) -> None:
        known = item.pop("id")
        if "@removed" in item:
            self.held.pop(known, None)
            return
        one = self.held.setdefault(known, {"members": set(), "manager": None})
        for member in item.pop("members@delta", ()):
            self.told += 1
            (one["members"].discard if "@removed" in member else one["members"].add)(member["id"])
        for manager in item.pop("manager@delta", ()):
            one["manager"] = None if "@removed" in manager else manager["id"]
        for name, value in item.items():
            one[name] = value
            if value is None:
                del one[name]
