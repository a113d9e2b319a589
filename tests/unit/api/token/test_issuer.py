"""Access tokens, and the key that signs them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from entrasim.api.token.issuer import LIFE, TokenIssuer
from entrasim.errors import StateError


def issued(issuer):
    return issuer.issue(issuer="i", audience="a", tenant="t", client="c").encode()


def test_token_is_recognised_by_its_issuer_alone():
    ours, others = TokenIssuer(), TokenIssuer()
    issued(others)

    token = issued(ours)

    assert ours.accepts(token)
    assert not others.accepts(token)


def test_issuer_without_a_key_recognises_nothing_and_makes_none(tmp_path):
    file = tmp_path / "key.pem"

    assert not TokenIssuer(file).accepts(b"a.b.c")
    assert not file.exists()


def test_token_comes_to_its_end():
    longer_ago = TokenIssuer(now=lambda: datetime.now(UTC) - LIFE - timedelta(seconds=1))

    assert not longer_ago.accepts(issued(longer_ago))


def test_kept_key_outlives_the_process_and_is_its_owners_alone(tmp_path):
    file = tmp_path / "tokens" / "key.pem"
    token = issued(TokenIssuer(file))

    assert TokenIssuer(file).accepts(token)
    assert file.stat().st_mode & 0o777 == 0o600


def test_ruined_key_is_told_by_its_file_and_lets_nobody_in(tmp_path):
    file = tmp_path / "key.pem"
    token = issued(TokenIssuer(file))
    file.write_text("ruined")

    assert not TokenIssuer(file).accepts(token)
    with pytest.raises(StateError, match=r"key\.pem: is no RSA key"):
        issued(TokenIssuer(file))
