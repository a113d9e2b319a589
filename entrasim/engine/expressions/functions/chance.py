"""Functions that give something new every time."""

from __future__ import annotations

import string
from uuid import UUID

from entrasim.engine.expressions.functions.function import Arguments, Evaluate, Function, parameters
from entrasim.engine.expressions.functions.values import failed, number_of, text_of
from entrasim.engine.expressions.surroundings import Surroundings
from entrasim.ports import Chance

MAX_RANDOM = 256  # the page's bound on a random text

_SPECIAL = "~!@#$%^&*_-+=`|\\(){}[]:;\"'<>,.?/"
"""Source: learn.microsoft.com, "Password must meet complexity requirements"."""

_CLASSES = (string.digits, _SPECIAL, string.ascii_uppercase, string.ascii_lowercase)


def guid(_: Arguments, surroundings: Surroundings) -> Evaluate:
    """A new GUID."""
    return lambda _: str(UUID(int=_chance(surroundings).getrandbits(128), version=4))


def random_string(arguments: Arguments, surroundings: Surroundings) -> Evaluate:
    """A random text with so many digits, special characters, capitals and small letters."""
    numbers, avoided = arguments[:5], arguments[5] if len(arguments) > 5 else None  # noqa: PLR2004

    def evaluate(attributes: object) -> str:
        length, *least = (number_of(n(attributes)) for n in numbers if n)  # type: ignore[arg-type]
        avoid = text_of(avoided(attributes)) if avoided else ""  # type: ignore[arg-type]
        return _random(length, least, set(avoid), _chance(surroundings))

    return evaluate


def _random(length: int, least: list[int], avoided: set[str], chance: Chance) -> str:
    """So many of each kind, and the rest of the kinds that are wanted at all."""
    if not 0 <= length <= MAX_RANDOM or min(least) < 0 or sum(least) > length:
        raise failed(f"can't make a text of {length} characters with {least} of each kind")
    classes = [[letter for letter in letters if letter not in avoided] for letters in _CLASSES]
    kinds = list(zip(least, classes, strict=True))
    if any(count and not letters for count, letters in kinds):
        raise failed("CharactersToAvoid leaves none of a kind that is wanted")
    made = [chance.choice(letters) for count, letters in kinds for _ in range(count)]
    others = [letter for count, letters in kinds if count for letter in letters]
    others = others or classes[0] + classes[3]
    if length > len(made) and not others:
        raise failed("CharactersToAvoid leaves no character at all")
    made += [chance.choice(others) for _ in range(length - len(made))]
    chance.shuffle(made)
    return "".join(made)


def _chance(surroundings: Surroundings) -> Chance:
    if surroundings.chance is None:
        raise failed("there is no source of random values")
    return surroundings.chance


FUNCTIONS = (
    Function("Guid", (), guid),
    Function(
        "RandomString",
        parameters(
            "Length",
            "MinimumNumbers",
            "MinimumSpecialCharacters",
            "MinimumCapital",
            "MinimumLowerCase",
            "CharactersToAvoid?",
        ),
        random_string,
    ),
)
