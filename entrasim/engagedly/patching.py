"""PATCH (RFC 7644 §3.5.2), as strict as Entra's requests allow.

Entra writes operations with a capital, booleans as texts, a manager as a plain id, paths in
the keys of a value, and filters that match nothing where an element is to be made
(learn.microsoft.com/entra/identity/app-provisioning/
application-provisioning-config-problem-scim-compatibility).
"""

from __future__ import annotations

import re
from typing import Any

from msgspec import Struct
from scim2_models import InvalidPathException
from scim2_models import Path as ScimPath
from scim2_models.path import AttrPath, Comparison, FilterNode, LogicalExpr, ValuePath

from entrasim.engagedly.documents import Json, elements_at, host_of, key_of, matches, member
from entrasim.engagedly.errors import bad_request

_MOST_OPERATIONS = 10_000
_VERSIONED = re.compile(r":\d+\.\d+:\w+$")  # how a schema's URN ends (RFC 7643 §10.2)
_BOOLEANS = frozenset({"active", "primary"})


class Operation(Struct, frozen=True):
    """One operation of a PatchOp document.

    Attributes:
        word: add, replace or remove.
        path: where, as the library's node; None where the value's keys tell.
        value: what; an object if there is no path.
    """

    word: str
    path: Any
    value: Any


def operations(document: object) -> list[Operation]:
    """Read a PatchOp document.

    Raises:
        ScimError: 400 with the type of the mistake.
    """
    found = member(document, "Operations")
    if not isinstance(found, list) or not found:
        raise bad_request("invalidSyntax", "a PATCH needs a list of Operations")
    if len(found) > _MOST_OPERATIONS:
        raise bad_request("tooMany", f"more than {_MOST_OPERATIONS} operations")
    return [_operation(each) for each in found]


def _operation(document: object) -> Operation:
    word = str(member(document, "op") or "").casefold()
    path, value = member(document, "path"), member(document, "value")
    if word not in {"add", "replace", "remove"}:
        raise bad_request("invalidSyntax", f'"{word}" is none of add, replace, remove')
    if path is not None and not isinstance(path, str):
        raise bad_request("invalidPath", "a path is a text")
    if path:
        return Operation(word, _parsed(path), value)
    if word == "remove":
        raise bad_request("noTarget", "a remove needs a path")
    if not isinstance(value, dict):
        raise bad_request("invalidValue", "an operation without a path needs an object as value")
    return Operation(word, None, value)


def apply(resource: Json, operation: Operation) -> None:
    """Carry out an operation on a resource, in place.

    Raises:
        ScimError: 400 with the type of the mistake; the resource is to be thrown away then.
    """
    add = operation.word == "add"
    if operation.path is None:
        _merge(resource, operation.value, add=add)
    elif operation.word == "remove":
        _remove(resource, operation.path, operation.value)
    else:
        _set(resource, operation.path, operation.value, add=add)


def _parsed(text: str) -> Any:  # noqa: ANN401 - one of the library's nodes
    try:
        return ScimPath(text).ast
    except (InvalidPathException, ValueError, RecursionError):
        raise bad_request("invalidPath", f'"{text[:200]}" is no path') from None


def _merge(resource: Json, values: Json, *, add: bool) -> None:
    """Set each member; keys are names, dotted paths, or URNs with or without a path."""
    for name, value in values.items():
        if isinstance(value, dict) and _names_schema(resource, name):
            held = resource.setdefault(key_of(resource, name), {})
            if isinstance(held, dict):
                held.update({key_of(held, inner): v for inner, v in value.items()})
        elif name in resource:
            _set(resource, AttrPath(name), value, add=add) if name.isidentifier() else None
        else:
            _set(resource, _parsed(name), value, add=add)


def _names_schema(resource: Json, name: str) -> bool:
    """Whether a key is the URN of an extension, and not that of an attribute in one."""
    if not name.casefold().startswith("urn:"):
        return False
    schema = name.rpartition(":")[0]
    known = {key.casefold() for key in resource}
    return schema.casefold() not in known and not _VERSIONED.search(schema)


def _set(resource: Json, path: Any, value: Any, *, add: bool) -> None:  # noqa: ANN401
    if isinstance(path, ValuePath):
        _set_in_elements(resource, path, value)
        return
    if not isinstance(path, AttrPath):
        raise bad_request("invalidPath", "a comparison is no place to write to")
    if path.uri is None and path.attr.casefold() == "id":
        raise bad_request("mutability", "an id is given once and never changed")
    host = host_of(resource, path, make=True)
    key = key_of(host, path.attr)
    if path.sub_attr is not None:
        held = host.setdefault(key, {})
        for element in held if isinstance(held, list) else [held]:
            if not isinstance(element, dict):
                raise bad_request("invalidPath", f"{path.attr} has no {path.sub_attr}")
            element[key_of(element, path.sub_attr)] = _value(path.sub_attr, value)
        return
    held = host.get(key)
    if add and isinstance(held, list):
        new = value if isinstance(value, list) else [value]
        host[key] = held + [element for element in new if not _contains(held, element)]
    elif isinstance(held, dict) and isinstance(value, dict):
        held.update({key_of(held, name): inner for name, inner in value.items()})
    else:
        host[key] = _value(path.attr, value)


def _set_in_elements(resource: Json, path: ValuePath, value: Any) -> None:  # noqa: ANN401
    """Write to the elements that a filter picks, or to a new one that it describes."""
    picked = [e for e in elements_at(resource, path.attr_path) if matches(path.val_filter, e)]
    if not picked:
        host = host_of(resource, path.attr_path, make=True)
        key = key_of(host, path.attr_path.attr)
        if not isinstance(host.get(key), list):
            host[key] = []
        picked = [_described(path.val_filter)]
        host[key].extend(picked)
    for element in picked:
        if path.sub_attr is not None:
            element[key_of(element, path.sub_attr)] = _value(path.sub_attr, value)
        elif isinstance(value, dict):
            element.update({key_of(element, name): inner for name, inner in value.items()})
        else:
            raise bad_request("invalidValue", "an element is an object")


def _described(node: FilterNode) -> Json:
    """The element that a filter of equalities describes."""
    match node:
        case Comparison(attr_path=path, value=value) if node.op.value == "eq":
            return {path.attr: _value(path.attr, value)}
        case LogicalExpr(terms=terms) if node.op.value == "and":
            return {name: v for term in terms for name, v in _described(term).items()}
    raise bad_request("noTarget", f"no element matches {node}")


def _remove(resource: Json, path: Any, value: Any) -> None:  # noqa: ANN401
    if isinstance(path, ValuePath):
        _remove_from_elements(resource, path)
        return
    if not isinstance(path, AttrPath):
        raise bad_request("invalidPath", "a comparison is no place to remove from")
    host = host_of(resource, path)
    key = key_of(host, path.attr)
    held = host.get(key)
    if path.sub_attr is not None:
        for element in held if isinstance(held, list) else [held]:
            if isinstance(element, dict):
                element.pop(key_of(element, path.sub_attr), None)
    elif isinstance(held, list) and value is not None:
        gone = value if isinstance(value, list) else [value]
        host[key] = [element for element in held if not _contains(gone, element)]
    else:
        host.pop(key, None)


def _remove_from_elements(resource: Json, path: ValuePath) -> None:
    host = host_of(resource, path.attr_path)
    key = key_of(host, path.attr_path.attr)
    held = host.get(key)
    if not isinstance(held, list):
        return
    picked = [e for e in elements_at(resource, path.attr_path) if matches(path.val_filter, e)]
    if path.sub_attr is None:
        host[key] = [element for element in held if element not in picked]
    for element in picked if path.sub_attr is not None else ():
        element.pop(key_of(element, str(path.sub_attr)), None)


def _contains(elements: list[Any], element: Any) -> bool:  # noqa: ANN401
    """Whether a list has an element; those with a value are the same if their values are."""
    wanted = member(element, "value")
    if wanted is None:
        return element in elements
    return any(member(other, "value") == wanted for other in elements)


def _value(name: str, value: Any) -> Any:  # noqa: ANN401
    """A value as it is kept: booleans as booleans, a manager as an object with an id."""
    if name.casefold() in _BOOLEANS and isinstance(value, str):
        if value.casefold() not in {"true", "false"}:
            raise bad_request("invalidValue", f"{name} is true or false, not {value[:40]!r}")
        return value.casefold() == "true"
    if name.casefold() == "manager" and isinstance(value, str):
        return {"value": value}
    return value
