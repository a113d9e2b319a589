"""Where the next reading begins: the delta links, and what they were asked for."""

from __future__ import annotations

import msgspec
from msgspec import Struct

from entrasim.model.entry import ObjectType


class Asked(Struct, frozen=True, kw_only=True):
    """What a reading asks for; links that were got by asking for something else are no use."""

    base_url: str
    service_principal: str
    managers: str
    users: tuple[str, ...]
    groups: tuple[str, ...]

    def select(self, object_type: ObjectType) -> tuple[str, ...]:
        """The properties of one kind of object."""
        return self.users if object_type is ObjectType.USER else self.groups


class Watermark(Struct, frozen=True, kw_only=True):
    """The delta links of users and groups, and what they stand for."""

    asked: Asked
    links: dict[ObjectType, str]

    def text(self) -> str:
        """As it is kept."""
        return msgspec.json.encode(self).decode()


def read_watermark(text: str | None, asked: Asked) -> Watermark | None:
    """Read a watermark; None if it is unreadable, or of another question."""
    try:
        found = msgspec.json.decode(text or "", type=Watermark)
    except msgspec.DecodeError:
        return None
    return found if found.asked == asked and set(found.links) == set(ObjectType) else None
