"""PATCH documents in both dialects.

Source: learn.microsoft.com/entra/identity/app-provisioning/
application-provisioning-config-problem-scim-compatibility, and for `Add` where the target
has nothing, captures by developers of SCIM servers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from entrasim.model.decision import AttributeChange
from entrasim.model.dialect import Dialect
from entrasim.scim.paths import Json, parse
from entrasim.scim.values import in_patch, is_plural

PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"


def patch_document(
    changes: Sequence[AttributeChange], dialect: Dialect, references: Collection[str]
) -> Json | None:
    """All changes of one object in one document; None if there is nothing to send.

    `references` names the attributes that hold target ids.
    """
    operations = list(_operations(changes, dialect, references))
    return {"schemas": [PATCH_OP], "Operations": operations} if operations else None


def _operations(
    changes: Sequence[AttributeChange], dialect: Dialect, references: Collection[str]
) -> Iterator[Json]:
    gathered = _gathered(changes, references) if dialect.gather_simple else []
    for change in changes:
        removes_reference = change.after is None and change.attribute in references
        if removes_reference and dialect.manager_removal == "skip":
            continue
        together = next((group for group in gathered if change in group), None)
        if together is None:
            yield _single(change, dialect)
        elif change is together[0]:
            yield _pathless(together, dialect)


def _gathered(
    changes: Sequence[AttributeChange], references: Collection[str]
) -> list[list[AttributeChange]]:
    """Groups of simple attributes that share an operation without a path.

    A lone one keeps its path; `active`, references and attributes with several values have
    operations of their own.
    """
    simple = [
        change
        for change in changes
        if change.after is not None
        and change.attribute != "active"
        and change.attribute not in references
        and not is_plural(change.attribute)
        and parse(change.attribute).is_simple
    ]
    added = [change for change in simple if change.before is None]
    replaced = [change for change in simple if change.before is not None]
    return [group for group in (added, replaced) if len(group) > 1]


def _single(change: AttributeChange, dialect: Dialect) -> Json:
    operation: Json = {"op": _word(change, dialect), "path": change.attribute}
    if change.after is not None:
        operation["value"] = _value(change, dialect)
    return operation


def _pathless(group: Sequence[AttributeChange], dialect: Dialect) -> Json:
    values = {change.attribute: _value(change, dialect) for change in group}
    return {"op": _word(group[0], dialect), "value": values}


def _word(change: AttributeChange, dialect: Dialect) -> str:
    match change.before, change.after:
        case _, None:
            word = "Remove"
        case None, _:
            word = "Add"
        case _:
            word = "Replace"
    return spelled(word, dialect)


def spelled(word: str, dialect: Dialect) -> str:
    """An operation's word as the dialect spells it."""
    return word if dialect.operations == "title" else word.lower()


def _value(change: AttributeChange, dialect: Dialect) -> object:
    """A value in a PATCH; of the booleans `active` alone is known to be sent as a text."""
    if change.attribute == "active" and dialect.active_as == "string":
        return str(change.after)
    return in_patch(change.attribute, change.after, dialect)
