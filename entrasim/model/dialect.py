"""The ways in which Entra's SCIM client deviates from the letter of the standard.

Two dialects are known: the default one, and the compliant one that the tenant URL's query
`aadOptscim062020` selects (learn.microsoft.com/entra/identity/app-provisioning/
application-provisioning-config-problem-scim-compatibility). Where sources disagree, a field
of its own lets the other reading be chosen in the job's configuration.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct
from msgspec.structs import replace


class Dialect(Struct, frozen=True, kw_only=True):
    """How requests are put, quirk by quirk.

    Attributes:
        operations: the spelling of PATCH operations: `Add` or `add`.
        active_as: `active` in a PATCH is the text "False" or the boolean false. The page
            on SCIM compatibility shows the text; a POST always carries a boolean.
        gather_simple: several simple attributes share one operation without a path.
        member_removal: a member leaves by a value list or by a filter in the path.
        members_per_request: how many members one PATCH adds or removes. Server developers
            see one each; the page recommends that servers take several.
        ref_null: member values carry `"$ref": null`, as in Microsoft's tutorial.
        manager_removal: a manager that is gone is removed, as Microsoft's validator
            expects, or nothing is sent, as a capture of 2024 showed.
        group_adscim_schema: a group's POST names Microsoft's ADSCIM schema besides, as one
            sample of the tutorial does.
        roles_as: in a PATCH a role is JSON in a text, or an object; a POST has objects.
        role_display: what the object calls a role's display name; the samples of the page
            on attribute mappings have both.
        user_agent: none is known to be genuine; an empty text sends none.
        honour_retry_after: wait as a 429 or 503 tells and go on; Entra itself logs a failure and
            tries again in its next cycle.
    """

    operations: Literal["title", "lower"] = "title"
    active_as: Literal["string", "boolean"] = "string"
    gather_simple: bool = False
    member_removal: Literal["value", "filter"] = "value"
    members_per_request: int = 1
    ref_null: bool = True
    manager_removal: Literal["remove", "skip"] = "remove"
    group_adscim_schema: bool = False
    roles_as: Literal["text", "object"] = "text"
    role_display: Literal["displayName", "display"] = "displayName"
    user_agent: str | None = None
    honour_retry_after: bool = False


ENTRA = Dialect()
"""What Entra sends unless told otherwise."""

COMPLIANT = replace(
    ENTRA,
    operations="lower",
    active_as="boolean",
    gather_simple=True,
    member_removal="filter",
    roles_as="object",
    role_display="display",
)
"""What Entra sends under `aadOptscim062020`."""
