"""PATCH documents that take members out of a group and in.

Sources: learn.microsoft.com/entra/identity/app-provisioning/
use-scim-to-provision-users-and-groups, and for the compliant form of a removal
application-provisioning-config-problem-scim-compatibility.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from entrasim.model.decision import AttributeChange
from entrasim.model.dialect import Dialect
from entrasim.scim.filters import equals
from entrasim.scim.patch import PATCH_OP, spelled
from entrasim.scim.paths import Json


def member_documents(
    change: AttributeChange, dialect: Dialect
) -> Iterator[tuple[Json, tuple[str, ...]]]:
    """The documents of a membership's change, each with the target ids it is about.

    The change's `before` holds who leaves, its `after` who joins.
    """
    for ids in _portions(change.before, dialect):
        yield _document(list(_removals(change.attribute, ids, dialect))), ids
    for ids in _portions(change.after, dialect):
        yield _document([_operation("Add", change.attribute, ids, dialect)]), ids


def _portions(ids: object, dialect: Dialect) -> Iterator[tuple[str, ...]]:
    known = ids if isinstance(ids, tuple) else ()
    size = dialect.members_per_request
    return (known[start : start + size] for start in range(0, len(known), size))


def _removals(attribute: str, ids: Sequence[str], dialect: Dialect) -> Iterator[Json]:
    if dialect.member_removal == "value":
        yield _operation("Remove", attribute, ids, dialect)
        return
    for member in ids:
        path = f"{attribute}[{equals('value', member)}]"
        yield {"op": spelled("Remove", dialect), "path": path}


def _operation(word: str, attribute: str, ids: Sequence[str], dialect: Dialect) -> Json:
    reference: Json = {"$ref": None} if dialect.ref_null else {}
    members = [{**reference, "value": member} for member in ids]
    return {"op": spelled(word, dialect), "path": attribute, "value": members}


def _document(operations: Sequence[Json]) -> Json:
    return {"schemas": [PATCH_OP], "Operations": operations}
