"""A tenant's folder read as a directory."""

from __future__ import annotations

import json

import pytest
from contoso_files import ADA, GRACE, GROUPS, SALES, USERS, write_json, write_tenant
from hypothesis import given, settings
from hypothesis import strategies as st

from entrasim.directory.fixture import FixtureDirectory
from entrasim.errors import ConfigurationError, SourceError
from entrasim.model.entry import Anchor, ObjectType, Presence


def found(reading, known):
    return next(entry for entry in reading.entries if entry.anchor.id == known)


@pytest.mark.usefixtures("form")
async def test_every_form_gives_the_same_people(directory):
    reading = await directory.read(None)

    ada = found(reading, ADA)
    assert ada.properties == {
        "objectId": ADA,
        "userPrincipalName": "ada@contoso.com",
        "mail": "ada@contoso.com",
        "mailNickname": "ada",
        "displayName": "Ada Lovelace",
        "givenName": "Ada",
        "surname": "Lovelace",
        "jobTitle": "Engineer",
        "accountEnabled": True,
        "telephoneNumber": "+44 20 1",
    }
    assert ada.references == {"manager": (GRACE,)}
    assert found(reading, SALES).references == {"members": (ADA,)}
    assert [a.principal_id for a in reading.assignments] == [SALES]
    assert reading.complete


async def test_both_spellings_are_understood_and_the_service_s_own_wins(directory, tmp_path):
    user = {
        "objectId": ADA,
        "userPrincipalName": "ada@contoso.com",
        "mobilePhone": "1",
        "mobile": "2",
        "officeLocation": "London",
        "faxNumber": None,
        "businessPhones": [],
        "onPremisesExtensionAttributes": {"extensionAttribute1": "x"},
        "employeeOrgData": {"costCenter": "7"},
        "otherMails": ["a@b.c"],
        "identities": [{"x": 1}],
        "jobTitle": "",
    }
    write_json(tmp_path, users=[user])

    reading = await directory.read(None)

    assert reading.entries[0].properties == {
        "objectId": ADA,
        "userPrincipalName": "ada@contoso.com",
        "mobile": "2",
        "physicalDeliveryOfficeName": "London",
        "extensionAttribute1": "x",
        "employeeOrgData.costCenter": "7",
        "otherMails": ("a@b.c",),
    }


async def test_user_in_the_recycle_bin_is_soft_deleted_and_no_dangling_reference(
    directory, tmp_path
):
    gone = {**USERS[1], "deletedDateTime": "2026-01-04T08:00:00Z"}
    write_json(tmp_path, users=[USERS[0], gone])

    reading = await directory.read(None)

    assert found(reading, GRACE).presence is Presence.SOFT_DELETED
    assert found(reading, GRACE).deleted_at.isoformat() == "2026-01-04T08:00:00+00:00"


async def test_tombstone_is_purged_until_its_object_comes_back(directory, tmp_path):
    write_json(tmp_path, users=USERS, purged=[{"id": "gone"}, {"id": ADA}])

    reading = await directory.read(None)

    assert found(reading, "gone").presence is Presence.PURGED
    assert found(reading, ADA).presence is Presence.PRESENT


async def test_watermark_changes_with_the_tenant_alone(directory, tmp_path):
    write_tenant(tmp_path, "array")
    first = await directory.read(None)
    (tmp_path / "unrelated.txt").write_text("x")
    second = await directory.read(first.watermark)

    write_json(tmp_path, users=[{**USERS[0], "jobTitle": "Lead"}, USERS[1]])
    third = await directory.read(second.watermark)

    assert first.watermark == second.watermark != third.watermark


async def test_assignments_to_other_applications_do_not_count(directory, tmp_path):
    write_json(
        tmp_path,
        users=USERS,
        applications=[
            {"id": "sp-1", "appId": "app-1", "displayName": "Engagedly"},
            {"id": "sp-2", "appId": "app-2", "displayName": "Other"},
        ],
        appRoleAssignments=[
            {"principalId": ADA, "resourceId": "sp-1"},
            {"principalId": GRACE, "resourceId": "sp-2"},
        ],
    )

    reading = await directory.read(None)

    assert [a.principal_id for a in reading.assignments] == [ADA]


async def test_application_that_the_tenant_doesnt_know_is_an_error_with_those_it_does(
    directory, tmp_path
):
    write_json(tmp_path, users=USERS, applications=[{"displayName": "Other"}])

    with pytest.raises(SourceError, match='no application is called "Engagedly"; known are other'):
        await directory.read(None)


async def test_missing_folder_is_a_mistake_in_the_configuration(tmp_path):
    directory = FixtureDirectory(tmp_path / "nowhere", application="Engagedly")

    with pytest.raises(ConfigurationError, match="nowhere: there is no such folder"):
        await directory.read(None)


async def test_folder_without_users_is_an_empty_reading(directory):
    reading = await directory.read(None)

    assert reading.entries == ()


@pytest.mark.parametrize("content", ["[]", None])
async def test_lost_users_are_told_before_everything_that_misses_them(directory, tmp_path, content):
    if content is not None:
        (tmp_path / "users.json").write_text(content)
    assigned = '[{"principalId": "ada@contoso.com", "resourceId": "Engagedly"}]'
    (tmp_path / "appRoleAssignments.json").write_text(assigned)

    with pytest.raises(SourceError) as caught:
        await directory.read(None)

    first, *others = str(caught.value).splitlines()
    assert "users: there are none: is their file empty or missing?" in first
    assert 'nobody is called "ada@contoso.com"' in "".join(others)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("users.json", '[\n {"id": "a"},\n {"id" "b"}]', r"users.json:3: broken JSON"),
        ("users.json", '"text"', r'users.json:1: expected an array, or an object with .* "value"'),
        ("users.json", "[1]", r"users.json:1: object 1 is 1, not a JSON object"),
        ("users.jsonl", '{"id": "a"}\n{oops', r"users.jsonl:2: broken JSON"),
        ("users.csv", "id,name\n1,2", r"users.csv:1: .* userPrincipalName"),
        ("users.csv", "userPrincipalName,x\na,b,c", r"users.csv:2: not as many values"),
        ("tenant.yaml", "users:\n  - [", r"tenant.yaml:\d: broken YAML"),
        ("tenant.yaml", "users: {}\nuser: {}", r"tenant.yaml:2: unknown 'user'"),
        ("tenant.yaml", "users:\n  ada@contoso.com: 5", r"tenant.yaml:2: ada@contoso.com must be"),
        ("users.json", '[{"id": "a"},\n{"id": 5}]', r"users.json:2: User 5: id must be a text"),
        ("users.json", '[{"id": "a", "jobTitle": 7}]', r"users.json:1: User a: jobTitle must be"),
        ("users.json", '[{"id": "a", "accountEnabled": "no"}]', r"true or false, not 'no'"),
        ("users.json", '[{"id":"a"},{"id":"a"}]', r"users.json:1: User a: the id a is taken"),
        ("users.json", '[{"id":"a","manager":{"id":"b"}}]', r"manager refers to b, who is not"),
        ("users.json", '[{"id":"a","deletedDateTime":"soon"}]', r"deletedDateTime must be a date"),
        ("tenant.yaml", "users:\n  ada@c.d: {manager: gra@c.d}", r'nobody is called "gra@c.d"'),
        ("tenant.yaml", "users:\n  ada@c.d: {}\nassignments: [ida]", r'assignment: nobody .*"ida"'),
    ],
)
async def test_mistake_in_a_file_names_file_line_and_object(
    directory, tmp_path, name, text, message
):
    (tmp_path / name).write_text(text)

    with pytest.raises(SourceError, match=message):
        await directory.read(None)


async def test_two_users_with_one_upn_are_a_mistake_unless_one_is_deleted(directory, tmp_path):
    twin = {"id": "twin", "userPrincipalName": "ADA@contoso.com"}
    write_json(tmp_path, users=[*USERS, twin])
    with pytest.raises(SourceError, match=r"ada@contoso\.com belongs to two users"):
        await directory.read(None)

    write_json(tmp_path, users=[*USERS, {**twin, "deletedDateTime": "2026-01-01T00:00:00Z"}])
    reading = await directory.read(None)

    assert len(reading.entries) == 3


async def test_users_in_two_files_are_a_mistake(directory, tmp_path):
    write_tenant(tmp_path, "yaml")
    write_json(tmp_path, users=USERS)

    with pytest.raises(SourceError, match=r"several files: .*users.json.*tenant.yaml"):
        await directory.read(None)


async def test_all_mistakes_are_told_at_once(directory, tmp_path):
    users = [{"id": f"u{n}", "jobTitle": n} for n in range(30)]
    write_json(tmp_path, users=users)

    with pytest.raises(SourceError) as caught:
        await directory.read(None)

    lines = str(caught.value).splitlines()
    assert len(lines) == 21
    assert lines[-1] == "and 10 more"


async def test_look_up_gives_who_is_meant_with_managers_and_groups(directory, tmp_path):
    write_tenant(tmp_path, "array")

    by_name = await directory.look_up("ada LOVELACE")
    nobody = await directory.look_up("nobody")

    assert {e.anchor for e in by_name.entries} == {
        Anchor(ObjectType.USER, ADA),
        Anchor(ObjectType.USER, GRACE),
        Anchor(ObjectType.GROUP, SALES),
    }
    assert nobody.entries == ()
    assert len(nobody.assignments) == 1


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "manager", "members", "mail", "businessPhones", "value", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(users=json_values, groups=json_values, assignments=json_values)
@settings(max_examples=150, deadline=None)
async def test_no_json_whatever_is_more_than_a_source_error(
    tmp_path_factory, users, groups, assignments
):
    folder = tmp_path_factory.mktemp("tenant")
    write_json(folder, users=users, groups=groups, appRoleAssignments=assignments)

    try:
        await FixtureDirectory(folder, application="Engagedly").read(None)
    except SourceError as told:
        error = str(told)
    else:
        error = str(folder)

    assert str(folder) in error or "appRoleAssignments" in error


async def test_hundred_thousand_lines_are_read(directory, tmp_path):
    with (tmp_path / "users.jsonl").open("w") as file:
        for number in range(100_000):
            name = f"user{number}@contoso.com"
            file.write(json.dumps({"id": f"u{number}", "userPrincipalName": name}) + "\n")

    reading = await directory.read(None)

    assert len(reading.entries) == 100_000
    assert GROUPS
