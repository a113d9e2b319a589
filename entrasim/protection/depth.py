"""How deep JSON may be nested; what is deeper breaks whoever writes it again."""

from __future__ import annotations

DEEPEST = 64  # a resource of SCIM has five levels


def too_deep(value: object) -> bool:
    """Whether decoded JSON is nested deeper than anybody means it."""
    level = [value]
    for _ in range(DEEPEST + 1):
        level = [part for holder in level for part in _parts(holder)]
        if not level:
            return False
    return True


def _parts(holder: object) -> list[object]:
    match holder:
        case dict():
            return [part for part in holder.values() if isinstance(part, dict | list)]
        case list():
            return [part for part in holder if isinstance(part, dict | list)]
    return []
