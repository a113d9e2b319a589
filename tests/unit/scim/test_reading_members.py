"""A group's members as servers tell of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from entrasim.config import load_schema
from entrasim.model.entry import ObjectType


@pytest.fixture
def schema():
    return load_schema("scim", Path()).schema


async def read(answering, answer):
    target = await answering(answer)
    return await target.read_members(ObjectType.GROUP, "g", "members")


async def test_members_are_told_by_their_values(answering, raw):
    members = [{"value": "1", "display": "Ada"}, {"value": 2, "$ref": "https://a/Users/2"}]

    assert await read(answering, raw(200, {"id": "g", "members": members})) == ("1", "2")


@pytest.mark.parametrize("members", [{}, {"members": None}, {"members": []}], ids=str)
async def test_group_without_members_has_none(answering, raw, members):
    assert await read(answering, raw(200, {"id": "g", **members})) == ()


async def test_twenty_thousand_members_are_read_at_once(answering, raw):
    place = "https://engagedly.example/scim/v2/Users"
    ids = [f"6f9619ff-8b86-d011-b42d-{number:012}" for number in range(20_000)]
    members = [{"value": one, "display": one, "$ref": f"{place}/{one}"} for one in ids]

    assert await read(answering, raw(200, {"id": "g", "members": members})) == tuple(ids)
