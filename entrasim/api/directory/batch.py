"""Several requests in one.

Source: learn.microsoft.com/graph/json-batching
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Scope

from entrasim.api.graph_error import bad_request
from entrasim.api.odata import GraphJson
from entrasim.api.sent import sent_object

_MOST = 20
_METHODS = frozenset({"GET", "POST", "PATCH", "PUT", "DELETE", "HEAD"})


class _Step(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One request of a batch."""

    id: str
    method: str
    url: str
    headers: dict[str, str] = {}
    body: Any = msgspec.UNSET
    depends_on: tuple[str, ...] = ()


async def batch(request: Request) -> Response:
    """Carry out up to twenty requests in their order, as if each had come alone.

    One that depends on another is not carried out unless that did well: 424.
    """
    steps = _steps(await sent_object(request))
    answers: dict[str, dict[str, Any]] = {}
    for step in steps:
        failed = [known for known in step.depends_on if answers[known]["status"] >= 400]  # noqa: PLR2004 - an error
        if failed:
            answers[step.id] = _not_done(step, failed)
        else:
            answers[step.id] = await _carried_out(request, step)
    return GraphJson({"responses": list(answers.values())})


def _steps(body: Mapping[str, Any]) -> list[_Step]:
    """The requests of a batch.

    Raises:
        GraphError: they are malformed, too many, or depend on what doesn't come before.
    """
    try:
        steps = msgspec.convert(body.get("requests"), list[_Step])
    except msgspec.ValidationError as error:
        raise bad_request(f"Invalid batch payload format: {error}.", "BadRequest") from None
    if not 1 <= len(steps) <= _MOST:
        raise bad_request(
            f"Number of batch request steps must be between 1 and {_MOST}.", "BadRequest"
        )
    before: set[str] = set()
    for step in steps:
        for problem in _problems(step, before):
            raise bad_request(f"Request '{step.id[:80]}': {problem}.", "BadRequest")
        before.add(step.id)
    return steps


def _problems(step: _Step, before: set[str]) -> Iterator[str]:
    path = unquote(step.url.partition("?")[0])
    if not step.id or step.id in before:
        yield "its id must be given, and its own"
    if step.method.upper() not in _METHODS:
        yield f"method '{step.method[:20]}' is not supported"
    if not step.url or "://" in path or path.startswith("//"):
        yield "its url must be relative to the version, such as /users"
    if path.strip("/").casefold() == "$batch":
        yield "a batch can't stand inside a batch"
    if not before.issuperset(step.depends_on):
        yield "dependsOn must name requests that come before"
    if not all(_is_latin(text) for pair in step.headers.items() for text in pair):
        yield "its headers must be ASCII"


def _is_latin(text: str) -> bool:
    return text.isascii() and text.isprintable()


async def _carried_out(request: Request, step: _Step) -> dict[str, Any]:
    body = b"" if step.body is msgspec.UNSET else msgspec.json.encode(step.body)
    waiting: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]
    heard: list[Message] = []

    async def receive() -> Message:
        return waiting.pop() if waiting else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        heard.append(message)

    await request.app(_scope(request, step), receive, send)
    return _answer(step, heard)


def _scope(request: Request, step: _Step) -> Scope:
    path, _, query = step.url.partition("?")
    whole = f"{request.scope.get('root_path', '')}/{path.lstrip('/')}"
    own = {name.lower().encode(): value.encode() for name, value in step.headers.items()}
    host = [(name, value) for name, value in request.scope["headers"] if name == b"host"]
    return {
        "type": "http",
        "asgi": request.scope["asgi"],
        "http_version": "1.1",
        "method": step.method.upper(),
        "scheme": request.scope["scheme"],
        "server": request.scope.get("server"),
        "client": request.scope.get("client"),
        "root_path": "",
        "path": unquote(whole),
        "raw_path": whole.encode(),
        "query_string": query.encode(),
        "headers": [*host, *((n, v) for n, v in own.items() if n != b"host")],
        "state": dict(request.scope.get("state", {})),
    }


def _answer(step: _Step, heard: list[Message]) -> dict[str, Any]:
    start = heard[0]
    headers = {name.decode(): value.decode() for name, value in start["headers"]}
    kept = {n.title(): v for n, v in headers.items() if n.lower() != "content-length"}
    body = b"".join(message.get("body", b"") for message in heard[1:])
    found: dict[str, Any] = {"id": step.id, "status": start["status"], "headers": kept}
    if not body:
        return found
    is_json = "json" in headers.get("content-type", "")
    return {**found, "body": msgspec.Raw(body) if is_json else body.decode()}


def _not_done(step: _Step, failed: list[str]) -> dict[str, Any]:
    message = f"Dependent request {failed[0]} failed, so this one was not carried out."
    error = {"code": "FailedDependency", "message": message}
    return {"id": step.id, "status": 424, "headers": {}, "body": {"error": error}}
