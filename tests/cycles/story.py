"""A small company in memory, to tell stories with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace

from entrasim.config import load_schema
from entrasim.config.filters import narrowed
from entrasim.config.settings import FilterTable
from entrasim.directory import graph_json
from entrasim.engine import drift
from entrasim.engine.cycle import run_cycle
from entrasim.engine.on_demand import provision_on_demand
from entrasim.engine.rehearsal import plan
from entrasim.model.connection import ObjectConnection
from entrasim.model.cycle import CycleRequest, Outcome, TaskExecution
from entrasim.model.drift import DriftReport, Healing
from entrasim.model.entry import DEFAULT_ACCESS, Anchor, Entry, ObjectType, Presence, Value
from entrasim.model.job import Job, RestartScope, Safety
from entrasim.model.log import LogQuery, ProvisioningRecord
from entrasim.model.schema import (
    Action,
    AttributeDefinition,
    AttributeMapping,
    AttributeType,
    Readings,
)
from entrasim.ports import Ports
from entrasim.scheduler.clocks import VirtualClock
from entrasim.testing.memory import MemoryDirectory, MemoryTarget
from entrasim.testing.memory_store import MemoryStore

MANAGER = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager"


@dataclass
class Story:
    """One job on ports in memory; every verb is what an administrator would say."""

    job: Job
    directory: MemoryDirectory = field(default_factory=MemoryDirectory)
    target: MemoryTarget = field(default_factory=MemoryTarget)
    store: MemoryStore = field(default_factory=MemoryStore)
    clock: VirtualClock = field(
        default_factory=lambda: VirtualClock(datetime(2026, 1, 5, 8, tzinfo=UTC))
    )

    @property
    def ports(self) -> Ports:
        return Ports(self.directory, self.target, self.store, self.clock)

    def hire(self, name: str, *, manager: str | None = None, **properties: Value) -> None:
        """Add a user whose id is their name."""
        known: dict[str, Value] = {
            "objectId": name,
            "userPrincipalName": f"{name}@contoso.com",
            "mail": f"{name}@contoso.com",
            "displayName": name.title(),
            "givenName": name.title(),
            "surname": "Example",
            "accountEnabled": True,
        }
        held = {k: v for k, v in {**known, **properties}.items() if v is not None}
        references = {"manager": (manager,)} if manager else {}
        anchor = Anchor(ObjectType.USER, name)
        self.directory.put(Entry(anchor=anchor, properties=held, references=references))

    def employ(self, name: str, *, manager: str | None = None, **properties: Value) -> None:
        """Hire somebody and assign them."""
        self.hire(name, manager=manager, **properties)
        self.assign(name)

    def assign(self, name: str, *roles: str) -> None:
        for role in roles or [DEFAULT_ACCESS]:
            self.directory.assign(name, role)

    def unassign(self, name: str, *roles: str) -> None:
        for role in roles or [DEFAULT_ACCESS]:
            self.directory.unassign(name, role)

    def offer(self, *roles: str) -> None:
        """Let the application have these app roles, whose ids are their values."""
        for role in roles:
            known = graph_json.app_role({"id": role, "value": role, "displayName": role.title()})
            self.directory.app_roles[role] = known

    def read_in(self, user: dict[str, object]) -> None:
        """Add a user as Graph writes them."""
        self.directory.put(graph_json.entry(user, ObjectType.USER))

    def entry(self, name: str) -> Entry:
        return self.directory.entries[Anchor(ObjectType.USER, name)]

    def change(self, name: str, **properties: Value) -> None:
        entry = self.entry(name)
        held = {k: v for k, v in {**entry.properties, **properties}.items() if v is not None}
        self.directory.put(replace(entry, properties=held))

    def set_manager(self, name: str, manager: str | None) -> None:
        references = {"manager": (manager,)} if manager else {}
        self.directory.put(replace(self.entry(name), references=references))

    def soft_delete(self, name: str) -> None:
        entry = replace(
            self.entry(name), presence=Presence.SOFT_DELETED, deleted_at=self.clock.now()
        )
        self.directory.put(entry)

    def restore(self, name: str) -> None:
        entry = replace(self.entry(name), presence=Presence.PRESENT, deleted_at=None)
        self.directory.put(entry)

    def purge(self, name: str) -> None:
        """Leave a tombstone, without assignments and without references to it."""
        anchor = Anchor(ObjectType.USER, name)
        self.directory.assignments.pop(name, None)
        self.directory.put(Entry(anchor=anchor, presence=Presence.PURGED))

    def lose(self, name: str) -> None:
        """Lose the line of a file."""
        del self.directory.entries[Anchor(ObjectType.USER, name)]

    def lose_group(self, name: str) -> None:
        del self.directory.entries[Anchor(ObjectType.GROUP, name)]

    def group(self, name: str, *members: str) -> None:
        anchor = Anchor(ObjectType.GROUP, name)
        properties: dict[str, Value] = {"objectId": name, "displayName": name}
        self.directory.put(
            Entry(anchor=anchor, properties=properties, references={"members": members})
        )

    async def cycle(self, *, full: bool = False, accept_shrunk: bool = False) -> TaskExecution:
        """Let forty minutes pass and run one."""
        self.clock.advance(timedelta(minutes=40))
        self.target.calls.clear()
        self.target.changes.clear()
        request = CycleRequest(full=full, accept_shrunk_source=accept_shrunk)
        return await run_cycle(self.job, self.ports, request)

    def wait(self, **span: float) -> None:
        """Let time pass without a cycle: hours, days."""
        self.clock.advance(timedelta(**span))

    async def plan(self, *, full: bool = False) -> tuple[TaskExecution, tuple[Outcome, ...]]:
        return await plan(self.job, self.ports, self.store, CycleRequest(full=full))

    async def on_demand(self, text: str, *members: str) -> tuple[Outcome, ...]:
        self.target.calls.clear()
        self.target.changes.clear()
        return await provision_on_demand(self.job, text, self.ports, members)

    async def drift(self, *, unknown: bool = False) -> DriftReport:
        self.target.calls.clear()
        return await drift.find(self.job, self.ports, unknown=unknown)

    async def heal(self) -> Healing:
        self.target.calls.clear()
        self.target.changes.clear()
        return await drift.heal(self.job, self.ports)

    async def restart(self, *scopes: RestartScope) -> None:
        await self.store.restart(self.job, frozenset(scopes))

    async def log(self, subject: str | None = None) -> tuple[ProvisioningRecord, ...]:
        return await self.store.records(LogQuery(subject=subject))

    async def connection(self, name: str) -> ObjectConnection:
        space = await self.store.connector_space(self.job.id)
        return next(c for c in space.connections if c.source_anchor.id == name)

    def employee(self, name: str) -> dict[str, Value]:
        """The one target object with somebody's mail."""
        mail = f"{name}@contoso.com"
        (found,) = [v for v in self.target.objects.values() if v.get("userName") == mail]
        return found

    def target_id(self, name: str) -> str:
        return next(i for i, v in self.target.objects.items() if v is self.employee(name))

    def target_group(self, name: str) -> dict[str, Value]:
        """The one group of the target with this name."""
        groups = [v for i, v in self.target.objects.items() if i in self.target.groups]
        (found,) = [values for values in groups if values["displayName"] == name]
        return found

    def members(self, name: str) -> set[str]:
        """The names of a group's members in the target."""
        ids = self.target_group(name).get("members", ())
        held = (self.target.objects[i] for i in ids)
        return {str(v.get("userName", v["displayName"])).partition("@")[0] for v in held}

    def configure(self, **changes: object) -> None:
        self.job = replace(self.job, **changes)

    def only_if(
        self, *groups: str | list[str], on: str = "User", schema: str = "engagedly"
    ) -> None:
        """Let only those through who pass one of these filters."""
        clauses = [[group] if isinstance(group, str) else group for group in groups]
        tables = [FilterTable(object=on, clauses=texts) for texts in clauses]
        loaded = narrowed(load_schema(schema, Path()), tables, Readings())
        self.configure(schema=loaded.schema)

    def map(
        self,
        target: str,
        expression: str | None,
        *,
        kind: AttributeType = AttributeType.STRING,
        case_exact: bool = False,
        multivalued: bool = False,
        **rules: object,
    ) -> None:
        """Map a target attribute of users, anew if it is mapped already."""
        definition = AttributeDefinition(
            name=target, type=kind, case_exact=case_exact, multivalued=multivalued
        )
        made = AttributeMapping(target_attribute=target, expression=expression, **rules)
        self._rewrite(target, definition, [made])

    def unmap(self, target: str) -> None:
        """Take a mapping of users away."""
        self._rewrite(target, AttributeDefinition(name=target), [])

    def permit(self, *actions: Action) -> None:
        """Let the object mappings do this and nothing else."""
        schema = self.job.schema
        mappings = tuple(replace(m, actions=frozenset(actions)) for m in schema.mappings)
        self.configure(schema=replace(schema, mappings=mappings))

    def understand(self, **readings: object) -> None:
        """Read the schema in this way where Microsoft's pages leave it open."""
        self.configure(schema=replace(self.job.schema, readings=Readings(**readings)))

    def _rewrite(
        self, target: str, definition: AttributeDefinition, made: list[AttributeMapping]
    ) -> None:
        schema = self.job.schema
        users, *others = sorted(schema.mappings, key=lambda m: m.object_type is not ObjectType.USER)
        known = schema.target_objects[users.target_object]
        attributes = [a for a in known.attributes if a.name != target]
        objects = {
            **schema.target_objects,
            known.name: replace(known, attributes=(*attributes, definition)),
        }
        kept = [a for a in users.attributes if a.target_attribute != target]
        users = replace(users, attributes=(*kept, *made))
        self.configure(
            schema=replace(
                schema,
                mappings=(users, *others),
                target_objects=objects,
                fingerprint=f"{schema.fingerprint}'",
            )
        )

    def allow_deletions(self, threshold: int) -> None:
        self.configure(safety=Safety(deletion_threshold=threshold))
