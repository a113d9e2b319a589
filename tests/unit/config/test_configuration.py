"""entrasim.toml: what it may say, and how mistakes are told."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import entrasim
from entrasim import bootstrap
from entrasim.config import FixtureSettings, load, write_starter
from entrasim.errors import ConfigurationError
from entrasim.model.job import Scope

MINIMAL = """
[[jobs]]
id = "engagedly"
[jobs.directory]
kind = "fixture"
path = "tenant"
[jobs.target]
base_url = "http://127.0.0.1/scim/v2"
token = "env:TOKEN"
"""


@pytest.fixture
def file(tmp_path):
    return tmp_path / "entrasim.toml"


def loaded(file, text=MINIMAL, **environ):
    file.write_text(text)
    return load(file, {"TOKEN": "s3cret", **environ})


def problems(file, text=MINIMAL, **environ):
    with pytest.raises(ConfigurationError) as caught:
        loaded(file, text, **environ)
    return caught.value.problems


def test_defaults_are_those_of_the_reference(file):
    configuration = loaded(file)

    table = configuration.job(None).table
    assert configuration.service.host == "127.0.0.1"
    assert configuration.service.port == 8420
    assert configuration.service.state == "sqlite:///state/entrasim.db"
    assert (table.schema_, table.interval, table.scope) == (
        "engagedly",
        timedelta(minutes=40),
        Scope.ASSIGNED,
    )
    assert (table.deletion_threshold, table.skip_out_of_scope_deletions) == (500, False)
    assert (table.target.concurrency, table.target.timeout) == (16, timedelta(seconds=30))
    assert configuration.warnings == ()
    assert configuration.job(None).directory == FixtureSettings(file.parent / "tenant", "Engagedly")


def test_starter_is_a_configuration_and_the_one_of_the_repository(tmp_path):
    paths = write_starter(tmp_path)

    configuration = load(paths[0], {"ENGAGEDLY_TOKEN": "x"})

    assert configuration.job("engagedly").table.directory.application == "Engagedly"
    example = Path(entrasim.__file__).parent.parent / "config"
    if example.exists():
        for path in paths:
            beside = example / path.relative_to(tmp_path / "config")
            assert beside.read_text() == path.read_text()


def test_values_that_the_starter_comments_out_are_the_defaults(tmp_path):
    path = write_starter(tmp_path)[0]
    (plain,) = load(path, {"ENGAGEDLY_TOKEN": "x"}).jobs
    without_default = (
        "api_token|default_domain|heal_references|ca_file|object|name|clauses|members_per_request"
        "|retries|honour_retry_after"
    )
    text = path.read_text().partition("# [jobs.notify]")[0].replace("# [[jobs.filters]]", "")
    fixture, _, graph = text.partition("# [jobs.directory]")  # the other kind of directory
    text = fixture + graph[graph.index("[jobs.target]") :]
    commented = rf"(?m)^# (?!{without_default})(?=[a-z_]+ = )"
    path.write_text(re.sub(commented, "", text))

    (spelt_out,) = load(path, {"ENGAGEDLY_TOKEN": "x"}).jobs

    assert len(spelt_out.table.model_dump(exclude_unset=True)) > 12
    assert spelt_out.table == plain.table


def test_certificate_of_the_daemon_is_found_beside_the_file(file):
    (file.parent / "server.pem").touch()

    configuration = loaded(file, '[service]\ntls_certificate = "server.pem"\n' + MINIMAL)

    assert configuration.certificate.certificate == file.parent / "server.pem"
    assert configuration.certificate.key is None


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ('tls_certificate = "nowhere.pem"', "service.tls_certificate: .*nowhere.pem is no file"),
        ('tls_key = "entrasim.toml"', "service.tls_key: belongs to a tls_certificate"),
    ],
)
def test_certificate_that_can_not_be_used_is_told(file, table, told):
    found = problems(file, f"[service]\n{table}\n{MINIMAL}")

    assert re.search(told, found[0])


def test_environment_sets_any_key(file):
    configuration = loaded(
        file,
        ENTRASIM_SERVICE__PORT="9000",
        ENTRASIM_JOBS__ENGAGEDLY__INTERVAL="PT5M",
        ENTRASIM_JOBS__ENGAGEDLY__TARGET__CONCURRENCY="4",
        ENTRASIM_JOBS__ENGAGEDLY__SKIP_OUT_OF_SCOPE_DELETIONS="true",
        ENTRASIM_CONFIG="ignored",
    )

    table = configuration.job(None).table
    assert configuration.service.port == 9000
    assert (table.interval, table.target.concurrency) == (timedelta(minutes=5), 4)
    assert table.skip_out_of_scope_deletions is True


def test_environment_that_names_no_job_is_a_mistake(file):
    told = problems(file, ENTRASIM_JOBS__OTHER__INTERVAL="5m")

    assert told == ("ENTRASIM_JOBS__OTHER__INTERVAL: no such job or key (jobs: ENGAGEDLY)",)


def test_token_comes_from_the_environment_or_a_file_and_is_never_shown(file):
    (file.parent / "token").write_text("from-file\n")

    from_environment = loaded(file).job(None)
    from_file = loaded(file, MINIMAL.replace("env:TOKEN", "file:token")).job(None)
    plain = loaded(file, MINIMAL.replace("env:TOKEN", "plain"))

    assert from_environment.token.reveal() == "s3cret"
    assert from_file.token.reveal() == "from-file"
    assert "s3cret" not in repr(from_environment)
    assert "plain text" in plain.warnings[0]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('token = "env:NOWHERE"', "the environment variable NOWHERE is not set"),
        ('token = "file:nowhere"', "can't be read: No such file"),
        ('token = ""', "the secret is empty"),
        ('token = "a\\u0007b"', "characters that no token has"),
        ('base_url = "ftp://x"', "expected a URL"),
        ("concurrency = 0", "greater than or equal to 1"),
        ('timeout = "never"', "'never' is no duration"),
        ('active_as = "maybe"', "'string' or 'boolean'"),
        ("tiemout = 1", "there is no such key; did you mean timeout?"),
        ('ca_file = "nowhere.pem"', "nowhere.pem is no file"),
    ],
)
def test_mistake_names_file_key_and_remedy(file, line, told):
    key = line.partition(" ")[0]
    kept = [text for text in MINIMAL.splitlines() if not text.startswith(f"{key} =")]

    (found,) = problems(file, "\n".join([*kept, line]))

    assert found.startswith(f"{file}: jobs.engagedly.target.{key}: ")
    assert told in found


def test_all_mistakes_are_told_at_once(file):
    text = MINIMAL.replace('"fixture"', '"cloud"').replace('"engagedly"', '"Not Short"')

    told = problems(file, text + "colour = 1\n[service]\nport = 'x'\n")

    assert len(told) == 4


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("jobs = 5", "jobs: "),
        ("", "jobs: is missing"),
        ("jobs = []", "jobs: "),
        ("[[jobs]", "broken TOML"),
        (MINIMAL + MINIMAL, 'the id "engagedly" is given to 2 jobs'),
        ('[service]\nhost = "0.0.0.0"\n' + MINIMAL, "api_token: is obligatory"),
        (MINIMAL.replace('id = "engagedly"', 'id="e"\nschema = "x.json"'), "x.json: No such file"),
    ],
)
def test_file_that_says_no_job_is_refused(file, text, told):
    assert any(told in problem for problem in problems(file, text))


def test_missing_file_points_to_init(tmp_path):
    with pytest.raises(ConfigurationError, match="entrasim init"):
        load(tmp_path / "nowhere.toml", {})


def test_job_is_chosen_by_its_id(file):
    two = loaded(file, MINIMAL + MINIMAL.replace('"engagedly"', '"other"'))

    assert two.job("other").id == "other"
    with pytest.raises(ConfigurationError, match="choose by --job: engagedly, other"):
        two.job(None)
    with pytest.raises(ConfigurationError, match='no job "third"; known: engagedly, other'):
        two.job("third")


def test_practical_fidelity_heals_and_waits_unless_told_otherwise(file):
    job = 'id = "engagedly"\nfidelity = "practical"\n'
    practical = loaded(file, MINIMAL.replace('id = "engagedly"\n', job)).job(None)
    entra = loaded(file).job(None)

    assert bootstrap.job_of(practical).heal_references is True
    assert bootstrap.job_of(entra).heal_references is False
    assert bootstrap.job_of(entra).graph_id == bootstrap.job_of(practical).graph_id
    assert bootstrap.job_of(entra).graph_id.startswith("scim.")


words = st.sampled_from(
    ["jobs", "[[jobs]]", "[service]", "id", "=", '"x"', "1", "[", "]", "\n", "token", "true", "{}"]
)


@given(parts=st.lists(words, max_size=12))
@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_text_whatever_is_more_than_a_configuration_error(file, parts):
    file.write_text(MINIMAL + " ".join(parts))

    try:
        told = load(file, {"TOKEN": "x"}).path
    except ConfigurationError as error:
        told = str(error)

    assert str(file) in str(told)
