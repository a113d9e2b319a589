"""Values of properties, checked by their shapes; every form of tenant can keep what passes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from entrasim.api.directory.properties import LONGEST
from entrasim.api.directory.refusals import invalid, mismatch
from entrasim.api.graph_error import bad_request
from entrasim.api.odata import Shape

_LONGEST = 2048
_MOST_VALUES = 250
_MOMENT = 40  # characters
_IN_LINES = frozenset({"aboutMe", "description", "streetAddress"})
# What YAML can't hold (yaml.org/spec/1.2.2, c-printable), and nobody means as a name.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]"
)
_NUMBERED = re.compile(r"extensionAttribute([1-9]|1[0-5])")
_IN_ORGANIZATION = ("costCenter", "division")

_TYPES: Mapping[Shape, Callable[[Any], bool]] = {
    Shape.TEXT: lambda value: isinstance(value, str),
    Shape.MOMENT: lambda value: isinstance(value, str),
    Shape.BOOLEAN: lambda value: isinstance(value, bool),
    Shape.NUMBER: lambda value: isinstance(value, int) and not isinstance(value, bool),
    Shape.COMPLEX: lambda value: isinstance(value, dict),
    Shape.TEXTS: lambda value: _is_list_of(str, value),
    Shape.COMPLEXES: lambda value: _is_list_of(dict, value),
}


def check(key: str, value: object, shape: Shape, kind: str) -> None:
    """See that a property's value is of its shape, within Graph's bounds; null clears it.

    Raises:
        GraphError: it isn't.
    """
    if value is None and not shape.is_collection:
        return
    if not _TYPES[shape](value):
        raise mismatch(key)
    if isinstance(value, list) and len(value) > (1 if key == "businessPhones" else _MOST_VALUES):
        raise invalid(key, kind)
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, str) and not (_is_text(key, one) and _fits(shape, one)):
            raise invalid(key, kind)
        if isinstance(one, dict):
            _check_members(key, one, kind)


def is_plain(value: object) -> bool:
    """Whether a value is one that an extension, or a member of a complex property, may have."""
    if isinstance(value, list):
        texts = all(isinstance(one, str) and _is_text("", one) for one in value)
        return len(value) <= _MOST_VALUES and texts
    if isinstance(value, str):
        return _is_text("", value)
    return value is None or isinstance(value, bool | int)


def flattened(key: str, value: Mapping[str, object] | None) -> dict[str, object]:
    """The members of a complex property, each under the provisioning service's name.

    So a change of one leaves the others, and every form of tenant can keep them.

    Raises:
        GraphError: the property has no such member.
    """
    if key == "employeeOrgData":
        prefix, known = f"{key}.", list(_IN_ORGANIZATION)
    else:
        prefix, known = "", [f"extensionAttribute{number}" for number in range(1, 16)]
    given: Mapping[str, object] = dict.fromkeys(known) if value is None else value
    for name, inner in given.items():
        if name not in known:
            raise bad_request(f"Invalid property '{name[:128]}'.")
        if inner is not None and not isinstance(inner, str):
            raise mismatch(f"{key}/{name}")
    return {f"{prefix}{name}": inner for name, inner in given.items()}


def _check_members(key: str, value: Mapping[str, object], kind: str) -> None:
    for name, inner in value.items():
        if not _is_text("", name) or (isinstance(inner, str) and not _is_text("", inner)):
            raise invalid(key, kind)
        if not is_plain(inner):
            raise mismatch(f"{key}/{name}")
    if key == "passwordProfile" and not isinstance(value.get("password", ""), str):
        raise mismatch("passwordProfile/password")


def _is_list_of(kind: type, value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, kind) for one in value)


def _is_text(key: str, text: str) -> bool:
    if not text or len(text) > LONGEST.get(key, _LONGEST) or _UNPRINTABLE.search(text):
        return False
    return key in _IN_LINES or not re.search(r"[\r\n]", text)


def _fits(shape: Shape, text: str) -> bool:
    if shape is not Shape.MOMENT:
        return True
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return len(text) <= _MOMENT
