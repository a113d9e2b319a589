"""Tables that several commands show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.table import Table

from entrasim.cli import output


def show_employees(employees: Sequence[dict[str, Any]]) -> None:
    """Employees as the stand-in's settings page shows them."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="dim")
    for title in ("Employee", "Job title", "Department", "Manager", "Location"):
        table.add_column(title, no_wrap=True)
    table.add_column("Status", no_wrap=True, min_width=len("Blocked"))
    for employee in employees:
        active = employee["status"] == "Active"
        cells = [
            f"{employee['first_name']} {employee['last_name']}",
            employee["job_title"] or "",
            ", ".join(employee["departments"]),
            str(employee["primary_reporter"] or "").partition("@")[0],
            employee["location"] or "",
            employee["status"],
        ]
        table.add_row(*map(output.harmless, cells), style="" if active else "dim")
    output.results().print(table if employees else "Nobody yet.")


def show_groups(groups: Sequence[dict[str, Any]]) -> None:
    """The stand-in's groups: how many are in each, and who."""
    from entrasim.engagedly.page import members_in_short  # noqa: PLC0415 - slow to import

    table = Table(box=SIMPLE_HEAD, pad_edge=False, header_style="dim")
    table.add_column("Group", no_wrap=True)
    table.add_column("Members", justify="right")
    table.add_column("Who")
    for group in groups:
        cells = [group["displayName"], f"{group['memberCount']:,}", members_in_short(group)]
        table.add_row(*map(output.harmless, cells))
    output.results().print(table if groups else "No group yet.")
