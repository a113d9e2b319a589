"""What a function is: its parameters, and how it becomes a closure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from entrasim.engine.expressions.functions.values import bounded
from entrasim.engine.expressions.surroundings import Surroundings
from entrasim.engine.expressions.tree import Node
from entrasim.errors import SourceObjectError
from entrasim.model.entry import Value

Evaluate = Callable[[Mapping[str, Value]], Value]
"""Takes an object's source attributes and gives a value."""

Arguments = Sequence[Evaluate | None]
"""The closures of a call's arguments; None is one that was left out."""

Build = Callable[[Arguments, Surroundings], Evaluate]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter, by the name that Graph's parse tree gives it."""

    name: str
    required: bool = True
    repeating: bool = False


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the language.

    Attributes:
        build: makes a call's closure; the arguments fit the parameters.
        compares: whether its first argument may be a comparison.
        examine: raises a TypeError for arguments that can never give a value.
    """

    name: str
    parameters: tuple[Parameter, ...]
    build: Build
    compares: bool = False
    examine: Callable[[Sequence[Node | None]], None] = lambda _: None

    def check(self, arguments: Sequence[Node | None]) -> None:
        """See whether a call's arguments fit.

        Raises:
            TypeError: one is missing or can't be used, or there are too many.
        """
        for position, parameter in enumerate(self.parameters):
            given = position < len(arguments) and arguments[position] is not None
            if parameter.required and not given:
                raise TypeError(f"argument {position + 1} ({parameter.name}) is missing")
        most = len(self.parameters)
        repeats = most > 0 and self.parameters[-1].repeating
        if len(arguments) > most and not repeats:
            raise TypeError(f"takes {most} arguments at most")
        self.examine(arguments)

    def parameter(self, position: int) -> str:
        """What the argument at a position is called; repeating ones are numbered."""
        last = self.parameters[-1]
        if last.repeating and position >= len(self.parameters) - 1:
            return f"{last.name}{position - len(self.parameters) + 2}"
        return self.parameters[position].name


def parameters(*names: str) -> tuple[Parameter, ...]:
    """Parameters by name; `name?` may be left out, `name*` repeats."""
    return tuple(
        Parameter(name.rstrip("?*"), required="?" not in name, repeating="*" in name)
        for name in names
    )


def plain(name: str, apply: Callable[..., Value], *names: str) -> Function:
    """A function of its arguments' values; those left out are null."""
    return Function(name, parameters(*names), lambda arguments, _: applying(apply, arguments))


def applying(apply: Callable[..., Value], arguments: Arguments) -> Evaluate:
    """The closure that applies a function to its arguments' values.

    It calls with as many as there are; one and two are the usual cases.
    """
    closures = [argument or _null for argument in arguments]
    match closures:
        case [one]:
            return lambda attributes: apply(one(attributes))
        case [one, two]:
            return lambda attributes: apply(one(attributes), two(attributes))
        case _:
            return lambda attributes: apply(*[closure(attributes) for closure in closures])


def checked(name: str, evaluate: Evaluate) -> Evaluate:
    """Name the function that fails, and refuse what grows too large."""

    def call(attributes: Mapping[str, Value]) -> Value:
        try:
            value = evaluate(attributes)
            if isinstance(value, str | tuple):
                bounded(len(value))
        except SourceObjectError as error:
            raise _told_by(name, error) from None
        return value

    return call


def _told_by(name: str, error: SourceObjectError) -> SourceObjectError:
    text = str(error)
    if text.startswith("in "):
        return error
    return SourceObjectError(f"in {name}: {text}", code=error.code)


def _null(_: Mapping[str, Value]) -> Value:
    return None
