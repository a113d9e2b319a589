"""Requests that nobody sends on purpose: odd paths, queries, headers and bodies."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from urllib.parse import quote

from hypothesis import strategies as st
from starlette.routing import BaseRoute, Mount, Route

METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS")
PARAMETER = re.compile(r"(?P<collection>\w*)(?P<between>\W*)\{[^}]*\}")
DANGLING = "00000000-0000-4000-8000-000000000000"

SEGMENTS = (
    *("%", "%zz", "%00", "%2e%2e", "..", "..%2f..", "%ff%fe", "%F0%9F%98%80", "%0d%0a", "%5C"),
    *("'", "''", "a%27b", "('x')", "(", ")", "$ref", "$count", "$value", "~", "*", "%20", "null"),
    *("x" * 3000, "ada@contoso.com", "ada%40contoso.com", DANGLING, DANGLING.upper(), "-1", "1e9"),
)
OPTIONS = (
    *("$select", "$filter", "$top", "$skip", "$expand", "$orderby", "$count", "$search", "$format"),
    *("$skiptoken", "$deltatoken", "$apply", "$nonsense", "top", "$TOP", ""),
)
VALUES = (
    *(
        "",
        "0",
        "-1",
        "1",
        "999",
        "1000",
        "9" * 400,
        "1.5",
        "true",
        "x",
        "null",
        "*",
        ",",
        ",,",
        " ",
    ),
    *(
        "id",
        "id,,displayName",
        "id,nonsense",
        "manager",
        "members($select=id)",
        "manager($levels=max",
    ),
    *(
        "displayName eq 'Ada'",
        "displayName eq 'Ada",
        "displayName eq",
        "eq",
        "'",
        "''''",
        "()",
        "(" * 500,
    ),
    *(
        "displayName eq null",
        "accountEnabled eq 'x'",
        "accountEnabled eq true and",
        "1 eq 1",
        "not",
    ),
    *("startswith(displayName,'A')", "startswith(displayName)", "startswith('A',1)", "concat()"),
    *(
        "members/any(m:m/id eq 'x')",
        "createdDateTime gt yesterday",
        "nonsense eq 'x'",
        "id in ('a',",
    ),
    *(" and ".join(["id eq 'a'"] * 200), "id eq '" + "a" * 5000 + "'", "displayName desc,", "asc"),
    *(
        '"displayName:Ada"',
        "displayName:Ada",
        '"',
        '"x":"y" AND',
        "latest",
        "AAAA",
        "e30=",
        "\u0000",
        "é",
    ),
    *(
        "activityDateTime gt 2026-13-45",
        "statusInfo/status eq 'x'",
        "jobId eq 5",
        "cycleId eq 'x' or",
    ),
)
RAW_QUERIES = (
    b"%",
    b"&&&",
    b"=",
    b"$filter=%ff%fe",
    b"$top=%00",
    b"$filter",
    b"?" * 50,
    b"$top=1&$top=2",
)
HEADERS = (
    *((b"prefer", value) for value in (b"odata.maxpagesize=0", b"odata.maxpagesize=x", b"return=")),
    *((b"content-type", value) for value in (b"", b"text/xml", b"application/json;charset=utf-16")),
    *((b"consistencylevel", value) for value in (b"eventual", b"nonsense")),
    *((b"client-request-id", value) for value in (b"", b"x" * 500, b"\xff\xfe")),
    *(
        (b"accept", value)
        for value in (b"text/html", b"application/json;odata.metadata=none", b"\xff")
    ),
    *((b"accept-language", b"\xe9"), (b"if-match", b"*"), (b"content-length", b"7")),
)
BROKEN_BODIES = (
    *(b"", b" ", b"{", b"}", b"null", b"true", b"0", b'"text"', b"[]", b"[{}]", b"{}{}", b"NaN"),
    *(
        b"\xff\xfe",
        b'{"a":"\xff"}',
        b'{"displayName":"\\ud800"}',
        b"\x00",
        b"1e999",
        b'{"a":1,"a":2}',
    ),
    *(b"[" * 100_000, b'{"a":' * 5_000 + b"1" + b"}" * 5_000, b'{"a":' * 80 + b"1" + b"}" * 80),
    *(b"a=b&c=d", b"<xml/>", "\ufeff{}".encode(), b'{"":""}', b'{"id":' + b"9" * 5_000 + b"}"),
)
ADDED = ("nonsense", "@odata.type", "id", "", "a.b")


@dataclass(frozen=True)
class OddRequest:
    """A request as its bytes would arrive."""

    method: str
    path: str
    query: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


def templates(routes: Iterable[BaseRoute], above: str = "") -> Iterator[tuple[str, frozenset[str]]]:
    """Every path that exists, with its parameters' names in braces, and its methods."""
    for route in routes:
        if isinstance(route, Mount):
            yield from templates(route.routes, above + route.path)
        elif isinstance(route, Route):
            yield above + route.path, frozenset(route.methods or METHODS)


def odd_requests(
    known_paths: Iterable[tuple[str, frozenset[str]]],
    known_ids: Mapping[str, str],
    documents: Iterable[object],
) -> st.SearchStrategy[OddRequest]:
    """Requests to paths that exist, each odd in a place or two."""
    ids = st.sampled_from([*known_ids.values(), DANGLING])
    odd = st.sampled_from(SEGMENTS) | st.text(max_size=20).map(_quoted)
    paths = sorted(known_paths, key=str)
    bodies = st.one_of(
        st.sampled_from(BROKEN_BODIES), _mutated(st.sampled_from([*documents]), ids).map(_encoded)
    )

    @st.composite
    def request(draw: st.DrawFn) -> OddRequest:
        template, methods = draw(st.sampled_from(paths))

        def filled(place: re.Match[str]) -> str:
            """An id that leads somewhere, mostly; else another's, or an odd one."""
            right = st.just(known_ids.get(place["collection"], DANGLING))
            segment = draw(st.one_of(right, right, right, right, ids, odd))
            return f"{place['collection']}{place['between']}{segment}"

        usual = st.sampled_from(sorted(methods))
        return OddRequest(
            method=draw(st.one_of(*[usual] * 7, st.sampled_from(METHODS))),
            path=PARAMETER.sub(filled, template),
            query=draw(_queries()),
            headers=tuple(draw(st.lists(st.sampled_from(HEADERS), max_size=2))),
            body=draw(bodies),
        )

    return request()


def _queries() -> st.SearchStrategy[bytes]:
    option = st.tuples(st.sampled_from(OPTIONS), st.sampled_from(VALUES) | st.text(max_size=20))
    options = st.lists(option, max_size=3).map(
        lambda pairs: "&".join(f"{name}={_quoted(value)}" for name, value in pairs).encode()
    )
    return st.one_of(st.just(b""), options, options, st.sampled_from(RAW_QUERIES))


def _mutated(
    documents: st.SearchStrategy[object], ids: st.SearchStrategy[str]
) -> st.SearchStrategy[object]:
    """A sound document with one or two values replaced, taken away or added."""
    wrong = st.one_of(
        st.sampled_from(
            [None, True, False, 0, -1, 10**400, 1.5, "", "x", [], {}, [None], {"a": 1}]
        ),
        st.sampled_from(
            [[[]], {"id": []}, "x" * 70_000, DANGLING, "\u0000", "\U0001f600", "9999-99-99"]
        ),
        ids,
        st.text(max_size=10),
    )

    @st.composite
    def mutated(draw: st.DrawFn) -> object:
        document = deepcopy(draw(documents))
        for _ in range(draw(st.integers(0, 2))):
            places = [*_places(document)]
            if not places:
                break
            holder, key = draw(st.sampled_from(places))
            match draw(st.sampled_from(["replace", "replace", "remove", "add"])):
                case "replace":
                    holder[key] = deepcopy(draw(wrong))
                case "remove":
                    del holder[key]
                case "add" if isinstance(holder, dict):
                    holder[draw(st.sampled_from(ADDED))] = deepcopy(draw(wrong))
        return document

    return mutated()


def _places(value: object) -> Iterator[tuple[object, object]]:
    """Where a document holds something, at whatever depth."""
    inner = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value if isinstance(value, list) else ())
    )
    for key, held in [*inner]:
        yield value, key
        yield from _places(held)


def _encoded(document: object) -> bytes:
    return json.dumps(document).encode()


def _quoted(text: str) -> str:
    return quote(text.encode(errors="replace"), safe="")
