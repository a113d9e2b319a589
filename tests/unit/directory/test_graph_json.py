"""Graph's JSON of a user, group or assignment, read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from entrasim.directory import graph_json
from entrasim.model.entry import (
    DEFAULT_ACCESS,
    Anchor,
    EntryChange,
    ObjectType,
    Presence,
    ReferenceChange,
)


def user(**properties):
    return graph_json.entry({"id": "u", **properties}, ObjectType.USER)


@pytest.mark.parametrize(
    ("given", "known", "value"),
    [
        ({"businessPhones": ["1", "2"]}, "telephoneNumber", "1"),
        ({"telephoneNumber": "1"}, "telephoneNumber", "1"),
        ({"mobilePhone": "1"}, "mobile", "1"),
        ({"faxNumber": "1"}, "facsimileTelephoneNumber", "1"),
        ({"officeLocation": "L"}, "physicalDeliveryOfficeName", "L"),
        ({"mobile": "2", "mobilePhone": "1"}, "mobile", "2"),
        ({"mobilePhone": "1", "mobile": "2"}, "mobile", "2"),
        ({"mobilePhone": "1", "mobile": None}, "mobile", "1"),
        ({"extension_0a_shoeSize": 43}, "extension_0a_shoeSize", 43),
        (
            {"onPremisesExtensionAttributes": {"extensionAttribute3": "x"}},
            "extensionAttribute3",
            "x",
        ),
        ({"employeeOrgData": {"division": "x"}}, "employeeOrgData.division", "x"),
        ({"proxyAddresses": ["a", "b"]}, "proxyAddresses", ("a", "b")),
    ],
)
def test_property_bears_the_provisioning_service_s_name(given, known, value):
    assert user(**given).properties == {"objectId": "u", known: value}


@pytest.mark.parametrize("nothing", [None, "", [], [1, 2], [{"a": 1}], {"a": 1}, 1.5], ids=repr)
def test_empty_and_unusable_values_are_absent(nothing):
    assert user(someday=nothing).properties == {"objectId": "u"}


def test_moment_of_deletion_is_read_in_any_zone():
    entry = user(deletedDateTime="2026-01-05T10:00:00+02:00")

    assert entry.deleted_at == datetime(2026, 1, 5, 8, tzinfo=UTC)
    assert entry.presence is Presence.SOFT_DELETED


def test_member_named_twice_is_one_member():
    group = graph_json.entry({"id": "g", "members": [{"id": "u"}, {"id": "u"}]}, ObjectType.GROUP)

    assert group.references == {"members": ("u",)}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"displayName": 5}, "displayName must be a text, not 5"),
        ({"businessPhones": [5]}, "businessPhones must be a text, not 5"),
        ({"accountEnabled": "yes"}, "accountEnabled must be true or false, not 'yes'"),
        ({"manager": 5}, r'manager must be given as {"id": …}, not 5'),
        ({"members": {"id": "x"}}, r'members must be a list of {"id": …}'),
        ({"deletedDateTime": "soon"}, "deletedDateTime must be a date and time, not 'soon'"),
        ({"id": ""}, "id must be a text, not ''"),
    ],
)
def test_wrong_type_is_told_with_what_was_expected(given, message):
    with pytest.raises(graph_json.MalformedError, match=message):
        user(**given)


def test_assignment_without_role_is_default_access():
    found = graph_json.assignment({"principalId": "u"})

    assert (found.principal_id, found.app_role_id) == ("u", DEFAULT_ACCESS)


def changed(**told):
    return graph_json.change({"id": "u", **told}, ObjectType.USER)


@pytest.mark.parametrize(
    ("given", "properties"),
    [
        ({"jobTitle": None}, {"jobTitle": None}),
        ({"businessPhones": []}, {"telephoneNumber": None}),
        ({"businessPhones": ["1"]}, {"telephoneNumber": "1"}),
        ({"mobilePhone": None, "mobile": "1"}, {"mobile": "1"}),
        ({"mobile": None, "mobilePhone": "1"}, {"mobile": "1"}),
        ({"displayName": ""}, {"displayName": None}),
        (
            {"onPremisesExtensionAttributes": {"extensionAttribute1": None}},
            {"extensionAttribute1": None},
        ),
        (
            {"onPremisesExtensionAttributes": None},
            {f"extensionAttribute{n}": None for n in range(1, 16)},
        ),
        (
            {"employeeOrgData": None},
            {"employeeOrgData.costCenter": None, "employeeOrgData.division": None},
        ),
        ({"employeeOrgData": {"division": "x"}}, {"employeeOrgData.division": "x"}),
        (
            {"userPrincipalName": "ada@contoso.com"},
            {"userPrincipalName": "ada@contoso.com", "originalUserPrincipalName": None},
        ),
        (
            {"userPrincipalName": "ada_fabrikam.com#EXT#@contoso.com"},
            {
                "userPrincipalName": "ada@fabrikam.com",
                "originalUserPrincipalName": "ada_fabrikam.com#EXT#@contoso.com",
            },
        ),
    ],
)
def test_change_tells_what_was_set_and_what_was_cleared(given, properties):
    assert changed(**given).properties == {"objectId": "u", **properties}


@pytest.mark.parametrize(
    ("reason", "presence"), [("changed", Presence.SOFT_DELETED), ("deleted", Presence.PURGED)]
)
def test_removed_object_is_in_the_bin_or_gone(reason, presence):
    told = changed(**{"@removed": {"reason": reason}})

    assert told == EntryChange(anchor=Anchor(ObjectType.USER, "u"), presence=presence)


GONE = {"@removed": {"reason": "deleted"}}


@pytest.mark.parametrize(
    ("given", "name", "reference"),
    [
        (
            {"members@delta": [{"id": "a"}, {"id": "b", **GONE}]},
            "members",
            ReferenceChange(joined=("a",), left=("b",)),
        ),
        ({"members": [{"id": "a"}]}, "members", ReferenceChange(joined=("a",), whole=True)),
        (
            {"manager@delta": [{"id": "a", **GONE}, {"id": "b"}]},
            "manager",
            ReferenceChange(joined=("b",), left=("a",), whole=True),
        ),
        ({"manager@delta": [{"id": "a", **GONE}]}, "manager", ReferenceChange(left=("a",))),
        ({"manager": {"id": "a"}}, "manager", ReferenceChange(joined=("a",), whole=True)),
        ({"manager": None}, "manager", ReferenceChange(whole=True)),
        (
            {
                "members@delta": [
                    {"id": "a", "@odata.type": "#microsoft.graph.group"},
                    {"id": "d", "@odata.type": "#microsoft.graph.device"},
                ]
            },
            "members",
            ReferenceChange(joined=("a",)),
        ),
        (
            {"members@delta": [{"id": "a", **GONE}, {"id": "a"}]},
            "members",
            ReferenceChange(joined=("a",)),
        ),
    ],
    ids=[
        "joined and left",
        "all",
        "another manager",
        "no manager",
        "manager",
        "null",
        "device",
        "came back",
    ],
)
def test_reference_tells_who_joined_and_who_left(given, name, reference):
    assert changed(**given).references == {name: reference}


@pytest.mark.parametrize("nothing", [{"members@delta": []}, {"manager@delta": []}, {}], ids=repr)
def test_reference_of_which_nothing_is_told_stays(nothing):
    assert changed(**nothing).references == {}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"members@delta": {"id": "x"}}, "members@delta must be a list"),
        ({"members@delta": [5]}, "members must be given as"),
        ({"@removed": {"reason": "lost"}}, "@removed must give the reason"),
        ({"@removed": 5}, "@removed must give the reason"),
        ({"displayName": 5}, "displayName must be a text"),
    ],
)
def test_wrong_type_in_a_change_is_told_with_what_was_expected(given, message):
    with pytest.raises(graph_json.MalformedError, match=message):
        changed(**given)
