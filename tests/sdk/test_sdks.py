"""The programs that README shows, by Microsoft's SDKs as published, against real processes."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest
from living import Living

HERE = Path(__file__).parent
PYTHON = HERE / "hire_and_dismiss.py"
JAVASCRIPT = HERE.parent / "javascript" / "hire_and_dismiss.js"
SECRET = "s3cret-of-the-daemon"


@pytest.fixture(scope="module")
def over_tls(tmp_path_factory):
    with Living(tmp_path_factory.mktemp("tls"), secret=SECRET) as living:
        living.serve("--tls")
        yield living


@pytest.fixture
def node():
    """Node with Microsoft's SDK beside it; without them the test is skipped, but not in CI."""
    program = shutil.which("node")
    if program and (JAVASCRIPT.parent / "node_modules").is_dir():
        return program
    reason = "needs Node 20 and Microsoft's JavaScript SDK: make javascript"
    if os.environ.get("ENTRASIM_REQUIRE_SDKS") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


def test_python_sdk_hires_and_dismisses(over_tls):
    lines = over_tls.lines_of(sys.executable, str(PYTHON), SSL_CERT_FILE=str(over_tls.ca))

    assert lines == [
        "hired: Kay McNulty is Active",
        "dismissed: Kay McNulty is Blocked",
        "log: disable success kay@contoso.com",
    ]


def test_javascript_sdk_hires_and_dismisses(over_tls, node):
    lines = over_tls.lines_of(node, str(JAVASCRIPT), NODE_EXTRA_CA_CERTS=str(over_tls.ca))

    assert lines == [
        "hired: Jean Bartik is Active",
        "dismissed: Jean Bartik is Blocked",
        "log: disable success jean@contoso.com",
    ]


def test_python_sdk_bears_the_daemons_own_token_over_plain_http(tmp_path):
    with Living(tmp_path, secret=SECRET) as living:
        url = living.serve()

        lines = living.lines_of(sys.executable, str(PYTHON))

    assert url.startswith("http://127.0.0.1:")
    assert lines[1] == "dismissed: Kay McNulty is Blocked"
