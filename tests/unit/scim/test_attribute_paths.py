"""Target attributes as mappings spell them, and their place in a resource."""

from __future__ import annotations

import pytest

from entrasim.scim.paths import Path, parse

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
CUSTOM = "urn:ietf:params:scim:schemas:extension:Contoso:2.0:User"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("userName", Path(None, "userName")),
        ("name.givenName", Path(None, "name", (), "givenName")),
        ('emails[type eq "work"].value', Path(None, "emails", (("type", "work"),), "value")),
        ('emails[type eq "work"]', Path(None, "emails", (("type", "work"),), "value")),
        ('roles[primary eq "True"].value', Path(None, "roles", (("primary", "True"),), "value")),
        ("roles[primary eq true].display", Path(None, "roles", (("primary", "true"),), "display")),
        (
            'addresses[type eq "work" and primary eq "True"].country',
            Path(None, "addresses", (("type", "work"), ("primary", "True")), "country"),
        ),
        (f"{ENTERPRISE}:department", Path(ENTERPRISE, "department")),
        (f"{CUSTOM}:badge.number", Path(CUSTOM, "badge", (), "number")),
        (f'{CUSTOM}:keys[type eq "a:b"].value', Path(CUSTOM, "keys", (("type", "a:b"),), "value")),
        (
            "urn:ietf:params:scim:schemas:extension:Acme:Group:2.0:User:code",
            Path("urn:ietf:params:scim:schemas:extension:Acme:Group:2.0:User", "code"),
        ),
        ("urn:contoso:badges:1.0:badge", Path("urn:contoso:badges:1.0", "badge")),
        ("urn:ietf:params:scim:schemas:core:2.0:User:userName", Path(None, "userName")),
        ('emails[type sw "w"].value', Path(None, 'emails[type sw "w"]', (), "value")),
    ],
)
def test_spelling_names_a_place(text, path):
    assert parse(text) == path


@pytest.mark.parametrize(
    "text", ["userName", "name.givenName", 'phoneNumbers[type eq "fax"].value', f"{CUSTOM}:badge"]
)
def test_what_is_put_can_be_got(text):
    resource = {}

    parse(text).put(resource, "x")

    assert parse(text).get(resource) == "x"


def test_elements_are_merged_by_attribute_and_filter():
    resource = {}

    for part in ("locality", "country"):
        parse(f'addresses[type eq "work"].{part}').put(resource, part)
    parse('addresses[type eq "home"].country').put(resource, "elsewhere")

    assert resource == {
        "addresses": [
            {"type": "work", "locality": "locality", "country": "country"},
            {"type": "home", "country": "elsewhere"},
        ]
    }


@pytest.mark.parametrize(
    "resource",
    [
        {"EMAILS": [{"Type": "WORK", "Value": "x"}]},
        {"emails": [{"type": "home", "value": "y"}, {"type": "work", "value": "x"}]},
    ],
)
def test_names_are_read_without_case(resource):
    assert parse('emails[type eq "work"].value').get(resource) == "x"


@pytest.mark.parametrize("held", [None, "text", 5, [], ["text"], {"type": "work"}, [{"type": 1}]])
def test_what_has_another_shape_holds_nothing(held):
    assert parse('emails[type eq "work"].value').get({"emails": held}) is None
