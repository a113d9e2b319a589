"""What a caller sent: JSON of a known shape, or Graph's error about it."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
from starlette.requests import Request

from entrasim.api.graph_error import bad_request
from entrasim.protection.depth import DEEPEST, too_deep

T = TypeVar("T")


async def sent(request: Request, kind: type[T], *, if_empty: bytes = b"") -> T:
    """The body of a request, as one of a kind; `if_empty` stands in for a body that isn't there.

    Raises:
        GraphError: there is none, it is no JSON, too deep, or not of that kind; says where.
    """
    text = (await request.body()).strip() or if_empty
    if not text:
        raise bad_request("Empty Payload. JSON content expected.", "BadRequest")
    try:
        found = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise bad_request(
            "Unable to read JSON request payload. Please ensure Content-Type header is set and "
            "payload is of valid JSON format.",
            "BadRequest",
        ) from None
    if too_deep(found):
        told = f"Invalid payload: it is nested deeper than {DEEPEST} levels."
        raise bad_request(told, "BadRequest")
    try:
        return msgspec.convert(found, kind)
    except msgspec.ValidationError as error:
        raise bad_request(f"Invalid payload: {error}.", "BadRequest") from None


async def sent_object(request: Request) -> dict[str, Any]:
    """The body of a request, which must be a JSON object.

    Raises:
        GraphError: it is none.
    """
    return await sent(request, dict[str, Any])
