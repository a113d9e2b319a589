"""The one place that knows every implementation, and puts them together."""

from entrasim.bootstrap.assembling import (
    Assembled,
    Examined,
    assembled,
    examined,
    job_of,
    notifier_of,
    open_store,
    retries_of,
    state_folder,
    target_of,
)
from entrasim.bootstrap.roster import Enlisted, Roster
from entrasim.bootstrap.sources import application_of, directory_of, editor_of, tenant_id, tenant_of

__all__ = [
    "Assembled",
    "Enlisted",
    "Examined",
    "Roster",
    "application_of",
    "assembled",
    "directory_of",
    "editor_of",
    "examined",
    "job_of",
    "notifier_of",
    "open_store",
    "retries_of",
    "state_folder",
    "target_of",
    "tenant_id",
    "tenant_of",
]
