"""Real clients against the synchronization API: Microsoft's SDK, and Terraform's sequence."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from sdk import (
    ODataError,
    ProvisioningRequestBuilder,
    ProvisionOnDemandPostRequestBody,
    RequestConfiguration,
    RestartPostRequestBody,
    SecretsPutRequestBody,
    SynchronizationJob,
    SynchronizationJobApplicationParameters,
    SynchronizationJobRestartCriteria,
    SynchronizationJobSubject,
    SynchronizationSecret,
    SynchronizationSecretKeyStringValuePair,
    connected,
)
from served import served

# The SDK imports its parts when they are asked for, and warns of itself then.
pytestmark = pytest.mark.filterwarnings("ignore:.*is deprecated:DeprecationWarning")

NEVER = datetime(1, 1, 1, tzinfo=UTC)


@pytest.fixture
async def site(tmp_path, empty_state):
    async with served(tmp_path, empty_state) as found:
        yield found


@pytest.fixture
async def graph(site):
    """Microsoft's SDK, as published."""
    async with connected(f"{site.url}/v1.0") as client:
        yield client


def secrets(site):
    pairs = [
        SynchronizationSecretKeyStringValuePair(
            key=SynchronizationSecret(pair["key"]), value=pair["value"]
        )
        for pair in site.credentials
    ]
    return SecretsPutRequestBody(value=pairs)


async def test_sdk_makes_a_job_trusts_it_starts_it_and_reads_the_log(site, graph):
    place = graph.service_principals.by_service_principal_id(site.principal).synchronization

    job = await place.jobs.post(SynchronizationJob(template_id="engagedly"))
    await place.secrets.put(secrets(site))
    ours = place.jobs.by_synchronization_job_id(job.id)
    await ours.start.post()
    await site.idle()
    found = await ours.get()
    asked = ProvisioningRequestBuilder.ProvisioningRequestBuilderGetQueryParameters(
        filter=f"jobId eq '{job.id}' and provisioningAction eq 'create'", top=5
    )
    log = await graph.audit_logs.provisioning.get(RequestConfiguration(query_parameters=asked))
    await ours.pause.post()
    paused = await ours.get()

    assert job.schedule.interval == timedelta(minutes=40)
    assert job.status.steady_state_first_achieved_time == NEVER
    assert found.status.code.value == "Active"
    assert found.status.last_execution.state.value == "Succeeded"
    assert "ada@contoso.com" in site.names()
    assert [entry.provisioning_action.value for entry in log.value] == ["create"] * 5
    assert {entry.job_id for entry in log.value} == {job.id}
    assert log.odata_next_link is not None
    assert (paused.status.code.value, paused.schedule.state.value) == ("Paused", "Paused")


async def test_sdk_reads_templates_schema_functions_and_masked_secrets(site, graph):
    place = graph.service_principals.by_service_principal_id(site.principal).synchronization
    job = await place.jobs.post(SynchronizationJob(template_id="customappsso"))
    await place.secrets.put(secrets(site))
    ours = place.jobs.by_synchronization_job_id(job.id)

    templates = await place.templates.get()
    schema = await ours.schema.get()
    functions = await ours.schema.functions.get()
    operators = await ours.schema.filter_operators.get()
    whole = await place.get()
    listed = await place.jobs.get()

    assert [template.id for template in templates.value] == ["customappsso", "engagedly"]
    assert schema.synchronization_rules[0].object_mappings[0].attribute_mappings
    assert "Switch" in {function.additional_data["name"] for function in functions.value}
    assert len(operators.value) == 14
    assert {pair.key.value: pair.value for pair in whole.secrets}["SecretToken"] == "*"
    assert job.id in {one.id for one in listed.value}


async def test_sdk_puts_back_the_schema_that_it_read(site, graph):
    place = graph.service_principals.by_service_principal_id(site.principal).synchronization
    job = await place.jobs.post(SynchronizationJob(template_id="customappsso"))
    ours = place.jobs.by_synchronization_job_id(job.id).schema
    schema = await ours.get()
    schema.synchronization_rules[0].object_mappings[0].name = "Ours"

    await ours.patch(schema)

    again = await ours.get()
    assert again.synchronization_rules[0].object_mappings[0].name == "Ours"


async def test_sdk_provisions_on_demand_restarts_and_deletes(site, graph):
    place = graph.service_principals.by_service_principal_id(site.principal).synchronization
    job = await place.jobs.post(SynchronizationJob(template_id="engagedly"))
    await place.secrets.put(secrets(site))
    ours = place.jobs.by_synchronization_job_id(job.id)
    rule = (await ours.schema.get()).synchronization_rules[0].id
    ada = await site.user("ada@contoso.com")
    subject = SynchronizationJobSubject(object_id=ada, object_type_name="User")
    asked = SynchronizationJobApplicationParameters(rule_id=rule, subjects=[subject])

    answer = await ours.provision_on_demand.post(
        ProvisionOnDemandPostRequestBody(parameters=[asked])
    )
    await ours.restart.post(RestartPostRequestBody(criteria=SynchronizationJobRestartCriteria()))
    await ours.delete()

    assert json.loads(answer.key)["result"] == "Success"
    assert site.names() == {"ada@contoso.com"}
    with pytest.raises(ODataError) as gone:
        await ours.get()
    assert gone.value.response_status_code == 404


async def test_sdk_reads_the_error_of_a_job_without_credentials(site, graph):
    place = graph.service_principals.by_service_principal_id(site.principal).synchronization
    job = await place.jobs.post(SynchronizationJob(template_id="engagedly"))
    ours = place.jobs.by_synchronization_job_id(job.id)
    subject = SynchronizationJobSubject(object_id="x", object_type_name="User")
    asked = SynchronizationJobApplicationParameters(rule_id="x", subjects=[subject])

    with pytest.raises(ODataError) as refused:
        await ours.provision_on_demand.post(ProvisionOnDemandPostRequestBody(parameters=[asked]))

    assert refused.value.error.code == "CredentialsMissing"


async def test_terraform_s_sequence_creates_updates_and_deletes_job_and_secrets(site):
    """The calls of hashicorp/terraform-provider-azuread, internal/services/synchronization."""
    created = await site.ask("POST", "/jobs", {"templateId": "customappsso"})
    job = created.json()["id"]
    polled = await site.ask("GET", f"/jobs/{job}")
    started = await site.ask("POST", f"/jobs/{job}/start")
    enabled = await site.ask("GET", f"/jobs/{job}")
    put = await site.ask("PUT", "/secrets", {"value": site.credentials})
    listed = await site.ask("GET", "/secrets")
    updated = await site.ask("PUT", "/secrets", {"value": site.credentials[:1]})
    fewer = await site.ask("GET", "/secrets")
    emptied = await site.ask("PUT", "/secrets", {"value": [site.credentials[0] | {"value": ""}]})
    none = await site.ask("GET", "/secrets")
    deleted = await site.ask("DELETE", f"/jobs/{job}")
    gone = await site.ask("GET", f"/jobs/{job}")

    assert [created.status_code, polled.status_code, started.status_code] == [201, 200, 204]
    assert enabled.json()["schedule"]["state"] == "Active"
    assert [answer.status_code for answer in (put, updated, emptied)] == [204] * 3
    assert [len(answer.json()["value"]) for answer in (listed, fewer, none)] == [2, 1, 0]
    assert (deleted.status_code, gone.status_code) == (204, 404)
