"""The terms of a delta query that a request leaves out, and those that an answer repeats."""

from __future__ import annotations

from urllib.parse import quote

from entrasim.api.delta.tracking import REFERENCE, Collection, Tracking
from entrasim.api.directory.properties import USER_SHOWN

# learn.microsoft.com/graph/api/user-delta, example 1, "a default set of properties"; a group's
# is whatever it has, with its members (learn.microsoft.com/graph/delta-query-groups).
_USUAL = tuple(name for name in USER_SHOWN if name != "id")


def usual(collection: Collection) -> Tracking:
    """What is tracked if a request names nothing."""
    if collection == "users":
        return Tracking(_USUAL, references=False)
    return Tracking(None, references=True)


def query_of(tracking: Tracking, collection: Collection) -> str:
    """The options of the initial request, with a `&` behind each."""
    parts: list[str] = []
    standard = usual(collection)
    if (tracking.select, tracking.references) != (standard.select, standard.references):
        names = [*(tracking.select or ()), *([REFERENCE[collection]] * tracking.references)]
        parts.append(f"$select={quote(','.join(names) or 'id', safe=',')}&")
    if tracking.chosen is not None:
        quoted = (known.replace("'", "''") for known in tracking.chosen)
        text = " or ".join(f"id eq '{known}'" for known in quoted)
        parts.append(f"$filter={quote(text, safe='')}&")
    return "".join(parts)


def context_of(tracking: Tracking, collection: Collection) -> str:
    """The last part of an answer's @odata.context."""
    if tracking.select is None or tracking.select == usual(collection).select:
        return collection
    return f"{collection}({','.join(tracking.select)})" if tracking.select else collection
