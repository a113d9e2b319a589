"""Hire somebody through Microsoft's Graph SDK, and dismiss them forty minutes later."""

import asyncio
import os
import time
from uuid import UUID

import httpx
from azure.core.credentials import AccessToken
from azure.identity.aio import ClientSecretCredential
from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph import GraphServiceClient
from msgraph.generated.application_templates.item.instantiate import (
    instantiate_post_request_body as instantiating,
)
from msgraph.generated.audit_logs.provisioning.provisioning_request_builder import (
    ProvisioningRequestBuilder,
)
from msgraph.generated.models.app_role_assignment import AppRoleAssignment
from msgraph.generated.models.group import Group
from msgraph.generated.models.password_profile import PasswordProfile
from msgraph.generated.models.reference_create import ReferenceCreate
from msgraph.generated.models.synchronization_job import SynchronizationJob
from msgraph.generated.models.synchronization_secret import SynchronizationSecret
from msgraph.generated.models.synchronization_secret_key_string_value_pair import (
    SynchronizationSecretKeyStringValuePair as Secret,
)
from msgraph.generated.models.user import User
from msgraph.generated.service_principals.item.synchronization.secrets import (
    secrets_put_request_body as keeping,
)

ENTRASIM = os.environ.get("ENTRASIM_URL", "https://127.0.0.1:8420")
ENGAGEDLY = os.environ.get("ENGAGEDLY_URL", "http://127.0.0.1:8421")
API_TOKEN = os.environ.get("ENTRASIM_API_TOKEN", "any")  # of a daemon that has one
CLIENT_ID = "d1b6f1e4-5c0b-4e9c-9b0e-3b1f0a9c1a11"  # any will do
NON_GALLERY = "8adf8e6e-67b2-4cf2-a259-e3dc5476c621"  # "Create your own application"
SCOPE = "https://graph.microsoft.com/.default"
MAIL = "kay@contoso.com"


class StaticToken:
    """The daemon's own token, for plain http, which azure-identity refuses."""

    async def get_token(self, *_scopes, **_options):
        return AccessToken(API_TOKEN, int(time.time()) + 3600)

    async def close(self):
        pass


async def main(credential):
    graph = GraphServiceClient(credential, [SCOPE])
    graph.request_adapter.base_url = f"{ENTRASIM}/v1.0"

    user = await graph.users.post(
        User(
            account_enabled=True,
            display_name="Kay McNulty",
            given_name="Kay",
            surname="McNulty",
            mail=MAIL,
            mail_nickname="kay",
            user_principal_name=MAIL,
            password_profile=PasswordProfile(password="Not-kept-0"),
        )
    )
    group = await graph.groups.post(
        Group(
            display_name="Computers",
            mail_enabled=False,
            mail_nickname="computers",
            security_enabled=True,
        )
    )
    member = ReferenceCreate(odata_id=f"{ENTRASIM}/v1.0/directoryObjects/{user.id}")
    await graph.groups.by_group_id(group.id).members.ref.post(member)

    template = graph.application_templates.by_application_template_id(NON_GALLERY)
    named = instantiating.InstantiatePostRequestBody(display_name="HR")
    application = (await template.instantiate.post(named)).service_principal
    principal = graph.service_principals.by_service_principal_id(application.id)
    assignment = await principal.app_role_assigned_to.post(
        AppRoleAssignment(
            principal_id=UUID(group.id),
            resource_id=UUID(application.id),
            app_role_id=next(r.id for r in application.app_roles if r.display_name == "User"),
        )
    )

    synchronization = principal.synchronization
    job = await synchronization.jobs.post(SynchronizationJob(template_id="engagedly"))
    address = Secret(key=SynchronizationSecret.BaseAddress, value=f"{ENGAGEDLY}/scim/v2")
    token = Secret(key=SynchronizationSecret.SecretToken, value=os.environ["ENGAGEDLY_TOKEN"])
    await synchronization.secrets.put(keeping.SecretsPutRequestBody(value=[address, token]))
    await synchronization.jobs.by_synchronization_job_id(job.id).start.post()
    await advance("PT40M", credential)
    print("hired:", await employee())

    await principal.app_role_assigned_to.by_app_role_assignment_id(assignment.id).delete()
    await advance("PT40M", credential)
    print("dismissed:", await employee())

    latest = ProvisioningRequestBuilder.ProvisioningRequestBuilderGetQueryParameters(
        filter=f"jobId eq '{job.id}'", orderby=["activityDateTime desc"], top=1
    )
    log = await graph.audit_logs.provisioning.get(RequestConfiguration(query_parameters=latest))
    [record] = log.value
    action, status = record.provisioning_action, record.provisioning_status_info.status
    print("log:", action.value, status.value, record.source_identity.display_name)


async def advance(by, credential):
    """Turn the daemon's clock, and wait for the cycles that became due."""
    bearer = {"Authorization": f"Bearer {(await credential.get_token(SCOPE)).token}"}
    async with httpx.AsyncClient(base_url=ENTRASIM, headers=bearer, timeout=60) as entrasim:
        answer = await entrasim.post("/entrasim/clock/advance", json={"by": by})
        answer.raise_for_status()


async def employee():
    """What Engagedly's own API says of them."""
    async with httpx.AsyncClient(base_url=ENGAGEDLY) as engagedly:
        [found] = (await engagedly.get("/beta/users", params={"email": MAIL})).json()["data"]
    return f"{found['first_name']} {found['last_name']} is {found['status']}"


async def signed_in():
    if ENTRASIM.startswith("https:"):
        credential = ClientSecretCredential("contoso.com", CLIENT_ID, API_TOKEN, authority=ENTRASIM)
    else:
        credential = StaticToken()
    try:
        await main(credential)
    finally:
        await credential.close()


asyncio.run(signed_in())
