"""A power cut in the middle of an edit leaves every file as it was, or as it is to be."""

from __future__ import annotations

import json
import os
import resource
from contextlib import contextmanager
from pathlib import Path

import pytest
from contoso_files import FORMS, write_tenant
from working_days import editor_of

from entrasim.directory.fixture.directory import read_tenant
from entrasim.errors import ConfigurationError, SourceError


@pytest.fixture
def order(monkeypatch):
    """What reaches the disk, in its order: synced files and folders, and new names."""
    found = []
    sync, replace = os.fsync, Path.replace

    def syncing(handle):
        found.append(("synced", Path(f"/proc/self/fd/{handle}").readlink().name))
        sync(handle)

    def replacing(path, target):
        found.append(("named", Path(target).name))
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", syncing)
    monkeypatch.setattr(Path, "replace", replacing)
    return found


def people(folder):
    return {entry.anchor.id for entry in read_tenant(folder, "Engagedly").entries}


@contextmanager
def full_disk(size):
    """No file may grow beyond a size."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs to see what was synced")
@pytest.mark.parametrize("form", FORMS)
def test_content_is_on_the_disk_before_its_name_and_the_name_before_the_next_file(
    tmp_path, form, order
):
    write_tenant(tmp_path, form)
    order.clear()

    editor_of(tmp_path).purge_user("grace@contoso.com")

    saved = [name for what, name in order if what == "named"]
    expected = [
        step
        for name in saved
        for step in (("synced", f".{name}.new"), ("named", name), ("synced", tmp_path.name))
    ]
    assert saved[0] == "purged.json"
    assert order == expected


@pytest.mark.parametrize("form", FORMS)
def test_what_a_dead_editor_left_half_written_is_no_file_of_the_tenant(tmp_path, form):
    write_tenant(tmp_path, form)
    before = people(tmp_path)
    for path in list(tmp_path.iterdir()):
        half = path.read_bytes()[: path.stat().st_size // 2]
        path.with_name(f".{path.name}.new").write_bytes(half)

    unharmed = people(tmp_path)
    editor_of(tmp_path).set_user("ada@contoso.com", {"jobTitle": "Lead"})

    assert unharmed == people(tmp_path) == before


def test_json_that_is_cut_off_anywhere_is_never_read_as_a_smaller_tenant(tmp_path):
    write_tenant(tmp_path, "array")
    for path in sorted(tmp_path.glob("*.json")):
        whole = path.read_text().rstrip()

        for length in range(len(whole)):
            path.write_text(whole[:length])
            with pytest.raises(SourceError, match=path.name):
                people(tmp_path)
        path.write_text(whole)


@pytest.mark.parametrize("form", FORMS)
def test_file_without_a_byte_is_missed_whatever_its_form(tmp_path, form):
    write_tenant(tmp_path, form)
    for path in list(tmp_path.iterdir()):
        whole = path.read_bytes()
        path.write_bytes(b"")

        with pytest.raises(SourceError, match="is empty, as a power cut"):
            people(tmp_path)
        path.write_bytes(whole)


def test_last_line_that_is_taken_away_leaves_a_file_that_can_be_read(tmp_path):
    write_tenant(tmp_path, "array")
    groups = json.loads((tmp_path / "groups.json").read_text())
    (tmp_path / "groups.json").unlink()
    lines = (json.dumps(group) + "\n" for group in groups)
    (tmp_path / "groups.jsonl").write_text("".join(lines))
    editor = editor_of(tmp_path)

    for group in groups:
        editor.delete_group(group["displayName"])

    assert {group["id"] for group in groups}.isdisjoint(
        e.anchor.id for e in read_tenant(tmp_path, "Engagedly").entries if e.properties
    )


@pytest.mark.parametrize("form", FORMS)
def test_edit_for_which_the_disk_has_no_room_changes_nothing_and_leaves_no_half(tmp_path, form):
    write_tenant(tmp_path, form)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    with full_disk(20), pytest.raises(ConfigurationError, match="can't be written"):
        editor_of(tmp_path).set_user("ada@contoso.com", {"jobTitle": "Lead"})

    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
