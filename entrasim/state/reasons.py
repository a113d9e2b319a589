"""What a driver says went wrong, and what to do about it."""

from __future__ import annotations

import sqlite3

RESTORE = "restore a backup: entrasim state restore FILE"

_REMEDIES = {
    sqlite3.SQLITE_CORRUPT: RESTORE,
    sqlite3.SQLITE_NOTADB: RESTORE,
    sqlite3.SQLITE_FULL: "make room on its disk and start again",
    sqlite3.SQLITE_IOERR: "see that its disk has room and is sound, and start again",
    sqlite3.SQLITE_BUSY: "another process keeps it; end that, or try again",
    sqlite3.SQLITE_READONLY: "see that its file and its folder may be written",
}
_PRIMARY = 0xFF  # the rest of a code says more than a remedy needs (sqlite.org/rescode.html)


def reason_of(error: Exception) -> str:
    """What a driver says went wrong, on one line, and what to do about it."""
    original = getattr(error, "orig", None) or error
    text = " ".join(str(original).split())
    code = getattr(original, "sqlite_errorcode", None)
    remedy = None if code is None else _REMEDIES.get(code & _PRIMARY)
    return text if remedy is None else f"{text}; {remedy}"
