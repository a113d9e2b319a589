"""Errors as a SCIM endpoint gives them (RFC 7644 §3.12)."""

from __future__ import annotations


class ScimError(Exception):
    """What the client did wrong."""

    def __init__(self, status: int, detail: str, scim_type: str | None = None) -> None:
        self.status, self.detail, self.scim_type = status, detail, scim_type
        super().__init__(detail)

    def body(self) -> dict[str, object]:
        """The error as JSON."""
        body: dict[str, object] = {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
            "status": str(self.status),
            "detail": self.detail,
        }
        return {**body, "scimType": self.scim_type} if self.scim_type else body


def bad_request(scim_type: str, detail: str) -> ScimError:
    """A 400 with its type: invalidSyntax, invalidFilter, invalidPath or invalidValue."""
    return ScimError(400, detail, scim_type)
