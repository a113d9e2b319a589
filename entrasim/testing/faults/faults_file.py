"""Read a file of faults: strictly, and telling every mistake at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, get_args

from pydantic import Field, ValidationError, field_validator
from pydantic_core import ErrorDetails

from entrasim.config.table import Strict
from entrasim.config.toml_file import close_to, read_toml
from entrasim.errors import ConfigurationError
from entrasim.testing.faults.broken import Cut, Drip, Huge, LateAnswer, LostAnswer, WrongBody
from entrasim.testing.faults.instead import Close, Redirect, Reset, Status
from entrasim.testing.faults.rule import Delay

AnyRule = (
    Delay
    | Status
    | Redirect
    | Reset
    | Close
    | LateAnswer
    | LostAnswer
    | Cut
    | Drip
    | WrongBody
    | Huge
)
KINDS = {kind.__dataclass_fields__["fault"].default: kind for kind in get_args(AnyRule)}
"""The kinds of faults by their words."""

_EXPECTED = "expected [[rules]] tables, one at least"
_IF_MISSING = "`entrasim engagedly serve --help` shows an example"


class FaultsFile(Strict):
    """The whole file: a seed, and `[[rules]]`."""

    seed: int = 0
    rules: tuple[Annotated[AnyRule, Field(discriminator="fault")], ...]

    @field_validator("rules")
    @classmethod
    def _says_something(cls, value: tuple[AnyRule, ...]) -> tuple[AnyRule, ...]:
        if not value:
            raise ValueError(_EXPECTED)
        return value


def read_faults(path: Path) -> FaultsFile:
    """Read it.

    Raises:
        ConfigurationError: every mistake, each with file, key and what was expected.
    """
    return faults_of(read_toml(path, if_missing=_IF_MISSING), origin=str(path))


def faults_of(document: Mapping[str, Any], *, origin: str) -> FaultsFile:
    """The same from decoded TOML or JSON.

    Raises:
        ConfigurationError: every mistake, each with its origin, key and what was expected.
    """
    try:
        return FaultsFile.model_validate(document)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        raise ConfigurationError(*(f"{origin}: {_explained(d)}" for d in details)) from None


def _explained(detail: ErrorDetails) -> str:
    """A mistake with its key; rules are counted from 0, as TOML's readers do."""
    place = [str(part) for part in detail["loc"]]
    kind = KINDS.get(place.pop(2)) if len(place) > 2 else None  # noqa: PLR2004 - rules, number, fault
    key = ".".join(place)
    match detail["type"]:
        case "missing":
            return f"{key}: is missing"
        case "extra_forbidden":
            return f"{key}: there is no such key{close_to(place[-1], FaultsFile.model_fields)}"
        case "unexpected_keyword_argument" if kind is not None:
            known = kind.__dataclass_fields__
            return f"{key}: {kind.fault} has no such key{close_to(place[-1], known)}"
        case "tuple_type" if key == "rules":
            return f"{key}: {_EXPECTED}"
        case "model_attributes_type":
            return f"{key}: expected a table"
        case "union_tag_not_found":
            return f"{key}.fault: is missing; one of {', '.join(KINDS)}"
        case "union_tag_invalid":
            tag = str(detail["ctx"]["tag"])
            close = close_to(tag, KINDS) or f"; there are {', '.join(KINDS)}"
            return f'{key}.fault: there is no fault "{tag}"{close}'
        case _:
            return f"{key}: {detail['msg'].removeprefix('Value error, ')}"
