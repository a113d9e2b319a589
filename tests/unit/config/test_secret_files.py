"""The files that hold the secrets of service principals."""

from __future__ import annotations

import stat

import pytest

from entrasim.config import SecretFiles
from entrasim.errors import StateError


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "state" / "secrets"


def revealed(files, owner):
    return {key: secret.reveal() for key, secret in files.read(owner).items()}


def test_secrets_are_kept_in_a_file_of_their_owner_s_alone(folder):
    SecretFiles(folder).replace("p1", {"SecretToken": "t", "BaseAddress": "b"})

    assert revealed(SecretFiles(folder), "p1") == {"SecretToken": "t", "BaseAddress": "b"}
    assert stat.S_IMODE((folder / "p1.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_folder_that_others_may_enter_is_closed_to_them(folder):
    folder.mkdir(parents=True)
    folder.chmod(0o755)

    SecretFiles(folder).replace("p1", {"SecretToken": "t"})

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_mask_keeps_what_is_kept_and_an_empty_value_takes_it_away(folder):
    files = SecretFiles(folder)
    files.replace("p1", {"SecretToken": "t", "AppKey": "k", "Password": "p"})

    files.replace("p1", {"SecretToken": "*", "AppKey": "", "Domain": "*"})

    assert revealed(files, "p1") == {"SecretToken": "t"}


def test_owner_s_name_leads_nowhere_else(folder):
    files = SecretFiles(folder)

    files.replace("../../p1", {"SecretToken": "t"})

    assert [path.name for path in folder.glob("*.json")] == ["..%2F..%2Fp1.json"]
    assert files.read("../../p1")


def test_what_a_killed_writer_left_is_cleared_away(folder):
    files = SecretFiles(folder)
    files.replace("p1", {"SecretToken": "t"})
    (folder / ".tmpabc.new").write_text("half")

    files.replace("p2", {"SecretToken": "t"})

    assert not (folder / ".tmpabc.new").exists()


def test_damaged_file_is_told_without_what_is_in_it(folder):
    files = SecretFiles(folder)
    files.replace("p1", {"SecretToken": "t"})
    (folder / "p1.json").write_text('{"SecretToken": ["very-secret"]}')

    with pytest.raises(StateError, match="is damaged; remove it") as raised:
        files.read("p1")

    assert "very-secret" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_folder_that_can_not_be_made_is_told(tmp_path):
    (tmp_path / "state").write_text("a file")

    with pytest.raises(StateError, match="can't be written"):
        SecretFiles(tmp_path / "state" / "secrets").replace("p1", {"SecretToken": "t"})


def test_secrets_of_nobody_are_none(folder):
    assert SecretFiles(folder).read("p1") == {}
