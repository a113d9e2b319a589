"""A person's first morning with the real program: every process, port and file is real."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest


class Folder:
    """An empty folder to begin in; knows its environment."""

    def __init__(self, path):
        self.path = path
        self.environment = {
            name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ
        }

    def run(self, *arguments, code=0):
        """Run the program; give what it says to people, or the JSON that it prints."""
        done = subprocess.run(
            [sys.executable, "-m", "entrasim", *arguments],
            cwd=self.path,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        assert "\x1b[" not in done.stdout + done.stderr
        if "--json" not in arguments:
            return done.stdout + done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    def serve(self):
        """Start the stand-in on a free port; gives its process and where it listens."""
        process = subprocess.Popen(
            [sys.executable, "-m", "entrasim", "engagedly", "serve", "--port", "0", "--json"],
            cwd=self.path,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        return process, json.loads(process.stdout.readline())


@pytest.fixture
def folder(tmp_path):
    """A folder with a starter, a stand-in that is served, and a connection to it."""
    found = Folder(tmp_path)
    told = found.run("init")
    process, where = found.serve()
    port = where["url"].rpartition(":")[2]
    (made,) = found.run("engagedly", "connection", "add", "entra", "--port", port, "--json")
    found.environment["ENGAGEDLY_TOKEN"] = made["token"]
    found.environment["ENTRASIM_JOBS__ENGAGEDLY__TARGET__BASE_URL"] = made["baseUrl"]
    assert "entrasim engagedly serve" in told
    assert made["baseUrl"] == where["baseUrl"]
    yield found
    process.send_signal(signal.SIGTERM)
    process.communicate()
    assert process.returncode == 0


def test_first_morning(folder):
    connected = folder.run("test-connection")
    planned = folder.run("plan")
    told = folder.run("sync")
    status = folder.run("job", "status")
    logged = folder.run("logs", "--object", "ada@contoso.com", "--action", "create")
    employees = folder.run("engagedly", "employees")

    assert "answers as a SCIM endpoint and accepts the token" in connected
    assert "+ create    ada@contoso.com" in planned
    assert "…:manager  {id of grace@contoso.com}" in planned
    assert "hedy@contoso.com" not in planned
    assert "Plan, initial cycle: 7 to create, 6 to update, 3 skipped" in planned
    assert "Initial cycle: 7 created, 6 updated, 3 skipped · 27 requests" in told
    assert "Linked      7 objects" in status
    assert "Next cycle  incremental, due in 39 min" in status
    assert "7 created, 6 updated, 3 skipped" in status
    assert "userName, active, displayName, title and 8 more" in logged
    assert "Ada Lovelace" in employees


def test_people_come_go_and_change(folder):
    folder.run("sync")
    hired = folder.run(
        *("tenant", "user", "add", "evelyn@contoso.com", "--given-name", "Evelyn"),
        *("--surname", "Boyd Granville", "--manager", "ada@contoso.com", "state=Virginia"),
    )
    folder.run("tenant", "assign", "evelyn@contoso.com")
    folder.run("tenant", "user", "set", "ada@contoso.com", "--job-title", "CTO", "city=")
    folder.run("tenant", "group", "remove-member", "Engineering", "dennis@contoso.com")

    (execution,) = folder.run("sync", "--json")
    (silent,) = folder.run("sync", "--json")
    (shown,) = folder.run("tenant", "show", "--json")
    employees = {e["email"]: e for e in folder.run("engagedly", "employees", "--json")}

    counts = execution["counts"]
    assert "evelyn@contoso.com" in hired
    assert (execution["kind"], execution["state"]) == ("incremental", "Succeeded")
    assert (counts["created"], counts["updated"], counts["disabled"]) == (1, 1, 1)
    assert silent["requests"] == {"total": 1, "byMethod": {"GET": 1}}
    assert employees["evelyn@contoso.com"]["primary_reporter"] == "ada@contoso.com"
    assert employees["ada@contoso.com"]["job_title"] == "CTO"
    assert employees["dennis@contoso.com"]["status"] == "Blocked"
    (ada,) = [u for u in shown["users"] if u["userPrincipalName"] == "ada@contoso.com"]
    assert "city" not in ada


def test_job_is_paused_restarted_and_started_from_the_command_line(folder):
    folder.run("sync")

    folder.run("job", "pause")
    (refused,) = folder.run("sync", "--json", code=3)
    (paused,) = folder.run("job", "status", "--json")
    restarted = folder.run("job", "restart", "--reset", "Watermark", "Escrows")
    folder.run("job", "start")
    (listed,) = folder.run("job", "list", "--json")
    (again,) = folder.run("sync", "--json")

    assert refused["error"]["code"] == "JobPaused"
    assert (paused["schedule"], paused["nextDueAt"], paused["linked"]) == ("Paused", None, 7)
    assert "Escrows, Watermark" in restarted
    assert listed["schedule"] == "Active"
    assert listed["graphId"].startswith("scim.")
    assert (again["kind"], again["counts"]["created"]) == ("initial", 0)


def test_log_is_read_by_programs_line_by_line(folder):
    (execution,) = folder.run("sync", "--json")

    all_of_it = folder.run("logs", "--json", "--cycle", execution["cycleId"])
    skipped = folder.run("logs", "--json", "--status", "skipped")
    none = folder.run("logs", "--json", "--cycle", "another")
    mistaken = folder.run("logs", "--status", "skiped", "--json", code=2)

    assert len(all_of_it) == 16
    assert {r["provisioningStatusInfo"]["errorInformation"]["errorCode"] for r in skipped} == {
        "NotEffectivelyEntitled"
    }
    assert {"id", "cycleId", "provisioningSteps", "modifiedProperties"} <= set(all_of_it[0])
    assert none == []
    assert "skipped" in mistaken[0]["error"]["message"]
