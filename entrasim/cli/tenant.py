"""tenant: hire, move, unassign and dismiss the people of a fixture tenant."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import App, Parameter

from entrasim.cli import output
from entrasim.cli.options import COMMON, Common
from entrasim.errors import ConfigurationError

if TYPE_CHECKING:
    from entrasim.directory.fixture import TenantEditor

app = App(name="tenant", help="See and edit the fixture tenant of a job.")
user = App(name="user", help="Hire, change and dismiss people.")
group = App(name="group", help="Make groups, and change who is in them.")
app.command(user)
app.command(group)

_WORDS: Mapping[str, bool | None] = {"true": True, "false": False, "": None}


@Parameter(name="*")
@dataclass(frozen=True)
class Person:
    """The usual properties as options; any other may be given in the same way."""

    given_name: Annotated[str | None, Parameter(help="First name.")] = None
    surname: Annotated[str | None, Parameter(help="Last name.")] = None
    display_name: Annotated[str | None, Parameter(help="Both, or what people say.")] = None
    mail: Annotated[str | None, Parameter(help="By it people are matched.")] = None
    job_title: Annotated[str | None, Parameter(help="What they do.")] = None
    department: Annotated[str | None, Parameter(help="Where they do it.")] = None
    employee_id: Annotated[str | None, Parameter(help="Their number.")] = None
    city: Annotated[str | None, Parameter(help="Their place of work.")] = None
    manager: Annotated[str | None, Parameter(help="An id, UPN, mail or display name.")] = None

    def properties(self, pairs: tuple[str, ...], options: Mapping[str, str]) -> dict[str, object]:
        """All that was given, by Graph's names; an empty value clears.

        Raises:
            ConfigurationError: a pair is none.
        """
        usual = {name: text for name, text in asdict(self).items() if text is not None}
        given = {_camel_case(name): text for name, text in {**usual, **options}.items()}
        return {name: _value(name, text) for name, text in given.items()} | _pairs(pairs)


NOTHING = Person()


@app.command
def show(*, common: Common = COMMON) -> int:
    """Show people, groups and assignments."""
    found = _editor(common).show()
    if common.json:
        output.as_json(found)
        return 0
    for kind in ("users", "groups"):
        output.line((f"{kind.title()} ({len(found[kind])})", "bold"))
        for row in found[kind]:
            _show_row(row)
    output.line(("Assigned to the application", "bold"))
    for name in found["assignments"]:
        output.line(f"  {name}")
    return 0


@user.command
def add(
    upn: str, /, *properties: str, person: Person = NOTHING, common: Common = COMMON, **options: str
) -> int:
    """Hire somebody.

    Args:
        upn: The user principal name; names, mail and display name follow from it.
        properties: name=value pairs, by Graph's names or the provisioning service's.
        person: The usual properties.
        common: Options of every such command.
        options: Any other property: `--postal-code 10115`.
    """
    known = _editor(common).add_user(upn, person.properties(properties, options))
    return _done(common, "+", f"{upn}  (id {known})", id=known)


@user.command(name="set")
def set_(
    who: str, /, *properties: str, person: Person = NOTHING, common: Common = COMMON, **options: str
) -> int:
    """Change somebody; an empty value clears the property.

    Args:
        who: An id, UPN, mail address or display name.
        properties: name=value pairs, by Graph's names or the provisioning service's.
        person: The usual properties.
        common: Options of every such command.
        options: Any other property: `--postal-code 10115`.
    """
    given = person.properties(properties, options)
    if not given:
        raise ConfigurationError("what should change? give --job-title TEXT or name=value")
    _editor(common).set_user(who, given)
    changed = ", ".join(f"{n} = {'nothing' if v is None else v}" for n, v in given.items())
    return _done(common, "~", f"{who}: {changed}")


@user.command
def disable(who: str, /, *, common: Common = COMMON) -> int:
    """Block somebody's account."""
    _editor(common).disable_user(who)
    return _done(common, "↓", f"{who} is disabled")


@user.command
def enable(who: str, /, *, common: Common = COMMON) -> int:
    """Unblock somebody's account."""
    _editor(common).enable_user(who)
    return _done(common, "↑", f"{who} is enabled")


@user.command
def delete(who: str, /, *, common: Common = COMMON) -> int:
    """Put somebody into the recycle bin, where they stay for 30 days."""
    _editor(common).delete_user(who)
    return _done(common, "-", f"{who} is in the recycle bin for 30 days")


@user.command
def restore(who: str, /, *, common: Common = COMMON) -> int:
    """Take somebody out of the recycle bin."""
    _editor(common).restore_user(who)
    return _done(common, "+", f"{who} is back")


@user.command
def purge(who: str, /, *, common: Common = COMMON) -> int:
    """Delete somebody for good, with every reference to them."""
    _editor(common).purge_user(who)
    return _done(common, "-", f"{who} is deleted for good")


@group.command(name="add")
def add_group(name: str, /, *, common: Common = COMMON) -> int:
    """Make an empty group."""
    known = _editor(common).add_group(name)
    return _done(common, "+", f"{name}  (id {known})", id=known)


@group.command(name="delete")
def delete_group(name: str, /, *, common: Common = COMMON) -> int:
    """Delete a group for good, with its assignments."""
    _editor(common).delete_group(name)
    return _done(common, "-", f"{name} is deleted for good")


@group.command
def add_member(name: str, who: str, /, *, common: Common = COMMON) -> int:
    """Put a user or group into a group."""
    _editor(common).add_member(name, who)
    return _done(common, "+", f"{who} is in {name}")


@group.command
def remove_member(name: str, who: str, /, *, common: Common = COMMON) -> int:
    """Take somebody out of a group."""
    _editor(common).remove_member(name, who)
    return _done(common, "-", f"{who} is not in {name}")


@app.command
def assign(principal: str, /, *, role: str | None = None, common: Common = COMMON) -> int:
    """Assign a user or group to the application.

    Args:
        principal: An id, UPN, mail address or display name.
        role: The app role's id, value or display name; default access without it.
        common: Options of every such command.
    """
    _editor(common).assign(principal, role)
    return _done(common, "+", f"{principal} is assigned")


@app.command
def unassign(principal: str, /, *, common: Common = COMMON) -> int:
    """Take a user's or group's assignment back.

    Args:
        principal: An id, UPN, mail address or display name.
        common: Options of every such command.
    """
    _editor(common).unassign(principal)
    return _done(common, "-", f"{principal} is not assigned")


def _editor(common: Common) -> TenantEditor:
    from entrasim.bootstrap import editor_of  # noqa: PLC0415 - slow to import, not for --help
    from entrasim.scheduler.clocks import SystemClock  # noqa: PLC0415 - likewise

    return editor_of(common.settings(), SystemClock())


def _pairs(properties: tuple[str, ...]) -> dict[str, object]:
    found: dict[str, object] = {}
    for pair in properties:
        name, sign, value = pair.partition("=")
        if not sign or not name:
            raise ConfigurationError(f"{pair!r} is no name=value pair")
        found[name] = _value(name, value)
    return found


def _value(name: str, text: str) -> object:
    is_word = text == "" or name == "accountEnabled"
    return _WORDS.get(text.lower(), text) if is_word else text


def _camel_case(option: str) -> str:
    first, *rest = option.replace("_", "-").split("-")
    return first + "".join(part.title() for part in rest)


def _done(common: Common, sign: str, what: str, **known: str) -> int:
    if common.json:
        output.as_json(known)
    else:
        output.line((f"{sign} ", "green"), what)
    return 0


def _show_row(row: dict[str, Any]) -> None:
    name = row.get("userPrincipalName") or row.get("displayName") or row.get("objectId")
    shown = [row.get("displayName"), row.get("jobTitle"), row.get("department")]
    if row.get("members"):
        shown = [", ".join(row["members"])]
    state = "" if row["presence"] == "present" else f" ({row['presence']})"
    blocked = " (disabled)" if row.get("accountEnabled") is False else ""
    told = " · ".join(" ".join(str(text).split()) for text in shown if text and text != name)
    output.line(f"  {name!s:<28} ", (told, "dim"), (state + blocked, "yellow"))
