"""Where a job's people come from: `[jobs.directory]` with everything it points to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from entrasim.config.directory_table import CredentialKind, FixtureTable, GraphTable
from entrasim.config.references import References
from entrasim.config.secret import Secret
from entrasim.protection.admission import LOOPBACK

CLOUDS = {
    "global": ("https://graph.microsoft.com", "https://login.microsoftonline.com"),
    "usgov": ("https://graph.microsoft.us", "https://login.microsoftonline.us"),
    "usgov-dod": ("https://dod-graph.microsoft.us", "https://login.microsoftonline.us"),
    "china": ("https://microsoftgraph.chinacloudapi.cn", "https://login.chinacloudapi.cn"),
}
"""Graph and who signs in to it (learn.microsoft.com/graph/deployments)."""

_NEEDS: dict[CredentialKind, tuple[str, ...]] = {
    "secret": ("client_id", "client_secret"),
    "certificate": ("client_id", "certificate"),
    "workload": (),
    "managed-identity": (),
    "cli": (),
    "default": (),
    "token": ("token",),
}
_OWNERS: dict[str, CredentialKind] = {
    "client_secret": "secret",
    "certificate": "certificate",
    "certificate_password": "certificate",
    "token": "token",
}
_NEITHER = "give client_secret, certificate or token, or a credential that takes none of them"


@dataclass(frozen=True, slots=True)
class FixtureSettings:
    """A tenant in a folder of files."""

    folder: Path
    application: str


@dataclass(frozen=True, slots=True)
class GraphSettings:
    """A tenant behind Microsoft Graph; the table holds the rest."""

    table: GraphTable
    credential: CredentialKind
    base_url: str
    authority: str
    client_secret: Secret | None
    certificate: Path | None
    certificate_password: Secret | None
    token: Secret | None
    ca_file: Path | None


DirectorySettings = FixtureSettings | GraphSettings


def directory_settings(
    table: FixtureTable | GraphTable, place: str, references: References
) -> DirectorySettings | None:
    """Follow what a table points to; what is wrong is noted in `references`."""
    if isinstance(table, FixtureTable):
        return FixtureSettings(references.folder / table.path, table.application)
    credential = _credential(table, place, references)
    if table.service_principal_id is None and table.application is None:
        references.problem(
            f"{place}.service_principal_id",
            "is missing: the Object ID of the enterprise application; or give its name as "
            "application",
        )
    graph, login = CLOUDS[table.cloud]
    base_url = _base_url(table.base_url, f"{place}.base_url", references) or f"{graph}/v1.0"
    if table.authority is not None:
        _check_authority(table.authority, f"{place}.authority", references)
    secrets = {
        key: references.secret(f"{place}.{key}", getattr(table, key))
        for key in ("client_secret", "certificate_password", "token")
    }
    certificate = references.file(f"{place}.certificate", table.certificate)
    ca_file = references.file(f"{place}.ca_file", table.ca_file)
    if credential is None:
        return None
    return GraphSettings(
        table=table,
        credential=credential,
        base_url=base_url,
        authority=(table.authority or login).rstrip("/"),
        certificate=certificate,
        ca_file=ca_file,
        **secrets,
    )


def _credential(table: GraphTable, place: str, references: References) -> CredentialKind | None:
    """How to sign in: as is said, or as follows from what is given."""
    given = [key for key in _OWNERS if getattr(table, key) is not None]
    kinds = list(dict.fromkeys(_OWNERS[key] for key in given))
    chosen = table.credential
    if chosen is None:
        if len(kinds) != 1:
            both = f"{' and '.join(given)} contradict each other; keep one of them"
            references.problem(f"{place}.credential", both if given else f"is missing: {_NEITHER}")
            return None
        chosen = kinds[0]
    for key in _NEEDS[chosen]:
        if getattr(table, key) is None:
            references.problem(f"{place}.{key}", f'is missing: credential "{chosen}" takes it')
    for key in given:
        if _OWNERS[key] != chosen:
            told = f'goes with credential = "{_OWNERS[key]}", which is "{chosen}" here'
            references.problem(f"{place}.{key}", told)
    return chosen


def _base_url(text: str | None, key: str, references: References) -> str | None:
    if text is None:
        return None
    parts = _split(text)
    if parts is None or not parts.path.rstrip("/").endswith(("/v1.0", "/beta")):
        references.problem(key, "expected a URL like https://graph.microsoft.com/v1.0")
    elif parts.scheme == "http" and parts.hostname not in LOOPBACK:
        references.problem(key, "the token would go out in clear text; use https")
    return text.rstrip("/")


def _check_authority(text: str, key: str, references: References) -> None:
    parts = _split(text)
    if parts is None or parts.scheme != "https" or parts.path.strip("/"):
        references.problem(key, "expected a URL like https://login.microsoftonline.com")


def _split(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text)
        reachable = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    plain = parts.username is None and not parts.query and not parts.fragment
    return parts if reachable and plain and parts.scheme in {"http", "https"} else None
