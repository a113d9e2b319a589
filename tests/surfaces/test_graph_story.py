"""A long story of edits by the API against plain dictionaries, with names that clash."""

from __future__ import annotations

import random

import pytest
from contoso_files import ADA, GRACE, SALES, write_tenant
from graph_api import graph_api

from entrasim.directory.fixture.directory import read_tenant

NAMES = [
    "Sales",
    "Ada Lovelace",
    "ada@contoso.com",
    ADA,
    "null",
    "true",
    "123",
    "- a",
    "a: b",
    "#c",
]
UPNS = ["ada@contoso.com", "bob@contoso.com", "carol@contoso.com", "grace@contoso.com"]
STEPS = 60


class Story:
    """What a tenant should hold, and the API that changes both alike."""

    def __init__(self, graph, seed):
        self.graph, self.chance = graph, random.Random(seed)  # noqa: S311 - a story, no secret
        self.users = {
            ADA: {"upn": UPNS[0], "manager": GRACE},
            GRACE: {"upn": UPNS[3], "manager": None},
        }
        self.names = {ADA: "Ada Lovelace", GRACE: "Grace Hopper", SALES: "Sales"}
        self.bin, self.groups = {}, {SALES: [ADA]}

    def any_of(self, known):
        return self.chance.choice(sorted(known))

    async def send(self, method, path, body=None, *, well=True):
        answer = await self.graph.client.request(method, path, json=body)
        assert (answer.status_code < 300) is well, f"{method} {path} {body}: {answer.text}"
        return answer.json() if answer.content else {}

    def is_taken(self, upn, besides=None):
        return any(one["upn"] == upn and known != besides for known, one in self.users.items())

    async def hire(self):
        name, upn = self.chance.choice(NAMES), self.chance.choice(UPNS)
        body = {"displayName": name, "userPrincipalName": upn, "mailNickname": "n"}
        body |= {"accountEnabled": True, "passwordProfile": {"password": "p"}}
        well = not self.is_taken(upn)
        made = await self.send("POST", "users", body, well=well)
        if well:
            self.users[made["id"]], self.names[made["id"]] = {"upn": upn, "manager": None}, name

    async def rename(self):
        known, name, upn = (
            self.any_of(self.users),
            self.chance.choice(NAMES),
            self.chance.choice(UPNS),
        )
        well = not self.is_taken(upn, known)
        body = {"displayName": name, "userPrincipalName": upn}
        await self.send("PATCH", f"users/{known}", body, well=well)
        if well:
            self.users[known]["upn"], self.names[known] = upn, name

    async def move(self):
        known, boss = self.any_of(self.users), self.any_of(self.users)
        await self.send("PUT", f"users/{known}/manager/$ref", {"@odata.id": f"/v1.0/users/{boss}"})
        self.users[known]["manager"] = boss

    async def dismiss(self):
        if len(self.users) > 1:
            known = self.any_of(self.users)
            await self.send("DELETE", f"users/{known}")
            self.bin[known] = self.users.pop(known)

    async def restore(self):
        if self.bin:
            known = self.any_of(self.bin)
            well = not self.is_taken(self.bin[known]["upn"])
            await self.send("POST", f"directory/deletedItems/{known}/restore", well=well)
            if well:
                self.users[known] = self.bin.pop(known)

    async def purge(self):
        if self.bin:
            known = self.any_of(self.bin)
            await self.send("DELETE", f"directory/deletedItems/{known}")
            del self.bin[known]
            self.forget(known)

    def forget(self, gone):
        for one in (*self.users.values(), *self.bin.values()):
            one["manager"] = None if one["manager"] == gone else one["manager"]
        for members in self.groups.values():
            members[:] = [member for member in members if member != gone]

    async def found(self):
        member, name = self.any_of(self.users), self.chance.choice(NAMES)
        body = {"displayName": name, "mailEnabled": False, "mailNickname": "g"}
        body |= {"securityEnabled": True, "members@odata.bind": [f"/v1.0/users/{member}"]}
        known = (await self.send("POST", "groups", body))["id"]
        self.groups[known], self.names[known] = [member], name

    async def join(self):
        group, member = self.any_of(self.groups), self.any_of([*self.users, *self.groups])
        well = member not in self.groups[group]
        body = {"@odata.id": f"/v1.0/directoryObjects/{member}"}
        await self.send("POST", f"groups/{group}/members/$ref", body, well=well)
        if well:
            self.groups[group].append(member)

    async def leave(self):
        group = self.any_of(self.groups)
        for member in [one for one in self.groups[group] if one not in self.bin][:1]:
            await self.send("DELETE", f"groups/{group}/members/{member}/$ref")
            self.groups[group].remove(member)

    async def dissolve(self):
        if len(self.groups) > 1:
            group = self.any_of(self.groups)
            await self.send("DELETE", f"groups/{group}")
            del self.groups[group]
            self.forget(group)

    async def check(self):
        users = (await self.send("GET", "users?$select=id,userPrincipalName,displayName"))["value"]
        groups = (await self.send("GET", "groups?$select=id,displayName"))["value"]
        read = {e.anchor.id: e for e in read_tenant(self.graph.folder, "Engagedly").entries}

        assert {o["id"]: o["userPrincipalName"] for o in users} == {
            known: one["upn"] for known, one in self.users.items()
        }
        assert all(self.names[one["id"]] == one["displayName"] for one in (*users, *groups))
        for known, one in (*self.users.items(), *self.bin.items()):
            expected = () if one["manager"] is None else (one["manager"],)
            assert read[known].references.get("manager", ()) == expected
        for known, members in self.groups.items():
            assert set(read[known].references.get("members", ())) == set(members)


@pytest.mark.parametrize("form", ["yaml", "csv"])
async def test_whatever_is_edited_by_the_api_every_reference_means_whom_it_meant(form, tmp_path):
    folder = tmp_path / "contoso"
    folder.mkdir()
    write_tenant(folder, form)
    async with graph_api(folder) as graph:
        story = Story(graph, seed=7)
        events = [story.hire, story.rename, story.move, story.dismiss, story.restore, story.purge]
        events += [story.found, story.join, story.leave, story.dissolve]

        for _ in range(STEPS):
            await story.chance.choice(events)()
            await story.check()

        assert len(story.names) > 5
