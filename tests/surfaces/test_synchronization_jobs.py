"""Jobs that are made through Graph's synchronization API, on a real server with a real target."""

from __future__ import annotations

import asyncio

import pytest
from served import served

ADA = "ada@contoso.com"


@pytest.fixture
async def site(tmp_path, empty_state):
    async with served(tmp_path, empty_state) as found:
        yield found


async def test_job_is_made_trusted_started_and_paused_and_people_appear_in_the_target(site):
    job = await site.trusted()
    before = site.names()

    started = await site.ask("POST", f"/jobs/{job}/start")
    await site.idle()
    paused = await site.ask("POST", f"/jobs/{job}/pause")
    sent = len(site.target.exchanges)
    await site.pass_time(80)

    assert (started.status_code, paused.status_code) == (204, 204)
    assert before == set()
    assert ADA in site.names()
    assert len(site.target.exchanges) == sent


async def test_new_job_is_as_graph_s_page_shows_it(site):
    answer = await site.ask("POST", "/jobs", {"templateId": "customappsso"})

    found = answer.json()
    tenant = site.tenant.id.replace("-", "")
    assert answer.status_code == 201
    assert found.pop("@odata.context").endswith("/synchronization/jobs/$entity")
    assert found.pop("id").startswith(f"scim.{tenant}.")
    assert found == {
        "templateId": "customappsso",
        "schedule": {"expiration": None, "interval": "PT40M", "state": "Disabled"},
        "status": {
            "code": "Paused",
            "countSuccessiveCompleteFailures": 0,
            "escrowsPruned": False,
            "lastExecution": None,
            "lastSuccessfulExecution": None,
            "lastSuccessfulExecutionWithExports": None,
            "progress": [],
            "quarantine": None,
            "steadyStateFirstAchievedTime": "0001-01-01T00:00:00Z",
            "steadyStateLastAchievedTime": "0001-01-01T00:00:00Z",
            "synchronizedEntryCountByType": [],
            "troubleshootingUrl": None,
        },
        "synchronizationJobSettings": [
            {"name": "QuarantineTooManyDeletesThreshold", "value": "500"}
        ],
    }


async def test_job_with_credentials_is_paused_until_it_is_started(site):
    job = await site.trusted()

    found = (await site.ask("GET", f"/jobs/{job}")).json()

    assert (found["status"]["code"], found["schedule"]["state"]) == ("Paused", "Disabled")


async def test_job_that_ran_tells_of_its_cycle(site):
    job = await site.started()

    found = (await site.ask("GET", f"/jobs/{job}")).json()

    last = found["status"]["lastExecution"]
    people = len(site.names())
    assert found["schedule"]["state"] == "Active"
    assert found["status"]["code"] == "Active"
    assert last["state"] == "Succeeded"
    assert last["countEscrowed"] == 0
    assert last["countExported"] >= people
    assert last["countEntitled"] > 0
    assert found["status"]["lastSuccessfulExecutionWithExports"] == last
    assert found["status"]["steadyStateLastAchievedTime"] == "2026-01-05T08:00:00Z"
    counted = {one["key"]: one["value"] for one in found["status"]["synchronizedEntryCountByType"]}
    assert counted["User to urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"] == people


async def test_job_runs_every_forty_minutes(site):
    await site.started()
    sent = len(site.target.exchanges)

    await site.pass_time(39)
    early = len(site.target.exchanges)
    await site.pass_time(1)

    assert early == sent
    assert len(site.target.exchanges) > sent


async def test_job_that_is_started_before_it_has_credentials_runs_once_it_has_them(site):
    job = await site.made()

    started = await site.ask("POST", f"/jobs/{job}/start")
    found = (await site.ask("GET", f"/jobs/{job}")).json()
    await site.idle()
    before = site.names()
    await site.ask("PUT", "/secrets", {"value": site.credentials})
    await site.idle()

    assert started.status_code == 204
    assert (found["schedule"]["state"], found["status"]["code"]) == ("Active", "NotConfigured")
    assert before == set()
    assert ADA in site.names()


async def test_deleted_job_is_gone_and_leaves_people_and_log(site):
    job = await site.started()
    people, short = site.names(), (await site.store.definitions())[0].id

    answer = await site.ask("DELETE", f"/jobs/{job}")
    after = await site.ask("GET", f"/jobs/{job}")
    sent = len(site.target.exchanges)
    await site.pass_time(80)

    log = (await site.client.get("/v1.0/auditLogs/provisioning")).json()["value"]
    space = await site.store.connector_space(short)
    assert (answer.status_code, after.status_code) == (204, 404)
    assert (await site.ask("GET", "/jobs")).json()["value"][0]["id"] != job
    assert len(site.target.exchanges) == sent
    assert (space.connections, space.sources) == ((), ())
    assert site.names() == people
    assert {one["jobId"] for one in log} == {job}


@pytest.mark.parametrize("kind", ["servicePrincipal", "application"])
async def test_job_and_secrets_go_with_their_service_principal(site, kind):
    template = "8adf8e6e-67b2-4cf2-a259-e3dc5476c621"
    path = f"/v1.0/applicationTemplates/{template}/instantiate"
    made = (await site.client.post(path, json={"displayName": "HR"})).json()
    site.principal = made["servicePrincipal"]["id"]
    await site.started()
    (secrets,) = (site.folder / "state" / "secrets").glob("*.json")

    answer = await site.client.delete(f"/v1.0/{kind}s/{made[kind]['id']}")

    assert answer.status_code == 204
    assert [one.job.id for one in await site.roster.everybody()] == ["engagedly"]
    assert not secrets.exists()


async def test_running_cycle_of_a_deleted_job_finishes_and_is_forgotten(site):
    job = await site.trusted()
    site.target.gate.clear()
    arrived = asyncio.Event()
    site.target.arrived = lambda _: arrived.set()
    await site.ask("POST", f"/jobs/{job}/start")
    await arrived.wait()
    short = (await site.store.definitions())[0].id

    answer = await site.ask("DELETE", f"/jobs/{job}")
    site.target.gate.set()
    await site.idle()

    assert answer.status_code == 204
    assert ADA in site.names()
    assert (await site.store.connector_space(short)).connections == ()
    assert await site.store.executions(short, 1) == ()


async def test_restart_without_criteria_forgets_the_watermark_and_keeps_the_links(site):
    job = await site.started()
    short = (await site.store.definitions())[0].id

    answer = await site.ask("POST", f"/jobs/{job}/restart", {"criteria": {}})
    await site.idle()

    (last,) = await site.store.executions(short, 1)
    assert answer.status_code == 204
    assert (last.cycle.kind, last.counts.created) == ("initial", 0)


@pytest.mark.parametrize(
    "body", [None, {}, {"criteria": None}, {"criteria": {"resetScope": "Full, Escrows"}}]
)
async def test_restart_takes_criteria_in_any_form(site, body):
    job = await site.trusted()

    answer = await site.ask("POST", f"/jobs/{job}/restart", body)

    assert answer.status_code == 204


async def test_jobs_of_two_applications_do_not_see_each_other(site):
    job = await site.made()

    other = await site.client.get(
        f"/v1.0/servicePrincipals/{'0' * 8}-0000-0000-0000-000000000000/synchronization/jobs/{job}"
    )

    assert other.status_code == 404
    assert other.json()["error"]["code"] == "Request_ResourceNotFound"


async def test_short_id_is_readable_and_its_own(site):
    await site.made()
    await site.made()

    ids = [definition.id for definition in await site.store.definitions()]

    assert len(set(ids)) == 2
    assert all(known.startswith("engagedly-") for known in ids)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"templateId": "aws"}, "there are customappsso, engagedly"),
        ({"templateId": 7}, "Expected `str`, got `int`"),
        ({}, "missing required field `templateId`"),
        ([], "Expected `object`, got `array`"),
    ],
)
async def test_job_of_no_template_is_refused(site, body, told):
    answer = await site.ask("POST", "/jobs", body)

    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (400, "BadRequest")
    assert told in error["message"]
    assert error["innerError"]["request-id"]


async def test_scope_that_is_none_is_refused(site):
    job = await site.made()

    answer = await site.ask(
        "POST", f"/jobs/{job}/restart", {"criteria": {"resetScope": "Watermark,Everything"}}
    )

    assert answer.status_code == 400
    assert "'Everything' is no resetScope" in answer.json()["error"]["message"]


async def test_refused_token_is_called_as_whoever_put_it_knows_it(site):
    job = await site.started()
    site.target.engagedly.delete_connection("test")
    await site.pass_time()

    found = (await site.ask("GET", f"/jobs/{job}")).json()["status"]

    told = [found["quarantine"]["error"]["message"], found["lastExecution"]["error"]["message"]]
    assert found["code"] == "Quarantine"
    assert all("check SecretToken" in message for message in told)
