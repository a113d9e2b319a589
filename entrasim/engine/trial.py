"""What a mapping expression would make of an object, without a cycle."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from entrasim.engine import naming, sifting
from entrasim.engine.compiled import compile_schema
from entrasim.engine.expressions import ExpressionError, attributes_of, parse, surroundings_of
from entrasim.engine.steps import importing, mapping, scoping
from entrasim.model.attributes import KNOWN, REFERENCES, is_known
from entrasim.model.connection import SourceRecord
from entrasim.model.entry import Value
from entrasim.model.job import Job
from entrasim.ports import Ports


@dataclass(frozen=True, slots=True)
class TestInput:
    """An object's source attributes, as a cycle would hand them to its mappings."""

    display_name: str
    attributes: dict[str, Value]


def unheld(text: str, attributes: Mapping[str, Value]) -> list[str]:
    """Why attributes that an expression asks for are empty, as far as it can be told."""
    try:
        asked = dict.fromkeys(attributes_of(parse(text)))
    except ExpressionError:
        return []
    told: list[str] = []
    for name in asked:
        if name in REFERENCES:
            told.append(f"[{name}] is a reference: it flows to a reference, and is empty elsewhere")
        elif name not in attributes and not is_known(name):
            close = get_close_matches(name, {*KNOWN, *attributes}, n=1)
            hint = f"; did you mean {close[0]}?" if close else ""
            told.append(f"nobody is known to have an attribute {name}{hint}")
    return told


async def source_attributes(job: Job, text: str, ports: Ports) -> TestInput:
    """Read the object that bears an id, UPN, mail or display name; nothing is written.

    Raises:
        ConfigurationError: nobody or several bear that name.
        SourceError: the directory can't be read.
    """
    reading = importing.with_app_roles(await ports.directory.look_up(text), {})
    entry = naming.only_one(reading, text)
    scope = (await ports.store.job_state(job)).scope or job.scope
    records = {e.anchor: SourceRecord(entry=e, entitled=False) for e in reading.entries}
    assigned = scoping.entitlements(records, reading.assignments, scope)
    compiled = compile_schema(job.schema, surroundings_of(job, ports))
    entitled = entry.anchor in sifting.sift(records, assigned, compiled, ()).entitled_by
    effective = SourceRecord(entry=entry, entitled=entitled).effective
    attributes = mapping.source_attributes(entry, soft_deleted=not effective)
    return TestInput(entry.display_name, attributes)
