"""The secrets of a service principal: kept, masked, and found nowhere else."""

from __future__ import annotations

import asyncio
import os
import stat
import subprocess
import sys

import pytest
from served import served

from entrasim.config import SecretFiles
from entrasim.state import back_up

TOKEN = "a-token-that-nobody-may-see"


@pytest.fixture
async def site(tmp_path, empty_state):
    async with served(tmp_path, empty_state) as found:
        yield found


WRITER = """
import itertools, sys
from pathlib import Path
from entrasim.config import SecretFiles

files = SecretFiles(Path(sys.argv[1]))
for number in itertools.count(1):
    files.replace(sys.argv[2], {"SecretToken": f"{number:0>2000}"})
    print(number, flush=True)
"""


def written_until_killed(folder, owner):
    """Have a process write secrets on and on, and kill it; gives the last that it told of."""
    command = [sys.executable, "-c", WRITER, str(folder), owner]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        told = [writer.stdout.readline() for _ in range(20)]
        writer.kill()
    return int(told[-1])


def kept(site):
    (path,) = (site.folder / "state" / "secrets").glob("*.json")
    return path


async def test_secrets_are_as_many_as_were_put_and_masked(site):
    await site.made()
    pairs = [
        {"key": "BaseAddress", "value": "https://scim.example/v2"},
        {"key": "SecretToken", "value": TOKEN},
        {"key": "SyncAll", "value": "false"},
        {"key": "SyncNotificationSettings", "value": '{"Recipients":"it@contoso.com"}'},
        {"key": "ClientSecret", "value": TOKEN},
    ]

    put = await site.ask("PUT", "/secrets", {"value": pairs})
    shown = await site.ask("GET", "/secrets")
    whole = await site.ask("GET", "")

    masked = [p | ({"value": "*"} if p["value"] == TOKEN else {}) for p in pairs]
    assert put.status_code == 204
    assert shown.json()["value"] == masked
    assert whole.json()["secrets"] == masked
    assert TOKEN not in shown.text + whole.text


async def test_mask_that_is_put_back_keeps_the_secret(site):
    job = await site.started()
    shown = (await site.ask("GET", "/secrets")).json()["value"]

    put = await site.ask("PUT", "/secrets", {"value": shown})
    tried = await site.ask(
        "POST", f"/jobs/{job}/validateCredentials", {"useSavedCredentials": True}
    )

    assert put.status_code == 204
    assert tried.status_code == 204


@pytest.mark.parametrize("address", ["https://elsewhere.example/scim", "https://[", ""])
async def test_masked_token_never_goes_to_another_server(site, address):
    job = await site.trusted()
    before = kept(site).read_bytes()
    elsewhere = [{"key": "BaseAddress", "value": address}, {"key": "SecretToken", "value": "*"}]

    put = await site.ask("PUT", "/secrets", {"value": elsewhere})
    tried = await site.ask("POST", f"/jobs/{job}/validateCredentials", {"credentials": elsewhere})

    told = "With another BaseAddress, SecretToken must be given anew, unmasked."
    assert [one.status_code for one in (put, tried)] == [400, 400]
    assert put.json()["error"]["message"] == tried.json()["error"]["message"] == told
    assert kept(site).read_bytes() == before


async def test_mask_of_nothing_is_a_missing_parameter_and_no_token(site):
    job = await site.made()
    masked = [site.credentials[0], {"key": "SecretToken", "value": "*"}]

    tried = await site.ask("POST", f"/jobs/{job}/validateCredentials", {"credentials": masked})

    assert tried.json()["error"]["code"] == "RequestMissingRequiredParameter"
    assert site.target.exchanges == []


async def test_empty_value_takes_a_secret_away(site):
    job = await site.started()

    emptied = [{"key": pair["key"], "value": ""} for pair in site.credentials]
    await site.ask("PUT", "/secrets", {"value": emptied})

    found = (await site.ask("GET", f"/jobs/{job}")).json()
    assert (await site.ask("GET", "/secrets")).json()["value"] == []
    assert found["status"]["code"] == "NotConfigured"


async def test_secrets_are_their_owner_s_alone(site):
    await site.trusted()

    path = kept(site)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


async def test_token_is_in_its_file_and_nowhere_else(site, capfd, caplog):
    job = await site.started()
    await site.ask("POST", f"/jobs/{job}/provisionOnDemand", {"parameters": []})
    site.target.engagedly.delete_connection("test")
    await site.pass_time()
    backup = site.folder / "backup.db"
    await asyncio.to_thread(
        back_up, f"sqlite:///{site.folder}/state/entrasim.db", backup, overwrite=False
    )
    answers = [
        (await site.client.get(path)).text
        for path in (
            f"{site.base}/jobs",
            f"{site.base}/secrets",
            "/v1.0/auditLogs/provisioning",
            "/health",
        )
    ]

    token, own = site.target.token.encode(), kept(site)
    holding = [
        p for p in (site.folder / "state").rglob("*") if p.is_file() and token in p.read_bytes()
    ]
    told = "".join([*answers, caplog.text, *capfd.readouterr()])
    assert holding == [own]
    assert token not in backup.read_bytes()
    assert site.target.token not in told
    assert "InvalidCredentials" in answers[0]


async def test_writer_that_is_killed_leaves_the_old_secrets_or_the_new_ones(site):
    await site.trusted()
    path, owner = kept(site), site.principal

    for _ in range(3):
        written = await asyncio.to_thread(written_until_killed, path.parent, owner)
        token = SecretFiles(path.parent).read(owner)["SecretToken"].reveal()

        assert len(token) == 2000
        assert int(token) >= written
    await site.ask("PUT", "/secrets", {"value": site.credentials})
    left = {left.name for left in path.parent.iterdir()} - {".lock", path.name}
    assert left == set()


@pytest.mark.parametrize("token", ["env:HOME", "file:/etc/hostname"])
async def test_reference_in_a_token_is_a_token_and_is_followed_by_nobody(site, token):
    job = await site.made()
    secrets = [site.credentials[0], {"key": "SecretToken", "value": token}]
    heads = []
    site.target.arrived = heads.append

    await site.ask("PUT", "/secrets", {"value": secrets})
    answer = await site.ask(
        "POST", f"/jobs/{job}/validateCredentials", {"useSavedCredentials": True}
    )

    error = answer.json()["error"]
    assert "check SecretToken" in error["message"]
    assert len(heads) == 1
    assert error["code"].endswith("CredentialValidationFailure")
    assert os.environ["HOME"] not in error["message"]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (None, "Empty Payload. JSON content expected."),
        ({"value": [{"key": "Nickname", "value": "x"}]}, "'Nickname' is no key"),
        ({"value": [{"key": "SyncAll", "value": True}]}, "Expected `str | null`, got `bool`"),
        ({"value": [{"key": "SyncAll"}, {"key": "SyncAll"}]}, "is given 2 times"),
        ({"value": {}}, "Expected `array`, got `object`"),
        ({"credentials": []}, "missing required field `value`"),
    ],
)
async def test_secrets_that_are_none_are_refused(site, body, told):
    answer = await site.ask("PUT", "/secrets", body)

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "BadRequest")
    assert told in answer.json()["error"]["message"]


async def test_damaged_file_of_secrets_is_told_without_its_content(site):
    job = await site.trusted()
    kept(site).write_text(f'{{"SecretToken": ["{TOKEN}"')

    shown = await site.ask("GET", "/secrets")
    found = await site.ask("GET", f"/jobs/{job}")

    assert shown.status_code == 503
    assert "is damaged; remove it" in shown.json()["error"]["message"]
    assert found.json()["status"]["code"] == "Paused"
    assert TOKEN not in shown.text + found.text


async def test_credentials_are_tried_without_being_kept(site):
    job = await site.made()

    good = await site.ask(
        "POST", f"/jobs/{job}/validateCredentials", {"credentials": site.credentials}
    )
    before = await site.ask(
        "POST",
        "/jobs/validateCredentials",
        {"templateId": "customappsso", "credentials": site.credentials},
    )

    assert (good.status_code, before.status_code) == (204, 204)
    assert (await site.ask("GET", "/secrets")).json()["value"] == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"SecretToken": "wrong"}, "CredentialValidationFailure"),
        ({"BaseAddress": "http://127.0.0.1:1/scim"}, "CredentialValidationUnavailable"),
        ({"BaseAddress": "user@domain.com"}, "CredentialValidationUnavailable"),
        ({"SecretToken": ""}, "RequestMissingRequiredParameter"),
    ],
)
async def test_bad_credentials_are_told_by_graph_s_codes(site, changed, code):
    job = await site.made()
    pairs = [pair | {"value": changed.get(pair["key"], pair["value"])} for pair in site.credentials]

    answer = await site.ask("POST", f"/jobs/{job}/validateCredentials", {"credentials": pairs})

    assert answer.status_code == 400
    assert answer.json()["error"]["code"].endswith(code)
