"""People to be asked for."""

from __future__ import annotations

import json

import pytest
from starlette.requests import Request

from entrasim.api.odata import EntityType, Shape, page

PEOPLE = [
    {
        "id": "1",
        "displayName": "Ada Lovelace",
        "mail": "ada@contoso.com",
        "accountEnabled": True,
        "age": 36,
        "hired": "2026-01-05T08:00:00Z",
        "phones": ["+1", "+2"],
        "servicePrincipal": {"id": "s1", "status": "Failure"},
        "identities": [{"kind": "mail", "of": "x"}],
    },
    {"id": "2", "displayName": "grace Hopper", "accountEnabled": False, "age": 85, "phones": []},
    {"id": "3", "displayName": "O'Neil", "hired": "2026-03-01T00:00:00+02:00"},
]


@pytest.fixture(scope="session")
def person():
    return EntityType(
        name="person",
        properties={
            "id": Shape.TEXT,
            "displayName": Shape.TEXT,
            "mail": Shape.TEXT,
            "accountEnabled": Shape.BOOLEAN,
            "age": Shape.NUMBER,
            "hired": Shape.MOMENT,
            "phones": Shape.TEXTS,
            "servicePrincipal": Shape.COMPLEX,
            "identities": Shape.COMPLEXES,
        },
        shown=("id", "displayName", "mail", "phones"),
        expands={"boss": lambda row, expansion: {"id": f"boss of {row['id']}", "n": expansion.top}},
        refuses=frozenset({"$skip"}),
    )


@pytest.fixture
def people():
    return PEOPLE


@pytest.fixture
def asking():
    """Makes requests that bear a query."""

    def ask(query, **headers):
        return Request(
            {
                "type": "http",
                "method": "GET",
                "scheme": "http",
                "server": ("127.0.0.1", 8420),
                "path": "/v1.0/people",
                "root_path": "/v1.0",
                "query_string": query.encode(),
                "headers": [(n.encode(), v.encode()) for n, v in headers.items()],
            }
        )

    return ask


@pytest.fixture
def found(asking, person):
    """Asks for a page of people, and reads it."""

    async def ask(query, rows=PEOPLE, **headers):
        answer = await page(asking(query, **headers), rows, person, context="people")
        return json.loads(answer.body)

    return ask
