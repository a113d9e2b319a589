"""Each kind of call reaches the wire as the files in `golden` say, which name their sources.

The files were typed from those sources. There is no switch to write them anew.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from entrasim import __version__
from entrasim.model.connection import ObjectConnection
from entrasim.model.decision import AttributeChange, Create, Delete, Subject, Update
from entrasim.model.dialect import COMPLIANT, ENTRA
from entrasim.model.entry import Anchor, ObjectType

GOLDEN = {
    path.stem: json.loads(path.read_text()) for path in Path(__file__).parent.glob("*/*.json")
}
CALLS = {name: golden for name, golden in GOLDEN.items() if "call" in golden}
WRITES = {"create", "update", "members", "delete"}
EMPTY_LIST = {
    "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
    "totalResults": 0,
    "Resources": [],
}


@pytest.mark.parametrize("name", sorted(CALLS))
async def test_call_reaches_the_wire_as_its_source_says(name, recorder, target_of):
    golden = CALLS[name]
    recorder.answer = _answer(golden["call"][0])
    target = target_of(_dialect(golden), golden.get("tenant_query", ""))

    await _make(target, golden["call"])

    ((line, headers, body),) = recorder.arrived
    assert line == golden["line"]
    assert (json.loads(body) if body else None) == golden.get("body")
    assert sorted(headers) == _expected_headers(recorder.port, body)


@pytest.mark.parametrize("name", sorted(n for n, g in CALLS.items() if g["call"][0] in WRITES))
async def test_preview_shows_what_reaches_the_wire(name, recorder, target_of):
    golden = CALLS[name]
    target = target_of(_dialect(golden), golden.get("tenant_query", ""))

    (request,) = target.preview(_decision(golden["call"]))

    path = request.url.removeprefix(f"http://127.0.0.1:{recorder.port}")
    assert f"{request.method} {path} HTTP/1.1" == golden["line"]
    assert request.body == golden.get("body")
    assert recorder.arrived == []


async def test_empty_user_agent_sends_none(recorder, target_of):
    recorder.answer = _answer("delete")
    target = target_of(replace(ENTRA, user_agent=""))

    await target.delete(ObjectType.USER, "5171a35d")

    ((_, headers, _),) = recorder.arrived
    assert "User-Agent" not in dict(headers)


async def test_manager_removal_can_be_left_unsaid(recorder, target_of):
    target = target_of(replace(ENTRA, manager_removal="skip"))
    call = GOLDEN["manager-remove"]["call"]

    await _make(target, call)

    assert recorder.arrived == []
    assert target.preview(_decision(call)) == ()


async def test_members_go_out_one_by_one_leavers_first(recorder, target_of):
    recorder.answer = _answer("members")
    target = target_of()
    change = AttributeChange(attribute="members", before=("a", "b"), after=("c", "d", "e"))

    await target.update_members(ObjectType.GROUP, "40734ae6", change)

    operations = [json.loads(body)["Operations"] for _, _, body in recorder.arrived]
    sent = [one["op"] + one["value"][0]["value"] for (one,) in operations]
    assert sent == ["Removea", "Removeb", "Addc", "Addd", "Adde"]


async def test_no_more_than_five_members_are_under_way(recorder, target_of):
    recorder.patience = 200
    recorder.answer = _answer("members")
    ids = tuple(f"m{number}" for number in range(20))
    change = AttributeChange(attribute="members", before=None, after=ids)

    await target_of(concurrency=16).update_members(ObjectType.GROUP, "40734ae6", change)

    assert len(recorder.arrived) == 20
    assert recorder.most == 5


@pytest.mark.parametrize("name", sorted(GOLDEN))
def test_golden_file_names_its_source(name):
    assert len(GOLDEN[name]["source"]) > 20


def _dialect(golden):
    match golden.get("dialect", {}):
        case "compliant":
            return COMPLIANT
        case fields:
            return replace(ENTRA, **fields)


async def _make(target, call):
    match call:
        case ["probe", kinds]:
            await target.probe([ObjectType(kind) for kind in kinds])
        case ["find" | "read" as method, kind, *arguments]:
            await getattr(target, method)(ObjectType(kind), *arguments)
        case ["delete", kind, target_id]:
            await target.delete(ObjectType(kind), target_id)
        case ["create", kind, _]:
            await target.create(ObjectType(kind), _changes(call))
        case ["update", kind, target_id, _]:
            await target.update(ObjectType(kind), target_id, _changes(call))
        case ["members", kind, target_id, *_]:
            assert not await target.update_members(ObjectType(kind), target_id, _changes(call)[0])


def _changes(call):
    if call[0] == "members":
        left, joined = (tuple(ids) or None for ids in call[-2:])
        return [AttributeChange(attribute="members", before=left, after=joined)]
    rows = call[-1].items() if call[0] == "create" else call[-1]
    triples = [(row[0], None, row[1]) if call[0] == "create" else row for row in rows]
    return [AttributeChange(attribute=a, before=_value(b), after=_value(c)) for a, b, c in triples]


def _value(held):
    return tuple(held) if isinstance(held, list) else held


def _decision(call):
    anchor = Anchor(ObjectType(call[1]), "source")
    told = {"subject": Subject(anchor=anchor, display_name="Ada"), "reason": "because"}
    match call[0]:
        case "create":
            connection = ObjectConnection(
                source_anchor=anchor,
                target_anchor="",
                target_url="",
                matching_attribute="userName",
                matching_value="ada",
            )
            return Create(**told, connection=connection, changes=tuple(_changes(call)))
        case "update" | "members":
            return Update(**told, target_id=call[2], changes=tuple(_changes(call)))
        case _:
            return Delete(**told, target_id=call[2])


def _expected_headers(port, body):
    golden = GOLDEN["headers-with-body" if body else "headers-without-body"]["headers"]
    known = {"port": port, "version": __version__, "length": len(body)}
    return sorted((name, text.format(**known)) for name, text in golden.items())


def _answer(call):
    status, document = {
        "probe": ("200 OK", EMPTY_LIST),
        "find": ("200 OK", EMPTY_LIST),
        "read": ("200 OK", {"id": "5171a35d"}),
        "create": ("201 Created", {"id": "5171a35d"}),
    }.get(call, ("204 No Content", None))
    if document is None:
        return f"HTTP/1.1 {status}\r\n\r\n".encode()
    content = json.dumps(document).encode()
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/scim+json\r\n"
    return f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content


async def test_everybody_who_leaves_is_out_before_anybody_joins(recorder, target_of):
    recorder.patience = 50
    recorder.answer = _answer("members")
    change = AttributeChange(attribute="members", before=("l1", "l2"), after=("j1", "j2"))

    await target_of(concurrency=16).update_members(ObjectType.GROUP, "40734ae6", change)

    words = [json.loads(body)["Operations"][0]["op"] for _, _, body in recorder.arrived]
    assert words == ["Remove", "Remove", "Add", "Add"]
