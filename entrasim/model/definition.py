"""What a job is told to do, when it was made through the API."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec import Struct


class JobDefinition(Struct, frozen=True, kw_only=True):
    """A job that nobody wrote into a file.

    Where it provisions to, and with what token, is kept apart from it, with the secrets of its
    service principal.

    Attributes:
        id: the short name people type: readable, unique, and never given again.
        graph_id: the id in Graph's form, `scim.<tenant>.<guid>`.
        service_principal_id: the application whose assignments count.
        application: what that was called when the job was made, for the log.
        template_id: the template that its schema came from.
        schema_text: its synchronizationSchema as JSON; empty once it is removed.
        removed_at: when it was deleted; its log still names it.
    """

    id: str
    graph_id: str
    service_principal_id: str
    application: str
    template_id: str
    schema_text: str
    interval: timedelta
    created_at: datetime
    removed_at: datetime | None = None
