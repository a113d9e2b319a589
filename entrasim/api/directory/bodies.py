"""Bodies of requests, checked as Graph checks them before anything is changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from starlette.requests import Request

from entrasim.api.directory import values
from entrasim.api.directory.refusals import mismatch, missing
from entrasim.api.graph_error import bad_request
from entrasim.api.odata import GraphJson, Shape
from entrasim.api.odata.answers import context_url

Json = dict[str, Any]

_EXTENSION = re.compile(r"extension_[0-9a-zA-Z]{1,32}_\w{1,128}", re.ASCII)
_REFERENCE = re.compile(
    r"(?:.*/)?(?:directoryObjects|users|groups|servicePrincipals)(?:/|\(')([^/()']+)(?:'\))?/?"
)
_FLATTENED = ("onPremisesExtensionAttributes", "employeeOrgData")


def changes(
    body: Mapping[str, Any], shapes: Mapping[str, Shape], read_only: Iterable[str], name: str
) -> Json:
    """The properties that a body sets, by the names under which a tenant keeps them.

    A password is checked and left out. Members of complex properties that the provisioning
    service knows by names of their own come under those.

    Raises:
        GraphError: a property is unknown, is read-only, or has another type than Graph gives it.
    """
    found: Json = {}
    for key, value in body.items():
        if "@odata." in key:
            continue
        shape = Shape.COMPLEX if _EXTENSION.fullmatch(key) else shapes.get(key)
        if shape is None:
            raise bad_request(f"Invalid property '{key[:128]}'.")
        if key in read_only:
            raise bad_request(f"Property '{key}' is read-only and cannot be set.")
        if _EXTENSION.fullmatch(key):
            if not values.is_plain(value):
                raise mismatch(key)
        else:
            values.check(key, value, shape, name)
        if key == "passwordProfile":
            continue
        if key in _FLATTENED:
            found |= values.flattened(key, value)
        else:
            found[key] = value
    return found


def require(body: Mapping[str, Any], names: Iterable[str], kind: str) -> None:
    """See that a new object has what Graph insists on.

    Raises:
        GraphError: naming what is missing.
    """
    for name in names:
        if body.get(name) is None:
            raise missing(name, kind)


def reference(value: object) -> str:
    """The id in a reference to another object, such as `…/v1.0/directoryObjects/{id}`.

    Raises:
        GraphError: it is none.
    """
    matched = _REFERENCE.fullmatch(value) if isinstance(value, str) else None
    if matched is None:
        raise bad_request("Invalid URL format specified in payload.")
    return matched[1]


def references(body: Mapping[str, Any], name: str, most: int = 20) -> list[str]:
    """The ids that a body binds to a navigation property.

    Raises:
        GraphError: they are no references, or too many.
    """
    key = f"{name}@odata.bind"
    bound = body.get(key, [])
    if not isinstance(bound, list):
        raise mismatch(key)
    if len(bound) > most:
        told = f"The number of values specified for property '{name}' exceeds the limit of {most}."
        raise bad_request(told)
    return [reference(value) for value in bound]


def link(request: Request, url: str) -> GraphJson:
    """An answer that only tells where something is."""
    return GraphJson({"@odata.context": context_url(request, "$ref"), "@odata.id": url})
