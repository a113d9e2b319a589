"""State tokens: opaque to clients, and checked when they come back.

Source: learn.microsoft.com/graph/delta-query-overview, "State tokens", "Token duration",
"Synchronization reset".
"""

from __future__ import annotations

from base64 import b64decode, urlsafe_b64encode
from datetime import datetime
from typing import Annotated, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from entrasim.api.delta.comparing import LIFE
from entrasim.api.delta.telling import Place
from entrasim.api.delta.tracking import Collection, Tracking
from entrasim.api.graph_error import GraphError, bad_request

Ended = Literal["expired", "reset"]
"""How tokens end before their time: by age, or since the service begins anew."""

Moment = Annotated[datetime, Meta(tz=True)]
Version = Annotated[int, Meta(ge=0)]


class Edition(Struct, frozen=True, kw_only=True):
    """Which history there is, and how far it goes.

    Attributes:
        history: its id; one that is begun anew has another.
        generation: tokens of an earlier one are answered as `ended` says.
        version: the newest one.
        floor: the oldest one that is remembered.
    """

    history: str
    generation: int
    ended: str
    version: int
    floor: int


class DeltaToken(Struct, frozen=True, array_like=True, tag="d", forbid_unknown_fields=True):
    """Asks for what changed since a version; a deltaLink bears it."""

    collection: Collection
    history: str
    generation: int
    version: Version
    issued_at: Moment
    tracking: Tracking


class SkipToken(Struct, frozen=True, array_like=True, tag="s", forbid_unknown_fields=True):
    """Asks for the next page of a round; a nextLink bears it.

    Attributes:
        last: the token that ends the round: its version is what all pages show.
        since: the version that the client has.
        place: where the last page ended; None in a request that begins the round.
        size: how many objects a page has.
        minimal: that only changed properties are wanted.
    """

    last: DeltaToken
    since: Version
    place: Place | None
    size: Annotated[int, Meta(ge=1, le=999)]
    minimal: bool


T = TypeVar("T", DeltaToken, SkipToken)


def text_of(token: DeltaToken | SkipToken) -> str:
    """A token as it stands in a link."""
    return urlsafe_b64encode(msgspec.json.encode(token)).decode().rstrip("=")


def read(text: str, kind: type[T], collection: Collection) -> T:
    """The token that a text is.

    Raises:
        GraphError: it is none, or another collection's.
    """
    try:
        padded = text + "=" * (-len(text) % 4)
        token = msgspec.json.decode(b64decode(padded, b"-_", validate=True), type=kind)
    except (ValueError, msgspec.MsgspecError):
        raise malformed() from None
    last = token.last if isinstance(token, SkipToken) else token
    if last.collection != collection:
        raise malformed()
    return token


def check(last: DeltaToken, since: int, edition: Edition, now: datetime, start_over: str) -> None:
    """See that the history still tells what a token asks for.

    Args:
        last: the token itself, or the one that its round will end with.
        since: the version that the client has; 0 for one that has nothing.
        edition: the history.
        now: the present moment.
        start_over: the address of the initial request.

    Raises:
        GraphError: `syncStateNotFound` if it doesn't any more (devblogs.microsoft.com/
            microsoft365dev/duration-of-change-tracking-tokens-for-identity-and-education-resources),
            `resyncRequired`, with the address to begin anew at, if it is another history.
    """
    if last.history != edition.history:
        raise _reset(start_over)
    if last.generation < edition.generation:
        raise _reset(start_over) if edition.ended == "reset" else _expired()
    if last.generation > edition.generation or not since <= last.version <= edition.version:
        raise malformed()
    # Before version 1 there was nothing, which is not forgotten.
    forgotten = any(0 < version < edition.floor for version in (since, last.version))
    if forgotten or now - last.issued_at >= LIFE:
        raise _expired()


def malformed() -> GraphError:
    """The answer to what is no token of this collection."""
    return bad_request(
        "The state token is invalid: use the whole @odata.nextLink or @odata.deltaLink of the "
        "last answer, or start over without a token."
    )


def _expired() -> GraphError:
    return bad_request(
        "The sync state generation is not found. The delta token is expired and data must be "
        "synchronized again.",
        "syncStateNotFound",
    )


def _reset(start_over: str) -> GraphError:
    return GraphError(
        410,
        "resyncRequired",
        "The delta token is no longer valid, and the application must synchronize anew from the "
        "address in the Location header.",
        headers={"Location": start_over},
    )
