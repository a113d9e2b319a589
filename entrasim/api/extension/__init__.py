"""What tests tell the daemon beside Graph's paths; there only on a virtual clock.

All of it is JSON under `/entrasim`, for whoever may ask the daemon at all. Bodies are read
strictly, and errors have Graph's shape: 400 for a body that can't be used, 404 for an unknown
job, 409 for a cycle that may not run.

- `GET /entrasim/clock` answers `{"now": "2026-01-05T08:00:00Z"}`.
- `POST /entrasim/clock/advance` with `{"by": "PT40M"}`, or with numbers of `days`, `hours`,
  `minutes` and `seconds`, turns the clock forward by a year at most and waits until every cycle
  that is due has ended. It answers `{"now", "executions": [...]}` with what `entrasim sync
  --json` prints of each. Missed cycles count once, as after a standstill.
- `POST /entrasim/jobs/{id}/cycle` with `{"full": false}`, or without a body, runs a cycle of a
  job now, whatever its schedule, unless it is paused or disabled. It waits for the end and
  answers what `entrasim sync --json` prints, of a cycle that failed too. The id is the job's
  short one, or Graph's.
- `POST /entrasim/deltaTokens/expire` with `{"how": "expired"}`, or `"reset"`, ends every delta
  token issued so far: whoever comes with one is told that it is too old (a 400-class answer with
  `syncStateNotFound`), or to start over (410 with a Location).
- `GET /entrasim/faults` answers `{"seed", "rules": [...], "counts": {...}}`; `PUT` takes seed
  and rules in the words of a file of faults (`entrasim engagedly serve --help` shows one), and
  Graph's paths fail by them from then on; `DELETE` ends that. Nothing else fails.
"""

from entrasim.api.extension.routes import Extension

__all__ = ["Extension"]
