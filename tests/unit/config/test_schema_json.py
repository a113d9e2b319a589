"""Graph's synchronizationSchema: what is read, kept and refused."""

from __future__ import annotations

import copy
import json
from importlib.resources import files
from pathlib import Path

import pytest

from entrasim.config import load_schema
from entrasim.config.expression_text import POSITIONS
from entrasim.config.schema_json import read_schema
from entrasim.engine.expressions.functions import FUNCTIONS
from entrasim.errors import ConfigurationError
from entrasim.model.entry import ObjectType
from entrasim.model.schema import Action, AttributeType


def document(name="engagedly"):
    return json.loads(files("entrasim.config.schemas").joinpath(f"{name}.json").read_text())


def flows(schema, object_type=ObjectType.USER):
    (mapping,) = [m for m in schema.mappings if m.object_type is object_type]
    return {a.target_attribute: a for a in mapping.attributes}


def edited(change):
    found = copy.deepcopy(document())
    change(found["synchronizationRules"][0]["objectMappings"][0], found)
    return read_schema(found, origin="mine.json")


def test_engagedly_is_the_default_mapping_with_two_rows_edited():
    engagedly, scim = (load_schema(name, Path()).schema for name in ("engagedly", "scim"))

    differing = {
        name: (scim_flow.expression, flows(engagedly)[name].expression)
        for name, scim_flow in flows(scim).items()
        if scim_flow != flows(engagedly)[name]
    }

    assert differing == {
        "userName": ("[userPrincipalName]", "[mail]"),
        "externalId": ("[mailNickname]", "[objectId]"),
    }
    assert engagedly.mapping_of(ObjectType.GROUP) is None
    assert scim.mapping_of(ObjectType.GROUP) is not None


def test_default_mapping_has_every_row_of_the_page():
    schema = load_schema("scim", Path()).schema

    mapped = flows(schema)

    assert len(mapped) == 22
    assert mapped["userName"].matching_priority == 1
    assert (
        mapped["active"].expression == 'Switch([IsSoftDeleted], , "False", "True", "True", "False")'
    )
    assert mapped["name.formatted"].expression == 'Join(" ", [givenName], [surname])'
    assert mapped['phoneNumbers[type eq "fax"].value'].expression == "[facsimileTelephoneNumber]"
    (user, _) = schema.target_objects.values()
    types = {a.name: a.type for a in user.attributes}
    assert types["active"] is AttributeType.BOOLEAN
    enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    assert types[f"{enterprise}:manager"] is AttributeType.REFERENCE


def test_document_is_kept_whole():
    strange = document()
    strange["someday"] = {"deep": [1, None]}

    loaded = read_schema(strange, origin="x")

    assert loaded.document == strange


@pytest.mark.parametrize("spelling", ["Add, Update", "Add,Update", "update add"])
def test_flow_types_are_read_in_any_spelling(spelling):
    loaded = edited(lambda mapping, _: mapping.update(flowTypes=spelling))

    assert loaded.schema.mappings[0].actions == {Action.ADD, Action.UPDATE}


def test_fingerprint_changes_with_mappings_and_filters_and_not_with_names():
    original = load_schema("engagedly", Path()).schema.fingerprint

    renamed = edited(lambda mapping, _: mapping.update(name="Other name")).schema.fingerprint
    mapped = edited(lambda mapping, _: mapping["attributeMappings"].pop()).schema.fingerprint
    clause = {"sourceOperandName": "department", "operatorName": "EQUALS"}
    scope = {"groups": [{"clauses": [{**clause, "targetOperand": {"values": ["Sales"]}}]}]}
    filtered = edited(lambda mapping, _: mapping.update(scope=scope)).schema

    assert renamed == original
    assert len({original, mapped, filtered.fingerprint}) == 3
    assert filtered.mappings[0].filter_groups[0].clauses[0].values == ("Sales",)


def test_constants_and_auxiliary_mappings_are_understood():
    def change(mapping, found):
        rows = mapping["attributeMappings"]
        rows[3]["source"] = {"type": "Constant", "name": 'say "hi"'}
        rows[4].update(source=None, defaultValue="x@contoso.com")
        auxiliary = {"enabled": False, "name": None, "sourceObjectName": "", "targetObjectName": ""}
        found["synchronizationRules"][0]["objectMappings"].append(auxiliary)

    schema = edited(change).schema

    assert flows(schema)["title"].expression == '"say \\"hi\\""'
    constant = flows(schema)['emails[type eq "work"].value']
    assert (constant.expression, constant.default_value) == (None, "x@contoso.com")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda m: m["attributeMappings"][1].update(flowType="Never"), '"Never" is none of'),
        (lambda m: m["attributeMappings"][1].update(source="text"), "expected an object"),
        (lambda m: m["attributeMappings"][1]["source"].update(type="Magic"), "'Magic' is none of"),
        (lambda m: m.update(flowTypes="Add,Explode"), '"Explode" is none of'),
        (lambda m: m.update(attributeMappings="x"), "expected an array, found a text"),
        (lambda m: m.update(enabled="false"), "expected true or false, found a text"),
        (lambda m: m.update(enabled=False), "no enabled mapping of users"),
        (lambda m: m.update(sourceObjectName="Contact"), 'can\'t provision "Contact" to "urn:'),
        (lambda m: m["attributeMappings"][1].update(matchingPriority="1"), "expected an integer"),
        (lambda m: m["attributeMappings"][1].update(source={"type": "Attribute"}), "source.name"),
        (lambda m: m["attributeMappings"][1].update(source={"type": "Function"}), "no name either"),
    ],
)
def test_mistake_names_its_place(change, told):
    with pytest.raises(ConfigurationError) as caught:
        edited(lambda mapping, _: change(mapping))

    assert any(told in problem and "mine.json: " in problem for problem in caught.value.problems)


@pytest.mark.parametrize("nothing", [None, [], "x", {}, {"synchronizationRules": [5]}])
def test_document_that_is_no_schema_is_refused(nothing):
    with pytest.raises(ConfigurationError, match=r"mine\.json"):
        read_schema(nothing, origin="mine.json")


def test_functions_that_may_lack_an_argument_before_others_are_known_by_their_parameters():
    def lacking(parameters):
        optional = [not parameter.required for parameter in parameters]
        return any(optional[:-1])

    known = {
        name: tuple(p.name for p in function.parameters if not p.repeating)
        for name, function in FUNCTIONS.items()
        if lacking(function.parameters)
    }

    assert known == POSITIONS
