"""The expression language of attribute mappings: text → tree → closure.

Source: learn.microsoft.com/entra/identity/app-provisioning/
functions-for-customizing-application-data
"""

from entrasim.engine.expressions.compiling import Evaluate, compile_expression
from entrasim.engine.expressions.parsing import ExpressionError, attributes_of, parse

__all__ = ["Evaluate", "ExpressionError", "attributes_of", "compile_expression", "parse"]
