"""The expression language of attribute mappings."""

from entrasim.engine.expressions.compiling import (
    VOLATILE,
    compile_expression,
    functions_of,
    parameter_names,
    redacts,
    unknown_function,
    unknown_functions,
)
from entrasim.engine.expressions.functions.function import Evaluate
from entrasim.engine.expressions.functions.provisioning import SELECT_UNIQUE
from entrasim.engine.expressions.functions.roles import ROLE_FUNCTIONS
from entrasim.engine.expressions.parsing import ExpressionError, attributes_of, parse
from entrasim.engine.expressions.surroundings import NOWHERE, Surroundings, surroundings_of

__all__ = [
    "NOWHERE",
    "ROLE_FUNCTIONS",
    "SELECT_UNIQUE",
    "VOLATILE",
    "Evaluate",
    "ExpressionError",
    "Surroundings",
    "attributes_of",
    "compile_expression",
    "functions_of",
    "parameter_names",
    "parse",
    "redacts",
    "surroundings_of",
    "unknown_function",
    "unknown_functions",
]
