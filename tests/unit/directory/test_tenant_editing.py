"""Editing a tenant's files: whole or not at all, and nothing lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest
from contoso_files import ADA, GRACE, SALES, USERS, write_json, write_tenant

from entrasim.directory.fixture import TenantEditor
from entrasim.directory.fixture.directory import read_tenant
from entrasim.errors import ConfigurationError
from entrasim.model.entry import Presence
from entrasim.scheduler.clocks import SystemClock


async def people(directory):
    reading = await directory.read(None)
    return {e.display_name: e for e in reading.entries}, reading


@pytest.mark.usefixtures("form")
async def test_a_whole_career_in_every_form(editor, directory):
    katherine = editor.add_user(
        "katherine@contoso.com",
        {"givenName": "Katherine", "surname": "Johnson", "manager": "Ada Lovelace"},
    )
    editor.assign("katherine@contoso.com")
    editor.add_member("Sales", "grace@contoso.com")
    editor.set_user("ada@contoso.com", {"jobTitle": None, "city": "London", "manager": None})
    hired, reading = await people(directory)

    editor.disable_user("grace@contoso.com")
    editor.delete_user("katherine@contoso.com")
    left, _ = await people(directory)

    editor.enable_user("grace@contoso.com")
    editor.restore_user("katherine@contoso.com")
    editor.remove_member("Sales", "ada@contoso.com")
    editor.unassign("Sales")
    back, after = await people(directory)

    assert hired["katherine@contoso.com"].properties["displayName"] == "Katherine Johnson"
    assert hired["katherine@contoso.com"].references == {"manager": (ADA,)}
    assert {a.principal_id for a in reading.assignments} == {SALES, katherine}
    assert hired["Sales"].references["members"] == (ADA, GRACE)
    ada = hired["ada@contoso.com"]
    assert ("jobTitle" in ada.properties, ada.properties["city"]) == (False, "London")
    assert ada.references == {}
    assert left["grace@contoso.com"].enabled is False
    assert left["katherine@contoso.com"].presence is Presence.SOFT_DELETED
    assert back["grace@contoso.com"].enabled is True
    assert back["katherine@contoso.com"].presence is Presence.PRESENT
    assert back["Sales"].references["members"] == (GRACE,)
    assert [a.principal_id for a in after.assignments] == [katherine]


@pytest.mark.usefixtures("form")
async def test_purge_takes_every_reference_along_and_leaves_a_tombstone(editor, directory):
    editor.assign("grace@contoso.com")
    editor.add_member("Sales", "grace@contoso.com")

    editor.purge_user("grace@contoso.com")
    reading = await directory.read(None)

    found = {entry.anchor.id: entry for entry in reading.entries}
    assert found[GRACE].presence is Presence.PURGED
    assert found[ADA].references == {}
    assert found[SALES].references["members"] == (ADA,)
    assert [a.principal_id for a in reading.assignments] == [SALES]


@pytest.mark.usefixtures("form")
async def test_deleted_group_leaves_a_tombstone_and_takes_its_assignments_along(editor, directory):
    editor.delete_group("Sales")
    reading = await directory.read(None)

    found = {entry.anchor.id: entry.presence for entry in reading.entries}
    assert found[SALES] is Presence.PURGED
    assert reading.assignments == ()


async def test_group_is_added_empty_and_can_be_assigned(editor, directory, tmp_path):
    write_tenant(tmp_path, "array")

    group = editor.add_group("Research")
    editor.assign("Research")
    reading = await directory.read(None)

    assert group in {a.principal_id for a in reading.assignments}


@pytest.mark.usefixtures("form")
async def test_new_name_is_followed_by_whoever_refers_to_the_old_one(editor, directory):
    editor.assign("grace@contoso.com")

    editor.set_user("grace@contoso.com", {"userPrincipalName": "hopper@contoso.com"})
    found, reading = await people(directory)

    assert found["hopper@contoso.com"].anchor.id == GRACE
    assert found["ada@contoso.com"].references == {"manager": (GRACE,)}
    assert {a.principal_id for a in reading.assignments} == {SALES, GRACE}


@pytest.mark.usefixtures("form")
async def test_cleared_mail_stays_cleared(editor, directory):
    editor.set_user("ada@contoso.com", {"mail": None})
    editor.set_user("ada@contoso.com", {"jobTitle": "Lead"})
    found, _ = await people(directory)

    assert "mail" not in found["ada@contoso.com"].properties
    assert found["ada@contoso.com"].properties["jobTitle"] == "Lead"


def test_manager_is_written_by_name_in_yaml(editor, tmp_path):
    write_tenant(tmp_path, "yaml")

    editor.set_user("grace@contoso.com", {"manager": "Ada Lovelace"})

    assert "manager: ada@contoso.com" in (tmp_path / "tenant.yaml").read_text()


def test_what_is_not_understood_stays_in_json(editor, tmp_path):
    strange = {**USERS[1], "someday": {"deep": [1, 2]}}
    wrapper = {"@odata.context": "c", "value": [USERS[0], strange], "more": 1}
    write_json(tmp_path, users=wrapper)

    editor.set_user("ada@contoso.com", {"jobTitle": "Lead"})

    written = json.loads((tmp_path / "users.json").read_text())
    assert written == {**wrapper, "value": [{**USERS[0], "jobTitle": "Lead"}, strange]}
    assert list(written["value"][0]) == list(USERS[0])


def test_comments_and_order_stay_in_yaml(editor, tmp_path):
    write_tenant(tmp_path, "yaml")
    before = (tmp_path / "tenant.yaml").read_text().splitlines()

    editor.set_user("ada@contoso.com", {"jobTitle": "Lead"})

    after = (tmp_path / "tenant.yaml").read_text().splitlines()
    changed = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    assert changed == [("    jobTitle: Engineer", "    jobTitle: Lead")]
    assert "# Contoso's people" in after


def test_newcomer_in_yaml_gets_only_what_isnt_understood_by_itself(editor, tmp_path):
    write_tenant(tmp_path, "yaml")

    known = editor.add_user("alan@contoso.com", {"givenName": "Alan", "surname": "Turing"})

    text = (tmp_path / "tenant.yaml").read_text()
    assert f"id: {known}" in text
    assert "displayName" not in text
    assert "mailNickname" not in text


def test_upn_of_somebody_in_the_recycle_bin_can_be_given_again(editor, tmp_path):
    write_tenant(tmp_path, "array")
    editor.delete_user("ada@contoso.com")

    known = editor.add_user("ada@contoso.com")
    editor.set_user("ada@contoso.com", {"jobTitle": "New"})

    users = json.loads((tmp_path / "users.json").read_text())
    assert [u["id"] for u in users if u.get("jobTitle") == "New"] == [known]


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda e: e.set_user("adda@contoso.com", {}), "did you mean ada@contoso.com"),
        (lambda e: e.add_user("ADA@contoso.com"), "ADA@contoso.com is there already"),
        (lambda e: e.add_group("sales"), '"sales" is there already'),
        (lambda e: e.disable_user("Sales"), '"Sales" is no user'),
        (lambda e: e.add_member("Ada Lovelace", "Sales"), '"Ada Lovelace" is no group'),
        (lambda e: e.unassign("ada@contoso.com"), "is not assigned"),
    ],
)
def test_mistake_in_an_edit_is_told_and_changes_nothing(editor, tmp_path, act, message):
    write_tenant(tmp_path, "array")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    with pytest.raises(ConfigurationError, match=message):
        act(editor)

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_show_speaks_in_names(editor, tmp_path):
    write_tenant(tmp_path, "array")

    shown = editor.show()

    assert shown["assignments"] == ["Sales"]
    assert shown["groups"][0]["members"] == ["ada@contoso.com"]
    assert shown["users"][0]["manager"] == ["grace@contoso.com"]


EDIT_FOREVER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from entrasim.directory.fixture import TenantEditor
from entrasim.scheduler.clocks import VirtualClock
clock = VirtualClock(datetime(2026, 1, 5, tzinfo=UTC))
editor = TenantEditor(Path(sys.argv[1]), application="Engagedly", clock=clock)
print("ready", flush=True)
for number in range(100000):
    upn = f"user{number}@contoso.com"
    editor.add_user(upn, {"manager": "ada@contoso.com"})
    editor.assign(upn)
    editor.add_member("Sales", upn)
    editor.purge_user(upn)
    print(number, flush=True)
"""


@pytest.mark.parametrize("form", ["array", "yaml"])
def test_editor_killed_at_any_moment_leaves_a_tenant_that_can_be_read(tmp_path, form):
    write_tenant(tmp_path, form)

    for edits in range(6):
        command = [sys.executable, "-c", EDIT_FOREVER, str(tmp_path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            for _ in range(edits + 1):
                process.stdout.readline()
            os.kill(process.pid, signal.SIGKILL)
            process.communicate()
        reading = read_tenant(tmp_path, "Engagedly")
        present = [e for e in reading.entries if e.presence is Presence.PRESENT]

        assert {ADA, GRACE, SALES} <= {e.anchor.id for e in present}


def test_role_that_the_application_does_not_offer_is_refused(tmp_path):
    role = {"id": "role-1", "value": "Lead", "displayName": "Team lead"}
    listed = [{"id": "sp", "displayName": "Engagedly", "appRoles": [role]}]
    (tmp_path / "applications.json").write_text(json.dumps(listed))
    editor = TenantEditor(tmp_path, application="Engagedly", clock=SystemClock())
    editor.add_user("ada@contoso.com")

    with pytest.raises(ConfigurationError, match='no app role "Laed"; there are: Lead'):
        editor.assign("ada@contoso.com", "Laed")

    editor.assign("ada@contoso.com", "team lead")
    assert "role-1" in (tmp_path / "appRoleAssignments.json").read_text()
