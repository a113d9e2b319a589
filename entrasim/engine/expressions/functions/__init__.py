"""The functions of the language, by name; each builds a closure from its arguments' closures."""

from entrasim.engine.expressions.functions.logic import switch
from entrasim.engine.expressions.functions.text import join

FUNCTIONS = {"Join": join, "Switch": switch}
