"""What answers to one object's requests mean."""

from __future__ import annotations

import pytest

from entrasim.errors import (
    AnswerLostError,
    ConflictError,
    CredentialsRefusedError,
    TargetError,
    TransientTargetError,
)
from entrasim.model.decision import AttributeChange
from entrasim.model.entry import ObjectType

INCOMPATIBLE = "SystemForCrossDomainIdentityManagementServiceIncompatible"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
ERROR = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "status": "400"}
CHANGES = [AttributeChange(attribute="userName", before=None, after="ada@contoso.com")]
CALLS = {
    "find": (ObjectType.USER, "userName", "ada@contoso.com"),
    "read": (ObjectType.USER, "1"),
    "create": (ObjectType.USER, CHANGES),
    "update": (ObjectType.USER, "1", CHANGES),
    "delete": (ObjectType.USER, "1"),
}


async def failure_of(target, call):
    try:
        await getattr(target, call)(*CALLS[call])
    except (TargetError, CredentialsRefusedError) as error:
        return error
    return None


@pytest.mark.parametrize("call", list(CALLS))
@pytest.mark.parametrize(
    ("status", "meaning"),
    [
        (302, (TargetError, INCOMPATIBLE)),
        (400, (TargetError, "SystemForCrossDomainIdentityManagementBadRequest")),
        (401, (CredentialsRefusedError, CredentialsRefusedError.code)),
        (403, (CredentialsRefusedError, CredentialsRefusedError.code)),
        (408, (TransientTargetError, "Timeout")),
        (409, (ConflictError, "EntryConflict")),
        (422, (TargetError, "UnprocessableEntity")),
        (429, (TransientTargetError, "TooManyRequests")),
        (500, (TransientTargetError, "InternalServerError")),
        (501, (TargetError, "NotImplemented")),
        (503, (TransientTargetError, "InternalServerError")),
    ],
)
async def test_status_says_what_to_do(answering, raw, call, status, meaning):
    target = await answering(raw(status, ERROR))

    error = await failure_of(target, call)

    assert (type(error), error.code) == meaning


async def test_object_that_is_gone_is_not_read(answering, raw):
    target = await answering(raw(404))

    assert await target.read(*CALLS["read"]) is None


async def test_object_that_is_gone_is_deleted(answering, raw):
    target = await answering(raw(404))

    assert await failure_of(target, "delete") is None


async def test_object_that_is_gone_can_not_be_updated(answering, raw):
    target = await answering(raw(404, ERROR))

    assert (await failure_of(target, "update")).code == "InvalidAnchor"


UNREADABLE = {
    "a web page": ("<html>Sign in</html>", "text/html"),
    "a wrong content type": ('{"id": "1"}', "text/plain"),
    "broken JSON": ('{"id": ', "application/scim+json"),
    "no object": ("[1]", "application/scim+json"),
    "deep JSON": ("[" * 100_000, "application/json"),
    "an error body": (ERROR, "application/scim+json"),
}


@pytest.mark.parametrize("what", list(UNREADABLE))
@pytest.mark.parametrize("call", ["find", "read", "update", "delete"])
async def test_good_status_with_something_else_fails_the_object(answering, raw, call, what):
    body, kind = UNREADABLE[what]
    target = await answering(raw(200, body, kind=kind))

    error = await failure_of(target, call)

    assert (type(error), error.code) == (TargetError, INCOMPATIBLE)


@pytest.mark.parametrize("body", [*UNREADABLE.values(), ("", "application/json"), ({}, "x/json")])
async def test_post_whose_good_answer_can_not_be_read_is_settled_by_matching(answering, raw, body):
    target = await answering(raw(201, body[0], kind=body[1]))

    error = await failure_of(target, "create")

    assert (type(error), error.code) == (AnswerLostError, INCOMPATIBLE)


@pytest.mark.parametrize("call", ["find", "read"])
async def test_empty_answer_to_a_question_fails_the_object(answering, raw, call):
    target = await answering(raw(200))

    assert (await failure_of(target, call)).code == INCOMPATIBLE


@pytest.mark.parametrize("status", [200, 202, 204])
@pytest.mark.parametrize("call", ["update", "delete"])
async def test_empty_answer_confirms_a_change(answering, raw, call, status):
    target = await answering(raw(status))

    assert await failure_of(target, call) is None


@pytest.mark.parametrize(
    "body",
    [
        {"Resources": [{"id": "1"}]},
        {"schemas": [LIST], "totalResults": 1},
        {"schemas": [LIST], "totalResults": 2, "Resources": [{"id": "1"}]},
        {"schemas": [LIST], "totalResults": 1, "Resources": [{"userName": "ada"}]},
        {"schemas": [LIST], "totalResults": 1, "Resources": {"id": "1"}},
        {"schemas": 5},
        {"error": "not now"},
    ],
)
async def test_search_trusts_only_a_whole_list(answering, raw, body):
    target = await answering(raw(200, body))

    assert (await failure_of(target, "find")).code == INCOMPATIBLE


async def test_search_gives_all_that_match(answering, raw):
    found = [{"id": "1", "USERNAME": "ada"}, {"id": "2", "active": "True"}]
    target = await answering(raw(200, {"schemas": [LIST], "totalResults": 2, "Resources": found}))

    resources = await target.find(*CALLS["find"])

    assert [(r.id, dict(r.values)) for r in resources] == [
        ("1", {"userName": "ada"}),
        ("2", {"active": True}),
    ]


@pytest.mark.parametrize("call", ["find", "read", "update", "delete"])
async def test_answer_that_was_lost_may_be_asked_for_again(answering, call):
    target = await answering(b"")

    error = await failure_of(target, call)

    assert (type(error), error.code) == (TransientTargetError, "Timeout")


async def test_post_whose_answer_was_lost_is_settled_by_matching(answering):
    target = await answering(b"")

    error = await failure_of(target, "create")

    assert (type(error), error.code) == (AnswerLostError, "Timeout")
    assert "it may have been created all the same" in str(error)


async def test_post_that_never_left_is_only_tried_later(answering):
    target = await answering(b"", scheme="https", seconds=0.6)

    error = await failure_of(target, "create")

    assert (type(error), error.code) == (TransientTargetError, "WebExceptionProtocolError")


async def test_text_quotes_method_url_status_and_the_start_of_the_body(answering, raw):
    target = await answering(
        raw(400, "no  such\n\x1b[31m attribute " + "x" * 1000), query="?code=k"
    )

    text = str(await failure_of(target, "find"))

    assert text.startswith("GET http://127.0.0.1:")
    assert "/Users?filter=userName+eq+%22ada%40contoso.com%22: " in text
    assert "answered 400 no such [31m attribute xxx" in text
    assert len(text.partition(" 400 ")[2]) == 300
    assert "code=k" not in text


@pytest.mark.parametrize("echo", ["t0ken/with+signs", "t0ken%2Fwith%2Bsigns", "t0ken\\/with+signs"])
@pytest.mark.parametrize("before", [0, 290, 299])
async def test_token_that_a_body_echoes_is_masked(answering, raw, before, echo):
    target = await answering(raw(400, "x" * before + echo))

    text = str(await failure_of(target, "read"))

    assert "t0ken" not in text
    assert "signs" not in text
