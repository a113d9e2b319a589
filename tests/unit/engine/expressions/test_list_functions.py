"""Functions on multi-valued attributes, and on roles."""

from __future__ import annotations

import pytest
from speaking import failure_of, value_of

USER = {"many": ("b", "a", "b", "B"), "one": "x", "empty": "", "none": (), "number": 7}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Count([many])", 4),
        ("Count([one])", 1),
        ("Count([none])", 0),
        ("Count([absent])", 0),
        ('Count(Split("a,b", ","))', 2),
        ("Item([many], 1)", "b"),
        ("Item([many], 4)", "B"),
        ("Item([many], 5)", None),
        ('Item([many], "2")', "a"),
        ("Item([one], 1)", "x"),
        ("Item([absent], 1)", None),
        ("Item([many], 999999999999999999)", None),
        ("RemoveDuplicates([many])", ("b", "a", "B")),
        ("RemoveDuplicates([one])", ("x",)),
        ("RemoveDuplicates([none])", None),
        ("RemoveDuplicates([absent])", None),
        ('Split("a, b ,c", ",")', ("a", "b", "c")),
        ('Split(",a,,", ",")', ("a",)),
        ('Split("a;b", ",")', ("a;b",)),
        ('Split("a, b", "")', ("a, b",)),
        ('Split("a::b", "::")', ("a", "b")),
        ('Split([empty], ",")', None),
        ('Split([absent], ",")', None),
        ('Split([number], ",")', ("7",)),
        ('Join("|", RemoveDuplicates([many]))', "b|a|B"),
    ],
)
def test_list_gives(text, expected):
    assert value_of(text, USER) == expected


@pytest.mark.parametrize("index", ["0", "-1"])
def test_item_before_the_first_fails(index):
    assert failure_of(f"Item([many], {index})", USER) == (
        f"in Item: index must be 1 or more, not {index}"
    )


ROLE = '{"id":"1","value":"editor","displayName":"Editor"}'


@pytest.mark.parametrize(
    "function",
    ["AppRoleAssignments", "AppRoleAssignmentsComplex", "AssertiveAppRoleAssignmentsComplex"],
)
@pytest.mark.parametrize(
    ("roles", "expected"), [((ROLE, "b"), (ROLE, "b")), ((), None), (None, None)]
)
def test_all_roles_go_on_as_they_are(function, roles, expected):
    found = value_of(f"{function}([appRoleAssignments])", {"appRoleAssignments": roles})

    assert found == expected


def test_single_role_without_roles_is_nothing():
    assert value_of("SingleAppRoleAssignment([appRoleAssignments])") is None


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ((ROLE, "admin"), "editor"),
        (("admin", ROLE), "admin"),
        (ROLE, "editor"),
        ("{", "{"),
        ('{"value": 1}', '{"value": 1}'),
        ("\ud800", "\ud800"),
    ],
)
def test_single_role_goes_by_its_value_or_as_it_is(roles, expected):
    found = value_of("SingleAppRoleAssignment([appRoleAssignments])", {"appRoleAssignments": roles})

    assert found == expected


def test_role_of_endless_json_is_taken_as_it_is():
    role = '{"value": "editor", "more": ' + "[" * 15_000

    assert value_of("SingleAppRoleAssignment([x])", {"x": (role,)}) == role
