"""Find the objects that bear a name, and what decides about them."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote
from uuid import UUID

from msgspec.structs import replace

from entrasim.directory.graph.assignments import ServicePrincipal, assignments
from entrasim.directory.graph.client import PAGE_SIZE, GraphClient
from entrasim.directory.graph.deltas import COLLECTION, change_of, changes_of
from entrasim.directory.graph.diagnosing import AbsentError
from entrasim.directory.graph.selecting import plain
from entrasim.directory.graph.watermark import Asked
from entrasim.model.entry import Entry, ObjectType, Reading

_CALLED = {
    ObjectType.USER: ("userPrincipalName", "mail", "displayName"),
    ObjectType.GROUP: ("mail", "displayName"),
}


async def look_up(
    client: GraphClient, text: str, asked: Asked, principal: ServicePrincipal
) -> Reading:
    """The objects of that name first, then their managers and the assigned groups they are in.

    Of those groups only the members that this is about are told.

    Raises:
        SourceError: Graph can't be read.
    """
    named = [e for kind in ObjectType for e in await _named(client, text, kind, asked)]
    managers = [
        entry
        for known in dict.fromkeys(_managers_of(named))
        if (entry := await _by_id(client, known, ObjectType.USER, asked)) is not None
    ]
    assigned = await assignments(client, principal)
    groups = await _groups_of(
        client, (*named, *managers), {a.principal_id for a in assigned}, asked
    )
    there = {entry.anchor for entry in named}
    related = {entry.anchor: entry for entry in (*managers, *groups) if entry.anchor not in there}
    return Reading(
        entries=(*named, *related.values()),
        assignments=assigned,
        app_roles=principal.roles(),
        complete=False,
        omits_deleted=True,
        watermark="",
    )


async def _named(client: GraphClient, text: str, kind: ObjectType, asked: Asked) -> list[Entry]:
    """By id, or by one of the names that people use."""
    found = await _by_id(client, text, kind, asked)
    if found is not None or _is_uuid(text):
        return [found] if found else []
    quoted = text.replace("'", "''")
    told = " or ".join(f"{name} eq '{quoted}'" for name in _CALLED[kind])
    url = client.url(f"/{COLLECTION[kind]}", filter=told, **_shown(kind, asked))
    entries = [
        change.on(None) async for page in client.pages(url) for change in changes_of(page, kind)
    ]
    return [await _whole(client, entry) for entry in entries]


async def _by_id(client: GraphClient, known: str, kind: ObjectType, asked: Asked) -> Entry | None:
    """An object by its id, or a user by the principal name."""
    url = client.url(f"/{COLLECTION[kind]}/{quote(known, safe='')}", **_shown(kind, asked))
    try:
        content = await client.get(url)
    except AbsentError:
        return None
    return await _whole(client, change_of(content, kind).on(None))


async def _whole(client: GraphClient, entry: Entry) -> Entry:
    """A group with its members, which Graph gives apart."""
    if entry.anchor.object_type is ObjectType.USER:
        return entry
    url = client.url(f"/groups/{entry.anchor.id}/members", select="id", top=str(PAGE_SIZE))
    pages = [page async for page in client.pages(url)]
    ids = [c.anchor.id for page in pages for c in changes_of(page, ObjectType.USER)]
    return replace(entry, references={"members": tuple(dict.fromkeys(ids))} if ids else {})


async def _groups_of(
    client: GraphClient, entries: Iterable[Entry], assigned: set[str], asked: Asked
) -> list[Entry]:
    """The assigned groups that users are in, with those of them."""
    members: dict[str, list[str]] = {}
    found: dict[str, Entry] = {}
    select = plain(asked.groups)
    for entry in entries:
        if entry.anchor.object_type is not ObjectType.USER:
            continue
        path = f"/users/{entry.anchor.id}/memberOf"  # a cast to groups is an advanced query
        async for page in client.pages(client.url(path, select=select, top=str(PAGE_SIZE))):
            for change in changes_of(page, ObjectType.GROUP):
                if change.anchor.id in assigned:
                    found[change.anchor.id] = change.on(None)
                    members.setdefault(change.anchor.id, []).append(entry.anchor.id)
    return [
        replace(group, references={"members": tuple(dict.fromkeys(members[known]))})
        for known, group in found.items()
    ]


def _shown(kind: ObjectType, asked: Asked) -> dict[str, str]:
    shown = {"select": plain(asked.select(kind))}
    if kind is ObjectType.USER:
        shown["expand"] = "manager($select=id)"
    return shown


def _managers_of(entries: Iterable[Entry]) -> list[str]:
    return [known for entry in entries for known in entry.references.get("manager", ())]


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
