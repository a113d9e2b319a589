"""`make audit` fails for a known vulnerability, and only for that."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from entrasim.serving import AsgiServer

SCRIPT = Path(__file__).parent.parent / "audit.py"
VULNERABILITY = {
    "id": "EXAMPLE-2026-1",
    "summary": "Answers too much.",
    "affected": [
        {
            "package": {"name": "starlette", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99"}]}],
        }
    ],
}


@pytest.fixture
async def service():
    """A vulnerability service that knows one thing about Starlette."""

    async def query(request):
        asked = msgspec.json.decode(await request.body())
        known = {"vulns": [VULNERABILITY]} if asked["package"]["name"] == "starlette" else {}
        return Response(msgspec.json.encode(known), media_type="application/json")

    app = Starlette(routes=[Route("/query", query, methods=["POST"])])
    async with AsgiServer(app) as server:
        yield f"{server.url}/query"


async def audited(url):
    import asyncio  # noqa: PLC0415 - used once

    command = [sys.executable, str(SCRIPT), "--vulnerability-service", "osv", "--osv-url", url]
    process = await asyncio.create_subprocess_exec(
        *command, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    out, err = await process.communicate()
    assert err == b""
    return process.returncode, out.decode()


async def test_known_vulnerability_fails_the_audit_and_is_told(service):
    code, out = await audited(service)

    assert code == 1
    assert "EXAMPLE-2026-1 (fixed in: 99)" in out
    assert "starlette" in out


async def test_service_that_can_not_be_reached_is_told_and_fails_nothing():
    code, out = await audited("http://127.0.0.1:9/query")

    assert code == 0
    assert out.startswith("not audited: ")
    assert len(out.splitlines()) == 1


def test_accepted_vulnerability_is_told_with_its_reason(capsys, script):
    script.ACCEPTED["EXAMPLE-2026-1"] = "nobody calls that function"
    found = {"id": "OTHER-1", "aliases": ["EXAMPLE-2026-1"], "fix_versions": []}

    code = script._judged([{"name": "x", "version": "1", "vulns": [found]}])  # noqa: SLF001 - the script's own part

    assert code == 0
    assert "accepted: nobody calls that function" in capsys.readouterr().out


def test_service_that_knows_no_package_has_audited_nothing(capsys, script):
    code = script._judged([{"name": "x", "skip_reason": "not found"}])  # noqa: SLF001 - likewise

    assert code == 0
    assert capsys.readouterr().out.startswith("not audited: ")


def test_whatever_is_accepted_has_a_reason(script):
    assert all(reason.strip() for reason in script.ACCEPTED.values())


@pytest.fixture
def script():
    specification = importlib.util.spec_from_file_location("audit", SCRIPT)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module
