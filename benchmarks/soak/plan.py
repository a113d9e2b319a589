"""What is asked of a soak."""

from __future__ import annotations

from dataclasses import dataclass

LEAST_THRESHOLD, SHARE = 4, 20
MANY = 200  # people, from whom on rare things happen as rarely as in RARELY
RARELY = {
    "pause": 26,
    "restart": 25,
    "forget": 5,
    "mass leave": 48,
    "outage": 28,
    "source trouble": 70,
}
"""How often in a year what befalls a whole service does; a small company has more of it."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How long it is, how many people the company employs, how often the process is killed."""

    seed: int
    days: int
    people: int
    kills: int

    @property
    def threshold(self) -> int:
        """How many may leave in one cycle."""
        return max(LEAST_THRESHOLD, self.people // SHARE)

    def owed(self, kind: str, past: float) -> float:
        """How often something rare should have happened, when a share of the days has passed."""
        return RARELY[kind] * max(1, MANY / self.people) * past * self.days / 365
