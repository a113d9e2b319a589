"""Scoping filters in entrasim.toml: one truth with those of the schema."""

from __future__ import annotations

import json

import pytest
from test_configuration import MINIMAL

from entrasim import bootstrap
from entrasim.config import load
from entrasim.config.schema_json import read_schema
from entrasim.errors import ConfigurationError
from entrasim.model.entry import ObjectType
from entrasim.model.schema import RegexMatch

USERS = "synchronizationRules[0].objectMappings[0]"
FILTER = """
[[jobs.filters]]
name = "Sales"
clauses = ['department EQUALS "Sales"', "employeeId IS NOT NULL"]
"""


@pytest.fixture
def file(tmp_path):
    return tmp_path / "entrasim.toml"


def job(file, text):
    file.write_text(text)
    return load(file, {"TOKEN": "s3cret"}).job(None)


def problems(file, text):
    with pytest.raises(ConfigurationError) as caught:
        bootstrap.job_of(job(file, text))
    return caught.value.problems


def test_filters_stand_in_the_schema_as_if_they_had_been_in_its_file(file):
    loaded = job(file, MINIMAL + FILTER).schema

    again = read_schema(json.loads(json.dumps(loaded.document)), origin="exported")
    assert again.schema == loaded.schema
    mapping = loaded.schema.mapping_of(ObjectType.USER)
    (group,) = mapping.filter_groups
    assert group.name == "Sales"
    assert [c.text for c in group.clauses] == [
        'department EQUALS "Sales"',
        "employeeId IS NOT NULL",
    ]
    scope = loaded.document["synchronizationRules"][0]["objectMappings"][0]["scope"]
    assert scope["groups"][0]["clauses"][0] == {
        "operatorName": "EQUALS",
        "sourceOperandName": "department",
        "targetOperand": {"values": ["Sales"]},
    }


def test_filters_take_the_place_of_the_schemas_own_for_their_kind_of_object(file):
    exported = job(file, MINIMAL + FILTER).schema.document
    scope = exported["synchronizationRules"][0]["objectMappings"][0]["scope"]
    scope["inputFilterGroups"] = [{"name": "kept"}]
    (file.parent / "mine.json").write_text(json.dumps(exported))
    text = MINIMAL.replace('id = "engagedly"', 'id = "engagedly"\nschema = "mine.json"')

    own = job(file, text).schema
    other = job(file, text + "[[jobs.filters]]\nclauses = ['city EQUALS Paris']").schema

    assert [g.name for g in own.schema.mappings[0].filter_groups] == ["Sales"]
    assert [g.clauses[0].text for g in other.schema.mappings[0].filter_groups] == [
        'city EQUALS "Paris"'
    ]
    written = other.document["synchronizationRules"][0]["objectMappings"][0]["scope"]
    assert written["inputFilterGroups"] == [{"name": "kept"}]


def test_filters_of_groups_and_users_are_kept_apart(file):
    text = MINIMAL.replace('id = "engagedly"', 'id = "engagedly"\nschema = "scim"')
    both = FILTER + "[[jobs.filters]]\nobject = 'Group'\nclauses = ['securityEnabled IS TRUE']"

    schema = job(file, text + both + FILTER).schema.schema

    counts = {m.object_type: len(m.filter_groups) for m in schema.mappings}
    assert counts == {ObjectType.USER: 2, ObjectType.GROUP: 1}


def test_fingerprint_changes_with_filters_and_with_their_reading(file):
    anywhere = MINIMAL.replace('id = "engagedly"', 'id = "engagedly"\nregex_match = "anywhere"')

    schemas = [job(file, t).schema.schema for t in (MINIMAL, MINIMAL + FILTER, anywhere)]

    assert len({schema.fingerprint for schema in schemas}) == 3
    assert [schema.readings.regex_match for schema in schemas] == [
        RegexMatch.WHOLE,
        RegexMatch.WHOLE,
        RegexMatch.ANYWHERE,
    ]


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("clauses = ['department EQALS \"Sales\"']", '.0.clauses.0: "EQALS" is no operator'),
        ("clauses = ['department EQALS \"Sales\"']", '\n  department EQALS "Sales"\n' + " " * 13),
        ("clauses = [5]", ".0.clauses.0: expected a clause like"),
        ("clauses = []", ".0.clauses: "),
        ("name = 'x'", ".0.clauses: is missing"),
        ("clauzes = ['x IS NULL']", ".0.clauzes: there is no such key; did you mean clauses?"),
        ("object = 'Device'\nclauses = ['x IS NULL']", ".0.object: Input should be 'User' or"),
        ("object = 'Group'\nclauses = ['mail IS NULL']", ': object = "Group": the schema has no'),
    ],
)
def test_mistake_in_a_filter_names_its_place(file, table, told):
    found = problems(file, f"{MINIMAL}\n[[jobs.filters]]\n{table}\n")

    assert any(
        problem.startswith(f"{file}: jobs.engagedly.filters") and told in problem
        for problem in found
    )


def test_filter_on_what_cant_be_filtered_on_is_refused_before_any_cycle(file):
    table = "clauses = ['manager EQUALS Grace', 'departmant IS NULL', 'city REGEX MATCH \"[\"']"

    found = problems(file, f"{MINIMAL}\n[[jobs.filters]]\n{table}\n")

    assert [problem.partition(": scoping filter 1: ")[0] for problem in found] == [
        f"schema engagedly with jobs.engagedly.filters: {USERS}.scope"
    ] * 3
    assert "did you mean department?" in found[1]


def test_unknown_reading_of_regular_expressions_is_a_mistake(file):
    text = MINIMAL.replace('id = "engagedly"', 'id = "engagedly"\nregex_match = "some"')

    assert "regex_match: Input should be 'whole' or 'anywhere'" in problems(file, text)[0]
