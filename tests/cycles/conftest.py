"""The company that the stories are told about."""

from __future__ import annotations

from pathlib import Path

import pytest
from story import Story

from entrasim.config import load_schema
from entrasim.model.job import Job


@pytest.fixture
def story() -> Story:
    schema = load_schema("engagedly", Path()).schema
    return Story(
        Job(
            id="engagedly",
            graph_id="scim.contoso.1",
            schema=schema,
            target_url="http://127.0.0.1:8421/scim/v2",
        )
    )


@pytest.fixture
async def settled(story) -> Story:
    """Grace, who manages Ada and Bob; Cem left."""
    story.employ("grace", jobTitle="CTO")
    story.employ("ada", manager="grace", jobTitle="Engineer")
    story.employ("bob", manager="grace")
    story.employ("cem")
    await story.cycle()
    story.change("cem", accountEnabled=False)
    await story.cycle()
    return story
