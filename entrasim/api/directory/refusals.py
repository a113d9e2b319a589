"""Graph's answers to values that can't be."""

from __future__ import annotations

from entrasim.api.graph_error import GraphError, bad_request


def invalid(name: str, kind: str) -> GraphError:
    """A property of a kind of object can't have this value."""
    message = f"Invalid value specified for property '{name}' of resource '{kind.capitalize()}'."
    return _of_property(name, "InvalidValue", message)


def missing(name: str, kind: str) -> GraphError:
    """A new object of a kind needs a property."""
    message = f"A value is required for property '{name}' of resource '{kind.capitalize()}'."
    return _of_property(name, "MissingValue", message)


def conflict(name: str) -> GraphError:
    """Only one object may have this value."""
    message = f"Another object with the same value for property {name} already exists."
    return _of_property(name, "ObjectConflict", message)


def mismatch(name: str) -> GraphError:
    """A property has values of another type."""
    told = f"Property '{name[:128]}' in payload has a value that does not match schema."
    return bad_request(told)


def _of_property(name: str, code: str, message: str) -> GraphError:
    detail = {"code": code, "message": message, "target": name}
    return GraphError(400, "Request_BadRequest", message, details=[detail])
