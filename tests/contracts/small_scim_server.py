"""A SCIM server that knows nothing of the client it is asked by."""

from __future__ import annotations

import json
import re
from itertools import count

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

AT_ONCE = 2  # resources on a page, whatever is asked for


class SmallScimServer:
    """Users and groups in dictionaries; as much of RFC 7644 as the client asks for."""

    def __init__(self):
        self.resources = {"Users": {}, "Groups": {}}
        self.ids = count(1)

    def routes(self):
        one, many = "/scim/{kind}/{id}", "/scim/{kind}"
        return [
            Route(many, self.search, methods=["GET"]),
            Route(many, self.create, methods=["POST"]),
            Route(one, self.one, methods=["GET", "PATCH", "DELETE"]),
        ]

    async def search(self, request):
        found, asked = list(self.of(request).values()), request.query_params
        if "filter" in asked:
            name, value = re.fullmatch("(.+?) eq (.+)", asked["filter"]).groups()
            wanted = json.loads(value).casefold()
            found = [held for held in found if str(Place(held, name).get()).casefold() == wanted]
        start = int(asked.get("startIndex", 1))
        page = found[start - 1 :][: min(AT_ONCE, int(asked.get("count", AT_ONCE)))]
        schemas = ["urn:ietf:params:scim:api:messages:2.0:ListResponse"]
        listed = {"schemas": schemas, "totalResults": len(found), "Resources": page}
        return JSONResponse(listed, media_type="application/scim+json")

    async def create(self, request):
        made = await request.json()
        made["id"] = str(next(self.ids))
        return self.keep(request, made) or JSONResponse(made, 201)

    async def one(self, request):
        held = self.of(request).get(request.path_params["id"])
        if held is None:
            return Response(status_code=404)
        if request.method == "DELETE":
            del self.of(request)[held["id"]]
            return Response(status_code=204)
        if request.method == "GET":
            return JSONResponse(held)
        changed = json.loads(json.dumps(held))
        for operation in (await request.json())["Operations"]:
            if operation.get("path", "").startswith("members"):
                if problem := change_members(changed["members"], operation):
                    return problem
                continue
            value = operation.get("value")  # none when it removes
            parts = {operation["path"]: value} if "path" in operation else value
            for path, part in parts.items():
                Place(changed, path).set(part)
        return self.keep(request, changed) or Response(status_code=204)

    def keep(self, request, made):
        others = [held for held in self.of(request).values() if held["id"] != made["id"]]
        names = {held["userName"].casefold() for held in others if "userName" in held}
        if made.get("userName", "").casefold() in names:
            return Response(status_code=409)
        self.of(request)[made["id"]] = made
        return None

    def of(self, request):
        return self.resources[request.path_params["kind"]]


def change_members(members, operation):
    """Strict where RFC 7644 lets it be: there must be something to remove."""
    known = [member["value"] for member in members]
    if operation["op"].casefold() == "add":
        members += [member for member in operation["value"] if member["value"] not in known]
        return None
    filtered = re.fullmatch(r'members\[value eq "(.+)"\]', operation["path"])
    gone = [filtered[1]] if filtered else [member["value"] for member in operation["value"]]
    if not set(gone) <= set(known):
        error = {"schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"], "scimType": "noTarget"}
        return JSONResponse(error, 400, media_type="application/scim+json")
    members[:] = [member for member in members if member["value"] not in gone]
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
