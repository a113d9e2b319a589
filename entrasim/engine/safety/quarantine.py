"""Quarantine: a job that fails as a whole is tried less and less often, and given up at last.

Source: learn.microsoft.com/entra/identity/app-provisioning/
application-provisioning-quarantine-status
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from entrasim.engine.safety import escrows
from entrasim.engine.space import Space
from entrasim.errors import (
    CredentialsRefusedError,
    EntrasimError,
    IncompatibleTargetError,
    StoppedError,
)
from entrasim.model.cycle import Cycle
from entrasim.model.job import Health, Job, JobState, Quarantine, QuarantineReason, Safety

LONGEST_DISTANCE = timedelta(days=1)
GIVEN_UP_AFTER = timedelta(days=28)

_AT_ONCE = (CredentialsRefusedError, IncompatibleTargetError)


@dataclass(frozen=True, slots=True)
class Cause:
    """What leads to a quarantine, and what to do about it."""

    reason: QuarantineReason
    code: str
    message: str


def after_failure(job: Job, state: JobState, error: EntrasimError, cycle: Cycle) -> Health:
    """How a job does after a cycle that could not go on.

    Refused credentials and what is no SCIM endpoint are a quarantine at once; whatever may
    pass by itself is one when it doesn't. A cycle that somebody ended says nothing.
    """
    failures = state.successive_failures
    if isinstance(error, StoppedError):
        return Health(quarantine=state.quarantine, successive_failures=failures)
    failures += 1
    cause = _standing(state)
    if isinstance(error, _AT_ONCE) or failures >= job.safety.failed_cycles:
        cause = Cause(QuarantineReason.EXCEPTION, error.code, _brief(str(error)))
    return _health(job, state, cause, cycle, failures)


def after_success(job: Job, state: JobState, space: Space, staged: int, cycle: Cycle) -> Health:
    """How a job does after a cycle that came through: well, unless too much failed or waits."""
    cause = _too_many_escrows(space, job.safety)
    if cause is None and staged:
        cause = _too_many_deletes(staged, job.safety)
    return _health(job, state, cause, cycle, failures=0)


def distance(job: Job, series: timedelta) -> timedelta:
    """From the start of one cycle to the next, in a series that has lasted so long.

    It doubles each time, up to a day: 80 minutes, 160, 320 and so on for an interval of 40.
    """
    return max(job.interval, min(LONGEST_DISTANCE, series + 2 * job.interval))


def _health(job: Job, state: JobState, cause: Cause | None, cycle: Cycle, failures: int) -> Health:
    if cause is None:
        return Health(successive_failures=failures)
    before, began_at = state.quarantine, cycle.began_at
    series_began_at = min(before.series_began_at, began_at) if before else began_at
    lasts = began_at - series_began_at
    quarantine = Quarantine(
        reason=cause.reason,
        code=cause.code,
        message=cause.message,
        series_began_at=series_began_at,
        series_count=before.series_count + 1 if before else 0,
        began_at=began_at,
        cycle_id=cycle.id,
        next_attempt_at=began_at + distance(job, lasts),
        announced=before.announced if before else None,
    )
    looks = quarantine.series_count + 1
    exhausted = lasts >= GIVEN_UP_AFTER and looks >= escrows.TRIES_AT_LEAST
    return Health(quarantine=quarantine, successive_failures=failures, exhausted=exhausted)


def _brief(text: str) -> str:
    """What several lines say, as far as one may hold it."""
    first, *others = text.splitlines() or [""]
    return f"{first} (and {len(others)} more)" if others else first


def _standing(state: JobState) -> Cause | None:
    """What the job is quarantined for already."""
    held = state.quarantine
    return None if held is None else Cause(held.reason, held.code, held.message)


def _too_many_escrows(space: Space, safety: Safety) -> Cause | None:
    """Whether so many objects fail that the target, or the mapping, must be to blame.

    Their share is of all objects that the job looks after, not of a cycle's own events: an
    incremental cycle has few, and would end the quarantine when none of the failed is due.
    """
    failed, references = escrows.tally(space.escrows.values())
    if failed + references > safety.escrow_total:
        told = f"{failed + references:,} objects or their references failed, more than the "
        return _escrowed(QuarantineReason.TOTAL_ESCROWS, f"{told}{safety.escrow_total:,} allowed")
    if failed < safety.escrow_floor:
        return None
    well = sum(c.managed and c.source_anchor not in space.escrows for c in space.connections())
    if failed > safety.escrow_limit or failed > safety.escrow_share * (failed + well):
        told = f"{failed:,} of {failed + well:,} objects failed"
        return _escrowed(QuarantineReason.ESCROW_PROPORTION, told)
    return None


def _escrowed(reason: QuarantineReason, told: str) -> Cause:
    remedy = "see why: entrasim job status; correct it, then entrasim job restart"
    return Cause(reason, reason.value, f"{told}; {remedy}")


def _too_many_deletes(staged: int, safety: Safety) -> Cause:
    reason, allowed = QuarantineReason.TOO_MANY_DELETES, safety.deletion_threshold
    told = f"{staged:,} would leave at once, more than the {allowed:,} allowed"
    if staged <= allowed:  # the others came back, or were repaired
        told = f"{staged:,} still wait of those who would have left at once"
    return Cause(
        reason,
        reason.value,
        f"{told}; allow it by `entrasim job restart --reset ForceDeletes`, or repair the directory",
    )
