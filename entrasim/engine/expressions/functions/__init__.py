"""The functions of the language, by name, in families.

Source: learn.microsoft.com/entra/identity/app-provisioning/
functions-for-customizing-application-data
"""

from entrasim.engine.expressions.functions import (
    chance,
    conversion,
    dates,
    lists,
    logic,
    provisioning,
    replacing,
    roles,
    text,
)
from entrasim.engine.expressions.functions.function import Function

_FAMILIES = (chance, conversion, dates, lists, logic, provisioning, replacing, roles, text)

FUNCTIONS: dict[str, Function] = {
    function.name: function for family in _FAMILIES for function in family.FUNCTIONS
}
