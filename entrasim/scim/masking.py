"""The token, kept out of what is quoted of an answer, however it is spelled there."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from urllib.parse import quote

MASK = "***"
_TELLING = 8  # letters of base64; fewer may stand there by chance


class Mask:
    """Takes a token out of texts: as it is, in a URL, in JSON, and in base64."""

    def __init__(self, token: str) -> None:
        found = ["".join(map(_spelled, token))] if token else []
        found += [re.escape(text) for text in _in_base64(token) if len(text) >= _TELLING]
        self._token = re.compile("|".join(found)) if found else None

    def of(self, text: str) -> str:
        """The text without the token."""
        return self._token.sub(MASK, text) if self._token is not None else text


def _spelled(letter: str) -> str:
    """A pattern of the spellings of a letter: itself, escaped in JSON, percent-encoded."""
    code = ord(letter)
    spellings = (
        re.escape(letter),
        rf"\\{re.escape(letter)}",
        rf"(?i:\\u{code:04x})",
        f"(?i:{re.escape(quote(letter, safe=''))})",
        f"(?i:%{code:02x})",
    )
    return f"(?:{'|'.join(dict.fromkeys(spellings))})"


def _in_base64(token: str) -> Iterator[str]:
    """What base64 of a longer text has of the token in it.

    Three bytes become four letters, so that there are three ways how they can fall; letters
    that hang on what stands before or after are left out.
    """
    for before in range(3):
        whole = b64encode(bytes(before) + token.encode()).decode()
        first, last = -(-before * 8 // 6), (before + len(token.encode())) * 8 // 6
        yield whole[first:last]
        yield whole[first:last].translate(str.maketrans("+/", "-_"))
