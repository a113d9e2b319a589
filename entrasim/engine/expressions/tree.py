"""The syntax tree of an expression."""

from __future__ import annotations

from msgspec import Struct

WORDS = frozenset({"vbBinaryCompare", "vbTextCompare"})
"""The words that stand in an expression without quotes."""


class Attribute(Struct, frozen=True):
    """A source attribute, `[mail]`."""

    name: str
    position: int

    def __str__(self) -> str:
        """The attribute as an expression spells it; so do the other nodes."""
        return f"[{self.name}]"


class Constant(Struct, frozen=True):
    """A text or number that is given in the expression, or a word such as `vbTextCompare`."""

    value: str | int
    position: int

    def __str__(self) -> str:
        if isinstance(self.value, int) or self.value in WORDS:
            return str(self.value)
        return '"' + self.value.replace("\\", "\\\\").replace('"', '\\"') + '"'


class Call(Struct, frozen=True):
    """A function and its arguments; None is an optional argument left out."""

    function: str
    arguments: tuple[Node | None, ...]
    position: int

    def __str__(self) -> str:
        given = ("" if argument is None else str(argument) for argument in self.arguments)
        return f"{self.function}({', '.join(given)})"


class Comparison(Struct, frozen=True):
    """Two values compared by `=`, `<>`, `>`, `>=`, `<` or `<=`."""

    operator: str
    left: Node
    right: Node
    position: int

    def __str__(self) -> str:
        return f"{self.left}{self.operator}{self.right}"


Node = Attribute | Constant | Call | Comparison
