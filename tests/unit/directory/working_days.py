"""A round of edits, each in one file; as a program, over and over until it is killed."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from entrasim.directory.fixture import TenantEditor
from entrasim.scheduler.clocks import VirtualClock


def editor_of(folder: Path) -> TenantEditor:
    clock = VirtualClock(datetime(2026, 1, 5, 8, tzinfo=UTC))
    return TenantEditor(folder, application="Engagedly", clock=clock)


def edits(editor: TenantEditor) -> Iterator[None]:
    """Each step is one edit; after the last the tenant is as before the first."""
    yield editor.set_user("ada@contoso.com", {"jobTitle": "Lead", "city": "London"})
    yield editor.add_member("Sales", "grace@contoso.com")
    yield editor.delete_user("grace@contoso.com")
    yield editor.assign("ada@contoso.com")
    yield editor.unassign("ada@contoso.com")
    yield editor.restore_user("grace@contoso.com")
    yield editor.remove_member("Sales", "grace@contoso.com")
    yield editor.set_user("ada@contoso.com", {"jobTitle": "Engineer", "city": None})


if __name__ == "__main__":
    while True:
        for _ in edits(editor_of(Path(sys.argv[1]))):
            sys.stdout.write("edited\n")
            sys.stdout.flush()
