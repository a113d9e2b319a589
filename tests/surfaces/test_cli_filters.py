"""Scoping filters as people meet them at the command line."""

from __future__ import annotations

import json

import pytest

FILTER = """
[[jobs.filters]]
name = "Engineers"
clauses = ['department EQUALS "Engineering"', "employeeId IS NOT NULL"]

[jobs.directory]"""


@pytest.fixture
def filtered(site):
    """A job that provisions engineers only."""
    write(site, FILTER)
    return site


def write(site, text):
    path = site.folder / "config" / "entrasim.toml"
    path.write_text(path.read_text().replace("\n[jobs.directory]", text, 1))


async def test_plan_explains_which_clause_somebody_fails(filtered):
    await filtered.sync()
    await filtered.run("tenant", "user", "set", "alan@contoso.com", "department=Sales")

    code, out, _ = await filtered.run("plan", "--explain")
    machine = json.loads((await filtered.run("plan", "--json"))[1])

    told = 'Filtered out: Engineers: department EQUALS "Engineering" (is "Sales")'
    assert code == 0
    assert f"↓ disable   alan@contoso.com             {told}" in out
    assert "(active in the source: True, assigned to the application: True, Engineers: " in out
    (decision,) = machine["decisions"]
    assert (decision["action"], decision["reason"]) == ("disable", told)


async def test_who_is_filtered_out_is_skipped_and_the_log_and_provision_on_demand_say_why(filtered):
    execution = await filtered.sync()
    _, logged, _ = await filtered.run("logs", "--object", "edsger@contoso.com", "--json")
    code, shown, _ = await filtered.run("provision-on-demand", "edsger@contoso.com")

    told = 'Filtered out: Engineers: department EQUALS "Engineering" (is "Sales")'
    assert (execution["counts"]["created"], execution["counts"]["inScope"]) == (4, 4)
    assert code == 0
    assert told in shown
    (summary,) = [json.loads(line) for line in logged.splitlines()]
    (scoping,) = [s for s in summary["provisioningSteps"] if s["provisioningStepType"] == "scoping"]
    assert (scoping["status"], scoping["description"]) == ("skipped", told)
    assert scoping["details"]['Engineers: department EQUALS "Engineering"'] == 'is "Sales"'


async def test_schema_shows_and_exports_the_filter_that_holds(filtered):
    _, shown, _ = await filtered.run("schema", "show")
    await filtered.run("schema", "export", "mine.json")
    valid, _, _ = await filtered.run("schema", "validate", "mine.json")

    assert 'only if department EQUALS "Engineering" and employeeId IS NOT NULL' in shown
    exported = json.loads((filtered.folder / "mine.json").read_text())
    scope = exported["synchronizationRules"][0]["objectMappings"][0]["scope"]
    assert scope["groups"][0]["name"] == "Engineers"
    assert valid == 0


async def test_validate_tells_of_filters_that_entra_has_not(site):
    await site.run("schema", "export", "mine.json")
    path = site.folder / "mine.json"
    document = json.loads(path.read_text())
    clause = {"sourceOperandName": "manager", "operatorName": "IsMemberOf"}
    mapping = document["synchronizationRules"][0]["objectMappings"][0]
    mapping["scope"] = {"groups": [{"clauses": [clause]}]}
    path.write_text(json.dumps(document))

    code, out, _ = await site.run("schema", "validate", "mine.json", "--json")

    problems = json.loads(out)["problems"]
    assert code == 1
    assert any("manager can't be filtered on" in problem for problem in problems)
    assert any('"IsMemberOf" is no operator' in problem for problem in problems)


async def test_filter_that_cant_be_read_gives_two_with_a_caret_and_sends_nothing(site):
    write(site, '\n[[jobs.filters]]\nclauses = ["department IS Sales"]\n\n[jobs.directory]')

    code, out, err = await site.run("sync")

    assert (code, out, site.exchanges) == (2, "", [])
    assert 'jobs.engagedly.filters.0.clauses.0: "IS Sales" is no operator' in err
    assert "\n  department IS Sales\n             ^" in err
    assert "Traceback" not in err
