"""Every error entrasim raises, named for what the caller should do.

EntrasimError
├── ConfigurationError            correct the configuration or the command
├── SourceError                   repair the directory; nothing was written
│   └── ShrunkSourceError         repair it, or accept it once
├── CycleError                    nothing (more) can be written in this cycle
│   ├── TargetUnreachableError    start the target, or wait for it
│   ├── CredentialsRefusedError   correct the token
│   ├── IncompatibleTargetError   correct the tenant URL
│   └── StoppedError              start again: somebody asked this cycle to end
├── JobPausedError                start the job first
├── JobRunningError               wait: another process runs this job's cycle
├── StateError                    repair or restore the state database
├── NotificationError             correct where notices go; they are told again later
└── ObjectError                   one object failed; the cycle goes on
    ├── SourceObjectError         correct the object in the directory or its mapping
    ├── DuplicateSourceError      two source objects claim one target object
    ├── DuplicateTargetError      several target objects match
    ├── UnresolvedReferenceError  a manager or member has no target id (yet)
    └── TargetError               the target did not take the change
        ├── ConflictError         another target object has that unique value (409)
        ├── TransientTargetError  it may take it later (429, 5xx, time-out)
        └── AnswerLostError       nobody knows whether it took it: match before repeating
"""

from __future__ import annotations

from collections.abc import Mapping


class EntrasimError(Exception):
    """What a person can do something about; its text is written for that person.

    Attributes:
        code: a stable word for programs and the provisioning log.
    """

    code = "Error"


class ConfigurationError(EntrasimError):
    """Correct the configuration, the file or the command line; nothing was sent.

    Attributes:
        problems: each single mistake, one line each, naming its place and remedy.
    """

    code = "ConfigurationInvalid"

    def __init__(self, *problems: str) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class SourceError(EntrasimError):
    """Repair the directory: it can't be read or contradicts itself; nothing was written."""

    code = "SourceUnreadable"


class ShrunkSourceError(SourceError):
    """The directory is empty or lost more than its guard allows; nobody was disabled."""

    code = "SourceShrunk"


class CycleError(EntrasimError):
    """The cycle can't go on; what it had not done is done by the next one."""

    code = "CycleFailed"


class TargetUnreachableError(CycleError):
    """The target does not answer: start it, or wait for it."""

    code = "SystemForCrossDomainIdentityManagementCredentialValidationUnavailable"


class CredentialsRefusedError(CycleError):
    """The target refuses the token: correct it in the job's configuration."""

    code = "SystemForCrossDomainIdentityManagementInvalidCredentials"


class IncompatibleTargetError(CycleError):
    """What answers is no SCIM endpoint: correct the tenant URL."""

    code = "SystemForCrossDomainIdentityManagementServiceIncompatible"


class StoppedError(CycleError):
    """The cycle was asked to end before it was through."""

    code = "Interrupted"


class JobPausedError(EntrasimError):
    """Start the job before asking for a cycle."""

    code = "JobPaused"


class JobRunningError(EntrasimError):
    """Another process is running this job's cycle: wait for it."""

    code = "JobRunning"


class StateError(EntrasimError):
    """The state database can't be used as it is: repair or restore it."""

    code = "StateUnusable"


class NotificationError(EntrasimError):
    """Not everybody could be told; whoever has been is not told again.

    Attributes:
        failures: why, by the channel that failed; without secrets.
        told: the channels by which somebody has been told, for the next try to leave out.
    """

    code = "NotificationFailed"

    def __init__(self, failures: Mapping[str, str], *, told: frozenset[str]) -> None:
        self.failures, self.told = failures, told
        super().__init__("; ".join(f"{channel}: {why}" for channel, why in failures.items()))


class ObjectError(EntrasimError):
    """One object failed; it is escrowed and tried again, and the cycle goes on."""

    code = "ObjectFailed"

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.code = code or type(self).code


class SourceObjectError(ObjectError):
    """Correct the object in the directory, or the mapping that reads it."""

    code = "MissingValues"


class DuplicateSourceError(ObjectError):
    """Two source objects claim one target object: correct one's matching attribute."""

    code = "DuplicateSourceEntries"


class DuplicateTargetError(ObjectError):
    """Several target objects match one source object: remove all but one."""

    code = "DuplicateTargetEntries"


class UnresolvedReferenceError(ObjectError):
    """The object referred to has no counterpart in the target yet."""

    code = "UnableToResolveReferenceAttributeValue"


class TargetError(ObjectError):
    """The target did not take the change; its answer says why."""

    code = "SystemForCrossDomainIdentityManagementBadRequest"


class ConflictError(TargetError):
    """Another target object already has a value that must be unique."""

    code = "EntryConflict"


class TransientTargetError(TargetError):
    """The target may take this change later (429, 5xx, time-out)."""

    code = "InternalServerError"


class AnswerLostError(TransientTargetError):
    """Sent, but unanswered: settle by matching, never by sending again."""

    code = "Timeout"
