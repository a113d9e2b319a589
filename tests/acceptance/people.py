"""Some hundred people, and how to tell what happens to them."""

from __future__ import annotations

import random

USERS = 300


def company(size: int = USERS) -> list[dict]:
    """Some hundred people; everybody but the first has a manager somewhere in the list."""
    chance = random.Random(7)  # noqa: S311 - a story, no secret
    users = []
    for number in range(size):
        name = f"user{number:03}"
        user = {
            "id": f"id-{number:03}",
            "userPrincipalName": f"{name}@contoso.com",
            "mail": f"{name}@contoso.com",
            "displayName": name,
            "givenName": name,
            "surname": "Example",
        }
        if number:
            user["manager"] = {"id": f"id-{chance.randrange(size):03}"}
        users.append(user)
    return users


def is_create(exchange) -> bool:
    return exchange.method == "POST"
