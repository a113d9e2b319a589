"""Fail if a dependency has a known vulnerability; say so if nobody could be asked.

Run by `make audit`. Further arguments go to pip-audit, as `--vulnerability-service osv`.
"""

from __future__ import annotations

import json
import subprocess
import sys

ACCEPTED: dict[str, str] = {}  # the id of a vulnerability, and why it does no harm here
SECONDS = 60


def audit(*arguments: str) -> int:
    """Ask pip-audit about this environment: 1 for a vulnerability, else 0."""
    command = [sys.executable, "-m", "pip_audit", "--format", "json", "--progress-spinner", "off"]
    try:
        asked = subprocess.run(
            [*command, "--skip-editable", "--timeout", "5", *arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS,
        )
        found = json.loads(asked.stdout)["dependencies"]
    except subprocess.TimeoutExpired:
        return _not_audited(f"no answer within {SECONDS} seconds")
    except ValueError:  # no report came about
        return _not_audited((asked.stderr.strip().splitlines() or ["pip-audit said nothing"])[-1])
    return _judged(found)


def _judged(dependencies: list[dict]) -> int:
    audited = [one for one in dependencies if "vulns" in one]
    if not audited:
        return _not_audited(f"the service knows none of {len(dependencies)} packages")
    for package in audited:
        for known in package["vulns"]:
            remedy = ", ".join(known["fix_versions"]) or "none yet"
            told = f"{package['name']} {package['version']}: {known['id']} (fixed in: {remedy})"
            print(told + "".join(f"; accepted: {ACCEPTED[i]}" for i in _accepted(known)))
    unknown = [one["name"] for one in dependencies if "skip_reason" in one]
    print(
        f"audited: {len(audited)} packages" + (f"; unknown: {', '.join(unknown)}" * bool(unknown))
    )
    harmful = [v for one in audited for v in one["vulns"] if not _accepted(v)]
    return 1 if harmful else 0


def _accepted(vulnerability: dict) -> list[str]:
    ids = [vulnerability["id"], *vulnerability.get("aliases", ())]
    return [known for known in ids if known in ACCEPTED][:1]


def _not_audited(reason: str) -> int:
    print(f"not audited: {reason[:200]}")
    return 0


if __name__ == "__main__":
    sys.exit(audit(*sys.argv[1:]))
