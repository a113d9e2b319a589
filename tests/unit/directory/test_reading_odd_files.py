"""Files as editors, spreadsheets and PowerShell leave them, and their mistakes."""

from __future__ import annotations

import json

import pytest
from contoso_files import ADA, GRACE, USERS, write_json, write_tenant

from entrasim.directory.fixture.directory import read_tenant
from entrasim.errors import ConfigurationError, SourceError


def names(folder):
    return [entry.display_name for entry in read_tenant(folder, "Engagedly").entries]


@pytest.mark.parametrize("name", ["users.json", "users.jsonl", "tenant.yaml", "users.csv"])
def test_byte_order_mark_is_no_mistake(tmp_path, name):
    texts = {
        "users.json": '[{"id": "a", "userPrincipalName": "ada@contoso.com"}]',
        "users.jsonl": '{"id": "a", "userPrincipalName": "ada@contoso.com"}',
        "tenant.yaml": "users: {ada@contoso.com: {}}",
        "users.csv": "id,userPrincipalName\r\na,ada@contoso.com\r\n",
    }
    (tmp_path / name).write_text("\ufeff" + texts[name], encoding="utf-8")

    assert names(tmp_path) == ["ada@contoso.com"]


@pytest.mark.parametrize("separator", ["\u2028", "\u2029", "\x85"])
def test_line_separator_of_unicode_ends_no_line_of_json(tmp_path, separator):
    row = {"id": "a", "displayName": f"Ada{separator}Lovelace"}
    (tmp_path / "users.jsonl").write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")

    assert names(tmp_path) == [f"Ada{separator}Lovelace"]


def test_export_of_the_admin_center_is_read_with_all_its_columns(tmp_path):
    columns = (
        "userPrincipalName,displayName,surname,mail,givenName,id,userType,jobTitle,department,"
        "accountEnabled,usageLocation,streetAddress,state,country,officeLocation,city,postalCode,"
        "telephoneNumber,mobilePhone,alternateEmailAddress,ageGroup,consentProvidedForMinor,"
        "legalAgeGroupClassification,companyName,creationType,directorySynced,invitationState,"
        "identityIssuer,createdDateTime"
    )
    line = (
        "ada@contoso.com,Ada Lovelace,Lovelace,ada@contoso.com,Ada,a,Member,Engineer,R&D,True,GB,"
        '"1 Main St\r\nFloor 2",,,L1,London,,+44 1,+44 2,,,,,Contoso,,False,,contoso.com,2026-01-05'
    )
    (tmp_path / "users.csv").write_bytes(f"\ufeff{columns}\r\n{line}\r\n".encode())

    (ada,) = read_tenant(tmp_path, "Engagedly").entries

    assert ada.properties["accountEnabled"] is True
    assert ada.properties["streetAddress"] == "1 Main St\r\nFloor 2"
    assert ada.properties["physicalDeliveryOfficeName"] == "L1"
    assert (ada.properties["telephoneNumber"], ada.properties["mobile"]) == ("+44 1", "+44 2")
    assert "ageGroup" not in ada.properties


def test_short_form_takes_a_list_of_people_as_well(tmp_path):
    text = "users: [ada@contoso.com, {userPrincipalName: grace@contoso.com, mail: g@contoso.com}]"
    (tmp_path / "tenant.yaml").write_text(text)

    assert names(tmp_path) == ["ada@contoso.com", "grace@contoso.com"]


def test_derived_id_stays_when_other_people_come_and_go(tmp_path):
    (tmp_path / "tenant.yaml").write_text("users: {ada@contoso.com: {}}")
    (before,) = read_tenant(tmp_path, "Engagedly").entries

    (tmp_path / "tenant.yaml").write_text("users: {grace@contoso.com: {}, ada@contoso.com: {}}")
    _, after = read_tenant(tmp_path, "Engagedly").entries

    assert before == after


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"users": '[{"id":"a","value":1},\n{"id":5}]'}, r"users\.json:2: User 5: id must be"),
        ({"users": '{"x":"value",\n"value":[\n{"id":5}]}'}, r"users\.json:3: User 5: id must be"),
        ({"users": '[\n{"id":"a"},\n{"id":"b","manager":{"id":"z"}}]'}, r"users\.json:3: User b"),
        ({"users": '[{"id":"a"},\n{"id":"a"}]'}, r"users\.json:2: User a.*\(.*users\.json:1\)"),
        (
            {"users": '[{"id":"a","userPrincipalName":"x"},\n{"id":"b","userPrincipalName":"X"}]'},
            r"users\.json:2: User: userPrincipalName x belongs to two users, a and b",
        ),
        (
            {"users": '[{"id":"a"}]', "appRoleAssignments": '[\n\n{"principalId":"z"}]'},
            r'appRoleAssignments\.json:3: assignment: nobody is called "z"',
        ),
        ({"users": '[{"id":"a"}]', "purged": '[{"id":5}]'}, r"purged\.json:1: tombstone: needs"),
        ({"users": '[{"id":"\\ud800"}]'}, r"users\.json:1: broken JSON"),
        ({"users": '[{"id":NaN}]'}, r"users\.json:1: broken JSON"),
        ({"users": "[" * 100_000}, r"users\.json:1: nested too deeply"),
    ],
)
def test_mistake_names_its_line(tmp_path, files, message):
    for name, text in files.items():
        (tmp_path / f"{name}.json").write_text(text)

    with pytest.raises(SourceError, match=message):
        read_tenant(tmp_path, "Engagedly")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("users: {}\n\nassignments:\n- Ops\n", r"tenant\.yaml:4: assignment: nobody"),
        ("users: [5]", r"tenant\.yaml:1: each of users needs its own userPrincipalName"),
        ("users: {}\napplications: [5]", r"tenant\.yaml:2: application 5 is no name"),
        ("users:\n  a@c.d: {}\n  A@c.d: {}", r"tenant\.yaml:3: User A@c\.d: the id .* is taken"),
        ("users: &u [*u]", r"tenant\.yaml:1: "),
    ],
)
def test_mistake_in_the_short_form_names_its_line(tmp_path, text, message):
    (tmp_path / "tenant.yaml").write_text(text)

    with pytest.raises(SourceError, match=message):
        read_tenant(tmp_path, "Engagedly")


def test_file_that_is_no_utf_8_names_its_line(tmp_path):
    (tmp_path / "users.csv").write_bytes(b"userPrincipalName\nada@contoso.com\n\xff\n")

    with pytest.raises(SourceError, match=r"users\.csv:3: can't be read: it is not UTF-8"):
        read_tenant(tmp_path, "Engagedly")


def test_every_broken_file_is_told_at_once(tmp_path):
    for name in ("users", "groups", "purged"):
        (tmp_path / f"{name}.json").write_text("[")

    with pytest.raises(SourceError) as caught:
        read_tenant(tmp_path, "Engagedly")

    assert len(str(caught.value).splitlines()) == 3


def test_tens_of_thousands_of_mistakes_are_told_as_quickly_as_one(tmp_path):
    users = [{"id": f"u{n}", "manager": f"nobody{n}"} for n in range(20_000)]
    write_json(tmp_path, users=users)

    with pytest.raises(SourceError, match="and 19980 more"):
        read_tenant(tmp_path, "Engagedly")


def test_file_in_the_place_of_the_folder_is_a_mistake_in_the_configuration(tmp_path):
    (tmp_path / "contoso").write_text("")

    with pytest.raises(ConfigurationError, match="there is no such folder"):
        read_tenant(tmp_path / "contoso", "Engagedly")


def test_role_of_an_assignment_is_found_by_its_value(tmp_path):
    write_tenant(tmp_path, "array")
    role = {"id": "role-1", "value": "Lead", "displayName": "Team lead"}
    write_json(
        tmp_path,
        applications=[{"id": "sp", "displayName": "Engagedly", "appRoles": [role]}],
        appRoleAssignments=[{"principalId": ADA, "resourceId": "sp", "appRole": "lead"}],
    )

    (assignment,) = read_tenant(tmp_path, "Engagedly").assignments

    assert assignment.app_role_id == "role-1"


def test_soft_deleted_manager_by_name_is_no_dangling_reference(tmp_path):
    deleted = {**USERS[1], "deletedDateTime": "2026-01-01T00:00:00Z"}
    write_json(tmp_path, users=[{**USERS[0], "manager": "Grace Hopper"}, deleted])

    ada, _ = read_tenant(tmp_path, "Engagedly").entries

    assert ada.references == {"manager": (GRACE,)}
