"""EDTF dates and the days that they can mean."""

from calendar import isleap, monthrange
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.articles.dates import date_bounds
from kg.errors import BadDate

DAYS = st.dates(min_value=date(1, 1, 1), max_value=date(9999, 12, 31))
YEARS = st.integers(1, 9999)


@pytest.mark.parametrize(
    ("edtf", "earliest", "latest", "precision"),
    [
        ("2016", "2016-01-01", "2016-12-31", "year"),
        ("0001", "0001-01-01", "0001-12-31", "year"),
        ("2016-02", "2016-02-01", "2016-02-29", "month"),
        ("2016-02-29", "2016-02-29", "2016-02-29", "day"),
        ("2016-02-29T23:59:59+03:00", "2016-02-29", "2016-02-29", "day"),
        ("2016~", "2016-01-01", "2016-12-31", "year"),
        ("2016-05?", "2016-05-01", "2016-05-31", "month"),
        ("2016-05-03%", "2016-05-03", "2016-05-03", "day"),
        ("201X", "2010-01-01", "2019-12-31", "range"),
        ("19XX", "1900-01-01", "1999-12-31", "range"),
        ("2016-XX", "2016-01-01", "2016-12-31", "year"),
        ("2016-XX-XX", "2016-01-01", "2016-12-31", "year"),
        ("2016-04-XX", "2016-04-01", "2016-04-30", "month"),
        ("2016-21", "2016-03-01", "2016-05-31", "season"),
        ("2016-22", "2016-06-01", "2016-08-31", "season"),
        ("2016-23", "2016-09-01", "2016-11-30", "season"),
        ("2019-24", "2019-12-01", "2020-02-29", "season"),
        ("2016/2018-02", "2016-01-01", "2018-02-28", "interval"),
        ("2016/..", "2016-01-01", None, "interval"),
        ("/2016", None, "2016-12-31", "interval"),
        ("[2016..2017-05]", "2016-01-01", "2017-05-31", "range"),
        ("[..2016-05-03]", None, "2016-05-03", "range"),
        ("[2016-05..]", "2016-05-01", None, "range"),
    ],
)
def test_date_means_these_days(edtf, earliest, latest, precision):
    bounds = date_bounds(edtf)

    found = [day and day.isoformat() for day in (bounds.earliest, bounds.latest)]
    assert (*found, bounds.precision) == (earliest, latest, precision)


@pytest.mark.parametrize(
    ("edtf", "reason"),
    [
        ("0000", "year 0000"),
        ("-0044", "0001 to 9999"),
        ("Y17000", "0001 to 9999"),
        ("12016", "0001 to 9999"),
        ("2015-02-29", "28 days"),
        ("1900-02-29", "28 days"),
        ("2016-13", "no month 13"),
        ("2016-25", "seasons 21"),
        ("2016-00", "no month 00"),
        ("9999-24", "after the year 9999"),
        ("20XX-05", "no known year"),
        ("2016-XX-03", "no known month"),
        ("2016?-05", "at the end"),
        ("2017/2016", "before it begins"),
        ("../..", "says nothing"),
        ("[..]", "says nothing"),
        ("[2016,2017]", "one range"),
        ("2016/2017/2018", "more than one"),
        ("03.05.2016", "2016-mm-dd"),
        ("2016-5-3", "write 2016-05-03"),
        ("May 2016", "write 2016"),
        ("٢٠١٦", "not EDTF"),
        ("2016\n", "not EDTF"),
        ("", "not EDTF"),
    ],
)
def test_refused_date_says_why(edtf, reason):
    with pytest.raises(BadDate) as caught:
        date_bounds(edtf)

    assert reason in str(caught.value)


@given(DAYS)
def test_day_means_itself(day):
    bounds = date_bounds(day.isoformat())

    assert (bounds.earliest, bounds.latest) == (day, day)


@given(YEARS, st.integers(1, 12))
def test_month_ends_where_the_calendar_says(year, month):
    bounds = date_bounds(f"{year:04}-{month:02}")

    assert bounds.latest == date(year, month, monthrange(year, month)[1])


@given(YEARS)
def test_29_february_is_read_in_leap_years_only(year):
    edtf = f"{year:04}-02-29"

    if isleap(year):
        assert date_bounds(edtf).earliest == date(year, 2, 29)
    else:
        with pytest.raises(BadDate):
            date_bounds(edtf)


@given(DAYS, DAYS)
def test_interval_holds_its_ends_and_both_kinds_agree(one, other):
    begin, end = sorted((one, other))

    interval, some_day = date_bounds(f"{begin}/{end}"), date_bounds(f"[{begin}..{end}]")

    assert (interval.earliest, interval.latest) == (begin, end)
    assert (some_day.earliest, some_day.latest) == (begin, end)


@given(DAYS, st.sampled_from(["%Y", "%Y-%m", "%Y-%m-%d"]), st.sampled_from(["", "~", "?", "%"]))
def test_less_precise_date_contains_the_day(day, form, mark):
    precise = {"%Y": 4, "%Y-%m": 7, "%Y-%m-%d": 10}[form]

    bounds = date_bounds(day.isoformat()[:precise] + mark)

    assert bounds.earliest <= day <= bounds.latest


@given(st.text(alphabet="0123456789-/.[]XY~?%T:Z,", max_size=24) | st.text(max_size=24))
def test_rubbish_is_read_in_order_or_refused(edtf):
    try:
        bounds = date_bounds(edtf)
    except BadDate:
        return

    assert bounds.edtf == edtf
    assert bounds.earliest or bounds.latest
    assert not (bounds.earliest and bounds.latest) or bounds.earliest <= bounds.latest
