"""The token is taken out of whatever is quoted."""

from __future__ import annotations

import json
from base64 import b64encode, urlsafe_b64encode
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entrasim.scim.masking import Mask

TOKEN = "s3cret/with+signs=and~more"
tokens = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=12, max_size=40)


@pytest.mark.parametrize(
    "echo",
    [
        TOKEN,
        quote(TOKEN, safe=""),
        quote(TOKEN, safe="").lower(),
        quote(TOKEN),
        "".join(f"%{ord(letter):02X}" for letter in TOKEN),
        TOKEN.replace("/", "\\/"),
        "".join(f"\\u{ord(letter):04X}" for letter in TOKEN),
    ],
)
def test_token_is_masked_however_it_is_spelled(echo):
    assert Mask(TOKEN).of(f"<{echo}>") == "<***>"


@given(token=tokens, before=st.text(max_size=7), after=st.text(max_size=7))
def test_base64_of_any_text_around_the_token_tells_nothing_of_it(token, before, after):
    whole = f"{before}{token}{after}".encode()

    for echo in (b64encode(whole).decode(), urlsafe_b64encode(whole).decode()):
        assert len(Mask(token).of(echo).replace("***", "")) <= len(echo) - len(token) * 8 // 6 + 3


@given(token=tokens)
def test_json_of_the_token_is_masked(token):
    assert token not in Mask(token).of(json.dumps({"detail": token}))


def test_what_is_no_token_is_left_alone():
    assert Mask("").of("anything") == "anything"
    assert Mask(TOKEN).of("s3cret") == "s3cret"
