"""What is imported when, since Microsoft's SDK is heavy."""

from __future__ import annotations

import subprocess
import sys

_PROGRAM = """
import asyncio, sys
from pathlib import Path
from entrasim import bootstrap
from entrasim.config import load, write_starter
path = write_starter(Path(sys.argv[1]))[0]
if sys.argv[2] == "graph":
    text = path.read_text()
    told = 'kind = "graph"\\ntenant_id = "t"\\nservice_principal_id = "s"\\ntoken = "x"\\n'
    told += 'base_url = "http://127.0.0.1:9/v1.0"\\n'
    path.write_text(text.replace('kind = "fixture"\\npath = "tenants/contoso"', told, 1))
settings = load(path, {"ENGAGEDLY_TOKEN": "x"}).job(None)

async def main():
    directory = bootstrap.directory_of(settings)
    if sys.argv[2] == "fixture":
        await directory.read(None)
    else:
        before = _heavy()
        await directory.open()
        print("before", before)
    await directory.close()

def _heavy():
    return sorted(n for n in ("msgraph", "azure.identity", "kiota_http") if n in sys.modules)

asyncio.run(main())
print("after", _heavy())
"""


def heavy(tmp_path, kind):
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, tmp_path, kind],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_job_on_a_fixture_never_imports_the_sdk(tmp_path):
    assert heavy(tmp_path, "fixture") == ["after []"]


def test_job_on_graph_imports_the_sdk_when_its_directory_is_opened(tmp_path):
    assert heavy(tmp_path, "graph") == [
        "before []",
        "after ['azure.identity', 'kiota_http', 'msgraph']",
    ]
