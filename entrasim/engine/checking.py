"""What is wrong or unwise in a schema, told before any cycle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from entrasim.engine.compiled import APP_ROLES
from entrasim.engine.expressions import (
    ROLE_FUNCTIONS,
    SELECT_UNIQUE,
    VOLATILE,
    ExpressionError,
    attributes_of,
    compile_expression,
    functions_of,
    parse,
    unknown_function,
    unknown_functions,
)
from entrasim.engine.expressions.tree import Attribute, Node
from entrasim.engine.filtering import mistakes as filter_mistakes
from entrasim.model.attributes import REFERENCES, RENAMED, is_known
from entrasim.model.schema import (
    AttributeDefinition,
    AttributeMapping,
    AttributeType,
    FlowType,
    ObjectMapping,
    Schema,
)


def mistakes(schema: Schema) -> list[str]:
    """Everything in a schema's enabled mappings that can't be used: place, reason, remedy."""
    return [told for m in schema.mappings if m.enabled for told in _mistakes_of(m, schema)]


def warnings(schema: Schema) -> list[str]:
    """What is allowed, but unwise; mistakes that do no harm as long as their mapping is off."""
    found: list[str] = []
    for mapping in schema.mappings:
        if mapping.enabled:
            found.extend(_unused(mapping, schema))
            found.extend(_unmapped(mapping, schema))
            found.extend(_unwise(mapping))
            found.extend(_without_effect(mapping, schema))
        else:
            told = _mistakes_of(mapping, schema)
            found.extend(f"{text} (the mapping is disabled)" for text in told)
    return found


def mappings_of_roles(schema: Schema) -> list[str]:
    """The attribute mappings, in use, that give a user's app roles: place and function."""
    return [
        f"{place}: {function}"
        for mapping in schema.mappings
        if mapping.enabled
        for place, _, tree in _parsed(mapping)
        for function in dict.fromkeys(functions_of(tree))
        if function in ROLE_FUNCTIONS
    ]


def _mistakes_of(mapping: ObjectMapping, schema: Schema) -> Iterator[str]:
    yield from _target_mistakes(mapping, schema)
    yield from _matching_mistakes(mapping, schema)
    definitions = _definitions(mapping, schema)
    for place, attribute in _placed(mapping):
        definition = definitions.get(attribute.target_attribute)
        for told in (
            *_expression_mistakes(attribute, mapping, schema),
            *_type_mistakes(attribute, definition),
        ):
            yield f"{place}: {told}"
    for told in filter_mistakes(mapping, schema):
        yield f"{mapping.place}.scope: {told}"


def _target_mistakes(mapping: ObjectMapping, schema: Schema) -> Iterator[str]:
    """Attributes that the target doesn't have, or that are written more than once."""
    definition = schema.target_objects.get(mapping.target_object)
    if definition is None:
        yield (
            f"{mapping.place}: the target directory doesn't define {mapping.target_object}; "
            "add it to the directory's objects"
        )
    known = {a.name for a in definition.attributes} if definition else None
    first: dict[str, str] = {}
    for place, attribute in _placed(mapping):
        name = attribute.target_attribute
        if known is not None and name and name not in known:
            yield f"{place}: {name} is not defined in the target directory{_meant(name, known)}"
        if name and first.setdefault(name, place) != place:
            yield f"{place}: {name} is mapped already by {first[name]}; remove one of them"


def _matching_mistakes(mapping: ObjectMapping, schema: Schema) -> Iterator[str]:
    """Whether objects can be recognised by what is to recognise them."""
    definitions = _definitions(mapping, schema)
    matching = [(p, a) for p, a in _placed(mapping) if a.matching_priority > 0]
    if not matching:
        yield (
            f"{mapping.place}: no attribute has a matchingPriority above 0, so that nobody could "
            "be recognised; give 1 to an attribute that is unique in the target"
        )
    for place, attribute in matching:
        definition = definitions.get(attribute.target_attribute)
        if definition and definition.type is AttributeType.REFERENCE:
            yield f"{place}: a reference can't be matched by; set matchingPriority to 0"
        elif definition and definition.multivalued:
            yield f"{place}: what has several values can't be matched by; set matchingPriority to 0"
        if SELECT_UNIQUE in functions_of(_tree(attribute)):
            yield (
                f"{place}: {SELECT_UNIQUE} can't stand in a matching attribute, since it gives "
                "what nobody has yet; set matchingPriority to 0"
            )


def _expression_mistakes(
    attribute: AttributeMapping, mapping: ObjectMapping, schema: Schema
) -> Iterator[str]:
    """Why an expression can't be evaluated."""
    if attribute.expression is None:
        return
    tree, first = _tree(attribute), ""
    try:
        compile_expression(attribute.expression)
    except ExpressionError as error:
        first = str(error)
        yield first
    further = map(unknown_function, unknown_functions(tree))
    yield from (told for told in further if not first.startswith(told))
    source = schema.source_objects.get(mapping.object_type)
    known = {a.name for a in source.attributes} if source else set[str]()
    for name in dict.fromkeys(attributes_of(tree)):
        if known and name not in known and not is_known(name):
            yield (
                f"[{name}]: the source has no {mapping.object_type} attribute of that name"
                f"{_meant(name, known)}"
            )


def _type_mistakes(
    attribute: AttributeMapping, definition: AttributeDefinition | None
) -> Iterator[str]:
    """What a target attribute can't hold."""
    kind = definition.type if definition else AttributeType.STRING
    tree, default = _tree(attribute), attribute.default_value or ""
    refers = isinstance(tree, Attribute) and tree.name in REFERENCES
    matches = attribute.matching_priority > 0  # which is told of already
    if kind is AttributeType.REFERENCE and tree is not None and not (refers or matches):
        yield (
            "is a reference, which nothing but one of the source can flow to; map "
            f"{' or '.join(f'[{name}]' for name in sorted(REFERENCES))} as it stands"
        )
    if kind is AttributeType.BOOLEAN and default.casefold() not in {"", "true", "false"}:
        yield f'defaultValue "{default}" is no Boolean; give "True" or "False"'
    if kind is AttributeType.INTEGER and default and not default.lstrip("-").isdecimal():
        yield f'defaultValue "{default}" is no Integer'


def _unused(mapping: ObjectMapping, schema: Schema) -> Iterator[str]:
    used = schema.mapping_of(mapping.object_type)
    if used is not None and used is not mapping:
        yield (
            f"{mapping.place}: is not used, since {used.place} provisions "
            f"{mapping.object_type} objects already; disable one of them"
        )


def _unmapped(mapping: ObjectMapping, schema: Schema) -> Iterator[str]:
    mapped = {attribute.target_attribute for attribute in mapping.attributes}
    for name, definition in _definitions(mapping, schema).items():
        if definition.required and definition.mutability != "ReadOnly" and name not in mapped:
            yield f"{mapping.place}: the target requires {name}, and nothing is mapped to it"


def _unwise(mapping: ObjectMapping) -> Iterator[str]:
    for place, attribute, tree in _parsed(mapping):
        functions = set(functions_of(tree))
        if attribute.flow_type is FlowType.ALWAYS and (volatile := functions & VOLATILE):
            yield (
                f"{place}: what {' and '.join(sorted(volatile))} gives changes every cycle, and is "
                'sent whenever the object is; flowType "ObjectAddOnly" sends it once'
            )
        if SELECT_UNIQUE in functions:
            yield f"{place}: Entra doesn't offer {SELECT_UNIQUE} for SCIM applications"
        for name in dict.fromkeys(attributes_of(tree)):
            if name in RENAMED:
                yield (
                    f"{place}: [{name}] is always empty: the provisioning service calls it "
                    f"{RENAMED[name]}"
                )


def _without_effect(mapping: ObjectMapping, schema: Schema) -> Iterator[str]:
    """What doesn't do what it seems to."""
    definitions, ranks = _definitions(mapping, schema), dict[int, str]()
    for place, attribute, tree in _parsed(mapping):
        definition = definitions.get(attribute.target_attribute)
        plain = definition is None or definition.type is not AttributeType.REFERENCE
        for name in dict.fromkeys(attributes_of(tree)) if plain else ():
            if name in REFERENCES:
                yield f"{place}: [{name}] is a reference, and always empty where a text is wanted"
        if isinstance(tree, Attribute) and tree.name == APP_ROLES:
            yield (
                f"{place}: [{APP_ROLES}] is not meant to be mapped directly; choose one of "
                f"{', '.join(sorted(ROLE_FUNCTIONS))}"
            )
        rank = attribute.matching_priority
        if rank > 0 and ranks.setdefault(rank, place) != place:
            yield f"{place}: has the matchingPriority of {ranks[rank]}; the first is asked first"


def _placed(mapping: ObjectMapping) -> Iterator[tuple[str, AttributeMapping]]:
    """The attribute mappings, each with its place and what it writes."""
    for index, attribute in enumerate(mapping.attributes):
        named = f" ({attribute.target_attribute})" * bool(attribute.target_attribute)
        yield f"{mapping.place}.attributeMappings[{index}]{named}", attribute


def _parsed(mapping: ObjectMapping) -> Iterator[tuple[str, AttributeMapping, Node]]:
    """Those with an expression that can be read, and its tree."""
    for place, attribute in _placed(mapping):
        if (tree := _tree(attribute)) is not None:
            yield place, attribute, tree


def _tree(attribute: AttributeMapping) -> Node | None:
    try:
        return None if attribute.expression is None else parse(attribute.expression)
    except ExpressionError:
        return None


def _definitions(mapping: ObjectMapping, schema: Schema) -> dict[str, AttributeDefinition]:
    definition = schema.target_objects.get(mapping.target_object)
    return {a.name: a for a in definition.attributes} if definition else {}


def _meant(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, known, n=1)
    return f"; did you mean {close[0]}?" if close else ""
