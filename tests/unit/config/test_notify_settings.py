"""`[jobs.notify]`: what it may say, how mistakes are told, and that no secret is shown."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from entrasim.config import load, write_starter
from entrasim.errors import ConfigurationError

JOB = """
[[jobs]]
id = "engagedly"
[jobs.directory]
kind = "fixture"
path = "tenant"
[jobs.target]
base_url = "http://127.0.0.1/scim/v2"
token = "env:TOKEN"
"""
MAIL = """
[jobs.notify.mail]
host = "smtp.contoso.com"
from = "idm@contoso.com"
to = ["it@contoso.com"]
"""
ENVIRONMENT = {"TOKEN": "x", "HOOK": "https://hooks.contoso.com/p4th", "PASSWORD": "pa55 word"}


@pytest.fixture
def configured(tmp_path):
    """Loads a configuration with something added to its job."""

    def make(text, **environ):
        file = tmp_path / "entrasim.toml"
        file.write_text(JOB + text)
        return load(file, {**ENVIRONMENT, **environ})

    return make


@pytest.fixture
def problems(configured):
    def told(text, **environ):
        with pytest.raises(ConfigurationError) as caught:
            configured(text, **environ)
        return caught.value.problems

    return told


def test_without_the_table_nobody_is_told(configured):
    assert configured("").job(None).notify.channels == ()


def test_both_ways_may_be_given(configured):
    notify = configured('[jobs.notify]\nwebhook = "env:HOOK"' + MAIL).job(None).notify

    assert notify.channels == ("webhook", "mail")
    assert notify.webhook.url.reveal() == "https://hooks.contoso.com/p4th"
    assert notify.webhook.timeout == timedelta(seconds=30)
    assert notify.mail.table.to == ("it@contoso.com",)


def test_url_may_stand_there_itself_without_a_warning(configured):
    configuration = configured('[jobs.notify]\nwebhook = "https://hooks.contoso.com/x"')

    assert configuration.warnings == ()


def test_secrets_are_masked(configured):
    credentials = 'username = "idm"\npassword = "env:PASSWORD"\n'
    hook = '[jobs.notify]\nwebhook = "env:HOOK"\nwebhook_token = "env:TOKEN_OF_HOOK"'

    settings = configured(hook + MAIL + credentials, TOKEN_OF_HOOK="s3cret").job(None)

    assert settings.notify.webhook.token.reveal() == "s3cret"
    assert settings.notify.mail.password.reveal() == "pa55 word"
    assert not [s for s in ("p4th", "s3cret", "pa55") if s in repr(settings)]


def test_secrets_in_plain_text_are_masked_and_warned_of(configured):
    plain = (
        '[jobs.notify]\nwebhook = "https://x/p4th"\nwebhook_token = "s3cret"'
        + MAIL
        + 'username = "idm"\npassword = "pa55"\n'
    )

    configuration = configured(plain)

    assert len(configuration.warnings) == 2
    assert all("is given in plain text" in warning for warning in configuration.warnings)
    assert not [s for s in ("p4th", "s3cret", "pa55") if s in repr(configuration)]


@pytest.mark.parametrize(
    ("text", "security", "port"),
    [
        ("", "starttls", 587),
        ('security = "tls"', "tls", 465),
        ('security = "none"', "none", 25),
        ("port = 2525", "starttls", 2525),
    ],
)
def test_connection_is_secured_unless_told_otherwise(configured, text, security, port):
    table = configured(MAIL + text).job(None).notify.mail.table

    assert (table.transport, table.transport_port) == (security, port)


def test_connection_on_this_machine_needs_no_tls(configured):
    table = configured(MAIL.replace("smtp.contoso.com", "localhost")).job(None).notify.mail.table

    assert (table.transport, table.transport_port) == ("none", 25)


def test_environment_sets_it_too_several_recipients_with_commas(configured):
    prefix = "ENTRASIM_JOBS__ENGAGEDLY__NOTIFY__"
    environment = {
        f"{prefix}WEBHOOK": "https://elsewhere.contoso.com",
        f"{prefix}MAIL__TO": "it@contoso.com, hr@contoso.com",
    }

    notify = configured(MAIL, **environment).job(None).notify

    assert notify.webhook.url.reveal() == "https://elsewhere.contoso.com"
    assert notify.mail.table.to == ("it@contoso.com", "hr@contoso.com")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[jobs.notify]\nwebhook = "env:NOWHERE"', "notify.webhook: the environment variable"),
        ('[jobs.notify]\nwebhook = "ftp://x/p4th"', "notify.webhook: expected a URL like https"),
        ('[jobs.notify]\nwebhook = "https://"', "notify.webhook: expected a URL like https"),
        ('[jobs.notify]\nwebhook = "https://x:y/p4th"', "notify.webhook: expected a URL"),
        ('[jobs.notify]\nwebhook = "https://me:p4th@x/"', "a token goes into webhook_token"),
        ('[jobs.notify]\nwebhok = "https://x"', "notify.webhok: there is no such key; did you"),
        ('[jobs.notify]\nwebhook_token = "env:TOKEN"', "notify: webhook_token and webhook_ca_"),
        (
            '[jobs.notify]\nwebhook = "https://x"\nwebhook_ca_file = "nowhere.pem"',
            "nowhere.pem is no file",
        ),
        (MAIL.replace(".com", ".com:587", 1), "notify.mail.host: expected a host like smtp"),
        (MAIL + "port = 0", "notify.mail.port: Input should be greater"),
        (MAIL + 'security = "ssl"', "notify.mail.security: Input should be 'starttls', 'tls'"),
        (MAIL + 'username = "idm"', "notify.mail: give both username and password, or neither"),
        (MAIL + 'username = "idm"\npassword = ""', "notify.mail.password: the secret is empty"),
        (MAIL + 'ca_file = "nowhere.pem"', "nowhere.pem is no file"),
        (MAIL + 'timeout = "soon"', "notify.mail.timeout: 'soon' is no duration"),
        (MAIL.replace('["it@contoso.com"]', "[]"), "notify.mail.to: "),
        (MAIL.replace("it@contoso.com", "it"), "notify.mail.to.0: expected a mail address like"),
        (MAIL.replace("idm@contoso.com", "a@b\\nBcc: c@d"), "notify.mail.from: expected a mail"),
        (MAIL.replace("from", "form"), "notify.mail.from: is missing"),
    ],
)
def test_mistake_names_its_key_and_what_was_expected_but_no_secret(problems, text, told):
    found = problems(text)

    assert any(f"jobs.engagedly.{told}" in line or told in line for line in found)
    assert all("entrasim.toml: jobs.engagedly.notify" in line for line in found)
    assert "p4th" not in "".join(found)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('[jobs.notify]\nwebhook = "http://hooks.contoso.com/p4th"', "webhook"),
        (MAIL + 'security = "none"\nusername = "a"\npassword = "env:PASSWORD"', "mail.security"),
    ],
)
def test_secret_that_would_travel_in_clear_text_is_warned_of(configured, text, key):
    (warning,) = configured(text).warnings

    assert f"jobs.engagedly.notify.{key}" in warning
    assert "clear text" in warning
    assert "p4th" not in warning


def test_starter_shows_every_key_with_its_default(tmp_path):
    path = write_starter(tmp_path)[0]
    (path.parent / "ca.pem").touch()
    before, _, section = path.read_text().partition("# [jobs.notify]")
    path.write_text(f"{before}[jobs.notify]" + re.sub(r"(?m)^# ", "", section))
    environment = {
        "ENGAGEDLY_TOKEN": "x",
        "ENTRASIM_WEBHOOK": "https://hooks.contoso.com",
        "WEBHOOK_TOKEN": "x",
        "SMTP_PASSWORD": "x",
    }

    table = load(path, environment).job(None).table.notify

    assert table.model_fields_set == set(type(table).model_fields)
    assert table.mail.model_fields_set == set(type(table.mail).model_fields)
    assert (table.webhook_timeout, table.mail.timeout) == (timedelta(seconds=30),) * 2
    assert (table.mail.transport, table.mail.transport_port) == ("starttls", 587)
