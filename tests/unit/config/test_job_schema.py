"""A job and its schema: what they must not ask of one another."""

from __future__ import annotations

import json

import pytest
from portal_schema import CUSTOM, mapping, portal_schema
from test_configuration import MINIMAL

from entrasim import bootstrap
from entrasim.config import load
from entrasim.errors import ConfigurationError
from entrasim.model.job import Scope


def job_with(folder, function, scope):
    """A job of this scope whose schema has a mapping with this function."""
    document = portal_schema()
    text = f"{function}([appRoleAssignments])"
    source = {"type": "Function", "name": function, "expression": text, "parameters": []}
    rows = document["synchronizationRules"][0]["objectMappings"][2]["attributeMappings"]
    rows.append(mapping(f"{CUSTOM}:field001", source))
    (folder / "mine.json").write_text(json.dumps(document))
    keys = f'id = "engagedly"\nschema = "mine.json"\nscope = "{scope}"'
    (folder / "entrasim.toml").write_text(MINIMAL.replace('id = "engagedly"', keys))
    settings = load(folder / "entrasim.toml", {"TOKEN": "s3cret"}).job(None)
    return bootstrap.job_of(settings)


@pytest.mark.parametrize(
    "function",
    [
        "SingleAppRoleAssignment",
        "AppRoleAssignments",
        "AppRoleAssignmentsComplex",
        "AssertiveAppRoleAssignmentsComplex",
    ],
)
def test_roles_of_assignments_are_refused_where_nobody_need_be_assigned(function, tmp_path):
    with pytest.raises(ConfigurationError) as caught:
        job_with(tmp_path, function, "all")

    (problem,) = caught.value.problems
    assert f"attributeMappings[12] ({CUSTOM}:field001): {function} gives the roles" in problem
    assert 'jobs.engagedly.scope = "all"' in problem
    assert 'set scope = "assigned"' in problem


def test_roles_of_assignments_go_with_those_who_are_assigned(tmp_path):
    assert job_with(tmp_path, "SingleAppRoleAssignment", "assigned").scope is Scope.ASSIGNED


def test_job_names_the_place_of_an_expression_that_it_cant_evaluate(tmp_path):
    with pytest.raises(ConfigurationError) as caught:
        job_with(tmp_path, "SingelAppRoleAssignment", "assigned")

    (problem,) = caught.value.problems
    assert "schema mine.json: synchronizationRules[0].objectMappings[2].attributeM" in problem
    assert "did you mean SingleAppRoleAssignment?" in problem
