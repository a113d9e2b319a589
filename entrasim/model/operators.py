"""The operators of scoping filters, by every name that they go by.

Source: learn.microsoft.com/entra/identity/app-provisioning/
define-conditional-rules-for-provisioning-user-accounts
"""

from __future__ import annotations

from difflib import get_close_matches
from enum import StrEnum


class Operator(StrEnum):
    """What a clause asks of an attribute's value."""

    EQUALS = "EQUALS"
    NOT_EQUALS = "NOT EQUALS"
    IS_TRUE = "IS TRUE"
    IS_FALSE = "IS FALSE"
    IS_NULL = "IS NULL"
    IS_NOT_NULL = "IS NOT NULL"
    REGEX_MATCH = "REGEX MATCH"
    NOT_REGEX_MATCH = "NOT REGEX MATCH"
    INCLUDES = "INCLUDES"
    ENDS_WITH = "ENDS_WITH"
    GREATER_THAN = "GREATER_THAN"
    GREATER_THAN_OR_EQUALS = "GREATER_THAN_OR_EQUALS"
    AMPERSAND = "&"
    NOT_AMPERSAND = "!&"

    @property
    def takes_values(self) -> bool:
        """Whether there is something to compare with (Graph's arity Binary, not Unary)."""
        return self not in _UNARY


_UNARY = frozenset({Operator.IS_TRUE, Operator.IS_FALSE, Operator.IS_NULL, Operator.IS_NOT_NULL})


def _folded(name: str) -> str:
    """A name without what its spellings differ in: `GreaterThan` is `GREATER_THAN`."""
    return "".join(character for character in name.casefold() if character not in " _-")


_KNOWN = {_folded(operator): operator for operator in Operator}
_KNOWN["greaterthanorequal"] = Operator.GREATER_THAN_OR_EQUALS


def operator_of(name: str) -> Operator | None:
    """The operator of that name, in the portal's spelling, Graph's, or without spaces."""
    return _KNOWN.get(_folded(name))


def unknown_operator(name: str) -> str:
    """Say that there is no such operator, and which is meant or what there is."""
    close = get_close_matches(_folded(name), _KNOWN, n=1)
    hint = f"did you mean {_KNOWN[close[0]]}?" if close else f"there are {', '.join(Operator)}"
    return f'"{name}" is no operator; {hint}'
