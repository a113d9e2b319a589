"""Graph's paths as routes: keys after a slash or in brackets, casts with or without namespace."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

Answer = Callable[[Request], Awaitable[Response]]

NAMESPACES = ("microsoft.graph.", "graph.")
"""How clients write the namespace of a cast or action; the SDKs use the shorter alias."""


def routed(path: str, **answers: Answer) -> list[BaseRoute]:
    """Routes of a path, for each method its answer; `/{id}` may be written `('id')`, too.

    An `{action}` that stands as `.name` may be called by its bare name or with its namespace.
    """
    return [
        Route(spelt, answer, methods=[method])
        for spelt in _spellings(path)
        for method, answer in answers.items()
    ]


def key_of(request: Request, name: str = "id") -> str:
    """The key in a request's path; an apostrophe in brackets is written twice."""
    found = str(request.path_params[name])
    return found.replace("''", "'")


def _spellings(path: str) -> Iterator[str]:
    keys = (path, path.replace("/{id}", "('{id}')")) if "/{id}" in path else (path,)
    for spelt in keys:
        before, dot, action = spelt.partition("/.")
        names = ("", *NAMESPACES) if dot else ("",)
        yield from (f"{before}/{n}{action}" if dot else spelt for n in names)
