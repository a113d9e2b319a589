"""The large schemas of old applications: read, used, and nothing of them lost."""

from __future__ import annotations

import json

import pytest
from portal_schema import CUSTOM, GROUP, USER, mapping, portal_schema

from entrasim.bootstrap import examined
from entrasim.config.schema_json import read_schema
from entrasim.config.schemas import document_of
from entrasim.engine.compiled import compile_schema
from entrasim.errors import ConfigurationError
from entrasim.model.entry import ObjectType
from entrasim.model.schema import Action


def test_schema_of_more_than_130_000_characters_is_kept_whole():
    text = json.dumps(portal_schema())

    loaded = read_schema(document_of(text.encode(), "large.json"), origin="large.json")

    assert len(text) > 130_000
    assert loaded.document == json.loads(text)


def test_old_schema_has_no_mistake_and_nothing_to_warn_of():
    found = examined(portal_schema(), origin="large.json")

    assert (found.mistakes, found.warnings) == ((), ())


def test_old_schema_is_used_under_its_old_names():
    schema = read_schema(portal_schema(), origin="large.json").schema

    compiled = compile_schema(schema)

    users = compiled[ObjectType.USER]
    badge = "extension_9d98ed114c4840d298fad781915f27e4_badge"
    known = {"mail": "Ada@Contoso.com", badge: "1815"}
    values = {flow.attribute: flow.evaluate(known) for flow in users.flows}
    assert list(compiled) == [ObjectType.USER]
    assert users.actions == frozenset(Action)
    assert [flow.attribute for flow in users.matching] == ["userName"]
    assert values['emails[type eq "work"].value'] == "ada@contoso.com"
    assert values[f"{CUSTOM}:badge"] == "1815"
    assert values["userType"] == "Employee"


def test_auxiliary_mappings_are_passed_over():
    schema = read_schema(portal_schema(), origin="large.json").schema

    places = {m.target_object: m.place for m in schema.mappings}

    assert places == {
        GROUP: "synchronizationRules[0].objectMappings[1]",
        USER: "synchronizationRules[0].objectMappings[2]",
    }


def test_flow_types_that_are_absent_allow_everything():
    document = portal_schema()
    document["synchronizationRules"][0]["objectMappings"][2]["flowTypes"] = None

    schema = read_schema(document, origin="large.json").schema

    assert schema.mapping_of(ObjectType.USER).actions == frozenset(Action)


def test_rule_with_users_that_comes_first_in_priority_counts():
    document = portal_schema()
    (rule,) = document["synchronizationRules"]
    without_users = {**rule, "id": "none", "priority": 0, "objectMappings": []}
    later = {**rule, "id": "later", "priority": 5}
    document["synchronizationRules"] = [later, without_users, rule]

    schema = read_schema(document, origin="large.json").schema

    assert schema.rule_id == rule["id"]
    assert schema.mapping_of(ObjectType.USER).place == "synchronizationRules[2].objectMappings[2]"


def test_byte_order_mark_of_windows_is_no_mistake():
    assert document_of(b'\xef\xbb\xbf{"id": "x"}', "mine.json") == {"id": "x"}


@pytest.mark.parametrize("text", [b"", b"{", b"\xff\xfe{}", b'{"id": "\xff"}', b"[" * 100_000])
def test_text_that_is_no_json_is_refused(text):
    with pytest.raises(ConfigurationError, match=r"mine\.json: no "):
        document_of(text, "mine.json")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ({"type": "Attribute", "name": "mail"}, "[mail]"),
        ({"type": "Attribute", "name": None, "expression": "[mail]"}, "[mail]"),
        ({"type": "Constant", "name": 'a "b"'}, '"a \\"b\\""'),
        ({"type": "Constant", "name": None}, '""'),
        (("Join", ("separator", '"'), ("source1", "mail")), 'Join("\\"", [mail])'),
        (("ToLower", ("source", "mail")), "ToLower([mail])"),
        (("Guid",), "Guid()"),
        (
            ("Switch", ("source", "mail"), ("switchValue1", "a!"), ("switchValue2", "b!")),
            'Switch([mail], , "a!", "b!")',
        ),
        (
            ("Replace", ("source", "mail"), ("Replacement", "b!"), ("RegularExpression", "a!")),
            'Replace([mail], , "a!", , "b!")',
        ),
        (("IIF", ("condition", "mail"), ("valueIfFalse", "b!")), 'IIF([mail], , "b!")'),
    ],
)
def test_source_that_is_a_tree_alone_becomes_an_expression(source, text):
    document = portal_schema()
    users = document["synchronizationRules"][0]["objectMappings"][2]
    users["attributeMappings"].append(mapping(f"{CUSTOM}:field001", as_tree(source)))

    schema = read_schema(document, origin="large.json").schema

    assert schema.mapping_of(ObjectType.USER).attributes[-1].expression == text


def as_tree(source):
    """A function as (name, (key, argument)…), in which what isn't a word is a constant."""
    if isinstance(source, dict):
        return source
    if isinstance(source, str):
        return {"type": "Attribute" if source.isalpha() else "Constant", "name": source}
    name, *arguments = source
    parameters = [{"key": key, "value": as_tree(value)} for key, value in arguments]
    return {"type": "Function", "name": name, "expression": "", "parameters": parameters}
