"""Dates in .NET's custom formats, read and written.

Source: learn.microsoft.com/dotnet/standard/base-types/custom-date-and-time-format-strings
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from speaking import failure_of, value_of

from entrasim.engine.expressions.dotnet.reading import DateError, parse_exact
from entrasim.engine.expressions.dotnet.writing import format_moment

MOMENT = datetime(2009, 6, 5, 13, 4, 7, 617_500, tzinfo=UTC)  # a Friday


@pytest.mark.parametrize(
    ("format_text", "expected"),
    [
        ("%d", "5"),
        ("dd", "05"),
        ("ddd", "Fri"),
        ("dddd", "Friday"),
        ("%f", "6"),
        ("ff", "61"),
        ("fff", "617"),
        ("ffff", "6175"),
        ("fffffff", "6175000"),
        ("%F", "6"),
        ("FFFFFFF", "6175"),
        ("%g", "A.D."),
        ("gg", "A.D."),
        ("%h", "1"),
        ("hh", "01"),
        ("%H", "13"),
        ("HH", "13"),
        ("%K", "Z"),
        ("%m", "4"),
        ("mm", "04"),
        ("%M", "6"),
        ("MM", "06"),
        ("MMM", "Jun"),
        ("MMMM", "June"),
        ("%s", "7"),
        ("ss", "07"),
        ("%t", "P"),
        ("tt", "PM"),
        ("%y", "9"),
        ("yy", "09"),
        ("yyy", "2009"),
        ("yyyy", "2009"),
        ("yyyyy", "02009"),
        ("%z", "+0"),
        ("zz", "+00"),
        ("zzz", "+00:00"),
        ("HH:mm", "13:04"),
        ("MM/dd/yyyy", "06/05/2009"),
        ("d MMM 'at' h \\h", "5 Jun at 1 h"),
        ('"day" d', "day 5"),
        ("yyyy.MM.dd", "2009.06.05"),
        ("ss.FFF", "07.617"),
        ("yyyy-MM-ddTHH:mm:ss.fffZ", "2009-06-05T13:04:07.617Z"),
        ("o", "2009-06-05T13:04:07.6175000Z"),
        ("s", "2009-06-05T13:04:07"),
        ("u", "2009-06-05 13:04:07Z"),
        ("r", "Fri, 05 Jun 2009 13:04:07 GMT"),
        ("d", "06/05/2009"),
        ("D", "Friday, 05 June 2009"),
        ("Y", "2009 June"),
        ("", ""),
        ("'open", "'open"),
    ],
)
def test_moment_is_written(format_text, expected):
    assert format_moment(MOMENT, format_text) == expected


@pytest.mark.parametrize(
    ("format_text", "expected"),
    [("ss.FFF", "07"), ("ss.fff", "07.000"), ("ssFFF", "07"), ("ss.", "07."), ("F.d", ".5")],
)
def test_fraction_of_zero_goes_with_its_point(format_text, expected):
    assert format_moment(MOMENT.replace(microsecond=0), format_text) == expected


@pytest.mark.parametrize(
    ("hour", "expected"), [(0, "12 AM"), (1, "1 AM"), (11, "11 AM"), (12, "12 PM"), (23, "11 PM")]
)
def test_hours_on_the_face_of_a_clock(hour, expected):
    assert format_moment(MOMENT.replace(hour=hour), "h tt") == expected
    assert parse_exact(expected, "h tt").hour == hour


@pytest.mark.parametrize(
    ("text", "format_text", "expected"),
    [
        ("20090605", "yyyyMMdd", datetime(2009, 6, 5, tzinfo=UTC)),
        ("9/6/5", "y/M/d", datetime(2009, 6, 5, tzinfo=UTC)),
        ("50-12-31", "yy-MM-dd", datetime(1950, 12, 31, tzinfo=UTC)),
        ("0050-12-31", "yyyy-MM-dd", datetime(50, 12, 31, tzinfo=UTC)),
        ("0001-01-01", "yyyy-MM-dd", datetime(1, 1, 1, tzinfo=UTC)),
        ("2009123", "yyyyMd", datetime(2009, 12, 3, tzinfo=UTC)),
        ("Friday, 05 June 2009", "dddd, dd MMMM yyyy", datetime(2009, 6, 5, tzinfo=UTC)),
        ("05-JUN-2009", "dd-MMM-yyyy", datetime(2009, 6, 5, tzinfo=UTC)),
        ("May 1 2009", "MMMM d yyyy", datetime(2009, 5, 1, tzinfo=UTC)),
        ("2009-06-05T13:04:07.6175000Z", "o", MOMENT),
        ("2009-06-05 07.6175", "yyyy-MM-dd ss.FFFFFF", MOMENT.replace(hour=0, minute=0)),
        ("2009-06-05 07", "yyyy-MM-dd ss.FFF", datetime(2009, 6, 5, 0, 0, 7, tzinfo=UTC)),
        ("2009-06-05+02:00", "yyyy-MM-ddzzz", datetime(2009, 6, 4, 22, tzinfo=UTC)),
        ("2009-06-05-5", "yyyy-MM-ddz", datetime(2009, 6, 5, 5, tzinfo=UTC)),
        ("2009-06-05", "yyyy-MM-ddK", datetime(2009, 6, 5, tzinfo=UTC)),
        ("2009-06-05 at 1 PM", "yyyy-MM-dd 'at' h tt", datetime(2009, 6, 5, 13, tzinfo=UTC)),
        ("2009-06-05 1 p", "yyyy-MM-dd h t", datetime(2009, 6, 5, 13, tzinfo=UTC)),
        ("02-29", "MM-dd", datetime(2000, 2, 29, tzinfo=UTC)),
        ("00:30+02:00", "HH:mmzzz", datetime(1999, 12, 31, 22, 30, tzinfo=UTC)),
        ("A.D. 2009", "gg yyyy", datetime(2009, 1, 1, tzinfo=UTC)),
        ("2009-06-05 12", "yyyy-MM-dd hh", datetime(2009, 6, 5, 0, tzinfo=UTC)),
    ],
)
def test_moment_is_read(text, format_text, expected):
    assert parse_exact(text, format_text) == expected


@pytest.mark.parametrize(
    ("text", "format_text"),
    [
        ("2009-6-5", "yyyy-MM-dd"),
        ("2009-06-05x", "yyyy-MM-dd"),
        ("2009-02-29", "yyyy-MM-dd"),
        ("0000-01-01", "yyyy-MM-dd"),
        ("13 PM", "hh tt"),
        ("00 AM", "hh tt"),
        ("9999-12-31T23:00-02:00", "yyyy-MM-ddTHH:mmzzz"),
        ("0001-01-01+01:00", "yyyy-MM-ddzzz"),
        ("Mar 1", "MMMM d"),
        ("2009-06-05 07.", "yyyy-MM-dd ss.f"),
        ("2009", "(yyyy"),
        ("x" * 300, "x" * 300),
    ],
)
def test_text_that_does_not_fit_its_format_is_no_date(text, format_text):
    with pytest.raises(DateError):
        parse_exact(text, format_text)


@pytest.mark.parametrize("letters", ["H%m%", "%F%f", "d%M%"])
def test_no_format_makes_reading_go_back_and_forth(letters):
    with pytest.raises(DateError):
        parse_exact("1" * 150 + "x", (letters * 40)[:200])


def format_date(text, styles, given="yyyy-MM-dd", wanted="dd.MM.yyyy"):
    attributes = {"x": text, "styles": styles, "given": given, "wanted": wanted}
    return "FormatDateTime([x], [styles], [given], [wanted])", attributes


@pytest.mark.parametrize(
    ("text", "styles", "expected"),
    [
        (" 2009-06-05 ", None, "05.06.2009"),
        (" 2009-06-05 ", "AllowWhiteSpaces", "05.06.2009"),
        (" 2009-06-05 ", "allowleadingwhite, AllowTrailingWhite", "05.06.2009"),
        ("2009-06-05", "AssumeUniversal,AdjustToUniversal", "05.06.2009"),
        (None, None, None),
        ("", "None", None),
    ],
)
def test_format_of_a_date_is_changed(text, styles, expected):
    assert value_of(*format_date(text, styles)) == expected


def test_white_space_around_a_date_is_wrong_where_the_styles_do_not_allow_it():
    told = failure_of(*format_date(" 2009-06-05", "AssumeUniversal"))

    assert told == 'in FormatDateTime: " 2009-06-05" is no date in the form "yyyy-MM-dd"'


def test_unknown_style_and_endless_formats_fail():
    assert "no DateTimeStyles is called 'sloppy'" in failure_of(
        *format_date("2009-06-05", "Sloppy")
    )
    assert "is too long" in failure_of(*format_date("x", None, given="y" * 201))
    assert "grows beyond" in failure_of(*format_date("2009-06-05", None, wanted="d" * 100_000))
