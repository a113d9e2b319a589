"""Where the next reading of Graph begins."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from entrasim.directory.graph.watermark import Asked, Watermark, read_watermark
from entrasim.model.entry import ObjectType

ASKED = Asked(
    base_url="https://graph.microsoft.com/v1.0",
    service_principal="sp",
    managers="delta",
    users=("id", "mail"),
    groups=("id", "members"),
)
KNOWN = Watermark(asked=ASKED, links=dict.fromkeys(ObjectType, "https://graph.microsoft.com/…"))


def test_watermark_is_read_as_it_was_written():
    assert read_watermark(KNOWN.text(), ASKED) == KNOWN


@pytest.mark.parametrize(
    "other",
    [
        {"users": ("id",)},
        {"groups": ("id",)},
        {"service_principal": "another"},
        {"managers": "expand"},
        {"base_url": "https://graph.microsoft.us/v1.0"},
    ],
    ids=repr,
)
def test_watermark_of_another_question_is_none(other):
    assert read_watermark(KNOWN.text(), replace(ASKED, **other)) is None


@pytest.mark.parametrize(
    "text", [None, "", "digest", "[]", '{"asked": 1}', KNOWN.text()[:-9], '{"links":{}}'], ids=repr
)
def test_unreadable_watermark_is_none(text):
    assert read_watermark(text, ASKED) is None


def test_watermark_without_one_of_its_links_is_none():
    half = replace(KNOWN, links={ObjectType.USER: "x"})

    assert read_watermark(half.text(), ASKED) is None
