"""The settings page: connections, employees and groups, for people."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from html import escape

from entrasim.engagedly.documents import Json
from entrasim.engagedly.storage import Connection

_STYLE = """
:root{color-scheme:light dark;--ink:#1d2433;--soft:#66708a;--line:#e3e6ee;--paper:#f6f7fb;
--card:#fff;--good:#12805c;--bad:#b3372f}
@media(prefers-color-scheme:dark){:root{--ink:#e8ebf3;--soft:#9aa4bd;--line:#2b3347;
--paper:#11151f;--card:#191f2d;--good:#4ccb9c;--bad:#ff8a80}}
*{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);
font:15px/1.5 system-ui,sans-serif}main{max-width:80rem;margin:0 auto;padding:2.5rem 1.25rem}
h1{font-size:1.4rem;margin:0}h2{font-size:1rem;margin:2rem 0 .6rem}
p{color:var(--soft);margin:.3rem 0}
.card{background:var(--card);border:1px solid var(--line);border-radius:10px;overflow-x:auto}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.5rem .75rem;
border-top:1px solid var(--line);white-space:nowrap}
tr:first-child th{border-top:0;color:var(--soft);font-weight:500;font-size:.85rem}
.Active{color:var(--good)}.Blocked{color:var(--bad)}
code{background:var(--card);border:1px solid var(--line);border-radius:5px;padding:.1rem .35rem}
.empty{padding:1rem}
"""
_DIGEST = b64encode(sha256(_STYLE.encode()).digest()).decode()
POLICY = (
    f"default-src 'none'; style-src 'sha256-{_DIGEST}'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""The page's Content-Security-Policy: nothing but its own style."""

_NAMED = 5  # members of a group that are shown by name
_COLUMNS = {
    "Name": ("first_name", "last_name"),
    "Status": ("status",),
    "Email": ("email",),
    "Job title": ("job_title",),
    "Department": ("departments",),
    "Reporting manager": ("primary_reporter",),
    "Location": ("location",),
    "Employee ID": ("employee_id",),
}


def settings_page(connections: list[Connection], employees: list[Json], groups: list[Json]) -> str:
    """The page as HTML."""
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>Engagedly stand-in</title><style>{_STYLE}</style><main>"
        "<h1>Engagedly stand-in</h1>"
        "<p>Settings · Integrations · HRIS · Microsoft Entra, played by entrasim</p>"
        f"<h2>Connections</h2>{_connections(connections)}"
        "<p>Add one with <code>entrasim engagedly connection add NAME</code>, "
        "delete it with <code>entrasim engagedly connection delete NAME</code>.</p>"
        f"<h2>Employees ({len(employees)})</h2>{_employees(employees)}"
        f"<h2>Groups ({len(groups)})</h2>{_groups(groups)}"
        "</main></html>"
    )


def _connections(connections: list[Connection]) -> str:
    rows = [[c.name, c.base_url, f"{c.created_at:%Y-%m-%d %H:%M}"] for c in connections]
    return _table(["Name", "Base URL", "Added (UTC)"], rows, "No connection yet.")


def _employees(employees: list[Json]) -> str:
    rows = [[_cell(e, names) for names in _COLUMNS.values()] for e in employees]
    return _table(list(_COLUMNS), rows, "Nobody yet.")


def _groups(groups: list[Json]) -> str:
    rows = [
        [group["displayName"], str(group["memberCount"]), members_in_short(group)]
        for group in groups
    ]
    return _table(["Group", "Members", "Who"], rows, "No group yet.")


def members_in_short(group: Json) -> str:
    """The first of a group's members by name, and how many there are besides."""
    named = [member["displayName"] for member in group["members"][:_NAMED]]
    others = group["memberCount"] - len(named)
    return ", ".join([*named, f"and {others:,} more"] if others else named)


def _cell(employee: Json, names: tuple[str, ...]) -> str:
    values = (employee[name] for name in names)
    texts = (", ".join(map(str, v)) if isinstance(v, list) else str(v or "") for v in values)
    return " ".join(filter(None, texts))


def _table(heads: list[str], rows: list[list[str]], empty: str) -> str:
    if not rows:
        return f'<div class="card empty">{empty}</div>'
    head = "".join(f"<th>{escape(text)}" for text in heads)
    body = "".join("<tr>" + "".join(map(_table_cell, row)) for row in rows)
    return f'<div class="card"><table><tr>{head}{body}</table></div>'


def _table_cell(text: str) -> str:
    coloured = f' class="{text}"' if text in {"Active", "Blocked"} else ""
    return f"<td{coloured}>{escape(text)}"
