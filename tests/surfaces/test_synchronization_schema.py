"""Templates, the schema of a job, and the language it is written in."""

from __future__ import annotations

import copy

import pytest
from served import served


@pytest.fixture
async def site(tmp_path, empty_state):
    async with served(tmp_path, empty_state) as found:
        yield found


async def test_templates_are_those_of_a_non_gallery_application_and_of_engagedly(site):
    found = (await site.ask("GET", "/templates")).json()["value"]

    (one,) = [template for template in found if template["default"]]
    shown = (await site.ask("GET", f"/templates/{one['id']}")).json()
    assert [template["id"] for template in found] == ["customappsso", "engagedly"]
    assert one["factoryTag"] == "customappsso"
    assert shown["id"] == "customappsso"
    assert "schema" not in shown


async def test_template_is_shown_with_its_schema_when_that_is_asked_for(site):
    expanded = (await site.ask("GET", "/templates/engagedly?$expand=schema")).json()

    schema = (await site.ask("GET", "/templates/engagedly/schema")).json()
    assert schema.pop("@odata.context")
    assert expanded["schema"] == schema
    assert schema["synchronizationRules"][0]["name"] == "USERGROUP_OUTBOUND_USERGROUP"


async def test_schema_that_is_put_is_the_one_that_is_shown(site):
    job = await site.made()
    schema = (await site.ask("GET", f"/jobs/{job}/schema")).json()
    changed = copy.deepcopy(schema)
    changed["synchronizationRules"][0]["objectMappings"][0]["name"] = "Ours"
    changed["somethingOfTheirs"] = {"kept": [1, None, "ä"]}

    put = await site.ask("PUT", f"/jobs/{job}/schema", changed)
    shown = (await site.ask("GET", f"/jobs/{job}/schema")).json()

    assert put.status_code == 204
    assert shown == changed


async def test_job_is_shown_with_its_schema_when_that_is_asked_for(site):
    job = await site.made()

    found = (await site.ask("GET", f"/jobs/{job}?$expand=schema")).json()

    schema = (await site.ask("GET", f"/jobs/{job}/schema")).json()
    assert found["id"] == job
    assert found["schema"] == {k: v for k, v in schema.items() if k != "@odata.context"}


async def test_schema_that_is_put_is_the_one_that_the_next_cycle_goes_by(site):
    job = await site.trusted()
    schema = (await site.ask("GET", f"/jobs/{job}/schema")).json()
    (users,) = [
        mapping
        for mapping in schema["synchronizationRules"][0]["objectMappings"]
        if mapping["sourceObjectName"] == "User"
    ]
    clause = {
        "sourceOperandName": "givenName",
        "operatorName": "EQUALS",
        "targetOperand": {"values": ["Ada"]},
    }
    users["scope"] = {"groups": [{"name": "Ada", "clauses": [clause]}]}

    await site.ask("PUT", f"/jobs/{job}/schema", schema)
    await site.ask("POST", f"/jobs/{job}/start")
    await site.idle()

    assert site.names() == {"ada@contoso.com"}


async def test_every_mistake_of_a_schema_is_told_and_nothing_is_changed(site):
    job = await site.made()
    schema = (await site.ask("GET", f"/jobs/{job}/schema")).json()
    wrong = copy.deepcopy(schema)
    first, second, *_ = wrong["synchronizationRules"][0]["objectMappings"][0]["attributeMappings"]
    first["targetAttributeName"] = "noSuchAttribute"
    second["source"] = {"type": "Function", "expression": "Foo([mail])", "name": "Foo"}

    put = await site.ask("PUT", f"/jobs/{job}/schema", wrong)

    error = put.json()["error"]
    assert (put.status_code, error["code"]) == (400, "InvalidSchema")
    assert len(error["message"].splitlines()) >= 2
    assert "noSuchAttribute" in error["message"]
    assert "Foo" in error["message"]
    assert (await site.ask("GET", f"/jobs/{job}/schema")).json() == schema


@pytest.mark.parametrize("body", [[], "text", 7, {}, {"synchronizationRules": "none"}])
async def test_schema_that_is_none_is_refused(site, body):
    job = await site.made()

    put = await site.ask("PUT", f"/jobs/{job}/schema", body)

    assert put.status_code == 400
    assert put.json()["error"]["message"]


async def test_expression_of_graph_s_page_is_parsed_as_the_page_says(site):
    job = await site.made()
    body = {
        "expression": 'Replace([preferredLanguage], "-", , , "_", ,  )',
        "targetAttributeDefinition": None,
        "testInputObject": {
            "definition": None,
            "properties": [
                {"key": "preferredLanguage", "value": "EN-US"},
                {
                    "key": "appRoleAssignments",
                    "value@odata.type": "#Collection(String)",
                    "value": ["Default Assignment"],
                },
            ],
        },
    }

    of_job = (await site.ask("POST", f"/jobs/{job}/schema/parseExpression", body)).json()
    of_template = (
        await site.ask("POST", "/templates/customappsso/schema/parseExpression", body)
    ).json()

    assert of_job == of_template
    assert of_job["evaluationResult"] == ["EN_US"]
    assert (
        of_job["parsedExpression"]["expression"] == 'Replace([preferredLanguage], "-", , , "_", , )'
    )
    assert (of_job["parsingSucceeded"], of_job["error"]) == (True, None)


async def test_expression_that_is_wrong_is_answered_with_what_is_wrong(site):
    job = await site.made()

    answer = await site.ask("POST", f"/jobs/{job}/schema/parseExpression", {"expression": "Foo("})

    assert answer.status_code == 200
    assert answer.json()["parsingSucceeded"] is False
    assert answer.json()["parsingError"]["code"] == "ExpressionNotParsed"


@pytest.mark.parametrize("path", ["filterOperators", "filterOperators()"])
async def test_operators_of_filters_are_listed(site, path):
    job = await site.made()

    found = (await site.ask("GET", f"/jobs/{job}/schema/{path}")).json()["value"]

    assert {
        "name": "EQUALS",
        "arity": "Binary",
        "multivaluedComparisonType": "All",
        "supportedAttributeTypes": ["String", "Integer"],
    } in found
    assert {one["name"]: one["arity"] for one in found}["IS NULL"] == "Unary"


@pytest.mark.parametrize("path", ["functions", "functions()"])
async def test_functions_are_listed_with_their_parameters(site, path):
    found = (await site.ask("GET", f"/templates/customappsso/schema/{path}")).json()["value"]

    parameter = {"allowMultipleOccurrences": False, "required": True, "type": "String"}
    assert {
        "name": "Append",
        "parameters": [parameter | {"name": "source"}, parameter | {"name": "suffix"}],
    } in found
    assert {"name": "DefaultDomain", "parameters": []} in found


@pytest.mark.parametrize(
    "path", ["/templates/aws", "/templates/aws/schema", "/jobs/scim.x.y/schema/functions"]
)
async def test_what_is_not_there_is_not_found(site, path):
    answer = await site.ask("GET", path)

    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "Request_ResourceNotFound"
