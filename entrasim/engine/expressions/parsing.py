"""Read an expression's text into its tree, or say where it can't be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput

from entrasim.engine.expressions.tree import Attribute, Call, Constant, Node

MAX_LENGTH = 10_000  # the page's bound on an expression
MAX_DEPTH = 50  # far beyond what people write, far below what exhausts a stack

_GRAMMAR = r"""
    ?start: value
    ?value: ATTRIBUTE  -> attribute
          | STRING     -> string
          | NUMBER     -> number
          | NAME "(" [arguments] ")" -> call
    arguments: argument ("," argument)*
    argument: value -> given
            |       -> omitted

    ATTRIBUTE: "[" /[^\[\]"]+/ "]"
    STRING: /"(?:[^"\\]|\\.)*"/s
    NUMBER: /-?\d+/
    NAME: /[A-Za-z]\w*/
    %ignore /\s+/
"""

_EXPECTED = {
    "ATTRIBUTE": "an [attribute]",
    "STRING": 'a "text"',
    "NUMBER": "a number",
    "NAME": "a function",
    "LPAR": '"("',
    "RPAR": '")"',
    "COMMA": '","',
    "$END": "the end of the expression",
}


class ExpressionError(ValueError):
    """The text is no expression: correct it at the position shown.

    Attributes:
        position: where it can't be read on, counted from 0.
    """

    def __init__(self, text: str, position: int, message: str) -> None:
        self.position = position
        begin, end = max(0, position - 60), position + 20
        super().__init__(f"{message}\n  {text[begin:end]}\n  {' ' * (position - begin)}^")


@lru_cache(maxsize=4096)
def parse(text: str) -> Node:
    """Read an expression.

    Raises:
        ExpressionError: with the position, what was expected there, and a caret under it.
    """
    if len(text) > MAX_LENGTH:
        raise ExpressionError(text, MAX_LENGTH, f"longer than {MAX_LENGTH:,} characters")
    _check_depth(text)
    try:
        tree = _parser().parse(text)
    except UnexpectedInput as error:
        raise _explained(text, error) from None
    return _Build().transform(tree)


def attributes_of(node: Node | None) -> Iterator[str]:
    """Name the source attributes that an expression reads."""
    match node:
        case Attribute(name=name):
            yield name
        case Call(arguments=arguments):
            for argument in arguments:
                yield from attributes_of(argument)


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", maybe_placeholders=True)


def _check_depth(text: str) -> None:
    depth = 0
    for found in re.finditer(r'"(?:[^"\\]|\\.)*"|[()]', text, re.DOTALL):
        depth += {"(": 1, ")": -1}.get(found.group(), 0)
        if depth > MAX_DEPTH:
            raise ExpressionError(text, found.start(), f"nested deeper than {MAX_DEPTH} calls")


def _explained(text: str, error: UnexpectedInput) -> ExpressionError:
    at_end = isinstance(error, UnexpectedEOF) or getattr(error, "token", None) == ""
    position = len(text) if at_end else max(0, error.pos_in_stream or 0)
    names = error.allowed if isinstance(error, UnexpectedCharacters) else error.accepts  # type: ignore[attr-defined]  # both subclasses have theirs
    wanted = sorted(_EXPECTED[name] for name in names or () if name in _EXPECTED)
    return ExpressionError(text, position, f"expected {' or '.join(wanted)}")


@v_args(inline=True)
class _Build(Transformer[Token, Node]):
    """Turn lark's tree into ours."""

    def attribute(self, token: Token) -> Node:
        return Attribute(token[1:-1], token.start_pos or 0)

    def string(self, token: Token) -> Node:
        return Constant(re.sub(r'\\(["\\])', r"\1", token[1:-1]), token.start_pos or 0)

    def number(self, token: Token) -> Node:
        return Constant(int(token), token.start_pos or 0)

    def given(self, node: Node) -> Node:
        return node

    def omitted(self) -> None:
        return None

    def arguments(self, *nodes: Node | None) -> tuple[Node | None, ...]:
        return () if nodes == (None,) else nodes

    def call(self, name: Token, arguments: tuple[Node | None, ...] | None) -> Node:
        return Call(str(name), arguments or (), name.start_pos or 0)
