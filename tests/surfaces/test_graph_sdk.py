"""Microsoft's own SDK for Python, as published, against the API."""

from __future__ import annotations

import httpx
import pytest
from contoso_files import ADA, GRACE, SALES
from kiota_abstractions.authentication import AnonymousAuthenticationProvider
from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.password_profile import PasswordProfile
from msgraph.generated.models.reference_create import ReferenceCreate
from msgraph.generated.models.reference_update import ReferenceUpdate
from msgraph.generated.models.user import User
from msgraph.generated.users.users_request_builder import UsersRequestBuilder
from msgraph_core import GraphClientFactory


@pytest.fixture
async def sdk(graph):
    """The SDK, told of another base URL; its middleware closes no connection by itself."""
    transport = httpx.AsyncHTTPTransport()
    client = httpx.AsyncClient(base_url=graph.url, transport=transport)
    client = GraphClientFactory.create_with_default_middleware(client=client)
    adapter = GraphRequestAdapter(AnonymousAuthenticationProvider(), client=client)
    adapter.base_url = graph.url
    yield GraphServiceClient(request_adapter=adapter)
    await transport.aclose()


def katherine():
    return User(
        account_enabled=True,
        display_name="Katherine Johnson",
        mail_nickname="katherine",
        user_principal_name="katherine@contoso.com",
        business_phones=["+1 757"],
        password_profile=PasswordProfile(password="xWwvJ]6NMw+bWH-d"),
    )


async def test_sdk_hires_moves_and_dismisses(graph, sdk):
    made = await sdk.users.post(katherine())
    await sdk.users.by_user_id(made.id).patch(User(job_title="Mathematician"))
    boss = ReferenceUpdate(odata_id=f"{graph.url}/users/{GRACE}")
    await sdk.users.by_user_id(made.id).manager.ref.put(boss)
    member = ReferenceCreate(odata_id=f"{graph.url}/directoryObjects/{made.id}")
    await sdk.groups.by_group_id(SALES).members.ref.post(member)

    asked = UsersRequestBuilder.UsersRequestBuilderGetQueryParameters(
        select=["id", "jobTitle", "accountEnabled"],
        filter="startswith(displayName,'Kath') and accountEnabled eq true",
        expand=["manager($select=id,displayName)"],
        orderby=["displayName"],
        top=5,
        count=True,
    )
    configuration = RequestConfiguration(query_parameters=asked)
    configuration.headers.add("ConsistencyLevel", "eventual")
    found = await sdk.users.get(configuration)
    members = await sdk.groups.by_group_id(SALES).members.graph_user.get()
    await sdk.users.by_user_id(made.id).delete()
    deleted = await sdk.directory.deleted_items.graph_user.get()

    (one,) = found.value
    assert found.odata_count == 1
    assert (one.id, one.job_title, one.account_enabled) == (made.id, "Mathematician", True)
    assert (type(one.manager), one.manager.display_name) == (User, "Grace Hopper")
    assert [user.id for user in members.value] == [ADA, made.id]
    assert [user.id for user in deleted.value] == [made.id]


async def test_sdk_turns_pages(sdk):
    asked = UsersRequestBuilder.UsersRequestBuilderGetQueryParameters(top=1)
    first = await sdk.users.get(RequestConfiguration(query_parameters=asked))

    second = await sdk.users.with_url(first.odata_next_link).get()

    assert [user.id for user in (*first.value, *second.value)] == [ADA, GRACE]


async def test_sdk_understands_what_is_refused(sdk):
    twin = katherine()
    twin.user_principal_name = "ada@contoso.com"

    with pytest.raises(ODataError) as refused:
        await sdk.users.post(twin)

    assert refused.value.response_status_code == 400
    assert refused.value.error.code == "Request_BadRequest"
    assert refused.value.error.details[0].target == "userPrincipalName"
    assert refused.value.error.inner_error.request_id
