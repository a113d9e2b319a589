"""Evaluate expressions in a small world of their own."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pytest

from entrasim.engine.expressions import Surroundings, compile_expression
from entrasim.errors import SourceObjectError

NOW = datetime(2021, 8, 25, 17, 41, 18, tzinfo=UTC)


def world(*, now=NOW, seed=7, **more):
    """Surroundings whose clock stands still and whose chance begins anew each time."""
    return Surroundings(
        now=lambda: now,
        chance=Random(seed),  # noqa: S311 - the same in every run
        **more,
    )


def value_of(text, attributes=None, **more):
    """What an expression gives for a user with these attributes."""
    return compile_expression(text, world(**more))(attributes or {})


def failure_of(text, attributes=None, **more):
    """Why an expression gives nothing for a user with these attributes."""
    evaluate = compile_expression(text, world(**more))
    with pytest.raises(SourceObjectError) as caught:
        evaluate(attributes or {})
    return str(caught.value)
