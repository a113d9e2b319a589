"""Find the one object that a person means by an id, UPN, mail address or display name."""

from __future__ import annotations

from entrasim.errors import ConfigurationError
from entrasim.model.entry import Entry, Reading

_CALLED = ("userPrincipalName", "originalUserPrincipalName", "mail", "displayName")


def only_one(reading: Reading, text: str) -> Entry:
    """The object that bears a name, without case.

    Raises:
        ConfigurationError: nobody or several bear it.
    """
    named = [entry for entry in reading.entries if is_called(entry, text)]
    if not named:
        raise ConfigurationError(f'nobody in the directory is called "{text}"')
    if len(named) > 1:
        ids = ", ".join(entry.anchor.id for entry in named)
        raise ConfigurationError(f'several objects are called "{text}"; choose one by id: {ids}')
    return named[0]


def is_called(entry: Entry, text: str) -> bool:
    """Whether an object bears a name."""
    properties = (entry.properties.get(name) for name in _CALLED)
    names = {str(name).casefold() for name in (entry.anchor.id, *properties) if name is not None}
    return text.casefold() in names
