"""What is wrong with a mapping's filters, told before any cycle."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from entrasim.engine.filtering.operators import test_of
from entrasim.model.attributes import is_known
from entrasim.model.operators import operator_of, unknown_operator
from entrasim.model.schema import (
    AttributeDefinition,
    AttributeType,
    FilterClause,
    FilterGroup,
    ObjectMapping,
    RegexMatch,
    Schema,
)

# learn.microsoft.com/entra/identity/app-provisioning/known-issues, "Unsupported scoping
# filters", and define-conditional-rules-for-provisioning-user-accounts for the members.
_REFUSED = {
    "appRoleAssignments": "Entra doesn't filter on role assignments",
    "manager": "Entra doesn't filter on references",
    "members": "Entra doesn't filter on references",
    "userType": "Entra doesn't filter on the type of user",
    "IsSoftDeleted": "it is computed, among other things from the filter",
    "accountExpires": "Entra doesn't filter on dates",
}
_DATES = ("Date", "DateTime")


def mistakes(mapping: ObjectMapping, schema: Schema) -> Iterator[str]:
    """Every mistake in the filters of a mapping, each with the clause it is in."""
    source = schema.source_objects.get(mapping.object_type)
    known = {a.name: a for a in source.attributes} if source else {}
    for index, group in enumerate(mapping.filter_groups):
        for clause in group.clauses:
            for problem in _problems(clause, known, mapping, schema.readings.regex_match):
                yield f"scoping filter {_named(group, index)}: {clause.text}: {problem}"


def _problems(
    clause: FilterClause,
    known: Mapping[str, AttributeDefinition],
    mapping: ObjectMapping,
    reading: RegexMatch,
) -> Iterator[str]:
    if problem := _unfit(clause.source_operand, known, mapping):
        yield problem
    operator = operator_of(clause.operator)
    if operator is None:
        yield unknown_operator(clause.operator)
    elif operator.takes_values and not clause.values:
        yield f"{operator} takes a value, and there is none"
    elif not operator.takes_values and any(clause.values):
        yield f"{operator} takes no value"
    else:
        try:
            test_of(operator, clause.values, reading)
        except ValueError as error:
            yield f"{operator}: {error}"


def _unfit(
    name: str, known: Mapping[str, AttributeDefinition], mapping: ObjectMapping
) -> str | None:
    """Why an attribute can't be filtered on, if it can't."""
    definition = known.get(name)
    if reason := _REFUSED.get(name):
        return f"{name} can't be filtered on: {reason}"
    if name.endswith(_DATES) or (definition and definition.type is AttributeType.DATE_TIME):
        return f"{name} can't be filtered on: Entra doesn't filter on dates"
    if definition is None:
        if not known or is_known(name):
            return None
        close = get_close_matches(name, known, n=1)
        hint = f"; did you mean {close[0]}?" if close else ""
        return f"the source has no {mapping.object_type} attribute {name}{hint}"
    if definition.multivalued:
        return f"{name} can't be filtered on: it has several values"
    if definition.type is AttributeType.REFERENCE:
        return f"{name} can't be filtered on: Entra doesn't filter on references"
    return None


def _named(group: FilterGroup, index: int) -> str:
    return f'"{group.name}"' if group.name else str(index + 1)
