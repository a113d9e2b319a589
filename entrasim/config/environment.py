"""Settings from the environment: `ENTRASIM_SERVICE__PORT`, `ENTRASIM_JOBS__ID__INTERVAL`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

Json = dict[str, Any]

_PREFIXES = ("ENTRASIM_SERVICE__", "ENTRASIM_JOBS__")


def overlay(document: Json, environ: Mapping[str, str]) -> tuple[Json, list[str]]:
    """A document with the environment's settings in it, and what is wrong with those.

    A job is named by its id in capitals, other characters than letters and digits as `_`.
    Values are texts; the settings give them their types.
    """
    found: Json = {**document}
    problems: list[str] = []
    for name, value in environ.items():
        if not name.startswith(_PREFIXES):
            continue
        table, *path = name.removeprefix("ENTRASIM_").split("__")
        keys = [part.lower() for part in path]
        if table == "SERVICE":
            found["service"] = _with(found.get("service"), keys, value)
        elif (index := _job_index(found, keys[0])) is None or len(keys) == 1:
            known = ", ".join(_spelled(job) for job in _jobs(found)) or "none"
            problems.append(f"{name}: no such job or key (jobs: {known})")
        else:
            jobs = list(found["jobs"])
            jobs[index] = _with(jobs[index], keys[1:], value)
            found["jobs"] = jobs
    return found, problems


def variable_of(job_id: str, key: str) -> str:
    """The variable that sets a key of a job."""
    return f"{_PREFIXES[1]}{_spelled({'id': job_id})}__{key.upper()}"


def _with(table: object, keys: list[str], value: str) -> Json:
    held = dict(table) if isinstance(table, dict) else {}
    first, rest = keys[0], keys[1:]
    held[first] = _with(held.get(first), rest, value) if rest else value
    return held


def _job_index(document: Json, key: str) -> int | None:
    for index, job in enumerate(_jobs(document)):
        if _spelled(job).lower() == key:
            return index
    return None


def _jobs(document: Json) -> Iterator[Json]:
    jobs = document.get("jobs")
    for job in jobs if isinstance(jobs, list) else ():
        yield job if isinstance(job, dict) else {}


def _spelled(job: Json) -> str:
    return re.sub(r"[^A-Za-z0-9]", "_", str(job.get("id", ""))).upper()
