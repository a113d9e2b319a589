"""An edit never leaves a tenant that can't be read, nor touches what it wasn't told to."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from datetime import timedelta

import pytest
from contoso_files import ADA, GRACE, USERS, write_json, write_tenant

from entrasim.directory.fixture.directory import read_tenant
from entrasim.errors import ConfigurationError
from entrasim.model.entry import Presence


def entry_of(folder, known):
    reading = read_tenant(folder, "Engagedly")
    return next(entry for entry in reading.entries if entry.anchor.id == known)


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ({"userPrincipalName": "GRACE@contoso.com"}, "GRACE@contoso.com is there already"),
        ({"userPrincipalName": None}, "a user needs a userPrincipalName"),
        ({"accountEnabled": "yes"}, "accountEnabled must be true or false"),
        ({"jobTitle": 7}, "jobTitle must be a text"),
        ({"city": "\udcff"}, "holds bytes that are no text"),
        ({"id": "another"}, "an id is given once"),
        ({"manager": "nobody"}, 'nobody is called "nobody"'),
    ],
)
@pytest.mark.usefixtures("form")
def test_edit_that_would_break_the_tenant_is_refused(editor, tmp_path, properties, message):
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    with pytest.raises(ConfigurationError, match=message):
        editor.set_user("ada@contoso.com", properties)

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.usefixtures("form")
def test_property_is_changed_and_cleared_in_the_spelling_the_file_has(editor, tmp_path):
    editor.set_user("ada@contoso.com", {"businessPhones": "+44 2", "mobilePhone": "+44 3"})
    changed = entry_of(tmp_path, ADA).properties

    editor.set_user("ada@contoso.com", {"telephoneNumber": None, "mobile": None})
    cleared = entry_of(tmp_path, ADA).properties

    assert (changed["telephoneNumber"], changed["mobile"]) == ("+44 2", "+44 3")
    assert not {"telephoneNumber", "mobile"} & set(cleared)


def test_nested_extension_attribute_is_changed_where_it_stands(editor, tmp_path):
    nested = {"onPremisesExtensionAttributes": {"extensionAttribute1": "x"}}
    write_json(tmp_path, users=[{**USERS[1], **nested}])

    editor.set_user("grace@contoso.com", {"extensionAttribute1": "y"})

    (written,) = json.loads((tmp_path / "users.json").read_text())
    assert written["onPremisesExtensionAttributes"] == {"extensionAttribute1": "y"}
    assert "extensionAttribute1" not in written


@pytest.mark.usefixtures("form")
def test_successor_of_a_deleted_user_takes_the_upn_and_nothing_else(editor, tmp_path):
    editor.assign("grace@contoso.com")
    editor.delete_user("grace@contoso.com")

    successor = editor.add_user("grace@contoso.com", {"givenName": "Grace", "surname": "Young"})

    assert entry_of(tmp_path, GRACE).presence is Presence.SOFT_DELETED
    assert entry_of(tmp_path, successor).properties["surname"] == "Young"
    assert entry_of(tmp_path, ADA).references == {"manager": (GRACE,)}
    assigned = {a.principal_id for a in read_tenant(tmp_path, "Engagedly").assignments}
    assert GRACE in assigned
    assert successor not in assigned


@pytest.mark.usefixtures("form")
def test_restoring_means_the_deleted_one_and_is_refused_while_the_upn_is_taken(editor, tmp_path):
    editor.delete_user("grace@contoso.com")
    successor = editor.add_user("grace@contoso.com")
    with pytest.raises(ConfigurationError, match=r"grace@contoso\.com is there already"):
        editor.restore_user("grace@contoso.com")

    editor.set_user(successor, {"userPrincipalName": "young@contoso.com", "mail": None})
    editor.restore_user("grace@contoso.com")

    assert entry_of(tmp_path, GRACE).presence is Presence.PRESENT


@pytest.mark.usefixtures("form")
def test_somebody_may_take_the_name_that_another_gave_up(editor, tmp_path):
    editor.assign("grace@contoso.com")
    new = {"userPrincipalName": "hopper@contoso.com", "mail": "hopper@contoso.com"}
    editor.set_user("grace@contoso.com", new)

    editor.set_user("ada@contoso.com", {"userPrincipalName": "grace@contoso.com"})

    ada = entry_of(tmp_path, ADA)
    assert ada.properties["userPrincipalName"] == "grace@contoso.com"
    assert ada.references == {"manager": (GRACE,)}
    assigned = {a.principal_id for a in read_tenant(tmp_path, "Engagedly").assignments}
    assert GRACE in assigned
    assert ADA not in assigned


def test_second_deletion_doesnt_begin_the_thirty_days_anew(editor, tmp_path, clock):
    write_tenant(tmp_path, "array")
    editor.delete_user("ada@contoso.com")
    first = entry_of(tmp_path, ADA).deleted_at

    clock.advance(timedelta(days=1))
    editor.delete_user("ada@contoso.com")

    assert entry_of(tmp_path, ADA).deleted_at == first


def test_assignments_to_other_applications_are_left_alone(editor, tmp_path):
    other = {"id": "x", "principalId": ADA, "resourceId": "sp-2"}
    write_json(
        tmp_path,
        users=USERS,
        applications=[{"id": "sp-1", "displayName": "Engagedly"}, {"id": "sp-2"}],
        appRoleAssignments=[other],
    )

    editor.assign(ADA)
    given = json.loads((tmp_path / "appRoleAssignments.json").read_text())
    editor.unassign(ADA)
    taken = json.loads((tmp_path / "appRoleAssignments.json").read_text())

    assert [row["resourceId"] for row in given] == ["sp-2", "sp-1"]
    assert taken == [other]


def test_user_of_an_older_export_is_purged_by_objectid(editor, tmp_path):
    (tmp_path / "users.csv").write_text("objectId,userPrincipalName\na,ada@contoso.com\n")

    editor.purge_user("ada@contoso.com")

    assert entry_of(tmp_path, "a").presence is Presence.PURGED


def test_csv_keeps_its_mark_its_line_ends_and_unknown_columns(editor, tmp_path):
    text = "\ufeffid,userPrincipalName,shoe size\r\na,ada@contoso.com,\r\nb,b@contoso.com,43\r\n"
    (tmp_path / "users.csv").write_bytes(text.encode())

    editor.set_user("b@contoso.com", {"shoe size": "44"})

    assert (tmp_path / "users.csv").read_bytes().decode() == text.replace("43", "44")


YAML_WITH_COMMENTS = f"""\
users:
  # the admiral
  grace@contoso.com: # navy
    id: {GRACE}
    givenName: Grace
    surname: Hopper
    mail: g@contoso.com # a short one
    displayName: G
    mailNickname: g
  ada@contoso.com: {{id: {ADA}, manager: grace@contoso.com}} # countess
  bare@contoso.com:
groups:
  Sales: {{members: [ada@contoso.com, grace@contoso.com]}} # all
assignments: [Sales, grace@contoso.com] # few
"""


def test_rename_in_yaml_changes_the_names_and_nothing_else(editor, tmp_path):
    text = YAML_WITH_COMMENTS
    (tmp_path / "tenant.yaml").write_text(text)

    editor.set_user("grace@contoso.com", {"userPrincipalName": "hopper@contoso.com"})

    after = (tmp_path / "tenant.yaml").read_text()
    assert after == text.replace("grace@contoso.com", "hopper@contoso.com")


def test_link_stays_a_link_and_permissions_stay(editor, tmp_path):
    write_tenant(tmp_path, "array")
    kept = tmp_path / "kept"
    kept.mkdir()
    real = (tmp_path / "users.json").rename(kept / "people.json")
    real.chmod(0o640)
    (tmp_path / "users.json").symlink_to(real)

    editor.disable_user("ada@contoso.com")

    assert (tmp_path / "users.json").is_symlink()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert entry_of(tmp_path, ADA).properties["accountEnabled"] is False


HIRE_MANY = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from entrasim.directory.fixture import TenantEditor
from entrasim.scheduler.clocks import VirtualClock
clock = VirtualClock(datetime(2026, 1, 5, tzinfo=UTC))
editor = TenantEditor(Path(sys.argv[1]), application="Engagedly", clock=clock)
for number in range(25):
    editor.add_user(f"{sys.argv[2]}{number}@contoso.com")
"""


@pytest.mark.parametrize("form", ["array", "yaml"])
def test_two_editors_at_once_lose_no_edit(tmp_path, form):
    write_tenant(tmp_path, form)
    command = [sys.executable, "-c", HIRE_MANY, str(tmp_path)]

    editors = [subprocess.Popen([*command, name]) for name in ("left", "right")]
    codes = [editor.wait() for editor in editors]

    found = {entry.display_name for entry in read_tenant(tmp_path, "Engagedly").entries}
    hired = {f"{name}{n}@contoso.com" for name in ("left", "right") for n in range(25)}
    assert codes == [0, 0]
    assert hired <= found
