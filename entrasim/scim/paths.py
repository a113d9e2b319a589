"""Target attributes as mappings spell them: where each stands in a SCIM resource."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from msgspec import Struct

_URN = re.compile(  # RFC 7643 §10.2: a version stands before the name
    r'(?i)(urn:.+:[0-9.]+:(?:User|Group)|urn:.+?:(?:User|Group)|urn:[^\[\]"]+(?=:[^:]+$)):(.+)'
)
_CORE = re.compile(r"(?i)urn:ietf:params:scim:schemas:core:2\.0:(User|Group)")
_FILTERED = re.compile(r"([\w$-]+)\[(.+)\](?:\.([\w$-]+))?")
_CONDITION = re.compile(r'(?i)([\w$-]+) +eq +"?([^"]*)"?')

ROLE_TYPE = "WindowsAzureActiveDirectoryRole"

Json = dict[str, Any]


class Path(Struct, frozen=True):
    """An attribute's place.

    Attributes:
        extension: the URN of the schema extension, if it is in one.
        attribute: the attribute at the top, or in the extension.
        conditions: (sub-attribute, value) pairs that pick an element of a multi-valued one.
        part: the sub-attribute.
    """

    extension: str | None
    attribute: str
    conditions: tuple[tuple[str, str], ...] = ()
    part: str | None = None

    @property
    def is_simple(self) -> bool:
        """Whether it is addressed without a filter."""
        return not self.conditions

    def get(self, resource: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON
        """What a resource holds there; None for nothing. Names are compared without case."""
        holder = resource if self.extension is None else member(resource, self.extension)
        held = member(holder, self.attribute)
        if self.conditions:
            held = _element(held, self.conditions)
        return held if self.part is None else member(held, self.part)

    def put(self, resource: Json, value: object) -> None:
        """Set a value in a resource that is being made."""
        holder = resource if self.extension is None else resource.setdefault(self.extension, {})
        if self.conditions:
            elements = holder.setdefault(self.attribute, [])
            holder = _element(elements, self.conditions)
            if holder is None:
                holder = _new_element(self.attribute, self.conditions)
                elements.append(holder)
        elif self.part is not None:
            holder = holder.setdefault(self.attribute, {})
        holder[self.part or self.attribute] = value


@lru_cache(maxsize=4096)
def parse(text: str) -> Path:
    """Read a target attribute's name; one that has no structure is an attribute at the top."""
    extension, rest = None, text
    if found := _URN.fullmatch(text):
        extension, rest = found.groups()
        extension = None if _CORE.fullmatch(extension) else extension
    if (found := _FILTERED.fullmatch(rest)) and (conditions := _conditions(found[2])):
        return Path(extension, found[1], conditions, found[3] or "value")
    attribute, _, part = rest.partition(".")
    return Path(extension, attribute, (), part or None)


def member(holder: object, name: str) -> Any:  # noqa: ANN401 - any JSON
    """An object's member; attribute names are compared without case (RFC 7643 §2.1)."""
    if not isinstance(holder, Mapping):
        return None
    if name in holder:
        return holder[name]
    wanted = name.casefold()
    return next((value for key, value in holder.items() if key.casefold() == wanted), None)


def _conditions(text: str) -> tuple[tuple[str, str], ...]:
    """The conditions of a filter; none if it is more than `eq` and `and`."""
    found = [_CONDITION.fullmatch(part.strip()) for part in re.split("(?i) and ", text)]
    return tuple((one[1], one[2]) for one in found if one) if all(found) else ()


def _element(elements: object, conditions: tuple[tuple[str, str], ...]) -> Any:  # noqa: ANN401 - any JSON
    """The first element that meets all conditions; booleans compare as their texts."""
    for element in elements if isinstance(elements, list) else ():
        if all(str(member(element, n)).casefold() == v.casefold() for n, v in conditions):
            return element
    return None


def _new_element(attribute: str, conditions: tuple[tuple[str, str], ...]) -> Json:
    """A new element of a multi-valued attribute.

    A work mail is marked as the primary one, and a role bears Entra's type, as in the request
    samples of learn.microsoft.com/entra/identity/app-provisioning/
    use-scim-to-provision-users-and-groups and …/customize-application-attributes.
    """
    made: Json = {n: v.casefold() == "true" if n == "primary" else v for n, v in conditions}
    match attribute, made.get("type"):
        case "emails", "work":
            return {"primary": True, **made}
        case "roles", None:
            return {**made, "type": ROLE_TYPE}
        case _:
            return made
