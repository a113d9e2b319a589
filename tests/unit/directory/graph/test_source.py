"""Which links the token may follow."""

from __future__ import annotations

import pytest

from entrasim.directory.graph.source import GraphSource

SOURCE = GraphSource(
    place="jobs.x.directory",
    base_url="https://graph.microsoft.com/v1.0",
    scope="https://graph.microsoft.com/.default",
    tenant_id="t",
    credential="cli",
)


@pytest.mark.parametrize(
    ("link", "ours"),
    [
        ("https://graph.microsoft.com/v1.0/users/delta?$skiptoken=x", True),
        ("https://GRAPH.microsoft.com/v1.0/users", True),
        ("http://graph.microsoft.com/v1.0/users", False),
        ("https://graph.microsoft.com.evil.example/v1.0/users", False),
        ("https://graph.microsoft.com@evil.example/v1.0/users", False),
        ("https://evil.example/?https://graph.microsoft.com/v1.0", False),
        ("https://user@graph.microsoft.com/v1.0", False),
        ("https://graph.microsoft.com:444/v1.0/users", False),
        ("https://graph.microsoft.com:port/v1.0/users", False),
        ("//graph.microsoft.com/v1.0/users", False),
        ("", False),
    ],
)
def test_token_goes_to_the_configured_graph_alone(link, ours):
    assert SOURCE.is_ours(link) is ours
