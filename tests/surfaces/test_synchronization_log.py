"""The provisioning log, asked for as Graph's clients do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from served import served


@pytest.fixture
async def site(tmp_path, empty_state):
    async with served(tmp_path, empty_state) as found:
        yield found


async def log(site, query=""):
    answer = await site.client.get(f"/v1.0/auditLogs/provisioning{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def every(_one):
    return True


def nobody(_one):
    return False


async def everything(site, query):
    """All pages of an answer."""
    page = await log(site, query)
    found, pages = page["value"], 1
    while link := page.get("@odata.nextLink"):
        page = (await site.client.get(link)).json()
        found, pages = found + page["value"], pages + 1
    return found, pages


async def test_record_names_job_application_and_tenant_as_graph_does(site):
    job = await site.started()
    asked = "sourceIdentity/displayName eq 'ada@contoso.com' and provisioningAction eq 'create'"

    found = (await log(site, f"?$filter={asked}"))["value"]

    (record,) = found
    assert record["jobId"] == job
    assert record["tenantId"] == site.tenant.id
    assert record["servicePrincipal"] == {"id": site.principal, "displayName": "Engagedly"}
    assert record["provisioningAction"] == "create"
    assert record["provisioningStatusInfo"] == {"status": "success", "errorInformation": None}
    assert record["provisioningSteps"][0]["provisioningStepType"] == "import"


async def test_newest_come_first_unless_they_are_to_come_last(site):
    job = await site.started()
    site.clock.advance(timedelta(minutes=5))
    await site.ask("POST", f"/jobs/{job}/restart", {"criteria": {"resetScope": "Full"}})
    await site.idle()

    newest = [one["activityDateTime"] for one in (await log(site))["value"]]
    oldest = [
        one["activityDateTime"]
        for one in (await log(site, "?$orderby=activityDateTime asc"))["value"]
    ]

    assert newest == sorted(newest, reverse=True)
    assert oldest == sorted(oldest)
    assert len(newest) == len(oldest)
    assert newest[0] != newest[-1]


@pytest.mark.parametrize("order", ["desc", "asc"])
async def test_pages_hold_every_record_once(site, order):
    await site.started()
    whole = (await log(site, f"?$orderby=activityDateTime {order}"))["value"]

    found, pages = await everything(site, f"?$top=3&$orderby=activityDateTime {order}")

    assert pages == -(-len(whole) // 3)
    assert [one["id"] for one in found] == [one["id"] for one in whole]


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("jobId eq '{job}'", every),
        ("jobId eq 'scim.x.y'", nobody),
        ("provisioningAction eq 'Create'", lambda one: one["provisioningAction"] == "create"),
        (
            "provisioningStatusInfo/status eq 'success'",
            lambda one: one["provisioningStatusInfo"]["status"] == "success",
        ),
        ("cycleId eq '{cycle}'", every),
        ("activityDateTime gt 2026-01-05T07:59:59Z", every),
        ("activityDateTime lt 2026-01-05T08:00:00Z", nobody),
        ("activityDateTime ge 2026-01-05T08:00:00Z", every),
        (
            "contains(sourceIdentity/displayName, 'contoso')",
            lambda one: "contoso" in one["sourceIdentity"]["displayName"],
        ),
        (
            "sourceIdentity/identityType eq 'Group' and provisioningAction eq 'create'",
            lambda one: (
                one["sourceIdentity"]["identityType"] == "Group"
                and one["provisioningAction"] == "create"
            ),
        ),
        (
            "provisioningAction eq 'create' or provisioningAction eq 'other'",
            lambda one: one["provisioningAction"] in {"create", "other"},
        ),
        ("not (provisioningAction eq 'create')", lambda one: one["provisioningAction"] != "create"),
    ],
)
async def test_filter_finds_what_it_means_and_nothing_else(site, text, fits):
    job = await site.started()
    whole = (await log(site))["value"]
    text = text.format(job=job, cycle=whole[0]["cycleId"])

    found, _ = await everything(site, f"?$top=4&$filter={text}")

    assert [one["id"] for one in found] == [one["id"] for one in whole if fits(one)]


async def test_select_shows_what_was_chosen(site):
    await site.started()

    (record,) = (await log(site, "?$top=1&$select=id,jobId"))["value"]

    assert set(record) == {"id", "jobId"}


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("$filter=nonsense eq 'x'", "nonsense"),
        ("$filter=jobId eq", "Syntax error"),
        ("$orderby=jobId", "ordered by activityDateTime only"),
        ("$top=0", "between 1 and 1000"),
        ("$top=1001", "between 1 and 1000"),
        ("$skiptoken=none", "belongs to no record"),
        ("$skip=3", "'$skip' is not supported"),
        ("$count=true", "'$count' is not supported"),
    ],
)
async def test_query_that_is_none_is_refused(site, query, told):
    answer = await site.client.get(f"/v1.0/auditLogs/provisioning?{query}")

    assert answer.status_code == 400
    assert told in answer.json()["error"]["message"]
