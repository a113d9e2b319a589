"""Functions that speak to the provisioning service itself."""

from __future__ import annotations

from collections.abc import Mapping

from entrasim.engine.expressions.functions.function import (
    Arguments,
    Evaluate,
    Function,
    parameters,
    plain,
)
from entrasim.engine.expressions.functions.values import failed, text_of
from entrasim.engine.expressions.surroundings import Surroundings
from entrasim.model.entry import Value

REDACT = "Redact"
"""Its value goes out, but logs and plans don't show it."""

SELECT_UNIQUE = "SelectUniqueValue"
"""Its values are candidates; the first that the target doesn't have yet is taken."""


def default_domain(_: Arguments, surroundings: Surroundings) -> Evaluate:
    """The tenant's default domain."""

    def evaluate(_: Mapping[str, Value]) -> Value:
        if surroundings.default_domain is None:
            raise failed("the tenant's is not known; set default_domain in [jobs.directory]")
        return surroundings.default_domain

    return evaluate


def select_unique_value(arguments: Arguments, _: Surroundings) -> Evaluate:
    """All candidates in their order, each once, empty ones left out."""
    rules = [rule for rule in arguments if rule is not None]
    if len(rules) < 2:  # noqa: PLR2004 - the page's bound
        raise TypeError("needs two rules at least")

    def evaluate(attributes: Mapping[str, Value]) -> Value:
        candidates = (text_of(rule(attributes)) for rule in rules)
        return tuple(dict.fromkeys(filter(None, candidates))) or None

    return evaluate


FUNCTIONS = (
    Function("DefaultDomain", (), default_domain),
    plain(REDACT, lambda value: value, "attribute"),
    Function(SELECT_UNIQUE, parameters("uniqueValueRule*"), select_unique_value),
)
