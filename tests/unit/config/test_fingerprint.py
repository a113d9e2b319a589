"""What makes the next cycle an initial one, and what doesn't."""

from __future__ import annotations

import pytest
from portal_schema import CUSTOM, attribute, mapping, portal_schema

from entrasim.config.schema_json import read_schema

CLAUSE = {
    "sourceOperandName": "department",
    "operatorName": "EQUALS",
    "targetOperand": {"values": ["Sales"]},
}


def fingerprint(change=lambda _rule, _document: None):
    document = portal_schema()
    change(document["synchronizationRules"][0], document)
    return read_schema(document, origin="mine.json").schema.fingerprint


def users(rule):
    return rule["objectMappings"][2]


def backwards(value):
    """A document with the members of every object in another order."""
    if isinstance(value, dict):
        return {key: backwards(value[key]) for key in reversed(value)}
    return [backwards(element) for element in value] if isinstance(value, list) else value


@pytest.mark.parametrize(
    "change",
    [
        lambda rule, _: rule.update(backwards(rule), name="Another", id="1", metadata=[]),
        lambda rule, _: users(rule).update(name="Users", metadata=[]),
        lambda rule, _: users(rule)["attributeMappings"].reverse(),
        lambda rule, _: users(rule).update(scope=None, flowTypes="Delete,Update,Add"),
        lambda rule, _: users(rule).update(scope={"groups": [{"name": "empty", "clauses": []}]}),
        lambda rule, _: rule["objectMappings"].reverse(),
        lambda rule, _: rule["objectMappings"][1]["attributeMappings"].pop(),
        lambda _, document: document.update(version="2", id="other", **{"@odata.context": ""}),
        lambda _, document: document["directories"][1].update(discoveryDateTime="2026-01-01"),
        lambda _, document: document["directories"][1]["objects"][0]["attributes"].pop(),
    ],
)
def test_what_changes_nothing_in_the_target_doesnt_count(change):
    assert fingerprint(change) == fingerprint()


@pytest.mark.parametrize(
    "change",
    [
        lambda rule, _: users(rule)["attributeMappings"].pop(),
        lambda rule, _: users(rule)["attributeMappings"].append(
            mapping(f"{CUSTOM}:field001", attribute("mobile"))
        ),
        lambda rule, _: users(rule)["attributeMappings"][2].update(source=attribute("mobile")),
        lambda rule, _: users(rule)["attributeMappings"][2].update(defaultValue="nobody"),
        lambda rule, _: users(rule)["attributeMappings"][2].update(flowType="ObjectAddOnly"),
        lambda rule, _: users(rule)["attributeMappings"][2].update(matchingPriority=2),
        lambda rule, _: users(rule).update(flowTypes="Add,Update"),
        lambda rule, _: users(rule).update(scope={"groups": [{"clauses": [CLAUSE]}]}),
        lambda rule, _: rule["objectMappings"][1].update(enabled=True),
        lambda _, document: document["directories"][1]["objects"][0]["attributes"][3].update(
            caseExact=True
        ),
    ],
)
def test_changed_mapping_or_filter_counts(change):
    assert fingerprint(change) != fingerprint()
