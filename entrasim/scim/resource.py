"""SCIM resources: made from mapped values, and read back into them.

Source for the form of a new resource: the request samples of
learn.microsoft.com/entra/identity/app-provisioning/use-scim-to-provision-users-and-groups
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from entrasim.model.decision import AttributeChange
from entrasim.model.dialect import Dialect
from entrasim.model.entry import ObjectType, Value
from entrasim.model.schema import AttributeDefinition, AttributeType
from entrasim.ports import TargetResource
from entrasim.scim.paths import Json, member, parse
from entrasim.scim.values import in_new_resource, is_plural

CORE_USER = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE_USER = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
CORE_GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ADSCIM_GROUP = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"
MEMBERS = "members"
_INTEGER = re.compile("-?[0-9]{1,300}")


def new_resource(
    object_type: ObjectType, changes: Sequence[AttributeChange], dialect: Dialect
) -> Json:
    """The body of a POST; every value in its own JSON type, `active` a boolean too.

    A user's body names both schemas always, and never a custom extension's. A group begins
    without members; they follow by PATCH.
    """
    if object_type is ObjectType.USER:
        resource: Json = {"schemas": [CORE_USER, ENTERPRISE_USER]}
    else:
        adscim = [ADSCIM_GROUP] if dialect.group_adscim_schema else []
        resource = {"schemas": [CORE_GROUP, *adscim], MEMBERS: []}
    resource["meta"] = {"resourceType": object_type.value}
    for change in changes:
        if change.after is not None and change.attribute not in resource:
            value = in_new_resource(change.attribute, change.after, dialect)
            parse(change.attribute).put(resource, value)
    return resource


def read_resource(
    resource: Mapping[str, Any], attributes: Iterable[AttributeDefinition]
) -> TargetResource:
    """What a resource, which has an id, holds of the mapped attributes."""
    values = {a.name: _read(parse(a.name).get(resource), a) for a in attributes}
    held = {name: value for name, value in values.items() if value is not None}
    return TargetResource(str(resource["id"]), held)


def _read(value: Any, definition: AttributeDefinition) -> Value:  # noqa: ANN401 - any JSON
    """A value as mappings know it; be liberal, or the same change goes out every cycle."""
    if value is None or value in ("", [], {}):
        return None
    if isinstance(value, list):
        parts = tuple(str(p) for p in (_plain(v, definition.type) for v in value) if p is not None)
        many = definition.multivalued or is_plural(definition.name)
        return parts if many else next(iter(parts), None)
    match definition.type, _plain(value, definition.type):
        case _, None:
            return None
        case AttributeType.BOOLEAN, str(text) if text.casefold() in {"true", "false"}:
            return text.casefold() == "true"
        case AttributeType.INTEGER, str(text) if _INTEGER.fullmatch(text):
            return int(text)
        case AttributeType.BOOLEAN | AttributeType.INTEGER, plain:
            return plain
        case _, plain:
            return str(plain)


def _plain(value: Any, kind: AttributeType) -> str | bool | int | None:  # noqa: ANN401 - any JSON
    """An object by its `value`, or as JSON text if it has none; a reference needs one."""
    if isinstance(value, Mapping):
        held = {name: part for name, part in value.items() if part is not None}
        inner = member(held, "value")
        value = held if inner is None and kind is not AttributeType.REFERENCE else inner
    if isinstance(value, str | bool | int):
        return None if value == "" else value
    return None if value in (None, {}) else msgspec.json.encode(value).decode()
