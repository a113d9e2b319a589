"""A SCIM server that knows nothing of the client it is asked by."""

from __future__ import annotations

import json
import re
from itertools import count

from starlette.responses import JSONResponse, Response
from starlette.routing import Route


class SmallScimServer:
    """Users in a dictionary; as much of RFC 7644 as the client asks for."""

    def __init__(self):
        self.users = {}
        self.ids = count(1)

    def routes(self):
        one, many = "/scim/Users/{id}", "/scim/Users"
        return [
            Route(many, self.search, methods=["GET"]),
            Route(many, self.create, methods=["POST"]),
            Route(one, self.one, methods=["GET", "PATCH", "DELETE"]),
        ]

    async def search(self, request):
        name, value = re.fullmatch("(.+?) eq (.+)", request.query_params["filter"]).groups()
        wanted = json.loads(value).casefold()
        found = [u for u in self.users.values() if str(Place(u, name).get()).casefold() == wanted]
        schemas = ["urn:ietf:params:scim:api:messages:2.0:ListResponse"]
        listed = {"schemas": schemas, "totalResults": len(found), "Resources": found}
        return JSONResponse(listed, media_type="application/scim+json")

    async def create(self, request):
        user = await request.json()
        user["id"] = str(next(self.ids))
        return self.keep(user) or JSONResponse(user, 201)

    async def one(self, request):
        user = self.users.get(request.path_params["id"])
        if user is None:
            return Response(status_code=404)
        if request.method == "DELETE":
            del self.users[user["id"]]
            return Response(status_code=204)
        if request.method == "GET":
            return JSONResponse(user)
        changed = json.loads(json.dumps(user))
        for operation in (await request.json())["Operations"]:
            value = operation.get("value")  # none when it removes
            parts = {operation["path"]: value} if "path" in operation else value
            for path, part in parts.items():
                Place(changed, path).set(part)
        return self.keep(changed) or Response(status_code=204)

    def keep(self, user):
        name = user["userName"].casefold()
        others = [u for u in self.users.values() if u["id"] != user["id"]]
        if any(u["userName"].casefold() == name for u in others):
            return Response(status_code=409)
        self.users[user["id"]] = user
        return None


class Place:
    """Where an attribute stands in a user."""

    def __init__(self, user, path):
        extension, _, path = path.rpartition(":") if path.startswith("urn:") else ("", "", path)
        self.holder = user.setdefault(extension, {}) if extension else user
        if found := re.fullmatch(r'(\w+)\[type eq "(\w+)"\]\.(\w+)', path):
            name, kind, self.name = found.groups()
            elements = self.holder.setdefault(name, [])
            known = [element for element in elements if element.get("type") == kind]
            self.holder = known[0] if known else {"type": kind}
            elements.extend([] if known else [self.holder])
        else:
            *outer, self.name = path.split(".")
            self.holder = self.holder.setdefault(outer[0], {}) if outer else self.holder

    def get(self):
        return self.holder.get(self.name)

    def set(self, value):
        self.holder[self.name] = value
