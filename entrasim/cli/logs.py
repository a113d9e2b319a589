"""logs: the provisioning log."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Literal

from msgspec.structs import replace

from entrasim.cli import output
from entrasim.cli.options import COMMON, Common
from entrasim.cli.world import chosen

if TYPE_CHECKING:
    from entrasim.bootstrap import Enlisted
    from entrasim.model.log import LogQuery, ProvisioningRecord

Action = Literal["create", "update", "disable", "delete", "stagedDelete", "other"]
Result = Literal["success", "failure", "skipped", "warning"]

_STYLES = {"success": "green", "failure": "red", "warning": "yellow", "skipped": "dim"}
_POLL = 1.0  # seconds between two looks at the log that is followed
_NAMED = 4  # attributes that a line names; the JSON has them all


def logs(  # noqa: PLR0913 - what can be asked of a log
    *,
    object: str | None = None,  # noqa: A002 - the option's name
    action: Action | None = None,
    status: Result | None = None,
    cycle: str | None = None,
    follow: bool = False,
    common: Common = COMMON,
) -> int:
    """Show the provisioning log, oldest first.

    With --json each line is one provisioningObjectSummary, as Graph has it.

    Args:
        object: An id on either side, or the source object's name.
        action: What was done; enabling counts as an update, as in Entra's log.
        status: How it ended.
        cycle: A cycle's id.
        follow: Go on showing what is added, until Ctrl-C.
        common: Options of every such command.
    """
    from entrasim.model.log import LogQuery  # noqa: PLC0415 - not for --help

    wanted = LogQuery(subject=object, action=action, status=status, cycle_id=cycle)
    return asyncio.run(_logs(wanted, common, follow=follow))


async def _logs(wanted: LogQuery, common: Common, *, follow: bool) -> int:
    async with chosen(common) as found:
        query = replace(wanted, job_id=found.job.id)
        while True:
            for record in await found.store.records(query):
                if common.json:
                    _show_summary(record, found.enlisted)
                else:
                    _show_line(record)
                query = replace(query, after=record.id)
            if not follow:
                return 0
            await asyncio.sleep(_POLL)


def _show_summary(record: ProvisioningRecord, of: Enlisted) -> None:
    from entrasim.api.summaries import provisioning_summary  # noqa: PLC0415 - likewise
    from entrasim.bootstrap import tenant_id  # noqa: PLC0415 - likewise

    tenant = tenant_id(of.settings)
    output.as_json(provisioning_summary(record, tenant_id=tenant, application=of.application))


def _show_line(record: ProvisioningRecord) -> None:
    from entrasim.cli.story import short  # noqa: PLC0415 - likewise

    style = _STYLES[record.status.value]
    names = [short(change.attribute) for change in record.changes]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    changed = ", ".join(names[:_NAMED]) + more
    reason = record.steps[-1].description if record.steps else ""
    output.line(
        (f"{record.activity_at:%Y-%m-%d %H:%M:%S}  ", "dim"),
        (f"{record.status.value:<8} ", style),
        f"{record.action:<12} ",
        (f"{record.source_name:<28} ", "bold"),
        (f"{record.error_code}: " if record.error_code else "", style),
        (record.error_message or changed or reason, "dim"),
    )
