"""Microsoft's SDK, pointed at this machine; importing it warns of itself."""

from __future__ import annotations

import warnings
from contextlib import asynccontextmanager

import httpx

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    from kiota_abstractions.authentication import AnonymousAuthenticationProvider
    from kiota_abstractions.base_request_configuration import RequestConfiguration
    from msgraph import GraphRequestAdapter, GraphServiceClient
    from msgraph.generated.audit_logs.provisioning.provisioning_request_builder import (
        ProvisioningRequestBuilder,
    )
    from msgraph.generated.models.o_data_errors.o_data_error import ODataError
    from msgraph.generated.models.synchronization_job import SynchronizationJob
    from msgraph.generated.models.synchronization_job_application_parameters import (
        SynchronizationJobApplicationParameters,
    )
    from msgraph.generated.models.synchronization_job_restart_criteria import (
        SynchronizationJobRestartCriteria,
    )
    from msgraph.generated.models.synchronization_job_subject import SynchronizationJobSubject
    from msgraph.generated.models.synchronization_secret import SynchronizationSecret
    from msgraph.generated.models.synchronization_secret_key_string_value_pair import (
        SynchronizationSecretKeyStringValuePair,
    )
    from msgraph.generated.service_principals.item.synchronization.jobs.item.provision_on_demand.provision_on_demand_post_request_body import (  # noqa: E501 - generated
        ProvisionOnDemandPostRequestBody,
    )
    from msgraph.generated.service_principals.item.synchronization.jobs.item.restart.restart_post_request_body import (  # noqa: E501 - generated
        RestartPostRequestBody,
    )
    from msgraph.generated.service_principals.item.synchronization.secrets.secrets_put_request_body import (  # noqa: E501 - generated
        SecretsPutRequestBody,
    )

__all__ = [
    "ODataError",
    "ProvisionOnDemandPostRequestBody",
    "ProvisioningRequestBuilder",
    "RequestConfiguration",
    "RestartPostRequestBody",
    "SecretsPutRequestBody",
    "SynchronizationJob",
    "SynchronizationJobApplicationParameters",
    "SynchronizationJobRestartCriteria",
    "SynchronizationJobSubject",
    "SynchronizationSecret",
    "SynchronizationSecretKeyStringValuePair",
    "connected",
]


@asynccontextmanager
async def connected(base_url: str):
    """A client of a Graph that asks for no credentials."""
    async with httpx.AsyncClient(base_url=base_url) as http:
        adapter = GraphRequestAdapter(AnonymousAuthenticationProvider(), client=http)
        adapter.base_url = base_url
        yield GraphServiceClient(request_adapter=adapter)
