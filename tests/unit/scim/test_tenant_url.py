"""The tenant URL: flags are for us, everything else is kept."""

from __future__ import annotations

import pytest

from entrasim.errors import ConfigurationError
from entrasim.scim import TenantUrl


@pytest.mark.parametrize(
    ("text", "compliant", "query"),
    [
        ("https://h/scim", False, ""),
        ("https://h/scim?aadOptscim062020", True, ""),
        ("https://h/scim/?AADOPTSCIM062020=true", True, ""),
        ("https://h/scim?a=1&aadOptscim062020&b=c%20d", True, "a=1&b=c%20d"),
        ("https://h/scim?AzureAdScimPatch2017&key=x", False, "key=x"),
        ("https://h/scim?aadOptscim062020&AzureAdScimPatch2017", False, ""),
    ],
)
def test_flag_chooses_the_dialect_and_is_taken_off(text, compliant, query):
    url = TenantUrl.parse(text)

    assert (url.compliant, url.query) == (compliant, query)
    assert url.base == "https://h/scim"


@pytest.mark.parametrize(
    "text",
    [
        "HTTPS://Scim.Contoso.com:443/v2/",
        " https://scim.contoso.com/v2 ",
        "https://SCIM.contoso.com/v2?x=1",
    ],
)
def test_spellings_of_one_place_have_one_base(text):
    assert TenantUrl.parse(text).base == "https://scim.contoso.com/v2"


@pytest.mark.parametrize(
    ("text", "base"),
    [
        ("http://[::1]:8421/scim", "http://[::1]:8421/scim"),
        ("http://h", "http://h"),
        ("http://h/Scim V2", "http://h/Scim%20V2"),
    ],
)
def test_base_can_be_sent_to(text, base):
    assert TenantUrl.parse(text).base == base


@pytest.mark.parametrize(
    "text",
    [
        "",
        "h/scim",
        "ftp://h/scim",
        "https:///scim",
        "https://h:port/",
        "https://h/#x",
        "https://[/",
    ],
)
def test_what_is_no_tenant_url_is_a_configuration_error(text):
    with pytest.raises(ConfigurationError, match=r"target\.base_url"):
        TenantUrl.parse(text)


def test_password_in_the_url_is_refused_and_not_shown():
    with pytest.raises(ConfigurationError) as refused:
        TenantUrl.parse("https://ada:s3cret@h/scim")

    assert "s3cret" not in str(refused.value)


@pytest.mark.parametrize(
    ("target_id", "segment"),
    [("a/b", "a%2fb"), ("..", "%2e%2e"), ("?x#y", "%3fx%23y"), ("é", "%c3%a9"), ("a.b~c", "a.b~c")],
)
def test_id_is_one_segment_of_the_path(target_id, segment):
    url = TenantUrl.parse("https://h/scim?k=1")

    assert url.of("Users", target_id, "q=2") == f"https://h/scim/Users/{segment}?k=1&q=2"
