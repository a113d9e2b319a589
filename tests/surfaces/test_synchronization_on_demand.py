"""Provision on demand, and the links of single objects, through Graph's API."""

from __future__ import annotations

import json

import pytest
from served import served


@pytest.fixture
async def site(tmp_path, empty_state):
    async with served(tmp_path, empty_state) as found:
        yield found


async def rule_of(site, job):
    return (await site.ask("GET", f"/jobs/{job}/schema")).json()["synchronizationRules"][0]["id"]


async def demand(site, job, object_id, *, kind="User", **more):
    subject = {"objectId": object_id, "objectTypeName": kind}
    if "members" in more:
        listed = [{"objectId": known, "objectTypeName": "User"} for known in more["members"]]
        subject["links"] = {"members": listed}
    rule = more.get("rule") or await rule_of(site, job)
    body = {"parameters": [{"ruleId": rule, "subjects": [subject]}]}
    return await site.ask("POST", f"/jobs/{job}/provisionOnDemand", body)


async def group(site, name):
    groups = (await site.tenant.objects()).groups.values()
    return next(one.id for one in groups if one.display_name == name)


async def test_person_is_provisioned_while_the_job_is_paused_and_both_answers_are_texts(site):
    job = await site.trusted()
    ada = await site.user("ada@contoso.com")

    answer = (await demand(site, job, ada)).json()

    key, value = json.loads(answer["key"]), json.loads(answer["value"])
    assert answer["@odata.context"].endswith("#microsoft.graph.stringKeyStringValuePair")
    assert key == {"result": "Success", "details": {}}
    assert (value["action"], value["statusInfo"]["status"]) == ("Create", "Success")
    assert value["sourceIdentity"]["id"] == ada
    assert value["targetIdentity"]["type"].endswith(":enterprise:2.0:User")
    assert value["provisioningSteps"][0]["type"] == "Import"
    assert {"displayName": "active", "oldValue": None, "newValue": "True"} in value[
        "modifiedProperties"
    ]
    assert value["reportableIdentifier"] == "ada@contoso.com"
    assert site.names() == {"ada@contoso.com"}


async def test_change_that_is_answered_is_found_in_the_log(site):
    job = await site.trusted()
    ada = await site.user("ada@contoso.com")

    answer = (await demand(site, job, ada)).json()

    log = (await site.client.get("/v1.0/auditLogs/provisioning")).json()["value"]
    logged = [one["changeId"] for one in log if one["sourceIdentity"]["id"] == ada]
    assert json.loads(answer["value"])["changeId"] in logged


async def test_person_who_is_up_to_date_is_skipped_as_on_graph_s_page(site):
    job = await site.started()

    answer = (await demand(site, job, await site.user("grace@contoso.com"))).json()

    key = json.loads(answer["key"])
    assert (key["result"], key["details"]["errorCode"]) == ("Skipped", "RedundantExport")
    assert json.loads(answer["value"])["action"] == "Other"


async def test_group_is_provisioned_with_the_members_that_are_chosen(site):
    job = await site.trusted("customappsso")
    mary, sales = await site.user("mary@contoso.com"), await group(site, "Sales")
    await demand(site, job, mary)

    answer = (await demand(site, job, sales, kind="Group", members=[mary])).json()

    sent = [e for e in site.target.exchanges if e.method == "PATCH" and "/Groups/" in e.path]
    value = json.loads(answer["value"])
    assert json.loads(answer["key"])["result"] == "Success"
    assert value["action"] == "Create"
    assert "members" in {changed["displayName"] for changed in value["modifiedProperties"]}
    assert [b'"members"' in exchange.body for exchange in sent] == [True]


async def test_person_who_is_not_assigned_is_skipped_with_the_reason(site):
    job = await site.trusted()

    answer = (await demand(site, job, await site.user("dorothy@contoso.com"))).json()

    key = json.loads(answer["key"])
    assert (key["result"], key["details"]["errorCode"]) == ("Skipped", "NotEffectivelyEntitled")


async def test_person_whose_account_is_disabled_is_refused(site):
    job = await site.trusted()

    answer = await demand(site, job, await site.user("john@contoso.com"))

    assert answer.status_code == 400
    assert "disabled in the directory" in answer.json()["error"]["message"]


async def test_job_without_credentials_says_so_before_anything_else(site):
    job = await site.made()

    answer = await demand(site, job, "nobody", rule="03f7d90d-bf71-41b1-bda6-aaf0ddbee5d8")

    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (400, "CredentialsMissing")
    assert error["message"].startswith("Please configure provisioning")


async def test_rule_of_another_schema_is_refused(site):
    job = await site.trusted()

    answer = await demand(site, job, await site.user("ada@contoso.com"), rule="another")

    assert answer.status_code == 400
    assert "has no rule 'another'" in answer.json()["error"]["message"]


async def test_more_than_five_members_are_refused(site):
    job = await site.trusted()
    members = [str(number) for number in range(6)]

    answer = await demand(site, job, await group(site, "Sales"), kind="Group", members=members)

    assert answer.status_code == 400
    assert "5 members at most" in answer.json()["error"]["message"]


@pytest.mark.parametrize("known", ["nobody", "ada@contoso.com"])
async def test_subject_is_known_by_its_id_alone(site, known):
    job = await site.trusted()

    answer = await demand(site, job, known)

    assert answer.status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"parameters": []},
        {"parameters": [{"ruleId": None, "subjects": []}]},
        {"parameters": [{"ruleId": "x", "subjects": [{"objectId": "x"}]}]},
        {"parameters": [{"ruleId": "x", "subjects": [{"objectId": 1, "objectTypeName": "User"}]}]},
        {"parameters": {"ruleId": "x"}},
    ],
)
async def test_demand_that_is_none_is_refused(site, body):
    job = await site.trusted()

    answer = await site.ask("POST", f"/jobs/{job}/provisionOnDemand", body)

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "BadRequest")


async def test_target_that_is_not_there_is_told_by_its_code(site):
    job = await site.made()
    away = [{"key": "BaseAddress", "value": "http://127.0.0.1:1/scim"}, site.credentials[1]]
    await site.ask("PUT", "/secrets", {"value": away})

    answer = await demand(site, job, await site.user("ada@contoso.com"))

    assert answer.status_code == 400
    assert answer.json()["error"]["code"].endswith("CredentialValidationUnavailable")


def connection(site, job, known):
    return f"/beta{site.base.removeprefix('/v1.0')}/jobs/{job}/objectConnections('{known}')"


async def test_link_of_an_object_is_found_by_its_id_on_either_side(site):
    job, ada = await site.started(), await site.user("ada@contoso.com")

    by_source = (await site.client.get(connection(site, job, ada))).json()
    there = by_source["targetAnchor"]
    by_target = (await site.client.get(connection(site, job, there))).json()

    assert (by_source["objectId"], by_source["sourceAnchor"]) == (ada, ada)
    assert (by_source["displayName"], by_source["objectTypeName"]) == ("ada@contoso.com", "User")
    assert (by_target["objectId"], by_target["sourceAnchor"]) == (there, ada)


async def test_link_that_is_deleted_is_made_anew_by_the_next_cycle_and_nobody_is_created(site):
    job, ada = await site.started(), await site.user("ada@contoso.com")
    before = (await site.client.get(connection(site, job, ada))).json()

    deleted = await site.client.delete(connection(site, job, ada))
    gone = await site.client.get(connection(site, job, ada))
    people = len(site.names())
    await site.pass_time()

    after = (await site.client.get(connection(site, job, ada))).json()
    assert (deleted.status_code, gone.status_code) == (204, 404)
    assert after == before
    assert len(site.names()) == people


async def test_links_are_not_listed_and_are_of_beta_alone(site):
    job = await site.started()

    listed = await site.client.get(connection(site, job, "x").partition("(")[0])
    stable = await site.client.get(connection(site, job, "x").replace("/beta", "/v1.0"))
    parameters = await site.client.get(
        f"/beta{site.base.removeprefix('/v1.0')}/connectivityParameters"
    )

    assert (listed.status_code, listed.json()["error"]["code"]) == (400, "BadRequest")
    assert stable.status_code == 404
    assert [one["key"] for one in parameters.json()["value"]] == ["BaseAddress", "SecretToken"]
