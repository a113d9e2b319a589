"""Every request entrasim sends to a target, as data; sending and previewing share them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import assert_never
from urllib.parse import quote

from entrasim.model.decision import (
    AttributeChange,
    Create,
    Decision,
    Delete,
    Disable,
    Enable,
    Skip,
    StagedDelete,
    Update,
)
from entrasim.model.dialect import Dialect
from entrasim.model.entry import ObjectType
from entrasim.model.schema import AttributeDefinition, AttributeType, ObjectMapping, Schema
from entrasim.ports import WireRequest
from entrasim.scim import filters
from entrasim.scim.members import member_documents
from entrasim.scim.patch import patch_document
from entrasim.scim.resource import MEMBERS, new_resource
from entrasim.scim.tenant_url import TenantUrl

PAGE = 500
"""Objects asked for at once when everything is read; servers give fewer if they like."""

_ENDPOINTS = {ObjectType.USER: "Users", ObjectType.GROUP: "Groups"}
_COMMON = {ObjectType.USER: "userName", ObjectType.GROUP: "displayName"}


class Requests:
    """Puts requests the way Entra does, for one tenant URL, schema and dialect."""

    def __init__(self, tenant_url: TenantUrl, schema: Schema, dialect: Dialect) -> None:
        self._url, self._dialect = tenant_url, dialect
        mappings = {kind: schema.mapping_of(kind) for kind in ObjectType}
        self._attributes = {kind: _mapped(schema, m) for kind, m in mappings.items()}
        self._matching = {kind: _matching(m) or _COMMON[kind] for kind, m in mappings.items()}

    def readable(self, object_type: ObjectType) -> Sequence[AttributeDefinition]:
        """The mapped target attributes that are read; a group's members may be too many."""
        return [a for a in self._attributes[object_type].values() if not is_membership(a)]

    def membership(self, object_type: ObjectType, attribute: str) -> AttributeDefinition:
        """The definition of an attribute that holds a group's members."""
        return self._attributes[object_type][attribute]

    def probe(self, object_type: ObjectType, nobody: str) -> WireRequest:
        """A search for somebody who can't exist."""
        return self.find(object_type, self._matching[object_type], nobody)

    def find(self, object_type: ObjectType, attribute: str, value: str) -> WireRequest:
        """A search by one attribute; no paging, as Entra asks while provisioning."""
        definition = self._attributes[object_type].get(attribute)
        kind = AttributeType.STRING if definition is None else definition.type
        excluded = MEMBERS if object_type is ObjectType.GROUP else None
        query = filters.query(filters.equals(attribute, value, kind), excluded=excluded)
        return WireRequest("GET", self._url.of(_ENDPOINTS[object_type], query=query))

    def read(self, object_type: ObjectType, target_id: str) -> WireRequest:
        """A reading by id."""
        query = f"excludedAttributes={MEMBERS}" if object_type is ObjectType.GROUP else ""
        return WireRequest("GET", self._url.of(_ENDPOINTS[object_type], target_id, query))

    def read_members(self, object_type: ObjectType, target_id: str, attribute: str) -> WireRequest:
        """A reading of a group's members alone (RFC 7644 §3.9)."""
        query = f"attributes={quote(attribute, safe='')}"
        return WireRequest("GET", self._url.of(_ENDPOINTS[object_type], target_id, query))

    def page(self, object_type: ObjectType, start: int) -> WireRequest:
        """A page of everything there is, from the object at a place on (RFC 7644 §3.4.2.4)."""
        excluded = f"&excludedAttributes={MEMBERS}" if object_type is ObjectType.GROUP else ""
        query = f"startIndex={start}&count={PAGE}{excluded}"
        return WireRequest("GET", self._url.of(_ENDPOINTS[object_type], query=query))

    def create(self, object_type: ObjectType, changes: Sequence[AttributeChange]) -> WireRequest:
        """A POST of everything."""
        body = new_resource(object_type, changes, self._dialect)
        return WireRequest("POST", self._url.of(_ENDPOINTS[object_type]), body)

    def update(
        self, object_type: ObjectType, target_id: str, changes: Sequence[AttributeChange]
    ) -> WireRequest | None:
        """A PATCH with all changes; None if the dialect sends none of them."""
        known = self._attributes[object_type].values()
        references = {a.name for a in known if a.type is AttributeType.REFERENCE}
        document = patch_document(changes, self._dialect, references)
        if document is None:
            return None
        return WireRequest("PATCH", self._url.of(_ENDPOINTS[object_type], target_id), document)

    def members(
        self, object_type: ObjectType, target_id: str, change: AttributeChange
    ) -> list[tuple[WireRequest, tuple[str, ...]]]:
        """PATCHes that take members out and in, each with the target ids it is about.

        Entra sends one member with each; leavers come first.
        """
        url = self._url.of(_ENDPOINTS[object_type], target_id)
        return [
            (WireRequest("PATCH", url, document), ids)
            for document, ids in member_documents(change, self._dialect)
        ]

    def delete(self, object_type: ObjectType, target_id: str) -> WireRequest:
        """A DELETE without a body."""
        return WireRequest("DELETE", self._url.of(_ENDPOINTS[object_type], target_id))

    def of(self, decision: Decision) -> tuple[WireRequest, ...]:
        """What carrying a decision out sends, reads left out."""
        object_type = decision.subject.anchor.object_type
        match decision:
            case Create(changes=changes):
                return (self.create(object_type, changes),)
            case Update() | Enable() | Disable():
                return self._updates(object_type, decision.target_id, decision.changes)
            case Delete(target_id=target_id):
                return (self.delete(object_type, target_id),)
            case StagedDelete() | Skip():
                return ()
            case _:
                assert_never(decision)

    def _updates(
        self, object_type: ObjectType, target_id: str, changes: Sequence[AttributeChange]
    ) -> tuple[WireRequest, ...]:
        known = self._attributes[object_type]
        many = [c for c in changes if c.attribute in known and is_membership(known[c.attribute])]
        request = self.update(object_type, target_id, [c for c in changes if c not in many])
        first = () if request is None else (request,)
        sent = (self.members(object_type, target_id, change) for change in many)
        return (*first, *(request for requests in sent for request, _ in requests))


def is_membership(attribute: AttributeDefinition) -> bool:
    """Whether an attribute refers to many objects, and is sent by itself."""
    return attribute.multivalued and attribute.type is AttributeType.REFERENCE


def _mapped(schema: Schema, mapping: ObjectMapping | None) -> Mapping[str, AttributeDefinition]:
    """The mapped target attributes under the mapping's spelling; an undefined one is a text."""
    if mapping is None:
        return {}
    target_object = schema.target_objects.get(mapping.target_object)
    definitions = target_object.attributes if target_object else ()
    defined = {definition.name: definition for definition in definitions}
    names = [attribute.target_attribute for attribute in mapping.attributes]
    return {name: defined.get(name) or AttributeDefinition(name=name) for name in names}


def _matching(mapping: ObjectMapping | None) -> str | None:
    """The attribute that objects are matched by first."""
    ranked = [a for a in mapping.attributes if a.matching_priority > 0] if mapping else []
    first = min(ranked, key=lambda a: a.matching_priority, default=None)
    return None if first is None else first.target_attribute
