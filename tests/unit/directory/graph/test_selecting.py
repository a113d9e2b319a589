"""What is asked of Graph for the attributes that mappings and filters read."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrasim.config import load_schema
from entrasim.config.filters import narrowed
from entrasim.config.settings import FilterTable
from entrasim.directory.graph.selecting import plain, selected
from entrasim.engine.needs import attributes_read
from entrasim.model.entry import ObjectType
from entrasim.model.schema import Readings

ALWAYS = {"id", "displayName", "userPrincipalName", "mail", "accountEnabled"}


@pytest.mark.parametrize(
    ("attribute", "property_"),
    [
        ("telephoneNumber", "businessPhones"),
        ("objectId", "id"),
        ("extensionAttribute7", "onPremisesExtensionAttributes"),
        ("employeeOrgData.division", "employeeOrgData"),
        ("IsSoftDeleted", "accountEnabled"),
        ("originalUserPrincipalName", "userPrincipalName"),
        ("extension_0a_shoeSize", "extension_0a_shoeSize"),
        ("manager", "manager"),
    ],
)
def test_attribute_is_asked_for_in_graph_s_spelling(attribute, property_):
    assert set(selected([attribute], ObjectType.USER)) == ALWAYS | {property_}


def test_roles_are_no_property_of_a_user():
    assert set(selected(["appRoleAssignments"], ObjectType.USER)) == ALWAYS


def test_groups_come_with_their_members_and_without_what_only_users_have():
    found = selected(["IsSoftDeleted", "mailNickname"], ObjectType.GROUP)

    assert found == ("displayName", "id", "mailNickname", "members")


def test_list_is_not_asked_for_other_objects():
    assert plain(("displayName", "manager", "members")) == "displayName"


def test_mappings_and_filters_say_what_is_needed():
    clauses = FilterTable(object="User", clauses=['employeeType EQUALS "Regular"'])
    schema = narrowed(load_schema("engagedly", Path()), [clauses], Readings()).schema

    found = attributes_read(schema)

    assert set(found) == {ObjectType.USER}
    assert {"employeeType", "manager", "givenName", "IsSoftDeleted"} <= found[ObjectType.USER]
