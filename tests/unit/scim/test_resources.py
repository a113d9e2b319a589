"""Reading resources: liberally, or the same change would go out every cycle."""

from __future__ import annotations

import pytest

from entrasim.model.decision import AttributeChange
from entrasim.model.dialect import ENTRA
from entrasim.model.entry import ObjectType
from entrasim.model.schema import AttributeDefinition, AttributeType
from entrasim.scim.resource import new_resource, read_resource

STRING, BOOLEAN = AttributeType.STRING, AttributeType.BOOLEAN
INTEGER, REFERENCE = AttributeType.INTEGER, AttributeType.REFERENCE


def read(held, kind, *, multivalued=False):
    definition = AttributeDefinition(name="a", type=kind, multivalued=multivalued)
    return read_resource({"id": "1", "a": held}, [definition]).values


@pytest.mark.parametrize(
    ("held", "kind", "value"),
    [
        ("x", STRING, "x"),
        (5, STRING, "5"),
        (True, BOOLEAN, True),
        ("True", BOOLEAN, True),
        ("false", BOOLEAN, False),
        (False, BOOLEAN, False),
        (0, INTEGER, 0),
        ("-5", INTEGER, -5),
        ("b2e0", REFERENCE, "b2e0"),
        ({"value": "b2e0", "displayName": "Grace"}, REFERENCE, "b2e0"),
        ({"Value": "b2e0"}, REFERENCE, "b2e0"),
        ([{"value": "b2e0"}], REFERENCE, "b2e0"),
        (17, REFERENCE, "17"),
        ({"b": 1}, STRING, '{"b":1}'),
    ],
)
def test_value_is_read_by_its_type(held, kind, value):
    found = read(held, kind)

    assert found == {"a": value}
    assert type(found["a"]) is type(value)


@pytest.mark.parametrize("kind", list(AttributeType))
@pytest.mark.parametrize("held", [None, "", [], {}, [None], {"value": None}, {"value": ""}])
def test_nothing_is_absent(held, kind):
    assert read(held, kind) == {}


def test_several_values_are_read_where_several_may_be():
    assert read(["x", {"value": "y"}], STRING, multivalued=True) == {"a": ("x", "y")}


def test_id_that_is_a_number_becomes_a_text():
    assert read_resource({"id": 7}, []).id == "7"


def test_new_group_begins_without_members():
    changes = [AttributeChange(attribute="members", before=None, after=("1", "2"))]

    assert new_resource(ObjectType.GROUP, changes, ENTRA)["members"] == []


def test_name_of_a_plural_attribute_is_plain_in_an_extension():
    extension = "urn:ietf:params:scim:schemas:extension:Contoso:2.0:User"
    change = AttributeChange(attribute=f"{extension}:groups", before=None, after="V")

    body = new_resource(ObjectType.USER, [change], ENTRA)

    assert body[extension] == {"groups": "V"}
