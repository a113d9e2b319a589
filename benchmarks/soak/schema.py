"""Engagedly's schema with its group mapping enabled, so that groups and members go out, too."""

from __future__ import annotations

import json
from pathlib import Path

from entrasim.config.schemas import schema_text


def write_schema(path: Path) -> None:
    """Write it as a file of the operator's own."""
    _, text = schema_text("engagedly", path.parent)
    document = json.loads(text)
    for rule in document["synchronizationRules"]:
        for mapping in rule["objectMappings"]:
            mapping["enabled"] = True
    path.write_text(json.dumps(document), encoding="utf-8")
