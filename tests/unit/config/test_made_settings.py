"""What a job that was made through the API is told by its definition and its secrets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib.resources import files

import pytest

from entrasim.config import Secret, made_settings
from entrasim.model.definition import JobDefinition
from entrasim.model.job import Scope

SCHEMA = (files("entrasim.config") / "schemas" / "scim.json").read_text(encoding="utf-8")
GOOD = {"BaseAddress": "https://slack.example/scim/v2", "SecretToken": "a-token"}


def settings_of(tmp_path, secrets, schema=SCHEMA):
    definition = JobDefinition(
        id="slack-1",
        graph_id="scim.x.1",
        service_principal_id="p1",
        application="Slack",
        template_id="customappsso",
        schema_text=schema,
        interval=timedelta(minutes=40),
        created_at=datetime(2026, 1, 5, 8, tzinfo=UTC),
    )
    kept = {key: Secret(value) for key, value in secrets.items()}
    return made_settings(definition, kept, tmp_path, "p1")


def test_job_with_credentials_can_run(tmp_path):
    found = settings_of(tmp_path, GOOD)

    assert found.obstacle == ""
    assert found.table.target.base_url == GOOD["BaseAddress"]
    assert found.token.reveal() == "a-token"
    assert (found.table.scope, found.table.start) == (Scope.ASSIGNED, "paused")
    assert (found.tenant, found.table.directory.application) == (tmp_path, "p1")


def test_secrets_that_are_switches_are_read_as_such(tmp_path):
    switches = {"SyncAll": "True", "SkipOutOfScopeDeletions": "true"}

    found = settings_of(tmp_path, GOOD | switches)

    assert found.table.scope is Scope.ALL
    assert found.table.skip_out_of_scope_deletions


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"BaseAddress": "", "SecretToken": ""}, "BaseAddress and SecretToken are missing; PUT"),
        ({"SecretToken": ""}, "SecretToken is missing; PUT it to /servicePrincipals/p1/"),
        ({"BaseAddress": "user@domain.com"}, "BaseAddress must be a URL"),
        ({"SecretToken": "two\nlines"}, "SecretToken holds characters that no token has"),
    ],
)
def test_what_stands_in_the_way_is_told_without_the_secret(tmp_path, changed, told):
    found = settings_of(tmp_path, GOOD | changed)

    assert told in found.obstacle
    assert "two" not in found.obstacle


@pytest.mark.parametrize("schema", ["", "{", "[]", "{}"])
def test_schema_that_can_not_be_read_is_an_obstacle(tmp_path, schema):
    found = settings_of(tmp_path, GOOD, schema)

    assert "the schema of job slack-1" in found.obstacle
