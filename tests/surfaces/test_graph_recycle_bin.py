"""Deleted users: listed, restored, deleted for good; and objects of any kind."""

from __future__ import annotations

import pytest
from contoso_files import ADA, GRACE, SALES

from entrasim.directory.fixture.directory import read_tenant
from entrasim.model.entry import Presence

BIN = "directory/deletedItems"


async def test_deleted_user_waits_in_the_recycle_bin_and_comes_back(any_graph):
    await any_graph.send("DELETE", "users/ada@contoso.com", status=204)
    waiting = await any_graph.get(f"{BIN}/microsoft.graph.user?$select=id,deletedDateTime")
    members = await any_graph.get(f"groups/{SALES}/members")
    (entry,) = (e for e in read_tenant(any_graph.folder, "Engagedly").entries if e.anchor.id == ADA)

    back = await any_graph.send("POST", f"{BIN}/{ADA}/restore", status=200)

    assert [(o["id"], o["deletedDateTime"]) for o in waiting["value"]] == [
        (ADA, "2026-01-05T08:00:00Z")
    ]
    assert members["value"] == []
    assert entry.presence is Presence.SOFT_DELETED
    assert (back["@odata.type"], back["id"]) == ("#microsoft.graph.user", ADA)
    assert (await any_graph.get(f"users/{ADA}/manager"))["id"] == GRACE
    assert len((await any_graph.get(f"groups/{SALES}/members"))["value"]) == 1


async def test_deleted_user_is_nowhere_else(graph):
    await graph.send("DELETE", f"users/{GRACE}", status=204)

    for path in ("users/grace@contoso.com", f"users/{GRACE}", f"directoryObjects/{GRACE}"):
        await graph.refused("GET", path, 404)
    await graph.refused("GET", f"users/{ADA}/manager", 404)
    await graph.refused("DELETE", f"users/{GRACE}", 404)
    assert len((await graph.get("users"))["value"]) == 1
    assert (await graph.get(f"{BIN}/{GRACE}"))["displayName"] == "Grace Hopper"


async def test_user_who_is_deleted_for_good_leaves_a_tombstone(any_graph):
    await any_graph.send("DELETE", f"users/{GRACE}", status=204)
    await any_graph.send("DELETE", f"{BIN}/{GRACE}", status=204)

    await any_graph.refused("GET", f"{BIN}/{GRACE}", 404)
    entries = {e.anchor.id: e for e in read_tenant(any_graph.folder, "Engagedly").entries}
    assert entries[GRACE].presence is Presence.PURGED


async def test_user_whose_name_was_given_away_is_not_restored(graph):
    await graph.send("DELETE", f"users/{ADA}", status=204)
    rename = {"userPrincipalName": "ada@contoso.com"}
    await graph.send("PATCH", f"users/{GRACE}", status=204, json=rename)

    _, message = await graph.refused("POST", f"{BIN}/{ADA}/restore")

    assert "userPrincipalName already exists" in message
    assert len((await graph.get(f"{BIN}/graph.user"))["value"]) == 1


@pytest.mark.parametrize("path", [BIN, f"{BIN}?$top=1"])
async def test_recycle_bin_is_listed_by_kind_only(graph, path):
    code, message = await graph.refused("GET", path)

    assert code == "Request_UnsupportedQuery"
    assert "microsoft.graph.user" in message


@pytest.mark.parametrize(
    ("method", "path"), [("GET", ADA), ("POST", f"{ADA}/restore"), ("DELETE", ADA), ("GET", "none")]
)
async def test_who_is_not_in_the_recycle_bin_is_not_found_there(graph, method, path):
    code, _ = await graph.refused(method, f"{BIN}/{path}", 404)

    assert code == "Request_ResourceNotFound"


async def test_objects_of_any_kind_are_found_by_id(graph):
    found = {known: await graph.get(f"directoryObjects/{known}") for known in (ADA, SALES)}

    asked = {"ids": [SALES, ADA, "none"], "types": ["user", "group"]}
    several = await graph.send("POST", "directoryObjects/getByIds", status=200, json=asked)

    assert found[ADA]["@odata.type"] == "#microsoft.graph.user"
    assert found[SALES]["@odata.type"] == "#microsoft.graph.group"
    assert [one["id"] for one in several["value"]] == [SALES, ADA]


async def test_organization_is_the_tenant(graph):
    (tenant,) = (await graph.get("organization"))["value"]

    assert tenant["displayName"] == "contoso"
    assert tenant["verifiedDomains"][0]["name"] == "contoso.com"
