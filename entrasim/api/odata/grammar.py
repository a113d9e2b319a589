"""The text of a $filter, read by odata-query; what Graph's clients write otherwise is evened out.

odata-query wants functions in small letters, a blank after `not` and `in`, and a comma in a list
of one; Graph and its SDKs' examples don't.
"""

from __future__ import annotations

import re

from odata_query import ast
from odata_query.exceptions import (
    ArgumentCountException,
    ODataException,
    ParsingException,
    TokenizingException,
)
from odata_query.grammar import ODataLexer, ODataParser

from entrasim.api.graph_error import GraphError, bad_request

_MOST_STEPS = 64  # of paths; the parser takes time by the square of their length

_TEXT = r"'(?:[^']|'')*'"
_UNEVEN = re.compile(
    rf"(?P<text>{_TEXT})"
    rf"|\s+in\s*\(\s*(?P<only>{_TEXT}|[^\s(),']+)\s*\)"
    r"|\s+in\s*\("
    r"|\bnot\s*\("
    r"|\b(?P<function>startswith|endswith|contains|tolower|toupper|length|indexof|trim)\s*\(",
    re.IGNORECASE,
)


def parse(text: str) -> ast._Node:
    """Read the text of a $filter.

    Raises:
        GraphError: it is none.
    """
    if text.count("/") > _MOST_STEPS:
        raise invalid(f"there are more than {_MOST_STEPS} steps in its paths")
    even = _UNEVEN.sub(_evened, text.strip())
    try:
        found = ODataParser().parse(ODataLexer().tokenize(even))
    except (ParsingException, TokenizingException) as error:
        raise invalid(f"Syntax error{_position(error)} in '{text[:200]}'.") from None
    except ArgumentCountException as error:
        raise invalid(str(error)) from None
    # The parser's own actions raise the latter three for values and nodes they don't expect.
    except (ODataException, NotImplementedError, ValueError, AttributeError) as error:
        told = str(error)[:200] or "it can't be understood"
        raise invalid(f"{told} in '{text[:200]}'.") from None
    if not isinstance(found, ast._Node):  # noqa: SLF001 - the library's only name for all nodes
        raise invalid(f"Syntax error in '{text[:200]}'.")
    return found


def invalid(why: str) -> GraphError:
    """Graph's answer to a $filter that it can't read."""
    return bad_request(f"Invalid filter clause: {why}", "BadRequest")


def _evened(found: re.Match[str]) -> str:
    if found["text"]:
        return found[0]
    if found["only"]:
        return f" in ({found['only']},)"
    if found["function"]:
        return f"{found['function'].lower()}("
    return " in (" if found[0].strip().casefold().startswith("in") else "not ("


def _position(error: ParsingException | TokenizingException) -> str:
    index = getattr(error.token, "index", None)
    return "" if index is None else f" at position {index}"
