"""Functions on the app roles that a user was assigned.

Source: learn.microsoft.com/entra/identity/app-provisioning/customize-application-attributes,
"Provisioning a role to a SCIM app".
"""

from __future__ import annotations

from entrasim.engine.expressions.functions.function import plain
from entrasim.engine.expressions.functions.values import texts_of
from entrasim.engine.roles import role_name
from entrasim.model.entry import Value


def single(roles: Value) -> Value:
    """The name of one role; of several the first, which the page doesn't promise."""
    return next(map(role_name, texts_of(roles)), None)


def every(roles: Value) -> Value:
    """All roles, as they are."""
    return texts_of(roles) or None


FUNCTIONS = (
    plain("AppRoleAssignments", every, "appRoleAssignments"),
    plain("AppRoleAssignmentsComplex", every, "appRoleAssignments"),
    plain("AssertiveAppRoleAssignmentsComplex", every, "appRoleAssignments"),
    plain("SingleAppRoleAssignment", single, "appRoleAssignments"),
)

ROLE_FUNCTIONS = frozenset(function.name for function in FUNCTIONS)
"""Functions that need an assignment, since it is what gives a role."""
