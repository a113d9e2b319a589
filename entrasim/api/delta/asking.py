"""What a delta request asks for: its options and its preferences.

Source: learn.microsoft.com/graph/api/user-delta, …/group-delta, "OData query parameters";
learn.microsoft.com/graph/delta-query-overview, "Optional query parameters"
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct, structs
from odata_query import ast
from odata_query.exceptions import ODataException
from odata_query.grammar import ODataLexer, ODataParser
from starlette.requests import Request

from entrasim.api.delta.terms import usual
from entrasim.api.delta.tracking import REFERENCE, Collection, Tracking
from entrasim.api.directory.properties import GROUP, USER
from entrasim.api.graph_error import GraphError, bad_request
from entrasim.api.odata.entity_type import EntityType
from entrasim.api.odata.options import known_property

LARGEST, USUAL = 999, 100
"""How many objects a page may have, and how many it has if nobody says."""

_MOST_CHOSEN, _LONGEST_FILTER = 50, 5_000
_TYPES: dict[Collection, EntityType] = {
    "users": EntityType(name="user", properties=USER),
    "groups": EntityType(name="group", properties=GROUP),
}
_TERMS = frozenset({"$select", "$filter", "$expand"})
_KNOWN = _TERMS | {"$top", "$deltatoken", "$skiptoken"}
_SIZE = re.compile(r"\b(?:odata\.)?maxpagesize\s*=\s*\"?(\d{1,9})\b", re.IGNORECASE)
_MINIMAL = re.compile(r"\breturn\s*=\s*\"?minimal\b", re.IGNORECASE)


class Asked(Struct, frozen=True, kw_only=True):
    """A delta request.

    Attributes:
        delta_token: None in an initial request.
        skip_token: where a round goes on.
        latest: that nothing is wanted but a link for later.
        tracking: what an initial request tracks.
        select: what is tracked from now on instead of what the delta token says.
        size: the page's size, if the request says.
        minimal: that only changed properties are wanted.
    """

    tracking: Tracking
    delta_token: str | None = None
    skip_token: str | None = None
    latest: bool = False
    select: Tracking | None = None
    size: int | None = None
    minimal: bool = False


def read(request: Request, collection: Collection) -> Asked:
    """What a request asks for.

    Raises:
        GraphError: an option is unknown, unsupported, or malformed.
    """
    options = dict(_options(request))
    delta, skip = options.get("$deltatoken"), options.get("$skiptoken")
    terms = _TERMS & options.keys()
    if skip is not None and (terms or delta is not None):
        extra = min(terms or {"$deltatoken"})
        raise _unsupported(f"'{extra}' can't be combined with '$skiptoken'; use the whole nextLink")
    latest = (delta or "").casefold() == "latest"
    token = None if latest else delta or None
    if token is not None and terms - {"$select"}:
        raise _unsupported(f"'{min(terms - {'$select'})}' belongs into the initial request")
    tracking = _tracking(options, collection)
    preferences = ",".join(request.headers.getlist("prefer"))
    return Asked(
        tracking=tracking,
        delta_token=token,
        skip_token=skip,
        latest=latest,
        select=tracking if "$select" in terms else None,
        size=_size(options.get("$top"), preferences),
        minimal=bool(_MINIMAL.search(preferences)),
    )


def _options(request: Request) -> Iterator[tuple[str, str]]:
    """OData's options, each once, whatever the case of its name; others are nobody's matter."""
    seen: set[str] = set()
    for name, value in request.query_params.multi_items():
        known = name.casefold()
        if not known.startswith("$"):
            continue
        if known not in _KNOWN:
            raise _unsupported(f"'{name[:40]}' is not supported by delta queries")
        if known in seen:
            raise bad_request(f"The query option '{name}' is given more than once.")
        seen.add(known)
        yield known, value


def _tracking(options: Mapping[str, str], collection: Collection) -> Tracking:
    tracking, reference = usual(collection), REFERENCE[collection]
    if (text := options.get("$select")) is not None:
        names = dict.fromkeys(name.strip() for name in text.split(","))
        references = names.pop(reference, reference) is None
        known = (known_property(name, _TYPES[collection]).partition("/")[0] for name in names)
        select = tuple(name for name in dict.fromkeys(known) if name != "id")
        tracking = Tracking(select, references)
    if (text := options.get("$expand")) is not None:
        if collection != "groups" or not re.fullmatch(r"\s*members(\(\$select=id\))?\s*", text):
            raise _unsupported("of '$expand' only 'members' is supported, of groups")
        tracking = structs.replace(tracking, references=True)
    if (text := options.get("$filter")) is not None:
        tracking = structs.replace(tracking, chosen=_chosen(text))
    return tracking


def _chosen(text: str) -> tuple[str, ...]:
    """The ids that a filter names."""
    if len(text) > _LONGEST_FILTER:
        raise _unsupported(f"'$filter' may name {_MOST_CHOSEN} objects at most")
    try:
        found = tuple(dict.fromkeys(_ids(ODataParser().parse(ODataLexer().tokenize(text)))))
    except (ODataException, TypeError):
        raise _unsupported("of '$filter' only id eq '…' or id eq '…' is supported") from None
    if len(found) > _MOST_CHOSEN:
        raise _unsupported(f"'$filter' may name {_MOST_CHOSEN} objects at most")
    return found


def _ids(node: object) -> Iterator[str]:
    match node:
        case ast.BoolOp(op=ast.Or(), left=left, right=right):
            yield from _ids(left)
            yield from _ids(right)
        case ast.Compare(
            comparator=ast.Eq(),
            left=ast.Identifier(name="id"),
            right=ast.String(val=known) | ast.GUID(val=known),
        ):
            yield str(known)
        case _:
            raise TypeError


def _size(top: str | None, preferences: str) -> int | None:
    """A page's size: what is preferred, or `$top`; Graph's pages have 999 objects at most."""
    if top is not None and not re.fullmatch(r"0*[1-9][0-9]{0,8}", top, re.ASCII):
        raise bad_request(f"Invalid value '{top[:40]}' for $top: expected a positive number.")
    found = _SIZE.search(preferences)
    wanted = int(found[1]) if found else int(top or 0)
    return min(wanted, LARGEST) or None


def _unsupported(what: str) -> GraphError:
    return bad_request(f"The query is not supported: {what}.", "Request_UnsupportedQuery")
