"""The query options of a request, read and checked as far as they stand for themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct
from starlette.requests import Request

from entrasim.api.graph_error import GraphError, bad_request
from entrasim.api.odata.entity_type import EntityType

LONGEST = 8192
"""The most characters of an option's value."""

_NAMES = "select filter top skip skiptoken expand orderby count search format"
_KNOWN = frozenset(f"${name}" for name in _NAMES.split())
_PAGE_SIZE = re.compile(r"odata\.maxpagesize\s*=\s*(\d{1,9})", re.IGNORECASE)
_NESTED = re.compile(r"(\w+)(?:\((.*)\))?", re.DOTALL)
_DEEPEST = 4


class Expansion(Struct, frozen=True, kw_only=True):
    """One navigation property that is asked for with the object.

    Attributes:
        select: the properties of what is there; none means the usual ones.
        top: how many objects at most.
        levels: how far up a chain, -1 for as far as it goes.
    """

    name: str
    select: tuple[str, ...] = ()
    top: int | None = None
    levels: int = 1
    expand: tuple[Expansion, ...] = ()


class Options(Struct, frozen=True, kw_only=True):
    """What a request asks for."""

    select: tuple[str, ...] = ()
    filter: str | None = None
    search: str | None = None
    orderby: str | None = None
    expand: tuple[Expansion, ...] = ()
    top: int | None = None
    skip: int = 0
    skip_token: str | None = None
    count: bool = False
    page_size: int | None = None
    eventual: bool = False


def read(request: Request, kind: EntityType) -> Options:
    """The options of a request for objects of a kind.

    Raises:
        GraphError: one is unknown, given twice, too long or malformed, or not supported here.
    """
    given = _given(request, kind)
    preferred = _PAGE_SIZE.search(request.headers.get("prefer", ""))
    return Options(
        select=_select(given.get("$select", ""), kind),
        filter=given.get("$filter"),
        search=given.get("$search"),
        orderby=given.get("$orderby"),
        expand=tuple(_expansions(given.get("$expand", ""), kind)),
        top=_top(given.get("$top"), kind),
        skip=_number("$skip", given.get("$skip", "0")),
        skip_token=given.get("$skiptoken"),
        count=_flag("$count", given.get("$count", "false")),
        page_size=max(1, int(preferred[1])) if preferred else None,
        eventual=request.headers.get("consistencylevel", "").casefold() == "eventual",
    )


def _given(request: Request, kind: EntityType) -> dict[str, str]:
    """The options by name; Graph takes them without the dollar, too, and ignores the rest."""
    found: dict[str, str] = {}
    for name, value in request.query_params.multi_items():
        known = name.casefold()
        known = known if known.startswith("$") else f"${known}"
        if known not in _KNOWN and not name.startswith("$"):
            continue
        if known not in _KNOWN or known in kind.refuses:
            raise bad_request(f"'{name[:80]}' is not supported by the service.", "BadRequest")
        if known in found:
            raise bad_request(
                f"Query option '{known}' was specified more than once, but it must be specified "
                "at most once.",
                "BadRequest",
            )
        if len(value) > LONGEST:
            raise bad_request(f"'{known}' has {LONGEST:,} characters at most.", "BadRequest")
        found[known] = value
    return found


def _select(text: str, kind: EntityType) -> tuple[str, ...]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    if "*" in names:
        return ()
    return tuple(dict.fromkeys(known_property(name, kind) for name in names))


def known_property(name: str, kind: EntityType) -> str:
    """A property of a $select as Graph spells it.

    Raises:
        GraphError: this kind of object doesn't have it.
    """
    outer, slash, inner = name.partition("/")
    known = kind.spelt(outer)
    if known is None:
        raise unknown_property("Parsing OData Select and Expand failed", outer, kind)
    return f"{known}{slash}{inner}"


def unknown_property(doing: str, name: str, kind: EntityType) -> GraphError:
    """Graph's answer to the name of a property that a kind of object doesn't have."""
    told = f"Could not find a property named '{name[:128]}' on type 'microsoft.graph.{kind.name}'."
    return bad_request(f"{doing}: {told}", "BadRequest")


def _expansions(text: str, kind: EntityType) -> Iterator[Expansion]:
    for part in _apart(text, ","):
        found = _expansion(part, _DEEPEST)
        if kind.spelt(found.name) not in kind.expands:
            raise unknown_property("Parsing OData Select and Expand failed", found.name, kind)
        yield found


def _expansion(text: str, deepest: int) -> Expansion:
    matched = _NESTED.fullmatch(text)
    if matched is None or deepest == 0:
        raise bad_request(f"'{text[:80]}' can't be expanded.", "BadRequest")
    select: tuple[str, ...] = ()
    top, levels = None, 1
    expand: tuple[Expansion, ...] = ()
    for option in _apart(matched[2] or "", ";"):
        name, equals, value = (part.strip() for part in option.partition("="))
        known = name.casefold() if name.startswith("$") else f"${name.casefold()}"
        if known == "$select" and equals:
            select = tuple(part.strip() for part in value.split(",") if part.strip())
        elif known == "$top":
            top = _number("$top", value)
        elif known == "$levels":
            levels = -1 if value == "max" else _number("$levels", value)
        elif known == "$expand":
            expand = tuple(_expansion(part, deepest - 1) for part in _apart(value, ","))
        else:
            raise bad_request(f"'{name[:80]}' is not supported inside $expand.", "BadRequest")
    return Expansion(name=matched[1], select=select, top=top, levels=levels, expand=expand)


def _apart(text: str, mark: str) -> Iterator[str]:
    """The parts of a text between marks that stand in no brackets."""
    depth, begin = 0, 0
    for index, letter in enumerate(f"{text}{mark}"):
        depth += (letter == "(") - (letter == ")")
        if letter == mark and depth == 0:
            if part := text[begin:index].strip():
                yield part
            begin = index + 1
    if depth != 0:
        raise bad_request(f"'{text[:80]}' has brackets that don't match.", "BadRequest")


def _top(text: str | None, kind: EntityType) -> int | None:
    if text is None:
        return None
    top = _number("$top", text)
    if not 1 <= top <= kind.largest:
        raise bad_request(
            f"Invalid page size specified: '{top}'. Must be between 1 and {kind.largest} "
            "inclusive.",
            "Request_UnsupportedQuery",
        )
    return top


def _number(name: str, text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 9:  # noqa: PLR2004 - no counting further
        told = f"Invalid value '{text[:40]}' for {name} query option found. "
        raise bad_request(f"{told}It requires a non-negative integer value.", "BadRequest")
    return int(text)


def _flag(name: str, text: str) -> bool:
    if text.casefold() not in {"true", "false"}:
        told = f"Invalid value '{text[:40]}' for {name} query option found."
        raise bad_request(f"{told} Valid values are 'true' and 'false'.", "BadRequest")
    return text.casefold() == "true"
