"""$search: rows in which words are found.

Source: learn.microsoft.com/graph/search-query-parameter: displayName and description are split
into words, each of which may begin with what is sought; other properties begin with it as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from entrasim.api.graph_error import GraphError, bad_request
from entrasim.api.odata.entity_type import EntityType, Row
from entrasim.api.odata.options import unknown_property

_TOKEN = re.compile(r'\s*(?:"((?:[^"\\]|\\.)*)"|(AND|OR)\b)')
_IN_WORDS = frozenset({"displayName", "description"})

Test = Callable[[Row], bool]


def compile_search(text: str, kind: EntityType, *, eventual: bool) -> Test:
    """The test that a $search means.

    Raises:
        GraphError: it is none, names what this kind of object doesn't have, or lacks the header
            that Graph asks for.
    """
    if not eventual:
        raise bad_request(
            "Request with $search query parameter only works through MSGraph with a special "
            "request header: 'ConsistencyLevel: eventual'",
            "Request_UnsupportedQuery",
        )
    either: list[list[Test]] = [[]]
    expects_clause, at, text = True, 0, text.rstrip()
    while at < len(text):
        matched = _TOKEN.match(text, at)
        if matched is None or (matched[1] is not None) is not expects_clause:
            raise _syntax(text, at)
        if matched[1] is not None:
            either[-1].append(_clause(matched[1], kind, text))
        elif matched[2] == "OR":
            either.append([])
        expects_clause, at = not expects_clause, matched.end()
    if expects_clause:
        raise _syntax(text, at)
    return lambda row: any(all(test(row) for test in tests) for tests in either)


def _clause(clause: str, kind: EntityType, text: str) -> Test:
    name, colon, sought = clause.partition(":")
    if not colon:
        raise bad_request(
            f"Syntax error in $search {text[:200]}: every clause is "
            '"property:text", in quotation marks.',
            "Request_BadRequest",
        )
    known = kind.spelt(name.strip())
    if known is None:
        raise unknown_property("Invalid $search", name, kind)
    sought = re.sub(r"\\(.)", r"\1", sought).strip().casefold()
    if known not in _IN_WORDS:
        return lambda row: any(t.casefold().startswith(sought) for t in _texts(row.get(known)))
    wanted = _words(sought)
    return lambda row: any(_has_words(text, wanted) for text in _texts(row.get(known)))


def _texts(value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [text for text in values if isinstance(text, str)]


def _has_words(text: str, wanted: list[str]) -> bool:
    words = _words(text.casefold())
    return all(any(word.startswith(one) for word in words) for one in wanted)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def _syntax(text: str, at: int) -> GraphError:
    return bad_request(
        f"Syntax error in $search {text[:200]} at position {at}: expected "
        '"property:text" clauses joined by AND or OR.',
        "Request_BadRequest",
    )
