"""An editor that is killed at any moment leaves the tenant before or after an edit."""

from __future__ import annotations

import subprocess
import sys

import pytest
import working_days
from contoso_files import FORMS, write_tenant

from entrasim.directory.fixture.directory import read_tenant


def said(folder):
    """What a tenant says; the ids of its assignments are by chance."""
    reading = read_tenant(folder, "Engagedly")
    people = sorted(
        (e.anchor.id, e.presence, tuple(sorted(map(str, e.properties.items()))), str(e.references))
        for e in reading.entries
    )
    return tuple(people), tuple(sorted(a.principal_id for a in reading.assignments))


def said_after_each_edit(folder):
    found = {said(folder)}
    found.update(said(folder) for _ in working_days.edits(working_days.editor_of(folder)))
    return found


def kill_after(edits, folder):
    """Kill the editor somewhere in the edit that follows so many others."""
    command = [sys.executable, working_days.__file__, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for _ in range(edits):
            process.stdout.readline()
        process.kill()
        process.communicate()


@pytest.mark.parametrize("form", FORMS)
def test_killed_editor_leaves_a_tenant_before_or_after_an_edit(tmp_path_factory, form):
    whole, killed = tmp_path_factory.mktemp("whole"), tmp_path_factory.mktemp("killed")
    write_tenant(whole, form)
    write_tenant(killed, form)
    states = said_after_each_edit(whole)

    for edits in (1, 6, 13, 30):
        kill_after(edits, killed)

        assert said(killed) in states
