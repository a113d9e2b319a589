"""Filter groups, compiled once per cycle and asked about every object that may have changed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from entrasim.engine.filtering.operators import test_of
from entrasim.errors import SourceObjectError
from entrasim.model.entry import Entry, Scalar, Value
from entrasim.model.operators import Operator, operator_of, unknown_operator
from entrasim.model.schema import FilterClause, FilterGroup, RegexMatch

LONGEST = 80  # characters of a value that a verdict quotes


@dataclass(frozen=True, slots=True)
class Miss:
    """The clause of a group that an object fails, and what its attribute holds."""

    title: str
    clause: FilterClause
    value: Value

    @property
    def asked(self) -> str:
        """The clause under its filter's title, as provision on demand shows it at Entra.

        Source: learn.microsoft.com/entra/identity/app-provisioning/provision-on-demand
        """
        return f"{self.title}: {self.clause.text}" if self.title else self.clause.text

    @property
    def found(self) -> str:
        """What the attribute holds, in a few words."""
        if self.value is None or self.value == "":
            return "is empty"
        text = json.dumps(self.value, ensure_ascii=False)
        return f"is {text if len(text) <= LONGEST else text[:LONGEST] + '…'}"


Filter = Callable[[Entry], tuple[Miss, ...]]
"""Asks whether an object passes: no miss if it does, else one for each group.

Raises:
    SourceObjectError: it can't be told.
"""

_Clause = Callable[[Entry], bool]


def compile_filter(groups: Iterable[FilterGroup], reading: RegexMatch) -> Filter | None:
    """Compile filter groups; None lets everybody pass.

    Clauses of a group must all hold, and one group is enough. A group without clauses says
    nothing and is left out.

    Raises:
        ValueError: a clause can't be read.
    """
    compiled = [(group, _clauses(group.clauses, reading)) for group in groups if group.clauses]
    if not compiled:
        return None

    def ask(entry: Entry) -> tuple[Miss, ...]:
        misses: list[Miss] = []
        for group, clauses in compiled:
            failed = next((clause for clause, holds in clauses if not holds(entry)), None)
            if failed is None:
                return ()
            misses.append(Miss(group.name, failed, _value(entry, failed.source_operand)))
        return tuple(misses)

    return ask


def _clauses(
    clauses: Sequence[FilterClause], reading: RegexMatch
) -> list[tuple[FilterClause, _Clause]]:
    return [(clause, _compile_clause(clause, reading)) for clause in clauses]


def _compile_clause(clause: FilterClause, reading: RegexMatch) -> _Clause:
    operator = operator_of(clause.operator)
    if operator is None:
        raise ValueError(unknown_operator(clause.operator))
    test, if_empty = test_of(operator, clause.values, reading), operator is Operator.IS_NULL
    name = clause.source_operand

    def holds(entry: Entry) -> bool:
        value = _value(entry, name)
        if value is None or value == "":  # the page: an empty value makes a clause false
            return if_empty
        return test(value)

    return holds


def _value(entry: Entry, name: str) -> Scalar | None:
    """An attribute's value.

    Raises:
        SourceObjectError: there are several.
    """
    if name == "accountEnabled":
        return entry.enabled  # unspecified is enabled, here as everywhere
    value = entry.properties.get(name)
    if isinstance(value, tuple):
        raise SourceObjectError(f"{name} holds several values")
    return value
