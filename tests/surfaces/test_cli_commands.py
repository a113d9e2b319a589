"""The command line: exit codes, JSON shapes, and words for people."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest

from entrasim.cli.app import run

COMMANDS = [
    "demo",
    "init",
    "serve",
    "sync",
    "plan",
    "provision-on-demand",
    "drift",
    "job list",
    "job status",
    "job start",
    "job pause",
    "job restart",
    "test-connection",
    "logs",
    "schema show",
    "schema export",
    "schema import",
    "schema validate",
    "state backup",
    "state restore",
    "tenant show",
    "tenant user add",
    "tenant user set",
    "tenant user purge",
    "tenant group add-member",
    "tenant assign",
    "engagedly serve",
    "engagedly connection add",
    "engagedly employees",
    "engagedly groups",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command, capsys):
    code = run([*command.split(), "--help"])

    assert code == 0
    assert capsys.readouterr().out.startswith("Usage: entrasim")


def test_help_imports_nothing_heavy(tmp_path):
    code = (
        "import sys; from entrasim.cli.app import run; run(['--help']); "
        "print([m for m in ('sqlalchemy', 'scim2_models', 'lark', 'alembic', 'aiohttp', "
        "'pydantic') if m in sys.modules], file=sys.stderr)"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )

    assert done.stderr.strip() == "[]"


async def test_first_sync_tells_people_and_machines(site):
    code, out, err = await site.run("sync")
    again, machine, quiet = await site.run("sync", "--full", "--json")

    assert (code, again, quiet) == (0, 0, "")
    assert "+ create    ada@contoso.com" in out
    assert "Initial cycle: 7 created, 6 updated, 3 skipped" in out
    assert "\x1b[" not in out + err
    execution = json.loads(machine)
    assert set(execution) == {"jobId", "cycleId", "kind", "state", "counts", "requests", "seconds"}
    assert (execution["kind"], execution["state"]) == ("initial", "Succeeded")
    assert execution["counts"] == {
        "imported": 12,
        "inScope": 7,
        "created": 0,
        "updated": 0,
        "disabled": 0,
        "enabled": 0,
        "deleted": 0,
        "stagedDeletes": 0,
        "skipped": 10,
        "escrowed": 0,
    }


async def test_plan_shows_what_sync_then_sends(site):
    await site.sync()
    await site.run("tenant", "user", "set", "ada@contoso.com", "jobTitle=CTO")
    await site.run("tenant", "user", "add", "evelyn@contoso.com", "givenName=Evelyn", "surname=B")
    await site.run("tenant", "assign", "evelyn@contoso.com")
    sent = len(site.exchanges)

    code, out, _ = await site.run("plan", "--json")
    explained = (await site.run("plan", "--explain", "--requests"))[1]
    writes = [e for e in site.exchanges[sent:] if e.method != "GET"]
    execution = await site.sync()

    plan = json.loads(out)
    assert (code, writes) == (0, [])
    assert [(d["action"], d["displayName"]) for d in plan["decisions"]] == [
        ("update", "ada@contoso.com"),
        ("create", "evelyn@contoso.com"),
    ]
    ada, evelyn = plan["decisions"]
    assert ada["changes"] == [{"attribute": "title", "from": "Head of Engineering", "to": "CTO"}]
    assert [r["method"] for r in ada["requests"] + evelyn["requests"]] == ["PATCH", "POST"]
    assert ada["requests"][0]["url"].startswith(site.server.base_url + "/Users/")
    assert plan["counts"]["updated"] == execution["counts"]["updated"] == 1
    assert "In scope: member of Engineering" in explained
    assert '"op": "Replace"' in explained
    assert site.token not in explained


async def test_failed_object_gives_one_and_the_log_says_why(site):
    await site.run("tenant", "user", "set", "ada@contoso.com", "mail=")

    code, out, err = await site.run("sync")
    logged = (await site.run("logs", "--status", "failure", "--json"))[1]
    status = (await site.run("job", "status"))[1]

    assert code == 1
    assert "✗ failed    ada@contoso.com  MissingValues" in out
    assert "What failed, and when it is tried again: entrasim job status" in err
    summary = json.loads(logged.splitlines()[0])
    assert summary["provisioningStatusInfo"]["errorInformation"]["errorCode"] == "MissingValues"
    assert summary["sourceIdentity"]["displayName"] == "ada@contoso.com"
    assert "ada@contoso.com: match fails for" in status
    assert re.search("1 attempt, again in (6 h|5 h 59 min)", status)
    assert "MissingValues" in status


async def test_leavers_above_the_threshold_give_three_until_somebody_allows_them(site):
    await site.sync()
    threshold = {"ENTRASIM_JOBS__ENGAGEDLY__DELETION_THRESHOLD": "2"}
    await site.run("tenant", "unassign", "Engineering")

    held, out, err = await site.run("sync", **threshold)
    planned = (await site.run("plan", **threshold))[0]
    logged = (await site.run("logs", "--action", "stagedDelete"))[1]
    waiting = (await site.run("job", "status"))[1]
    told = (await site.run("job", "restart", "--reset", "ForceDeletes"))[1]
    to_go = (await site.run("job", "status"))[1]
    allowed, machine, _ = await site.run("sync", "--json", **threshold)

    assert (held, planned, allowed) == (3, 3, 0)
    assert "! held back" in out
    assert "job restart --reset ForceDeletes" in err
    assert logged.count("held back, since too many would leave at once") == 4
    assert "Held back   4 leavers: entrasim job restart --reset ForceDeletes" in waiting
    assert "the next cycle lets go whom the deletion guard held back" in told
    assert "Held back   4 leavers, allowed to go in the next cycle" in to_go
    assert json.loads(machine)["counts"]["disabled"] == 4


async def test_paused_job_gives_three_but_plan_and_on_demand_work(site):
    await site.run("job", "pause")

    refused, out, err = await site.run("sync", "--json")
    planned = (await site.run("plan"))[0]
    on_demand, shown, _ = await site.run("provision-on-demand", "ada@contoso.com")

    assert (refused, planned, on_demand) == (3, 0, 0)
    assert json.loads(out)["error"]["code"] == "JobPaused"
    assert "entrasim job start" in err
    assert "In scope: member of Engineering" in shown


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"ENGAGEDLY_TOKEN": "wrong"}, "refuses the token (401)"),
        ({"ENTRASIM_JOBS__ENGAGEDLY__TARGET__BASE_URL": "http://127.0.0.1:9/scim"}, "9/scim"),
        ({"ENTRASIM_JOBS__ENGAGEDLY__TARGET__BASE_URL": "{url}/"}, "check the tenant URL"),
    ],
)
async def test_target_that_cant_be_used_gives_four_with_a_diagnosis(site, environment, expected):
    found = {k: v.replace("{url}", site.server.url) for k, v in environment.items()}

    synced, out, err = await site.run("sync", "--json", **found)
    tested, _, told = await site.run("test-connection", **found)

    assert (synced, tested) == (4, 4)
    assert expected in err
    assert expected in told
    assert "Traceback" not in err + told
    assert json.loads(out)["error"]["message"] in err
    assert [e for e in site.exchanges if e.method != "GET"] == []


@pytest.mark.parametrize(
    ("text", "code", "expected"),
    [
        ("users: [", 4, "tenant.yaml:1: broken YAML"),
        ("users: {}", 4, "no users"),
        ("users: {a@c.d: {manager: b@c.d}}", 4, 'nobody is called "b@c.d"'),
        (None, 2, "there is no such folder"),
    ],
)
async def test_tenant_that_cant_be_read_gives_its_code_and_disables_nobody(
    site, text, code, expected
):
    await site.sync()
    tenant = site.folder / "config" / "tenants" / "contoso" / "tenant.yaml"
    if text is None:
        tenant.unlink()
        tenant.parent.rmdir()
    else:
        tenant.write_text(text)

    found, _, err = await site.run("sync")

    assert found == code
    assert expected in err
    assert {e["status"] for e in site.engagedly.employees()} == {"Active"}


def test_mistakes_in_the_configuration_are_told_at_once(tmp_path):
    (tmp_path / "bad.toml").write_text(
        '[service]\nprot = 1\n[[jobs]]\nid = "My Job"\ninterval = "soon"\n'
        '[jobs.directory]\nkind = "cloud"\npath = "x"\n[jobs.target]\nbase_url = "ftp://x"\n'
    )

    done = run_plain(tmp_path, "sync", "--config", "bad.toml")

    assert done.returncode == 2
    lines = done.stderr.splitlines()
    for expected in (
        "service.prot: there is no such key; did you mean port?",
        "interval: 'soon' is no duration",
        "directory.kind: expected 'fixture' or 'graph'",
        "target.base_url: expected a URL",
        "target.token: is missing",
    ):
        assert any(expected in line and "bad.toml" in line for line in lines), lines


def test_missing_token_is_told_with_its_variable_and_without_a_traceback(tmp_path):
    run_plain(tmp_path, "init")

    done = run_plain(tmp_path, "sync")

    assert done.returncode == 2
    assert "the environment variable ENGAGEDLY_TOKEN is not set" in done.stderr
    assert "jobs.engagedly.target.token" in done.stderr
    assert "Traceback" not in done.stderr


def test_usage_error_gives_two(tmp_path):
    unknown = run_plain(tmp_path, "sync", "--fast")
    no_file = run_plain(tmp_path, "sync")

    assert unknown.returncode == 2
    assert no_file.returncode == 2
    assert "entrasim init" in no_file.stderr


def test_init_overwrites_nothing(tmp_path):
    first = run_plain(tmp_path, "init")
    (tmp_path / "config" / "entrasim.toml").write_text("mine")
    second = run_plain(tmp_path, "init")

    assert (first.returncode, second.returncode) == (0, 2)
    assert (tmp_path / "config" / "entrasim.toml").read_text() == "mine"


def test_schema_is_exported_whole_and_validated(tmp_path):
    run_plain(tmp_path, "init")
    token = {"ENGAGEDLY_TOKEN": "x"}

    exported = run_plain(tmp_path, "schema", "export", "mine.json", **token)
    valid = run_plain(tmp_path, "schema", "validate", "mine.json")
    document = json.loads((tmp_path / "mine.json").read_text())
    mapping = document["synchronizationRules"][0]["objectMappings"][0]["attributeMappings"]
    mapping[1]["source"]["expression"] = 'Switch([IsSoftDeleted], , "False"'
    mapping[2]["targetAttributeName"] = "nowhere"
    (tmp_path / "mine.json").write_text(json.dumps(document))
    wrong = run_plain(tmp_path, "schema", "validate", "mine.json", "--json")
    shown = run_plain(tmp_path, "schema", "show", **token)

    assert (exported.returncode, valid.returncode, wrong.returncode) == (0, 0, 1)
    told = json.loads(wrong.stdout)["problems"]
    assert any("nowhere is not defined" in problem for problem in told)
    assert any("attributeMappings[1] (active): expected" in problem for problem in told)
    assert "userName" in shown.stdout
    assert "[mail]" in shown.stdout


def run_plain(folder, *arguments, **environment):
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "entrasim", *arguments],
        cwd=folder,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
