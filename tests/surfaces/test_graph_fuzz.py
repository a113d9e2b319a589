"""Whatever is asked of the API, it answers: never 500, and a refusal in Graph's shape."""

from __future__ import annotations

import asyncio
import json
from urllib.parse import unquote

import pytest
from daemon_in_process import running
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odd_requests import DANGLING, METHODS, OddRequest, odd_requests, templates

from entrasim.api.access import guarded
from entrasim.api.application import daemon_app, daemon_routes
from entrasim.api.extension import Extension

EXAMPLES = 150
NON_GALLERY = "8adf8e6e-67b2-4cf2-a259-e3dc5476c621"
ADA, ROLE = "ada@contoso.com", "00000000-0000-0000-0000-000000000000"
DOCUMENTS = (
    {
        "accountEnabled": True,
        "displayName": "Kay",
        "mailNickname": "kay",
        "userPrincipalName": "kay@contoso.com",
        "passwordProfile": {"forceChangePasswordNextSignIn": True, "password": "x"},
    },
    {"displayName": "Sales", "mailEnabled": False, "mailNickname": "s", "securityEnabled": True},
    {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{DANGLING}"},
    {"members@odata.bind": [f"https://graph.microsoft.com/v1.0/directoryObjects/{DANGLING}"]},
    {"principalId": DANGLING, "resourceId": DANGLING, "appRoleId": ROLE},
    {"displayName": "Own application"},
    {"templateId": "customappsso"},
    {"value": [{"key": "BaseAddress", "value": "http://127.0.0.1:1"}, {"key": "SecretToken"}]},
    {"criteria": {"resetScope": "Watermark, Escrows"}},
    {"useSavedCredentials": False, "credentials": [{"key": "BaseAddress", "value": "x"}]},
    {"parameters": [{"ruleId": "x", "subjects": [{"objectId": ADA, "objectTypeName": "User"}]}]},
    {"expression": 'Replace([mail], "@", , , "x", , )', "testInputObject": {"properties": []}},
    {"requests": [{"id": "1", "method": "GET", "url": "/users"}]},
    {"synchronizationRules": [{"objectMappings": [{"attributeMappings": [{"source": {}}]}]}]},
    {"by": "PT1M"},
    {"rules": [{"fault": "status", "status": 429, "path": "nowhere"}], "seed": 1},
)


class World:
    """A daemon that lives while it is asked, and what leads somewhere in it."""

    def __init__(self, runner, daemon):
        self._runner, self.around = runner, daemon.around
        self.paths = [*templates(daemon_routes(self.around, Extension(self.around)))]
        objects = runner.run(self.around.tenant.objects())
        (status,) = runner.run(self.around.daemon.status())
        graph_id = status.job.graph_id
        found = {
            "users": objects.users,
            "groups": objects.groups,
            "servicePrincipals": objects.service_principals,
            "appRoleAssignedTo": objects.assignments,
        }
        self.ids = {collection: next(iter(known)) for collection, known in found.items()}
        self.ids |= {"jobs": graph_id, "$ref": self.ids["users"], "members": self.ids["users"]}
        self.ids |= {"applicationTemplates": NON_GALLERY, "": "contoso.com", "name": ADA}

    def ask(self, request, token=None):
        """Status, headers and body of the answer; rules that make Graph fail end with it."""
        return self._runner.run(asked(guarded(daemon_app(self.around), token), request))


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with asyncio.Runner() as runner:
        context = running(tmp_path_factory.mktemp("fuzz"))
        yield World(runner, runner.run(context.__aenter__()))
        runner.run(context.__aexit__(None, None, None))


def test_odd_request_is_answered_or_refused_but_breaks_nothing(world):
    @given(request=odd_requests(world.paths, world.ids, DOCUMENTS))
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[*HealthCheck])
    def ask(request):
        well_answered(request, *world.ask(request))

    ask()


def test_odd_token_is_refused_as_graph_refuses_it(world):
    @given(value=st.binary(max_size=60).filter(lambda v: not {10, 13} & {*v}))
    @settings(max_examples=50, deadline=None)
    def ask(value):
        for given_as in (value, b"Bearer " + value, b"Basic " + value):
            request = OddRequest("GET", "/v1.0/users", b"", ((b"authorization", given_as),), b"")

            status, headers, body = world.ask(request, token="s3cret")

            assert status == 401
            assert json.loads(body)["error"]["code"] == "InvalidAuthenticationToken"
            well_answered(request, status, headers, body)

    ask()


def test_body_of_ten_megabytes_is_too_large_on_every_path(world):
    changing = {"POST", "PATCH", "PUT"}
    for template, methods in world.paths:
        path = "/".join(ADA if "{" in part else part for part in template.split("/"))
        for method in sorted(changing & methods):
            request = OddRequest(method, path, b"", (), b" " * 10_000_000)

            status, headers, body = world.ask(request)

            assert status == 413, path
            well_answered(request, status, headers, body)


@pytest.mark.parametrize("path", ["/", "/v1.0/", "/v2.0/users", "/beta/nonsense", "/v1.0//users"])
@pytest.mark.parametrize("method", METHODS)
def test_path_that_is_not_there_is_refused_as_graph_refuses_it(world, path, method):
    request = OddRequest(method, path, b"", (), b"")

    status, headers, body = world.ask(request)

    assert 400 <= status < 500
    well_answered(request, status, headers, body)


async def test_mistake_of_our_own_is_told_in_graphs_shape(tmp_path, monkeypatch):
    async def broken():
        raise ZeroDivisionError

    async with running(tmp_path) as daemon:
        monkeypatch.setattr(daemon.around.daemon, "status", broken)
        answers = []

        with pytest.raises(ZeroDivisionError):
            await asked(
                daemon_app(daemon.around), OddRequest("GET", "/health", b"", (), b""), answers
            )

    (start, content) = answers
    assert start["status"] == 500
    assert json.loads(content["body"])["error"]["code"] == "InternalServerError"


def well_answered(request, status, headers, body):
    assert status < 500 or status == 501, (status, request, body)
    assert headers[b"request-id"]
    if status < 400 or request.method == "HEAD":
        return
    assert headers[b"content-type"].startswith(b"application/json"), request
    error = json.loads(body)["error"]
    if isinstance(error, str):  # RFC 6749 §5.2: the token endpoint's own shape
        assert not request.path.startswith(("/v1.0", "/beta", "/entrasim")), request
        return
    assert isinstance(error["code"], str), request
    assert error["code"], request
    assert isinstance(error["message"], str), request
    assert error["message"], request
    assert error["innerError"]["request-id"] == headers[b"request-id"].decode()


async def asked(app, request, answers=None):
    """Status, headers and body of the answer, as a server on a socket would get them."""
    answers = [] if answers is None else answers
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": request.method,
        "scheme": "http",
        "path": unquote(request.path),
        "raw_path": request.path.encode(),
        "query_string": request.query,
        "root_path": "",
        "headers": [(b"host", b"127.0.0.1:8420"), *request.headers],
        "server": ("127.0.0.1", 8420),
        "client": ("127.0.0.1", 50_000),
    }
    parts = [{"type": "http.request", "body": request.body}, {"type": "http.disconnect"}]

    async def receive():
        return parts.pop(0)

    async def send(message):
        answers.append(message)

    await app(scope, receive, send)
    body = b"".join(answer.get("body", b"") for answer in answers[1:])
    return answers[0]["status"], dict(answers[0]["headers"]), body
