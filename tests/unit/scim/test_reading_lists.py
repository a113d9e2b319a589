"""Everything that a target holds, page by page, whatever servers think of paging."""

from __future__ import annotations

import pytest

from entrasim.errors import TargetError
from entrasim.model.entry import ObjectType

LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"


def page(total, *ids):
    resources = [{"id": known, "userName": f"{known}@contoso.com"} for known in ids]
    return {"schemas": [LIST], "totalResults": total, "Resources": resources}


async def read(answering, *answers):
    target = await answering(*answers)
    found = await target.read_all(ObjectType.USER)
    return [one.id for one in found], target.requests_sent()["GET"]


async def test_pages_are_read_until_there_are_no_more(answering, raw):
    pages = [raw(200, page(5, *ids)) for ids in ("ab", "cd", "e")]

    assert await read(answering, *pages) == (list("abcde"), 3)


async def test_server_that_ignores_the_place_is_asked_once_more_and_then_left_alone(answering, raw):
    assert await read(answering, raw(200, page(5, "a", "b"))) == (["a", "b"], 2)


async def test_server_whose_pages_end_early_is_left_alone(answering, raw):
    pages = [raw(200, page(5, "a", "b")), raw(200, page(5))]

    assert await read(answering, *pages) == (["a", "b"], 2)


async def test_server_that_does_not_list_is_told_about(answering, raw):
    target = await answering(raw(400, "filter required", kind="text/plain"))

    with pytest.raises(TargetError, match=r"/Users\?startIndex=1&count=500: .* filter required"):
        await target.read_all(ObjectType.USER)
