"""What can't be filtered on, and how it is told before any cycle."""

from __future__ import annotations

import copy
import json
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entrasim.config.schema_json import read_schema
from entrasim.engine.checking import mistakes

DOCUMENT = json.loads(files("entrasim.config.schemas").joinpath("scim.json").read_text())


def schema(*clauses, kind="User", name="", change=lambda _: None):
    found = copy.deepcopy(DOCUMENT)
    for mapping in found["synchronizationRules"][0]["objectMappings"]:
        if mapping["sourceObjectName"] == kind:
            mapping["scope"] = {"groups": [{"name": name, "clauses": list(clauses)}]}
    change(found)
    return read_schema(found, origin="mine.json")


def clause(attribute, operator, *values):
    return {
        "sourceOperandName": attribute,
        "operatorName": operator,
        "targetOperand": {"values": list(values)},
    }


def told(attribute, operator, *values, **more):
    return mistakes(schema(clause(attribute, operator, *values), **more).schema)


@pytest.mark.parametrize(
    ("attribute", "reason"),
    [
        ("appRoleAssignments", "role assignments"),
        ("userType", "type of user"),
        ("manager", "references"),
        ("employeeHireDate", "dates"),
        ("accountExpires", "dates"),
        ("createdDateTime", "dates"),
        ("otherMails", "several values"),
        ("proxyAddresses", "several values"),
        ("IsSoftDeleted", "computed"),
    ],
)
def test_attribute_that_cant_be_filtered_on_is_refused_with_its_reason(attribute, reason):
    (problem,) = told(attribute, "IS NOT NULL")

    place = "synchronizationRules[0].objectMappings[0].scope: scoping filter 1"
    assert problem.startswith(f"{place}: {attribute} IS NOT NULL: {attribute} can't be")
    assert reason in problem


def test_members_of_a_group_cant_be_filtered_on():
    (problem,) = told("members", "EQUALS", "ada", kind="Group")

    assert "members can't be filtered on" in problem


def test_attribute_that_the_source_defines_as_a_date_cant_be_filtered_on():
    def change(found):
        source = next(d for d in found["directories"] if d["name"] == "Microsoft Entra ID")
        (city,) = [a for a in source["objects"][0]["attributes"] if a["name"] == "city"]
        city["type"] = "DateTime"

    (problem,) = told("city", "EQUALS", "Paris", change=change)

    assert "city can't be filtered on: Entra doesn't filter on dates" in problem


@pytest.mark.parametrize(
    ("attribute", "operator", "values", "expected"),
    [
        ("departmant", "EQUALS", ["Sales"], "no User attribute departmant; did you mean depart"),
        ("zzz", "EQUALS", ["Sales"], "the source has no User attribute zzz"),
        ("department", "EQALS", ["Sales"], '"EQALS" is no operator; did you mean EQUALS?'),
        ("department", "§§§", ["Sales"], "there are EQUALS, NOT EQUALS"),
        ("department", "EQUALS", [], "EQUALS takes a value, and there is none"),
        ("department", "IS NULL", ["x"], "IS NULL takes no value"),
        ("employeeId", "GREATER_THAN", ["1.5"], 'GREATER_THAN: "1.5" is no integer'),
        ("employeeId", "GreaterThanOrEquals", ["many"], '"many" is no integer'),
        ("department", "REGEX MATCH", ["(Sales"], "REGEX MATCH: no regular expression: missing )"),
        ("department", "NOT REGEX MATCH", ["[a"], "unterminated character set at position 2"),
        ("department", "REGEX MATCH", ["(" * 2499 + ")" * 2499], "nested too deeply"),
        ("department", "REGEX MATCH", ["((a{1000}){1000}){1000}"], "repetitions written out"),
        ("department", "REGEX MATCH", ["a" * 60_000], "longer than 5,000 characters"),
    ],
)
def test_clause_that_cant_be_read_is_refused_with_its_remedy(attribute, operator, values, expected):
    (problem,) = told(attribute, operator, *values)

    assert expected in problem


def test_every_mistake_is_told_with_the_title_of_its_filter():
    clauses = [clause("zzz", "EQALS", "x"), clause("department", "IS NULL", "x")]

    problems = mistakes(schema(*clauses, name="Sales only").schema)

    assert len(problems) == 3
    assert problems[2] == (
        "synchronizationRules[0].objectMappings[0].scope: "
        'scoping filter "Sales only": department IS NULL "x": IS NULL takes no value'
    )


@pytest.mark.parametrize(
    ("attribute", "operator", "values"),
    [
        ("department", "EQUALS", ["Sales"]),
        ("department", "IS NULL", [""]),
        ("accountEnabled", "IsTrue", []),
        ("extension_1234_costCenter", "EQUALS", ["9"]),
        ("employeeOrgData.division", "EQUALS", ["x"]),
    ],
)
def test_sound_clause_is_no_mistake(attribute, operator, values):
    assert told(attribute, operator, *values) == []


def test_filter_of_a_disabled_mapping_is_not_looked_at():
    def change(found):
        for mapping in found["synchronizationRules"][0]["objectMappings"]:
            mapping["enabled"] = mapping["sourceObjectName"] != "Group"

    assert told("zzz", "EQALS", kind="Group", change=change) == []


def test_schema_without_a_source_directory_takes_any_attribute():
    def change(found):
        found["directories"] = [d for d in found["directories"] if d["name"] == "customappsso"]

    assert told("workerID", "REGEX MATCH", "(1[0-9]{6})", change=change) == []
    assert len(told("manager", "EQUALS", "x", change=change)) == 1


@settings(max_examples=150, deadline=None)
@given(
    st.text(alphabet=st.sampled_from("ab(){}[]|*+?\\^$.,:<>=!#&-019P\n\x00é"), max_size=40),
    st.sampled_from(["REGEX MATCH", "GREATER_THAN", "&", "EQUALS", "IS NULL", "x"]),
)
def test_no_text_is_too_strange_to_be_checked(text, operator):
    problems = told("department", operator, text)

    assert all(isinstance(problem, str) for problem in problems)
