"""Delta queries over HTTP, as a client of Graph sends them."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import unquote

import httpx
import pytest
from delta_client import Contoso, Follower

from entrasim.serving import AsgiServer

ADA, BOB = "6b2f0000-0000-4000-8000-00000000000a", "6b2f0000-0000-4000-8000-00000000000b"
STAFF = "6b2f0000-0000-4000-8000-0000000000ff"


class Served:
    """Contoso on a real socket, and a client of it."""

    def __init__(self, contoso, http, url):
        self.contoso, self.http, self.url = contoso, http, url

    async def get(self, path, prefer=""):
        link = path if "://" in path else f"{self.url}/v1.0{path}"
        return await self.http.get(link, headers={"Prefer": prefer})

    async def link(self, path):
        """The deltaLink of a round that has one page."""
        return (await self.get(path)).json()["@odata.deltaLink"]

    def follower(self, path, prefer=""):
        return Follower(self.http, f"{self.url}/v1.0{path}", prefer)


@pytest.fixture
async def served(tmp_path):
    contoso = Contoso(tmp_path)
    contoso.hire(ADA, displayName="Ada Lovelace", jobTitle="Engineer")
    contoso.hire(BOB, displayName="Bob Kahn", manager={"id": ADA})
    contoso.found(STAFF, ADA, BOB, description="All")
    contoso.save()

    async def app(scope, receive, send):
        await contoso.app(scope, receive, send)

    async with AsgiServer(app) as server, httpx.AsyncClient() as http:
        yield Served(contoso, http, server.url)
    contoso.history.close()


@pytest.mark.parametrize("end", ["", "/"])
@pytest.mark.parametrize(
    "spelling", ["delta", "delta()", "microsoft.graph.delta", "microsoft.graph.delta()"]
)
@pytest.mark.parametrize("version", ["v1.0", "beta"])
async def test_every_spelling_of_the_function_is_understood(served, version, spelling, end):
    answer = await served.get(f"{served.url}/{version}/users/{spelling}{end}")

    assert answer.status_code == 200
    assert answer.json()["@odata.deltaLink"].startswith(
        f"{served.url}/{version}/users/delta?$deltatoken="
    )


async def test_first_round_tells_those_who_are_there(served):
    served.contoso.users[BOB]["deletedDateTime"] = "2026-01-04T08:00:00Z"
    served.contoso.save()

    page = (await served.get("/users/delta?$select=displayName,jobTitle,manager")).json()

    assert page["@odata.context"] == f"{served.url}/v1.0/$metadata#users(displayName,jobTitle)"
    assert page["value"] == [{"id": ADA, "displayName": "Ada Lovelace", "jobTitle": "Engineer"}]


async def test_reference_is_told_with_its_type(served):
    users = (await served.get("/users/delta?$select=manager")).json()
    groups = (await served.get("/groups/delta")).json()

    assert users["value"][1] == {
        "id": BOB,
        "manager@delta": [{"@odata.type": "#microsoft.graph.user", "id": ADA}],
    }
    assert groups["value"] == [
        {
            "id": STAFF,
            "displayName": STAFF,
            "description": "All",
            "members@delta": [
                {"@odata.type": "#microsoft.graph.user", "id": ADA},
                {"@odata.type": "#microsoft.graph.user", "id": BOB},
            ],
        }
    ]


async def test_changed_user_comes_with_all_that_is_selected(served):
    link = await served.link("/users/delta?$select=displayName,jobTitle")
    served.contoso.users[ADA].pop("jobTitle")
    served.contoso.save()

    page = (await served.get(link)).json()

    assert page["value"] == [{"id": ADA, "displayName": "Ada Lovelace", "jobTitle": None}]


async def test_minimal_answer_tells_only_what_changed(served):
    link = await served.link("/users/delta?$select=displayName,jobTitle")
    served.contoso.users[ADA].pop("jobTitle")
    served.contoso.save()

    page = (await served.get(link, "return=minimal")).json()

    assert page["value"] == [{"id": ADA, "jobTitle": None}]


async def test_change_of_what_is_not_selected_is_not_told(served):
    link = await served.link("/users/delta?$select=displayName")
    served.contoso.users[ADA]["jobTitle"] = "Director"
    served.contoso.save()

    page = (await served.get(link)).json()

    assert page["value"] == []


async def test_deleted_purged_and_restored_users_are_told_apart(served):
    link = await served.link("/users/delta?$select=displayName")
    told = []

    for change in ("delete", "restore", "delete", "purge"):
        if change == "purge":
            served.contoso.purge(BOB)
        elif change == "delete":
            served.contoso.users[BOB]["deletedDateTime"] = "2026-01-05T08:00:00Z"
        else:
            del served.contoso.users[BOB]["deletedDateTime"]
        served.contoso.save()
        page = (await served.get(link)).json()
        told += page["value"]
        link = page["@odata.deltaLink"]

    assert told == [
        {"id": BOB, "@removed": {"reason": "changed"}},
        {"id": BOB, "displayName": "Bob Kahn"},
        {"id": BOB, "@removed": {"reason": "changed"}},
        {"id": BOB, "@removed": {"reason": "deleted"}},
    ]


async def test_user_in_the_recycle_bin_is_no_member_until_restored(served):
    link = await served.link("/groups/delta?$select=members")
    served.contoso.users[BOB]["deletedDateTime"] = "2026-01-05T08:00:00Z"
    served.contoso.save()
    gone = (await served.get(link)).json()
    del served.contoso.users[BOB]["deletedDateTime"]
    served.contoso.save()

    back = (await served.get(gone["@odata.deltaLink"])).json()

    member = {"@odata.type": "#microsoft.graph.user", "id": BOB}
    left = {**member, "@removed": {"reason": "deleted"}}
    assert gone["value"] == [{"id": STAFF, "members@delta": [left]}]
    assert back["value"] == [{"id": STAFF, "members@delta": [member]}]


async def test_latest_gives_a_link_and_nothing_else(served):
    page = (await served.get("/users/delta?$deltaToken=latest&$select=jobTitle")).json()
    served.contoso.users[ADA]["jobTitle"] = "Director"
    served.contoso.save()

    later = (await served.get(page["@odata.deltaLink"])).json()

    assert page["value"] == []
    assert later["value"] == [{"id": ADA, "jobTitle": "Director"}]


async def test_pages_show_one_version_whatever_happens_meanwhile(served):
    follower = served.follower("/users/delta?$select=displayName", "odata.maxpagesize=1")
    await follower.turn()
    served.contoso.users[BOB]["displayName"] = "Robert Kahn"
    served.contoso.save()
    await served.get("/users/delta")

    second = await follower.turn()
    third = await follower.turn()

    assert [one["displayName"] for one in second] == ["Bob Kahn"]
    assert [one["displayName"] for one in third] == ["Robert Kahn"]


async def test_filter_follows_the_chosen_alone(served):
    page = (await served.get(f"/users/delta?$select=id&$filter=id eq '{BOB}' or id eq 'x'")).json()
    served.contoso.users[ADA]["displayName"] = "Countess"
    served.contoso.save()

    later = (await served.get(page["@odata.deltaLink"])).json()

    assert page["value"] == [{"id": BOB}]
    assert later["value"] == []


async def test_links_survive_a_restart_and_edits_in_between(served):
    users = served.follower("/users/delta?$select=displayName,manager", "odata.maxpagesize=1")
    await users.turn()
    served.contoso.history.close()
    served.contoso.users[ADA]["displayName"] = "Countess"
    served.contoso.save()
    served.contoso.start()

    await users.follow()
    await users.follow()

    assert {known: one["displayName"] for known, one in users.held.items()} == {
        ADA: "Countess",
        BOB: "Bob Kahn",
    }


async def test_token_of_a_week_ago_has_expired(served):
    link = await served.link("/users/delta")
    served.contoso.clock.advance(timedelta(days=6, hours=23))
    fresh = await served.get(link)
    served.contoso.clock.advance(timedelta(hours=1))

    answer = await served.get(link)

    assert fresh.status_code == 200
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "syncStateNotFound"


async def test_what_no_token_can_ask_for_is_forgotten(served):
    await served.link("/users/delta")
    for day in range(12):
        served.contoso.clock.advance(timedelta(days=1))
        served.contoso.users[ADA]["jobTitle"] = f"Engineer {day}"
        served.contoso.save()
        link = await served.link("/users/delta?$select=jobTitle")

    edition = await served.contoso.history.edition()
    again = await served.get(link)

    assert edition.version - edition.floor == 7
    assert again.json()["value"] == []


async def test_tokens_can_be_made_to_expire(served):
    link = await served.link("/users/delta")
    await served.contoso.history.expire()

    answer = await served.get(link)
    anew = await served.get("/users/delta")

    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == "syncStateNotFound"
    assert len(anew.json()["value"]) == 2


async def test_reset_leads_back_to_the_initial_request(served):
    link = await served.link(f"/groups/delta?$select=displayName,members&$filter=id eq '{STAFF}'")
    await served.contoso.history.expire("reset")

    answer = await served.get(link)
    anew = await served.get(answer.headers["Location"])

    assert answer.status_code == 410
    assert answer.json()["error"]["code"] == "resyncRequired"
    assert unquote(answer.headers["Location"]) == (
        f"{served.url}/v1.0/groups/delta?$select=displayName,members"
        f"&$filter=id eq '{STAFF}'&$deltatoken="
    )
    assert len(anew.json()["value"][0]["members@delta"]) == 2


@pytest.mark.parametrize("loss", ["removed", "damaged"])
async def test_lost_history_asks_clients_to_start_over(served, loss):
    link = await served.link("/users/delta")
    served.contoso.history.close()
    served.contoso.file.unlink() if loss == "removed" else served.contoso.file.write_bytes(b"x" * 9)
    served.contoso.start()

    answer = await served.get(link)

    assert answer.status_code == 410
    assert (await served.get(answer.headers["Location"])).status_code == 200


async def test_history_is_its_owners_alone(served):
    await served.get("/users/delta")

    parts = list(served.contoso.file.parent.iterdir())

    assert {path.stat().st_mode & 0o077 for path in parts} == {0}


async def test_broken_tenant_is_told_and_links_stay_good(served):
    link = await served.link("/users/delta")
    (served.contoso.folder / "users.json").write_text("[{", encoding="utf-8")
    broken = await served.get(link)
    served.contoso.save()

    answer = await served.get(link)

    assert broken.status_code == 503
    assert "users.json" in broken.json()["error"]["message"]
    assert answer.status_code == 200
