"""expression: read one mapping expression and see what it makes of an object."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter
from rich.text import Text
from rich.tree import Tree

from entrasim.cli import output
from entrasim.cli.options import COMMON, Common
from entrasim.cli.world import world
from entrasim.errors import ConfigurationError

if TYPE_CHECKING:
    from entrasim.engine.expressions import Surroundings
    from entrasim.engine.trial import TestInput
    from entrasim.model.entry import Value

WRONG = 1


def expression(
    text: str,
    /,
    *,
    object: str | None = None,  # noqa: A002 - the option's name
    set: Annotated[tuple[str, ...], Parameter(negative=())] = (),  # noqa: A002 - likewise
    common: Common = COMMON,
) -> int:
    """Read one mapping expression and show its result, its type and how it was read.

    Without --object it needs no configuration.

    Args:
        text: The expression, such as 'Join(" ", [givenName], [surname])'.
        object: Take the attributes of this user or group: an id, UPN, mail address or
            display name.
        set: An attribute's value, as name=value; repeated, the values of a multi-valued
            one. It counts more than the object's.
        common: Options of every such command.
    """
    from entrasim.api.expressions import parse_expression  # noqa: PLC0415 - not for --help
    from entrasim.engine.trial import unheld  # noqa: PLC0415 - likewise

    chosen = _chosen(set)
    found, surroundings = asyncio.run(_test_input(object, common))
    answer: dict[str, Any] = parse_expression(text, {**found.attributes, **chosen}, surroundings)
    if common.json:
        output.as_json(answer)
    else:
        _show(answer, {**found.attributes, **chosen}, found.display_name)
        for note in unheld(text, {**found.attributes, **chosen}) if object else ():
            output.note(note)
    return 0 if answer["evaluationSucceeded"] else WRONG


def _chosen(settings: Iterable[str]) -> dict[str, Value]:
    """The attributes that were given by hand."""
    given: dict[str, list[str]] = {}
    for setting in settings:
        name, separator, value = setting.partition("=")
        if not separator or not name:
            raise ConfigurationError(f'--set wants name=value, found "{setting}"')
        given.setdefault(name, []).append(value)
    return {name: _value(texts) for name, texts in given.items()}


def _value(texts: list[str]) -> Value:
    """One text, none, a boolean as JSON spells it, or several texts."""
    match texts:
        case [""]:
            return None
        case ["true" | "false" as word]:
            return word == "true"
        case [one]:
            return one
        case _:
            return tuple(texts)


async def _test_input(name: str | None, common: Common) -> tuple[TestInput, Surroundings]:
    """An object's attributes and the world around them; no object has none."""
    from random import SystemRandom  # noqa: PLC0415 - not for --help

    from entrasim.engine.expressions import Surroundings, surroundings_of  # noqa: PLC0415 - likewise
    from entrasim.engine.trial import TestInput, source_attributes  # noqa: PLC0415 - likewise
    from entrasim.scheduler.clocks import SystemClock  # noqa: PLC0415 - likewise

    if name is None:
        return TestInput("", {}), Surroundings(SystemClock().now, SystemRandom())
    async with world(common) as found:
        read = await source_attributes(found.job, name, found.ports)
        return read, surroundings_of(found.job, found.ports)


def _show(answer: Mapping[str, Any], attributes: Mapping[str, Value], of: str) -> None:
    """The result in the first line, then the tree with what each attribute holds."""
    if answer["parsingError"]:
        output.failure(ConfigurationError(answer["parsingError"]["message"]), for_machines=False)
        return
    if answer["error"]:
        output.failure(ConfigurationError(answer["error"]["message"]), for_machines=False)
    else:
        output.show(_result(answer["evaluationResult"], answer["type"], of))
    parsed = answer["parsedExpression"]
    tree = Tree(output.harmless(_label("", parsed, attributes)), guide_style="dim")
    _grow(tree, parsed, attributes)
    output.results().print(tree, soft_wrap=False)  # a tree doesn't leave its lines to the terminal


def _result(result: list[str], kind: str, of: str) -> Text:
    if kind == "null":
        return Text.assemble(("nothing", "yellow"), ("  the attribute would not be sent", "dim"))
    told = ", ".join(map(_quoted, result)) if "String" in kind else result[0]
    return Text.assemble((told, "bold green"), (f"  {kind}{f' for {of}' if of else ''}", "dim"))


def _quoted(value: Value) -> str:
    """A value as JSON, so that no letter of it is lost or in the way."""
    return json.dumps(value, ensure_ascii=False)


def _grow(tree: Tree, source: Mapping[str, Any], attributes: Mapping[str, Value]) -> None:
    for parameter in source["parameters"]:
        label = _label(parameter["key"], parameter["value"], attributes)
        branch = tree.add(output.harmless(label))
        _grow(branch, parameter["value"], attributes)


def _label(key: str, source: Mapping[str, Any], attributes: Mapping[str, Value]) -> Text:
    """What a node is called, and what it is."""
    name = Text(f"{key} " if key else "", style="dim")
    match source["type"]:
        case "Function":
            return name.append(source["name"], style="bold")
        case "Attribute":
            held = attributes.get(source["name"])
            told = "nothing" if held is None else _quoted(held)
            return name.append(source["expression"], style="cyan").append(f" is {told}", "dim")
        case _:
            return name.append(source["expression"])
