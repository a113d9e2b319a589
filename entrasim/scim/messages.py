"""SCIM's protocol messages, as bodies are recognised by them (RFC 7644 §3.4.2, §3.12)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from entrasim.protection.depth import too_deep
from entrasim.scim.paths import member
from entrasim.transport import Answer

_LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
_NOT_FOUND, _BAD_REQUEST = 404, 400
_ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"


def document(answer: Answer) -> Mapping[str, Any] | None:
    """The JSON object that an answer carries; None if it is anything else.

    A missing content type is forgiven, another one than JSON's isn't, nor is bottomless JSON.
    """
    media_type = answer.headers.get("content-type", "application/json").partition(";")[0]
    if not media_type.strip().casefold().endswith(("/json", "+json")):
        return None
    try:
        decoded = msgspec.json.decode(answer.content)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return None
    return decoded if isinstance(decoded, Mapping) and not too_deep(decoded) else None


def is_error(body: Mapping[str, Any]) -> bool:
    """Whether a body is an error, whatever its status claims."""
    return _names(body, _ERROR)


def knows_no_member(answer: Answer) -> bool:
    """Whether a removal was refused since there is nothing to remove (RFC 7644 §3.12)."""
    body = document(answer) or {}
    return answer.status == _NOT_FOUND or (
        answer.status == _BAD_REQUEST and member(body, "scimType") == "noTarget"
    )


def listed(body: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...] | None:
    """The resources that a ListResponse holds; None if it is none, or one has no id."""
    found = member(body, "Resources") or []
    if not _names(body, _LIST) or not isinstance(found, list):
        return None
    return tuple(found) if all(map(has_id, found)) else None


def announced(body: Mapping[str, Any]) -> int:
    """How many resources a ListResponse says there are."""
    total = member(body, "totalResults")
    return total if isinstance(total, int) else 0


def has_id(resource: object) -> bool:
    """Whether this can be a resource: an object with an id."""
    found = resource.get("id") if isinstance(resource, Mapping) else None
    return isinstance(found, str | int) and not isinstance(found, bool) and found != ""


def _names(body: Mapping[str, Any], urn: str) -> bool:
    schemas = member(body, "schemas")
    return isinstance(schemas, list) and urn.casefold() in (str(s).casefold() for s in schemas)
