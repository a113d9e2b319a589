"""Graph's JSON of a user, group or assignment, read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from entrasim.directory import graph_json
from entrasim.model.entry import DEFAULT_ACCESS, ObjectType, Presence


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
