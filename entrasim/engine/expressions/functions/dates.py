"""Functions on dates and times; between them dates are texts in `M/d/yyyy h:mm:ss tt`, UTC."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime, timedelta

from entrasim.engine.expressions.dotnet.formats import GENERAL
from entrasim.engine.expressions.dotnet.reading import DateError, parse_exact
from entrasim.engine.expressions.dotnet.usual import parse_any
from entrasim.engine.expressions.dotnet.writing import format_moment
from entrasim.engine.expressions.functions.function import Arguments, Evaluate, Function, plain
from entrasim.engine.expressions.functions.values import (
    bounded,
    failed,
    is_empty,
    number_of,
    shown,
    text_of,
)
from entrasim.engine.expressions.surroundings import Surroundings
from entrasim.model.entry import Value

_FILE_TIME = datetime(1601, 1, 1, tzinfo=UTC)  # where Active Directory begins to count
_TICK = 10  # of 100 nanoseconds to a microsecond
_SPANS = {
    "d": timedelta(days=1),
    "ww": timedelta(weeks=1),
    "h": timedelta(hours=1),
    "n": timedelta(minutes=1),
    "s": timedelta(seconds=1),
}
_MONTHS = {"m": 1, "yyyy": 12}
_STYLES = frozenset(
    {
        "none",
        "allowleadingwhite",
        "allowtrailingwhite",
        "allowinnerwhite",
        "allowwhitespaces",
        "nocurrentdatedefault",
        "adjusttouniversal",
        "assumelocal",
        "assumeuniversal",
        "roundtripkind",
    }
)
""".NET's DateTimeStyles; where local time is UTC they differ in white space alone."""


def c_date(expression: Value) -> Value:
    """A text as a moment in UTC."""
    return None if is_empty(expression) else _told(_moment(expression))


def date_add(interval: Value, value: Value, date: Value) -> Value:
    """A moment so many intervals later; a month's end stays one."""
    if is_empty(date):
        return None
    unit, number, moment = _unit(interval), number_of(value), _moment(date)
    try:
        if unit in _MONTHS:
            return _told(_months_later(moment, number * _MONTHS[unit]))
        return _told(moment + number * _SPANS[unit])
    except (OverflowError, ValueError):
        raise failed(f"{shown(date)} and {shown(value)} {unit} give no date that exists") from None


def date_diff(interval: Value, date1: Value, date2: Value) -> Value:
    """How many intervals lie between two moments, counted as Visual Basic does.

    Years and months by the calendar, weeks by their Sundays, the others in full.
    """
    if is_empty(date1) or is_empty(date2):
        return None
    unit, first, second = _unit(interval), _moment(date1), _moment(date2)
    match unit:
        case "yyyy":
            return second.year - first.year
        case "m":
            return (second.year - first.year) * 12 + second.month - first.month
        case "ww":
            return second.toordinal() // 7 - first.toordinal() // 7  # the seventh was a Sunday
    span, apart = _SPANS[unit], second - first
    return apart // span if apart >= timedelta() else -(-apart // span)


def date_from_num(value: Value) -> Value:
    """A moment from Active Directory's count of 100 nanoseconds since 1601."""
    if is_empty(value):
        return None
    number = number_of(value)
    if number < 0:
        raise failed(f"{shown(value)} is before 1601, where the count begins")
    try:
        return _told(_FILE_TIME + timedelta(microseconds=number // _TICK))
    except OverflowError:
        raise failed(f"{shown(value)} is no date that exists") from None


def num_from_date(value: Value) -> Value:
    """Active Directory's count for a moment."""
    if is_empty(value):
        return None
    since = _moment(value) - _FILE_TIME
    if since < timedelta():
        raise failed(f"{shown(value)} is before 1601, where the count begins")
    return since // timedelta(microseconds=1) * _TICK


def format_date_time(source: Value, styles: Value, given: Value, wanted: Value) -> Value:
    """A date from one .NET format into another."""
    if is_empty(source):
        return None
    text, names = text_of(source), text_of(styles).replace(" ", "").casefold()
    unknown = [name for name in names.split(",") if name and name not in _STYLES]
    if unknown:
        raise failed(f"no DateTimeStyles is called {shown(unknown[0])}")
    if not names or "white" in names:
        text = text.strip()
    bounded(len(text_of(wanted)) * 3)  # the longest that a letter of a format gives
    try:
        return format_moment(parse_exact(text, text_of(given)), text_of(wanted))
    except DateError as error:
        raise failed(str(error)) from None


def now(_: Arguments, surroundings: Surroundings) -> Evaluate:
    """The present moment."""
    return lambda _: _told(surroundings.now())


def _moment(value: Value) -> datetime:
    try:
        return parse_any(text_of(value))
    except DateError as error:
        raise failed(str(error)) from None


def _told(moment: datetime) -> str:
    return format_moment(moment, GENERAL)


def _unit(interval: Value) -> str:
    unit = text_of(interval)
    if unit in _SPANS or unit in _MONTHS:
        return unit
    raise failed(f"interval must be one of yyyy, m, d, ww, h, n, s, not {shown(interval)}")


def _months_later(moment: datetime, months: int) -> datetime:
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    day = min(moment.day, monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)


FUNCTIONS = (
    plain("CDate", c_date, "expression"),
    plain("DateAdd", date_add, "interval", "value", "dateTime"),
    plain("DateDiff", date_diff, "interval", "date1", "date2"),
    plain("DateFromNum", date_from_num, "value"),
    plain(
        "FormatDateTime",
        format_date_time,
        "source",
        "dateTimeStyles?",
        "inputFormat",
        "outputFormat",
    ),
    Function("Now", (), now),
    plain("NumFromDate", num_from_date, "value"),
)
