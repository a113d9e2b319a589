"""`[jobs.directory]` on Microsoft Graph."""

from __future__ import annotations

import pytest

from entrasim import bootstrap
from entrasim.config import FixtureSettings, GraphSettings, load
from entrasim.config.directory import CLOUDS
from entrasim.errors import ConfigurationError
from entrasim.model.job import Fidelity

TENANT, CLIENT = "0f0f0f0f-0000-0000-0000-000000000001", "0c0c0c0c-0000-0000-0000-000000000001"
SECRET = "a-secret-that-nobody-may-see"
BY_SECRET = f'client_id = "{CLIENT}"\nclient_secret = "env:SECRET"\n'
_FILE = """
[[jobs]]
id = "engagedly"
[jobs.target]
base_url = "https://engagedly.example/scim/v2"
token = "env:TOKEN"
[jobs.directory]
kind = "graph"
"""


@pytest.fixture
def configured(tmp_path):
    def make(text, *, ids=f'tenant_id = "{TENANT}"\nservice_principal_id = "sp"\n', head=""):
        path = tmp_path / "entrasim.toml"
        path.write_text(
            _FILE.replace('id = "engagedly"\n', f'id = "engagedly"\n{head}') + ids + text
        )
        return load(path, {"TOKEN": "t", "SECRET": SECRET, "EMPTY": ""}).job(None)

    return make


@pytest.fixture
def problems(configured, tmp_path):
    def make(text, **options):
        with pytest.raises(ConfigurationError) as caught:
            configured(text, **options)
        start = f"{tmp_path / 'entrasim.toml'}: jobs.engagedly.directory."
        assert all(problem.startswith(start) for problem in caught.value.problems)
        return [problem.removeprefix(start) for problem in caught.value.problems]

    return make


def test_secret_signs_in_to_the_global_cloud_unless_told_otherwise(configured):
    directory = configured(BY_SECRET).directory

    assert isinstance(directory, GraphSettings)
    assert (directory.credential, directory.base_url, directory.authority) == (
        "secret",
        "https://graph.microsoft.com/v1.0",
        "https://login.microsoftonline.com",
    )
    assert SECRET not in repr(directory)


@pytest.mark.parametrize("cloud", CLOUDS)
def test_cloud_says_where_graph_is_and_who_signs_in(configured, cloud):
    directory = configured(f'{BY_SECRET}cloud = "{cloud}"').directory

    assert (directory.base_url.removesuffix("/v1.0"), directory.authority) == CLOUDS[cloud]


def test_certificate_is_a_file_beside_the_configuration(configured, tmp_path):
    (tmp_path / "entra.pem").write_text("x")

    directory = configured(f'client_id = "{CLIENT}"\ncertificate = "entra.pem"').directory

    assert (directory.credential, directory.certificate) == ("certificate", tmp_path / "entra.pem")


@pytest.mark.parametrize("credential", ["workload", "managed-identity", "cli", "default"])
def test_credential_of_the_machine_takes_no_secret(configured, credential):
    directory = configured(f'credential = "{credential}"').directory

    assert directory.credential == credential


def test_token_goes_to_this_machine_in_clear_text(configured):
    directory = configured(
        'token = "env:SECRET"\nbase_url = "http://127.0.0.1:8420/v1.0"'
    ).directory

    assert (directory.credential, directory.base_url) == ("token", "http://127.0.0.1:8420/v1.0")


def test_graph_is_read_practically_unless_told_otherwise(configured):
    practical = configured(BY_SECRET)
    entra = configured(BY_SECRET, head='fidelity = "entra"\n')

    assert practical.table.fidelity is Fidelity.PRACTICAL
    assert entra.table.fidelity is Fidelity.ENTRA
    assert bootstrap.job_of(practical).heal_references is True


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "credential: is missing: give client_secret, certificate or token"),
        ('token = "env:SECRET"\nclient_secret = "env:SECRET"', "contradict each other"),
        ('client_secret = "env:SECRET"', 'client_id: is missing: credential "secret" takes it'),
        ('credential = "secret"\nclient_id = "c"', "client_secret: is missing"),
        (
            'credential = "cli"\ntoken = "env:SECRET"',
            'token: goes with credential = "token", which is "cli" here',
        ),
        (f'{BY_SECRET}certificate_password = "env:SECRET"', "contradict each other"),
        (BY_SECRET.replace("SECRET", "NOWHERE"), "the environment variable NOWHERE is not set"),
        (BY_SECRET.replace("SECRET", "EMPTY"), "the secret is empty"),
        (f'client_id = "{CLIENT}"\ncertificate = "no.pem"', "no.pem is no file"),
        (f'{BY_SECRET}ca_file = "no.pem"', "no.pem is no file"),
        (f'{BY_SECRET}cloud = "germany"', "cloud: Input should be 'global'"),
        (f'{BY_SECRET}base_url = "https://graph.microsoft.com"', "base_url: expected a URL like"),
        (f'{BY_SECRET}base_url = "https://[x/v1.0"', "base_url: expected a URL like"),
        (f'{BY_SECRET}base_url = "http://graph.example/v1.0"', "in clear text; use https"),
        (f'{BY_SECRET}authority = "http://127.0.0.1:1"', "authority: expected a URL like"),
        (f"{BY_SECRET}client_sceret = 1", "there is no such key; did you mean client_secret?"),
        (f'{BY_SECRET}managers = "never"', "managers: Input should be 'delta' or 'expand'"),
        (f'{BY_SECRET}path = "tenants/contoso"', "path: there is no such key"),
        ('client_id = "a/../b"\ncredential = "cli"', "client_id: expected an id such as"),
    ],
)
def test_mistake_names_key_and_remedy(problems, text, told):
    (found,) = problems(text)

    assert told in found


def test_all_mistakes_are_told_at_once(problems):
    found = problems(
        'credential = "secret"\ncertificate_password = "env:NOWHERE"\nbase_url = "x"\n'
        'authority = "y"\nca_file = "z"',
        ids=f'tenant_id = "{TENANT}"\n',
    )

    assert [text.partition(":")[0] for text in found] == [
        "client_id",
        "client_secret",
        "certificate_password",
        "service_principal_id",
        "base_url",
        "authority",
        "certificate_password",
        "ca_file",
    ]


def test_tenant_is_obligatory(problems):
    assert problems(BY_SECRET, ids='service_principal_id = "sp"\n') == ["tenant_id: is missing"]


def test_secret_in_plain_text_is_warned_of(tmp_path):
    ids = f'tenant_id = "{TENANT}"\nservice_principal_id = "sp"\n'
    path = tmp_path / "entrasim.toml"
    path.write_text(f'{_FILE}{ids}client_id = "c"\nclient_secret = "{SECRET}"')

    (warning,) = load(path, {"TOKEN": "t"}).warnings

    assert "directory.client_secret is given in plain text" in warning
    assert SECRET not in warning


def test_job_bears_the_id_of_its_tenant(configured):
    settings = configured(BY_SECRET)

    job = bootstrap.job_of(settings)

    assert job.graph_id.startswith(f"scim.{TENANT.replace('-', '')}.")


def test_tenant_that_is_served_is_a_fixture(configured):
    settings = configured(BY_SECRET)

    assert not isinstance(settings.directory, FixtureSettings)
    assert settings.tenant is None


def test_tenant_commands_do_not_edit_a_real_tenant(configured):
    with pytest.raises(ConfigurationError, match="only reads"):
        bootstrap.editor_of(configured(BY_SECRET), clock=None)


def test_commented_table_of_the_starter_is_a_configuration(configured, tmp_path):
    from entrasim.config.starter import write_starter  # noqa: PLC0415 - for this one alone

    text = write_starter(tmp_path)[0].read_text()
    table = text.partition("# [jobs.directory]")[2].partition("[jobs.target]")[0]
    others = ("certificate", "token", "credential", "base_url", "authority", "ca_file", "tenant_id")
    lines = [line.removeprefix("# ") for line in table.splitlines() if " = " in line]
    kept = [line for line in lines if not line.startswith((*others, "kind", "service_principal"))]

    found = configured("\n".join(kept).replace("ENTRA_CLIENT_SECRET", "SECRET")).directory

    assert found.table.model_dump(include={"cloud", "managers"}) == {
        "cloud": "global",
        "managers": "delta",
    }
