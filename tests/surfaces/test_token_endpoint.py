"""Signing in as an application: azure-identity, MSAL and plain requests, over TLS."""

from __future__ import annotations

import asyncio
import logging
from uuid import uuid4

import httpx
import jwt
import msal
import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import ClientSecretCredential
from azure.identity.aio import ClientSecretCredential as AsyncClientSecretCredential
from served_api import ServedApi

KEY, CLIENT = "s3cret-of-the-daemon", str(uuid4())
SCOPE = "https://graph.microsoft.com/.default"
FORM = {
    "grant_type": "client_credentials",
    "client_id": CLIENT,
    "client_secret": KEY,
    "scope": SCOPE,
}


@pytest.fixture(scope="module")
def api(tmp_path_factory):
    with ServedApi(tmp_path_factory.mktemp("token"), key=KEY, by_tls=True) as served:
        yield served


@pytest.fixture
def client(api):
    with api.client() as found:
        yield found


def credential(api, kind=ClientSecretCredential, secret=KEY, tenant=None, **more):
    trust = {"connection_verify": str(api.tls.ca), **more}
    return kind(tenant or api.tenant_id, CLIENT, secret, authority=api.url, **trust)


def asked(client, api, tenant="common", **changes):
    form = {name: value for name, value in {**FORM, **changes}.items() if value is not None}
    return client.post(f"{api.url}/{tenant}/oauth2/v2.0/token", data=form)


def health(client, api, token):
    return client.get(f"{api.url}/health", headers={"Authorization": f"Bearer {token}"})


def test_azure_identity_signs_in_and_its_token_is_let_in(api, client):
    with credential(api, disable_instance_discovery=True) as found:
        token = found.get_token(SCOPE).token

    assert health(client, api, token).status_code == 200


async def test_asynchronous_azure_identity_signs_in_without_a_flag(api, client):
    async with credential(api, AsyncClientSecretCredential) as found:
        token = await found.get_token(SCOPE)

    answer = await asyncio.to_thread(health, client, api, token.token)
    assert answer.status_code == 200


def test_msal_signs_in_by_the_tenants_domain(api, client, monkeypatch):
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):  # requests prefers them to `verify`
        monkeypatch.delenv(name, raising=False)
    application = msal.ConfidentialClientApplication(
        CLIENT,
        client_credential=KEY,
        authority=f"{api.url}/contoso.com",
        instance_discovery=False,
        verify=str(api.tls.ca),
    )

    token = application.acquire_token_for_client([SCOPE])

    assert health(client, api, token["access_token"]).status_code == 200


def test_client_that_does_not_trust_the_ca_refuses_the_server(api):
    told = {"disable_instance_discovery": True, "connection_verify": True, "retry_total": 0}
    unknowing = credential(api, **told)

    with unknowing, pytest.raises(ClientAuthenticationError, match="CERTIFICATE_VERIFY_FAILED"):
        unknowing.get_token(SCOPE)


def test_wrong_secret_is_told_as_entra_tells_it_and_never_repeated(api, caplog):
    wrong = credential(api, secret="wr0ng-guess", disable_instance_discovery=True)

    with wrong, pytest.raises(ClientAuthenticationError, match="AADSTS7000215") as caught:
        wrong.get_token(SCOPE)

    assert "wr0ng-guess" not in str(caught.value) + caplog.text
    assert KEY not in str(caught.value) + caplog.text


async def test_asynchronous_azure_identity_is_told_of_a_wrong_secret(api):
    wrong = credential(api, AsyncClientSecretCredential, secret="wr0ng-guess")

    async with wrong:
        with pytest.raises(ClientAuthenticationError, match="AADSTS7000215"):
            await wrong.get_token(SCOPE)


def test_token_lives_an_hour_and_names_tenant_and_client(api, client):
    answer = asked(client, api).json()

    keys = client.get(f"{api.url}/common/discovery/v2.0/keys").json()
    (key,) = jwt.PyJWKSet.from_dict(keys).keys
    claims = jwt.decode(
        answer["access_token"], key, algorithms=["RS256"], audience="https://graph.microsoft.com"
    )
    assert (answer["token_type"], answer["expires_in"]) == ("Bearer", 3599)
    assert claims["exp"] - claims["iat"] == 3599
    assert (claims["tid"], claims["appid"]) == (api.tenant_id, CLIENT)
    assert claims["iss"] == f"{api.url}/{api.tenant_id}/v2.0"


def test_answer_with_a_token_is_stored_nowhere(api, client):
    assert asked(client, api).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"grant_type": None}, (400, "invalid_request", 900144)),
        ({"grant_type": "password"}, (400, "unsupported_grant_type", 70003)),
        ({"client_id": None}, (400, "invalid_request", 900144)),
        ({"client_id": " "}, (400, "invalid_request", 900144)),
        ({"scope": None}, (400, "invalid_request", 900144)),
        ({"scope": "User.Read"}, (400, "invalid_scope", 1002012)),
        ({"scope": f"{SCOPE} {SCOPE}"}, (400, "invalid_scope", 1002012)),
        ({"client_secret": None}, (401, "invalid_client", 7000216)),
        ({"client_secret": "other"}, (401, "invalid_client", 7000215)),
        ({"client_secret": "öther"}, (401, "invalid_client", 7000215)),
        ({"client_secret": None, "client_assertion": "a.b.c"}, (400, "invalid_request", 900144)),
        (
            {
                "client_secret": None,
                "client_assertion": "a.b.c",
                "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            },
            (401, "invalid_client", 700027),
        ),
    ],
)
def test_request_that_can_not_be_granted_is_told_why(api, client, changes, expected):
    answer = asked(client, api, **changes)

    body, number = answer.json(), expected[-1]
    assert (answer.status_code, body["error"], *body["error_codes"]) == expected
    assert body["error_description"].startswith(f"AADSTS{number}: ")
    assert {"timestamp", "trace_id", "correlation_id"} <= set(body)


@pytest.mark.parametrize(("secret", "status"), [(KEY, 200), ("other", 401)])
def test_id_and_secret_may_stand_in_the_header(api, client, secret, status):
    url = f"{api.url}/common/oauth2/v2.0/token"
    form = {"grant_type": "client_credentials", "scope": SCOPE}

    answer = client.post(url, data=form, auth=(CLIENT, secret))
    broken = client.post(url, data=form, headers={"Authorization": "Basic ???"})

    assert (answer.status_code, broken.status_code) == (status, 400)


def test_unknown_tenant_is_told(api, client):
    answer = asked(client, api, tenant="fabrikam.com")
    found = client.get(f"{api.url}/fabrikam.com/v2.0/.well-known/openid-configuration")

    assert (answer.status_code, answer.json()["error_codes"]) == (400, [90002])
    assert (found.status_code, found.json()["error"]) == (400, "invalid_tenant")


@pytest.mark.parametrize("body", [b"\xff\xfe", b"&".join([b"a=1"] * 100), b'{"scope":"x"}', b""])
def test_body_that_is_no_form_is_a_bad_request(api, client, body):
    answer = client.post(f"{api.url}/common/oauth2/v2.0/token", content=body)

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_instance_discovery_knows_this_server_alone(api, client):
    query = {"authorization_endpoint": f"{api.url}/contoso.com/oauth2/v2.0/authorize"}

    found = client.get(f"{api.url}/common/discovery/instance", params=query).json()

    host = api.url.removeprefix("https://")
    assert found["metadata"][0]["aliases"] == [host]
    document = client.get(found["tenant_discovery_endpoint"]).json()
    assert document["token_endpoint"] == f"{api.url}/{api.tenant_id}/oauth2/v2.0/token"


def test_everything_else_asks_for_a_token(api, client):
    paths = ("/health", "/v1.0/users", "/common/oauth2/v2.0/token/more", "/v1.0/oauth2/v2.0")

    codes = {client.get(f"{api.url}{path}").status_code for path in paths}

    assert codes == {401}


def test_token_of_somebody_else_or_none_at_all_is_not_let_in(api, client):
    claims = jwt.decode(
        asked(client, api).json()["access_token"], options={"verify_signature": False}
    )
    forged = jwt.encode(claims, "k" * 32, algorithm="HS256")
    unsigned = jwt.encode(claims, None, algorithm="none")

    codes = {health(client, api, token).status_code for token in (forged, unsigned, "x", "a.b.c")}

    assert codes == {401}


def test_whoever_guesses_is_told_to_wait_even_with_the_right_secret(tmp_path):
    with ServedApi(tmp_path, key=KEY) as api, api.client() as client:
        guesses = [asked(client, api, client_secret=f"guess {n}").status_code for n in range(10)]
        answer = asked(client, api)

    assert set(guesses) == {401}
    assert (answer.status_code, answer.json()["error"]) == (429, "temporarily_unavailable")
    assert 0 < int(answer.headers["Retry-After"]) <= 60


def test_without_a_configured_token_any_secret_will_do(tmp_path):
    with ServedApi(tmp_path) as api, api.client() as client:
        answer = asked(client, api, client_secret="anything")

    assert answer.status_code == 200


def test_foreign_page_is_given_no_token(tmp_path):
    with ServedApi(tmp_path) as api, httpx.Client(headers={"Host": "evil.example"}) as client:
        answer = asked(client, api)

    assert answer.status_code == 421


@pytest.fixture(autouse=True)
def _quiet():
    """azure-identity logs every failure as a warning, which people are told otherwise."""
    logging.getLogger("azure.identity").setLevel(logging.ERROR)
