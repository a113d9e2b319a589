"""Read an expression's text into its tree, or say where it can't be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput

from entrasim.engine.expressions.tree import Attribute, Call, Comparison, Constant, Node

MAX_LENGTH = 10_000  # the page's bound on an expression
MAX_DEPTH = 50  # far beyond what people write, far below what exhausts a stack

_GRAMMAR = r"""
    ?start: value
    ?value: ATTRIBUTE  -> attribute
          | STRING     -> string
          | NUMBER     -> number
          | HEX        -> hexadecimal
          | WORD       -> word
          | NAME "(" [arguments] ")" -> call
    arguments: argument ("," argument)*
    argument: value -> given
            | value OPERATOR value -> comparison
            |       -> omitted

    ATTRIBUTE: "[" /[^\[\]"]+/ "]"
    STRING: /"(?:[^"\\]|\\.)*+"/s
    NUMBER: /-?[0-9]{1,18}(?![0-9])/
    HEX: /&H[0-9A-Fa-f]{1,15}(?![0-9A-Fa-f])/
    OPERATOR: "<>" | ">=" | "<=" | "=" | ">" | "<"
    WORD.2: /vb(Text|Binary)Compare\b/
    NAME: /[A-Za-z][A-Za-z0-9_]*/
    %ignore /\s+/
"""

_EXPECTED = {
    "ATTRIBUTE": "an [attribute]",
    "STRING": 'a "text"',
    "NUMBER": "a number",
    "NAME": "a function",
    "OPERATOR": "a comparison",
    "LPAR": '"("',
    "RPAR": '")"',
    "COMMA": '","',
    "$END": "the end of the expression",
}


_HERE = "\0"  # marks where it can't be read on; no expression has one
_USUAL_MISTAKES = tuple(
    (re.compile(pattern.replace("@", _HERE)), message)
    for pattern, message in (
        (r'@"(?:[^"\\]|\\.)*\Z', "this text isn't closed: a \" is missing"),
        (r"@\[[^\]]*\Z", "this attribute isn't closed: a ] is missing"),
        (r"@[\u2018\u2019\u201c\u201d']", 'a text stands in straight double quotes: "…"'),
        (r"(?i)\b(?:true|false)@", 'True and False are texts: write "True"'),
        (r"(?i)@(?:and|or)\b", "there is no AND and no OR: put one IIF into the other"),
        (r"[0-9]@\.[0-9]", 'numbers are whole; write others as texts: "1.5"'),
    )
)


class ExpressionError(ValueError):
    """The text is no expression: correct it at the position shown.

    Attributes:
        position: where it can't be read on, counted from 0.
    """

    def __init__(self, text: str, position: int, message: str) -> None:
        self.position = position
        begin, end = max(0, position - 50), position + 50
        # on one line, so that the caret fits
        shown = re.sub(r"[\s\x00-\x1f\x7f]", " ", text[begin:end])
        super().__init__(f"{message}\n  {shown}\n  {' ' * (position - begin)}^")


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
        case Comparison(left=left, right=right):
            yield from attributes_of(left)
            yield from attributes_of(right)


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", maybe_placeholders=True)


def _check_depth(text: str) -> None:
    depth = 0
    for found in re.finditer(r'"(?:[^"\\]|\\.)*+"?|[()]', text, re.DOTALL):
        depth += {"(": 1, ")": -1}.get(found.group(), 0)
        if depth > MAX_DEPTH:
            raise ExpressionError(text, found.start(), f"nested deeper than {MAX_DEPTH} calls")


def _explained(text: str, error: UnexpectedInput) -> ExpressionError:
    at_end = isinstance(error, UnexpectedEOF) or getattr(error, "token", None) == ""
    position = len(text) if at_end else max(0, error.pos_in_stream or 0)
    for pattern, message in _USUAL_MISTAKES:
        if pattern.search(text[:position] + _HERE + text[position:]):
            return ExpressionError(text, position, message)
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

    def hexadecimal(self, token: Token) -> Node:
        return Constant(int(token.replace("&H", "0x"), 0), token.start_pos or 0)

    def word(self, token: Token) -> Node:
        return Constant(str(token), token.start_pos or 0)

    def comparison(self, left: Node, operator: Token, right: Node) -> Node:
        return Comparison(str(operator), left, right, operator.start_pos or 0)

    def given(self, node: Node) -> Node:
        return node

    def omitted(self) -> None:
        return None

    def arguments(self, *nodes: Node | None) -> tuple[Node | None, ...]:
        return () if nodes == (None,) else nodes

    def call(self, name: Token, arguments: tuple[Node | None, ...] | None) -> Node:
        return Call(str(name), arguments or (), name.start_pos or 0)
