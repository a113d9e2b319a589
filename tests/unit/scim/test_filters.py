"""Filters say what is looked for, and nothing that a value smuggles in."""

from __future__ import annotations

import pytest

from entrasim.model.schema import AttributeType
from entrasim.scim.filters import equals


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        ("ada", AttributeType.STRING, 'a eq "ada"'),
        ("7", AttributeType.STRING, 'a eq "7"'),
        ("7", AttributeType.INTEGER, "a eq 7"),
        ("-7", AttributeType.INTEGER, "a eq -7"),
        ("7 or b pr", AttributeType.INTEGER, 'a eq "7 or b pr"'),
        ("True", AttributeType.BOOLEAN, "a eq true"),
        ("yes", AttributeType.BOOLEAN, 'a eq "yes"'),
        ('"', AttributeType.STRING, 'a eq "\\""'),
        ("\\", AttributeType.STRING, 'a eq "\\\\"'),
        ("x\ny", AttributeType.STRING, 'a eq "x\\u000ay"'),
    ],
)
def test_value_is_written_by_its_type_and_can_not_end_the_filter(value, kind, text):
    assert equals("a", value, kind) == text
