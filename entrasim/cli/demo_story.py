"""The story that the demo tells."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from textwrap import wrap

from rich.rule import Rule
from rich.text import Text

from entrasim.cli import output, story
from entrasim.cli.demo_world import INTERVAL, DemoWorld, demo_world
from entrasim.cli.tables import show_employees
from entrasim.cli.world import breakable, told_to_stop
from entrasim.directory.fixture import TenantEditor
from entrasim.model.cycle import Outcome
from entrasim.model.decision import Create, Skip
from entrasim.ports import WireRequest

_WIDTH = 88


@dataclass(frozen=True, slots=True)
class Chapter:
    """Something that happens at Contoso between two cycles.

    `in_full` shows each attribute that changes.
    """

    title: str
    text: str
    act: Callable[[TenantEditor], object]
    in_full: bool = True


def _join(tenant: TenantEditor) -> None:
    names = {"givenName": "Evelyn", "surname": "Boyd Granville", "jobTitle": "Engineer"}
    place = {"department": "Engineering", "city": "Hampton", "employeeId": "1011"}
    who = "evelyn@contoso.com"
    tenant.add_user(who, {**names, **place, "manager": "katherine@contoso.com"})
    tenant.assign(who)


def _move(tenant: TenantEditor) -> None:
    new = {"department": "Engineering", "jobTitle": "Solutions Engineer"}
    tenant.set_user("edsger@contoso.com", {**new, "manager": "ada@contoso.com"})


CHAPTERS = (
    Chapter(
        "A joiner", "Evelyn is hired, reports to Katherine, and is assigned to Engagedly.", _join
    ),
    Chapter(
        "A mover",
        "Edsger goes from Sales to Engineering and gets Ada as manager. All of it is one PATCH.",
        _move,
    ),
    Chapter(
        "A group",
        "Hedy joins the group Sales. The group is assigned, so that its members are, too.",
        lambda tenant: tenant.add_member("Sales", "hedy@contoso.com"),
        in_full=False,
    ),
    Chapter(
        "A leaver",
        "Dennis leaves the group Engineering, and with it his assignment. Engagedly keeps his "
        "record and deactivates it. Nobody is deleted for losing access: a DELETE follows only "
        "when somebody is gone from the directory for good.",
        lambda tenant: tenant.remove_member("Engineering", "dennis@contoso.com"),
    ),
    Chapter(
        "Nothing",
        "Nobody changes anything. A cycle asks whether Engagedly is there, and that is all.",
        lambda _: None,
    ),
)


async def tell(port: int | None, *, stays: bool) -> int:
    """Tell the story; then stay as long as somebody wants to look around."""
    with breakable():
        async with demo_world(port) as world:
            _introduce(world.url)
            await _first_cycle(world)
            for chapter in CHAPTERS:
                await _tell_chapter(chapter, world)
            _conclude(world)
            if stays:
                with told_to_stop() as stopped:
                    _show_where(world)
                    await stopped.wait()
    return 0


def _introduce(url: str) -> None:
    output.line("")
    output.line(("entrasim plays Microsoft Entra's provisioning service.", "bold"))
    _paragraph(
        "On one side is Contoso's directory: who works there, and who is assigned to the "
        "application. On the other is Engagedly, played by a stand-in at " + url + ". Every 40 "
        "minutes a cycle carries over what changed, by the very SCIM requests that Entra sends. "
        "The clock is virtual, so that you need not wait."
    )


async def _first_cycle(world: DemoWorld) -> None:
    _heading(world.clock.now(), "The initial cycle")
    _paragraph("Everybody is looked at: is this person in scope, and known at Engagedly already?")
    execution = await world.cycle()
    for kind in (Create, Skip):
        told = (o for o in world.watch.outcomes if isinstance(o.decision, kind))
        for outcome in sorted(told, key=lambda o: o.display_name):
            output.show(story.headline(outcome))
    linked = execution.counts.updated
    output.line(
        (f"~ {linked} managers are linked in a second pass, once everybody is there", "yellow")
    )
    story.summary(execution)


async def _tell_chapter(chapter: Chapter, world: DemoWorld) -> None:
    chapter.act(world.tenant)
    world.clock.advance(INTERVAL)
    _heading(world.clock.now(), chapter.title)
    _paragraph(chapter.text)
    execution = await world.cycle()
    for outcome in world.watch.outcomes:
        _tell_outcome(outcome, world, in_full=chapter.in_full)
    story.summary(execution)


def _tell_outcome(outcome: Outcome, world: DemoWorld, *, in_full: bool) -> None:
    """Who, what changed, and the request as it was sent."""
    output.show(story.headline(outcome))
    names = {r["id"]: f"{{id of {r['userName']}}}" for r in world.engagedly.resources()}
    for text in story.changes(outcome.decision, names) if in_full else ():
        output.show(text)
    if outcome.decision is not None:
        for request in world.job.ports.target.preview(outcome.decision):
            _show_request(request, world.job.job.target_url)


def _show_request(request: WireRequest, base_url: str) -> None:
    output.line((f"    {request.method} {request.url.removeprefix(base_url)}", "cyan"))
    operations = (request.body or {}).get("Operations")
    for operation in operations if isinstance(operations, list | tuple) else ():
        output.line((f"      {json.dumps(operation)}", "dim"))


def _conclude(world: DemoWorld) -> None:
    output.line("")
    _rule(Text("Engagedly, at the end of the morning", style="bold"))
    show_employees(world.engagedly.employees())
    output.line(("Where to go from here", "bold"))
    for command, what in (
        ("entrasim init", "begin for real: a configuration and a tenant of your own"),
        ("entrasim plan --explain", "what a cycle would do, and why"),
        ("entrasim serve", "a cycle every 40 minutes, as a service"),
        ("entrasim --help", "everything else"),
    ):
        output.line(f"  {command:<26}", (what, "dim"))


def _show_where(world: DemoWorld) -> None:
    output.line("")
    output.line(("Still running, until Ctrl-C", "bold"))
    output.line(
        f"  {world.url + '/':<33}", ("Engagedly's settings page, with its employees", "dim")
    )
    output.line(f"  {world.health_url:<33}", ("how the daemon and its job stand", "dim"))


def _heading(moment: datetime, title: str) -> None:
    output.line("")
    _rule(Text.assemble((f"{moment:%H:%M}  ", "cyan"), (title, "bold")))


def _rule(title: Text) -> None:
    console = output.results()
    console.print(Rule(title, style="dim", align="left"), width=min(_WIDTH, console.width))


def _paragraph(text: str) -> None:
    for line in wrap(text, min(_WIDTH, output.results().width)):
        output.line(line)
