"""What a directory says: users, groups, assignments, and one reading of them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from msgspec import Struct, field

Scalar = str | bool | int
"""A single value of an attribute."""

Value = Scalar | tuple[str, ...] | None
"""What an attribute holds: one scalar, several texts, or nothing. References hold anchors."""


class ObjectType(StrEnum):
    """The kinds of directory objects that are provisioned."""

    USER = "User"
    GROUP = "Group"


class Presence(StrEnum):
    """What the directory last said of an object's existence."""

    PRESENT = "present"
    SOFT_DELETED = "softDeleted"  # in the recycle bin, restorable
    MISSING = "missing"  # absent from a full reading without a word: never reason for a DELETE
    UNSEEN = "unseen"  # likewise, where absence says nothing: nobody touches it
    PURGED = "purged"  # gone for good


class Anchor(Struct, frozen=True, order=True):
    """An object's identity in the source: its type and immutable id."""

    object_type: ObjectType
    id: str


class Entry(Struct, frozen=True, kw_only=True):
    """A directory object as the provisioning service sees it.

    `properties` bear the provisioning service's names (`telephoneNumber`, not
    `businessPhones`); an absent or null property is not in it. `references` maps a
    reference attribute (`manager`, `members`) to source ids.
    """

    anchor: Anchor
    properties: dict[str, Value] = field(default_factory=dict)
    references: dict[str, tuple[str, ...]] = field(default_factory=dict)
    presence: Presence = Presence.PRESENT
    deleted_at: datetime | None = None

    @property
    def display_name(self) -> str:
        """The name a person would recognise the object by."""
        for name in ("userPrincipalName", "mail", "displayName"):
            if text := self.properties.get(name):
                return str(text)
        return self.anchor.id

    @property
    def enabled(self) -> bool:
        """Whether the account may sign in; groups and unspecified accounts may."""
        return self.properties.get("accountEnabled") is not False


class ReferenceChange(Struct, frozen=True, kw_only=True):
    """Who is in a reference attribute since, and who is not any more, by their source ids.

    `whole` says that those who joined are all there are.
    """

    joined: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    whole: bool = False


class EntryChange(Struct, frozen=True, kw_only=True):
    """What a directory tells that changed of an object; of the rest it says nothing.

    `properties` are named as in an entry; None says that one was cleared. An object that
    nobody knows yet is what is told of it.
    """

    anchor: Anchor
    properties: dict[str, Value] = field(default_factory=dict)
    references: dict[str, ReferenceChange] = field(default_factory=dict)
    presence: Presence = Presence.PRESENT
    deleted_at: datetime | None = None

    def on(self, before: Entry | None) -> Entry:
        """The object as it is after the change; one that was gone for good begins anew."""
        if before is None or before.presence is Presence.PURGED is not self.presence:
            before = Entry(anchor=self.anchor)
        properties = {**before.properties, **self.properties}
        references = dict(before.references)
        for name, told in self.references.items():
            held = () if told.whole else references.get(name, ())
            left = frozenset(told.left)
            kept = (known for known in (*held, *told.joined) if known not in left)
            references[name] = tuple(dict.fromkeys(kept))
        return Entry(
            anchor=self.anchor,
            properties={name: value for name, value in properties.items() if value is not None},
            references={name: ids for name, ids in references.items() if ids},
            presence=self.presence,
            deleted_at=self.deleted_at,
        )


DEFAULT_ACCESS = "00000000-0000-0000-0000-000000000000"
"""The app role that gives access and nothing more."""


class AppRole(Struct, frozen=True, kw_only=True):
    """A role that the application offers.

    `text` is how expressions get it: JSON with id, value and display name.
    """

    id: str
    text: str


class Assignment(Struct, frozen=True, kw_only=True):
    """A principal (user or group) assigned to the application, in one of its roles."""

    id: str
    principal_id: str
    app_role_id: str = DEFAULT_ACCESS


class Reading(Struct, frozen=True, kw_only=True):
    """What one look at the directory gave.

    A complete reading holds every object, so that one which isn't in it is `absent`: missing,
    or unseen where a directory can't vouch for it. Otherwise it holds what changed since the
    watermark: whole entries, or only the changes of some, in the order in which they were
    told. Assignments and the roles they give are always complete, since no directory offers
    them as a delta. `omits_deleted` says that references to objects in the recycle bin are left
    out of it.
    """

    entries: tuple[Entry, ...]
    changes: tuple[EntryChange, ...] = ()
    assignments: tuple[Assignment, ...]
    app_roles: tuple[AppRole, ...] = ()
    complete: bool
    absent: Presence = Presence.MISSING
    omits_deleted: bool = False
    watermark: str
