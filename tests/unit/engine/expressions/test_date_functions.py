"""Functions on dates: intervals, the ends of months and of time, Active Directory's count."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from speaking import failure_of, value_of

from entrasim.engine.expressions import Surroundings, compile_expression


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2020-02-29", "2/29/2020 12:00:00 AM"),
        ("2020/2/9 13:05", "2/9/2020 1:05:00 PM"),
        ("7/2/2021 3:33:38 PM", "7/2/2021 3:33:38 PM"),
        ("7/2/2021 12:00:00 AM", "7/2/2021 12:00:00 AM"),
        ("7/2/49", "7/2/2049 12:00:00 AM"),
        ("7/2/50", "7/2/1950 12:00:00 AM"),
        ("2 July 2021", "7/2/2021 12:00:00 AM"),
        ("2-Jul-2021", "7/2/2021 12:00:00 AM"),
        ("July 2, 2021 1:00 am", "7/2/2021 1:00:00 AM"),
        ("Fri, 02 Jul 2021 15:33:38 GMT", "7/2/2021 3:33:38 PM"),
        ("2021-07-02T15:33:38.1234567Z", "7/2/2021 3:33:38 PM"),
        ("2021-07-02T23:30:00-01:30", "7/3/2021 1:00:00 AM"),
        ("  2021-07-02  ", "7/2/2021 12:00:00 AM"),
        ("0001-01-01T00:00:00Z", "1/1/0001 12:00:00 AM"),
        ("0050-01-01", "1/1/0050 12:00:00 AM"),
        ("9999-12-31T23:59:59", "12/31/9999 11:59:59 PM"),
        ("", None),
        (None, None),
    ],
)
def test_usual_form_of_a_date_is_read(written, expected):
    assert value_of("CDate([x])", {"x": written}) == expected


@pytest.mark.parametrize(
    "written",
    [
        "soon",
        "2021-02-29",
        "2021-13-01",
        "13/1/2021",
        "2021-07-02T25:00",
        "7/2/2021 13:00 PM",
        "2021-07-02T00:00:00+99:00",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "1" * 1000,
        "1/1/2020 1:00" + " " * 100_000 + "x",
        "٢٠٢١-07-02",
    ],
)
def test_what_is_no_date_fails_that_user_alone(written):
    told = failure_of("CDate([x])", {"x": written})

    assert told.startswith("in CDate: ")
    assert len(told) < 120


@pytest.mark.parametrize(
    ("interval", "number", "date", "expected"),
    [
        ("m", 1, "2023-01-31", "2/28/2023 12:00:00 AM"),
        ("m", 1, "2024-01-31", "2/29/2024 12:00:00 AM"),
        ("m", -1, "2024-03-31", "2/29/2024 12:00:00 AM"),
        ("m", -12, "2024-02-29", "2/28/2023 12:00:00 AM"),
        ("m", 11, "2024-01-15", "12/15/2024 12:00:00 AM"),
        ("m", 12, "2024-12-15", "12/15/2025 12:00:00 AM"),
        ("yyyy", 1, "2024-02-29", "2/28/2025 12:00:00 AM"),
        ("yyyy", 4, "2024-02-29", "2/29/2028 12:00:00 AM"),
        ("yyyy", -2020, "2021-07-02", "7/2/0001 12:00:00 AM"),
        ("d", 1, "2024-02-28", "2/29/2024 12:00:00 AM"),
        ("d", 1, "2023-02-28", "3/1/2023 12:00:00 AM"),
        ("ww", -1, "2024-03-05", "2/27/2024 12:00:00 AM"),
        ("h", 25, "2024-02-28", "2/29/2024 1:00:00 AM"),
        ("n", -1, "2024-03-01", "2/29/2024 11:59:00 PM"),
        ("s", 86_400, "2024-02-29", "3/1/2024 12:00:00 AM"),
        ("d", "3", "2024-02-28", "3/2/2024 12:00:00 AM"),
        ("d", 0, "9999-12-31", "12/31/9999 12:00:00 AM"),
        ("d", 1, None, None),
        ("d", 1, "", None),
    ],
)
def test_interval_is_added(interval, number, date, expected):
    attributes = {"i": interval, "n": number, "d": date}

    assert value_of("DateAdd([i], [n], [d])", attributes) == expected


@pytest.mark.parametrize(
    ("interval", "number", "date"),
    [
        ("s", 1, "9999-12-31T23:59:59"),
        ("d", -1, "0001-01-01"),
        ("m", 1, "9999-12-31"),
        ("m", -1, "0001-01-31"),
        ("yyyy", 8000, "2024-02-29"),
        ("yyyy", 10**17, "2024-02-29"),
        ("ww", -(10**17), "2024-02-29"),
        ("h", 10**4000, "2024-02-29"),
    ],
)
def test_date_beyond_the_years_there_are_fails(interval, number, date):
    attributes = {"i": interval, "n": number, "d": date}

    told = failure_of("DateAdd([i], [n], [d])", attributes)

    assert "give no date that exists" in told
    assert len(told) < 200


@pytest.mark.parametrize(
    ("interval", "first", "second", "expected"),
    [
        ("yyyy", "2023-12-31", "2024-01-01", 1),
        ("yyyy", "2024-01-01", "2024-12-31", 0),
        ("m", "2024-01-31", "2024-02-01", 1),
        ("m", "2024-02-29", "2023-02-28", -12),
        ("ww", "2024-03-02", "2024-03-03", 1),
        ("ww", "2024-03-03", "2024-03-09", 0),
        ("ww", "2024-03-03", "2024-03-02", -1),
        ("ww", "0001-01-01", "0001-01-07", 1),
        ("ww", "0001-01-01", "9999-12-31", 521_722),
        ("d", "2024-02-28", "2024-03-01", 2),
        ("d", "2024-03-01T00:00", "2024-03-01T23:59", 0),
        ("d", "2024-03-01T12:00", "2024-02-29T13:00", 0),
        ("h", "2024-03-01T00:00", "2024-03-01T01:59", 1),
        ("n", "2024-03-01T00:00:59", "2024-03-01T00:00:00", 0),
        ("s", "0001-01-01", "9999-12-31T23:59:59", 315_537_897_599),
        ("d", None, "2024-03-01", None),
        ("d", "2024-03-01", "", None),
    ],
)
def test_difference_is_counted_in_intervals(interval, first, second, expected):
    attributes = {"i": interval, "a": first, "b": second}

    assert value_of("DateDiff([i], [a], [b])", attributes) == expected


@pytest.mark.parametrize("interval", ["D", "day", "w", "q", ""])
@pytest.mark.parametrize("function", ["DateAdd([i], 1, Now())", "DateDiff([i], Now(), Now())"])
def test_unknown_interval_fails_and_names_those_there_are(function, interval):
    assert "interval must be one of yyyy, m, d, ww, h, n, s" in failure_of(
        function, {"i": interval}
    )


@pytest.mark.parametrize(
    ("count", "moment"),
    [
        (0, "1/1/1601 12:00:00 AM"),
        (116_444_736_000_000_000, "1/1/1970 12:00:00 AM"),
        (129_699_324_000_000_000, "1/1/2012 11:00:00 PM"),
        (2_650_467_743_990_000_000, "12/31/9999 11:59:59 PM"),
    ],
)
def test_count_of_active_directory_there_and_back(count, moment):
    assert value_of("DateFromNum([n])", {"n": count}) == moment
    assert value_of("NumFromDate([d])", {"d": moment}) == count


def test_count_of_active_directory_keeps_fractions_of_a_second():
    assert value_of('NumFromDate("1601-01-01T00:00:00.000001Z")') == 10
    assert value_of('NumFromDate("1601-01-01 00:00:01.5")') == 15_000_000


@pytest.mark.parametrize("function", ["DateFromNum", "NumFromDate"])
@pytest.mark.parametrize("value", [None, ""])
def test_count_of_nothing_is_nothing(function, value):
    assert value_of(f"{function}([x])", {"x": value}) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("DateFromNum([never])", "is no date that exists"),
        ("DateFromNum([huge])", "is no date that exists"),
        ("DateFromNum(-1)", "is before 1601"),
        ('DateFromNum("yesterday")', "wants a whole number"),
        ('NumFromDate("1600-12-31")', "is before 1601"),
        ('NumFromDate("soon")', "is no date and time"),
    ],
)
def test_count_that_is_no_date_fails(text, told):
    assert told in failure_of(text, {"never": 9_223_372_036_854_775_807, "huge": 10**4000})


def test_now_is_asked_each_time():
    moments = iter([datetime(2024, 2, 29, tzinfo=UTC), datetime(2024, 3, 1, tzinfo=UTC)])
    evaluate = compile_expression("Now()", Surroundings(now=lambda: next(moments)))

    told = [evaluate({}), evaluate({})]

    assert told == ["2/29/2024 12:00:00 AM", "3/1/2024 12:00:00 AM"]
