"""A redacted value goes to the target, and nowhere else."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
async def discreet(site):
    """A job whose mapping redacts the job title; Ada's is Analyst."""
    await site.run("schema", "export", "config/mapping.json")
    mapping = site.folder / "config" / "mapping.json"
    schema = json.loads(mapping.read_text())
    users = schema["synchronizationRules"][0]["objectMappings"][0]
    (title,) = [a for a in users["attributeMappings"] if a["targetAttributeName"] == "title"]
    title["source"] = {"type": "Function", "name": "Redact", "expression": "Redact([jobTitle])"}
    mapping.write_text(json.dumps(schema))
    path = site.folder / "config" / "entrasim.toml"
    path.write_text(path.read_text().replace('schema = "engagedly"', 'schema = "mapping.json"'))
    await site.run("tenant", "user", "set", "ada@contoso.com", "jobTitle=Spymaster")
    return site


@pytest.mark.parametrize(
    "command",
    [
        ("plan", "--explain", "--requests"),
        ("plan", "--json"),
        ("provision-on-demand", "ada@contoso.com"),
        ("provision-on-demand", "ada@contoso.com", "--json"),
    ],
)
async def test_redacted_value_is_not_shown(discreet, command):
    code, out, err = await discreet.run(*command)

    assert code == 0
    assert "[Redact]" in out
    assert "Spymaster" not in out + err


async def test_redacted_value_reaches_the_target_and_not_the_log(discreet):
    await discreet.sync()
    _, logged, _ = await discreet.run("logs", "--object", "ada@contoso.com", "--json")
    changed = await discreet.run("tenant", "user", "set", "ada@contoso.com", "jobTitle=Postman")
    update = await discreet.sync()

    titles = {r["userName"]: r.get("title") for r in discreet.engagedly.resources()}
    assert changed[0] == 0
    assert (update["counts"]["updated"], titles["ada@contoso.com"]) == (1, "Postman")
    changes = [c for line in logged.splitlines() for c in json.loads(line)["modifiedProperties"]]
    (title,) = [change for change in changes if change["displayName"] == "title"]
    assert (title["oldValue"], title["newValue"]) == (None, "[Redact]")
    assert "Spymaster" not in logged
