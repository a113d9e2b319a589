"""Microsoft's SDK makes an application and assigns people to it, over TLS."""

from __future__ import annotations

from uuid import UUID, uuid4

import httpx
import pytest
from azure.identity.aio import ClientSecretCredential
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_authentication_azure.azure_identity_authentication_provider import (
    AzureIdentityAuthenticationProvider,
)
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph.generated.application_templates.item.instantiate.instantiate_post_request_body import (
    InstantiatePostRequestBody,
)
from msgraph.generated.models.app_role_assignment import AppRoleAssignment
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.service_principal import ServicePrincipal
from msgraph.generated.service_principals.service_principals_request_builder import (
    ServicePrincipalsRequestBuilder as ServicePrincipals,
)
from msgraph_core import GraphClientFactory
from served_api import ServedApi, trusting

KEY = "s3cret-of-the-daemon"
NON_GALLERY = "8adf8e6e-67b2-4cf2-a259-e3dc5476c621"


@pytest.fixture(scope="module")
def api(tmp_path_factory):
    with ServedApi(tmp_path_factory.mktemp("sdk"), key=KEY, by_tls=True) as served:
        yield served


@pytest.fixture
async def graph(api):
    """The SDK as published; its token is that of azure-identity."""
    credential = ClientSecretCredential(
        api.tenant_id, str(uuid4()), KEY, authority=api.url, connection_verify=str(api.tls.ca)
    )
    scopes = ["https://graph.microsoft.com/.default"]
    auth = AzureIdentityAuthenticationProvider(
        credential, scopes=scopes, allowed_hosts=["127.0.0.1"]
    )
    base = f"{api.url}/v1.0"
    transport = httpx.AsyncHTTPTransport(verify=trusting(api.tls.ca))
    plain = httpx.AsyncClient(base_url=base, transport=transport)
    client = GraphClientFactory.create_with_default_middleware(client=plain)
    adapter = GraphRequestAdapter(auth, client=client)
    adapter.base_url = base
    yield GraphServiceClient(request_adapter=adapter)
    await transport.aclose()  # the SDK's own doesn't close what it wraps
    await credential.close()


async def instantiated(graph, name):
    body = InstantiatePostRequestBody(display_name=name)
    template = graph.application_templates.by_application_template_id(NON_GALLERY)
    return await template.instantiate.post(body)


def to(resource, principal, role="18d14569-c3bd-439b-9a66-3a2aee01d14f"):
    return AppRoleAssignment(
        principal_id=UUID(principal), resource_id=UUID(resource), app_role_id=UUID(role)
    )


def ids(api, kind):
    objects = api.objects()
    return {one.display_name: one.id for one in getattr(objects, kind).values()}


async def test_sdk_makes_an_application_assigns_lists_and_unassigns(api, graph):
    made = await instantiated(graph, "Salaries")
    known = made.service_principal.id
    assigned = graph.service_principals.by_service_principal_id(known).app_role_assigned_to
    ada, sales = ids(api, "users")["Ada Lovelace"], ids(api, "groups")["Sales"]

    first = await assigned.post(to(known, ada))
    await assigned.post(to(known, sales))
    listed = await assigned.get()
    await assigned.by_app_role_assignment_id(first.id).delete()
    left = await assigned.get()

    assert made.application.app_id == made.service_principal.app_id
    assert made.application.id != known
    assert {role.display_name for role in made.service_principal.app_roles} == {
        "User",
        "msiam_access",
    }
    assert {(a.principal_display_name, a.principal_type) for a in listed.value} == {
        ("Ada Lovelace", "User"),
        ("Sales", "Group"),
    }
    assert [one.principal_display_name for one in left.value] == ["Sales"]


async def test_sdk_assigns_from_the_users_side_and_filters_by_resource(api, graph):
    known = (await instantiated(graph, "Travel")).service_principal.id
    grace = ids(api, "users")["Grace Hopper"]
    side = graph.users.by_user_id(grace).app_role_assignments

    await side.post(to(known, grace))
    builder = type(side)
    query = builder.AppRoleAssignmentsRequestBuilderGetQueryParameters(
        filter=f"resourceId eq {known}"
    )
    found = await side.get(RequestConfiguration(query_parameters=query))

    assert [(a.resource_display_name, str(a.resource_id)) for a in found.value] == [
        ("Travel", known)
    ]


async def test_sdk_finds_a_service_principal_by_app_id_and_by_filter(graph):
    made = (await instantiated(graph, "Canteen")).service_principal
    query = ServicePrincipals.ServicePrincipalsRequestBuilderGetQueryParameters(
        filter=f"appId eq '{made.app_id}'", select=["id", "displayName"], top=5
    )

    by_key = await graph.service_principals_with_app_id(made.app_id).get()
    by_filter = await graph.service_principals.get(RequestConfiguration(query_parameters=query))

    assert by_key.id == made.id
    assert [(one.id, one.display_name) for one in by_filter.value] == [(made.id, "Canteen")]


async def test_sdk_renames_and_deletes(graph):
    made = await instantiated(graph, "Old name")
    one = graph.service_principals.by_service_principal_id(made.service_principal.id)

    await one.patch(ServicePrincipal(display_name="New name", notes="of 2026"))
    renamed = await one.get()
    await graph.applications.by_application_id(made.application.id).delete()

    assert (renamed.display_name, renamed.notes) == ("New name", "of 2026")
    with pytest.raises(ODataError) as caught:
        await one.get()
    assert caught.value.error.code == "Request_ResourceNotFound"
