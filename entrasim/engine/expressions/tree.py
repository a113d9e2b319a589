"""The syntax tree of an expression."""

from __future__ import annotations

from msgspec import Struct


class Attribute(Struct, frozen=True):
    """A source attribute, `[mail]`."""

    name: str
    position: int


class Constant(Struct, frozen=True):
    """A text or number that is given in the expression."""

    value: str | int
    position: int


class Call(Struct, frozen=True):
    """A function and its arguments; None is an optional argument left out."""

    function: str
    arguments: tuple[Node | None, ...]
    position: int


Node = Attribute | Constant | Call
