"""What the probe says of URL, token and network."""

from __future__ import annotations

import socket
from datetime import timedelta

import pytest

from entrasim.errors import (
    ConfigurationError,
    CredentialsRefusedError,
    CycleError,
    IncompatibleTargetError,
    TargetUnreachableError,
)
from entrasim.model.dialect import ENTRA
from entrasim.model.entry import ObjectType
from entrasim.ports import WireRequest
from entrasim.scim import ScimTarget, TenantUrl
from entrasim.scim.probe import unreachable
from entrasim.transport import (
    HttpClient,
    NoAnswerError,
    NotSentError,
    TlsError,
    UntrustedServerError,
)

LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
TEN_SECONDS = timedelta(seconds=10)
EMPTY = {"schemas": [LIST], "totalResults": 0}


async def diagnosis_of(target):
    try:
        await target.probe([ObjectType.USER, ObjectType.GROUP])
    except CycleError as error:
        return error
    return None


@pytest.mark.parametrize("body", [EMPTY, {**EMPTY, "Resources": []}, {**EMPTY, "Resources": None}])
async def test_empty_list_is_the_good_answer(answering, raw, body):
    target = await answering(raw(200, body))

    assert await diagnosis_of(target) is None
    assert target.requests_sent() == {"GET": 2}


@pytest.mark.parametrize(
    ("answered", "kind", "words"),
    [
        ((401, ""), CredentialsRefusedError, "refuses the token (401): check target.token"),
        ((403, ""), CredentialsRefusedError, "refuses the token (403): check target.token"),
        ((429, ""), TargetUnreachableError, "answers 429: try again later"),
        ((503, ""), TargetUnreachableError, "answers 503: try again later"),
        ((404, ""), IncompatibleTargetError, "has nothing there (404)"),
        ((302, ""), IncompatibleTargetError, "redirects elsewhere (302)"),
        ((400, ""), IncompatibleTargetError, "answers 400 with no list"),
        ((200, "<html>"), IncompatibleTargetError, "answers 200 with a web page"),
        ((200, ""), IncompatibleTargetError, "answers 200 with no list"),
        ((200, {}), IncompatibleTargetError, "answers 200 with no list"),
        ((200, {"Resources": []}), IncompatibleTargetError, "answers 200 with no list"),
        ((200, {**EMPTY, "totalResults": 9}), IncompatibleTargetError, "ignored the filter"),
        ((200, {**EMPTY, "Resources": [{"id": 1}]}), IncompatibleTargetError, "ignored the filter"),
    ],
)
async def test_other_answer_is_told_apart(answering, raw, answered, kind, words):
    target = await answering(raw(*answered), query="?code=k3y")

    error = await diagnosis_of(target)

    assert type(error) is kind
    assert words in str(error)
    assert "/scim/v2/Users" in str(error)
    assert "k3y" not in str(error)


async def test_wrong_path_names_the_setting(answering, raw):
    target = await answering(raw(404))

    assert "check the tenant URL (target.base_url)" in str(await diagnosis_of(target))


async def test_wrong_port_is_unreachable(schema):
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        url = TenantUrl.parse(f"http://127.0.0.1:{held.getsockname()[1]}/scim")
        client = HttpClient.connect(timeout=TEN_SECONDS, concurrency=1)
        target = ScimTarget(tenant_url=url, token="t", schema=schema, dialect=ENTRA, client=client)

        error = await diagnosis_of(target)
        await target.close()

    assert type(error) is TargetUnreachableError
    assert "are host and port right? (connection refused)" in str(error)
    assert target.requests_sent() == {}


@pytest.mark.parametrize(
    ("scheme", "failure", "words"),
    [
        ("https", UntrustedServerError("self-signed"), "name the file of its CA as target.ca_file"),
        ("https", TlsError("wrong version"), "does the URL want http instead of https?"),
        ("https", NoAnswerError("no answer in time"), "it doesn't answer: is it too busy"),
        ("http", NoAnswerError("no HTTP answer"), "or does the URL want https?"),
        ("http", NotSentError("connection refused"), "are host and port right?"),
    ],
)
def test_missing_answer_comes_with_advice(scheme, failure, words):
    request = WireRequest("GET", f"{scheme}://h/scim/Users?code=k3y")

    error = unreachable(request, failure)

    assert type(error) is TargetUnreachableError
    assert str(error).startswith(f"{scheme}://h/scim/Users: ")
    assert words in str(error)
    assert str(error).endswith(f"({failure})")


async def test_target_that_breaks_off_is_unreachable(answering):
    target = await answering(b"")

    error = await diagnosis_of(target)

    assert type(error) is TargetUnreachableError
    assert "it doesn't answer as HTTP" in str(error)


@pytest.mark.parametrize("token", ["line\nbreak", "Schlüssel"])
def test_token_that_no_header_can_hold_is_a_configuration_error(schema, token):
    client = HttpClient.connect(timeout=TEN_SECONDS, concurrency=1)

    with pytest.raises(ConfigurationError, match=r"target\.token") as refused:
        ScimTarget(
            tenant_url=TenantUrl.parse("http://h/scim"),
            token=token,
            schema=schema,
            dialect=ENTRA,
            client=client,
        )

    assert token not in str(refused.value)
