"""Jobs of the configuration file and jobs that were made, side by side, in API and commands."""

from __future__ import annotations

import json

import pytest
from served import served

from entrasim.model.job import ScheduleState


@pytest.fixture
async def site(tmp_path, empty_state):
    async with served(tmp_path, empty_state) as found:
        yield found


@pytest.fixture
async def shell(site, warm):
    """The same place with the real program, and a daemon that is up all the while."""
    site.target.warm = warm
    return site


async def written(site):
    """The job of the configuration file."""
    return (await site.ask("GET", "/jobs")).json()["value"][0]


async def test_job_of_the_file_stands_with_its_application(site):
    made = await site.made()

    jobs = (await site.ask("GET", "/jobs")).json()["value"]

    assert [job["templateId"] for job in jobs] == ["engagedly", "engagedly"]
    assert jobs[1]["id"] == made
    assert [job["status"]["code"] for job in jobs] == ["Paused", "Paused"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/jobs/{job}/schema", {"synchronizationRules": []}),
        ("DELETE", "/jobs/{job}", None),
        ("PUT", "/secrets", {"value": [{"key": "SecretToken", "value": "x"}]}),
        ("POST", "/jobs/{job}/validateCredentials", {"credentials": []}),
    ],
)
async def test_job_of_the_file_is_changed_in_the_file_only(site, method, path, body):
    job = (await written(site))["id"]

    answer = await site.ask(method, path.format(job=job), body)

    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (403, "Authorization_RequestDenied")
    assert str(site.folder / "config" / "entrasim.toml") in error["message"]


async def test_job_of_the_file_is_started_paused_and_restarted(site):
    job = (await written(site))["id"]

    answers = [
        await site.ask("POST", f"/jobs/{job}/{verb}") for verb in ("start", "restart", "pause")
    ]
    await site.idle()

    assert [answer.status_code for answer in answers] == [204, 204, 204]
    assert "ada@contoso.com" in site.names()
    assert (await written(site))["status"]["code"] == "Paused"


async def test_secrets_of_a_job_of_the_file_are_shown_masked(site):
    shown = await site.ask("GET", "/secrets")

    address = site.target.server.base_url
    assert shown.json()["value"] == [
        {"key": "BaseAddress", "value": address},
        {"key": "SecretToken", "value": "*"},
    ]


async def test_saved_credentials_of_a_job_of_the_file_are_tried(site):
    job = (await written(site))["id"]

    answer = await site.ask(
        "POST", f"/jobs/{job}/validateCredentials", {"useSavedCredentials": True}
    )

    assert answer.status_code == 204


async def run(shell, *arguments):
    return await shell.target.run(*arguments, ENTRASIM_JOBS__ENGAGEDLY__START="paused")


async def test_made_job_is_seen_and_run_by_the_commands(shell):
    job = await shell.trusted()

    _, listed, _ = await run(shell, "job", "list", "--json")
    short = json.loads(listed.splitlines()[1])["id"]
    planned, plan, _ = await run(shell, "plan", "--job", short, "--json")
    await run(shell, "job", "start", "--job", short)
    code, out, err = await run(shell, "sync", "--job", short, "--json")
    _, status, _ = await run(shell, "job", "status", "--job", job, "--json")
    _, logs, _ = await run(shell, "logs", "--job", short, "--json", "--action", "create")

    assert (planned, code) == (0, 0), err
    assert json.loads(plan)["counts"]["created"] == json.loads(out)["counts"]["created"] > 0
    assert "ada@contoso.com" in shell.names()
    assert json.loads(status)["lastExecution"]["state"] == "Succeeded"
    assert len(logs.splitlines()) == json.loads(out)["counts"]["created"]


async def test_made_job_shows_its_schema_and_tenant_by_the_commands(shell):
    job = await shell.trusted("customappsso")

    code, schema, _ = await run(shell, "schema", "show", "--job", job, "--json")
    in_graph = (await shell.ask("GET", f"/jobs/{job}/schema")).json()
    _, tenant, _ = await run(shell, "tenant", "show", "--job", job, "--json")
    unknown, _, err = await run(shell, "schema", "show", "--job", "nobody-s")

    assert code == 0
    assert json.loads(schema)["id"] == in_graph["id"]
    assert json.loads(tenant)["users"]
    assert unknown == 2
    assert 'there is no job "nobody-s"; known: engagedly, ' in err


async def test_daemon_obeys_the_commands_for_a_made_job(shell):
    job = await shell.trusted()

    started, _, err = await run(shell, "job", "start", "--job", job)
    shell.daemon.wake()
    await shell.idle()
    paused, _, _ = await run(shell, "job", "pause", "--job", job)

    found = (await shell.ask("GET", f"/jobs/{job}")).json()
    assert (started, paused) == (0, 0), err
    assert "ada@contoso.com" in shell.names()
    assert found["status"]["code"] == "Paused"


async def test_made_job_is_provisioned_on_demand_by_the_command(shell):
    job = await shell.trusted()

    code, _, err = await run(shell, "provision-on-demand", "ada@contoso.com", "--job", job)

    assert code == 0, err
    assert shell.names() == {"ada@contoso.com"}


async def test_schema_of_a_made_job_is_exported_edited_and_imported(shell):
    job = await shell.trusted()
    file = shell.folder / "mine.json"

    await run(shell, "schema", "export", str(file), "--job", job)
    document = json.loads(file.read_text())
    document["version"] = "mine"
    file.write_text(json.dumps(document))
    code, _, err = await run(shell, "schema", "import", str(file), "--job", job)

    shown = (await shell.ask("GET", f"/jobs/{job}/schema")).json()
    assert code == 0, err
    assert "The next cycle of" in err
    assert shown["version"] == "mine"


async def test_what_is_unwise_in_the_file_is_told_once_when_a_schema_is_imported(shell):
    job, file = await shell.trusted(), shell.folder / "mine.json"
    await run(shell, "schema", "export", str(file), "--job", job)
    plain = {"ENTRASIM_JOBS__ENGAGEDLY__TARGET__TOKEN": "plain-text"}

    code, _, err = await shell.target.run("schema", "import", str(file), "--job", job, **plain)

    assert code == 0, err
    assert err.count("is given in plain text") == 1


async def test_made_job_without_credentials_is_shown_and_can_not_run(shell):
    job = await shell.made()

    status, told, _ = await run(shell, "job", "status", "--job", job)
    started, out, _ = await run(shell, "job", "start", "--job", job)
    code, _, err = await run(shell, "sync", "--job", job)

    assert (status, started, code) == (0, 0, 2)
    assert "BaseAddress and SecretToken are missing" in told
    assert "no cycle can run" in out
    assert f"/servicePrincipals/{shell.principal}/synchronization/secrets" in err


async def test_command_without_a_job_means_the_one_of_the_file(shell):
    await shell.made()

    code, out, err = await run(shell, "plan", "--json")

    assert code == 0, err
    assert json.loads(out)["counts"]["created"] > 0


async def test_job_that_another_process_makes_is_found_by_the_daemon(site):
    await site.trusted()
    await site.idle()
    (definition,) = await site.store.definitions()
    job = (await site.roster.find(definition.id)).job

    await site.store.set_schedule(job, ScheduleState.ACTIVE)
    await site.daemon.refresh()
    known = [status.job.id for status in await site.daemon.status()]
    await site.store.remove(definition.id)
    await site.daemon.refresh()
    after = [status.job.id for status in await site.daemon.status()]

    assert known == ["engagedly", definition.id]
    assert after == ["engagedly"]
