"""The target port in SCIM 2.0."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import msgspec

from entrasim import __version__
from entrasim.errors import ConfigurationError, ObjectError
from entrasim.fan_out import fan_out
from entrasim.model.decision import AttributeChange, Decision
from entrasim.model.dialect import Dialect
from entrasim.model.entry import ObjectType
from entrasim.model.schema import Schema
from entrasim.ports import TargetResource, WireRequest
from entrasim.scim import messages, probe
from entrasim.scim.answers import Answers
from entrasim.scim.requests import Requests
from entrasim.scim.resource import read_resource
from entrasim.scim.tenant_url import TenantUrl
from entrasim.transport import Answer, HttpClient, Patience, TransportError

MEMBERS_AT_ONCE = 5  # as server developers see Entra do
_NOT_FOUND = 404
_OPEN = nullcontext()
_CONTENT_TYPE = {"Content-Type": "application/scim+json; charset=utf-8"}


class ScimTarget:
    """Sends what Entra would send, and reads the answers liberally.

    `new_guid` gives the name of somebody who can't exist, for the probe. Of an object's
    calls none is made before the one before it is answered; the caller awaits each.
    """

    def __init__(  # noqa: PLR0913 - the parts that tests and `connect` put together
        self,
        *,
        tenant_url: TenantUrl,
        token: str,
        schema: Schema,
        dialect: Dialect,
        client: HttpClient,
        new_guid: Callable[[], str] = lambda: str(uuid4()),
        patience: Patience | None = None,
    ) -> None:
        self._requests = Requests(tenant_url, schema, dialect)
        self._headers = _headers(token, schema, dialect)
        self._answers = Answers(token)
        self._client, self._new_guid = client, new_guid
        self._members_at_once = asyncio.Semaphore(MEMBERS_AT_ONCE)
        self._patience = patience or Patience(honour_retry_after=dialect.honour_retry_after)

    @classmethod
    def connect(  # noqa: PLR0913 - what an operator configures of a target
        cls,
        *,
        tenant_url: TenantUrl,
        token: str,
        schema: Schema,
        dialect: Dialect,
        timeout: timedelta,
        concurrency: int,
        requests_per_second: float = 0,
        ca_file: Path | None = None,
    ) -> ScimTarget:
        """A target at a tenant URL; nothing is sent yet.

        Raises:
            ConfigurationError: the token or the CA file can't be used.
        """
        client = HttpClient.connect(
            timeout=timeout,
            concurrency=concurrency,
            requests_per_second=requests_per_second,
            ca_file=ca_file,
        )
        return cls(
            tenant_url=tenant_url, token=token, schema=schema, dialect=dialect, client=client
        )

    async def probe(self, object_types: Sequence[ObjectType]) -> None:
        """Ask for somebody who can't exist, once for each kind of object.

        Raises:
            TargetUnreachableError, CredentialsRefusedError, IncompatibleTargetError.
        """
        for object_type in object_types:
            request = self._requests.probe(object_type, self._new_guid())
            try:
                answer = await self._transmit(request)
            except TransportError as error:
                raise probe.unreachable(request, error) from None
            probe.diagnose(request, answer)

    async def find(
        self, object_type: ObjectType, attribute: str, value: str
    ) -> tuple[TargetResource, ...]:
        """Find by one attribute."""
        request = self._requests.find(object_type, attribute, value)
        found = self._answers.resources(request, await self._send(request))
        known = self._requests.readable(object_type)
        return tuple(read_resource(resource, known) for resource in found)

    async def read(self, object_type: ObjectType, target_id: str) -> TargetResource | None:
        """Read by id; None for 404."""
        request = self._requests.read(object_type, target_id)
        answer = await self._send(request)
        if answer.status == _NOT_FOUND:
            return None
        resource = self._answers.resource(request, answer)
        return read_resource(resource, self._requests.readable(object_type))

    async def read_members(
        self, object_type: ObjectType, target_id: str, attribute: str
    ) -> tuple[str, ...] | None:
        """Read a group's members and nothing else; None for 404."""
        request = self._requests.read_members(object_type, target_id, attribute)
        answer = await self._send(request)
        if answer.status == _NOT_FOUND:
            return None
        resource = self._answers.resource(request, answer)
        known = [self._requests.membership(object_type, attribute)]
        held = read_resource(resource, known).values.get(attribute)
        return held if isinstance(held, tuple) else ()

    async def read_all(self, object_type: ObjectType) -> tuple[TargetResource, ...]:
        """Page through the list of a kind; a page that brings nobody new is the last one."""
        found: dict[str, TargetResource] = {}
        known, total = self._requests.readable(object_type), 1
        while len(found) < total:
            request = self._requests.page(object_type, len(found) + 1)
            page, total = self._answers.page(request, await self._send(request))
            before = len(found)
            found.update((r.id, r) for r in (read_resource(one, known) for one in page))
            if len(found) == before:
                break
        return tuple(found.values())

    async def create(
        self, object_type: ObjectType, values: Sequence[AttributeChange]
    ) -> TargetResource:
        """POST a new object; an answer without an id leaves it open whether it is there."""
        request = self._requests.create(object_type, values)
        resource = self._answers.resource(request, await self._send(request))
        return read_resource(resource, self._requests.readable(object_type))

    async def update(
        self, object_type: ObjectType, target_id: str, changes: Sequence[AttributeChange]
    ) -> None:
        """PATCH all changes at once."""
        request = self._requests.update(object_type, target_id, changes)
        if request is not None:
            self._answers.accept(request, await self._send(request))

    async def update_members(
        self, object_type: ObjectType, target_id: str, change: AttributeChange
    ) -> Mapping[str, ObjectError]:
        """PATCH a group's members, up to five requests at a time.

        Leavers are out before anybody joins, so that a full group has room. A member to be
        removed whom the target doesn't know any more is removed.
        """
        refused: dict[str, ObjectError] = {}
        gone = set(change.before) if isinstance(change.before, tuple) else set()

        async def send(portion: tuple[WireRequest, tuple[str, ...]]) -> None:
            request, ids = portion
            try:
                answer = await self._send(request, self._members_at_once)
                if not (gone.issuperset(ids) and messages.knows_no_member(answer)):
                    self._answers.accept(request, answer)
            except ObjectError as error:
                refused.update(dict.fromkeys(ids, error))

        portions = self._requests.members(object_type, target_id, change)
        leaving = [portion for portion in portions if gone.issuperset(portion[1])]
        for some in (leaving, portions[len(leaving) :]):
            await fan_out(some, send, width=MEMBERS_AT_ONCE)
        return refused

    async def delete(self, object_type: ObjectType, target_id: str) -> None:
        """DELETE; what is gone already is deleted."""
        request = self._requests.delete(object_type, target_id)
        answer = await self._send(request)
        if answer.status != _NOT_FOUND:
            self._answers.accept(request, answer)

    def preview(self, decision: Decision) -> tuple[WireRequest, ...]:
        """The very requests that carrying a decision out sends, reads left out."""
        return self._requests.of(decision)

    def requests_sent(self) -> Mapping[str, int]:
        """How many requests went out, by method."""
        return dict(+self._client.sent)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _send(
        self, request: WireRequest, gate: AbstractAsyncContextManager[object] = _OPEN
    ) -> Answer:
        """Send one request of an object's, and be in the gate while it is under way.

        Raises:
            TransientTargetError: no answer came.
            AnswerLostError: none came to a POST, which may have been carried out.
        """
        try:
            return await self._transmit(request, gate)
        except TransportError as error:
            raise self._answers.lost(request, error) from None

    async def _transmit(
        self, request: WireRequest, gate: AbstractAsyncContextManager[object] = _OPEN
    ) -> Answer:
        """Send, and again with the patience there is."""
        headers, content = self._headers, None
        if request.body is not None:
            headers, content = headers | _CONTENT_TYPE, msgspec.json.encode(request.body)

        async def transmit() -> Answer:
            async with gate:
                return await self._client.send(request.method, request.url, headers, content)

        return await self._patience.send(request.method, transmit)


def _headers(token: str, schema: Schema, dialect: Dialect) -> dict[str, str]:
    """What every request carries; an empty text sends no such header.

    Source of `adscimversion`: captures by server developers, who recognise Entra by it.

    Raises:
        ConfigurationError: a text that can't stand in a header; the token is not shown.
    """
    agent = f"entrasim/{__version__}" if dialect.user_agent is None else dialect.user_agent
    named = {"target.token": token, "schema version": schema.version, "user_agent": agent}
    problems = [
        f"{name} has letters that can't stand in an HTTP header (a line break, an umlaut)"
        for name, text in named.items()
        if not (text.isascii() and text.isprintable())
    ]
    if problems:
        raise ConfigurationError(*problems)
    headers = {
        "Authorization": f"Bearer {token}",
        "Accept": "*/*",
        "adscimversion": schema.version,
        "User-Agent": agent,
    }
    return {name: value for name, value in headers.items() if value}
